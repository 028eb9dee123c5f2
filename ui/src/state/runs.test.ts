// Patches in, whole runs out: the same state whichever way the changes were split.
import { describe, expect, test } from "vitest";
import type { LanePatch, RunFacts, RunPatch, RunView, TextChange } from "../contract/ipc";
import { agrees, RunLane, RunSet, type StreamedText } from "./runs.svelte";

const WAITING: RunFacts = {
  id: "0199c0de-0000-7000-8000-000000000001",
  requestId: null,
  repeat: 1,
  model: "gpt-5.5",
  effortSent: "low",
  effortReported: null,
  modelReported: null,
  sample: null,
  replayed: null,
  status: "waiting",
  phase: "waiting",
  phaseLabel: null,
  phaseSinceMs: 0,
  retry: null,
  startedAt: null,
  elapsedMs: 0,
  firstEventMs: null,
  firstOutputMs: null,
  totalMs: null,
  spans: [],
  events: 0,
  usage: null,
  bill: null,
  charged: "no",
  incompleteReason: null,
  suggestedCap: null,
  fault: null,
  checks: [],
  toolCalls: [],
  attempts: [],
  responseId: null,
  serviceTier: null,
  oddities: [],
};
const WRITING: RunFacts = {
  ...WAITING,
  status: "running",
  phase: "writing",
  startedAt: 5,
  firstOutputMs: 40,
};
const COMPLETED: RunFacts = { ...WRITING, status: "completed", phase: "done", totalMs: 90 };

const output = (text: string, part = 0, replace = false): TextChange => ({
  section: "output",
  part,
  text,
  replace,
});
const patch = (more: Partial<LanePatch>): LanePatch => ({
  lane: 0,
  facts: null,
  elapsedMs: 0,
  events: 0,
  texts: [],
  ...more,
});
const all = (more: Partial<LanePatch>[], summary: RunPatch["summary"] = null): RunPatch => ({
  lanes: more.map(patch),
  summary,
});

const shape = (texts: readonly StreamedText[]): unknown[] =>
  texts.map(({ part, sealed, tail }) => ({
    part,
    sealed: sealed.map((block) => block.text),
    tail,
  }));

describe("a run", () => {
  test("takes new facts whole, and between them only the clock and the count", () => {
    const lane = new RunLane(WAITING);
    lane.apply(patch({ facts: WRITING, elapsedMs: 50, events: 3 }));
    expect(lane.facts).toEqual({ ...WRITING, elapsedMs: 50, events: 3 });
    lane.apply(patch({ elapsedMs: 66, events: 9 }));
    expect(lane.facts).toEqual({ ...WRITING, elapsedMs: 66, events: 9 });
  });

  test("appends to the text that a change names, and makes it where it is new", () => {
    const lane = new RunLane(WRITING);
    lane.apply(
      patch({
        texts: [output("One "), { section: "reasoning", part: 0, text: "Hm", replace: false }],
      }),
    );
    lane.apply(patch({ texts: [output("two"), output("second", 1)] }));
    expect(shape(lane.texts("output"))).toEqual([
      { part: 0, sealed: [], tail: "One two" },
      { part: 1, sealed: [], tail: "second" },
    ]);
    expect(shape(lane.texts("reasoning"))).toEqual([{ part: 0, sealed: [], tail: "Hm" }]);
    expect(lane.texts("refusal")).toEqual([]);
  });

  test("keeps its parts in order, whichever came first", () => {
    const lane = new RunLane(WRITING);
    lane.apply(patch({ texts: [output("b", 1), output("a", 0)] }));
    expect(lane.whole("output")).toBe("a\n\nb");
  });

  test("lets a `done` that differs win", () => {
    const lane = new RunLane(WRITING);
    lane.apply(patch({ texts: [output("wrng")] }));
    lane.apply(patch({ texts: [output("right", 0, true)] }));
    expect(lane.whole("output")).toBe("right");
  });

  test.each(["completed", "incomplete", "failed", "cut", "stopped"] as const)(
    "that is %s has no tail left, and keeps what arrived",
    (status) => {
      const lane = new RunLane(WRITING);
      lane.apply(patch({ texts: [output("Partial")] }));
      expect(lane.over).toBe(false);
      lane.apply(patch({ facts: { ...COMPLETED, status } }));
      expect(lane.over).toBe(true);
      expect(shape(lane.texts("output"))).toEqual([{ part: 0, sealed: ["Partial"], tail: "" }]);
    },
  );

  test("knows a refusal", () => {
    const lane = new RunLane(WRITING);
    expect(lane.refused).toBe(false);
    lane.apply(patch({ texts: [{ section: "refusal", part: 0, text: "No.", replace: false }] }));
    expect(lane.refused).toBe(true);
  });

  test("from history is what the patches would have made", () => {
    const text =
      "A paragraph of some length. ".repeat(20) + "\n\n" + "Another one. ".repeat(60) + "\n\nEnd.";
    const view: RunView = { facts: COMPLETED, texts: [{ section: "output", part: 0, text }] };
    const lane = new RunLane(WRITING);
    for (let at = 0; at < text.length; at += 7)
      lane.apply(patch({ texts: [output(text.slice(at, at + 7))] }));
    lane.apply(patch({ facts: COMPLETED }));
    const kept = RunLane.from(view);
    expect(shape(lane.texts("output"))).toEqual(shape(kept.texts("output")));
    expect(lane.facts).toEqual(kept.facts);
    expect(agrees(lane, view)).toBe(true);
  });
});

describe("runs side by side", () => {
  const SUMMARY: RunPatch["summary"] = {
    levels: [],
    checks: 0,
    frontier: [],
    totals: {
      runs: 2,
      completed: 0,
      inputTokens: 0,
      cachedTokens: 0,
      outputTokens: 0,
      reasoningTokens: 0,
      cost: 0,
      unpricedRuns: 0,
    },
    verdict: null,
  };

  test("are made by the first patch, in any order", () => {
    const set = new RunSet();
    set.apply(
      all(
        [
          { lane: 1, facts: { ...WAITING, repeat: 2 } },
          { lane: 0, facts: WAITING },
        ],
        SUMMARY,
      ),
    );
    expect(set.lanes.map((lane) => lane.facts.repeat)).toEqual([1, 2]);
    expect(set.summary).toEqual(SUMMARY);
  });

  test("take their own changes, and keep the summary until a new one comes", () => {
    const set = new RunSet();
    set.apply(all([{ facts: WRITING }, { lane: 1, facts: WRITING }], SUMMARY));
    const [first] = set.lanes;
    set.apply(all([{ lane: 1, elapsedMs: 8, texts: [output("x")] }]));
    expect(set.lanes.map((lane) => lane.whole("output"))).toEqual(["", "x"]);
    expect(set.lanes[0]).toBe(first);
    expect(set.summary).toEqual(SUMMARY);
  });

  test("a change of a run that nobody has told of is left out", () => {
    const set = new RunSet();
    set.apply(all([{ lane: 3, texts: [output("x")] }]));
    expect(set.lanes).toEqual([]);
  });

  test("settle on the answer: agreeing lanes stay, others are taken from it", () => {
    const set = new RunSet();
    set.apply(all([{ facts: WRITING }, { lane: 1, facts: WRITING }]));
    set.apply(
      all([
        { facts: COMPLETED, texts: [output("same")] },
        { lane: 1, texts: [output("hal")] },
      ]),
    );
    const [first, second] = set.lanes;
    const done = { ...COMPLETED, id: "told at the end" };
    const view = (text: string): RunView => ({
      facts: done,
      texts: [{ section: "output", part: 0, text }],
    });
    set.settle([view("same"), view("half")], SUMMARY);
    expect(set.lanes[0]).toBe(first);
    expect(set.lanes[1]).not.toBe(second);
    expect(set.lanes.map((lane) => [lane.facts, lane.whole("output")])).toEqual([
      [done, "same"],
      [done, "half"],
    ]);
    expect(set.summary).toEqual(SUMMARY);
  });
});
