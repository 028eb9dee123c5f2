// A run's spans on their lanes, finished or still growing.
import { describe, expect, test } from "vitest";
import type { RunFacts, Span } from "../contract/ipc";
import { lanesOf, timelineFinding } from "./lanes";

const facts = (spans: Span[], more: Partial<RunFacts> = {}): RunFacts =>
  ({ spans, elapsedMs: 29_900, firstOutputMs: 23_700, ...more }) as RunFacts;

const span = (
  kind: Span["kind"],
  startMs: number,
  endMs: number | null,
  label: string | null = null,
): Span => ({
  kind,
  label,
  startMs,
  endMs,
});

const SEARCH = facts([
  span("connect", 0, 600),
  span("reasoning", 600, 14_200),
  span("tool", 14_200, 15_500, "file_search"),
  span("reasoning", 15_500, 23_700),
  span("output", 23_700, 29_900),
]);

describe("lanes", () => {
  test("one per phase, tools by name, in a fixed order", () => {
    expect(lanesOf(SEARCH).map(({ name, total, spans }) => [name, total, spans.length])).toEqual([
      ["Connect", 600, 1],
      ["Reasoning", 21_800, 2],
      ["file_search", 1_300, 1],
      ["Visible output", 6_200, 1],
    ]);
  });

  test("a span that goes on reaches to now", () => {
    const lanes = lanesOf(
      facts([span("connect", 0, 600), span("reasoning", 600, null)], { elapsedMs: 4_800 }),
    );
    expect(lanes.map(({ name, spans }) => [name, spans])).toEqual([
      ["Connect", [{ start: 0, end: 600, open: false }]],
      ["Reasoning", [{ start: 600, end: 4_800, open: true }]],
      ["Visible output", []],
    ]);
  });

  test("without a stream there is only waiting", () => {
    const lanes = lanesOf(facts([span("connect", 0, 600), span("waiting", 600, 9_000)]));
    expect(lanes.map(({ name }) => name)).toEqual(["Connect", "Waiting"]);
  });

  test("are told in a sentence", () => {
    expect(timelineFinding(SEARCH)).toBe(
      "Timeline: connect 600 ms, reasoning 21.8 s in 2 spans, file_search 1.3 s, visible output 6.2 s. First output token at 23.7 s.",
    );
    expect(timelineFinding(facts([], { firstOutputMs: null }))).toBe("Timeline: nothing sent yet.");
  });
});
