// The text of a JSON document kept in step with its value, both ways, by the smallest piece: what an edit does not touch
// keeps its spelling, and a key in a text of thousands of lines costs no more than what stands around it.
import { at, put, withKey } from "./body";
import { membersOf, rootOf, trailTo, type Member } from "./json-members";
import { faultOf } from "./json-places";
import { spliceBetween, type Splice } from "./text-splice";

/** A text, and the value that it stands for. */
export interface Spelled {
  text: string;
  value: unknown;
}

type Container = Record<string, unknown> | readonly unknown[];

function isContainer(value: unknown): value is Container {
  return typeof value === "object" && value !== null;
}

/** `after`, with each part of `before` in it that is equal, the order of keys included: what is the same is one object. */
export function share<T>(before: unknown, after: T): T {
  if (before === after || !isContainer(before) || !isContainer(after)) return after;
  if (Array.isArray(before) !== Array.isArray(after)) return after;
  if (Array.isArray(before) && Array.isArray(after)) {
    const next = after.map((it, i) => share(before[i], it) as unknown);
    const isSame = next.length === before.length && next.every((it, i) => it === before[i]);
    return (isSame ? before : next) as T;
  }
  const [old, now] = [before as Record<string, unknown>, after as Record<string, unknown>];
  const [oldKeys, keys] = [Object.keys(old), Object.keys(now)];
  let isSame = oldKeys.length === keys.length;
  const next = Object.fromEntries(
    keys.map((key, i) => {
      const shared = share(Object.hasOwn(old, key) ? old[key] : undefined, now[key]);
      isSame &&= oldKeys[i] === key && shared === old[key];
      return [key, shared];
    }),
  );
  return (isSame ? old : next) as T;
}

function renamed(value: unknown, path: readonly string[], to: string): unknown {
  const owner = at(value, path.slice(0, -1));
  const name = path.at(-1);
  if (!isContainer(owner) || Array.isArray(owner) || name === undefined) return undefined;
  if (to !== name && Object.hasOwn(owner, to)) return undefined;
  return put(value, path.slice(0, -1), withKey(owner, name, to));
}

/**
 * What a text stands for after an edit of one that was read, where that can be told from a piece of at most `most`
 * characters around the edit. Undefined where it can't: the whole is to be read then.
 */
export function valueAfter(before: Spelled, text: string, most: number): unknown {
  const splice = spliceBetween(before.text, text);
  if (!splice) return before.value;
  const grown = text.length - before.text.length;
  const isInside = (from: number, to: number) => from < splice.from && splice.to < to;
  const trail = trailTo(before.text, splice.from, splice.to);
  // A piece that is JSON by itself, between ends that stood there before, leaves all around it what it was.
  const read = (from: number, to: number): { value: unknown } | null => {
    const piece = text.slice(from, to + grown);
    return faultOf(piece) === null ? { value: JSON.parse(piece) as unknown } : null;
  };
  for (let depth = trail.length - 1; depth >= 0; depth--) {
    const { start, named, from, to } = trail[depth]!;
    if (to + grown - from > most) return undefined;
    const path = trail.slice(1, depth + 1).map((it) => it.key);
    if (isInside(start, named)) {
      const name = read(start, named);
      if (typeof name?.value === "string") return renamed(before.value, path, name.value);
    } else if (isInside(from, to)) {
      const made = read(from, to);
      if (made) return put(before.value, path, share(at(before.value, path), made.value));
    }
  }
  return undefined;
}

/** How a text is laid out where a container opens. */
class Layout {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }

  /** The white space before the first thing of the line of an offset. */
  indentAt(offset: number): string {
    const line = this.#text.lastIndexOf("\n", offset - 1) + 1;
    return /^[ \t]*/.exec(this.#text.slice(line, offset))![0];
  }

  /** What stands between two members of a container: a new line and its indent, or as many spaces as there are. */
  between(container: Member, first: Member): string {
    const before = this.#text.slice(container.from + 1, first.start);
    if (before.includes("\n")) return `\n${this.indentAt(first.start)}`;
    const after = /^\s*,([ \t]*)/.exec(this.#text.slice(first.to, first.to + 80));
    return after?.[1] ?? " ";
  }

  /** A value as it is written where lines begin with `between`. */
  written(value: unknown, between: string): string {
    return between.startsWith("\n")
      ? JSON.stringify(value, null, 2).replaceAll("\n", between)
      : JSON.stringify(value);
  }

  member(key: string | null, value: unknown, between: string): string {
    const written = this.written(value, between);
    if (key === null) return written;
    return `${JSON.stringify(key)}:${between === "" ? "" : " "}${written}`;
  }
}

/** The members of an object or a list, by their order. Makes nothing for each: there may be thousands. */
class Members {
  readonly #held: Container;
  /** Null for a list. */
  readonly #keys: readonly string[] | null;
  readonly length: number;

  constructor(held: Container) {
    this.#held = held;
    this.#keys = Array.isArray(held) ? null : Object.keys(held);
    this.length = (this.#keys ?? (held as readonly unknown[])).length;
  }

  key(i: number): string {
    return this.#keys ? this.#keys[i]! : String(i);
  }

  value(i: number): unknown {
    return (this.#held as Record<string | number, unknown>)[this.#keys ? this.#keys[i]! : i];
  }

  isNamedLike(other: Members): boolean {
    return !this.#keys || this.#keys.every((key, i) => key === other.#keys![i]);
  }
}

/** The splices that bring a text in step with a value. Parts of both values that are one object are taken for the same. */
export function respell(before: Spelled, after: unknown): Splice[] {
  const { text } = before;
  const layout = new Layout(text);
  const splices: Splice[] = [];

  const replace = (member: Member, value: unknown) => {
    const between = `\n${layout.indentAt(member.from)}`;
    splices.push({ from: member.from, to: member.to, insert: layout.written(value, between) });
  };

  const inStep = (member: Member, old: unknown, now: unknown): void => {
    if (old === now) return;
    const isAlike =
      isContainer(old) && isContainer(now) && Array.isArray(old) === Array.isArray(now);
    if (!isAlike) return replace(member, now);
    const isList = Array.isArray(old);
    const [olds, nows] = [new Members(old), new Members(now)];
    if (olds.length === 0 || nows.length === 0) return replace(member, now);
    if (olds.length === nows.length && olds.isNamedLike(nows)) {
      const changed = new Set<string>();
      for (let i = 0; i < olds.length; i++) {
        if (olds.value(i) !== nows.value(i)) changed.add(olds.key(i));
      }
      for (const it of membersOf(text, member.from)) {
        if (changed.delete(it.key)) inStep(it, at(old, [it.key]), at(now, [it.key]));
        if (changed.size === 0) break;
      }
      return;
    }
    const isSame = (i: number, j: number) =>
      (isList || olds.key(i) === nows.key(j)) && olds.value(i) === nows.value(j);
    const most = Math.min(olds.length, nows.length);
    let head = 0;
    while (head < most && isSame(head, head)) head++;
    let tail = 0;
    while (tail < most - head && isSame(olds.length - 1 - tail, nows.length - 1 - tail)) tail++;
    const [oldEnd, nowEnd] = [olds.length - tail, nows.length - tail];

    // The first member, and those that go with the one before them and the one after.
    const seen: Member[] = [];
    let index = 0;
    for (const it of membersOf(text, member.from)) {
      // Names that are whole numbers stand elsewhere in a value than in its text.
      if (!isList && (index >= olds.length || it.key !== olds.key(index))) {
        return replace(member, now);
      }
      if (index === 0 || index >= head - 1) seen.push(it);
      if (index++ >= oldEnd) break;
    }
    const skipped = Math.max(0, head - 2);
    const memberOf = (i: number) => (i === 0 ? seen[0]! : seen[i - skipped]!);

    if (oldEnd === nowEnd) {
      for (let i = head; i < oldEnd; i++) {
        const it = memberOf(i);
        if (nows.key(i) !== olds.key(i)) {
          splices.push({ from: it.start, to: it.named, insert: JSON.stringify(nows.key(i)) });
        }
        inStep(it, olds.value(i), nows.value(i));
      }
      return;
    }
    const between = layout.between(member, seen[0]!);
    const added = Array.from({ length: nowEnd - head }, (_, i) =>
      layout.member(isList ? null : nows.key(head + i), nows.value(head + i), between),
    ).join(`,${between}`);
    if (head < oldEnd && added !== "") {
      splices.push({ from: memberOf(head).start, to: memberOf(oldEnd - 1).to, insert: added });
    } else if (added !== "") {
      const isFirst = head === 0;
      const place = isFirst ? seen[0]!.start : memberOf(head - 1).to;
      const insert = isFirst ? `${added},${between}` : `,${between}${added}`;
      splices.push({ from: place, to: place, insert });
    } else if (oldEnd < olds.length) {
      splices.push({ from: memberOf(head).start, to: memberOf(oldEnd).start, insert: "" });
    } else {
      splices.push({ from: memberOf(head - 1).to, to: memberOf(oldEnd - 1).to, insert: "" });
    }
  };

  inStep(rootOf(text), before.value, after);
  return splices;
}
