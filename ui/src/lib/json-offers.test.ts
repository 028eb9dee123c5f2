// Completion in a body's text, against the engine's own catalogue.
import { describe, expect, it } from "vitest";
import { buildTwin } from "../host.memory.build";
import { cursorAt } from "./json-cursor";
import { offersAt, rowAt, takes } from "./json-offers";

const { parameters } = buildTwin().list_parameters({});

/** Offers at the `|` of a text. */
function offers(marked: string, endpoint: "responses" | "chat_completions" = "responses") {
  const offset = marked.indexOf("|");
  return offersAt(marked.replace("|", ""), offset, parameters, endpoint, ["gpt-5.5"]);
}
const labels = (marked: string) => offers(marked)?.list.map((it) => it.label) ?? [];

describe("the cursor", () => {
  it("knows the way, a name from a value, and what was typed", () => {
    const at = (marked: string) => cursorAt(marked.replace("|", ""), marked.indexOf("|"));
    expect(at('{"a": 1, "b|')).toMatchObject({
      path: [],
      expects: "name",
      typed: "b",
      names: ["a"],
    });
    expect(at('{"a": {"b": "c|"}}')).toMatchObject({
      path: ["a", "b"],
      expects: "value",
      typed: "c",
    });
    expect(at('{"a": [{"x|')).toMatchObject({ path: ["a", "*"], expects: "name" });
    expect(at('{"a": tr|')).toMatchObject({ path: ["a"], expects: "value", typed: "tr" });
    expect(at('{"a": "x"|}')).toBeNull();
    expect(at('{"a"|')).toBeNull();
    expect(at("|")).toBeNull();
  });
});

describe("offers", () => {
  it("names of the place, without those that are there", () => {
    expect(labels('{"model": "m", "|')).toContain("reasoning");
    expect(labels('{"model": "m", "|')).not.toContain("model");
    expect(labels('{"reasoning": {"|')).toEqual(expect.arrayContaining(["effort", "summary"]));
    expect(labels('{"reasoning": {"|')).not.toContain("temperature");
    expect(offers('{"|', "chat_completions")?.list.map((it) => it.label)).toContain("messages");
  });

  it("values where only some are taken", () => {
    expect(labels('{"reasoning": {"effort": "|"}}')).toContain("xhigh");
    expect(labels('{"store": |')).toEqual(["true", "false"]);
    expect(labels('{"model": "|')).toEqual(["gpt-5.5"]);
    expect(labels('{"input": "|')).toEqual([]);
  });

  it("writes the colon and the closing quote only where they lack", () => {
    const insert = (marked: string, label: string) =>
      offers(marked)?.list.find((it) => it.label === label)?.insert;
    expect(insert('{"sto|', "store")).toBe('"store": ');
    expect(insert('{"sto|": true}', "store")).toBe('"store');
    expect(insert('{"reasoning": {"effort": "|"}}', "low")).toBe('"low');
    expect(insert('{"reasoning": {"effort": |', "low")).toBe('"low"');
  });

  it("says what a parameter takes", () => {
    expect(takes(rowAt(["temperature"], parameters, "responses")!, "responses")).toContain(
      "number from 0 to 2",
    );
    expect(rowAt(["nothing"], parameters, "responses")).toBeNull();
  });
});
