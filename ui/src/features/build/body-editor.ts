// What the text editor of a body has beside any JSON editor: undo over all edits of the request, words of the
// catalogue, marks on what is left out, and files that are dropped on it.
import { autocompletion, type CompletionContext } from "@codemirror/autocomplete";
import { Prec, StateEffect, StateField, type Extension } from "@codemirror/state";
import { Decoration, EditorView, hoverTooltip, keymap, type DecorationSet } from "@codemirror/view";
import type { Endpoint, Parameter } from "../../contract/ipc";
import { offersAt, rowAt, takes } from "../../lib/json-offers";
import { editorExtensions, type EditorHooks } from "../../parts/json-editor";

/** Longer than this, a text is not searched through for words while it is typed. */
const OFFERED_UP_TO = 300_000;

export interface BodyHooks extends EditorHooks {
  undo: () => void;
  redo: () => void;
  /** A file, or a text too long to be typed, was put in. */
  dropped: (file: File) => void;
  rows: () => readonly Parameter[];
  endpoint: () => Endpoint;
  models: () => readonly string[];
  /** The way to the value at an offset; null while the text is no JSON. */
  pathAt: (offset: number) => { path: string[]; from: number; to: number } | null;
}

/** Strikes out what Run leaves out. */
export const markLeftOut = StateEffect.define<readonly { from: number; to: number }[]>();

const leftOut = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    let next = marks.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(markLeftOut)) continue;
      const strike = Decoration.mark({ class: "cm-left-out" });
      next = Decoration.set(
        effect.value.map(({ from, to }) => strike.range(from, to)),
        true,
      );
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const theme = EditorView.theme({
  ".cm-left-out, .cm-left-out span": {
    color: "var(--text-3) !important",
    textDecoration: "line-through",
  },
  ".cm-about": {
    maxWidth: "24rem",
    padding: "0.5rem 0.75rem",
    font: "400 var(--t-small) var(--font-ui)",
  },
  ".cm-about p": { marginTop: "0.25rem", color: "var(--text-2)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--font-code)" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": {
    color: "var(--text)",
    background: "var(--fill-selected)",
  },
  ".cm-completionDetail": { color: "var(--text-3)", fontStyle: "normal" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "600" },
  ".cm-completionInfo": { maxWidth: "22rem", font: "400 var(--t-small) var(--font-ui)" },
});

function about(row: Parameter, endpoint: Endpoint): HTMLElement {
  const box = document.createElement("div");
  box.className = "cm-about";
  const lines: [string, string][] = [
    ["strong", row.label],
    ["p", row.help],
    ["p", `Takes ${takes(row, endpoint)}.`],
  ];
  for (const [tag, text] of lines) {
    const line = document.createElement(tag);
    line.textContent = text;
    box.append(line);
  }
  return box;
}

export function bodyEditor(hooks: BodyHooks): Extension {
  const offers = (context: CompletionContext) => {
    if (!context.explicit && context.state.doc.length > OFFERED_UP_TO) return null;
    const found = offersAt(
      context.state.doc.toString(),
      context.pos,
      hooks.rows(),
      hooks.endpoint(),
      hooks.models(),
    );
    // On its own a list appears once a word is begun, never on an empty line.
    if (!found || (!context.explicit && found.from === context.pos)) return null;
    return {
      from: found.from,
      filter: true,
      options: found.list.map((it) => ({
        label: it.insert.startsWith('"') ? `"${it.label}` : it.label,
        displayLabel: it.label,
        detail: it.detail,
        info: it.info || undefined,
        apply: it.insert,
      })),
    };
  };
  const command = (key: string, act: () => void) => ({
    key,
    run: () => {
      act();
      return true;
    },
  });
  return [
    // Over all edits of the request, the form's too: one line of undo, wherever the cursor is.
    Prec.high(
      keymap.of([
        command("Mod-z", hooks.undo),
        command("Mod-y", hooks.redo),
        command("Mod-Shift-z", hooks.redo),
      ]),
    ),
    autocompletion({ override: [offers], icons: false }),
    hoverTooltip((_, pos) => {
      const found = hooks.pathAt(pos);
      const row = found && rowAt(found.path, hooks.rows(), hooks.endpoint());
      if (!row) return null;
      return {
        pos: found.from,
        end: found.to,
        create: () => ({ dom: about(row, hooks.endpoint()) }),
      };
    }),
    EditorView.domEventHandlers({
      drop(event) {
        const file = event.dataTransfer?.files[0];
        if (!file) return false;
        event.preventDefault();
        hooks.dropped(file);
        return true;
      },
      paste(event) {
        const file = event.clipboardData?.files[0];
        if (!file || event.clipboardData?.getData("text/plain")) return false;
        event.preventDefault();
        hooks.dropped(file);
        return true;
      },
    }),
    leftOut,
    theme,
    editorExtensions(hooks),
  ];
}
