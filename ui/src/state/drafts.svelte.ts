// The open requests: their edits, what is unsaved, undo, and files that changed behind our back.
import type {
  EngineError,
  Inherited,
  ReadRequestOutput,
  RequestFile,
  RequestSummary,
} from "../contract/ipc";
import { asEngineError, call } from "../host";
import { asText, same, set, type Path } from "../lib/body";
import { effective } from "../lib/inherited";
import { effortPath } from "../lib/wire";
import { Lint } from "./lint.svelte";
import { carryText, faultOf, withText } from "./typed-text";

/** Edits of one field within this time are one step of undo. */
const ONE_STEP_MS = 1200;
const STEPS_KEPT = 200;
/** A body of this many characters is kept in fewer steps: each holds the whole text. */
const BIG = 1_000_000;
const BIG_STEPS_KEPT = 20;

/** What came of looking at a file that changed outside. */
export type Look = "same" | "taken" | "conflict" | "gone" | "unreadable";

/** One open request, as it stands in the editor. */
export class Draft {
  path = $state("");
  readonly lint = new Lint();
  #past: RequestFile[] = [];
  #future: RequestFile[] = [];
  #lastEdit = { field: "", at: -Infinity };
  #saved: Promise<unknown> = Promise.resolve();

  /** What the file was when it was last read or written. */
  stamp = "";
  /** The request as the file has it. */
  saved: RequestFile = $state.raw(null!);
  /** The request as it stands here. Never changed in place. */
  request: RequestFile = $state.raw(null!);
  /** What its folders hand down. */
  inherited = $state.raw<readonly Inherited[]>([]);
  /** Why it can't be said what it inherits; it is not sent until that is put right. */
  inheritedProblem = $state.raw<EngineError | null>(null);
  steps = $state({ back: 0, forward: 0 });
  saving = $state(false);
  /** Why the last save failed. */
  fault = $state.raw<EngineError | null>(null);
  /** What someone else wrote into the file while there were unsaved edits here. */
  theirs = $state.raw<ReadRequestOutput | null>(null);
  /** The file is not there any more. */
  gone = $state(false);
  readonly conflict = $derived(this.theirs !== null);
  readonly dirty = $derived(this.gone || !same(this.saved, this.request));
  readonly name = $derived(this.request.name);
  /** Where the text of the body stops being JSON. Until it is mended, the body can't be edited elsewhere. */
  readonly broken = $derived(faultOf(this.request));
  /** Its own, or what its folders hand down. */
  readonly model = $derived(asText(effective(this.inherited, this.request.body, ["model"])));
  /** Its own, or what its folders hand down. */
  readonly effort = $derived(
    asText(effective(this.inherited, this.request.body, effortPath(this.request.endpoint))),
  );

  constructor(opened: ReadRequestOutput) {
    this.path = opened.path;
    this.saved = opened.request;
    this.request = opened.request;
    this.#take(opened);
  }

  /**
   * Changes the request. Quick edits of the same `field` undo together; a null field is a step
   * of its own.
   */
  edit(change: (request: RequestFile) => RequestFile, field: string | null = null): void {
    const next = change(this.request);
    if (next === this.request) return;
    carryText(this.request, next);
    this.#enter(next, field);
  }

  /** Takes the body as text. While that is no JSON, it is kept as typed and the body stays as it was. */
  type(text: string, field: string | null = "json"): void {
    this.#enter(
      withText(this.request, text),
      field,
      text.length > BIG ? BIG_STEPS_KEPT : STEPS_KEPT,
    );
  }

  /**
   * Sets a place of the body; null drops it, so that nothing is sent for it. Does nothing while
   * the body's text is no JSON: the next letter typed there would undo it.
   */
  setBody(path: Path, value: unknown, field: string | null = null): void {
    if (this.broken) return;
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

  /** Writes the file, unless it has changed since it was read. Null when it is not written. */
  async save(): Promise<RequestSummary | null> {
    if (this.saving) return null;
    this.saving = true;
    const writing = this.#write();
    this.#saved = writing.catch(() => null);
    try {
      return await writing;
    } catch (cause) {
      return await this.#refused(cause);
    } finally {
      this.saving = false;
    }
  }

  /** After a conflict: writes what stands here over the file. */
  async keepMine(): Promise<RequestSummary | null> {
    const look = await this.look();
    // A file that can't be read stays as it is.
    if (look === "unreadable") return null;
    if (this.theirs) this.stamp = this.theirs.stamp;
    if (this.gone) this.stamp = "";
    const summary = await this.save();
    if (summary) this.theirs = null;
    return summary;
  }

  /** After a conflict: takes what the file has. What stood here is one undo away. */
  async takeTheirs(): Promise<void> {
    await this.look();
    if (this.theirs) this.adopt(this.theirs);
  }

  /** Writes a file that is not there any more anew. */
  async saveAgain(): Promise<RequestSummary | null> {
    this.stamp = "";
    return this.save();
  }

  /**
   * Looks at the file, which may have been changed outside. Without unsaved edits its text is
   * taken, and what stood here is one undo away; else it waits in `theirs`.
   */
  async look(isGone = false): Promise<Look> {
    if (isGone) return this.#isGone();
    let opened: ReadRequestOutput;
    try {
      opened = await this.read();
    } catch (cause) {
      const fault = asEngineError(cause);
      const gone = fault.code === "file_unreadable" && (await this.isMissing());
      if (gone) return this.#isGone();
      this.fault = fault;
      return "unreadable";
    }
    this.gone = false;
    if (same(opened.request, this.saved) || same(opened.request, this.request)) {
      this.saved = opened.request;
      // That a save failed stays said.
      const unwritten = this.fault?.code === "file_unwritable" ? this.fault : null;
      this.#take(opened);
      this.fault = unwritten;
      return "same";
    }
    if (!this.dirty && !this.broken) {
      this.adopt(opened);
      return "taken";
    }
    this.inherited = opened.inherited;
    this.inheritedProblem = opened.inheritedProblem;
    this.theirs = opened;
    this.fault = null;
    return "conflict";
  }

  /** Takes what the file has. What stood here is one undo away. */
  adopt(opened: ReadRequestOutput): void {
    this.#enter(opened.request, null);
    this.saved = opened.request;
    this.gone = false;
    this.#take(opened);
  }

  /** The file lies elsewhere now, or has another name in it. */
  relocate(to: string, stamp: string, name: string | null): void {
    this.path = to;
    this.stamp = stamp;
    if (name !== null) this.#rewrite({ name });
  }

  /** The file has another id now. */
  identify(id: string, stamp: string): void {
    this.stamp = stamp;
    this.#rewrite({ id });
  }

  /** Resolves when no save is under way. */
  async settled(): Promise<void> {
    await this.#saved;
  }

  /** Puts the request into its file. */
  protected write(
    request: RequestFile,
  ): Promise<{ stamp: string; summary: RequestSummary | null }> {
    return call("save_request", { path: this.path, request, stamp: this.stamp });
  }

  /** What the file has now. */
  protected read(): Promise<ReadRequestOutput> {
    return call("read_request", { path: this.path });
  }

  /** Whether there is no such file in the workspace, rather than one that can't be read. */
  protected async isMissing(): Promise<boolean> {
    const { requests } = await call("list_requests", {});
    return !requests.some((it) => it.path === this.path);
  }

  /** The file was changed by ourselves, in a way that leaves the rest of what stands here as it is. */
  follow(stamp: string, change: (request: RequestFile) => RequestFile): void {
    this.stamp = stamp;
    this.saved = change(this.saved);
    this.request = change(this.request);
  }

  async #write(): Promise<RequestSummary | null> {
    const request = this.request;
    const done = await this.write(request);
    this.stamp = done.stamp;
    this.saved = request;
    this.fault = null;
    this.theirs = null;
    this.gone = false;
    return done.summary;
  }

  /** What the file has now, and so has the request, with the text that was typed for its body. */
  #rewrite(change: { name?: string; id?: string }): void {
    const next = { ...this.request, ...change };
    carryText(this.request, next);
    this.saved = { ...this.saved, ...change };
    this.request = next;
  }

  /** That the file is another asks which of the two; all else is a fault to show. */
  async #refused(cause: unknown): Promise<RequestSummary | null> {
    const fault = asEngineError(cause);
    if (fault.code !== "file_changed") return this.#failed(fault);
    // What only looks otherwise, such as a comment, is no reason to ask.
    if ((await this.look()) !== "same") return null;
    return await this.#write().catch((again) => this.#refused(again));
  }

  #failed(cause: unknown): null {
    this.fault = asEngineError(cause);
    return null;
  }

  #isGone(): Look {
    this.gone = true;
    this.theirs = null;
    this.fault = null;
    return "gone";
  }

  #take(opened: ReadRequestOutput): void {
    this.stamp = opened.stamp;
    this.inherited = opened.inherited;
    this.inheritedProblem = opened.inheritedProblem;
    this.theirs = null;
    this.fault = null;
  }

  #enter(next: RequestFile, field: string | null, kept = STEPS_KEPT): void {
    const now = performance.now();
    const joins =
      field !== null && field === this.#lastEdit.field && now - this.#lastEdit.at < ONE_STEP_MS;
    if (!joins) this.#past.push(this.request);
    this.#past = this.#past.slice(-kept);
    this.#future = [];
    this.#lastEdit = { field: field ?? "", at: now };
    this.lint.edited(next);
    this.request = next;
    this.#count();
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
  path = $state("");
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

  /** An item of the tree lies elsewhere now: its tab stays, and so does one that was closed. */
  relocate(from: string, to: string, stamp: string, name: string | null): void {
    for (const tab of [...this.tabs, ...this.#closed]) {
      if (tab.path !== from) continue;
      if (tab instanceof Draft) tab.relocate(to, stamp, name);
      else tab.path = to;
    }
    if (this.activePath === from) this.activePath = to;
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
