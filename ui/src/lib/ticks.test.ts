// Axes end on round values and hold what they measure.
import { describe, expect, test } from "vitest";
import { countTicks, logTicks, timeAxis } from "./ticks";

describe("a time axis", () => {
  test.each([
    [0, 0.5, [0, 0.1, 0.2, 0.3, 0.4, 0.5]],
    [640, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [7_520, 10, [0, 2, 4, 6, 8, 10]],
    [29_900, 30, [0, 5, 10, 15, 20, 25, 30]],
    [58_300, 60, [0, 10, 20, 30, 40, 50, 60]],
    [7_300_000, 10_800, [0, 3_600, 7_200, 10_800]],
  ])("of %s ms ends at %s s", (ms, end, ticks) => {
    expect(timeAxis(ms)).toEqual({ end, ticks });
  });

  test("holds any time, with few ticks, the last one at its end", () => {
    for (let ms = 1; ms < 200_000_000; ms = Math.ceil(ms * 1.17)) {
      const { end, ticks } = timeAxis(ms);
      expect(end).toBeGreaterThanOrEqual(ms / 1_000);
      expect(ticks.length).toBeLessThanOrEqual(8);
      expect(ticks.at(-1)).toBeLessThanOrEqual(end);
    }
  });
});

describe("a log axis", () => {
  test.each([
    [0.025, 0.3, 5, [0.03, 0.05, 0.1, 0.2, 0.3]],
    [0.025, 0.26, 5, [0.03, 0.05, 0.1, 0.2]],
    [0.001, 10, 5, [0.001, 0.01, 0.1, 1, 10]],
    [1, 10_000_000, 4, [1, 100, 10_000, 1_000_000]],
  ])("from %s to %s with at most %s ticks", (low, high, most, ticks) => {
    expect(logTicks(low, high, most).map((tick) => Number(tick.toPrecision(3)))).toEqual(ticks);
  });
});

describe("counts", () => {
  test.each([
    [2, 8, 5, [2, 4, 6, 8]],
    [0, 1, 5, [0, 1]],
    [4, 8, 5, [4, 5, 6, 7, 8]],
    [0, 40, 5, [0, 10, 20, 30, 40]],
    [3, 3, 5, [3]],
  ])("from %s to %s with at most %s ticks", (low, high, most, ticks) => {
    expect(countTicks(low, high, most)).toEqual(ticks);
  });
});
