// The words that a reader sees in rendered text, and marks laid over them without disturbing the markup.
import type { Range } from "./diff";

export interface Mark extends Range {
  /** What it means: new against the baseline, or what a check forbids. Becomes the element's class. */
  readonly kind: "added" | "wrong";
}

const BLOCKS = new Set(
  "P DIV PRE LI UL OL H1 H2 H3 H4 H5 H6 BLOCKQUOTE TABLE THEAD TBODY TR TH TD HR BR".split(" "),
);

interface Placed {
  readonly node: Text;
  readonly start: number;
}

function* textNodes(root: Node): Generator<Text | "break"> {
  for (const child of root.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) {
      yield child as Text;
    } else if (child.nodeType === Node.ELEMENT_NODE) {
      const block = BLOCKS.has(child.nodeName);
      if (block) yield "break";
      yield* textNodes(child);
      if (block) yield "break";
    }
  }
}

function placed(root: Node): { text: string; nodes: Placed[] } {
  const nodes: Placed[] = [];
  let text = "";
  let broken = false;
  for (const item of textNodes(root)) {
    if (item === "break") {
      broken = true;
      continue;
    }
    // Line feeds between the tags of the markup are not the model's words.
    if (broken && item.data.trim() === "") continue;
    if (broken && text !== "") text += "\n";
    broken = false;
    nodes.push({ node: item, start: text.length });
    text += item.data;
  }
  return { text, nodes };
}

/** What stands to read under a node: its text, with a line feed between blocks. */
export function visibleText(root: Node): string {
  return placed(root).text;
}

/** Lays marks over the text under `root`. Ranges are places in `visibleText(root)`; they may overlap. */
export function mark(root: HTMLElement, marks: readonly Mark[]): void {
  if (marks.length === 0) return;
  for (const { node, start } of placed(root).nodes) {
    const end = start + node.data.length;
    const here = marks.filter((range) => range.start < end && range.end > start);
    if (here.length > 0) wrap(node, start, here);
  }
}

/** Splits a text node where marks begin or end, and wraps what lies between. */
function wrap(node: Text, start: number, marks: readonly Mark[]): void {
  const end = start + node.data.length;
  const cuts = new Set([start, end]);
  for (const range of marks) {
    cuts.add(Math.max(start, range.start));
    cuts.add(Math.min(end, range.end));
  }
  const places = [...cuts].sort((a, b) => a - b);
  const pieces = places.slice(0, -1).map((from, i): Node => {
    const to = places[i + 1] ?? end;
    const text = document.createTextNode(node.data.slice(from - start, to - start));
    const kinds = new Set(
      marks.filter((range) => range.start <= from && range.end >= to).map(({ kind }) => kind),
    );
    if (kinds.size === 0) return text;
    const element = document.createElement("mark");
    element.className = [...kinds].sort().join(" ");
    element.append(text);
    return element;
  });
  node.replaceWith(...pieces);
}

/** Takes all marks off again. */
export function unmark(root: HTMLElement): void {
  const marks = root.querySelectorAll("mark");
  for (const element of marks) element.replaceWith(...element.childNodes);
  // Whole text nodes again, so that a word cut in two by a mark is one word for the next comparison.
  if (marks.length > 0) root.normalize();
}
