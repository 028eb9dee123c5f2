// Figures only where there are runs to measure; words elsewhere, never a guess.
import { describe, expect, it } from "vitest";
import type { EffortFigures, EffortLevel, RequestFiguresOutput } from "../../contract/ipc";
import { dialCaption, dialStops, likely } from "./evidence";

const LEVELS: EffortLevel[] = [
  { value: "low", name: "Low", word: "Quick", stop: 1 },
  { value: "high", name: "High", word: "Careful", stop: 3 },
];

function row(effort: string, runs: number, change: Partial<EffortFigures> = {}): EffortFigures {
  return {
    effort,
    runs,
    medianCost: 113_296_000,
    highCost: 141_000_000,
    medianTotalMs: 29_900,
    medianOutputTokens: 3_352,
    highOutputTokens: 4_410,
    ...change,
  };
}

const figures = (...efforts: EffortFigures[]): RequestFiguresOutput => ({ sample: false, efforts });
const free = () => null;

describe("the dial", () => {
  it("shows words for a level with fewer than three runs, beside figures for the others", () => {
    const stops = dialStops(LEVELS, figures(row("low", 2), row("high", 3)), free);
    expect(stops.map((stop) => [stop.cost, stop.time, stop.spoken])).toEqual([
      [null, null, null],
      ["$0.1133", "29.9 s", "median 11.3 cents, 29.9 seconds"],
    ]);
  });

  it("says no price where there is none, never zero", () => {
    const stops = dialStops(LEVELS, figures(row("high", 20, { medianCost: null })), free);
    expect(stops[1]!.cost).toBe("no price");
  });

  it("says what its figures are", () => {
    expect(dialCaption(null)).toBe("Figures come after 3 runs of a level");
    expect(dialCaption(figures(row("low", 3), row("high", 20)))).toBe(
      "Median of the last 3 to 20 runs of this request",
    );
    expect(dialCaption({ sample: true, efforts: [row("low", 20)] })).toBe(
      "Median of the last 20 mock runs of this request",
    );
  });
});

describe("the likely cost", () => {
  it("is a range from the median to the high end", () => {
    expect(likely(figures(row("high", 20)), "high")).toEqual({
      text: "Likely $0.11 to $0.14",
      source: "",
      known: true,
    });
  });

  it("names samples as its source", () => {
    expect(likely({ sample: true, efforts: [row("high", 20)] }, "high").source).toBe(
      "from mock runs",
    );
  });

  it("is words where nothing is known", () => {
    expect(likely(figures(row("high", 2)), "high").text).toBe("Cost not known yet");
    expect(likely(null, null).text).toBe("Cost not known yet");
  });
});
