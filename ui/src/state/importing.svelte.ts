// An import from the first file to its undo: read in the page, looked at, written by the engine.
import type { EngineError, ImportFilesOutput, ImportPreviewOutput } from "../contract/ipc";
import { asEngineError, call } from "../host";
import { filesOf, textsOf, TooMuch, type NotRead, type ReadText } from "../lib/dropped";
import { plural } from "../lib/plural";
import type { Notices } from "./notices.svelte";
import type { Workbench } from "./workbench.svelte";

type Step = "choose" | "reading" | "preview" | "writing" | "done";

export class Importing {
  readonly #workbench: Workbench;
  readonly #notices: Notices;
  shown = $state(false);
  step = $state<Step>("choose");
  /** How far the reading is. */
  progress = $state.raw({ done: 0, of: 0 });
  preview = $state.raw<ImportPreviewOutput | null>(null);
  /** What the page could not read. */
  notRead = $state.raw<readonly NotRead[]>([]);
  written = $state.raw<ImportFilesOutput | null>(null);
  problem = $state.raw<EngineError | null>(null);
  /** The folder of the workspace that it goes into, "" for its top. */
  folder = $state("");
  toResponses = $state(false);
  undoing = $state(false);
  #texts: readonly ReadText[] = [];
  #pasted: string | null = null;
  /** Files and folders that the engine reads itself. */
  #paths: readonly string[] = [];
  readonly #onWritten: () => void;
  #stop = new AbortController();

  /** `onWritten` hears of files that came or went. */
  constructor(workbench: Workbench, notices: Notices, onWritten: () => void) {
    this.#workbench = workbench;
    this.#notices = notices;
    this.#onWritten = onWritten;
  }

  readonly leftOut = $derived([...this.notRead, ...(this.preview?.leftOut ?? [])]);
  /** There are requests that could be translated. */
  readonly hasChat = $derived(
    this.toResponses ||
      (this.preview?.items ?? []).some(
        ({ content }) =>
          content.kind === "request" && content.request.endpoint === "chat_completions",
      ),
  );

  open(): void {
    if (this.shown) return;
    this.#reset();
    this.shown = true;
  }

  /** Whatever is going on is dropped. What is written stays. */
  close(): void {
    this.#stop.abort();
    this.shown = false;
    this.#texts = [];
    this.#pasted = null;
    this.#paths = [];
  }

  /** Reads files and folders, and shows what they would bring. */
  async take(entries: readonly (FileSystemEntry | File)[]): Promise<void> {
    if (entries.length === 0 || this.step === "writing") return;
    this.#reset();
    this.shown = true;
    this.step = "reading";
    const { signal } = this.#stop;
    try {
      const found = await filesOf(entries, signal);
      this.progress = { done: 0, of: found.files.length };
      const read = await textsOf(found.files, signal, (done) => {
        if (!signal.aborted) this.progress = { done, of: found.files.length };
      });
      if (signal.aborted) return;
      this.#texts = read.texts;
      this.notRead = [...found.notRead, ...read.notRead];
      if (read.texts.length === 0) {
        this.preview = { items: [], leftOut: [], kinds: [] };
        this.step = "preview";
        return;
      }
      await this.#look(signal);
    } catch (cause) {
      if (signal.aborted) return;
      this.problem =
        cause instanceof TooMuch
          ? {
              ...asEngineError(cause),
              code: "bad_input",
              detail: null,
              hint: "Choose a part of it, or use rheostat import in a terminal.",
            }
          : asEngineError(cause);
      this.step = "choose";
    }
  }

  /** Looks at a pasted text. */
  async paste(text: string): Promise<void> {
    if (text.trim() === "" || this.step === "writing") return;
    this.#reset();
    this.shown = true;
    this.#pasted = text;
    await this.#look(this.#stop.signal);
  }

  /** Looks at files and folders of this machine, by their paths. */
  async takePaths(paths: readonly string[]): Promise<void> {
    if (paths.length === 0 || this.step === "writing") return;
    this.#reset();
    this.shown = true;
    this.#paths = [...paths];
    await this.#look(this.#stop.signal);
  }

  async translate(on: boolean): Promise<void> {
    this.toResponses = on;
    await this.#look(this.#stop.signal);
  }

  /** Back to choosing. */
  again(): void {
    this.#reset();
  }

  async write(): Promise<void> {
    if (this.step !== "preview" || !this.preview?.items.length) return;
    this.step = "writing";
    this.problem = null;
    try {
      this.written = await call("import_files", {
        ...this.#input(),
        folder: this.folder
          .trim()
          .replaceAll("\\", "/")
          .replace(/^\/+|\/+$/g, ""),
      });
      this.step = "done";
      this.#onWritten();
      await this.#workbench.relist();
    } catch (cause) {
      this.problem = asEngineError(cause);
      this.step = "preview";
    }
  }

  /** Takes it all away again, but for what was changed since. */
  async undo(): Promise<void> {
    const { written } = this;
    if (!written || this.undoing) return;
    this.undoing = true;
    this.problem = null;
    try {
      const { paths, stamps, folders } = written;
      const { removed, kept } = await call("undo_import", { paths, stamps, folders });
      for (const path of paths) if (!kept.includes(path)) this.#workbench.closeRequest(path);
      this.close();
      this.#onWritten();
      await this.#workbench.relist();
      this.#notices.add("The import was undone", {
        text:
          kept.length === 0
            ? `${plural(removed, "file")} taken away.`
            : `${plural(removed, "file")} taken away. Changed since, so kept: ${kept.join(", ")}.`,
        lasts: kept.length === 0 ? undefined : null,
      });
    } catch (cause) {
      this.problem = asEngineError(cause);
    } finally {
      this.undoing = false;
    }
  }

  /** Opens the first request that came in. */
  async show(): Promise<void> {
    const first = this.written?.paths.find((path) =>
      this.#workbench.requests.some((it) => it.path === path),
    );
    this.close();
    if (first === undefined) return;
    this.#workbench.screen = "build";
    await this.#workbench.openRequest(first);
  }

  #input() {
    return {
      paths: [...this.#paths],
      files: [...this.#texts],
      text: this.#pasted,
      toResponses: this.toResponses,
    };
  }

  async #look(signal: AbortSignal): Promise<void> {
    this.problem = null;
    try {
      const preview = await call("import_preview", this.#input());
      if (signal.aborted) return;
      this.preview = preview;
      this.step = "preview";
    } catch (cause) {
      if (signal.aborted) return;
      this.problem = asEngineError(cause);
      this.step = this.preview ? "preview" : "choose";
    }
  }

  #reset(): void {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#texts = [];
    this.#pasted = null;
    this.#paths = [];
    this.step = "choose";
    this.progress = { done: 0, of: 0 };
    this.preview = null;
    this.notRead = [];
    this.written = null;
    this.problem = null;
    this.toResponses = false;
  }
}
