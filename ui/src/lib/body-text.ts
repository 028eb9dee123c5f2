// A request body as text: reading it, printing it, and carrying an edit of the form into text that a
// person wrote, so that only what was edited is written anew.
import type { Body } from "./body";
import { escapeKey, placesOf, type Place, type TextFault } from "./json-places";

/** What the engine reads, too. In characters. */
export const LARGEST = 16 * 1024 * 1024;
/** Above this, an edit of the form prints the body anew: finding every place takes longer than a key press. */
const CARRIED_UP_TO = 300_000;

export type ReadBody =
  { body: Body; places: ReadonlyMap<string, Place> } | { fault: TextFault; places?: undefined };

export function printBody(body: Body): string {
  return JSON.stringify(body, null, 2);
}

/** Reads a text as a body, or says where it stops being one. */
export function readBody(text: string): ReadBody {
  if (text.length > LARGEST) {
    return { fault: { message: sizeSaid(text.length), offset: 0, line: 1, column: 1 } };
  }
  const found = placesOf(text);
  if ("fault" in found) return found;
  const body: unknown = JSON.parse(text);
  if (typeof body === "object" && body !== null && !Array.isArray(body)) {
    return { body: body as Body, places: found.places };
  }
  const { from } = found.places.get("")!;
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

interface Change {
  from: number;
  to: number;
  insert: string;
}

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The text with an edit of its body carried over. Null where it is better printed anew. */
export function carried(text: string, before: Body, after: Body): string | null {
  if (text.length > CARRIED_UP_TO) return null;
  const found = placesOf(text);
  if ("fault" in found) return null;
  const { places } = found;
  const changes: Change[] = [];

  const indentAt = (offset: number): string =>
    /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", offset - 1) + 1))![0];
  const written = (value: unknown, indent: string) =>
    JSON.stringify(value, null, 2).replaceAll("\n", `\n${indent}`);

  function walk(pointer: string, a: unknown, b: unknown): void {
    if (a === b) return;
    const place = places.get(pointer);
    if (place === undefined) return;
    if (Array.isArray(a) && Array.isArray(b) && a.length === b.length) {
      a.forEach((item, i) => walk(`${pointer}/${i}`, item, b[i]));
    } else if (!isFields(a) || !isFields(b) || !members(pointer, a, b)) {
      if (JSON.stringify(a) === JSON.stringify(b)) return;
      changes.push({ ...range(place), insert: written(b, indentAt(place.start)) });
    }
  }

  const range = ({ from, to }: Place) => ({ from, to });

  /** False where the members are not what they were with some gone and some new at the end. */
  function members(pointer: string, a: Fields, b: Fields): boolean {
    const old = Object.keys(a);
    const kept = old.filter((key) => Object.hasOwn(b, key));
    const now = Object.keys(b);
    const last = kept.at(-1);
    if (last === undefined || kept.some((key, i) => now[i] !== key)) return false;
    const at = (key: string) => places.get(`${pointer}/${escapeKey(key)}`)!;
    const lastPlace = at(last);
    const begin = at(old[0]!).start;
    const oneLine = !text.slice(places.get(pointer)!.from, begin).includes("\n");
    const indent = oneLine ? "" : indentAt(begin);
    for (const key of now.slice(kept.length)) {
      const member = `${JSON.stringify(key)}: ${written(b[key], indent)}`;
      changes.push({
        from: lastPlace.to,
        to: lastPlace.to,
        insert: oneLine ? `, ${member}` : `,\n${indent}${member}`,
      });
    }
    const firstKept = old.indexOf(kept[0]!);
    old.forEach((key, i) => {
      if (Object.hasOwn(b, key)) walk(`${pointer}/${escapeKey(key)}`, a[key], b[key]);
      else if (i < firstKept)
        changes.push({ from: at(key).start, to: at(old[i + 1]!).start, insert: "" });
      else changes.push({ from: at(old[i - 1]!).to, to: at(key).to, insert: "" });
    });
    return true;
  }

  walk("", before, after);
  let out = "";
  let done = 0;
  // What is put in at a place comes before what is taken out from there.
  const order = changes.toSorted((x, y) => x.from - y.from || x.to - y.to);
  for (const { from, to, insert } of order) {
    out += text.slice(done, from) + insert;
    done = to;
  }
  return out + text.slice(done);
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
