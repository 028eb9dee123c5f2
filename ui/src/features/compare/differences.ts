// What to mark in an output: words the baseline does not have, and text that a check forbids.
import type { CheckOutcome } from "../../contract/ipc";
import { COMPARED_BY_DEFAULT, compareWords, occurrences } from "../../lib/diff";
import { renderMarkdown } from "../../lib/markdown";
import { visibleText, type Mark } from "../../lib/marks";
import type { Block } from "../../lib/seal";

export type OutputKind = "markdown" | "code";

interface Text {
  readonly sealed: readonly Block[];
  readonly tail: string;
}

/** JSON is shown as written; everything else is Markdown. Settled by the first letters, so it never flips. */
export function kindOf(texts: readonly Text[]): OutputKind {
  const first = texts[0]?.sealed[0]?.text ?? texts[0]?.tail ?? "";
  return /^\s*(?:\{\s*["}]|\[\s*["{[\]\d])/.test(first) ? "code" : "markdown";
}

/** Rendered once per text: other columns ask for the baseline's words again and again. */
const READ = new WeakMap<readonly Block[], string>();

/** The words of each part as they stand on screen. Only for texts that are over. */
export function readable(texts: readonly Text[], kind: OutputKind): string[] {
  return texts.map(({ sealed }) => {
    let words = READ.get(sealed);
    if (words === undefined) {
      const page = document.createElement("div");
      for (const block of sealed) {
        const part = document.createElement("div");
        if (kind === "markdown") part.append(renderMarkdown(block));
        else part.textContent = block.text;
        page.append(part);
      }
      words = visibleText(page);
      READ.set(sealed, words);
    }
    return words;
  });
}

/** Beyond this, reading and marking would hold up the window for no reader's good. */
const LONGEST_READ = 400_000;

/** Short enough to be marked at all. */
export function markable(texts: readonly Text[]): boolean {
  const length = texts.reduce(
    (sum, { sealed }) => sum + sealed.reduce((own, block) => own + block.text.length, 0),
    0,
  );
  return length <= LONGEST_READ;
}

export interface Marked {
  /** Per part of the output. */
  marks: Mark[][];
  /** How many of the baseline's words are not there; null where nothing was compared. */
  missing: number | null;
  /** Why nothing was compared. */
  skipped: "long" | "different" | null;
}

/** Both texts are short enough to be compared without being asked. */
export function comparedByDefault(texts: readonly (readonly string[])[]): boolean {
  return texts.every(
    (parts) => parts.reduce((sum, part) => sum + part.length, 0) <= COMPARED_BY_DEFAULT,
  );
}

/**
 * The marks of one output. `baseline` is null for the baseline itself, and while differences are off.
 */
export function marksOf(
  parts: readonly string[],
  baseline: readonly string[] | null,
  checks: readonly CheckOutcome[],
): Marked {
  const whole = parts.join("\n");
  const marks: Mark[] = checks
    .filter((check) => !check.passed && check.offending !== null)
    .flatMap(({ offending }) => occurrences(whole, offending ?? ""))
    .map((range) => ({ ...range, kind: "wrong" }));
  const compared = baseline === null ? null : compareWords(baseline.join("\n"), whole);
  for (const range of compared?.added ?? []) marks.push({ ...range, kind: "added" });
  return {
    marks: perPart(parts, marks),
    missing: compared?.missing ?? null,
    skipped: baseline !== null && compared === null ? "different" : null,
  };
}

function perPart(parts: readonly string[], marks: readonly Mark[]): Mark[][] {
  let start = 0;
  return parts.map((part) => {
    const from = start;
    start += part.length + 1;
    return marks
      .filter((mark) => mark.start < from + part.length && mark.end > from)
      .map((mark) => ({ ...mark, start: mark.start - from, end: mark.end - from }));
  });
}
