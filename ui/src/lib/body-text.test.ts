// Bodies as text: reading, refusing, and edits that leave the rest of a written text alone.
import { describe, expect, it } from "vitest";
import type { Body } from "./body";
import { badByte, printBody, readBody } from "./body-text";

const TEXT = `{
  "model": "gpt-5.5", "input": "Hi",
  "reasoning": { "effort": "high", "summary": "auto" },
    "tools": [ {"type": "web_search"} ],
  "of_tomorrow": [1, 2,
     3]
}`;
const BODY = JSON.parse(TEXT) as Body;

function fault(text: string) {
  const read = readBody(text);
  return "fault" in read ? `${read.fault.line}: ${read.fault.message}` : null;
}

describe("reading a body", () => {
  it("takes an object", () => {
    const read = readBody(TEXT);
    expect("body" in read && read.body).toEqual(BODY);
  });

  it("says what is wrong, and where", () => {
    expect(fault('{\n  "a": 1,\n  "a": 2\n}')).toBe('3: "a" stands here twice');
    expect(fault('{"a": {"b": 1, "c": 2, "b": 3}}')).toBe('1: "b" stands here twice');
    expect(fault("\n[1]")).toBe("2: A body is an object in braces");
    expect(fault("")).toContain("the end of the text");
    expect(fault('{"a": 1,}')).toContain("1:");
    expect(fault(`${'{"a":'.repeat(100_000)}1`)).toContain("levels of nesting");
    expect(fault(`{"a": "${"x".repeat(16 * 1024 * 1024)}"}`)).toContain("up to 16 MB");
  });

  it("refuses a number that would not be kept as it is written", () => {
    expect(fault('{"seed": 9007199254740993}')).toContain("too large to be kept exactly");
    expect(fault('{"x": 1e999}')).toContain("too large to be kept exactly");
    expect(fault('{"seed": 9007199254740991, "x": 1.5}')).toBeNull();
  });

  it("reads 5 MB", () => {
    const body = {
      model: "m",
      input: Array.from({ length: 40_000 }, (_, i) => ({
        role: "user",
        content: `${i} `.repeat(20),
      })),
    };
    const text = printBody(body);
    expect(text.length).toBeGreaterThan(5_000_000);
    const read = readBody(text);
    expect("body" in read && (read.body.input as unknown[]).length).toBe(40_000);
  });
});

describe("bytes", () => {
  const bytes = (...them: number[]) => Uint8Array.from(them);
  it("finds the first that is no UTF-8, as the platform's own reader does", () => {
    expect(badByte(new TextEncoder().encode("é 日 😀 \u0000"))).toBeNull();
    expect(badByte(bytes(0x61, 0xff))).toBe(1);
    const strict = (them: Uint8Array) => {
      try {
        new TextDecoder("utf-8", { fatal: true }).decode(them);
        return true;
      } catch {
        return false;
      }
    };
    for (const lead of [
      0x7f, 0x80, 0xbf, 0xc0, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff,
    ]) {
      for (const next of [0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0]) {
        for (const rest of [[], [0x80], [0x80, 0x80], [0x80, 0x41]]) {
          const them = bytes(lead, next, ...rest);
          expect(badByte(them) === null, `${[...them]}`).toBe(strict(them));
        }
      }
    }
  });
});
