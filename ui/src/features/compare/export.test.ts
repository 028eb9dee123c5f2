// What is copied out: plain figures, whole outputs, and nothing that a spreadsheet would run.
import { describe, expect, test } from "vitest";
import type { ComparisonSummary, RunFacts } from "../../contract/ipc";
import { csvField, toCsv, toJson, toMarkdown, type Exported } from "./export";

const FACTS: RunFacts = {
  id: "0199c0de-0000-7000-8000-00000000000a",
  requestId: null,
  repeat: 1,
  model: "gpt-5.5",
  effortSent: "low",
  effortReported: "low",
  modelReported: null,
  sample: null,
  replayed: null,
  status: "completed",
  phase: "done",
  phaseLabel: null,
  phaseSinceMs: 0,
  retry: null,
  startedAt: Date.UTC(2026, 5, 17, 14, 32, 7),
  elapsedMs: 8_600,
  firstEventMs: 600,
  firstOutputMs: 3_300,
  totalMs: 8_600,
  spans: [],
  events: 9,
  usage: {
    inputTokens: 4_812,
    cachedTokens: 3_072,
    cacheWriteTokens: 0,
    outputTokens: 820,
    reasoningTokens: 180,
    webSearches: 0,
    fileSearches: 0,
  },
  bill: {
    lines: [],
    total: 37_336_000,
    partlyUnpriced: false,
    tier: "default",
    longContext: false,
    priceDate: "2026-06-17",
  },
  charged: "no",
  incompleteReason: null,
  suggestedCap: null,
  fault: null,
  checks: [
    { name: "a", rule: "a", passed: true, reason: null, offending: null },
    { name: "b", rule: "b", passed: false, reason: null, offending: null },
  ],
  toolCalls: [],
  attempts: [],
  responseId: null,
  serviceTier: null,
  oddities: [],
};
const SUMMARY: ComparisonSummary = {
  levels: [],
  checks: 2,
  frontier: [],
  totals: {
    runs: 2,
    completed: 2,
    inputTokens: 9_624,
    cachedTokens: 6_144,
    outputTokens: 1_640,
    reasoningTokens: 360,
    cost: 74_672_000,
    unpricedRuns: 0,
  },
  verdict: {
    level: "low",
    sentence: [
      { text: "Low", strong: true },
      { text: " is enough.", strong: false },
    ],
    caution: "2 runs per level is few.",
  },
};

function exported(more: Partial<Exported> = {}): Exported {
  return {
    request: "Flag | locking\nDDL",
    startedAt: Date.UTC(2026, 5, 17, 14, 32, 7),
    sample: false,
    note: "",
    levels: ["Low", "High"],
    metrics: [
      {
        id: "cost",
        label: "Cost",
        cells: [
          { raw: 37_336_000, text: "$0.0373", delta: "", best: true, range: "" },
          { raw: 113_296_000, text: "$0.1133", delta: "+203%", best: false, range: "" },
        ],
      },
    ],
    summary: SUMMARY,
    runs: [
      { effort: "low", facts: FACTS, output: 'Says "hi",\n=1+1' },
      {
        effort: "high",
        facts: { ...FACTS, bill: null, usage: null, startedAt: null },
        output: "=HYPERLINK(1)",
      },
    ],
    ...more,
  };
}

test("Markdown is one table, with names that can't break it", () => {
  expect(toMarkdown(exported())).toBe(
    [
      "**Flag \\| locking DDL**, 2 runs, $0.07 in all",
      "",
      "|  | Low | High |",
      "| --- | ---: | ---: |",
      "| Cost | $0.0373 | $0.1133 (+203%) |",
      "",
      "Low is enough.",
      "",
      "2 runs per level is few.",
    ].join("\n"),
  );
});

test("a sample says that it is one", () => {
  expect(
    toMarkdown(
      exported({ sample: true, note: "Sample replies: these figures did not come from a model." }),
    )
      .split("\n")
      .at(-1),
  ).toBe("Sample replies: these figures did not come from a model.");
});

test("CSV has one line per run, plain digits and exact dollars", () => {
  expect(toCsv(exported()).split("\r\n")).toEqual([
    "effort,repeat,status,model,sample,checks_passed,checks,cost_usd,total_ms,first_output_ms,input_tokens,cached_tokens,output_tokens,reasoning_tokens,started_at,run_id,output",
    'low,1,completed,gpt-5.5,,1,2,0.037336,8600,3300,4812,3072,820,180,2026-06-17T14:32:07.000Z,0199c0de-0000-7000-8000-00000000000a,"Says ""hi"",\n=1+1"',
    "high,1,completed,gpt-5.5,,1,2,,8600,3300,,,,,,0199c0de-0000-7000-8000-00000000000a,'=HYPERLINK(1)",
    "",
  ]);
});

describe("a CSV field", () => {
  test.each([
    ["=1+1", "'=1+1"],
    ["+1", "'+1"],
    ["-1", "'-1"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\t=1", "'\t=1"],
    ["\r=1", '"\'\r=1"'],
    ["1-1", "1-1"],
    ['=HYPERLINK("x","y")', '"\'=HYPERLINK(""x"",""y"")"'],
    [-5, "-5"],
    [null, ""],
  ])("%j becomes %j", (value, expected) => {
    expect(csvField(value)).toBe(expected);
  });
});

test("JSON holds all facts and outputs", () => {
  const data = JSON.parse(toJson(exported())) as Record<string, unknown>;
  expect(data).toEqual({
    request: "Flag | locking\nDDL",
    startedAt: "2026-06-17T14:32:07.000Z",
    sample: false,
    summary: SUMMARY,
    runs: exported().runs.map(({ effort, facts, output }) => ({ effort, ...facts, output })),
  });
});
