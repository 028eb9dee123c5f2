// JSON in the text editor, line by line: JSON breaks no string over lines, so what a line is made of shows without a parser
// that reads the whole document again after each key.
import {
  foldService,
  getIndentUnit,
  indentService,
  type IndentContext,
} from "@codemirror/language";
import {
  countColumn,
  EditorState,
  RangeSetBuilder,
  type Extension,
  type Text,
} from "@codemirror/state";
import {
  Decoration,
  EditorView,
  ViewPlugin,
  type DecorationSet,
  type ViewUpdate,
} from "@codemirror/view";
import { tokensOf } from "../lib/json-tokens";

const texts = new WeakMap<Text, string>();

/** A document as one string, made once. */
export function textOf(doc: Text): string {
  let text = texts.get(doc);
  if (text === undefined) texts.set(doc, (text = doc.toString()));
  return text;
}

const MARKS = {
  key: Decoration.mark({ class: "cm-json-key" }),
  str: Decoration.mark({ class: "cm-json-str" }),
  num: Decoration.mark({ class: "cm-json-num" }),
  kw: Decoration.mark({ class: "cm-json-kw" }),
  punct: Decoration.mark({ class: "cm-json-punct" }),
};

/** Colours what is in sight. */
const colours = ViewPlugin.fromClass(
  class {
    marks: DecorationSet;

    constructor(view: EditorView) {
      this.marks = coloured(view);
    }

    update({ docChanged, viewportChanged, view }: ViewUpdate): void {
      if (docChanged || viewportChanged) this.marks = coloured(view);
    }
  },
  { decorations: (it) => it.marks },
);

function coloured({ state: { doc }, visibleRanges }: EditorView): DecorationSet {
  const marks = new RangeSetBuilder<Decoration>();
  for (const { from, to } of visibleRanges) {
    for (let line = doc.lineAt(from); ; line = doc.line(line.number + 1)) {
      for (const token of tokensOf(line.text)) {
        // Of a line of 200 KB only a part is in sight.
        const [start, end] = [
          Math.max(line.from + token.from, from),
          Math.min(line.from + token.to, to),
        ];
        if (start < end && token.kind !== "space") marks.add(start, end, MARKS[token.kind]);
      }
      if (line.to >= to) break;
    }
  }
  return marks.finish();
}

/** An object or a list that is open at the end of its line folds up to the bracket that stands under the line. */
const folds = foldService.of(({ doc }, lineStart) => {
  const line = doc.lineAt(lineStart);
  const [, indent, bracket] = /^(\s*).*?([{[])\s*$/.exec(line.text) ?? [];
  if (indent === undefined) return null;
  const under = `\n${indent}${bracket === "{" ? "}" : "]"}`;
  const closing = textOf(doc).indexOf(under, line.to);
  const from = line.from + line.text.trimEnd().length;
  return closing < 0 ? null : { from, to: closing + under.length - 1 };
});

/** The text of the last line before a place that holds anything. */
function above(context: IndentContext, at: number): string {
  const { doc } = context.state;
  // Where a line is being broken, what stands before the break is above it.
  const isBroken = context.simulatedBreak === at && at > 0;
  let { from, text } = isBroken
    ? context.lineAt(at - 1, -1)
    : { from: doc.lineAt(at).from, text: "" };
  while (text.trim() === "" && from > 0) ({ from, text } = doc.lineAt(from - 1));
  return text;
}

/** A line stands as far in as the one above it: deeper after an opening bracket, and less deep where it closes one. */
const indents = indentService.of((context, at) => {
  const before = above(context, at);
  const opens = /[{[]\s*$/.test(before);
  const closes = /^\s*[}\]]/.test(context.textAfterPos(at));
  const steps = (opens ? 1 : 0) - (closes ? 1 : 0);
  const deep = countColumn(/^\s*/.exec(before)![0], context.state.tabSize);
  return Math.max(0, deep + steps * getIndentUnit(context.state));
});

const theme = EditorView.theme({
  ".cm-json-key": { color: "var(--syn-key)" },
  ".cm-json-str": { color: "var(--syn-str)" },
  ".cm-json-num": { color: "var(--syn-num)" },
  ".cm-json-kw": { color: "var(--syn-kw)" },
  ".cm-json-punct": { color: "var(--syn-punct)" },
});

export const jsonLanguage: Extension = [
  colours,
  folds,
  indents,
  EditorState.languageData.of(() => [{ indentOnInput: /^\s*[}\]]$/ }]),
  theme,
];
