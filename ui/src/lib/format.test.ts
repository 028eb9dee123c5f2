// The number rules, as one table: what goes in, what is read.
import { describe, expect, test } from "vitest";
import * as f from "./format";

const DOLLAR = 1_000_000_000;

describe("money", () => {
  test.each([
    [null, "run", "no price"],
    [null, "sum", "no price"],
    [null, "exact", "no price"],
    [0, "run", "$0"],
    [0, "sum", "$0"],
    [0, "exact", "$0"],
    [1, "run", "$0.000000001"],
    [50, "run", "$0.000000050"],
    [38_000, "run", "$0.000038"],
    [38_400, "run", "$0.000038"],
    [99_400, "run", "$0.000099"],
    [99_600, "run", "$0.0001"],
    [100_000, "run", "$0.0001"],
    [113_296_000, "run", "$0.1133"],
    [33_440_000, "run", "$0.0334"],
    [999_949_999, "run", "$0.9999"],
    [999_950_000, "run", "$1.00"],
    [DOLLAR, "run", "$1.00"],
    [1.41 * DOLLAR, "run", "$1.41"],
    [1234.5 * DOLLAR, "sum", "$1\u2009234.50"],
    [1_410_000_000, "sum", "$1.41"],
    [930_000_000, "sum", "$0.93"],
    [12_300_000, "sum", "$0.01"],
    [3_400_000, "sum", "$0.0034"],
    [40_000, "sum", "$0.000040"],
    [8_700_000, "exact", "$0.008700"],
    [1_536_000, "exact", "$0.001536"],
    [78_300_000, "exact", "$0.078300"],
    [500, "exact", "$0.000001"],
    [50, "exact", "$0.000000050"],
    [-113_296_000, "run", "\u2212$0.1133"],
  ] as const)("%s as %s reads %s", (nanos, style, expected) => {
    expect(f.money(nanos, style)).toBe(expected);
  });

  test("a row shares the decimals that its finest figure needs", () => {
    expect(f.moneyRow([33_440_000, 215_796_000, null, 0])).toEqual([
      "$0.0334",
      "$0.2158",
      "no price",
      "$0",
    ]);
    expect(f.moneyRow([900_000_000, 1_215_796_000])).toEqual(["$0.9000", "$1.2158"]);
    expect(f.moneyRow([2 * DOLLAR, 1_215_796_000])).toEqual(["$2.00", "$1.22"]);
    expect(f.moneyRow([38_000, 113_296_000])).toEqual(["$0.000038", "$0.113296"]);
    expect(f.moneyRow([])).toEqual([]);
  });

  test("an axis has as few decimals as keep its ticks exact", () => {
    expect(f.moneyTicks([30_000_000, 50_000_000, 100_000_000, 200_000_000])).toEqual([
      "$0.03",
      "$0.05",
      "$0.10",
      "$0.20",
    ]);
    expect(f.moneyTicks([5_000_000, 10_000_000])).toEqual(["$0.005", "$0.010"]);
    expect(f.moneyTicks([DOLLAR, 2 * DOLLAR])).toEqual(["$1", "$2"]);
    expect(f.moneyTicks([500_000_000, DOLLAR])).toEqual(["$0.50", "$1.00"]);
  });

  test.each([
    [91_000_000, 138_000_000, "$0.091 to $0.14"],
    [90_000_000, 140_000_000, "$0.09 to $0.14"],
    [90_400_000, 91_500_000, "$0.090 to $0.092"],
    [9_100_000, 12_000_000, "$0.0091 to $0.012"],
    [20_000_000, 9_100_000_000, "$0.02 to $9.10"],
    [1_410_000_000, 2_260_000_000, "$1.40 to $2.30"],
    [113_000_000, 113_400_000, "$0.11"],
    [14_200_000_000, 21 * DOLLAR, "$14 to $21"],
    [0, 38_400, "$0 to $0.000038"],
  ])("an estimate from %s to %s reads %s", (low, high, expected) => {
    expect(f.moneyRange(low, high)).toBe(expected);
  });

  test.each([
    [null, "no price known"],
    [0, "no cost"],
    [400_000, "under a tenth of a cent"],
    [10_000_000, "1 cent"],
    [33_440_000, "3.34 cents"],
    [113_296_000, "11.3 cents"],
    [DOLLAR, "1 dollar"],
    [1_410_000_000, "1 dollar 41 cents"],
    [2_010_000_000, "2 dollars 1 cent"],
  ])("%s is said as %s", (nanos, expected) => {
    expect(f.moneySpoken(nanos)).toBe(expected);
  });

  test.each([
    [5 * DOLLAR, 1_000_000, "$5 / 1 M"],
    [500_000_000, 1_000_000, "$0.50 / 1 M"],
    [2_500_000_000, 1_000, "$2.50 / 1 k"],
    [125_000_000, 1_000_000, "$0.125 / 1 M"],
    [10 * DOLLAR, 10_000, "$10 / 10\u2009000"],
    [null, 1_000_000, "no price"],
  ])("a rate of %s per %s reads %s", (nanos, per, expected) => {
    expect(f.rate(nanos, per)).toBe(expected);
  });
});

describe("tokens", () => {
  test.each([
    [0, "0"],
    [688, "688"],
    [4_812, "4\u2009812"],
    [3_351.5, "3\u2009352"],
    [128_000, "128\u2009000"],
    [999_999, "999\u2009999"],
    [1_000_000, "1 M"],
    [1_050_000, "1.05 M"],
    [1_080_000, "1.08 M"],
    [12_500_000, "12.5 M"],
  ])("%s reads %s", (n, expected) => {
    expect(f.tokens(n)).toBe(expected);
  });

  test("copies are plain digits", () => {
    expect(f.tokens(4_812, { plain: true })).toBe("4812");
    expect(f.tokens(1_080_000, { plain: true })).toBe("1080000");
  });
});

describe("time", () => {
  test.each([
    [0, "0 ms"],
    [640, "640 ms"],
    [999.4, "999 ms"],
    [999.6, "1.0 s"],
    [29_900, "29.9 s"],
    [99_940, "99.9 s"],
    [99_960, "1 min 40 s"],
    [134_000, "2 min 14 s"],
    [124_000, "2 min 04 s"],
    [3_599_600, "1 h 00 min"],
    [3_900_000, "1 h 05 min"],
  ])("%s ms reads %s", (ms, expected) => {
    expect(f.duration(ms)).toBe(expected);
  });

  test.each([
    [0, "0.0 s"],
    [430, "0.4 s"],
    [4_290, "4.2 s"],
    [99_949, "99.9 s"],
    [134_000, "2 min 14 s"],
  ])("a running clock at %s ms reads %s", (ms, expected) => {
    expect(f.clock(ms)).toBe(expected);
  });

  test.each([
    [1, "1 millisecond"],
    [640, "640 milliseconds"],
    [1_000, "1 second"],
    [29_900, "29.9 seconds"],
    [121_000, "2 minutes 1 second"],
    [3_900_000, "1 hour 5 minutes"],
  ])("%s ms is said as %s", (ms, expected) => {
    expect(f.durationSpoken(ms)).toBe(expected);
  });

  test("the time of day has 24 hours and seconds", () => {
    const at = Date.UTC(2026, 5, 17, 14, 32, 7);
    expect(f.clockTime(at, "UTC")).toBe("14:32:07");
    expect(f.clockTime(Date.UTC(2026, 5, 17, 0, 0, 0), "UTC")).toBe("00:00:00");
    expect(f.clockTime(at, "Asia/Tokyo")).toBe("23:32:07");
  });
});

describe("shares and differences", () => {
  test.each([
    [0, "0%"],
    [0.0001, "<0.1%"],
    [0.014, "1.4%"],
    [0.0768, "7.7%"],
    [0.0994, "9.9%"],
    [0.0996, "10%"],
    [0.69, "69%"],
    [1, "100%"],
    [-0.11, "\u221211%"],
  ])("%s reads %s", (x, expected) => {
    expect(f.percent(x)).toBe(expected);
  });

  test.each([
    [70_320, 37_340, "+88%"],
    [33_440, 37_340, "\u221210%"],
    [688, 640, "+7.5%"],
    [51_700, 3_300, "+1\u2009467%"],
    [5, 5, ""],
    [5.0001, 5, ""],
    [5, 0, ""],
  ])("%s against %s reads %s", (value, base, expected) => {
    expect(f.delta(value, base)).toBe(expected);
  });

  test.each([
    [1_216, 180, "6.8×"],
    [2_610, 180, "15×"],
    [90, 180, "0.5×"],
    [9, 180, "0.05×"],
    [1_790, 180, "9.9×"],
    [1_799, 180, "10×"],
    [180, 180, ""],
    [0, 180, ""],
    [180, 0, ""],
  ])("%s over %s is %s", (value, base, expected) => {
    expect(f.times(value, base)).toBe(expected);
  });

  test.each([
    [7, 5, "+2"],
    [4, 5, "\u22121"],
    [4.5, 5, "\u22120.5"],
    [5, 5, ""],
  ])("%s checks against %s is %s", (value, base, expected) => {
    expect(f.difference(value, base)).toBe(expected);
  });
});

describe("days and sizes", () => {
  const at = Date.UTC(2026, 10, 20, 14, 32, 7);
  test.each([
    [Date.UTC(2026, 11, 31), "20 Nov, 14:32"],
    [Date.UTC(2027, 0, 1, 12), "20 Nov 2026, 14:32"],
  ])("as of %s the moment reads %s", (now, expected) => {
    expect(f.dayTime(at, now, "UTC")).toBe(expected);
    expect(f.day(at, now, "UTC")).toBe(expected.split(",")[0]);
  });

  test.each([
    [0, "0 B"],
    [999, "999 B"],
    [1_000, "1.0 kB"],
    [12_449, "12.4 kB"],
    [999_950, "1.0 MB"],
    [1_240_000, "1.2 MB"],
  ])("%s bytes read %s", (count, expected) => {
    expect(f.bytes(count)).toBe(expected);
  });
});
