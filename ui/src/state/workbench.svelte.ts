// What the whole window knows: the workspace, the models, the connection, and which screen is up.
import type {
  Connection,
  ConnectionMode,
  EffortLevel,
  EngineError,
  FolderSummary,
  HistoryState,
  KeepKey,
  Model,
  Parameter,
  ParameterGroup,
  RequestFile,
  RequestSummary,
  ToolCharge,
  ToolKind,
  TreeNews,
} from "../contract/ipc";
import { asEngineError, call, preference, setPreference } from "../host";
import { moveComparison } from "./comparisons";
import { Draft, Drafts } from "./drafts.svelte";
import { RunHistory } from "./history.svelte";
import { MockServer } from "./mock.svelte";
import { ProductionGate } from "./production.svelte";
import { SchemaRoom } from "./schema.svelte";
import { Sendings } from "./sending.svelte";

export type Screen = "build" | "compare" | "schemas" | "mock" | "history" | "settings";

/** Edits that were not saved when the window closed. */
interface Unsaved {
  path: string;
  request: RequestFile;
}

/** Where the tool shows itself on a first start. */
const SAMPLE_NAME = "Flag locking DDL";

export class Workbench {
  readonly drafts = new Drafts();
  readonly sendings = new Sendings((nanos) => this.spent(nanos));
  readonly mock = new MockServer(
    (nanos) => this.spent(nanos),
    (calls) => this.production.ask(calls),
  );

  readonly schemas = new SchemaRoom();
  readonly production = new ProductionGate(this);
  readonly runHistory = new RunHistory();

  #screen = $state<Screen>("build");
  /** How often somebody went to a screen, be it the one that is up. */
  #went = 0;
  /** The unsaved edits that are kept for the next start, and the request that was in front. */
  #remembered = "";
  #inFront: string | null = null;
  ready = $state(false);
  /** Why the workbench could not be opened. */
  fault = $state.raw<EngineError | null>(null);

  version = $state("");
  workspaceName = $state("");
  workspaceFolder = $state("");
  /** Why the workspace is a temporary one, for this session. */
  workspaceProblem = $state.raw<EngineError | null>(null);
  /** In no order of its own: the tree sorts them. */
  requests = $state.raw<readonly RequestSummary[]>([]);
  /** The workspace itself ("") among them. */
  folders = $state.raw<readonly FolderSummary[]>([]);
  /** What stands in the way of seeing the workspace folder; what was known of it stays. */
  workspaceGone = $state.raw<EngineError | null>(null);
  models = $state.raw<readonly Model[]>([]);
  /** The whole ramp, in rising order. */
  efforts = $state.raw<readonly EffortLevel[]>([]);
  /** The rows of the request form. */
  parameters = $state.raw<readonly Parameter[]>([]);
  tools = $state.raw<readonly ToolKind[]>([]);
  toolCharges = $state.raw<readonly ToolCharge[]>([]);
  /** The headings over the rows. */
  parameterGroups = $state.raw<readonly ParameterGroup[]>([]);
  /** Why the user's own models or prices are left aside. */
  dataProblems = $state.raw<readonly EngineError[]>([]);
  priceDate = $state("");
  connection = $state.raw<Connection>({
    mode: "sample",
    baseUrl: "",
    liveBaseUrl: "",
    key: null,
    environment: null,
  });
  history = $state.raw<HistoryState>({ folder: "", problem: null });
  /** Billed today (UTC) for live replies, in nano-dollars. */
  spentToday = $state(0);
  /** No run is recorded yet, and nothing has been run in this session either. */
  firstStart = $state(false);

  /** The first level of each stop: what the dial always shows, and what its keys choose. */
  readonly ramp = $derived(
    this.efforts.filter((level, i) => this.efforts.findIndex((it) => it.stop === level.stop) === i),
  );

  /** Live was chosen, but there is no key to send with. */
  readonly needsKey = $derived(this.connection.mode === "live" && this.connection.key === null);

  get screen(): Screen {
    return this.#screen;
  }

  set screen(screen: Screen) {
    this.#went++;
    this.#screen = screen;
  }

  async open(): Promise<void> {
    const before = this.#went;
    try {
      const opened = await call("open_workbench", {});
      this.version = opened.version;
      this.workspaceName = opened.workspaceName;
      this.workspaceFolder = opened.workspaceFolder;
      this.workspaceProblem = opened.workspaceProblem;
      this.requests = opened.requests;
      this.folders = opened.folders;
      this.models = opened.models;
      const form = await call("list_parameters", {});
      this.parameters = form.parameters;
      this.tools = form.tools;
      this.toolCharges = form.toolCharges;
      this.parameterGroups = form.groups;
      this.dataProblems = opened.dataProblems;
      this.efforts = opened.efforts;
      this.priceDate = opened.priceDate;
      this.connection = opened.connection;
      this.history = opened.history;
      this.spentToday = opened.spentToday;
      this.firstStart = opened.firstStart;
      this.fault = null;
      await this.#openTabs();
      // Who went to a screen while it loaded stays there.
      if (this.firstStart && this.connection.mode === "sample" && this.#went === before) {
        this.screen = "compare";
      }
      this.ready = true;
    } catch (cause) {
      this.fault = asEngineError(cause);
    }
  }

  /** Opens a request of the list, in front. */
  async openRequest(path: string): Promise<void> {
    const summary = this.requests.find((it) => it.path === path);
    await this.drafts.open(path, summary?.name ?? path);
    this.#rememberTabs();
  }

  closeRequest(path: string): void {
    this.drafts.close(path);
    this.#rememberTabs();
  }

  reopenRequest(): void {
    this.drafts.reopen();
    this.#rememberTabs();
  }

  /** Makes a new file, empty or like another request, and opens it. */
  async createRequest(folder: string, name: string, like: RequestFile | null): Promise<void> {
    const made = await call("create_request", { folder, name, like });
    this.#list(made.summary);
    this.drafts.add(new Draft(made.opened));
    this.screen = "build";
    this.#rememberTabs();
  }

  async save(draft: Draft): Promise<boolean> {
    const summary = await draft.save();
    if (summary) this.#list(summary);
    return summary !== null;
  }

  async keepMine(draft: Draft): Promise<boolean> {
    const summary = await draft.keepMine();
    if (summary) this.#list(summary);
    return summary !== null;
  }

  /** Writes a file that is not there any more anew. */
  async saveAgain(draft: Draft): Promise<boolean> {
    const summary = await draft.saveAgain();
    if (summary) this.#list(summary);
    return summary !== null;
  }

  /** What is known of the tree now. Everything in it takes the place of what was known. */
  apply(news: TreeNews): void {
    if (news.folders) this.folders = news.folders;
    const named = new Map(news.requests.map((it) => [it.path, it]));
    const removed = new Set(news.removed);
    if (news.whole) this.requests = news.requests;
    else if (named.size > 0 || removed.size > 0) {
      const kept: RequestSummary[] = [];
      for (const request of this.requests) {
        if (removed.has(request.path) && !named.has(request.path)) continue;
        kept.push(named.get(request.path) ?? request);
        named.delete(request.path);
      }
      this.requests = [...kept, ...named.values()];
    }
    this.workspaceGone = news.problem;
  }

  /** An item of the tree lies elsewhere now, with all that is open of it. */
  relocate(from: string, to: string, stamp: string, name: string | null): void {
    this.drafts.relocate(from, to, stamp, name);
    if (from !== to) moveComparison(this, from, to);
    this.#rememberTabs();
  }

  /** Rejects with the engine's error, for the form that asked. */
  async setConnection(mode: ConnectionMode, liveBaseUrl: string | null): Promise<void> {
    this.connection = (await call("set_connection", { mode, liveBaseUrl })).connection;
  }

  /**
   * Takes a typed key for an environment, by its id; null for none. Rejects with the engine's error, for the form
   * that asked. The key is not kept here.
   */
  async setKey(
    key: string,
    keep: KeepKey = "keychain_else_session",
    environment: string | null = null,
  ): Promise<void> {
    this.connection = (await call("set_key", { key, keep, environment })).connection;
  }

  /** Reads the list of requests anew, after files came or went. */
  async relist(): Promise<void> {
    const listed = await call("list_requests", {});
    this.requests = listed.requests;
    this.folders = listed.folders;
  }

  /** Adds what a live answer cost to today's figure. What Mock replies costs nothing. */
  spent(nanos: number): void {
    this.spentToday += nanos;
  }

  model(id: string | null): Model | null {
    return this.models.find((model) => model.id === id) ?? null;
  }

  /** The levels on the dial of a model: the ramp, what else it offers, and what is chosen. */
  levelsFor(model: Model | null, chosen: string | null): EffortLevel[] {
    return this.efforts.filter(
      (level) =>
        this.ramp.includes(level) || model?.efforts.includes(level.value) || level.value === chosen,
    );
  }

  effort(value: string | null): EffortLevel | null {
    return this.efforts.find((effort) => effort.value === value) ?? null;
  }

  #list(summary: RequestSummary): void {
    this.requests = this.requests.some((it) => it.path === summary.path)
      ? this.requests.map((it) => (it.path === summary.path ? summary : it))
      : [...this.requests, summary];
  }

  async #openTabs(): Promise<void> {
    const known = this.requests.map((it) => it.path);
    const tabs = ((await preference<string[]>("tabs").catch(() => null)) ?? []).filter((path) =>
      known.includes(path),
    );
    const last = await preference<string>("lastRequest").catch(() => null);
    const sample = this.requests.find((it) => it.name === SAMPLE_NAME) ?? this.requests[0];
    const front = this.firstStart || !last || !known.includes(last) ? sample?.path : last;
    for (const path of front && !tabs.includes(front) ? [...tabs, front] : tabs) {
      await this.openRequest(path);
    }
    if (front) this.drafts.activePath = front;
    const unsaved = await preference<string>("unsaved").catch(() => null);
    for (const { path, request } of JSON.parse(unsaved ?? "[]") as Unsaved[]) {
      const tab = this.drafts.tabs.find((it) => it.path === path);
      if (tab instanceof Draft && tab.request.id === request.id) tab.edit(() => request);
    }
  }

  /** What would be lost if the window closed now. */
  get unsaved(): Unsaved[] {
    return this.drafts.tabs.flatMap((tab) =>
      tab instanceof Draft && tab.dirty ? [{ path: tab.path, request: tab.request }] : [],
    );
  }

  /** Keeps unsaved edits for the next start, and which request was in front. */
  async rememberEdits(): Promise<void> {
    const { activePath } = this.drafts;
    if (activePath && activePath !== this.#inFront) {
      const keep = () => (this.#inFront = activePath);
      await setPreference("lastRequest", activePath).then(keep, () => {});
    }
    // As text: of an object the page is asked about every value in it.
    const text = JSON.stringify(this.unsaved);
    if (text === this.#remembered) return;
    const keep = () => (this.#remembered = text);
    await setPreference("unsaved", text).then(keep, () => {});
  }

  /** How long it is quiet before unsaved edits are kept, in ms: hundreds of KB are not written out after every word. */
  get rememberAfter(): number {
    return this.#remembered.length > 100_000 ? 2_000 : 400;
  }

  #rememberTabs(): void {
    // A preference that can't be kept is no reason to interrupt anybody.
    void setPreference(
      "tabs",
      this.drafts.tabs.map((tab) => tab.path),
    ).catch(() => {});
  }
}
