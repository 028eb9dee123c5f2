// A key does one thing to a list, stays within it, and is left alone where it means nothing.
import { describe, expect, it, vi } from "vitest";
import { listKeys } from "./list-keys";

function pressed(key: string, at: number, more: { open?: boolean; ctrlKey?: boolean } = {}) {
  const list = { go: vi.fn(), open: vi.fn(), close: vi.fn(), filter: vi.fn() };
  const event = new KeyboardEvent("keydown", {
    key,
    ctrlKey: more.ctrlKey ?? false,
    cancelable: true,
  });
  listKeys(event, { at, count: 25, ...list, close: more.open ? list.close : null });
  return { ...list, taken: event.defaultPrevented };
}

describe("a list of 25 rows", () => {
  it.each([
    ["ArrowDown", 3, 4],
    ["j", 24, 24],
    ["ArrowUp", 3, 2],
    ["k", 0, 0],
    ["Home", 9, 0],
    ["End", 9, 24],
    ["PageDown", 9, 19],
    ["PageDown", 19, 24],
    ["PageUp", 4, 0],
  ])("on %s at row %i goes to row %i", (key, at, to) => {
    const { go, taken } = pressed(key, at);
    expect(go.mock.calls).toEqual([[to]]);
    expect(taken).toBe(true);
  });

  it("opens, filters, and closes only what is open", () => {
    expect(pressed("Enter", 3).open).toHaveBeenCalledOnce();
    expect(pressed("/", 3).filter).toHaveBeenCalledOnce();
    expect(pressed("Escape", 3, { open: true }).close).toHaveBeenCalledOnce();
    expect(pressed("Escape", 3).taken).toBe(false);
  });

  it("leaves chords and other keys alone", () => {
    const chord = pressed("j", 3, { ctrlKey: true });
    expect(chord.go).not.toHaveBeenCalled();
    expect([chord.taken, pressed("x", 3).taken]).toEqual([false, false]);
  });
});
