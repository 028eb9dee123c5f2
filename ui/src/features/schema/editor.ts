// What the text editor of a schema has beside any JSON editor: the mark on the chosen field, and its own undo.
import { history, historyKeymap } from "@codemirror/commands";
import { StateEffect, StateField, type Extension } from "@codemirror/state";
import { Decoration, EditorView, keymap, type DecorationSet } from "@codemirror/view";
import { editorExtensions, type EditorHooks } from "../../parts/json-editor";

/** Marks the lines of the chosen field. */
export const markField = StateEffect.define<{ from: number; to: number } | null>();

const fieldMark = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    let next = marks.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(markField)) continue;
      const { value } = effect;
      if (value === null) next = Decoration.none;
      else {
        const { doc } = transaction.state;
        const [from, to] = [value.from, value.to].map((at) => doc.lineAt(Math.min(at, doc.length)));
        const lines = [];
        // A field of thousands of lines is marked at its head: what scrolls by is plainly inside.
        const last = Math.min(to!.number, from!.number + 400);
        for (let n = from!.number; n <= last; n++) {
          lines.push(Decoration.line({ class: "cm-field" }).range(doc.line(n).from));
        }
        next = Decoration.set(lines);
      }
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export function schemaEditor(hooks: EditorHooks): Extension {
  return [
    history(),
    fieldMark,
    EditorView.theme({ ".cm-field": { backgroundColor: "var(--fill-selected)" } }),
    keymap.of([...historyKeymap]),
    editorExtensions(hooks),
  ];
}
