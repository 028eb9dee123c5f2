// Where in a JSON text a place stands, found in the editor's own syntax tree: it is kept up key by key, so that a lookup
// in a schema of thousands of fields does not read the whole text again.
import { ensureSyntaxTree, syntaxTree } from "@codemirror/language";
import type { EditorState } from "@codemirror/state";
import { escapeKey, type Place } from "../../lib/json-places";
import { toPath } from "../../lib/schema-tree";

/** The tree is waited for no longer than that, in ms. */
const PATIENCE = 40;

type Tree = ReturnType<typeof syntaxTree>;
type SyntaxNode = Tree["topNode"];
type Text = Pick<EditorState["doc"], "sliceString">;

/** Values of one object or list by key, as long as the tree is the same. */
const known = new WeakMap<Tree, Map<number, ReadonlyMap<string, Place>>>();

function keyOf(name: SyntaxNode, text: Text): string {
  try {
    return JSON.parse(text.sliceString(name.from, name.to)) as string;
  } catch {
    return "";
  }
}

/** The members of the object or list at `node`. */
function membersOf(node: SyntaxNode, tree: Tree, text: Text): ReadonlyMap<string, Place> {
  const cached = known.get(tree) ?? new Map<number, ReadonlyMap<string, Place>>();
  known.set(tree, cached);
  const found = cached.get(node.from);
  if (found) return found;
  const members = new Map<string, Place>();
  if (node.name === "Object") {
    for (let it = node.firstChild; it; it = it.nextSibling) {
      if (it.name !== "Property") continue;
      const [name, value] = [it.firstChild, it.lastChild];
      if (!name || !value || value.from === name.from) continue;
      members.set(keyOf(name, text), { start: it.from, from: value.from, to: value.to });
    }
  } else if (node.name === "Array") {
    let index = 0;
    for (let it = node.firstChild; it; it = it.nextSibling) {
      if (["[", "]", ","].includes(it.name) || it.type.isError) continue;
      members.set(String(index++), { start: it.from, from: it.from, to: it.to });
    }
  }
  cached.set(node.from, members);
  return members;
}

function valueAt(tree: Tree, offset: number): SyntaxNode | null {
  const node = tree.resolveInner(offset, 1);
  let here: SyntaxNode | null = node;
  // The token at the start of a value lies inside it.
  while (here && here.from === offset && !["Object", "Array"].includes(here.name)) {
    const above: SyntaxNode | null = here.parent;
    if (!above || above.from !== offset || above.name === "Property") break;
    here = above;
  }
  return here;
}

/** Where a place stands; null where the text has none, or is not read that far yet. */
export function placeIn(state: EditorState, pointer: string): Place | null {
  const tree = ensureSyntaxTree(state, state.doc.length, PATIENCE);
  const root = tree?.topNode.firstChild;
  if (!tree || !root) return null;
  let place: Place = { start: root.from, from: root.from, to: root.to };
  for (const step of toPath(pointer)) {
    const node = valueAt(tree, place.from);
    const next = node && membersOf(node, tree, state.doc).get(step);
    if (!next) return null;
    place = next;
  }
  return place;
}

/** The pointer of the innermost place around an offset. */
export function pointerIn(state: EditorState, offset: number): string {
  const tree =
    ensureSyntaxTree(state, Math.min(offset + 1, state.doc.length), PATIENCE) ?? syntaxTree(state);
  const steps: string[] = [];
  let node: SyntaxNode | null = tree.resolveInner(offset, -1);
  if (node.type.isTop) node = tree.resolveInner(offset, 1);
  for (; node?.parent; node = node.parent) {
    if (node.name === "Property" && node.firstChild) {
      steps.unshift(escapeKey(keyOf(node.firstChild, state.doc)));
    } else if (node.parent.name === "Array" && !["[", "]", ","].includes(node.name)) {
      let index = 0;
      for (let it = node.prevSibling; it; it = it.prevSibling) {
        if (!["[", "]", ","].includes(it.name)) index++;
      }
      steps.unshift(String(index));
    }
  }
  return steps.map((step) => `/${step}`).join("");
}
