// The grid's figures: medians, differences to the baseline, and which is best.
import { describe, expect, test } from "vitest";
import type { LevelSummary, Spread } from "../../contract/ipc";
import { metricsOf, type Cell } from "./metrics";

const at = (median: number, min = median, max = median): Spread => ({ median, min, max });

function level(effort: string, figures: Partial<LevelSummary>): LevelSummary {
  return {
    effort,
    runs: 3,
    completed: 3,
    endedEarly: 0,
    checks: null,
    cost: null,
    totalMs: null,
    firstOutputMs: null,
    reasoningTokens: null,
    visibleTokens: null,
    ...figures,
  };
}

const LOW = level("low", {
  checks: at(5, 4, 6),
  cost: at(37_340_000),
  totalMs: at(8_600, 8_000, 9_100),
  firstOutputMs: at(3_300),
  reasoningTokens: at(180),
  visibleTokens: at(640),
});
const HIGH = level("high", {
  checks: at(8),
  cost: at(113_296_000),
  totalMs: at(29_900),
  firstOutputMs: at(23_700),
  reasoningTokens: at(2_610),
  visibleTokens: at(742),
});

const cell = (raw: number | null, text: string, delta = "", best = false, range = ""): Cell => ({
  raw,
  text,
  delta,
  best,
  range,
});

describe("the rows of the grid", () => {
  test("show each median, its distance from the baseline, and the best", () => {
    expect(metricsOf([LOW, HIGH], 0, 8)).toEqual([
      {
        id: "checks",
        label: "Checks",
        cells: [cell(5, "5 of 8", "", false, "4 to 6"), cell(8, "8 of 8", "+3")],
      },
      {
        id: "cost",
        label: "Cost",
        cells: [cell(37_340_000, "$0.0373", "", true), cell(113_296_000, "$0.1133", "+203%")],
      },
      {
        id: "total_ms",
        label: "Total time",
        cells: [cell(8_600, "8.6 s", "", true, "8.0 s to 9.1 s"), cell(29_900, "29.9 s", "+248%")],
      },
      {
        id: "first_output_ms",
        label: "First output",
        cells: [cell(3_300, "3.3 s", "", true), cell(23_700, "23.7 s", "+618%")],
      },
      {
        id: "reasoning",
        label: "Reasoning",
        cells: [cell(180, "180"), cell(2_610, "2\u2009610", "15×")],
      },
      { id: "visible", label: "Visible", cells: [cell(640, "640"), cell(742, "742", "+16%")] },
    ]);
  });

  test("measure against whichever level is pinned", () => {
    const [checks, cost] = metricsOf([LOW, HIGH], 1, 8);
    expect(checks?.cells.map(({ delta }) => delta)).toEqual(["\u22123", ""]);
    expect(cost?.cells.map(({ delta }) => delta)).toEqual(["\u221267%", ""]);
  });

  test("leave out what is not known, and call nothing best that stands alone", () => {
    const rows = metricsOf([LOW, level("high", { completed: 0 }), null], 0, 8);
    for (const row of rows) {
      expect(row.cells.slice(1)).toEqual([cell(null, ""), cell(null, "")]);
      expect(row.cells[0]?.best).toBe(false);
    }
  });

  test("say that a price is missing, and never show it as zero", () => {
    const [, cost] = metricsOf([LOW, { ...HIGH, cost: null }], 0, 8);
    expect(cost?.cells[1]).toEqual(cell(null, "no price"));
  });

  test("have no differences while the baseline has no figures", () => {
    const [, cost] = metricsOf([level("low", { completed: 0 }), HIGH], 0, 8);
    expect(cost?.cells[1]?.delta).toBe("");
  });
});
