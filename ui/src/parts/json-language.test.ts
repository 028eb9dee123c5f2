// Folding and indentation of JSON, read off its lines.
import { insertNewlineAndIndent } from "@codemirror/commands";
import { foldable, indentUnit } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { expect, it } from "vitest";
import { jsonLanguage } from "./json-language";

const TEXT = `{
  "type": "object",
  "properties": {
    "of {": { "type": "string" },
    "list": [
      1,
      { "a": "}" }
    ]
  },
  "none": {}
}
`;

const stateOf = (doc: string, at = 0) =>
  EditorState.create({
    doc,
    selection: { anchor: at },
    extensions: [jsonLanguage, indentUnit.of("  ")],
  });

it("folds what is open at the end of its line", () => {
  const state = stateOf(TEXT);
  const folded = (number: number) => {
    const { from, to } = state.doc.line(number);
    const range = foldable(state, from, to);
    return range && TEXT.slice(range.from, range.to);
  };
  expect(folded(1)).toBe(TEXT.slice(1, TEXT.lastIndexOf("}")));
  expect(folded(5)).toBe('\n      1,\n      { "a": "}" }\n    ');
  for (const number of [2, 4, 6, 10, 11]) expect(folded(number)).toBeNull();
  // Nothing is folded of what is not closed yet.
  const open = stateOf('{\n  "a": [\n    1\n');
  expect(foldable(open, 0, 1)).toBeNull();
});

it.each([
  ["after an opening bracket", '{\n  "a": [|', '{\n  "a": [\n    |'],
  ["between brackets", '{\n  "a": {|}\n}', '{\n  "a": {\n    |\n  }\n}'],
  ["after a member", '{\n  "a": 1,|\n}', '{\n  "a": 1,\n  |\n}'],
  ["before a closing bracket", '{\n  "a": 1|}', '{\n  "a": 1\n|}'],
  ["under an empty line", '{\n  "a": 1,\n|', '{\n  "a": 1,\n\n  |'],
  ["at the beginning", "|", "\n|"],
])("a new line stands as far in as it belongs %s", (_, before, after) => {
  const at = before.indexOf("|");
  let state = stateOf(before.replace("|", ""), at);
  insertNewlineAndIndent({ state, dispatch: (it) => (state = it.state) });
  const text = state.doc.toString();
  const { head } = state.selection.main;
  expect(`${text.slice(0, head)}|${text.slice(head)}`).toBe(after);
});

it("colours keys, texts, numbers, words and signs", () => {
  const view = new EditorView({ state: stateOf('{"a": ["b", 1, null]}') });
  const pieces = [...view.contentDOM.querySelectorAll("[class^=cm-json]")];
  expect(pieces.map((it) => [it.className.replace("cm-json-", ""), it.textContent])).toEqual([
    ["punct", "{"],
    ["key", '"a"'],
    ["punct", ":"],
    ["punct", "["],
    ["str", '"b"'],
    ["punct", ","],
    ["num", "1"],
    ["punct", ","],
    ["kw", "null"],
    ["punct", "]"],
    ["punct", "}"],
  ]);
  // A text that is not closed yet is one all the same.
  view.dispatch({ changes: { from: 7, to: view.state.doc.length, insert: '"op en' } });
  expect(view.contentDOM.querySelector(".cm-json-str")?.textContent).toBe('"op en');
  view.destroy();
});
