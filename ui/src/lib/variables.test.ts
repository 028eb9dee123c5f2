// The engine's rule for {{name}}, held to the engine's own cases.
import { describe, expect, it } from "vitest";
import { meaning, namesIn, variableUses } from "./variables";

describe("variables in a text", () => {
  it("are found with their place, spaces within the braces aside", () => {
    expect(variableUses("Hi {{ name }} {{größe.x-1}}")).toEqual([
      { name: "name", from: 3, to: 13 },
      { name: "größe.x-1", from: 14, to: 27 },
    ]);
    expect(namesIn("{{a}} {{b}} {{a}}")).toEqual(["a", "b"]);
  });

  it.each(["{{}}", "{{1}}", "{{a b}}", "{{a", "{{#if a}}", "{{a}", "{{file:a.png}}"])(
    "%s is text",
    (text) => expect(namesIn(text)).toEqual([]),
  );

  it("are text after an odd number of backslashes", () => {
    expect(namesIn(String.raw`\{{a}}`)).toEqual([]);
    expect(variableUses(String.raw`\\{{a}}`)).toEqual([{ name: "a", from: 2, to: 7 }]);
    expect(namesIn("{{{a}}}")).toEqual(["a"]);
  });
});

it("a secret is told by where it is kept, never by its value", () => {
  const secret = { name: "t", value: null, scope: "environment", setBy: "Dev", secret: true };
  expect(meaning({ ...secret, reference: "env:TOKEN" } as never)).toBe("A secret from env:TOKEN");
  expect(meaning(undefined)).toBe("No value yet");
});
