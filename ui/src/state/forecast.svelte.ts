// What the next run may cost at most and how large its input is, asked again after each edit.
import type {
  CountTokensOutput,
  EngineError,
  ForecastRunOutput,
  RequestFile,
} from "../contract/ipc";
import { asEngineError, call } from "../host";
import { Newest } from "./newest";
import type { Confirm } from "./production.svelte";

export class Forecast {
  readonly #confirm: Confirm;
  readonly #newest = new Newest<RequestFile>((request) => this.ask(request));
  #asked: RequestFile | null = null;
  /** What all that is told is of. */
  of = $state.raw<RequestFile | null>(null);

  /** Null until it is known, and where it can't be told. */
  run = $state.raw<ForecastRunOutput | null>(null);
  /** Why it can't be told. */
  fault = $state.raw<EngineError | null>(null);
  /** About how many tokens the input has. */
  tokens = $state.raw<CountTokensOutput | null>(null);
  /** As the endpoint counts them; of the request as it was then. */
  exact = $state.raw<{ of: RequestFile; count: number; sample: boolean } | null>(null);
  exactFault = $state.raw<EngineError | null>(null);
  counting = $state(false);

  constructor(confirm: Confirm = () => Promise.resolve(false)) {
    this.#confirm = confirm;
  }

  soon(request: RequestFile): () => void {
    return this.#newest.soon(request);
  }

  async ask(request: RequestFile): Promise<void> {
    this.#asked = request;
    const [run, tokens] = await Promise.allSettled([
      call("forecast_run", { request, efforts: [], repeats: 1 }),
      call("count_tokens", { request, exact: false }),
    ]);
    if (this.#asked !== request) return;
    this.of = request;
    this.run = run.status === "fulfilled" ? run.value : null;
    this.fault = run.status === "rejected" ? asEngineError(run.reason) : null;
    this.tokens = tokens.status === "fulfilled" ? tokens.value : null;
  }

  /** Asks the endpoint of the connection, which counts what it would be sent. */
  async countExactly(request: RequestFile): Promise<void> {
    if (this.counting) return;
    this.counting = true;
    this.exactFault = null;
    try {
      const fault = await this.#count(request);
      const asks = fault?.code === "confirm_production";
      if (!asks) this.exactFault = fault;
      else if (
        await this.#confirm({ name: request.name, calls: "1 call that counts its tokens" })
      ) {
        this.exactFault = await this.#count(request);
      }
    } finally {
      this.counting = false;
    }
  }

  async #count(request: RequestFile): Promise<EngineError | null> {
    try {
      const { exact, sample } = await call("count_tokens", { request, exact: true });
      if (exact !== null) this.exact = { of: request, count: exact, sample };
      return null;
    } catch (cause) {
      return asEngineError(cause);
    }
  }
}
