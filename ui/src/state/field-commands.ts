// What can be done to the chosen field of a schema, by key, by button or from the palette, and why it can't be.
import type { FieldCommand } from "../lib/commands";
import * as edits from "../lib/schema-edit";
import type { Row } from "../lib/schema-tree";
import type { Notices } from "./notices.svelte";
import type { SchemaDoc } from "./schema.svelte";

/** Why a command can't be done to the chosen field; null where it can. */
export function fieldBlocked(doc: SchemaDoc, id: FieldCommand): string | null {
  const { row, textFault } = doc;
  if (id === "field_find") return null;
  if (textFault) return `Fix line ${textFault.line} of the text first.`;
  if (!row) return "Choose a field first.";
  if (id === "field_add" || id === "field_add_inside") return null;
  if (row.kind === "root") return "This is the whole schema. Choose a field first.";
  if (id === "field_rename" && row.kind === "option") return "An option has no name of its own.";
  return null;
}

/** Does a command to the chosen field, if it can be done. */
export function doToField(doc: SchemaDoc, notices: Notices, id: FieldCommand): void {
  const { row, value } = doc;
  if (!row || fieldBlocked(doc, id) !== null) return;
  switch (id) {
    case "field_add":
      return doc.add("beside");
    case "field_add_inside":
      return doc.add("inside");
    case "field_find":
      doc.finding = true;
      return;
    case "field_rename":
      doc.renaming = row.pointer;
      return;
    case "field_duplicate":
      return void doc.edit(edits.duplicate(value, row.pointer));
    case "field_delete":
      return removeField(doc, notices, row);
    case "field_up":
    case "field_down":
      return void doc.edit(edits.move(value, row.pointer, id === "field_up" ? -1 : 1));
    case "field_out":
      return void doc.edit(edits.moveOut(value, row.pointer));
    case "field_in":
      return void doc.edit(edits.moveInto(value, row.pointer));
  }
}

/** Takes a field out, and offers to put it back. */
function removeField(doc: SchemaDoc, notices: Notices, row: Row): void {
  if (row.kind === "root") return;
  const { draft } = doc;
  if (!doc.edit(edits.remove(doc.value, row.pointer))) return;
  const after = draft.request;
  notices.add(`Deleted ${row.name}`, {
    text: row.children > 0 ? `With ${row.children} below it.` : "",
    action: {
      label: "Undo",
      run: () => {
        if (draft.request === after) {
          draft.undo();
          doc.select(row.pointer);
        } else {
          notices.add("Other edits came after it", {
            text: "Undo them first: each press of undo takes one back.",
          });
        }
      },
    },
    lasts: 8_000,
  });
}
