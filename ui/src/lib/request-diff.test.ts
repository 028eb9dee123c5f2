// Differences of two requests, field by field and line by line.
import { expect, it } from "vitest";
import { placeWords, requestDiff } from "./request-diff";

it("names each field that is another, came or went", () => {
  const before = { name: "A", body: { model: "x", temperature: 1 } };
  const after = { name: "B", body: { model: "x", top_p: 0.5 } };
  expect(requestDiff(before, after)).toEqual([
    { pointer: "/name", before: "A", after: "B", lines: [] },
    { pointer: "/body/top_p", before: null, after: 0.5, lines: [] },
    { pointer: "/body/temperature", before: 1, after: null, lines: [] },
  ]);
  expect(requestDiff(before, structuredClone(before))).toEqual([]);
});

it("shows a text of several lines by the lines that changed", () => {
  const lines = Array.from({ length: 20 }, (_, i) => `line ${i + 1}`);
  const later = lines.with(9, "another");
  const [change] = requestDiff({ input: lines.join("\n") }, { input: later.join("\n") });
  expect(change?.lines).toHaveLength(1);
  expect(change?.lines[0]).toMatchObject({ beforeLine: 7, afterLine: 7 });
  expect(change?.lines[0]?.lines.filter((it) => it.kind !== "same")).toEqual([
    { kind: "removed", text: "line 10" },
    { kind: "added", text: "another" },
  ]);
});

it("says places as a person reads them", () => {
  expect(placeWords("/body/input/0/content")).toBe("input[1].content");
  expect(placeWords("/name")).toBe("Name");
  expect(placeWords("/checks/1/contains")).toBe("Checks [2].contains");
  expect(placeWords("/body/a~1b")).toBe("a/b");
  expect(placeWords("")).toBe("The whole file");
});
