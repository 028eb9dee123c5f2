// Dragging an item of the tree by pointer: where it would go, folders that open under it, and
// scrolling at the edges.
import { dropAt, isIdle, type Drop } from "../../lib/tree";
import type { Collections } from "../../state/collections.svelte";

/** In px; less is a click with an unsteady hand. */
const STARTS_AT = 5;
/** A closed folder opens when it has been under the pointer for that long. */
const OPENS_AFTER_MS = 600;
/** Near an edge of the tree, it scrolls; in px. */
const EDGE = 24;
const SCROLL_STEP = 10;

interface Place {
  clientX: number;
  clientY: number;
}

export class TreeDrag {
  #of: () => Collections;
  #from: { path: string; x: number; y: number } | null = null;
  #opening: { path: string; timer: ReturnType<typeof setTimeout> } | null = null;
  #ended = -Infinity;

  active = $state(false);
  name = $state("");
  x = $state(0);
  y = $state(0);
  /** Where it would go; null where it can't. */
  drops = $state.raw<Drop | null>(null);

  constructor(of: () => Collections) {
    this.#of = of;
  }

  get pressed(): boolean {
    return this.#from !== null;
  }

  press(path: string, name: string, at: Place): void {
    this.#from = { path, x: at.clientX, y: at.clientY };
    this.name = name;
  }

  move(at: Place, tree: HTMLElement, rowHeight: number): void {
    const from = this.#from;
    if (!from) return;
    if (!this.active) {
      if (Math.hypot(at.clientX - from.x, at.clientY - from.y) < STARTS_AT) return;
      this.active = true;
    }
    this.x = at.clientX;
    this.y = at.clientY;
    const box = tree.getBoundingClientRect();
    if (at.clientY < box.top + EDGE) tree.scrollTop -= SCROLL_STEP;
    else if (at.clientY > box.bottom - EDGE && box.bottom > 0) tree.scrollTop += SCROLL_STEP;
    const collections = this.#of();
    const y = (at.clientY - box.top + tree.scrollTop) / rowHeight;
    const row = Math.floor(y);
    this.drops = dropAt(collections.tree, collections.rows, row, y - row, from.path);
    this.#hover(collections);
  }

  drop(): void {
    const { drops } = this;
    const wasActive = this.active;
    this.cancel();
    if (!wasActive) return;
    this.#ended = performance.now();
    if (drops) {
      const { path, toFolder, position } = drops;
      const collections = this.#of();
      if (!isIdle(collections.tree, { path, toFolder, position })) {
        void collections.move({ path, toFolder, position });
      }
    }
  }

  cancel(): void {
    this.#from = null;
    this.active = false;
    this.drops = null;
    this.#stopOpening();
  }

  /** The click that ends a drag is none. */
  justEnded(): boolean {
    return performance.now() - this.#ended < 80;
  }

  #hover(collections: Collections): void {
    const row = this.drops?.where === "into" ? collections.rows[this.drops.row] : undefined;
    const path = row && !row.open ? row.path : null;
    if (this.#opening?.path === path) return;
    this.#stopOpening();
    if (path === null) return;
    this.#opening = {
      path,
      timer: setTimeout(() => collections.fold(path, false), OPENS_AFTER_MS),
    };
  }

  #stopOpening(): void {
    if (this.#opening) clearTimeout(this.#opening.timer);
    this.#opening = null;
  }
}
