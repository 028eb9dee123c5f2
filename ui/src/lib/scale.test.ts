// The log rail: ends are ends, detents catch, and steps always move.
import { describe, expect, it } from "vitest";
import { evenScale, nextDetent, placeOf, stepped, valueAt } from "./scale";

const MIN = 16;
const MAX = 128_000;
const DETENTS = [1_000, 4_000, 16_000, 64_000];

it("puts the ends at the ends", () => {
  expect([placeOf(MIN, MIN, MAX), placeOf(MAX, MIN, MAX)]).toEqual([0, 1]);
  expect([valueAt(0, MIN, MAX, DETENTS), valueAt(1, MIN, MAX, DETENTS)]).toEqual([MIN, MAX]);
  expect([valueAt(-1, MIN, MAX, DETENTS), valueAt(2, MIN, MAX, DETENTS)]).toEqual([MIN, MAX]);
});

it("is drawn to a detent that is near", () => {
  expect(valueAt(placeOf(4_100, MIN, MAX), MIN, MAX, DETENTS)).toBe(4_000);
  expect(valueAt(placeOf(6_000, MIN, MAX), MIN, MAX, DETENTS)).toBe(6_000);
});

describe("steps", () => {
  it("walk from end to end without standing still", () => {
    const seen = [MIN];
    while (seen.at(-1)! < MAX && seen.length < 500) {
      seen.push(stepped(seen.at(-1)!, 1, MIN, MAX, DETENTS));
    }
    expect(seen.at(-1)).toBe(MAX);
    expect(seen).toEqual([...new Set(seen)].toSorted((a, b) => a - b));
  });

  it("go down as they go up", () => {
    const seen = [MAX];
    while (seen.at(-1)! > MIN && seen.length < 500) {
      seen.push(stepped(seen.at(-1)!, -1, MIN, MAX, DETENTS));
    }
    expect(seen.at(-1)).toBe(MIN);
  });

  it("by page go to the next detent, then to the end", () => {
    expect(nextDetent(6_000, 1, MIN, MAX, DETENTS)).toBe(16_000);
    expect(nextDetent(4_000, -1, MIN, MAX, DETENTS)).toBe(1_000);
    expect(nextDetent(64_000, 1, MIN, MAX, DETENTS)).toBe(MAX);
  });
});

describe("an even scale", () => {
  const scale = evenScale(0, 2, 0.1, [0.5, 1, 1.5]);
  it("goes in steps without crumbs, and stays within its ends", () => {
    expect(scale.stepped(0.2, 1)).toBe(0.3);
    expect(scale.stepped(0.7, 10)).toBe(1.7);
    expect(scale.stepped(1.5, 10)).toBe(2);
    expect(scale.stepped(0, -1)).toBe(0);
    expect(scale.valueAt(0.36)).toBe(0.7);
    expect(scale.valueAt(7)).toBe(2);
    expect(scale.placeOf(0.5)).toBe(0.25);
  });
  it("goes to the next detent, then to the end", () => {
    expect(scale.detentBeyond(0.6, 1)).toBe(1);
    expect(scale.detentBeyond(0.6, -1)).toBe(0.5);
    expect(scale.detentBeyond(1.7, 1)).toBe(2);
  });
});
