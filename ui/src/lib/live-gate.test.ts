import { describe, expect, test } from "vitest";
import type { ArmLiveOutput, BudgetState, ForecastRunOutput, LevelForecast } from "../contract/ipc";
import { budgetSaid, likelySaid, shapeSaid, worstSaid } from "./live-gate";

const level = (runs: number, cost: number | null): LevelForecast => ({
  effort: "low",
  runs,
  cost,
  highCost: cost === null ? null : cost * 2,
  ms: null,
  highMs: null,
  worstCost: 5_000_000_000,
});

const budget: BudgetState = {
  limits: { perRun: null, perSession: null, perDay: null },
  spentSession: 0,
  spentToday: 250_000_000,
  reserved: 0,
  problem: null,
};

const forecast = (levels: LevelForecast[]): ForecastRunOutput => {
  const open = levels.some((it) => it.cost === null);
  const sum = (of: (it: LevelForecast) => number | null): number | null =>
    open ? null : levels.reduce((all, it) => all + (of(it) ?? 0), 0);
  return {
    levels,
    calls: levels.length,
    cost: sum((it) => it.cost),
    highCost: sum((it) => it.highCost),
    worstCost: 5_000_000_000,
    budget,
    refusal: null,
  };
};

const armed = (change: Partial<ArmLiveOutput>): ArmLiveOutput => ({
  baseUrl: "https://api.openai.com/v1",
  key: null,
  forecast: forecast([]),
  hasSchema: true,
  schemaProblem: null,
  recordings: [],
  ...change,
});

const recording = (problems: string[]) => ({
  name: "Extract, low",
  file: "a.recording.jsonl",
  recordedAt: 1,
  live: true,
  problems,
  more: 0,
});

describe("the likely cost", () => {
  test("is words where nothing was run live", () => {
    expect(likelySaid(forecast([level(0, null)])).text).toBe("Not known yet");
    expect(likelySaid(forecast([level(3, 1_000_000), level(0, null)])).note).toContain("Some of");
    expect(likelySaid(forecast([level(3, null)])).text).toBe("No price is known for this model");
  });

  test("names what it rests on", () => {
    const said = likelySaid(forecast([level(1, 100_000_000)]));
    expect(said.text).toContain("$0.10");
    expect(said.note).toBe("median to 90th percentile of 1 live run");
  });
});

test("the worst is the cap's, or not known", () => {
  expect(worstSaid(forecast([level(1, 1)])).text).toBe("$5.00");
  expect(worstSaid({ ...forecast([]), worstCost: null }).text).toBe("Not known");
});

test("the budget is told limit by limit, with what is left", () => {
  expect(budgetSaid(budget)).toEqual([
    { text: "No spending limit is set", note: "$0.25 spent today" },
  ]);
  const limited = {
    ...budget,
    reserved: 250_000_000,
    limits: { perRun: 1_000_000_000, perSession: null, perDay: 2_000_000_000 },
  };
  expect(budgetSaid(limited)).toEqual([
    { text: "$0.25 of $2.00 today", note: "$1.50 left" },
    { text: "At most $1.00 a run", note: "" },
  ]);
});

test("recordings are told by how they stand to the schema", () => {
  expect(shapeSaid(armed({ hasSchema: false })).text).toContain("No output schema");
  expect(shapeSaid(armed({})).text).toContain("No recording");
  expect(shapeSaid(armed({ recordings: [recording([])] })).text).toContain("fits");
  expect(shapeSaid(armed({ recordings: [recording([]), recording(["/a: wrong"])] })).text).toBe(
    "1 of 2 recordings do not fit the schema any more",
  );
  expect(shapeSaid(armed({ schemaProblem: "bad" })).note).toBe("bad");
});
