// What crosses to the engine when the input of a command is long: of an input like the one before it, such as a prompt of
// 200 KB after one more key, only what changed. The engine keeps the one before, by a name that is given here.
import { spliceBetween } from "./text-splice";

/** In UTF-16 code units: the way of a shorter text costs next to nothing. */
const LONG = 16_000;
/** A longer one is not kept: memory stays bounded on both sides. */
const KEPT = 4_000_000;

/** An input on its way. */
export interface Crossing {
  /** The whole text, or what to put in place of a part of `after`. */
  input: string;
  /** The kept text that this one is made of, and its part that gives way, in UTF-16 code units. */
  after: { name: string; from: number; to: number } | null;
  /** The name to keep the whole under, in place of all that was kept for this command. */
  keep: string | null;
}

interface Kept {
  /** Null while the answer is awaited: only then it is certain what the engine keeps. */
  name: string | null;
  text: string;
}

export class LongInputs {
  /** No page before this one had it: the engine outlives a reload. */
  readonly #page = crypto.randomUUID();
  readonly #kept = new Map<string, Kept>();
  #count = 0;

  /** How the input of a command is to cross. */
  send(command: string, text: string): Crossing {
    const before = this.#kept.get(command);
    const isAwaited = before !== undefined && before.name === null;
    if (isAwaited || text.length < LONG || text.length > KEPT) {
      return { input: text, after: null, keep: null };
    }
    this.#kept.set(command, { name: null, text });
    const keep = `${this.#page} ${++this.#count}`;
    const { name } = before ?? { name: null };
    if (!before || name === null) return { input: text, after: null, keep };
    const { from, to, insert } = wholeCharacters(before.text, text);
    return { input: insert, after: { name, from, to }, keep };
  }

  /** The engine has answered what was sent: it keeps the text, unless it could not read it. */
  answered(command: string, { keep }: Crossing, isRead: boolean): void {
    if (keep === null) return;
    const kept = this.#kept.get(command);
    if (isRead && kept) kept.name = keep;
    else this.#kept.delete(command);
  }
}

/** The smallest splice that parts no pair of surrogates: half of one is no text in the engine. */
function wholeCharacters(before: string, after: string) {
  let { from, to } = spliceBetween(before, after) ?? { from: 0, to: 0 };
  if (isSecondHalf(before, from) || isSecondHalf(after, from)) from--;
  if (isSecondHalf(before, to)) to++;
  return { from, to, insert: after.slice(from, after.length - (before.length - to)) };
}

function isSecondHalf(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return 0xdc00 <= unit && unit <= 0xdfff;
}
