// Scrolls several boxes as one: each to the same share of its own height.

export class ScrollSync {
  readonly #boxes = new Set<HTMLElement>();
  /** Where a box was just put from here: the scroll event that follows is an echo, not the reader. */
  readonly #echoes = new Map<HTMLElement, number>();
  on = true;

  /** Joins a box until the returned function is called. */
  join(box: HTMLElement): () => void {
    const scrolled = (): void => this.#follow(box);
    this.#boxes.add(box);
    box.addEventListener("scroll", scrolled, { passive: true });
    return () => {
      box.removeEventListener("scroll", scrolled);
      this.#boxes.delete(box);
      this.#echoes.delete(box);
    };
  }

  #follow(leader: HTMLElement): void {
    const expected = this.#echoes.get(leader);
    this.#echoes.delete(leader);
    if (!this.on || (expected !== undefined && Math.abs(expected - leader.scrollTop) < 1.5)) return;
    const range = leader.scrollHeight - leader.clientHeight;
    const share = range <= 0 ? 0 : leader.scrollTop / range;
    // All sizes first, all places after: one layout however many boxes there are.
    const targets = [...this.#boxes]
      .filter((box) => box !== leader)
      .map((box) => ({
        box,
        top: Math.round(share * Math.max(0, box.scrollHeight - box.clientHeight)),
        was: box.scrollTop,
      }));
    for (const { box, top, was } of targets) {
      if (Math.abs(was - top) < 1) continue;
      this.#echoes.set(box, top);
      box.scrollTop = top;
    }
  }
}
