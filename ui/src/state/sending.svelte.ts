// Sending one request: its run as it grows, the figures of earlier runs, and the run's events.
import type { EngineError, EventRow, RequestFile, RequestFiguresOutput } from "../contract/ipc";
import { asEngineError, call, stream } from "../host";
import { asText } from "../lib/body";
import { agrees, RunLane } from "./runs.svelte";

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
      const { run } = await call("last_run", { requestId: this.requestId });
      if (run && this.lane === null) this.#show(RunLane.from(run));
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

  /** Sends the request as it stands. Resolves when the run is over, however it ended. */
  async send(request: RequestFile): Promise<void> {
    if (this.running) return;
    const ticket = newTicket();
    this.#ticket = ticket;
    this.running = true;
    this.ranHere = true;
    this.stopping = false;
    this.fault = null;
    let lane: RunLane | null = null;
    try {
      const { run } = await stream("send", { ticket, request }, (patch) => {
        for (const change of patch.lanes) {
          if (lane === null) {
            if (change.facts === null) continue;
            lane = new RunLane(change.facts);
            this.#show(lane);
          }
          lane.apply(change);
        }
      });
      const shown = lane as RunLane | null;
      if (shown !== null && shown.over && agrees(shown, run)) shown.facts = run.facts;
      else this.#show(RunLane.from(run));
      if (run.facts.sample === null) this.#onSpent(run.facts.bill?.total ?? 0);
    } catch (cause) {
      const fault = asEngineError(cause);
      if (fault.code !== "cancelled") this.fault = fault;
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

  #show(lane: RunLane): void {
    const sameRun = this.lane?.facts.id === lane.facts.id;
    this.lane = lane;
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
