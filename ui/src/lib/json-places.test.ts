// Places of a JSON text, and what is said of a text that is none.
import { describe, expect, it } from "vitest";
import { linesOf, placesOf } from "./json-places";

function places(text: string) {
  const read = placesOf(text);
  if ("fault" in read) throw new Error(read.fault.message);
  return read.places;
}

function fault(text: string) {
  const read = placesOf(text);
  return "fault" in read ? read.fault : null;
}

describe("places", () => {
  const text = '{\n  "a/b": [1, {"~": "x\\"y"}],\n  "c": null\n}';

  it("finds every value, under names that a pointer must escape", () => {
    const found = places(text);
    const cut = (pointer: string) => {
      const place = found.get(pointer)!;
      return text.slice(place.from, place.to);
    };
    expect(cut("/a~1b/0")).toBe("1");
    expect(cut("/a~1b/1/~0")).toBe('"x\\"y"');
    expect(cut("/c")).toBe("null");
    expect(cut("")).toBe(text);
    const { start } = found.get("/c")!;
    expect([...linesOf(text, [start, 0])]).toEqual([
      [0, 1],
      [start, 3],
    ]);
  });

  it("takes exactly what JSON.parse takes", () => {
    const cases = ["1", "-0.5e+3", '"\\u00e9"', "[]", "{}", " [1 , 2] ", "true", "01", "1.", "+1"];
    cases.push("[1,]", '{"a":1,}', "{a:1}", '"a', '"\\x"', "nul", "", "[1 2]", '{"a" 1}', "1 2");
    cases.push('"line\nbreak"', "NaN", "tru e", '{"a":}', "[", "}");
    for (const text of cases) {
      let valid = true;
      try {
        JSON.parse(text);
      } catch {
        valid = false;
      }
      expect([text, fault(text) === null]).toEqual([text, valid]);
    }
  });
});

describe("faults", () => {
  it("names the line where the text stops being JSON", () => {
    expect(fault('{\n  "a": 1\n  "b": 2\n}')).toMatchObject({ line: 3, column: 3 });
    expect(fault('{\n  "a": tru\n}')).toMatchObject({ line: 2, column: 8 });
  });

  it("refuses a name that stands twice: one of them would be lost without a word", () => {
    expect(fault('{"a": 1,\n "a": 2}')).toMatchObject({ line: 2 });
  });

  it("refuses what is nested beyond all sense, without a crash", () => {
    expect(fault("[".repeat(100_000))?.message).toContain("levels");
  });
});
