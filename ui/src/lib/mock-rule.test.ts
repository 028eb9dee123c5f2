// Rules that can't be followed, told at the field; and the ready-made ones, which can.
import { describe, expect, it, test } from "vitest";
import type { EngineError, MockRule } from "../contract/ipc";
import { BLANK, EXAMPLES, freshId, ruleFrom } from "./mock-examples";
import { refusalOf, ruleProblems } from "./mock-rule";

const rule = (more: Partial<MockRule> = {}): MockRule => ({
  id: "a",
  name: "A",
  enabled: true,
  matches: {},
  action: { fault: { kind: "server_error" } },
  ...more,
});

describe("what is wrong with a rule", () => {
  test.each<[string, Partial<MockRule>, string[]]>([
    ["nothing", {}, []],
    ["a path that begins with neither", { matches: { path: "v1/responses" } }, ["matches.path"]],
    ["a share over one", { matches: { rate: 1.2 } }, ["matches.rate"]],
    ["a share that is no number", { matches: { rate: Number.NaN } }, ["matches.rate"]],
    ["every noughtth", { matches: { every: 0 } }, ["matches.every"]],
    ["no times at all", { times: 0 }, ["times"]],
    ["half a time", { times: 1.5 }, ["times"]],
    ["no recording", { action: { pin: " " } }, ["action.pin"]],
    [
      "a redirect to nowhere",
      { action: { fault: { kind: "redirect", to: "", status: 307 } } },
      ["action.fault.to"],
    ],
    [
      "two that share a header",
      {
        action: {
          fault: {
            kind: "rate_limited",
            code: "slow_down",
            retry_after_s: 1,
            retry_after_date: 1,
          },
        },
      },
      ["action.fault.retry_after_date"],
    ],
  ])("%s", (_, more, places) => {
    expect(Object.keys(ruleProblems(rule(more)))).toEqual(places);
  });
});

describe("a refusal of the engine", () => {
  const error = (message: string): EngineError => ({
    code: "bad_input",
    message,
    hint: null,
    place: "rules",
    retryAfterMs: null,
    requestId: null,
    httpStatus: null,
    detail: null,
  });

  it("names the rule and the field", () => {
    expect(
      refusalOf(error('Rule "say \\"no\\"", matches.path: it must start with / or *.')),
    ).toEqual({ rule: 'say "no"', field: "matches.path", reason: "It must start with / or *." });
  });

  it.each(["The rules cannot be read: a quote is not closed.", "Rule a, x: y.", ""])(
    "that is not about one field is none: %s",
    (message) => {
      expect(refusalOf(error(message))).toBeNull();
    },
  );
});

test.each([BLANK, ...EXAMPLES])("$name can be followed as it is", (example) => {
  const made = ruleFrom(example, []);
  expect(ruleProblems(made)).toEqual({});
  expect(made.id).toMatch(/^[a-z0-9-]+$/);
  made.matches.path = "*";
  expect(example.matches.path).not.toBe("*");
});

test("an id is the name, and never one that is taken", () => {
  expect(freshId("One in five: cut!", [])).toBe("one-in-five-cut");
  expect(freshId("A", ["a", "a-2"])).toBe("a-3");
  expect(freshId("日本", [])).toBe("rule");
});
