// Boxes scroll to the same share of their height, and echoes do not run round in circles.
import { describe, expect, test } from "vitest";
import { ScrollSync } from "./sync";

function box(height: number, view = 100): HTMLElement {
  const element = document.createElement("div");
  Object.defineProperty(element, "scrollHeight", { value: height });
  Object.defineProperty(element, "clientHeight", { value: view });
  return element;
}

function scroll(element: HTMLElement, top: number): void {
  element.scrollTop = top;
  element.dispatchEvent(new Event("scroll"));
}

describe("scrolling together", () => {
  test("puts each box at the leader's share of its own height", () => {
    const sync = new ScrollSync();
    const [a, b, short] = [box(300), box(1_100), box(80)];
    for (const it of [a, b, short]) sync.join(it);
    scroll(a, 50);
    expect([a, b, short].map((it) => it.scrollTop)).toEqual([50, 250, 0]);
  });

  test("takes the echo of its own doing for what it is", () => {
    const sync = new ScrollSync();
    const [a, b] = [box(300), box(1_100)];
    sync.join(a);
    sync.join(b);
    scroll(a, 33);
    const put = b.scrollTop;
    b.dispatchEvent(new Event("scroll"));
    expect([a.scrollTop, b.scrollTop]).toEqual([33, put]);
    scroll(b, 1_000);
    expect(a.scrollTop).toBe(200);
  });

  test("leaves boxes alone while it is off, and those that left", () => {
    const sync = new ScrollSync();
    const [a, b, c] = [box(300), box(300), box(300)];
    sync.join(a);
    sync.join(b);
    const leave = sync.join(c);
    leave();
    scroll(a, 100);
    expect([b.scrollTop, c.scrollTop]).toEqual([100, 0]);
    sync.on = false;
    scroll(a, 0);
    expect(b.scrollTop).toBe(100);
  });
});
