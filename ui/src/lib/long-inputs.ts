// What crosses to the engine when the input of a command is long: of an input like the one before it, such as a prompt of
// 200 KB after one more key, only what changed. The engine keeps the one before, by a name that is given here.
import { splicesBetween, type Splice } from "./text-splice";

/** In UTF-16 code units: the way of a shorter text costs next to nothing. */
const LONG = 16_000;
/** A longer one is not kept: memory stays bounded on both sides. */
const KEPT = 4_000_000;

/** An input on its way. */
export interface Crossing {
  /** The whole text; null where it is made of one that is kept. */
  input: string | null;
  after: { name: string; splices: readonly Splice[] } | null;
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
    const splices = splicesBetween(before.text, text).map((it) => wholeCharacters(before.text, it));
    return { input: null, after: { name, splices }, keep };
  }

  /** The engine has answered what was sent: it keeps the text, unless it could not read it. */
  answered(command: string, { keep }: Crossing, isRead: boolean): void {
    if (keep === null) return;
    const kept = this.#kept.get(command);
    if (isRead && kept) kept.name = keep;
    else this.#kept.delete(command);
  }
}

/** A splice that parts no pair of surrogates: half of one is no text in the engine. */
function wholeCharacters(text: string, { from, to, insert }: Splice): Splice {
  const [first, last] = [
    isSecondHalf(text, from) || isSecondHalf(insert, 0),
    isSecondHalf(text, to),
  ];
  return {
    from: first ? from - 1 : from,
    to: last ? to + 1 : to,
    insert: (first ? text.charAt(from - 1) : "") + insert + (last ? text.charAt(to) : ""),
  };
}

function isSecondHalf(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return 0xdc00 <= unit && unit <= 0xdfff;
}
