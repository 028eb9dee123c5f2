// An export: what of the workspace, in which form, and the folder that it is written to.
import type { EngineError, ExportKind, ExportRequestsOutput } from "../contract/ipc";
import { asEngineError, call, preference, setPreference } from "../host";
import { usualExportFolder } from "../lib/exchange";
import type { Notices } from "./notices.svelte";
import type { Workbench } from "./workbench.svelte";

/** What goes out: a request by its id, a folder by its path, or all. */
export type Scope = "request" | "folder" | "all";

const REMEMBERED = "exportFolder";

export class Exporting {
  readonly #workbench: Workbench;
  readonly #notices: Notices;
  shown = $state(false);
  kind = $state<ExportKind>("folder");
  scope = $state<Scope>("all");
  requestId = $state<string | null>(null);
  folder = $state("");
  /** The whole path of the folder to write to. */
  to = $state("");
  made = $state.raw<ExportRequestsOutput | null>(null);
  /** Files that are there already; nothing was written. */
  taken = $state.raw<readonly string[]>([]);
  written = $state.raw<readonly string[]>([]);
  problem = $state.raw<EngineError | null>(null);
  busy = $state(false);
  #asked = 0;

  constructor(workbench: Workbench, notices: Notices) {
    this.#workbench = workbench;
    this.#notices = notices;
  }

  /** Opens for a request or a folder of the tree, or for what is in front. */
  async open(of: { requestId?: string; folder?: string } = {}): Promise<void> {
    const front = this.#workbench.requests.find(
      (it) => it.path === this.#workbench.drafts.activePath,
    );
    this.requestId = of.requestId ?? front?.id ?? null;
    const listed = this.#workbench.requests.find((it) => it.id === this.requestId);
    this.folder = of.folder ?? listed?.folder ?? "";
    this.scope = of.folder !== undefined ? "folder" : this.requestId !== null ? "request" : "all";
    this.taken = [];
    this.written = [];
    this.shown = true;
    const remembered = await preference<string>(REMEMBERED).catch(() => null);
    this.to = remembered ?? usualExportFolder(this.#workbench.workspaceFolder);
    await this.look();
  }

  close(): void {
    this.#asked += 1;
    this.shown = false;
  }

  choose(change: { kind?: ExportKind; scope?: Scope }): void {
    this.kind = change.kind ?? this.kind;
    this.scope = change.scope ?? this.scope;
    this.taken = [];
    this.written = [];
    void this.look();
  }

  typeFolder(to: string): void {
    this.to = to;
    this.taken = [];
    if (this.problem?.place === "to") this.problem = null;
  }

  /** Makes the export, so that it can be looked at. Nothing is written. */
  async look(): Promise<void> {
    const asked = ++this.#asked;
    this.problem = null;
    try {
      const made = await call("export_requests", this.#input());
      if (asked === this.#asked) this.made = made;
    } catch (cause) {
      if (asked !== this.#asked) return;
      this.made = null;
      this.problem = asEngineError(cause);
    }
  }

  async write(replace = false): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = null;
    try {
      const to = this.to.trim();
      const done = await call("write_export", { ...this.#input(), to, replace });
      this.taken = done.taken;
      this.written = done.written;
      if (done.written.length > 0) await setPreference(REMEMBERED, to).catch(() => {});
    } catch (cause) {
      this.problem = asEngineError(cause);
    } finally {
      this.busy = false;
    }
  }

  async copy(): Promise<void> {
    const file = this.made?.files[0];
    if (!file) return;
    await navigator.clipboard.writeText(file.text);
    this.#notices.add("Copied", { text: file.name });
  }

  #input() {
    return {
      requestIds: this.scope === "request" && this.requestId !== null ? [this.requestId] : [],
      folder: this.scope === "folder" ? this.folder : null,
      as: this.kind,
    };
  }
}
