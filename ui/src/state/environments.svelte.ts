// The environments of the workspace: which there are, which is in use, and the one that is being edited.
import type {
  EngineError,
  EnvironmentFile,
  EnvironmentSummary,
  KeyLabel,
  ReadEnvironmentOutput,
} from "../contract/ipc";
import { asEngineError, call } from "../host";
import {
  copyName,
  fieldAt,
  fileOf,
  formOf,
  isProblem,
  type EnvironmentForm,
  type FormProblem,
} from "../lib/environments";
import type { Notices } from "./notices.svelte";
import type { Workbench } from "./workbench.svelte";

/** One environment in the editor. */
export class EnvironmentDraft {
  /** Null until it is first saved. */
  path = $state<string | null>(null);
  id: string;
  #stamp: string | null;
  form: EnvironmentForm = $state.raw(formOf({ id: "", name: "", color: "grey" }));
  /** As it stands in the file. */
  saved: EnvironmentFile = $state.raw({ id: "", name: "", color: "grey" });
  key = $state.raw<KeyLabel | null>(null);
  problem = $state.raw<FormProblem | null>(null);
  fault = $state.raw<EngineError | null>(null);
  saving = $state(false);

  readonly dirty = $derived.by(() => {
    if (this.path === null) return true;
    const now = fileOf(this.form, this.id);
    return isProblem(now) || JSON.stringify(now) !== JSON.stringify(this.saved);
  });

  constructor(read: ReadEnvironmentOutput | EnvironmentFile) {
    if ("environment" in read) {
      this.id = read.environment.id;
      this.#stamp = read.stamp;
      this.path = read.path;
      this.key = read.key;
      this.#take(read.environment);
    } else {
      this.id = "";
      this.#stamp = null;
      this.#take(read);
    }
  }

  get stamp(): string | null {
    return this.#stamp;
  }

  change(change: Partial<EnvironmentForm>): void {
    this.form = { ...this.form, ...change };
    this.problem = null;
  }

  revert(): void {
    this.#take(this.saved);
    this.problem = null;
    this.fault = null;
  }

  /** Null where a field is wrong, or the engine refuses; why stands in `problem` or `fault`. */
  async save(stamp: string | null = this.#stamp): Promise<EnvironmentSummary | null> {
    const file = fileOf(this.form, this.id);
    if (isProblem(file)) {
      this.problem = file;
      return null;
    }
    this.saving = true;
    this.problem = null;
    this.fault = null;
    try {
      const done = await call("save_environment", { path: this.path, environment: file, stamp });
      this.path = done.path;
      this.#stamp = done.stamp;
      this.id = done.summary.id ?? file.id;
      this.#take({ ...file, id: this.id });
      return done.summary;
    } catch (cause) {
      const fault = asEngineError(cause);
      const field = fault.code === "bad_input" ? fieldAt(fault.place) : null;
      if (field) {
        this.problem = { field, text: [fault.message, fault.hint].filter(Boolean).join(" ") };
      } else this.fault = fault;
      return null;
    } finally {
      this.saving = false;
    }
  }

  #take(file: EnvironmentFile): void {
    this.form = formOf(file);
    const made = fileOf(this.form, file.id);
    // Spelled as the form spells it, so that only an edit counts as one.
    this.saved = isProblem(made) ? file : made;
  }
}

export class Environments {
  readonly #workbench: Workbench;
  readonly #notices: Notices;
  list = $state.raw<readonly EnvironmentSummary[]>([]);
  loaded = $state(false);
  fault = $state.raw<EngineError | null>(null);
  draft = $state.raw<EnvironmentDraft | null>(null);
  /** A file that can't be used was chosen: why. */
  broken = $state.raw<EnvironmentSummary | null>(null);
  #asked = 0;

  constructor(workbench: Workbench, notices: Notices) {
    this.#workbench = workbench;
    this.#notices = notices;
  }

  /** The id of the one in use; null for none. */
  get active(): string | null {
    return this.#workbench.connection.environment?.id ?? null;
  }

  async load(): Promise<void> {
    try {
      this.list = (await call("list_environments", {})).environments;
      this.fault = null;
      this.#follow();
    } catch (cause) {
      this.fault = asEngineError(cause);
    }
    this.loaded = true;
  }

  /** The file of the one in use may have been edited by hand. */
  #follow(): void {
    const { connection } = this.#workbench;
    const { environment } = connection;
    const file = this.list.find((it) => it.id !== null && it.id === environment?.id);
    if (!environment || !file) return;
    const { name, color, production, problem } = file;
    const now = { ...environment, name, color, production, problem };
    // An address may have changed with the rest: the engine says whether it asks about production.
    if (JSON.stringify(now) === JSON.stringify(environment)) return;
    this.#workbench.connection = { ...connection, environment: now };
  }

  /** Uses an environment from now on, by its id; "" for none. Mock or Live stays as it is. */
  async use(id: string): Promise<void> {
    try {
      const { mode } = this.#workbench.connection;
      const { connection } = await call("set_connection", {
        mode,
        liveBaseUrl: null,
        environment: id,
      });
      this.#workbench.connection = connection;
    } catch (cause) {
      const fault = asEngineError(cause);
      this.#notices.add("The environment was not changed", {
        text: [fault.message, fault.hint].filter(Boolean).join(" "),
        lasts: null,
      });
      await this.load();
    }
  }

  /** Puts an environment into the editor. */
  async edit(summary: EnvironmentSummary): Promise<void> {
    const asked = ++this.#asked;
    if (summary.id === null || summary.problem?.code === "file_unreadable") {
      this.draft = null;
      this.broken = summary;
      return;
    }
    try {
      const read = await call("read_environment", { environment: summary.id });
      if (asked !== this.#asked) return;
      this.draft = new EnvironmentDraft(read);
      this.broken = null;
    } catch (cause) {
      if (asked !== this.#asked) return;
      this.draft = null;
      this.broken = { ...summary, problem: asEngineError(cause) };
    }
  }

  /** Looks at a file that could not be used once more. */
  async readAgain(path: string): Promise<void> {
    await this.load();
    const now = this.list.find((it) => it.path === path);
    if (now) await this.edit(now);
    else this.broken = null;
  }

  add(): void {
    this.#asked += 1;
    this.broken = null;
    this.draft = new EnvironmentDraft({ id: "", name: "", color: "blue" });
  }

  /** A new one with everything of another but its name, its key in the keychain and its colour's meaning. */
  duplicate(of: EnvironmentDraft): void {
    const file = fileOf(of.form, of.id);
    if (isProblem(file)) {
      of.problem = file;
      return;
    }
    const name = copyName(
      file.name,
      this.list.map((it) => it.name),
    );
    this.#asked += 1;
    this.draft = new EnvironmentDraft({ ...file, id: "", name });
  }

  async save(draft: EnvironmentDraft): Promise<void> {
    if (await draft.save()) await this.#saved(draft);
  }

  /** Saves over what another program wrote meanwhile. */
  async keepMine(draft: EnvironmentDraft): Promise<void> {
    try {
      const { stamp } = await call("read_environment", { environment: draft.id });
      if (await draft.save(stamp)) await this.#saved(draft);
    } catch (cause) {
      draft.fault = asEngineError(cause);
    }
  }

  async takeTheirs(draft: EnvironmentDraft): Promise<void> {
    const summary = this.list.find((it) => it.path === draft.path);
    await this.load();
    if (summary) await this.edit(this.list.find((it) => it.path === summary.path) ?? summary);
  }

  /** Deletes the file, and says how to have it back. Its key stays where it is kept. */
  async remove(draft: EnvironmentDraft): Promise<void> {
    const { id, path, saved, stamp } = draft;
    if (path === null || stamp === null) {
      this.draft = null;
      return;
    }
    const wasActive = this.active === id;
    let handle: string | null;
    try {
      const done = await call("delete_environment", { path, stamp });
      this.#workbench.connection = done.connection;
      ({ handle } = done);
    } catch (cause) {
      draft.fault = asEngineError(cause);
      return;
    }
    this.draft = null;
    await this.load();
    this.#notices.add(`${saved.name} was deleted`, {
      text: wasActive
        ? "It was in use, so Rheostat is back on Mock without an environment. Its key is still kept."
        : "Its key is still kept.",
      ...(handle !== null && {
        action: { label: "Undo", run: () => void this.#restore(handle, wasActive ? id : null) },
      }),
      lasts: 10_000,
    });
  }

  /** Its file comes back as it was, with its id, so that its key is its own again. */
  async #restore(handle: string, use: string | null): Promise<void> {
    try {
      await call("restore_item", { handle });
      if (use !== null) await this.use(use);
    } catch (cause) {
      this.#notices.add("The environment was not put back", {
        text: asEngineError(cause).message,
        lasts: null,
      });
    }
    await this.load();
  }

  async #saved(draft: EnvironmentDraft): Promise<void> {
    await this.load();
    // It may be the one in use: its address, its colour and its key may be others now.
    if (this.active === draft.id) await this.use(draft.id);
    const { key } = await call("read_environment", { environment: draft.id }).catch(() => ({
      key: draft.key,
    }));
    draft.key = key;
    this.#notices.add("Saved", { text: draft.path ?? "" });
  }
}
