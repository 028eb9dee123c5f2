// JSON in pieces: every character is in one of them, and keys are told from texts.
import { expect, it } from "vitest";
import { jsonLines } from "./json-tokens";

it("loses no character, whatever a text holds", () => {
  const json = JSON.stringify(
    { 'a "b": \\': ["<b>x</b>", -1.5e-7, true, null, {}, "\u2028 é"] },
    null,
    2,
  );
  const lines = jsonLines(json).map((line) => line.map((token) => token.text).join(""));
  expect(lines.join("\n")).toBe(json);
});

it("tells keys, texts, numbers and words apart", () => {
  const [line] = jsonLines('"key": "true", 12, false');
  expect(line!.filter((token) => token.kind !== "space").map((it) => [it.kind, it.text])).toEqual([
    ["key", '"key"'],
    ["punct", ":"],
    ["str", '"true"'],
    ["punct", ","],
    ["num", "12"],
    ["punct", ","],
    ["kw", "false"],
  ]);
});
