// What is said of values that only some levels take.
import { describe, expect, it } from "vitest";
import type { Finding } from "../contract/ipc";
import { leftOutSaid, pointersOf } from "./left-out";

const lock = (pointer: string): Finding => ({
  code: "sampling_rejected",
  severity: "error",
  pointer,
  message: "",
  reason: "",
  fix: null,
});

describe("values left out of some levels", () => {
  const leftOut = {
    none: [],
    low: [lock("/temperature")],
    high: [lock("/temperature"), lock("/text/x")],
  };
  it("is told to the engine for the levels that go without", () => {
    expect(pointersOf(leftOut)).toEqual({
      low: ["/temperature"],
      high: ["/temperature", "/text/x"],
    });
  });
  it("is said once for each value", () => {
    expect(leftOutSaid(leftOut, (effort) => effort.toUpperCase())).toEqual([
      "temperature is left out at LOW and HIGH, where the API refuses it.",
      "text.x is left out at HIGH, where the API refuses it.",
    ]);
    expect(leftOutSaid({ none: [] }, String)).toEqual([]);
  });
});
