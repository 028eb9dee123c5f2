// What is marked in an output, and where.
import { describe, expect, test } from "vitest";
import type { CheckOutcome } from "../../contract/ipc";
import { append, finish, UNSEALED } from "../../lib/seal";
import { comparedByDefault, kindOf, markable, marksOf, readable } from "./differences";

function text(whole: string) {
  const { blocks, tail } = finish(append(UNSEALED, whole));
  return { sealed: blocks, tail };
}

const check = (offending: string | null, passed = false): CheckOutcome => ({
  name: "a check",
  rule: "a rule",
  passed,
  reason: null,
  offending,
});

const cut = (parts: string[], { marks }: ReturnType<typeof marksOf>) =>
  marks.map((own, i) => own.map(({ start, end, kind }) => [kind, parts[i]?.slice(start, end)]));

describe("the words of an output", () => {
  test("are what stands on screen, part by part", () => {
    expect(readable([text("Use `x` **now**.\n\n- a\n- b"), text("Second")], "markdown")).toEqual([
      "Use x now.\na\nb",
      "Second",
    ]);
    expect(readable([text("a **b**")], "code")).toEqual(["a **b**"]);
  });

  test.each([
    ['{"a": 1}', "code"],
    ["{}", "code"],
    ['[{"a": 1}]', "code"],
    ["[1, 2]", "code"],
    ["[a link](https://example.org)", "markdown"],
    ["{braces} in prose", "markdown"],
    ["", "markdown"],
  ])("%j is shown as %s", (whole, kind) => {
    expect(kindOf([text(whole)])).toBe(kind);
  });
});

describe("marks", () => {
  test("are for new words and for what a failed check forbids, wherever it occurs", () => {
    const parts = ["It rewrites the table, and rewrites the table again."];
    const marked = marksOf(parts, ["It rewrites the table."], [check("rewrites the table")]);
    expect(cut(parts, marked)).toEqual([
      [
        ["wrong", "rewrites the table"],
        ["wrong", "rewrites the table"],
        ["added", "and rewrites the table again."],
      ],
    ]);
    expect(marked.missing).toBe(0);
  });

  test("fall into the part that they belong to", () => {
    const parts = ["one two", "three four"];
    const marked = marksOf(parts, ["one", "three"], []);
    expect(cut(parts, marked)).toEqual([[["added", "two"]], [["added", "four"]]]);
  });

  test("leave the baseline itself and passed checks alone", () => {
    expect(marksOf(["one two"], null, [check("two", true), check(null)])).toEqual({
      marks: [[]],
      missing: null,
      skipped: null,
    });
  });

  test("are not looked for in texts that nobody reads word by word", () => {
    expect(markable([text("a".repeat(300_000)), text("a".repeat(100_000))])).toBe(true);
    expect(markable([text("a".repeat(300_000)), text("a".repeat(100_001))])).toBe(false);
  });

  test("over 20 000 characters wait to be asked for", () => {
    expect(comparedByDefault([["a".repeat(20_000)], ["b"]])).toBe(true);
    expect(comparedByDefault([["a".repeat(12_000), "a".repeat(8_001)], ["b"]])).toBe(false);
  });
});
