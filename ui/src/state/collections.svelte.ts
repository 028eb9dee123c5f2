// The tree of collections: what is open and chosen in it, every change of it with its undo, and
// what follows from edits made outside.
import type { ChangeMark, TreeChange, TreeNews } from "../contract/ipc";
import { asEngineError, call, preference, setPreference, stream } from "../host";
import {
  folderOf,
  isIdle,
  isWithin,
  moveBy,
  moveInto,
  moveOut,
  nameOf,
  rowsOf,
  treeOf,
  type Move,
  type TreeRow,
} from "../lib/tree";
import { CollectionSearch } from "./collection-search.svelte";
import { Draft } from "./drafts.svelte";
import { Files } from "./files.svelte";
import type { Notices } from "./notices.svelte";
import type { Workbench } from "./workbench.svelte";

/** Steps of undo that are kept. */
const UNDO_KEPT = 50;
/** A workspace with more requests starts with its folders closed. */
const MANY = 200;
/** Git is asked when it has been quiet for that long. */
const QUIET_MS = 400;

/** A question over the window, about one item. */
export interface Question {
  kind: "move" | "folder" | "tags" | "versions" | "differences";
  path: string;
}

interface Step {
  words: string;
  undo: () => Promise<void>;
}

interface Kept {
  closed: string[];
  scroll: number;
}

export class Collections {
  readonly workbench: Workbench;
  readonly search = new CollectionSearch();
  /** Open requests and their files. */
  readonly files: Files;
  #notices: Notices;

  closed = $state.raw<ReadonlySet<string>>(new Set());
  /** Where the keys are. */
  cursor = $state<string | null>(null);
  renaming = $state<string | null>(null);
  /** Why the name that was typed can't be. */
  renameFault = $state<string | null>(null);
  /** What waits to be pasted elsewhere. */
  cut = $state<string | null>(null);
  /** Out beside the rail, where there is no room for the sidebar. */
  drawer = $state(false);
  searchOpen = $state(false);
  /** The search field takes the focus, once. */
  searchWanted = $state(false);
  question = $state.raw<Question | null>(null);
  /** The last change in words, for those who don't see it. */
  said = $state("");
  /** In px, as it was left. */
  scroll = 0;
  marks = $state.raw<ReadonlyMap<string, ChangeMark>>(new Map());
  #steps: Step[] = [];
  #undoing = false;
  #undone: Promise<void> = Promise.resolve();
  #ticket: string | null = null;
  #asking: ReturnType<typeof setTimeout> | undefined;
  #keeping: ReturnType<typeof setTimeout> | undefined;

  readonly tree = $derived.by(() => treeOf(this.workbench.folders, this.workbench.requests));
  readonly rows = $derived.by(() => rowsOf(this.tree, this.closed));
  /** The row of the cursor; where it is out of sight or gone, of the nearest folder around it. */
  readonly index = $derived.by(() => {
    for (let path = this.cursor ?? ""; path !== ""; path = folderOf(path)) {
      const found = this.rows.findIndex((row) => row.path === path);
      if (found >= 0) return found;
    }
    return this.rows.length > 0 ? 0 : -1;
  });
  /** The row where the keys are. */
  readonly row = $derived<TreeRow | null>(this.rows[this.index] ?? null);
  /** Folders with something below them that is not as it was committed. */
  readonly changedFolders = $derived.by(() => {
    const found = new Set<string>();
    for (const path of this.marks.keys()) {
      for (let folder = folderOf(path); folder !== ""; folder = folderOf(folder)) found.add(folder);
    }
    return found;
  });

  constructor(workbench: Workbench, notices: Notices) {
    this.workbench = workbench;
    this.#notices = notices;
    this.files = new Files(workbench, notices);
  }

  /** Takes the tree as it was left, and follows the workspace folder until `stop`. */
  async start(): Promise<void> {
    if (this.#ticket !== null) return;
    const ticket = `workspace-${Date.now().toString(36)}`;
    this.#ticket = ticket;
    const kept = await preference<Kept>("collections").catch(() => null);
    if (kept) {
      this.closed = new Set(kept.closed);
      this.scroll = kept.scroll;
    } else if (this.workbench.requests.length > MANY) {
      this.closed = new Set(this.workbench.folders.map((it) => it.path).filter(Boolean));
    }
    this.cursor = this.workbench.drafts.activePath ?? this.rows[0]?.path ?? null;
    this.askGit();
    try {
      await stream("watch_workspace", { ticket }, (news) => this.#heard(news));
    } catch (cause) {
      this.workbench.workspaceGone = asEngineError(cause);
    }
  }

  async stop(): Promise<void> {
    const ticket = this.#ticket;
    this.#ticket = null;
    clearTimeout(this.#asking);
    if (ticket !== null) await call("stop_run", { ticket, lane: null }).catch(() => {});
  }

  /** Asks Git soon what is not as it was committed. */
  askGit(): void {
    clearTimeout(this.#asking);
    this.#asking = setTimeout(() => {
      call("changed_items", {}).then(
        ({ items }) => (this.marks = new Map(items.map((it) => [it.path, it.mark]))),
        // Without Git the tree is as useful as before.
        () => {},
      );
    }, QUIET_MS);
  }

  fold(path: string, closed: boolean): void {
    const next = new Set(this.closed);
    if (closed) next.add(path);
    else next.delete(path);
    this.closed = next;
    if (closed && this.cursor !== null && isWithin(this.cursor, path)) this.cursor = path;
    this.keep();
  }

  /** Opens the folders above an item, and goes to it. */
  reveal(path: string): void {
    const next = new Set(this.closed);
    for (let folder = folderOf(path); folder !== ""; folder = folderOf(folder)) next.delete(folder);
    if (next.size !== this.closed.size) this.closed = next;
    this.cursor = path;
    this.keep();
  }

  /** Keeps what is open, and where the tree stands, for the next start. */
  keep(): void {
    clearTimeout(this.#keeping);
    this.#keeping = setTimeout(() => {
      const kept: Kept = { closed: [...this.closed], scroll: this.scroll };
      // A preference that can't be kept is no reason to interrupt anybody.
      void setPreference("collections", kept).catch(() => {});
    }, 300);
  }

  open(path: string): void {
    const { workbench } = this;
    if (workbench.screen !== "compare" && workbench.screen !== "schemas")
      workbench.screen = "build";
    this.cursor = path;
    this.drawer = false;
    void workbench.openRequest(path);
  }

  /** Opens what a question is about, where it can be open, and asks. */
  async ask(kind: Question["kind"], path: string): Promise<void> {
    if (kind === "tags") {
      await this.workbench.openRequest(path);
      if (!this.draftOf(path)) return;
    }
    this.question = { kind, path };
  }

  draftOf(path: string): Draft | null {
    const tab = this.workbench.drafts.tabs.find((it) => it.path === path);
    return tab instanceof Draft ? tab : null;
  }

  /** The folder that a new item goes into: the chosen one, or the one around the chosen request. */
  get here(): string {
    const { row } = this;
    if (!row) return "";
    return row.kind === "folder" ? row.path : folderOf(row.path);
  }

  async createFolder(parent: string): Promise<void> {
    const taken = new Set((this.tree.below.get(parent) ?? []).map((it) => nameOf(it.path)));
    let name = "New folder";
    for (let n = 2; taken.has(name); n += 1) name = `New folder ${n}`;
    const done = await this.#change("The folder was not made", () =>
      call("create_folder", { folder: parent, name }),
    );
    if (!done) return;
    this.reveal(done.path);
    this.#step(`New folder ${name}`, () => this.#unmake(done.path));
    this.startRename(done.path);
  }

  async createRequest(folder: string): Promise<void> {
    const path = await this.files.quietly(async () => {
      try {
        await this.workbench.createRequest(folder, "New request", null);
        return this.workbench.drafts.activePath;
      } catch (cause) {
        this.#failed("The request was not made", cause);
        return null;
      }
    });
    if (path === null) return;
    this.reveal(path);
    this.#step("New request", () => this.#unmake(path));
    this.startRename(path);
  }

  startRename(path: string): void {
    this.renameFault = null;
    this.renaming = path;
  }

  /** True when the row is done with: the name is taken, or was given up. */
  async rename(path: string, name: string): Promise<boolean> {
    const row = this.rows.find((it) => it.path === path);
    const before = row?.name ?? nameOf(path);
    const next = name.trim();
    if (next === "" || next === before) {
      this.renaming = null;
      return true;
    }
    try {
      await this.#rename(path, next, row?.kind === "request");
    } catch (cause) {
      const fault = asEngineError(cause);
      this.renameFault = [fault.message, fault.hint].filter(Boolean).join(" ");
      return false;
    }
    return true;
  }

  async #rename(path: string, name: string, isRequest: boolean): Promise<void> {
    const before = this.rows.find((it) => it.path === path)?.name ?? nameOf(path);
    const done = await this.files.quietly(async () => {
      const change = await call("rename_item", { path, name });
      this.#moved(change, path, isRequest ? name : null);
      return change;
    });
    this.renaming = null;
    this.#tell(`Renamed to ${name}`);
    this.#step(`Rename to ${name}`, () => this.#rename(done.path, before, isRequest));
  }

  async duplicate(path: string): Promise<void> {
    const done = await this.#change("Nothing was duplicated", () =>
      call("duplicate_item", { path }),
    );
    if (!done) return;
    this.reveal(done.path);
    this.#tell(`Duplicated ${nameOf(path)}`);
    this.#step("Duplicate", () => this.#unmake(done.path));
  }

  /** Moves an item, if it would go anywhere. */
  async move(move: Move | null): Promise<void> {
    if (!move || isIdle(this.tree, move)) return;
    const from = folderOf(move.path);
    const siblings = this.tree.below.get(from) ?? [];
    const at = siblings.findIndex((it) => it.path === move.path);
    const ordered =
      (from === move.toFolder && move.position !== null) ||
      siblings.some((it) => (it.kind === "folder" ? it.folder : it.request).position !== null);
    const name = this.rows.find((it) => it.path === move.path)?.name ?? nameOf(move.path);
    const done = await this.#relocate(move);
    if (!done) return;
    const where = move.toFolder === "" ? "the top" : nameOf(move.toFolder);
    const place = (this.tree.below.get(move.toFolder) ?? []).findIndex(
      (it) => it.path === done.path,
    );
    const count = this.tree.below.get(move.toFolder)?.length ?? 0;
    this.#tell(`${name}: ${place + 1} of ${count} in ${where}`);
    const undo = this.#step(`Move ${name}`, async () => {
      await this.#relocate({ path: done.path, toFolder: from, position: ordered ? at : null });
    });
    if (from !== move.toFolder) {
      this.#notices.add(`Moved ${name}`, {
        text: `To ${where}.`,
        action: { label: "Undo", run: () => void this.#take(undo) },
      });
    }
  }

  async #relocate(move: Move): Promise<TreeChange | null> {
    const done = await this.#change("Nothing was moved", async () => {
      const change = await call("move_item", move);
      this.#moved(change, move.path, null);
      return change;
    });
    if (done) this.reveal(done.path);
    return done;
  }

  moveUp = (path: string): Promise<void> => this.move(moveBy(this.tree, path, -1));
  moveDown = (path: string): Promise<void> => this.move(moveBy(this.tree, path, 1));
  moveOut = (path: string): Promise<void> => this.move(moveOut(this.tree, path));
  moveInto = (path: string): Promise<void> => this.move(moveInto(this.tree, path));

  /** Moves what was cut into the chosen folder. */
  async paste(): Promise<void> {
    const path = this.cut;
    if (path === null) return;
    this.cut = null;
    await this.move({ path, toFolder: this.here, position: null });
  }

  async remove(path: string): Promise<void> {
    const row = this.rows.find((it) => it.path === path);
    const name = row?.name ?? nameOf(path);
    const next = this.rows[this.index + 1 + this.#below(path)] ?? this.rows[this.index - 1];
    const open = this.workbench.drafts.tabs.filter((tab) => isWithin(tab.path, path));
    const unsaved = open.filter((tab) => tab instanceof Draft && tab.dirty).length;
    const front = this.workbench.drafts.activePath;
    const done = await this.#change(`${name} was not deleted`, async () => {
      const change = await call("delete_item", { path });
      for (const tab of open) this.workbench.closeRequest(tab.path);
      return change;
    });
    if (!done) return;
    if (next) this.cursor = next.path;
    const undo = this.#step(`Delete ${name}`, async () => {
      const back = await this.#change(`${name} was not put back`, () =>
        call("restore_item", { handle: done.handle }),
      );
      if (!back) return;
      this.reveal(back.path);
      // Under another name, where its own was taken meanwhile.
      if (back.path !== path) return;
      for (const tab of open) await this.workbench.openRequest(tab.path);
      if (front !== null && open.some((tab) => tab.path === front)) {
        this.workbench.drafts.activePath = front;
      }
      await this.files.lookAt(open.map((tab) => tab.path));
    });
    const count = row?.kind === "folder" ? row.count : 0;
    this.#notices.add(`Deleted ${name}`, {
      text: [
        count > 0 ? `With ${count} ${count === 1 ? "request" : "requests"} in it.` : "",
        unsaved > 0 ? "Its unsaved edits come back with it." : "",
      ]
        .filter(Boolean)
        .join(" "),
      action: { label: "Undo", run: () => void this.#take(undo) },
      lasts: 10_000,
    });
  }

  async giveNewId(path: string): Promise<void> {
    const done = await this.#change("The id was not changed", async () => {
      const change = await call("give_new_id", { path });
      const summary = change.news.requests.find((it) => it.path === path);
      if (summary) this.draftOf(path)?.identify(change.id, summary.stamp);
      return change;
    });
    if (done) {
      this.#notices.add("It has an id of its own now", {
        text: "Earlier runs stay with the other file.",
      });
    }
  }

  /** Takes back the last change of the tree. */
  undo(): Promise<void> {
    return this.#take(null);
  }

  /** One after the other, however quickly they are asked for. A null step is the last one. */
  #take(step: Step | null): Promise<void> {
    this.#undone = this.#undone.then(() => this.#takeBack(step ?? this.#steps.at(-1)));
    return this.#undone;
  }

  async #takeBack(step: Step | undefined): Promise<void> {
    if (!step) {
      this.#tell("Nothing to undo in the tree");
      return;
    }
    if (!this.#steps.includes(step)) return;
    const before = this.#steps.filter((it) => it !== step);
    this.#undoing = true;
    try {
      await step.undo();
      this.#tell(`Undone: ${step.words}`);
    } catch (cause) {
      this.#failed(`Not undone: ${step.words}`, cause);
    } finally {
      this.#undoing = false;
    }
    // What the way back did is no step of its own.
    this.#steps = before;
  }

  #step(words: string, undo: () => Promise<void>): Step {
    const step = { words, undo };
    this.#steps = [...this.#steps, step].slice(-UNDO_KEPT);
    return step;
  }

  /** Takes back something that was made. It is in the app's trash for a month, in case. */
  async #unmake(path: string): Promise<void> {
    await this.#change("It was not taken back", async () => {
      const change = await call("delete_item", { path });
      for (const tab of this.workbench.drafts.tabs) {
        if (isWithin(tab.path, path)) this.workbench.closeRequest(tab.path);
      }
      return change;
    });
  }

  /** Rows in sight below an open folder. */
  #below(path: string): number {
    return this.rows.filter((it) => it.path !== path && isWithin(it.path, path)).length;
  }

  async #change<T extends { news: TreeNews }>(
    failed: string,
    ask: () => Promise<T>,
  ): Promise<T | null> {
    return this.files.quietly(async () => {
      try {
        const done = await ask();
        this.workbench.apply(done.news);
        this.askGit();
        return done;
      } catch (cause) {
        if (this.#undoing) throw cause;
        this.#failed(failed, cause);
        return null;
      }
    });
  }

  /** An item went from `from` to where the change says, with all that is open below it. */
  #moved(change: TreeChange, from: string, name: string | null): void {
    for (const it of change.moved) this.workbench.relocate(it.from, it.to, it.stamp, name);
    this.workbench.apply(change.news);
    this.askGit();
    const swap = (path: string) =>
      isWithin(path, from) ? change.path + path.slice(from.length) : path;
    if (change.path !== from) {
      this.closed = new Set([...this.closed].map(swap));
      // What was done before is undone where it lies now.
      this.keep();
    }
    if (this.cursor !== null) this.cursor = swap(this.cursor);
    if (this.cut !== null) this.cut = swap(this.cut);
  }

  #heard(news: TreeNews): void {
    this.workbench.apply(news);
    if (news.whole || news.changed.length > 0 || news.requests.length > 0) this.askGit();
    void this.files.heard(news);
    this.workbench.schemas.files.heard(news);
  }

  #failed(title: string, cause: unknown): void {
    const fault = asEngineError(cause);
    this.#notices.add(title, {
      text: [fault.message, fault.hint].filter(Boolean).join(" "),
      lasts: null,
    });
  }

  #tell(words: string): void {
    this.said = words;
  }
}
