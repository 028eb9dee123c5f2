// The versions of one file: commits and what was saved over, the difference of any two, and the
// way back to one.
import type { EngineError, FieldChange, Version } from "../contract/ipc";
import { asEngineError, call } from "../host";
import type { Collections } from "./collections.svelte";
import type { Notices } from "./notices.svelte";

/** The file as it is, among versions. */
export const NOW = "now";

const handle = (id: string): string | null => (id === NOW ? null : id);

export class VersionList {
  readonly path: string;
  #collections: Collections;
  #notices: Notices;

  versions = $state.raw<readonly Version[] | null>(null);
  /** Why commits are missing among them. */
  problem = $state.raw<EngineError | null>(null);
  fault = $state.raw<EngineError | null>(null);
  /** The version looked at. */
  chosen = $state<string | null>(null);
  /** What it is held against. */
  against = $state(NOW);
  changes = $state.raw<readonly FieldChange[] | null>(null);
  restoring = $state(false);
  #turn = 0;

  constructor(path: string, collections: Collections, notices: Notices) {
    this.path = path;
    this.#collections = collections;
    this.#notices = notices;
  }

  async load(): Promise<void> {
    try {
      const { versions, problem } = await call("list_versions", { path: this.path });
      this.versions = versions;
      this.problem = problem;
      this.fault = null;
      if (!versions.some((it) => it.id === this.chosen)) this.chosen = versions[0]?.id ?? null;
      await this.compare();
    } catch (cause) {
      this.fault = asEngineError(cause);
    }
  }

  async choose(id: string): Promise<void> {
    this.chosen = id;
    if (this.against === id) this.against = NOW;
    await this.compare();
  }

  async hold(against: string): Promise<void> {
    this.against = against;
    await this.compare();
  }

  /** What changed from the older one of the two to the newer one. */
  async compare(): Promise<void> {
    const turn = ++this.#turn;
    const { chosen, against } = this;
    if (chosen === null) {
      this.changes = null;
      return;
    }
    const age = (id: string) =>
      id === NOW ? -1 : (this.versions ?? []).findIndex((it) => it.id === id);
    const [before, after] = age(chosen) > age(against) ? [chosen, against] : [against, chosen];
    try {
      const { changes } = await call("diff_versions", {
        path: this.path,
        before: handle(before),
        after: handle(after),
      });
      if (turn !== this.#turn) return;
      this.changes = changes;
      this.fault = null;
    } catch (cause) {
      if (turn !== this.#turn) return;
      this.changes = null;
      this.fault = asEngineError(cause);
    }
  }

  /** Puts the chosen version into the file. What it held, unsaved edits too, becomes a version. */
  async restore(): Promise<boolean> {
    if (this.chosen === null || this.restoring) return false;
    this.restoring = true;
    try {
      await this.#restore(this.chosen);
      this.#notices.add("Version restored", {
        text: "What the file held before is a version now.",
        action: { label: "Undo", run: () => void this.#takeBack() },
        lasts: 10_000,
      });
      return true;
    } catch (cause) {
      this.fault = asEngineError(cause);
      return false;
    } finally {
      this.restoring = false;
    }
  }

  async #restore(version: string): Promise<void> {
    const { workbench, files } = this.#collections;
    await files.quietly(async () => {
      const draft = this.#collections.draftOf(this.path);
      if (draft?.dirty && !draft.gone && !draft.conflict) await workbench.save(draft);
      if (draft?.fault) throw draft.fault;
      const summary = workbench.requests.find((it) => it.path === this.path);
      const stamp = draft?.gone ? "" : (draft?.stamp ?? summary?.stamp ?? "");
      const done = await call("restore_version", { path: this.path, version, stamp });
      workbench.apply(done.news);
      if (draft) draft.adopt(await call("read_request", { path: this.path }));
    });
    await files.lookAt([this.path]);
  }

  /** What stood in the file before is the newest one that was saved over. */
  async #takeBack(): Promise<void> {
    try {
      const { versions } = await call("list_versions", { path: this.path });
      const last = versions.find((it) => it.source === "save");
      if (last) await this.#restore(last.id);
      await this.load();
    } catch (cause) {
      const fault = asEngineError(cause);
      this.#notices.add("The version was not taken back", {
        text: [fault.message, fault.hint].filter(Boolean).join(" "),
        lasts: null,
      });
    }
  }
}
