import { describe, expect, test } from "vitest";
import { readDollars, writeDollars } from "./dollars";

describe("amounts", () => {
  test.each([
    ["", null],
    ["  ", null],
    ["5", 5_000_000_000],
    ["$12.50", 12_500_000_000],
    ["0.05", 50_000_000],
    ["0,05", 50_000_000],
    ["1 000", 1_000_000_000_000],
    ["0.000000001", 1],
    ["0", 0],
    ["5.", 5_000_000_000],
    ["-1", undefined],
    ["1e3", undefined],
    ["five", undefined],
    ["0.0000000001", undefined],
    ["9999999", undefined],
  ])("%j is read as %j", (text, nanos) => {
    expect(readDollars(text)).toBe(nanos);
  });

  test.each([0, 1, 50_000_000, 12_500_000_000, 1_000_000_000_000])("%i comes back", (nanos) => {
    expect(readDollars(writeDollars(nanos))).toBe(nanos);
  });

  test("are written as money is", () => {
    expect([null, 5_000_000_000, 12_500_000_000, 50_000_000].map(writeDollars)).toEqual([
      "",
      "5",
      "12.50",
      "0.05",
    ]);
  });
});
