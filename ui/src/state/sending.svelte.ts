// Sending one request: its run as it grows, the figures of earlier runs, and the run's events.
import type {
  EngineError,
  EventRow,
  RequestFile,
  RequestFiguresOutput,
  RunPatch,
  RunView,
  ToolReply,
} from "../contract/ipc";
import { asEngineError, call, stream } from "../host";
import { asText } from "../lib/body";
import { standing } from "../lib/turn";
import { agrees, RunLane } from "./runs.svelte";

/** So many steps go on by stub alone; then a person looks. */
const STEPS_BY_STUB = 8;

/** A run that the one on show goes on from, and what its calls were answered with. */
export interface Step {
  lane: RunLane;
  replies: readonly ToolReply[];
}

let tickets = 0;

/** A handle for `stop_run` that no other stream of this window has. */
function newTicket(): string {
  tickets += 1;
  return `send-${tickets}-${Date.now().toString(36)}`;
}

/** The events of one run, loaded when somebody looks. */
export class EventLog {
  readonly runId: string;
  rows = $state.raw<readonly EventRow[] | null>(null);
  total = $state(0);
  fault = $state.raw<EngineError | null>(null);

  constructor(runId: string) {
    this.runId = runId;
  }

  async load(): Promise<void> {
    try {
      const { rows, total } = await call("list_events", { runId: this.runId });
      this.rows = rows;
      this.total = total;
      this.fault = null;
    } catch (cause) {
      this.fault = asEngineError(cause);
    }
  }

  /** One event's data, byte for byte. Rejects with the engine's error. */
  async read(index: number): Promise<string> {
    return (await call("read_event", { runId: this.runId, index })).raw;
  }
}

/** One request's runs, whether its tab is in front or not. */
export class Sending {
  readonly requestId: string;
  readonly #onSpent: (nanos: number) => void;
  #ticket: string | null = null;
  #figuresFor = "";

  /** The run on show: the last one, or the one that runs. */
  lane = $state.raw<RunLane | null>(null);
  /** The runs before it in the same turn, the first one first. */
  earlier = $state.raw<readonly Step[]>([]);
  /** Replies that are being typed, by the id of their call. */
  replies = $state<Record<string, string>>({});
  /** Continue lets the model answer where the tool choice would make it call again. */
  freeChoice = $state(true);
  running = $state(false);
  stopping = $state(false);
  /** It was sent in this session, so that its changes are news. */
  ranHere = $state(false);
  /** Why the last run never came to be. */
  fault = $state.raw<EngineError | null>(null);
  figures = $state.raw<RequestFiguresOutput | null>(null);
  events = $state.raw<EventLog | null>(null);
  /** The response tab that was last in use. It sticks to the request. */
  view = $state("output");

  constructor(requestId: string, onSpent: (nanos: number) => void) {
    this.requestId = requestId;
    this.#onSpent = onSpent;
  }

  /** Shows the last recorded run, unless there is one on show already. */
  async showLast(): Promise<void> {
    try {
      const { run, earlier } = await call("last_run", { requestId: this.requestId });
      if (!run || this.lane !== null) return;
      this.#show(
        RunLane.from(run),
        earlier.map((step) => ({ lane: RunLane.from(step.run), replies: step.replies })),
      );
    } catch {
      // No history is no run to show; why it can't be read stands in the banner.
    }
  }

  /** Reads the figures of earlier runs for a model. */
  async loadFigures(model: string): Promise<void> {
    this.#figuresFor = model;
    try {
      const figures = await call("request_figures", { requestId: this.requestId, model });
      // The model may have been changed again while these were read.
      if (this.#figuresFor === model) this.figures = figures;
    } catch {
      if (this.#figuresFor === model) this.figures = null;
    }
  }

  /** Sends the request as it stands. Resolves when the turn is over, or waits for a person's reply. */
  async send(request: RequestFile): Promise<void> {
    await this.#run(request, [], (ticket, onPatch) => stream("send", { ticket, request }, onPatch));
    await this.#byStub(request);
  }

  /** Answers the calls of the run on show, and goes on with its turn. */
  async continueRun(
    request: RequestFile,
    replies: readonly ToolReply[],
    freeChoice: boolean,
  ): Promise<void> {
    await this.#step(request, replies, freeChoice);
    await this.#byStub(request);
  }

  /** Goes on for as long as every call has a reply that it always gets. */
  async #byStub(request: RequestFile): Promise<void> {
    for (let step = 0; step < STEPS_BY_STUB; step++) {
      const replies = this.lane && this.fault === null ? standing(request, this.lane.facts) : null;
      if (replies === null || !(await this.#step(request, replies, true))) return;
    }
  }

  async #step(
    request: RequestFile,
    replies: readonly ToolReply[],
    freeChoice: boolean,
  ): Promise<boolean> {
    const lane = this.lane;
    if (lane === null) return false;
    const runId = lane.facts.id;
    const earlier = [...this.earlier, { lane, replies }];
    const input = { request, runId, replies: [...replies], freeChoice };
    return this.#run(request, earlier, (ticket, onPatch) =>
      stream("continue_run", { ...input, ticket }, onPatch),
    );
  }

  /** True where it came to a run. */
  async #run(
    request: RequestFile,
    earlier: readonly Step[],
    begin: (ticket: string, onPatch: (patch: RunPatch) => void) => Promise<{ run: RunView }>,
  ): Promise<boolean> {
    if (this.running) return false;
    const ticket = newTicket();
    this.#ticket = ticket;
    this.running = true;
    this.ranHere = true;
    this.stopping = false;
    this.fault = null;
    let lane: RunLane | null = null;
    try {
      const { run } = await begin(ticket, (patch) => {
        for (const change of patch.lanes) {
          if (lane === null) {
            if (change.facts === null) continue;
            lane = new RunLane(change.facts);
            this.#show(lane, earlier);
          }
          lane.apply(change);
        }
      });
      const shown = lane as RunLane | null;
      if (shown !== null && shown.over && agrees(shown, run)) shown.facts = run.facts;
      else this.#show(RunLane.from(run), earlier);
      if (run.facts.sample === null) this.#onSpent(run.facts.bill?.total ?? 0);
      return true;
    } catch (cause) {
      const fault = asEngineError(cause);
      if (fault.code !== "cancelled") this.fault = fault;
      return false;
    } finally {
      this.running = false;
      this.stopping = false;
      this.#ticket = null;
      void this.loadFigures(asText(request.body.model) ?? "");
      void this.events?.load();
    }
  }

  async stop(): Promise<void> {
    if (this.#ticket === null || this.stopping) return;
    this.stopping = true;
    try {
      await call("stop_run", { ticket: this.#ticket, lane: null });
    } catch (cause) {
      this.stopping = false;
      this.fault = asEngineError(cause);
    }
  }

  #show(lane: RunLane, earlier: readonly Step[]): void {
    const sameRun = this.lane?.facts.id === lane.facts.id;
    this.lane = lane;
    this.earlier = earlier;
    if (!sameRun || this.events === null) this.events = new EventLog(lane.facts.id);
  }
}

/** All requests that were looked at or sent in this session. */
export class Sendings {
  readonly #onSpent: (nanos: number) => void;
  readonly #known: Record<string, Sending> = {};

  constructor(onSpent: (nanos: number) => void) {
    this.#onSpent = onSpent;
  }

  /** The sending of a request; with the last recorded run on show, if it is new here. */
  of(requestId: string): Sending {
    let sending = this.#known[requestId];
    if (!sending) {
      sending = new Sending(requestId, this.#onSpent);
      this.#known[requestId] = sending;
      void sending.showLast();
    }
    return sending;
  }
}
