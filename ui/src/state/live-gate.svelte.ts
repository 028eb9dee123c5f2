// The gate before Live: asked what going live means, and opened only by the user.
import type { ArmLiveOutput, EngineError, RequestFile } from "../contract/ipc";
import { asEngineError, call } from "../host";

export class LiveGate {
  shown = $state(false);
  /** What it means for the request in front; null while it is asked, or without a request. */
  armed = $state.raw<ArmLiveOutput | null>(null);
  fault = $state.raw<EngineError | null>(null);
  asking = $state(false);
  /** The request is run as soon as the gate is open. */
  runs = $state(false);
  #asked = 0;

  /** Shows the gate for a request, or for none. */
  async show(request: RequestFile | null, runs = false): Promise<void> {
    const asked = ++this.#asked;
    this.shown = true;
    this.runs = runs;
    this.armed = null;
    this.fault = null;
    if (!request) return;
    this.asking = true;
    try {
      const armed = await call("arm_live", { request, efforts: [], repeats: 1 });
      if (asked === this.#asked) this.armed = armed;
    } catch (cause) {
      if (asked === this.#asked) this.fault = asEngineError(cause);
    } finally {
      if (asked === this.#asked) this.asking = false;
    }
  }

  close(): void {
    this.#asked += 1;
    this.shown = false;
    this.asking = false;
  }
}
