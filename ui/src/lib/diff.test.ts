// What counts as a word of its own, and that differences land on the right places.
import { describe, expect, test } from "vitest";
import { compareWords, occurrences } from "./diff";

function added(baseline: string, text: string): string[] {
  const difference = compareWords(baseline, text);
  return (difference?.added ?? []).map(({ start, end }) => text.slice(start, end));
}

describe("words against a baseline", () => {
  test("equal texts have no differences", () => {
    expect(compareWords("The same text.", "The same text.")).toEqual({ added: [], missing: 0 });
  });

  test("new words are joined where they follow one another, with the punctuation that ends them", () => {
    expect(
      added(
        "The foreign key locks both tables.",
        "The foreign key: add it NOT VALID, then VALIDATE.",
      ),
    ).toEqual(["add it NOT VALID, then VALIDATE."]);
    expect(added("Four statements are unsafe.", "Three statements are unsafe. Batch it.")).toEqual([
      "Three",
      "Batch it.",
    ]);
  });

  test("white space and punctuation alone are no difference", () => {
    expect(compareWords("One, two; three.", "One two\n\n  three!")).toEqual({
      added: [],
      missing: 0,
    });
  });

  test("a bracket that opens belongs to what comes next", () => {
    expect(added("See every note.", "See also every (old) note.")).toEqual(["also", "old)"]);
  });

  test("words keep their inner marks and any script", () => {
    expect(added("don't use lock_timeout", "do not use lock_timeout 3.5 größe 日本 naïve")).toEqual(
      ["do not", "3.5 größe 日本 naïve"],
    );
  });

  test("counts what the baseline has and the text has not", () => {
    expect(compareWords("one two three four", "one four")).toEqual({ added: [], missing: 2 });
    expect(compareWords("one two", "")).toEqual({ added: [], missing: 2 });
    expect(compareWords("", "one two")).toEqual({ added: [{ start: 0, end: 7 }], missing: 0 });
  });

  test("a short word alone between new ones goes with them, a longer one does not", () => {
    expect(added("lock a table", "lock it as a whole table")).toEqual(["it as a whole"]);
    expect(added("lock every table", "lock it as every whole table")).toEqual(["it as", "whole"]);
  });

  test("case matters: NOT VALID is a keyword, not valid is an opinion", () => {
    expect(added("it is not valid", "it is NOT VALID")).toEqual(["NOT VALID"]);
  });
});

describe("occurrences", () => {
  test("finds every place, one after the other", () => {
    expect(occurrences("a-b-a-b", "a-b")).toEqual([
      { start: 0, end: 3 },
      { start: 4, end: 7 },
    ]);
    expect(occurrences("aaaa", "aa")).toEqual([
      { start: 0, end: 2 },
      { start: 2, end: 4 },
    ]);
  });

  test("the empty text is nowhere", () => {
    expect(occurrences("abc", "")).toEqual([]);
  });
});
