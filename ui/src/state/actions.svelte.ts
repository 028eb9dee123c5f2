// What each command does, and why it can't be done now. One place for keys, palette and buttons.
import { asEngineError, call } from "../host";
import type { CodeKind, KeepKey } from "../contract/ipc";
import type { CommandId, FieldCommand } from "../lib/commands";
import { BLANK } from "../lib/mock-examples";
import { forces } from "../lib/tools";
import { isApproval, stuck, waiting } from "../lib/turn";
import { effortPath } from "../lib/wire";
import { Appearance, type Theme } from "./appearance.svelte";
import { Budget } from "./budget.svelte";
import { Collections } from "./collections.svelte";
import { comparisonOf } from "./comparisons";
import { Draft } from "./drafts.svelte";
import { Environments } from "./environments.svelte";
import { doToField, fieldBlocked } from "./field-commands";
import { Exporting } from "./exporting.svelte";
import { Importing } from "./importing.svelte";
import { LiveGate } from "./live-gate.svelte";
import { Notices } from "./notices.svelte";
import { RequestCode } from "./request-code.svelte";
import { SchemaFile } from "./schema-files.svelte";
import { hasSchema, type SchemaDoc } from "./schema.svelte";
import { restore } from "./restore";
import type { Sending } from "./sending.svelte";
import type { Workbench } from "./workbench.svelte";

const NEEDS_KEY = "Live has no API key. Add one in the connection menu, or use Mock.";

/** A dial stop per command, in the order of the ramp. */
const EFFORT_COMMANDS: readonly CommandId[] = [
  "effort_1",
  "effort_2",
  "effort_3",
  "effort_4",
  "effort_5",
];

const CODE_COMMANDS: Partial<Record<CommandId, CodeKind>> = {
  copy_curl: "curl",
  copy_python: "python",
  copy_node: "node",
  copy_rust: "rust",
};

/** Why the body of a request can't be read; null where it can. */
function brokenSaid(draft: Draft): string | null {
  return draft.broken ? `Fix line ${draft.broken.line} of the JSON body first.` : null;
}

/** Why a request can't be sent as it stands; null where it can. */
function unsendable(draft: Draft): string | null {
  const names = draft.lint.unresolved.map((name) => `{{${name}}}`);
  if (draft.broken || names.length === 0) return brokenSaid(draft);
  return names.length === 1
    ? `${names[0]} has no value. Give it one first.`
    : `${names.slice(0, -1).join(", ")} and ${names.at(-1)} have no value. Give them one first.`;
}

export class Actions {
  readonly workbench: Workbench;
  readonly appearance = new Appearance();
  readonly notices = new Notices();
  readonly liveGate = new LiveGate();
  readonly budget = new Budget();
  readonly code = new RequestCode(this.notices);
  readonly collections: Collections;
  readonly environments: Environments;
  readonly importing: Importing;
  readonly exporting: Exporting;

  paletteOpen = $state(false);
  connectionOpen = $state(false);
  environmentOpen = $state(false);
  /** Settings opens at its environments, at the one of this id or at none (""), once. */
  environmentWanted = $state<string | null>(null);
  newRequestOpen = $state(false);
  /** The other endpoint is asked for; the request's head answers. */
  endpointWanted = $state(false);
  /** Settings opens at its spending limits, once. */
  budgetWanted = $state(false);
  /** Settings opens at the list of shortcuts, once. */
  shortcutsWanted = $state(false);

  constructor(workbench: Workbench) {
    this.workbench = workbench;
    this.collections = new Collections(workbench, this.notices);
    this.environments = new Environments(workbench, this.notices);
    this.importing = new Importing(workbench, this.notices, () => void this.environments.load());
    this.exporting = new Exporting(workbench, this.notices);
  }

  get #draft(): Draft | null {
    return this.workbench.drafts.active;
  }

  /** The schema of the request in front. */
  get schema(): SchemaDoc | null {
    const draft = this.workbench.schemas.files.active ?? this.#draft;
    return draft && hasSchema(draft) ? this.workbench.schemas.of(draft) : null;
  }

  /** What save, undo and redo are about: a schema file on its screen, else the request in front. */
  get #edited(): Draft | null {
    const { screen, schemas } = this.workbench;
    return (screen === "schemas" && schemas.files.active) || this.#draft;
  }

  get #sending(): Sending | null {
    return this.#draft ? this.workbench.sendings.of(this.#draft.request.id) : null;
  }

  /** Why a command can't be done now; null where it can. */
  blocked(id: CommandId): string | null {
    const draft = this.#draft;
    switch (id) {
      case "run":
        if (!draft) return "Open a request to run it.";
        if (this.workbench.needsKey) {
          return NEEDS_KEY;
        }
        if (unsendable(draft)) return unsendable(draft);
        return this.#sending?.running ? "This request is running. Stop it to run it again." : null;
      case "run_levels":
        if (!draft) return "Open a request first.";
        return this.workbench.needsKey ? NEEDS_KEY : unsendable(draft);
      case "run_live":
        if (!draft) return "Open a request to run it.";
        if (this.workbench.connection.mode === "live")
          return "The connection is Live already. Use Run.";
        if (unsendable(draft)) return unsendable(draft);
        return this.#sending?.running ? "This request is running. Stop it to run it again." : null;
      case "save_as_mock":
        return this.#unsavable();
      case "schema_from_sample":
        return this.schema ? null : "Open a request with an output schema first.";
      case "fix_schema":
        if (!this.schema) return "Open a request with an output schema first.";
        return this.schema.checked?.counts.problems ? null : "Strict mode has no problem with it.";
      case "field_add":
      case "field_add_inside":
      case "field_find":
      case "field_rename":
      case "field_duplicate":
      case "field_delete":
      case "field_up":
      case "field_down":
      case "field_in":
      case "field_out":
        if (!this.schema || this.workbench.screen !== "schemas") return "Open Schemas first.";
        return fieldBlocked(this.schema, id);
      case "restore_run":
        return this.#unrestorable();
      case "clear_log":
        return this.workbench.mock.log.rows?.length ? null : "The request log is empty.";
      case "continue_run":
        return this.#uncontinued();
      case "stop":
        if (this.workbench.screen !== "build") return "Nothing is running here.";
        return this.#sending?.running ? null : "Nothing is running here.";
      case "save":
        if (!this.#edited) return "Open a request to save it.";
        if (this.#edited.broken) return brokenSaid(this.#edited);
        return this.#edited.dirty || this.schema?.behind ? null : "No unsaved changes.";
      case "undo":
        return this.#edited?.steps.back || this.schema?.behind ? null : "Nothing to undo.";
      case "redo":
        return this.#edited?.steps.forward ? null : "Nothing to redo.";
      case "duplicate_request":
      case "compare":
      case "edit_tags":
        return draft ? null : "Open a request first.";
      case "copy_code":
      case "copy_curl":
      case "copy_python":
      case "copy_node":
      case "copy_rust":
      case "switch_endpoint":
        return draft ? brokenSaid(draft) : "Open a request first.";
      case "next_problem":
        if (!draft) return "Open a request first.";
        return draft.broken || draft.lint.open.length > 0 ? null : "There is no problem.";
      case "fix_request":
        if (!draft) return "Open a request first.";
        if (draft.broken) return brokenSaid(draft);
        return draft.lint.open.some((it) => it.fix?.safe)
          ? null
          : "There is no problem that can be fixed without a choice.";
      case "versions":
        return this.workbench.drafts.activePath === null ? "Open a request first." : null;
      case "rename_item":
      case "move_item":
        return this.collections.row ? null : "Choose an item of the collections first.";
      case "close_tab":
      case "next_tab":
      case "previous_tab":
        return this.workbench.drafts.tabs.length > 0 ? null : "No tab is open.";
      case "copy_output":
      case "go_to_output":
        return this.#sending?.lane?.texts("output").length ? null : "There is no output yet.";
      case "effort_1":
      case "effort_2":
      case "effort_3":
      case "effort_4":
      case "effort_5":
        if (!draft) return "Open a request first.";
        return brokenSaid(draft) ?? this.lockOf(draft, this.#effortOf(id));
      case "export":
        return this.workbench.requests.length > 0 ? null : "There is no request to export.";
      case "toggle_live":
        return this.workbench.connection.mode === "sample" && !this.workbench.connection.key
          ? "Live needs an API key. Add one in the connection menu."
          : null;
      default:
        return null;
    }
  }

  /** Does a command, if it can be done. What it can't do itself, the window does: false. */
  do(id: CommandId): boolean {
    const reason = this.blocked(id);
    if (reason !== null) {
      // A press that does nothing must say why, but not each stray Escape or undo.
      if ((id === "run" || id === "run_levels") && this.workbench.needsKey)
        this.connectionOpen = true;
      return true;
    }
    const { workbench, appearance } = this;
    const draft = this.#draft;
    switch (id) {
      case "palette":
        this.paletteOpen = true;
        return true;
      case "run":
        workbench.screen = "build";
        void this.run();
        return true;
      case "run_levels":
        workbench.screen = "compare";
        if (draft) void comparisonOf(workbench, draft.path).start();
        return true;
      case "continue_run":
        void this.continueRun();
        return true;
      case "stop":
        void this.#sending?.stop();
        return true;
      case "run_live":
        void this.runLive();
        return true;
      case "save_as_mock":
        void this.saveAsMock();
        return true;
      case "open_mock":
        workbench.screen = "mock";
        void workbench.mock.toggleOpen();
        return true;
      case "record_mock":
        workbench.screen = "mock";
        workbench.mock.askToRecord();
        return true;
      case "new_rule":
        workbench.screen = "mock";
        workbench.mock.tab = "rules";
        workbench.mock.rules.add(BLANK);
        return true;
      case "clear_log":
        void workbench.mock.log.clear();
        return true;
      case "show_schemas":
        workbench.screen = "schemas";
        return true;
      case "schema_from_sample":
        workbench.screen = "schemas";
        workbench.schemas.sampleOpen = true;
        return true;
      case "fix_schema":
        workbench.screen = "schemas";
        void this.schema?.fix(null);
        return true;
      case "field_add":
      case "field_add_inside":
      case "field_find":
      case "field_rename":
      case "field_duplicate":
      case "field_delete":
      case "field_up":
      case "field_down":
      case "field_in":
      case "field_out":
        if (this.schema) this.doToField(this.schema, id);
        return true;
      case "show_mock":
        workbench.screen = "mock";
        return true;
      case "show_history":
        workbench.screen = "history";
        return true;
      case "find_run":
        workbench.screen = "history";
        workbench.runHistory.searchWanted = true;
        return true;
      case "restore_run":
        void this.restoreRun();
        return true;
      case "save":
        void this.save();
        return true;
      case "undo":
        this.schema?.settle();
        this.#edited?.undo();
        return true;
      case "redo":
        this.#edited?.redo();
        return true;
      case "new_request":
        workbench.screen = "build";
        this.newRequestOpen = true;
        return true;
      case "duplicate_request":
        void this.duplicate();
        return true;
      case "new_folder":
        this.collections.drawer = true;
        void this.collections.createFolder(this.collections.here);
        return true;
      case "rename_item":
        this.collections.drawer = true;
        if (this.collections.row) this.collections.startRename(this.collections.row.path);
        return true;
      case "move_item":
        if (this.collections.row) void this.collections.ask("move", this.collections.row.path);
        return true;
      case "folder_settings":
        void this.collections.ask("folder", this.collections.here);
        return true;
      case "edit_tags":
        if (draft) void this.collections.ask("tags", draft.path);
        return true;
      case "versions":
        if (workbench.drafts.activePath) {
          void this.collections.ask("versions", workbench.drafts.activePath);
        }
        return true;
      case "search_collections":
        this.collections.drawer = true;
        this.collections.searchWanted = true;
        return true;
      case "close_tab":
        if (workbench.drafts.activePath) this.close(workbench.drafts.activePath);
        return true;
      case "reopen_tab":
        workbench.reopenRequest();
        return true;
      case "next_tab":
        workbench.drafts.cycle(1);
        return true;
      case "previous_tab":
        workbench.drafts.cycle(-1);
        return true;
      case "effort_1":
      case "effort_2":
      case "effort_3":
      case "effort_4":
      case "effort_5":
        draft?.setBody(effortPath(draft.request.endpoint), this.#effortOf(id));
        return true;
      case "compare":
      case "show_compare":
        workbench.screen = "compare";
        return true;
      case "show_build":
        workbench.screen = "build";
        return true;
      case "show_settings":
        workbench.screen = "settings";
        return true;
      case "show_shortcuts":
        this.shortcutsWanted = true;
        workbench.screen = "settings";
        return true;
      case "connection":
        this.connectionOpen = true;
        return true;
      case "environment":
        this.environmentOpen = true;
        return true;
      case "show_environments":
        this.showEnvironments();
        return true;
      case "import":
        this.importing.open();
        return true;
      case "export":
        void this.exporting.open();
        return true;
      case "toggle_live":
        void this.setMode(workbench.connection.mode === "live" ? "sample" : "live");
        return true;
      case "toggle_sidebar":
        appearance.change({ sidebarFolded: !appearance.sidebarFolded });
        return true;
      case "zoom_in":
        appearance.zoomBy(1);
        return true;
      case "zoom_out":
        appearance.zoomBy(-1);
        return true;
      case "zoom_reset":
        appearance.zoomReset();
        return true;
      case "theme_system":
      case "theme_light":
      case "theme_dark":
        appearance.change({ theme: id.slice("theme_".length) as Theme });
        return true;
      case "copy_code":
      case "copy_curl":
      case "copy_python":
      case "copy_node":
      case "copy_rust":
        if (draft) void this.code.copy(draft, CODE_COMMANDS[id] ?? null);
        return true;
      case "paste_request":
        this.code.open();
        return true;
      case "next_problem":
        workbench.screen = "build";
        if (draft?.broken) draft.lint.wanted = "";
        else draft?.lint.next();
        return true;
      case "fix_request":
        workbench.screen = "build";
        void draft?.lint.fix(draft, null);
        return true;
      case "switch_endpoint":
        workbench.screen = "build";
        this.endpointWanted = true;
        return true;
      case "copy_output":
      case "copy_base_url":
      case "go_to_output":
      case "next_pane":
      case "previous_pane":
        return false;
    }
  }

  /** Does a command to the chosen field of a schema, on whatever screen it is. */
  doToField(doc: SchemaDoc, id: FieldCommand): void {
    doToField(doc, this.notices, id);
  }

  async run(): Promise<void> {
    const draft = this.#draft;
    if (!draft) return;
    const { request } = draft;
    const body = await draft.lint.sent(request);
    // Only the answer to the text as it stands tells.
    if (unsendable(draft) !== null) return;
    const outgoing = { request: { ...request, body }, efforts: [], repeats: 1 };
    const sending = this.workbench.sendings.of(request.id);
    await this.workbench.production.guard(outgoing, async () => {
      await sending.send(outgoing.request);
      return sending.fault;
    });
  }

  /** Sends the replies that were typed, and goes on with the turn. */
  async continueRun(): Promise<void> {
    const draft = this.#draft;
    const sending = this.#sending;
    if (!draft || !sending?.lane) return;
    const replies = waiting(sending.lane.facts).map(({ call }) => ({
      callId: call.callId!,
      output: sending.replies[call.callId!] ?? "",
    }));
    const free = sending.freeChoice && forces(draft.request.body["tool_choice"]);
    const { request } = draft;
    await this.workbench.production.guard({ request, efforts: [], repeats: 1 }, async () => {
      await sending.continueRun(request, replies, free);
      return sending.fault;
    });
  }

  /** Sends the request live, through the gate. Without a key it asks for one. */
  async runLive(): Promise<void> {
    if (!this.workbench.connection.key) {
      this.connectionOpen = true;
      this.notices.add("Live needs an API key", { text: "Add one, then run again." });
      return;
    }
    await this.liveGate.show(this.#draft?.request ?? null, true);
  }

  /** Keeps the answer on show as a recording, and says where it is. */
  async saveAsMock(): Promise<void> {
    const run = this.#sending?.lane?.facts;
    if (!run) return;
    const { mock } = this.workbench;
    try {
      const { file, name, known } = await call("save_as_mock", { runId: run.id });
      this.notices.add(known ? "Saved as mock before" : "Saved as mock", {
        text: known
          ? `The recording "${name}" holds the same answer. Nothing was written.`
          : `Mock can answer with "${name}" from now on.`,
        action: {
          label: "Open in Mock",
          run: () => {
            mock.tab = "recordings";
            mock.pointedAt = file;
            this.workbench.screen = "mock";
          },
        },
        lasts: 10_000,
      });
      if (mock.state) await mock.load();
    } catch (cause) {
      const fault = asEngineError(cause);
      this.notices.add("The answer was not saved as mock", {
        text: [fault.message, fault.hint].filter(Boolean).join(" "),
        lasts: null,
      });
    }
  }

  /** Opens a run in History, whatever is on the list there. */
  showRun(id: string): void {
    this.workbench.screen = "history";
    void this.workbench.runHistory.show(id);
  }

  /** Brings back what the run that is open in History had sent. */
  async restoreRun(): Promise<void> {
    const run = this.workbench.runHistory.open?.whole;
    if (!run) return;
    const done = await restore(this.workbench, run);
    switch (done.kind) {
      case "edited":
        return this.notices.add("Request restored", {
          text: `${done.name} stands as it was sent then, not saved yet.`,
          action: { label: "Undo", run: done.undo },
          lasts: 10_000,
        });
      case "made":
        return this.notices.add("Restored as a new request", {
          text: `Its own file is gone. ${done.name} holds what was sent.`,
          action: { label: "Undo", run: () => void this.#unmake(done.undo) },
          lasts: 10_000,
        });
      case "same":
        return this.notices.add("Nothing to restore", {
          text: `${done.name} stands as it was sent then.`,
        });
      case "failed":
        return this.notices.add("The request was not restored", {
          text: [done.fault.message, done.fault.hint].filter(Boolean).join(" "),
          lasts: null,
        });
    }
  }

  async #unmake(undo: () => Promise<void>): Promise<void> {
    try {
      await undo();
    } catch (cause) {
      this.notices.add("The new request is still there", {
        text: asEngineError(cause).message,
        lasts: null,
      });
    }
  }

  async save(): Promise<void> {
    this.schema?.settle();
    const draft = this.#edited;
    if (!draft) return;
    if (draft instanceof SchemaFile) return this.#saveSchema(draft);
    if (await this.workbench.save(draft)) {
      this.notices.add("Saved", { text: draft.path });
    } else if (draft.fault && this.workbench.screen !== "build") {
      // Build shows it with what can be done; elsewhere it would go unseen.
      this.notices.add("Not saved. Your edits are still here", {
        text: [draft.fault.message, draft.fault.hint].filter(Boolean).join(" "),
        lasts: null,
      });
    }
  }

  async #saveSchema(file: SchemaFile): Promise<void> {
    await file.save();
    if (file.fault || file.theirs || file.gone) return;
    const { files } = this.workbench.schemas;
    await files.load();
    const users = files.summary(file.path)?.usedBy.map((it) => it.name) ?? [];
    this.notices.add("Saved", {
      text: users.length > 0 ? `${file.path} is used by ${users.join(", ")}.` : file.path,
    });
  }

  async duplicate(): Promise<void> {
    const draft = this.#draft;
    if (!draft) return;
    const folder = draft.path.includes("/") ? draft.path.slice(0, draft.path.lastIndexOf("/")) : "";
    await this.create(folder, `${draft.name} copy`, draft.request);
  }

  async create(
    folder: string,
    name: string,
    like: Parameters<Workbench["createRequest"]>[2],
  ): Promise<boolean> {
    try {
      await this.workbench.createRequest(folder, name, like);
      return true;
    } catch (cause) {
      const fault = asEngineError(cause);
      this.notices.add("The request was not made", { text: fault.message, lasts: null });
      return false;
    }
  }

  /** Closes a tab; edits that are not saved can be had back. */
  close(path: string): void {
    const tab = this.workbench.drafts.tabs.find((it) => it.path === path);
    this.workbench.closeRequest(path);
    if (tab instanceof Draft && tab.dirty) {
      this.notices.add("Closed with unsaved changes", {
        text: `${tab.name} keeps them until the window closes.`,
        action: { label: "Reopen", run: () => void this.workbench.openRequest(path) },
        lasts: 10_000,
      });
    }
  }

  /** Changes the connection. The way to Live leads through its gate, where there is a key to send with. */
  async setMode(mode: "sample" | "live"): Promise<void> {
    const { connection } = this.workbench;
    if (mode === "live" && connection.mode !== "live" && connection.key) {
      this.connectionOpen = false;
      await this.liveGate.show(this.#draft?.request ?? null);
      return;
    }
    await this.#connect(mode);
  }

  /** What the gate's button does. Who runs from there was asked there about production too. */
  async goLive(run = false): Promise<void> {
    const { workbench } = this;
    await this.#connect("live");
    if (!run || workbench.connection.mode !== "live") return;
    if (workbench.production.needed) await workbench.production.confirm();
    workbench.screen = "build";
    this.notices.add("The connection is Live now", {
      text: "Runs are charged to your key until you switch back.",
      action: { label: "Back to Mock", run: () => void this.setMode("sample") },
      lasts: 10_000,
    });
    await this.run();
  }

  /**
   * Takes a typed key for an environment. Where Live waited for one, the gate comes first. Rejects with the engine's
   * error.
   */
  async useKey(
    key: string,
    keep: KeepKey = "keychain_else_session",
    environment: string | null = this.environments.active,
  ): Promise<void> {
    const waited = this.workbench.needsKey && environment === this.environments.active;
    await this.workbench.setKey(key, keep, environment);
    if (waited && this.workbench.connection.key) await this.#throughGate();
  }

  /** Takes the API key of the Codex sign-in, as `useKey` does. The user has been asked. */
  async useCodexKey(environment: string | null): Promise<void> {
    const waited = this.workbench.needsKey && environment === this.environments.active;
    const used = await call("use_codex_key", { consent: true, environment });
    this.workbench.connection = used.connection;
    if (waited && used.connection.key) await this.#throughGate();
  }

  /** Settings, at the environments. */
  showEnvironments(id = ""): void {
    this.connectionOpen = false;
    this.environmentWanted = id;
    this.workbench.screen = "settings";
  }

  async #throughGate(): Promise<void> {
    await this.#connect("sample");
    await this.setMode("live");
  }

  showBudget(): void {
    this.workbench.screen = "settings";
    this.budgetWanted = true;
  }

  async #connect(mode: "sample" | "live"): Promise<void> {
    try {
      await this.workbench.setConnection(mode, null);
    } catch (cause) {
      this.notices.add("The connection was not changed", {
        text: asEngineError(cause).message,
        lasts: null,
      });
    }
  }

  /** Why a level can't be chosen for a draft; null where it can. */
  lockOf(draft: Draft, effort: string): string | null {
    const model = this.workbench.model(draft.model);
    if (!model || model.efforts.includes(effort)) return null;
    const name = (value: string) => this.workbench.effort(value)?.name ?? value;
    const offered = model.efforts.map(name);
    const list =
      offered.length > 1
        ? `${offered.slice(0, -1).join(", ")} and ${offered.at(-1)}`
        : offered.join("");
    return `${model.id} does not offer ${name(effort)}. It offers ${list}.`;
  }

  /** Why the turn on show can't go on. */
  #uncontinued(): string | null {
    const sending = this.#sending;
    const calls = sending?.lane ? waiting(sending.lane.facts) : [];
    if (!sending?.lane || calls.length === 0) return "No call waits for a reply.";
    const beyond = stuck(sending.lane.facts);
    if (beyond !== null) return beyond;
    const bare = calls.find(({ call }) => !sending.replies[call.callId!]?.trim())?.call;
    if (!bare) return this.blocked("run");
    return isApproval(bare)
      ? `Approve or deny ${bare.name} first.`
      : `Type a reply to ${bare.name} first.`;
  }

  /** Why the run on show can't be kept as a recording. */
  #unsavable(): string | null {
    const lane = this.#sending?.lane;
    if (this.workbench.screen !== "build" || !lane) return "Run a request in Build first.";
    if (!lane.over) return "Wait for the run to end, or stop it.";
    if (lane.facts.sample === "replayed") return "This reply is a recording already.";
    return lane.facts.events === 0 ? "The run brought no answer to save." : null;
  }

  /** Why the request of the run that is open in History can't be restored. */
  #unrestorable(): string | null {
    const { open } = this.workbench.runHistory;
    if (open === null) return "Open a run in History first.";
    if (open.whole === null) return "It is being read.";
    return open.whole.body === null ? "It sent nothing that a request could hold." : null;
  }

  #effortOf(id: CommandId): string {
    return this.workbench.ramp[EFFORT_COMMANDS.indexOf(id)]?.value ?? "";
  }
}
