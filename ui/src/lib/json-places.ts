// Where in a JSON text each value stands, by JSON Pointer, or where the text stops being JSON.
import { escapeKey } from "./json-pointer";

export interface Place {
  /** Offset of the key that names it, or of the value where none does. */
  start: number;
  /** Offsets of the value itself. */
  from: number;
  to: number;
}

export interface TextFault {
  message: string;
  offset: number;
  /** From 1. */
  line: number;
  column: number;
}

export type Places = { places: ReadonlyMap<string, Place> } | { fault: TextFault };

/** Deeper than this, a text is refused: no schema is, and the reader must not run out of stack. */
const DEEPEST = 500;

class Stop extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** Reads a text to its end, or to the first thing that JSON does not allow. */
export function placesOf(text: string): Places {
  const places = new Map<string, Place>();
  let at = 0;

  const space = () => {
    while (at < text.length && " \t\n\r".includes(text[at]!)) at++;
  };
  const found = () => (at < text.length ? `"${text[at]}"` : "the end of the text");

  function word(): void {
    const rest = /^(true|false|null|-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?)(?![\w.+-])/.exec(
      text.slice(at, at + 400),
    );
    if (!rest) throw new Stop(`A value is expected, not ${found()}`, at);
    const number = Number(rest[0]);
    const whole = /^-?\d+$/.test(rest[0]);
    if (number === Infinity || number === -Infinity || (whole && !Number.isSafeInteger(number))) {
      throw new Stop(`${rest[0].slice(0, 40)} is too large to be kept exactly`, at);
    }
    at += rest[0].length;
  }

  function string(): string {
    const from = at;
    if (text[at] !== '"') throw new Stop(`A name in double quotes is expected, not ${found()}`, at);
    at++;
    for (; at < text.length && text[at] !== '"'; at++) {
      if (text[at]! < " ") throw new Stop("A string goes on over the end of its line", at);
      if (text[at] === "\\") at++;
    }
    if (at >= text.length) throw new Stop("A string is not closed", from);
    at++;
    try {
      return JSON.parse(text.slice(from, at)) as string;
    } catch {
      throw new Stop("A string holds an escape that JSON does not know", from);
    }
  }

  function value(pointer: string, start: number, depth: number): void {
    if (depth > DEEPEST) throw new Stop(`More than ${DEEPEST} levels of nesting`, at);
    const from = at;
    const open = text[at];
    if (open === "{" || open === "[") {
      const close = open === "{" ? "}" : "]";
      const names = new Set<string>();
      at++;
      space();
      for (let index = 0; text[at] !== close; index++) {
        if (index > 0) {
          if (text[at] !== ",") throw new Stop(`"," or "${close}" is expected, not ${found()}`, at);
          at++;
          space();
        }
        const begin = at;
        let key = String(index);
        if (open === "{") {
          key = string();
          if (names.has(key)) throw new Stop(`"${key}" stands here twice`, begin);
          names.add(key);
          space();
          if (text[at] !== ":")
            throw new Stop(`":" is expected after "${key}", not ${found()}`, at);
          at++;
          space();
        }
        value(`${pointer}/${escapeKey(key)}`, begin, depth + 1);
        space();
      }
      at++;
    } else if (open === '"') {
      string();
    } else {
      word();
    }
    places.set(pointer, { start, from, to: at });
  }

  try {
    space();
    value("", at, 0);
    space();
    if (at < text.length) throw new Stop(`Nothing may follow the end, but ${found()} does`, at);
    return { places };
  } catch (cause) {
    if (!(cause instanceof Stop)) throw cause;
    const before = text.slice(0, cause.offset).split("\n");
    const fault: TextFault = {
      message: cause.message,
      offset: cause.offset,
      line: before.length,
      column: (before.at(-1) ?? "").length + 1,
    };
    return { fault };
  }
}

/** Where a text stops being JSON; null where it does not. */
export function faultOf(text: string): TextFault | null {
  const read = placesOf(text);
  return "fault" in read ? read.fault : null;
}

/** The lines of some offsets, from 1. */
export function linesOf(text: string, offsets: readonly number[]): Map<number, number> {
  const lines = new Map<number, number>();
  let line = 1;
  let next = text.indexOf("\n");
  for (const offset of offsets.toSorted((a, b) => a - b)) {
    for (; next >= 0 && next < offset; next = text.indexOf("\n", next + 1)) line++;
    lines.set(offset, line);
  }
  return lines;
}
