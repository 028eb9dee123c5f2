// The question before the first live call of a session in a production environment. Refusing it changes nothing.
import type { EngineError, ForecastRunOutput, RequestFile } from "../contract/ipc";
import { asEngineError, call } from "../host";
import type { Workbench } from "./workbench.svelte";

/** Runs that would be sent. */
export interface Outgoing {
  request: RequestFile;
  /** The levels; empty for the request's own. */
  efforts: readonly string[];
  /** Runs per level, from 1. */
  repeats: number;
}

/** Live calls that are no runs of the workbench's own, and whose cost can't be told before. */
export interface OtherCalls {
  /** What causes them: a name. */
  name: string;
  /** How many, and what they do. */
  calls: string;
}

/** Asks about other calls; whether they may go out. */
export type Confirm = (calls: OtherCalls) => Promise<boolean>;

export class ProductionGate {
  readonly #workbench: Workbench;
  /** What is asked about; null while nothing is. */
  asked = $state.raw<Outgoing | OtherCalls | null>(null);
  /** What it may cost; null while it is worked out, or where that fails. */
  forecast = $state.raw<ForecastRunOutput | null>(null);
  fault = $state.raw<EngineError | null>(null);
  busy = $state(false);
  #answer: ((goes: boolean) => void) | null = null;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  /** A live call would be the first of this session in a production environment. */
  get needed(): boolean {
    const { mode, environment } = this.#workbench.connection;
    return (
      mode === "live" &&
      environment !== null &&
      environment.production &&
      !environment.confirmed &&
      environment.problem === null
    );
  }

  /** Whether it may be sent: asks, where that is needed. */
  async passes(outgoing: Outgoing): Promise<boolean> {
    return this.needed ? this.ask(outgoing) : true;
  }

  /** Asks. False where the user refuses, and where another question came in between. */
  ask(outgoing: Outgoing | OtherCalls): Promise<boolean> {
    this.#settle(false);
    this.asked = outgoing;
    this.forecast = null;
    this.fault = null;
    if ("request" in outgoing) void this.#estimate(outgoing);
    return new Promise((answer) => (this.#answer = answer));
  }

  /** Lets live calls go out for the rest of the session. */
  async confirm(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.fault = null;
    try {
      this.#workbench.connection = (await call("confirm_production", {})).connection;
      this.#settle(true);
    } catch (cause) {
      this.fault = asEngineError(cause);
    } finally {
      this.busy = false;
    }
  }

  refuse(): void {
    this.#settle(false);
  }

  /** Sends, and once more where the engine asks for a yes that the window did not know of. */
  async guard(outgoing: Outgoing, send: () => Promise<EngineError | null>): Promise<void> {
    if (this.needed && !(await this.ask(outgoing))) return;
    const fault = await send();
    if (fault?.code === "confirm_production" && (await this.ask(outgoing))) await send();
  }

  async #estimate(outgoing: Outgoing): Promise<void> {
    const { request, efforts, repeats } = outgoing;
    // Without an estimate the question still stands.
    const forecast = await call("forecast_run", {
      request,
      efforts: [...efforts],
      repeats,
    }).catch(() => null);
    if (this.asked === outgoing) this.forecast = forecast;
  }

  #settle(goes: boolean): void {
    const answer = this.#answer;
    this.#answer = null;
    this.asked = null;
    answer?.(goes);
  }
}
