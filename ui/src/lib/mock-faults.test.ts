// The table of failures: every row can be filled in, said, and refused where it can't be meant.
import { describe, expect, it, test } from "vitest";
import {
  FAULTS,
  FAULT_KINDS,
  fieldOf,
  fieldProblem,
  GROUP_NAMES,
  sayFault,
  withField,
} from "./mock-faults";

describe.each(FAULT_KINDS)("%s", (kind) => {
  const row = FAULTS[kind];

  it("begins with values that can be, and says what it does", () => {
    const fault = row.fresh();
    expect(fault.kind).toBe(kind);
    expect(row.fields.map((field) => fieldProblem(field, fieldOf(fault, field.key)))).toEqual(
      row.fields.map(() => null),
    );
    expect(sayFault(fault).length).toBeGreaterThan(3);
    expect([row.label, row.help, GROUP_NAMES[row.group]].every((text) => text.length > 2)).toBe(
      true,
    );
  });

  it("has a field for each of its values, and no other value", () => {
    const keys = Object.keys(row.fresh()).filter((key) => key !== "kind");
    expect(row.fields.map((field) => field.key)).toEqual(expect.arrayContaining(keys));
  });

  it("offers its own example and refuses what is out of range", () => {
    for (const field of row.fields) {
      const { input } = field;
      if (input.type !== "whole" && input.type !== "number") continue;
      expect(fieldProblem(field, Number(input.example))).toBeNull();
      expect(fieldProblem(field, input.max + 1)).toContain(input.example);
      expect(fieldProblem(field, input.min - 1)).toContain(input.example);
      expect(fieldProblem(field, Number.NaN)).not.toBeNull();
      if (input.type === "whole") expect(fieldProblem(field, input.min + 0.5)).not.toBeNull();
    }
  });
});

test("groups lie together, so that the menu names each once", () => {
  const groups = FAULT_KINDS.map((kind) => FAULTS[kind].group);
  expect(groups.filter((group, i) => group !== groups[i - 1])).toEqual([...new Set(groups)]);
});

describe("a changed field", () => {
  it("is left out where it is emptied, but for those that the engine wants as null", () => {
    const limited = FAULTS.rate_limited.fresh();
    expect(withField(limited, "retry_after_ms", null)).toEqual({
      kind: "rate_limited",
      code: "rate_limit_exceeded",
    });
    expect(withField(FAULTS.status.fresh(), "param", null)).toMatchObject({ param: null });
    expect(withField(FAULTS.status.fresh(), "should_retry", null)).not.toHaveProperty(
      "should_retry",
    );
  });

  it("keeps its type: a redirect's status is chosen as text", () => {
    expect(withField(FAULTS.redirect.fresh(), "status", "308")).toMatchObject({ status: 308 });
  });
});

test("faults in words", () => {
  expect([
    sayFault({ kind: "rate_limited", code: "slow_down", retry_after_ms: 1200, retry_after_s: 2 }),
    sayFault({ kind: "overloaded" }),
    sayFault({ kind: "cut_mid_event", after_events: 1 }),
    sayFault({ kind: "stall", after_events: 0 }),
    sayFault({
      kind: "error_in_stream",
      after_events: 2,
      code: "server_is_overloaded",
      flat: false,
    }),
    sayFault({ kind: "slow_start", ms: 5000 }),
  ]).toEqual([
    "Rate limit (429), retry after 1.2 s and 2 s",
    "Overloaded (503)",
    "Cut mid-event after 1 event",
    "Stall before the first event",
    "Overloaded inside the stream after 2 events",
    "Slow start, 5.0 s",
  ]);
});
