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

/** So many places are told apart at most. */
const SPLICES = 8;
/** In characters: two texts that are the same for so long, so soon after they differed, go on alike. */
const ALIKE = 64;
const SOON = 512;

/** Where two texts that differ from `a` and `b` on are alike again; null where that is not soon. */
function meeting(before: string, a: number, after: string, b: number) {
  const anchor = before.slice(a + SOON, a + SOON + ALIKE);
  const found = after.slice(b, b + 2 * SOON + ALIKE).indexOf(anchor);
  if (anchor.length < ALIKE || found < 0) return null;
  const [gone, come] = [before.slice(a, a + SOON), after.slice(b, b + found)];
  const tail = commonTail(gone, come, Math.min(gone.length, come.length));
  return { a: a + SOON - tail, b: b + found - tail };
}

/** What makes one text of another: small splices for edits that lie far apart, such as a name and where it is used. */
export function splicesBetween(before: string, after: string): Splice[] {
  const splices: Splice[] = [];
  let [a, b] = [0, 0];
  for (;;) {
    const [left, right] = [before.slice(a), after.slice(b)];
    const head = commonHead(left, right, Math.min(left.length, right.length));
    [a, b] = [a + head, b + head];
    if (a === before.length && b === after.length) return splices;
    const met = splices.length < SPLICES - 1 ? meeting(before, a, after, b) : null;
    if (!met) {
      const most = Math.min(before.length - a, after.length - b);
      const tail = commonTail(before, after, most);
      splices.push({
        from: a,
        to: before.length - tail,
        insert: after.slice(b, after.length - tail),
      });
      return splices;
    }
    splices.push({ from: a, to: met.a, insert: after.slice(b, met.b) });
    [a, b] = [met.a, met.b];
  }
}
