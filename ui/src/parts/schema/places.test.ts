// Places found in the editor's syntax tree are those that a reading of the whole text finds.
import { json } from "@codemirror/lang-json";
import { ensureSyntaxTree } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { expect, it } from "vitest";
import { placesOf } from "../../lib/json-places";
import { placeIn, pointerIn } from "./places";

const TEXT = `{
  "type": "object",
  "properties": {
    "a/b~c": {"type": ["string", "null"], "enum": ["x", null, {"deep": [1, [2]]}]},
    "\\u0061": {"type": "number", "minimum": -1.5e3}
  },
  "required": []
}`;

it("finds every place, and none that is not there", () => {
  const state = EditorState.create({ doc: TEXT, extensions: [json()] });
  ensureSyntaxTree(state, TEXT.length, 5_000);
  const read = placesOf(TEXT);
  if (!("places" in read)) throw new Error("it is JSON");
  for (const [pointer, place] of read.places) {
    expect(placeIn(state, pointer), pointer).toEqual(place);
    expect(pointerIn(state, place.from + 1), pointer).toBe(
      TEXT[place.from] === "{" || TEXT[place.from] === "[" ? pointer : pointerIn(state, place.to),
    );
  }
  for (const pointer of ["/x", "/properties/a", "/required/0", "/type/0", "/properties/a~1b"]) {
    if (!read.places.has(pointer)) expect(placeIn(state, pointer), pointer).toBeNull();
  }
  expect(pointerIn(state, TEXT.indexOf("minimum") + 2)).toBe("/properties/a/minimum");
  expect(pointerIn(state, TEXT.indexOf("[2]") + 1)).toBe("/properties/a~1b~0c/enum/2/deep/1");
});
