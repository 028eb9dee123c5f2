// A request body as text: reading it, and printing it.
import { isBody, type Body } from "./body";
import { faultOf, type TextFault } from "./json-places";

/** What the engine reads, too. In characters. */
export const LARGEST = 16 * 1024 * 1024;

export type ReadBody = { body: Body } | { fault: TextFault };

export function printBody(body: Body): string {
  return JSON.stringify(body, null, 2);
}

/** Reads a text as a body, or says where it stops being one. */
export function readBody(text: string): ReadBody {
  if (text.length > LARGEST) {
    return { fault: { message: sizeSaid(text.length), offset: 0, line: 1, column: 1 } };
  }
  const fault = faultOf(text);
  if (fault) return { fault };
  const body: unknown = JSON.parse(text);
  if (isBody(body)) return { body };
  const from = text.search(/\S/);
  const before = text.slice(0, from).split("\n");
  return {
    fault: {
      message: "A body is an object in braces",
      offset: from,
      line: before.length,
      column: before.at(-1)!.length + 1,
    },
  };
}

export function sizeSaid(characters: number): string {
  const megabytes = (characters / 1024 / 1024).toFixed(1);
  return `The text is ${megabytes} MB large; a request may have up to 16 MB`;
}

/** The first byte that is no UTF-8, from 0; null where all of them are. */
export function badByte(bytes: Uint8Array): number | null {
  for (let i = 0; i < bytes.length;) {
    const first = bytes[i]!;
    const more = first < 0x80 ? 0 : first < 0xc2 ? -1 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    if (more < 0 || first > 0xf4) return i;
    for (let k = 1; k <= more; k++) {
      const next = bytes[i + k];
      // The first of those that follow also rules out long forms, surrogates and what lies beyond Unicode.
      const [low, high] =
        k > 1
          ? [0x80, 0xbf]
          : first === 0xe0
            ? [0xa0, 0xbf]
            : first === 0xed
              ? [0x80, 0x9f]
              : first === 0xf0
                ? [0x90, 0xbf]
                : first === 0xf4
                  ? [0x80, 0x8f]
                  : [0x80, 0xbf];
      if (next === undefined || next < low || next > high) return i;
    }
    i += more + 1;
  }
  return null;
}
