// The open requests: their edits, what is unsaved, undo, and files that changed behind our back.
import type { EngineError, ReadRequestOutput, RequestFile, RequestSummary } from "../contract/ipc";
import { asEngineError, call } from "../host";
import { asText, at, same, set, type Path } from "../lib/body";
import { effortPath } from "../lib/wire";
import { Lint } from "./lint.svelte";

/** Edits of one field within this time are one step of undo. */
const ONE_STEP_MS = 1200;
const STEPS_KEPT = 200;

/** One open request, as it stands in the editor. */
export class Draft {
  readonly path: string;
  readonly lint = new Lint();
  #stamp: string;
  #past: RequestFile[] = [];
  #future: RequestFile[] = [];
  #lastEdit = { field: "", at: -Infinity };

  /** The request as the file has it. */
  saved: RequestFile = $state.raw(null!);
  /** The request as it stands here. Never changed in place. */
  request: RequestFile = $state.raw(null!);
  steps = $state({ back: 0, forward: 0 });
  saving = $state(false);
  /** Why the last save failed. */
  fault = $state.raw<EngineError | null>(null);
  /** The file was changed by someone else since it was read. */
  readonly conflict = $derived(this.fault?.code === "file_changed");
  readonly dirty = $derived(!same(this.saved, this.request));
  readonly name = $derived(this.request.name);
  readonly model = $derived(asText(this.request.body.model));
  readonly effort = $derived(asText(at(this.request.body, effortPath(this.request.endpoint))));

  constructor(opened: ReadRequestOutput) {
    this.path = opened.path;
    this.#stamp = opened.stamp;
    this.saved = opened.request;
    this.request = opened.request;
  }

  /**
   * Changes the request. Quick edits of the same `field` undo together; a null field is a step
   * of its own.
   */
  edit(change: (request: RequestFile) => RequestFile, field: string | null = null): void {
    const next = change(this.request);
    if (next === this.request) return;
    const now = performance.now();
    const joins =
      field !== null && field === this.#lastEdit.field && now - this.#lastEdit.at < ONE_STEP_MS;
    if (!joins) {
      this.#past.push(this.request);
      if (this.#past.length > STEPS_KEPT) this.#past.shift();
    }
    this.#future = [];
    this.#lastEdit = { field: field ?? "", at: now };
    this.request = next;
    this.#count();
  }

  /** Sets a place of the body; null drops it, so that nothing is sent for it. */
  setBody(path: Path, value: unknown, field: string | null = null): void {
    this.edit((request) => {
      const body = set(request.body, path, value);
      return body === request.body ? request : { ...request, body };
    }, field);
  }

  undo(): void {
    this.#step(this.#past, this.#future);
  }

  redo(): void {
    this.#step(this.#future, this.#past);
  }

  /** Writes the file, unless it has changed since it was read. True when it is written. */
  async save(): Promise<RequestSummary | null> {
    if (this.saving) return null;
    this.saving = true;
    const request = this.request;
    try {
      const done = await this.write(request, this.#stamp);
      this.#stamp = done.stamp;
      this.saved = request;
      this.fault = null;
      return done.summary;
    } catch (cause) {
      this.fault = asEngineError(cause);
      return null;
    } finally {
      this.saving = false;
    }
  }

  /** After a conflict: writes what stands here over the file. */
  async keepMine(): Promise<RequestSummary | null> {
    // A file that is gone is made again; one that is there but can't be read stays as it is.
    if (!(await this.#readAgain())) this.#stamp = "";
    return this.save();
  }

  /** After a conflict: takes what the file has. What stood here is one undo away. */
  async takeTheirs(): Promise<void> {
    const theirs = await this.#readAgain();
    if (theirs) this.edit(() => theirs);
  }

  /** Puts the request into its file. */
  protected write(
    request: RequestFile,
    stamp: string,
  ): Promise<{ stamp: string; summary: RequestSummary | null }> {
    return call("save_request", { path: this.path, request, stamp });
  }

  /** What the file has now. */
  protected read(): Promise<{ stamp: string; request: RequestFile }> {
    return call("read_request", { path: this.path });
  }

  /** The file was changed by ourselves, in a way that leaves what stands here as it is. */
  follow(stamp: string, change: (request: RequestFile) => RequestFile): void {
    this.#stamp = stamp;
    this.saved = change(this.saved);
    this.request = change(this.request);
  }

  async #readAgain(): Promise<RequestFile | null> {
    try {
      const theirs = await this.read();
      this.#stamp = theirs.stamp;
      this.saved = theirs.request;
      this.fault = null;
      return theirs.request;
    } catch (cause) {
      this.fault = asEngineError(cause);
      return null;
    }
  }

  #step(from: RequestFile[], to: RequestFile[]): void {
    const next = from.pop();
    if (!next) return;
    to.push(this.request);
    this.request = next;
    this.#lastEdit = { field: "", at: -Infinity };
    this.#count();
  }

  #count(): void {
    this.steps = { back: this.#past.length, forward: this.#future.length };
  }
}

/** A file of the workspace that cannot be read as a request, open all the same. */
export class Unreadable {
  readonly path: string;
  readonly name: string;
  fault: EngineError = $state.raw(null!);

  constructor(path: string, name: string, fault: EngineError) {
    this.path = path;
    this.name = name;
    this.fault = fault;
  }
}

export type Tab = Draft | Unreadable;

/** The row of open tabs. */
export class Drafts {
  tabs = $state.raw<readonly Tab[]>([]);
  activePath = $state<string | null>(null);
  /** Tabs closed in this session, the last one at the end, with their edits. */
  #closed: Tab[] = [];

  readonly activeTab = $derived(this.tabs.find((tab) => tab.path === this.activePath) ?? null);
  /** The request in front, where it could be read. */
  readonly active = $derived(this.activeTab instanceof Draft ? this.activeTab : null);
  readonly unsaved = $derived(this.tabs.filter((tab) => tab instanceof Draft && tab.dirty).length);

  /** Opens a file, or goes to its tab. */
  async open(path: string, name: string): Promise<void> {
    if (!this.tabs.some((tab) => tab.path === path)) {
      const kept = this.#closed.findLast((tab) => tab.path === path);
      if (kept instanceof Draft && kept.dirty) {
        this.#closed = this.#closed.filter((tab) => tab !== kept);
        this.add(kept);
        return;
      }
      let tab: Tab;
      try {
        tab = new Draft(await call("read_request", { path }));
      } catch (cause) {
        tab = new Unreadable(path, name, asEngineError(cause));
      }
      // A second click can have opened it while the file was read.
      if (!this.tabs.some((it) => it.path === path)) this.tabs = [...this.tabs, tab];
    }
    this.activePath = path;
  }

  add(tab: Tab): void {
    this.tabs = [...this.tabs, tab];
    this.activePath = tab.path;
  }

  /** Closes a tab. Its unsaved edits stay until the window closes: `reopen` brings them back. */
  close(path: string): void {
    const index = this.tabs.findIndex((tab) => tab.path === path);
    const tab = this.tabs[index];
    if (!tab) return;
    this.#closed.push(tab);
    this.tabs = this.tabs.filter((it) => it !== tab);
    if (this.activePath === path) {
      this.activePath = (this.tabs[index] ?? this.tabs[index - 1])?.path ?? null;
    }
  }

  reopen(): void {
    const tab = this.#closed.pop();
    if (tab && !this.tabs.some((it) => it.path === tab.path)) this.add(tab);
  }

  /** Goes `by` tabs along the row, round its ends. */
  cycle(by: number): void {
    if (this.tabs.length === 0) return;
    const index = this.tabs.findIndex((tab) => tab.path === this.activePath);
    this.activePath = this.tabs.at((index + by) % this.tabs.length)?.path ?? null;
  }

  /** Reads an unreadable file again: it may have been mended outside. */
  async readAgain(tab: Unreadable): Promise<void> {
    try {
      const draft = new Draft(await call("read_request", { path: tab.path }));
      this.tabs = this.tabs.map((it) => (it === tab ? draft : it));
    } catch (cause) {
      tab.fault = asEngineError(cause);
    }
  }
}
