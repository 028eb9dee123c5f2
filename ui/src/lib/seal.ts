// Cuts a growing text into blocks that never change again, so that only a short tail stays live.

/** A code fence that is open: its marker, how far it is indented, and what stands behind it. */
export interface Fence {
  readonly marker: string;
  readonly indent: number;
  readonly info: string;
}

/** A finished stretch of a text. All blocks and the tail, one after the other, are the text. */
export interface Block {
  /** Where it begins in the whole text: its stable key. */
  readonly start: number;
  readonly text: string;
  /** The code fence that was already open where the block begins. */
  readonly fence: Fence | null;
  /** It goes on where the block before it was cut for length, in the middle of a paragraph or fence. */
  readonly continues: boolean;
}

/** Where sealing stands. Immutable: `append` gives the next one. */
export interface Sealed {
  readonly blocks: readonly Block[];
  readonly tail: string;
  readonly context: Context;
}

interface Context {
  readonly start: number;
  readonly fence: Fence | null;
  readonly inList: boolean;
  readonly continues: boolean;
}

/** A paragraph that ends is sealed from this length on; shorter ones wait for company. */
const PARAGRAPH = 200;
/** A heading stands for itself, however short: models head each part of what they say with one. */
const TITLE = /^[ \t]{0,3}(?:#{1,6}[ \t][^\n]*|\*\*[^*\n]+\*\*[ \t]*)\r?\n[ \t\r\n]*$/;
const TITLE_START = /^[ \t]{0,3}(?:#|\*\*)/;
/** A list or a fence is cut between its items or lines from this length on. */
const PIECE = 600;
/** With no boundary by this length the text is cut anyway. Ordinary paragraphs stay whole. */
const LONGEST = 1_800;
/** Pieces of one paragraph or fence are put back together at the end of a run up to this length. */
const REJOINED = 16_000;

const FENCE_OPEN = /^([ \t]*)(`{3,}|~{3,})([^\n]*)$/;
const ITEM = /^(?:[-*+]|\d{1,9}[.)])[ \t]/;
const LONGEST_MARKER = 11;

export const UNSEALED: Sealed = {
  blocks: [],
  tail: "",
  context: { start: 0, fence: null, inList: false, continues: false },
};

/** A place to cut, and how much text had to be there before that could be known. */
interface Cut {
  readonly at: number;
  readonly knownAt: number;
  readonly after: Omit<Context, "start">;
}

/**
 * Adds text. Each cut is decided by the text before it alone and taken as early as it can be known,
 * so the blocks do not depend on how the text was chopped up on its way here.
 */
export function append(sealed: Sealed, text: string): Sealed {
  let { tail, context } = sealed;
  tail += text;
  let fresh: Block[] | null = null;
  let offset = 0;
  for (;;) {
    const cut = firstCut(tail, offset, context);
    if (cut === null) break;
    fresh ??= [];
    fresh.push({
      start: context.start,
      text: tail.slice(offset, offset + cut.at),
      fence: context.fence,
      continues: context.continues,
    });
    offset += cut.at;
    context = { start: context.start + cut.at, ...cut.after };
  }
  return {
    blocks: fresh === null ? sealed.blocks : [...sealed.blocks, ...fresh],
    tail: offset === 0 ? tail : tail.slice(offset),
    context,
  };
}

/** The run is over: the tail becomes a block, and what was cut for length is put back together. */
export function finish(sealed: Sealed): Sealed {
  const { tail, context } = sealed;
  const last: Block[] =
    tail === ""
      ? []
      : [{ start: context.start, text: tail, fence: context.fence, continues: context.continues }];
  const blocks: Block[] = [];
  for (const block of [...sealed.blocks, ...last]) {
    const before = blocks.at(-1);
    if (
      before !== undefined &&
      block.continues &&
      before.text.length + block.text.length <= REJOINED
    ) {
      blocks[blocks.length - 1] = { ...before, text: before.text + block.text };
    } else {
      blocks.push(block);
    }
  }
  return {
    blocks,
    tail: "",
    context: { ...context, start: context.start + tail.length, continues: false },
  };
}

/** What is open where a line begins. */
interface LineState {
  readonly line: number;
  readonly fence: Fence | null;
  readonly inList: boolean;
}

/** The first cut that becomes known while reading on from `offset`, in order of when it is known. */
function firstCut(whole: string, offset: number, context: Context): Cut | null {
  const length = whole.length - offset;
  if (
    length < PARAGRAPH &&
    context.fence === null &&
    !TITLE_START.test(whole.slice(offset, offset + 6))
  ) {
    return null;
  }
  // No look further than a cut can fall: a line may be megabytes long.
  const text = whole.slice(offset, offset + LONGEST);
  const limit = text.length;
  let state: LineState = { line: 0, fence: context.fence, inList: context.inList };
  const states = [state];
  let blank = false;
  while (state.line < limit) {
    const { line, fence, inList } = state;
    if (fence === null) {
      const cut = boundary(text, line, blank, inList);
      if (cut !== null) {
        if (cut.knownAt <= limit) return cut;
        break;
      }
    }
    const newline = text.indexOf("\n", line);
    if (newline === -1) break;
    const next = newline + 1;
    const content = text.slice(line, newline);
    if (fence !== null) {
      const closed = closes(content, fence);
      // What began inside a fence ends with it, so that a block is either code or prose at its start.
      if (closed && (context.fence !== null || next >= PARAGRAPH)) {
        return { at: next, knownAt: next, after: { fence: null, inList, continues: false } };
      }
      if (!closed && next >= PIECE) {
        return { at: next, knownAt: next, after: { fence, inList, continues: true } };
      }
      blank = false;
      state = { line: next, fence: closed ? null : fence, inList };
    } else {
      const opened = opens(content, inList);
      const empty = content.trim() === "";
      const stays = inList && (/^[ \t]/.test(content) || !blank);
      state = {
        line: next,
        fence: opened,
        inList: empty || opened !== null ? inList : ITEM.test(content) || stays,
      };
      blank = empty;
    }
    states.push(state);
  }
  return length < LONGEST ? null : forced(text, states);
}

/** Whether a block may end before this line: a new paragraph, or in long lists a new item. */
function boundary(text: string, line: number, blank: boolean, inList: boolean): Cut | null {
  if (line === 0) return null;
  const first = text.charAt(line);
  if (first === "" || first === "\n" || first === "\r" || first === " " || first === "\t")
    return null;
  if (blank && (line >= PARAGRAPH || TITLE.test(text.slice(0, line)))) {
    return { at: line, knownAt: line + 1, after: { fence: null, inList: false, continues: false } };
  }
  if (line >= PIECE) {
    const marker = ITEM.exec(text.slice(line, line + LONGEST_MARKER));
    if (marker !== null) {
      return {
        at: line,
        knownAt: line + marker[0].length,
        after: { fence: null, inList, continues: false },
      };
    }
  }
  return null;
}

/** Cuts a text with no boundary in sight: behind a line, a sentence or a word near the piece's length. */
function forced(text: string, states: readonly LineState[]): Cut {
  const from = PIECE - 200;
  const window = text.slice(from, PIECE);
  let at = /[\uD800-\uDBFF]$/.test(window) ? PIECE - 1 : PIECE;
  for (const mark of ["\n", ". ", " "]) {
    const found = window.lastIndexOf(mark);
    if (found !== -1) {
      at = from + found + mark.length;
      break;
    }
  }
  const open = states.findLast((state) => state.line <= at);
  return {
    at,
    knownAt: LONGEST,
    after: { fence: open?.fence ?? null, inList: open?.inList ?? false, continues: true },
  };
}

function opens(line: string, inList: boolean): Fence | null {
  const match = FENCE_OPEN.exec(line.endsWith("\r") ? line.slice(0, -1) : line);
  if (match === null) return null;
  const [, indent = "", marker = "", info = ""] = match;
  // Four spaces in are code of their own, not a fence, unless a list item is being continued.
  if (indent.length > 3 && !inList) return null;
  if (marker.startsWith("`") && info.includes("`")) return null;
  return { marker, indent: indent.length, info: info.trim() };
}

function closes(line: string, fence: Fence): boolean {
  const bare = line.trim();
  return bare.length >= fence.marker.length && bare === fence.marker.charAt(0).repeat(bare.length);
}
