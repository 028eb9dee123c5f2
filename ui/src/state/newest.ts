// Questions about something that changes while they are answered.

/** Asks about the newest state, one question at a time: what came while an answer was under way is asked about next. */
export class Newest<T extends object> {
  readonly #ask: (state: T) => Promise<unknown>;
  #next: T | null = null;
  #asking = false;

  constructor(ask: (state: T) => Promise<unknown>) {
    this.#ask = ask;
  }

  /** Asks at once, or as soon as the last answer is there. Returns how to call it off. */
  soon(state: T): () => void {
    this.#next = state;
    void this.#go();
    return () => {
      if (this.#next === state) this.#next = null;
    };
  }

  async #go(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      for (let state = this.#next; state; state = this.#next) {
        this.#next = null;
        await this.#ask(state);
      }
    } finally {
      this.#asking = false;
    }
  }
}
