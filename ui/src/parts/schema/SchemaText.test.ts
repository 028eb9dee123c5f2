// The schema's text follows the tree, a large one a moment later: what is typed meanwhile is lost on neither side.
import { EditorView } from "@codemirror/view";
import { render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, it } from "vitest";
import { useHost } from "../../host";
import { memoryHost } from "../../host.memory";
import * as edits from "../../lib/schema-edit";
import { Draft } from "../../state/drafts.svelte";
import { SchemaDoc } from "../../state/schema.svelte";
import SchemaText from "./SchemaText.svelte";

beforeEach(() => {
  useHost(memoryHost({ speed: Infinity }));
  // CodeMirror measures text, which the test document does not lay out.
  Range.prototype.getClientRects ??= () => [] as unknown as DOMRectList;
  Range.prototype.getBoundingClientRect ??= () => new DOMRect();
});

function opened(fields: number): { doc: SchemaDoc; editor: EditorView } {
  const names = Array.from({ length: fields }, (_, n) => `field_${n}`);
  const properties = Object.fromEntries(names.map((it) => [it, { type: "string" }]));
  const schema = { type: "object", properties, required: names };
  const request = {
    id: "1",
    name: "X",
    endpoint: "responses" as const,
    body: { text: { format: { type: "json_schema", name: "x", schema } } },
  };
  const doc = new SchemaDoc(
    new Draft({ path: "x", stamp: "1", inherited: [], inheritedProblem: null, request }),
  );
  render(SchemaText, { doc, titled: true });
  const editor = EditorView.findFromDOM(screen.getByTestId("schema-text"));
  if (!editor) throw new Error("no editor");
  return { doc, editor };
}

it.each([3, 2_000])("follows an edit of the tree among %i fields", async (fields) => {
  const { doc, editor } = opened(fields);
  doc.edit(edits.rename(doc.value, "/properties/field_1", "second"));
  await waitFor(() => expect(editor.state.doc.toString()).toBe(doc.text));
  expect(doc.text.split('"second"')).toHaveLength(3);
  expect(doc.text).toBe(JSON.stringify(doc.value, null, 2));
});

it("joins what is typed before the text has followed with what it was to follow", async () => {
  const { doc, editor } = opened(2_000);
  doc.edit(edits.rename(doc.value, "/properties/field_1", "second"));
  await Promise.resolve();
  expect(editor.state.doc.toString()).toContain('"field_1"');
  const at = editor.state.doc.toString().indexOf('"type": "object"') + '"type": "object'.length;
  editor.dispatch({ changes: { from: at, insert: "s" } });
  expect(editor.state.doc.toString()).toContain('"type": "objects"');
  expect(editor.state.doc.toString().split('"second"')).toHaveLength(3);
  doc.settle();
  expect(doc.value).toMatchObject({ type: "objects", properties: { second: { type: "string" } } });
  expect(doc.text).toBe(editor.state.doc.toString());
});
