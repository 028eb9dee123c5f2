// What the browser has and the test document lacks, and a clean page after each test.
import { cleanup, configure } from "@testing-library/svelte";
import { afterEach } from "vitest";

class NoResizeObserver implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

class NoIntersectionObserver implements IntersectionObserver {
  readonly root = null;
  readonly rootMargin = "";
  readonly scrollMargin = "";
  readonly thresholds = [];
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
  takeRecords(): IntersectionObserverEntry[] {
    return [];
  }
}

globalThis.ResizeObserver ??= NoResizeObserver;
globalThis.IntersectionObserver ??= NoIntersectionObserver;
if (typeof window !== "undefined") {
  // Wide enough for the sidebar and two panes.
  window.innerWidth = 1440;
  window.innerHeight = 900;
  window.matchMedia ??= (query: string) =>
    ({
      matches: false,
      media: query,
      onchange: null,
      addEventListener: () => {},
      removeEventListener: () => {},
      dispatchEvent: () => false,
    }) as unknown as MediaQueryList;
  Element.prototype.scrollIntoView ??= () => {};
  Element.prototype.scrollTo ??= () => {};
  // The editor asks where its text lies; nothing is laid out here.
  Range.prototype.getClientRects ??= () => [] as unknown as DOMRectList;
  Element.prototype.hasPointerCapture ??= () => false;
  // jsdom has the canvas element but no drawing; axe asks for it when it looks at text.
  HTMLCanvasElement.prototype.getContext = (() => null) as never;
}

// A screen is loaded when it is first shown, and compiled when it is first loaded.
configure({ asyncUtilTimeout: 10_000 });

afterEach(() => cleanup());
