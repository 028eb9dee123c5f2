// One schema seen from its text and its tree: neither rewrites the other behind its back.
import { beforeEach, expect, it, vi } from "vitest";
import { useHost } from "../host";
import { memoryHost } from "../host.memory";
import * as edits from "../lib/schema-edit";
import { Draft } from "./drafts.svelte";
import { SchemaDoc } from "./schema.svelte";

const SCHEMA = { type: "object", properties: { a: { type: "string" }, b: { type: "number" } } };
let draft: Draft;
let doc: SchemaDoc;

beforeEach(() => {
  useHost(memoryHost({ speed: Infinity }));
  draft = new Draft({
    path: "x.yaml",
    stamp: "1",
    inherited: [],
    inheritedProblem: null,
    request: {
      id: "1",
      name: "X",
      endpoint: "responses",
      body: { text: { format: { type: "json_schema", name: "x", schema: SCHEMA } }, top: 1 },
    },
  });
  doc = new SchemaDoc(draft);
});

it("takes typed text as it is typed, and keeps its spelling", () => {
  doc.type('{"type":   "object"}');
  expect(doc.value).toEqual({ type: "object" });
  expect(doc.text).toBe('{"type":   "object"}');
  doc.format();
  expect(doc.text).toBe('{\n  "type": "object"\n}');
  expect(draft.request.body.top).toBe(1);
});

it("freezes the tree while the text is no JSON, names the line, and goes on after it", () => {
  doc.type('{\n  "type": \n}');
  expect(doc.textFault?.line).toBe(3);
  expect(doc.value).toBe(SCHEMA);
  expect(doc.edit(edits.addChild(doc.value, ""))).toBe(false);
  expect(doc.text).toBe('{\n  "type": \n}');
  doc.type('{\n  "type": "object"\n}');
  expect(doc.textFault).toBeNull();
  expect(doc.edit(edits.addChild(doc.value, ""))).toBe(true);
});

it("undoes edits of tree and text in the request's own history", () => {
  doc.edit(edits.remove(doc.value, "/properties/a"));
  doc.type("{}");
  draft.undo();
  expect(doc.text).not.toContain('"a"');
  expect(doc.text).toContain('"b"');
  draft.undo();
  expect(doc.value).toBe(SCHEMA);
  expect(doc.text).toBe(JSON.stringify(SCHEMA, null, 2));
});

it("mends all at once, says what was done, and undoes it in one step", async () => {
  await doc.fix(null);
  expect(doc.value).toMatchObject({ required: ["a", "b"], additionalProperties: false });
  expect(doc.report?.changes).toHaveLength(3);
  expect(doc.report?.left).toEqual([]);
  draft.undo();
  expect(doc.value).toBe(SCHEMA);
});

it("opens what hides a place that is gone to", () => {
  doc.replace({
    type: "object",
    properties: { in: { type: "object", properties: { deep: { type: "string" } } } },
  });
  doc.fold("/properties/in", true);
  doc.select("/properties/in/properties/deep/type");
  expect(doc.selected).toBe("/properties/in/properties/deep");
  expect(doc.rows.map((row) => row.name)).toEqual(["x", "in", "deep"]);
});

it("reads a large text after a pause, and says until then that it is behind", async () => {
  const fields = Array.from({ length: 2_000 }, (_, n) => [`field_${n}`, { type: "string" }]);
  const large = { type: "object", properties: Object.fromEntries(fields) as unknown };
  const text = JSON.stringify(large, null, 1);
  doc.type(text);
  expect([doc.behind, doc.stale, doc.text, doc.value]).toEqual([true, true, text, SCHEMA]);
  expect(doc.edit(edits.addChild(doc.value, ""))).toBe(false);
  await vi.waitFor(() => expect(doc.behind).toBe(false));
  expect(doc.value).toEqual(large);
  expect(doc.text).toBe(text);
  doc.type(`${text} x`);
  doc.settle();
  expect([doc.behind, doc.textFault?.message]).toEqual([
    false,
    'Nothing may follow the end, but "x" does',
  ]);
});

it("shows no check of another schema as this one's", async () => {
  const off = doc.checkSoon();
  await vi.waitFor(() => expect(doc.stale).toBe(false));
  doc.set({ ...SCHEMA, title: "New" });
  expect(doc.stale).toBe(true);
  off();
});

function large(): { text: string; value: { properties: Record<string, unknown> } } {
  const fields = Array.from({ length: 2_000 }, (_, n) => [`field_${n}`, { type: "string" }]);
  const value = { type: "object", properties: Object.fromEntries(fields) };
  return { text: JSON.stringify(value, null, 1), value };
}

it("reads a key in a large text from what stands around it", async () => {
  const { text } = large();
  doc.type(text);
  doc.settle();
  const before = doc.value as ReturnType<typeof large>["value"];
  const typed = text.replace(
    '"field_7": {\n   "type": "string"',
    '"field_7": {\n   "type": "number"',
  );
  doc.type(typed);
  expect(doc.behind).toBe(true);
  await vi.waitFor(() => expect(doc.behind).toBe(false));
  expect(doc.value).toEqual(JSON.parse(typed));
  const after = doc.value as typeof before;
  expect(after.properties.field_6).toBe(before.properties.field_6);
  expect(doc.text).toBe(typed);
  draft.undo();
  // Quick edits of the text are one step.
  expect(doc.value).toBe(SCHEMA);
  expect(JSON.parse(doc.text)).toEqual(SCHEMA);
});

it("writes an edit of the tree into the text as it is spelled, and says what changed", () => {
  const { text } = large();
  doc.type(text);
  doc.settle();
  expect(doc.edit(edits.rename(doc.value, "/properties/field_3", "third"))).toBe(true);
  expect(doc.text).toBe(text.replace('"field_3"', '"third"'));
  expect(doc.changesSince(text)).toEqual([
    { from: text.indexOf('"field_3"'), to: text.indexOf('"field_3"') + 9, insert: '"third"' },
  ]);
  draft.undo();
  expect(doc.text).toBe(text);
});
