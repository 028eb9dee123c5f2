// The words under a choice.
import { describe, expect, it } from "vitest";
import { fillWords } from "./copied";

const all = {
  values: ["name", "tone", "mine"],
  secrets: [{ name: "token", variable: "PLACE_TOKEN" }],
  files: ["attachments/dot.png"],
  unset: ["nobody"],
};
const none = { values: [], secrets: [], files: [], unset: [] };

describe("what becomes of double braces", () => {
  it("is told kind by kind", () => {
    expect(fillWords(all, true)).toEqual([
      "name, tone and mine have their values of now.",
      "token is a secret: the code reads it from PLACE_TOKEN where it runs.",
      "attachments/dot.png is read from its place on this computer when the code runs.",
      "nobody has no value and stays in double braces.",
    ]);
    expect(fillWords(all, false)).toEqual([
      "5 variables stay in double braces. The API gets them as text unless something puts values in.",
      "attachments/dot.png is named and not read: the code does not run as it is.",
    ]);
  });

  it("is nothing where there are none", () => {
    expect([...fillWords(none, true), ...fillWords(none, false)]).toEqual([]);
    expect(fillWords({ ...none, values: ["a", "b"] }, true)).toEqual([
      "a and b have their values of now.",
    ]);
  });
});
