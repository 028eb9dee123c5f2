// Rungs, pins and marks in words.
import { describe, expect, it, test } from "vitest";
import type { MockPinned, RunFacts } from "../contract/ipc";
import {
  commonWords,
  ladderOrder,
  ordinal,
  pinOf,
  pinValue,
  sampleWords,
  sayAction,
  sayMatch,
  USUAL_ORDER,
} from "./mock-words";

describe("the ladder's order", () => {
  it("shows rungs that are off where they usually stand", () => {
    expect(ladderOrder([])).toEqual([...USUAL_ORDER]);
    expect(ladderOrder(["composed", "live_last"])).toEqual([
      "sequence",
      "upstream",
      "composed",
      "live_last",
    ]);
    expect(ladderOrder(["sequence", "composed"])).toEqual([...USUAL_ORDER]);
  });

  it("stays as it was shown while the rungs that are on agree with it", () => {
    const before = ["sequence", "composed", "upstream", "live_last"] as const;
    expect(ladderOrder(["sequence", "live_last"], before)).toEqual(before);
    expect(ladderOrder(["live_last", "sequence"], before)).not.toEqual(before);
  });

  it("holds each rung once, whatever is on", () => {
    for (const on of [["upstream"], ["composed", "upstream", "sequence", "live_last"]] as const) {
      expect(ladderOrder(on).toSorted()).toEqual([...USUAL_ORDER].toSorted());
    }
  });
});

test.each<MockPinned | null>([
  null,
  "live_last",
  "sequence",
  "upstream",
  "composed",
  { rule: "a:b" },
])("a pin comes back from its value: %j", (pin) => {
  expect(pinOf(pinValue(pin))).toEqual(pin);
});

test("matches in words", () => {
  expect([
    sayMatch({}, null),
    sayMatch({ path: "/v1/responses", model: "gpt-5.5*", effort: "high" }, 2),
    sayMatch({ body_contains: "invoice", rate: 0.2 }, null),
    sayMatch({ every: 3 }, 1),
    sayMatch({ key: "k" }, null),
  ]).toEqual([
    "Every request",
    "/v1/responses, gpt-5.5*, high effort, the first 2 times",
    'body has "invoice", 20% of the time',
    "Every request, every 3rd time, the first time",
    "one request alone",
  ]);
});

test("ordinals", () => {
  expect([1, 2, 3, 4, 11, 12, 13, 21, 112].map(ordinal)).toEqual([
    "1st",
    "2nd",
    "3rd",
    "4th",
    "11th",
    "12th",
    "13th",
    "21st",
    "112th",
  ]);
});

test("what a rule does", () => {
  const rule = { id: "a", name: "", enabled: true, matches: {} };
  expect(sayAction({ ...rule, action: { pin: "Greeting" } })).toBe('Answers with "Greeting"');
  expect(sayAction({ ...rule, action: { fault: { kind: "gzip" } } })).toBe("Gzip");
});

describe("the mark of a run", () => {
  const facts = (sample: RunFacts["sample"], live: boolean | null = null): RunFacts =>
    ({
      sample,
      replayed: live === null ? null : { recordedAt: 1, originalMs: 2, live },
    }) as RunFacts;

  it("tells an answer, a sample, and what was recorded of either", () => {
    const label = (of: RunFacts) => sampleWords(of)?.label ?? null;
    expect([
      label(facts(null)),
      label(facts("composed")),
      label(facts("written")),
      label(facts("replayed", true)),
      label(facts("replayed", false)),
    ]).toEqual([null, "Sample reply", "Sample reply", "Mock reply", "Recorded sample"]);
  });

  it("says that nothing new was spent, where money was spent once", () => {
    expect(sampleWords(facts("replayed", true))).toMatchObject({
      cost: "Cost when recorded",
      spent: "Nothing new was spent",
    });
    expect(sampleWords(facts("replayed", false))?.cost).toBe("Cost, if live");
  });

  it("of many is the one that they share", () => {
    expect(commonWords([])).toBeNull();
    expect(commonWords([facts(null)])).toBeNull();
    expect(commonWords([facts("replayed", true), facts("replayed", true)])?.label).toBe(
      "Mock reply",
    );
    expect(commonWords([facts("replayed", true), facts("composed")])?.label).toBe(
      "Sample and mock replies",
    );
  });
});
