// How many tokens an input has as the endpoint counts them, on demand.
import type { EngineError, RequestFile } from "../contract/ipc";
import { asEngineError, call } from "../host";
import type { Confirm } from "./production.svelte";

export class ExactCount {
  readonly #confirm: Confirm;
  /** Of the request as it was then. */
  count = $state.raw<{ of: RequestFile; count: number; sample: boolean } | null>(null);
  fault = $state.raw<EngineError | null>(null);
  counting = $state(false);

  constructor(confirm: Confirm = () => Promise.resolve(false)) {
    this.#confirm = confirm;
  }

  /** Asks the endpoint of the connection, which counts what it would be sent. */
  async ask(request: RequestFile): Promise<void> {
    if (this.counting) return;
    this.counting = true;
    this.fault = null;
    try {
      const fault = await this.#count(request);
      const asks = fault?.code === "confirm_production";
      if (!asks) this.fault = fault;
      else if (
        await this.#confirm({ name: request.name, calls: "1 call that counts its tokens" })
      ) {
        this.fault = await this.#count(request);
      }
    } finally {
      this.counting = false;
    }
  }

  async #count(request: RequestFile): Promise<EngineError | null> {
    try {
      const { exact, sample } = await call("count_tokens", { request, exact: true });
      if (exact !== null) this.count = { of: request, count: exact, sample };
      return null;
    } catch (cause) {
      return asEngineError(cause);
    }
  }
}
