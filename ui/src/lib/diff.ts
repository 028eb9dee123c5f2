// Which words of a text a baseline does not have, in place: word by word, punctuation aside.
import { diffArrays } from "diff";

/** A stretch of a text, as places between its code units. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface WordDifference {
  /** The words that the baseline does not have there, joined where they follow one another. */
  readonly added: readonly Range[];
  /** How many of the baseline's words are not there. */
  readonly missing: number;
}

/** Longer texts are not compared until someone asks for it. */
export const COMPARED_BY_DEFAULT = 20_000;
/** Words as short as "a" and "the" stand in any text. */
const SMALL = 3;
/** Two texts with next to nothing in common: looking further would hold up the window. */
const GIVE_UP_AFTER_MS = 400;

const WORD = /[\p{L}\p{M}\p{N}_]+(?:['’.-][\p{L}\p{M}\p{N}_]+)*/gu;

function words(text: string): Range[] {
  return Array.from(text.matchAll(WORD), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/** Null where the texts differ too much to be compared in reasonable time. */
export function compareWords(baseline: string, text: string): WordDifference | null {
  if (baseline === text) return { added: [], missing: 0 };
  const places = words(text);
  const changes = diffArrays(
    words(baseline).map(({ start, end }) => baseline.slice(start, end)),
    places.map(({ start, end }) => text.slice(start, end)),
    { timeout: GIVE_UP_AFTER_MS },
  );
  if (changes === undefined) return null;
  let missing = 0;
  const fresh: boolean[] = [];
  for (const change of changes) {
    if (change.removed) missing += change.count;
    else for (let i = 0; i < change.count; i += 1) fresh.push(change.added);
  }
  return { added: ranges(text, places, fresh), missing };
}

/** Runs of new words. A short word alone between new ones was met by chance, and is taken along. */
function ranges(text: string, places: readonly Range[], fresh: readonly boolean[]): Range[] {
  const found: Range[] = [];
  let from: Range | null = null;
  for (const [i, place] of places.entries()) {
    const small =
      place.end - place.start <= SMALL && fresh[i - 1] === true && fresh[i + 1] === true;
    if (fresh[i] !== true && !small) continue;
    from ??= place;
    const next = places[i + 1];
    const goesOn =
      next !== undefined &&
      (fresh[i + 1] === true ||
        (next.end - next.start <= SMALL && fresh[i] === true && fresh[i + 2] === true));
    if (goesOn) continue;
    found.push({ start: from.start, end: withPunctuation(text, place.end) });
    from = null;
  }
  return found;
}

/** The end of a sentence that is new is new with it. */
function withPunctuation(text: string, end: number): number {
  let at = end;
  while (at < text.length && /[\p{P}\p{S}]/u.test(text.charAt(at))) at += 1;
  // An opening bracket or quote belongs to what comes next.
  while (at > end && /[\p{Ps}\p{Pi}]/u.test(text.charAt(at - 1))) at -= 1;
  return at;
}

/** Every place where a text occurs in another; none for the empty text. */
export function occurrences(text: string, sought: string): Range[] {
  const found: Range[] = [];
  if (sought === "") return found;
  for (let at = text.indexOf(sought); at !== -1; at = text.indexOf(sought, at + sought.length)) {
    found.push({ start: at, end: at + sought.length });
  }
  return found;
}
