// Where values stand in a text that is known to be JSON, found by skipping what lies before them: a text of thousands of
// lines is not read anew for each key.
import type { Place } from "./json-places";

/** A member of an object, or an item of a list, whose key is its index. */
export interface Member extends Place {
  key: string;
  /** Where its name ends; `start` for an item, which has none. */
  named: number;
}

const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
const isOpening = (code: number) => code === 123 || code === 91;
const isClosing = (code: number) => code === 125 || code === 93;
const isSpace = (code: number) => code === 32 || code === 10 || code === 13 || code === 9;

function spaceEnd(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

/** Where the string ends that opens at `from`. */
function stringEnd(text: string, from: number): number {
  for (let at = from; ;) {
    at = text.indexOf('"', at + 1);
    if (at < 0) return text.length;
    let before = at - 1;
    while (text.charCodeAt(before) === BACKSLASH) before--;
    if ((at - before) % 2 === 1) return at + 1;
  }
}

/** Where the value ends that begins at `from`. */
function valueEnd(text: string, from: number): number {
  const first = text.charCodeAt(from);
  if (first === QUOTE) return stringEnd(text, from);
  let at = from;
  if (!isOpening(first)) {
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === COMMA || isClosing(code) || isSpace(code)) break;
    }
    return at;
  }
  for (let depth = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = stringEnd(text, at) - 1;
    else if (isOpening(code)) depth++;
    else if (isClosing(code) && --depth === 0) return at + 1;
  }
  return at;
}

function keyOf(text: string, from: number, to: number): string {
  const inner = text.slice(from + 1, to - 1);
  return inner.includes("\\") ? (JSON.parse(text.slice(from, to)) as string) : inner;
}

/** The members of the object or list that opens at `from`, one after the other; none of any other value. */
export function* membersOf(text: string, from: number): Generator<Member, void> {
  if (!isOpening(text.charCodeAt(from))) return;
  const isList = text[from] === "[";
  let at = spaceEnd(text, from + 1);
  for (let index = 0; at < text.length && !isClosing(text.charCodeAt(at)); index++) {
    const start = at;
    let key = String(index);
    let named = start;
    if (!isList) {
      named = stringEnd(text, start);
      key = keyOf(text, start, named);
      at = spaceEnd(text, spaceEnd(text, named) + 1);
    }
    const to = valueEnd(text, at);
    yield { key, start, named, from: at, to };
    at = spaceEnd(text, to);
    if (text.charCodeAt(at) === COMMA) at = spaceEnd(text, at + 1);
  }
}

/** The value of the whole text. */
export function rootOf(text: string): Member {
  const from = spaceEnd(text, 0);
  return { key: "", start: from, named: from, from, to: valueEnd(text, from) };
}

/** Where values stand, by path; those that the text does not have are left out. Each container is read once. */
export function membersAt(
  text: string,
  paths: readonly (readonly string[])[],
): Map<readonly string[], Member> {
  const found = new Map<readonly string[], Member>();
  const look = (here: Member, below: readonly (readonly string[])[], depth: number): void => {
    const byKey = new Map<string, (readonly string[])[]>();
    for (const path of below) {
      const key = path[depth];
      const alike = key === undefined ? null : byKey.get(key);
      if (key === undefined) found.set(path, here);
      else if (alike) alike.push(path);
      else byKey.set(key, [path]);
    }
    if (byKey.size === 0) return;
    for (const member of membersOf(text, here.from)) {
      const wanted = byKey.get(member.key);
      if (!wanted) continue;
      look(member, wanted, depth + 1);
      byKey.delete(member.key);
      if (byKey.size === 0) return;
    }
  };
  look(rootOf(text), paths, 0);
  return found;
}

/** Where a value stands; null where the text has none at that path. */
export function memberAt(text: string, path: readonly string[]): Member | null {
  return membersAt(text, [path]).get(path) ?? null;
}

/** Where a value stands, or the innermost one around it that the text has. */
export function memberAround(text: string, path: readonly string[]): Member {
  const ways = path.map((_, i) => path.slice(0, path.length - i));
  const found = membersAt(text, ways);
  return ways.map((it) => found.get(it)).find((it) => it !== undefined) ?? rootOf(text);
}

/** The way to the innermost member that holds all from `from` to `to`, the whole text's value first. */
export function trailTo(text: string, from: number, to = from): Member[] {
  const trail = [rootOf(text)];
  for (let next: Member | undefined = trail[0]; next;) {
    const { from: opening } = next;
    next = undefined;
    for (const member of membersOf(text, opening)) {
      if (member.start > from) break;
      if (member.to < to) continue;
      next = member;
      trail.push(member);
      break;
    }
  }
  return trail;
}
