// What changed between two texts, as one piece.

/** `insert` in place of what stands from `from` to `to`, in UTF-16 code units. */
export interface Splice {
  from: number;
  to: number;
  insert: string;
}

/** In characters: compared in one go, natively. */
const BLOCK = 4096;

/** How many characters two texts have in common from their starts, at most `most`. */
function commonHead(a: string, b: string, most: number): number {
  let head = 0;
  while (head + BLOCK <= most && a.slice(head, head + BLOCK) === b.slice(head, head + BLOCK)) {
    head += BLOCK;
  }
  while (head < most && a.charCodeAt(head) === b.charCodeAt(head)) head++;
  return head;
}

/** How many characters two texts have in common before their ends, at most `most`. */
function commonTail(a: string, b: string, most: number): number {
  const block = (text: string, tail: number) => text.slice(-(tail + BLOCK), -tail || undefined);
  let tail = 0;
  while (tail + BLOCK <= most && block(a, tail) === block(b, tail)) tail += BLOCK;
  while (tail < most && a.charCodeAt(a.length - 1 - tail) === b.charCodeAt(b.length - 1 - tail)) {
    tail++;
  }
  return tail;
}

/** The smallest single splice that makes one text of another. */
export function spliceBetween(before: string, after: string): Splice | null {
  if (before === after) return null;
  const most = Math.min(before.length, after.length);
  const head = commonHead(before, after, most);
  const tail = commonTail(before, after, most - head);
  return {
    from: head,
    to: before.length - tail,
    insert: after.slice(head, after.length - tail),
  };
}

/** `text` after some splices, each after the one before it. */
export function spliced(text: string, splices: readonly Splice[]): string {
  const pieces: string[] = [];
  let done = 0;
  for (const { from, to, insert } of splices) {
    pieces.push(text.slice(done, from), insert);
    done = to;
  }
  return pieces.join("") + text.slice(done);
}
