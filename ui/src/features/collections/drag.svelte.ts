// Dragging an item of the tree by pointer: where it would go, folders that open under it, and
// scrolling at the edges.
import { dropAt, isIdle, type Drop } from "../../lib/tree";
import type { Collections } from "../../state/collections.svelte";

/** In px; less is a click with an unsteady hand. */
const STARTS_AT = 5;
/** A closed folder opens when it has been under the pointer for that long. */
const OPENS_AFTER_MS = 600;
/** Near an edge of the tree, it scrolls, the faster the nearer; in px and px per second. */
const EDGE = 24;
const SLOWEST = 120;
const FASTEST = 720;
/** A page that was busy goes on where it was, and does not leap; in ms. */
const LONGEST_FRAME_MS = 50;
/** Past the sides of the tree by this much, an item is held over something else; in px. */
const ASIDE = 48;

interface Place {
  clientX: number;
  clientY: number;
}

/** How fast the tree scrolls under a pointer at this height, in px per second: up is negative. */
export function edgeSpeed(y: number, top: number, bottom: number): number {
  const speed = (into: number) => SLOWEST + (FASTEST - SLOWEST) * Math.min(1, into / EDGE);
  if (y < top + EDGE) return -speed(top + EDGE - y);
  return y > bottom - EDGE ? speed(y - (bottom - EDGE)) : 0;
}

export class TreeDrag {
  #of: () => Collections;
  #from: { path: string; x: number; y: number } | null = null;
  #opening: { path: string; timer: ReturnType<typeof setTimeout> } | null = null;
  #ended = -Infinity;
  #over: { at: Place; tree: HTMLElement; rowHeight: number } | null = null;
  #frame: number | null = null;

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
    this.#over = { at: { clientX: at.clientX, clientY: at.clientY }, tree, rowHeight };
    this.#aim();
    this.#frame ??= requestAnimationFrame((now) => this.#scroll(now, now));
  }

  /** Where it would go now: the pointer may rest while the tree moves under it. */
  #aim(): void {
    const [from, over] = [this.#from, this.#over];
    if (!from || !over) return;
    const { at, tree, rowHeight } = over;
    const box = tree.getBoundingClientRect();
    const collections = this.#of();
    // Above and below the tree it goes to the first and the last row in sight.
    const inside =
      box.height === 0
        ? at.clientY
        : Math.min(Math.max(at.clientY, box.top), box.bottom - 1) - box.top;
    const y = (inside + tree.scrollTop) / rowHeight;
    const row = Math.floor(y);
    const isAside =
      box.width > 0 && (at.clientX < box.left - ASIDE || at.clientX > box.right + ASIDE);
    this.drops = isAside
      ? null
      : dropAt(collections.tree, collections.rows, row, y - row, from.path);
    this.#hover(collections);
  }

  /** Once per frame for as long as the pointer is near an edge, whether it moves or rests. */
  #scroll(now: number, before: number): void {
    this.#frame = null;
    const over = this.#over;
    if (!over || !this.active) return;
    const { at, tree } = over;
    const box = tree.getBoundingClientRect();
    const speed = box.height === 0 ? 0 : edgeSpeed(at.clientY, box.top, box.bottom);
    if (speed === 0) return;
    const by = (speed * Math.min(LONGEST_FRAME_MS, now - before)) / 1000;
    // Whole pixels: a web view may drop the fraction, and a slow scroll with it.
    if (by !== 0) tree.scrollTop += Math.sign(by) * Math.max(1, Math.round(Math.abs(by)));
    this.#aim();
    this.#frame = requestAnimationFrame((next) => this.#scroll(next, now));
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
    this.#over = null;
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#frame = null;
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
