// The smallest piece that makes one text of another.
import { expect, it } from "vitest";
import { random } from "./test-random";
import { spliceBetween, spliced, splicesBetween } from "./text-splice";

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

it("tells edits that lie far apart from each other", () => {
  const lines = Array.from({ length: 2_000 }, (_, i) => `"field_${i}": "What stands in ${i}",`);
  const before = lines.join("\n") + lines.map((_, i) => `"field_${i}"`).join();
  const after = before.replaceAll('"field_7"', '"seventh"');
  expect(splicesBetween(before, before)).toEqual([]);
  expect(splicesBetween(before, after).map(({ insert }) => insert)).toEqual(["seventh", "seventh"]);
});

it("makes the text of any edits", () => {
  const next = random(5);
  const words = ["abcdefgh", "abc", "😀", "\n", "field"];
  const some = (count: number) =>
    Array.from({ length: count }, () => words[next(words.length)]).join("");
  for (let round = 0; round < 300; round++) {
    const before = some(next(3_000));
    let after = before;
    for (let edits = next(12); edits > 0; edits--) {
      const at = next(after.length + 1);
      after = after.slice(0, at) + some(next(4)) + after.slice(at + next(6));
    }
    expect(spliced(before, splicesBetween(before, after))).toBe(after);
  }
});
