// The smallest piece that makes one text of another.
import { expect, it } from "vitest";
import { random } from "./test-random";
import { spliceBetween, spliced } from "./text-splice";

it("finds the smallest splice", () => {
  expect(spliceBetween("abc", "abc")).toBeNull();
  expect(spliceBetween("aaa", "aaaa")).toEqual({ from: 3, to: 3, insert: "a" });
  expect(spliceBetween("abcd", "axd")).toEqual({ from: 1, to: 3, insert: "x" });
});

it("finds it in long texts, too", () => {
  const next = random(3);
  for (let round = 0; round < 200; round++) {
    const before = "abcdefgh".repeat(next(3000));
    const [from, gone] = [next(before.length + 1), next(9000)];
    const insert = "b".repeat(next(3));
    const after = before.slice(0, from) + insert + before.slice(from + gone);
    const splice = spliceBetween(before, after);
    expect(splice ? spliced(before, [splice]) : before).toBe(after);
  }
});
