// The text of a message: variables set apart and told on hover, completed after {{, files taken on paste and drop.
import { autocompletion, completionKeymap, type CompletionContext } from "@codemirror/autocomplete";
import { history, historyKeymap, standardKeymap } from "@codemirror/commands";
import {
  Annotation,
  Compartment,
  StateEffect,
  StateField,
  type Extension,
} from "@codemirror/state";
import {
  Decoration,
  EditorView,
  hoverTooltip,
  keymap,
  MatchDecorator,
  placeholder,
  showTooltip,
  ViewPlugin,
  type DecorationSet,
  type Tooltip,
  type ViewUpdate,
} from "@codemirror/view";
import type { ListedVariable } from "../../../contract/ipc";
import { meaning, setBy, variableUses } from "../../../lib/variables";

export type Known = ReadonlyMap<string, ListedVariable> | null;

/** On changes that come from the other side, which are not to be told back. */
export const fromOutside = Annotation.define<boolean>();

/** What the variables mean now. */
export const setKnown = StateEffect.define<Known>();

const knownField = StateField.define<Known>({
  create: () => null,
  update(known, transaction) {
    for (const effect of transaction.effects) if (effect.is(setKnown)) return effect.value;
    return known;
  },
});

const theme = EditorView.theme({
  "&": { color: "var(--text)", backgroundColor: "transparent" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": {
    font: "400 0.8125rem/1.3125rem var(--font-ui)",
    fontVariantLigatures: "none",
    overflowX: "hidden",
  },
  ".cm-content": { caretColor: "var(--text)", padding: "0", minHeight: "1.3125rem" },
  ".cm-line": { padding: "0" },
  ".cm-placeholder": { color: "var(--text-3)" },
  ".cm-var": {
    borderRadius: "var(--r-1)",
    padding: "0.0625rem 0.1875rem",
    backgroundColor: "var(--fill-selected)",
    font: "400 var(--t-code) var(--font-code)",
  },
  // The web view of Linux ignores the shorthand with a colour in it.
  ".cm-var-unset": {
    color: "var(--warn)",
    textDecorationLine: "underline",
    textDecorationStyle: "wavy",
    textDecorationColor: "var(--warn)",
    textUnderlineOffset: "3px",
  },
  ".cm-tooltip": {
    maxWidth: "22rem",
    border: "0",
    borderRadius: "var(--r-2)",
    color: "var(--text)",
    backgroundColor: "var(--bg-overlay)",
    boxShadow: "var(--shadow-2)",
    zIndex: "30",
  },
  ".cm-told": { padding: "0.375rem 0.625rem", font: "400 var(--t-small) var(--font-ui)" },
  ".cm-told b": { display: "block", fontWeight: "500", overflowWrap: "anywhere" },
  ".cm-told span": { color: "var(--text-2)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    padding: "0.25rem",
    fontFamily: "var(--font-ui)",
    fontSize: "0.8125rem",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    padding: "0.25rem 0.5rem",
    borderRadius: "var(--r-2)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    color: "var(--text)",
    background: "var(--fill-selected)",
  },
  ".cm-completionDetail": { color: "var(--text-2)", fontStyle: "normal" },
});

/** Only what is on screen is searched: a long text costs no more than a short one. */
const matcher = new MatchDecorator({
  regexp: /(\\*)(\{\{ *[\p{L}_][\p{L}\p{N}_.-]* *\}\})/gu,
  decorate: (add, from, to, match, view) => {
    const use = variableUses(match[0])[0];
    if (!use) return;
    const known = view.state.field(knownField);
    const unset = known !== null && !known.has(use.name);
    add(from + use.from, to, Decoration.mark({ class: unset ? "cm-var cm-var-unset" : "cm-var" }));
  },
});

const chips = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = matcher.createDeco(view);
    }
    update(update: ViewUpdate): void {
      const news = update.startState.field(knownField) !== update.state.field(knownField);
      this.decorations = news
        ? matcher.createDeco(update.view)
        : matcher.updateDeco(update, this.decorations);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

/** What is told of the variable at a place, if there is one. */
function toldAt(view: { state: EditorView["state"] }, at: number): Tooltip | null {
  const { state } = view;
  // Around the place, not the line: a line can be a whole book.
  const start = Math.max(0, at - 260);
  const near = state.doc.sliceString(start, Math.min(state.doc.length, at + 260));
  const use = variableUses(near).find((it) => start + it.from <= at && at <= start + it.to);
  if (!use) return null;
  return {
    pos: start + use.from,
    end: start + use.to,
    above: true,
    create: () => {
      const dom = document.createElement("div");
      dom.className = "cm-told";
      const known = state.field(knownField)?.get(use.name);
      const value = document.createElement("b");
      const text = meaning(known);
      value.textContent = text.length > 200 ? `${text.slice(0, 200)}…` : text;
      const who = document.createElement("span");
      who.textContent = known ? setBy(known) : "Set a value below the text to send this.";
      dom.append(value, who);
      return { dom };
    },
  };
}

/** The same for who goes there by keys. */
const underCursor = StateField.define<Tooltip | null>({
  create: () => null,
  update(told, transaction) {
    const news = transaction.effects.some((effect) => effect.is(setKnown));
    if (!transaction.docChanged && !transaction.selection && !news) return told;
    // While it is being typed, the completion has the place.
    if (transaction.docChanged) return null;
    const { main } = transaction.state.selection;
    return main.empty ? toldAt({ state: transaction.state }, main.head) : null;
  },
  provide: (field) => showTooltip.from(field),
});

function complete(context: CompletionContext) {
  const begun = context.matchBefore(/\{\{ *[\p{L}\p{N}_.-]*/u);
  const known = context.state.field(knownField);
  if (!begun || !known) return null;
  const from = begun.from + begun.text.length - begun.text.replace(/^\{\{ */, "").length;
  return {
    from,
    options: [...known.values()].map((it) => ({
      label: it.name,
      detail: it.setBy,
      info: it.secret ? undefined : meaning(it).slice(0, 200),
      apply: (view: EditorView, _: unknown, start: number, end: number) => {
        const closed = view.state.doc.sliceString(end, end + 2) === "}}";
        const insert = closed ? it.name : `${it.name}}}`;
        const anchor = start + it.name.length + 2;
        view.dispatch({ changes: { from: start, to: end, insert }, selection: { anchor } });
      },
    })),
    validFor: /^[\p{L}\p{N}_.-]*$/u,
  };
}

export interface Hooks {
  /** The text was changed by typing. */
  typed: (text: string) => void;
  /** Files were pasted or dropped. */
  files: (files: File[]) => void;
}

function filesOf(data: DataTransfer | null): File[] {
  return [...(data?.files ?? [])];
}

/** The name by which screen readers call the text. */
export const naming = new Compartment();

export function named(label: string): Extension {
  return EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false" });
}

export function messageExtensions(label: string, hint: string, hooks: Hooks): Extension {
  return [
    history(),
    knownField,
    chips,
    underCursor,
    hoverTooltip((view, at) => toldAt(view, at)),
    autocompletion({ override: [complete], icons: false }),
    theme,
    placeholder(hint),
    EditorView.lineWrapping,
    naming.of(named(label)),
    keymap.of([...completionKeymap, ...standardKeymap, ...historyKeymap]),
    EditorView.domEventHandlers({
      paste: (event) => {
        const files = filesOf(event.clipboardData);
        // Office programs put a picture of the text beside the text.
        if (files.length === 0 || event.clipboardData?.types.includes("text/plain")) return false;
        event.preventDefault();
        hooks.files(files);
        return true;
      },
      // The message takes what is dropped; the editor would paste a text file's content.
      drop: (event) => filesOf(event.dataTransfer).length > 0,
    }),
    EditorView.updateListener.of((update) => {
      if (!update.docChanged) return;
      if (update.transactions.some((it) => it.annotation(fromOutside))) return;
      hooks.typed(update.state.doc.toString());
    }),
  ];
}
