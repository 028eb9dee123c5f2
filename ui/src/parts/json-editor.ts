// The text editor for JSON: CodeMirror from its single packages, in the window's own colours.
import { defaultKeymap, indentWithTab } from "@codemirror/commands";
import {
  bracketMatching,
  codeFolding,
  foldGutter,
  foldKeymap,
  indentOnInput,
  indentUnit,
} from "@codemirror/language";
import { lintGutter, lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Annotation, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { jsonLanguage, textOf } from "./json-language";

const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--text)", backgroundColor: "transparent" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { font: "400 var(--t-code) var(--font-code)", fontVariantLigatures: "none" },
  ".cm-content": { caretColor: "var(--text)", padding: "0.5rem 0 2rem" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--text-3)", border: "0" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 0.25rem 0 0.5rem" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { background: "var(--select-text)" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": {
    backgroundColor: "transparent",
    boxShadow: "inset 0 -1px 0 var(--text-2)",
  },
  ".cm-foldPlaceholder": {
    padding: "0 0.25rem",
    border: "0",
    color: "var(--text-3)",
    backgroundColor: "var(--fill-selected)",
  },
  ".cm-panels": {
    color: "var(--text)",
    backgroundColor: "var(--bg-raised)",
    borderColor: "var(--line)",
  },
  ".cm-tooltip": {
    border: "0",
    borderRadius: "var(--r-2)",
    color: "var(--text)",
    backgroundColor: "var(--bg-overlay)",
    boxShadow: "var(--shadow-2)",
  },
  ".cm-textfield, .cm-button": {
    border: "1px solid var(--line-control)",
    borderRadius: "var(--r-1)",
    color: "var(--text)",
    background: "var(--bg-panel)",
  },
  ".cm-lintRange-warning": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--warn)",
    textUnderlineOffset: "3px",
  },
  ".cm-lintRange-error": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--bad)",
    textUnderlineOffset: "3px",
  },
});

/** On changes that come from the other side, which are not to be told back. */
export const fromOutside = Annotation.define<boolean>();

export interface EditorHooks {
  /** What the text is, for a screen reader. */
  label: string;
  /** The text was changed by typing. */
  typed: (text: string) => void;
  /** The cursor was put somewhere by hand. */
  moved?: (offset: number) => void;
  format: () => void;
}

/** Everything but a history: who edits brings the one that fits. */
export function editorExtensions(hooks: EditorHooks): Extension {
  return [
    lineNumbers(),
    lintGutter(),
    foldGutter(),
    codeFolding(),
    highlightActiveLineGutter(),
    drawSelection(),
    indentOnInput(),
    indentUnit.of("  "),
    bracketMatching(),
    highlightSelectionMatches(),
    search({ top: true }),
    jsonLanguage,
    theme,
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({
      "aria-label": hooks.label,
      spellcheck: "false",
      tabindex: "0",
    }),
    keymap.of([
      {
        key: "Shift-Alt-f",
        run: () => {
          hooks.format();
          return true;
        },
      },
      indentWithTab,
      ...defaultKeymap.filter((it) => it.key !== "Mod-Enter"),
      ...foldKeymap,
      ...lintKeymap,
      ...searchKeymap,
    ]),
    EditorView.updateListener.of((update) => {
      const outside = update.transactions.some((it) => it.annotation(fromOutside));
      if (update.docChanged && !outside) hooks.typed(textOf(update.state.doc));
      else if (update.selectionSet && !outside) hooks.moved?.(update.state.selection.main.head);
    }),
  ];
}
