import { describe, expect, it } from "vitest";
import type { HistoryRow } from "../contract/ipc";
import { answeredBy, costOf, moment, stateOf, totalsLine } from "./history-words";

const NOW = Date.UTC(2026, 10, 20, 14, 32, 7);
const DAY = 86_400_000;

const row: HistoryRow = {
  id: "r",
  startedAt: NOW,
  requestId: "q",
  requestName: "Mine",
  requestPath: null,
  comparisonId: null,
  model: "gpt-5.5",
  effortSent: "low",
  effortReported: "low",
  status: "completed",
  incompleteReason: null,
  fault: null,
  usage: {
    inputTokens: 10,
    cachedTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 5,
    reasoningTokens: 0,
    webSearches: 0,
    fileSearches: 0,
  },
  cost: 200_000,
  partlyUnpriced: false,
  charged: "yes",
  totalMs: 1_500,
  source: "window",
  sample: null,
  replayed: null,
  attempts: 1,
};

describe("a moment", () => {
  it("is told by its day, today and yesterday by name", () => {
    const at = (ms: number) => moment(ms, NOW, "UTC");
    expect(at(NOW - 60_000)).toBe("Today, 14:31");
    expect(at(NOW - 15 * 3_600_000)).toBe("Yesterday, 23:32");
    expect(at(NOW - 2 * DAY)).toBe("18 Nov, 14:32");
    expect(at(NOW - 365 * DAY)).toBe("20 Nov 2025, 14:32");
  });
});

describe("a cost", () => {
  const cost = (change: Partial<HistoryRow>) => {
    const { text, paid } = costOf({ ...row, ...change });
    return [text, paid];
  };
  it("is shown where it is known, as paid only where it was", () => {
    expect(cost({})).toEqual(["$0.0002", true]);
    expect(cost({ partlyUnpriced: true })).toEqual(["$0.0002+", true]);
    expect(cost({ sample: "composed", charged: "no" })).toEqual(["$0.0002", false]);
  });
  it("is never a zero where it is not known", () => {
    expect(cost({ cost: null })).toEqual(["unpriced", false]);
    expect(cost({ cost: null, usage: null, charged: "maybe" })).toEqual(["unpriced", false]);
    expect(cost({ cost: null, usage: null, charged: "no" })).toEqual(["not charged", false]);
    expect(cost({ cost: null, usage: null, charged: "maybe", status: "running" })).toEqual([
      "",
      false,
    ]);
  });
});

it("a reply of the mock is told from the model's, with the day of its recording", () => {
  const by = (change: Partial<HistoryRow>) => answeredBy({ ...row, ...change }, NOW, "UTC").text;
  const replayed = { recordedAt: NOW - 9 * DAY, originalMs: 9, live: true };
  expect(by({})).toBe("Live");
  expect(by({ sample: "written" })).toBe("Sample reply");
  expect(by({ sample: "replayed", replayed })).toBe("Mock, 11 Nov");
  expect(by({ sample: "replayed", replayed: { ...replayed, live: false } })).toBe("Sample, 11 Nov");
});

it("a run that is going on is running, whatever its phase", () => {
  expect(stateOf({ ...row, status: "running" }).label).toBe("Running");
  expect(
    stateOf({ ...row, status: "incomplete", incompleteReason: "max_output_tokens" }).label,
  ).toBe("Stopped at cap");
});

it("the sum names what has no price", () => {
  const line = (runs: number, spent: number, unpriced: number) =>
    totalsLine({ runs, spent, unpriced }, String);
  expect(line(1, 0, 0)).toBe("1 run, $0 spent");
  expect(line(3, 1_500_000_000, 2)).toBe("3 runs, $1.50 spent, 2 unpriced");
});
