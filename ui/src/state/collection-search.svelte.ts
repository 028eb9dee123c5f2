// The search over the collections: names, tags, folders and prompts, asked while it is typed.
import type { EngineError, FoundRequests } from "../contract/ipc";
import { asEngineError, call } from "../host";

/** Asked when the typing has paused for that long. */
const PAUSE_MS = 140;

export class CollectionSearch {
  text = $state("");
  found = $state.raw<FoundRequests | null>(null);
  fault = $state.raw<EngineError | null>(null);
  asking = $state(false);
  readonly on = $derived(this.text.trim() !== "");
  /** The result, for those who don't see the list. */
  readonly said = $derived.by(() => {
    if (!this.on || this.asking || !this.found) return "";
    const count = this.found.hits.length + this.found.more;
    return count === 0
      ? "No request found"
      : `${count} ${count === 1 ? "request" : "requests"} found`;
  });
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  type(text: string): void {
    this.text = text;
    this.#turn += 1;
    clearTimeout(this.#timer);
    if (!this.on) {
      this.found = null;
      this.fault = null;
      this.asking = false;
      return;
    }
    this.asking = true;
    this.#timer = setTimeout(() => void this.ask(), PAUSE_MS);
  }

  clear(): void {
    this.type("");
  }

  /** Asks anew, since the typing or the workspace has changed. Only the last answer counts. */
  async ask(): Promise<void> {
    if (!this.on) return;
    const turn = ++this.#turn;
    this.asking = true;
    try {
      const found = await call("find_requests", { text: this.text });
      if (turn !== this.#turn) return;
      this.found = found;
      this.fault = null;
    } catch (cause) {
      if (turn !== this.#turn) return;
      this.found = null;
      this.fault = asEngineError(cause);
    }
    this.asking = false;
  }
}
