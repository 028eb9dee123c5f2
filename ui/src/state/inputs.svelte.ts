// What the engine says of the messages of one request: its variables and attachments.
import { SvelteMap } from "svelte/reactivity";
import type {
  Attachment,
  AttachFileInput,
  AttachFileOutput,
  EngineError,
  FolderDefaults,
  ListedVariable,
  RequestFile,
} from "../contract/ipc";
import { asEngineError, call } from "../host";
import { isInert } from "../lib/attachments";
import { folderOf } from "../lib/tree";
import type { Draft } from "./drafts.svelte";

const PAUSE_MS = 120;

/** Where a value can be set from here. */
export type ValueScope = "request" | "folder" | "workspace" | "environment";

export class Inputs {
  readonly draft: Draft;
  /** By name; null until the engine has answered. */
  variables = $state.raw<ReadonlyMap<string, ListedVariable> | null>(null);
  /** Why the variables can't be told. */
  fault = $state.raw<EngineError | null>(null);
  /** By JSON Pointer of the part. */
  attachments = $state.raw<ReadonlyMap<string, Attachment>>(new Map());
  /** Pictures of the workspace as data URLs, by what names them; null where there is nothing to see. */
  readonly previews = new SvelteMap<string, string | null>();

  #attachTimer: ReturnType<typeof setTimeout> | undefined;
  #variablesAsked = 0;
  #looked: RequestFile | null = null;

  constructor(draft: Draft) {
    this.draft = draft;
  }

  /** Reads what the variables in reach mean. */
  async loadVariables(): Promise<void> {
    const { request } = this.draft;
    const asked = ++this.#variablesAsked;
    try {
      // What they mean does not hang on the text, so the text stays here.
      const { variables } = await call("list_variables", { request: { ...request, body: {} } });
      if (asked !== this.#variablesAsked) return;
      this.variables = new Map(variables.map((it) => [it.name, it]));
      this.fault = null;
    } catch (cause) {
      if (asked === this.#variablesAsked) this.fault = asEngineError(cause);
    }
  }

  /** Looks at the pictures and files of the request. Returns how to call it off. */
  lookSoon(request: RequestFile): () => void {
    clearTimeout(this.#attachTimer);
    this.#attachTimer = setTimeout(() => void this.#look(request), PAUSE_MS);
    return () => clearTimeout(this.#attachTimer);
  }

  async #look(request: RequestFile): Promise<void> {
    this.#looked = request;
    try {
      const { attachments } = await call("list_attachments", { request });
      if (this.#looked !== request) return;
      this.attachments = new Map(attachments.map((it) => [it.pointer, it]));
    } catch {
      if (this.#looked === request) this.attachments = new Map();
    }
  }

  /** The picture behind a source, as what can be shown; asked for once. */
  preview(source: string | null): string | null {
    if (source === null) return null;
    if (!source.startsWith("{{")) return isInert(source) ? source : null;
    return this.previews.get(source) ?? null;
  }

  /** Fetches the picture behind the name of a workspace file. */
  async fetchPreview(source: string): Promise<void> {
    if (!source.startsWith("{{") || this.previews.has(source)) return;
    this.previews.set(source, null);
    try {
      const { dataUrl } = await call("preview_file", { reference: source });
      this.previews.set(source, isInert(dataUrl) ? dataUrl : null);
    } catch {
      // Why it can't be read stands in its facts.
    }
  }

  /** Takes a file into the workspace. Rejects with the engine's error. */
  attach(file: AttachFileInput): Promise<AttachFileOutput> {
    return call("attach_file", file);
  }

  /** Sets what a variable means. Rejects with the engine's error; nothing is changed then. */
  async setValue(
    name: string,
    value: string,
    scope: ValueScope,
    environment: string | null,
  ): Promise<void> {
    if (scope === "request") {
      this.draft.edit((request) => ({
        ...request,
        variables: { ...request.variables, [name]: value },
      }));
    } else if (scope === "environment") {
      const read = await call("read_environment", { environment: environment ?? "" });
      const { path, stamp, environment: file } = read;
      const variables = { ...file.variables, [name]: value };
      await call("save_environment", { path, stamp, environment: { ...file, variables } });
    } else {
      const path = scope === "workspace" ? "" : folderOf(this.draft.path);
      const { folder, stamp } = await call("read_folder", { path });
      // What a folder leaves out is not in its file, nor in what the engine says of it.
      const defaults: Partial<FolderDefaults> | undefined = folder.defaults;
      const variables = { ...defaults?.variables, [name]: value };
      const next = { ...folder, defaults: { ...defaults, variables } as FolderDefaults };
      await call("save_folder", { path, stamp, folder: next });
    }
    await Promise.all([this.loadVariables(), this.draft.lint.ask(this.draft.request)]);
  }
}
