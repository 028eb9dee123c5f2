// Schemas as rows, and edits of schemas: order kept, the unknown kept, `required` in step.
import { describe, expect, it } from "vitest";
import * as edits from "./schema-edit";
import { toPath, toPointer } from "./json-pointer";
import { rowOfPlace, rowsOf, schemaAt, type Row } from "./schema-tree";
import { random } from "./test-random";

const SESSION = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  properties: {
    title: { type: "string", description: "As announced", "x-mine": [1, 2] },
    speakers: {
      type: "array",
      items: {
        type: "object",
        properties: {
          name: { type: "string" },
          role: { type: "string", enum: ["host", "guest", "chair"] },
        },
        required: ["name", "role"],
        additionalProperties: false,
      },
    },
    start: { anyOf: [{ type: "string", format: "date-time" }, { type: "null" }] },
    place: { $ref: "#/$defs/place" },
    score: { type: ["number", "null"], minimum: 0, maximum: 1 },
  },
  required: ["title", "speakers", "start", "place", "score"],
  additionalProperties: false,
  $defs: { place: { type: "object", properties: { city: { type: "string" } } } },
};

const rows = (schema: unknown = SESSION, folded: string[] = []): Row[] =>
  rowsOf(schema, "session", new Set(folded));
const names = (schema: unknown, pointer = "") =>
  Object.keys((schemaAt(schema, `${pointer}/properties`) ?? {}) as object);
const required = (schema: unknown, pointer = "") => schemaAt(schema, pointer)?.required;

describe("rows", () => {
  it("shows fields of listed objects under the list, and says what each is", () => {
    expect(rows().map((row) => `${"  ".repeat(row.depth)}${row.name}: ${row.label}`)).toEqual([
      "session: object",
      "  title: string",
      "  speakers: array of object",
      "    name: string",
      "    role: enum, 3 values",
      "  start: date-time",
      "  place: place",
      "  score: number",
      "  place: object",
      "    city: string",
    ]);
  });

  it("knows both spellings of nullable", () => {
    const nullable = rows().filter((row) => row.nullable);
    expect(nullable.map((row) => row.name)).toEqual(["start", "score"]);
  });

  it("leaves out what lies below a folded row", () => {
    expect(rows(SESSION, ["/properties/speakers"]).map((row) => row.name)).not.toContain("role");
  });

  it("leads from any place to the row that shows it", () => {
    const inside = "/properties/speakers/items/properties/role/enum/1";
    expect(rowOfPlace(SESSION, inside)).toEqual([
      "",
      "/properties/speakers",
      "/properties/speakers/items/properties/role",
    ]);
    expect(rowOfPlace(SESSION, "/properties/start/anyOf/0/format").at(-1)).toBe(
      "/properties/start",
    );
    const known = rows().map((row) => row.pointer);
    for (const row of rows()) expect(rowOfPlace(SESSION, row.pointer).at(-1)).toBe(row.pointer);
    expect(new Set(known).size).toBe(known.length);
  });

  it("survives what is no schema", () => {
    for (const odd of [null, 3, [], { properties: [] }, { type: 7, items: 3 }, { anyOf: [1] }]) {
      expect(() => rows(odd)).not.toThrow();
    }
    expect(rows({ type: "object", properties: { any: true } })[1]?.label).toBe("any");
  });
});

describe("edits", () => {
  it("adds after its sibling, and requires it there", () => {
    const { schema, at } = edits.addSibling(SESSION, "/properties/title");
    expect(at).toBe("/properties/field");
    expect(names(schema)).toEqual(["title", "field", "speakers", "start", "place", "score"]);
    expect(required(schema)).toEqual(["title", "field", "speakers", "start", "place", "score"]);
  });

  it("adds inside a list of objects, and makes an object of what held no fields", () => {
    const inList = edits.addChild(SESSION, "/properties/speakers");
    expect(inList.at).toBe("/properties/speakers/items/properties/field");
    const inText = edits.addChild(SESSION, "/properties/title").schema;
    expect(schemaAt(inText, "/properties/title")).toEqual({
      type: "object",
      description: "As announced",
      "x-mine": [1, 2],
      properties: { field: { type: "string" } },
      required: ["field"],
      additionalProperties: false,
    });
  });

  it("renames in place, in required and in references", () => {
    const { schema, at } = edits.rename(SESSION, "/$defs/place", "venue/hall");
    expect(at).toBe("/$defs/venue~1hall");
    expect(schemaAt(schema, "/properties/place")).toEqual({ $ref: "#/$defs/venue~1hall" });
    const field = edits.rename(SESSION, "/properties/speakers", "people").schema;
    expect(names(field)[1]).toBe("people");
    expect(required(field)).toEqual(["title", "people", "start", "place", "score"]);
  });

  it("refuses a name that is taken or empty", () => {
    expect(edits.nameFault(SESSION, "/properties/title", "start")).toContain("already");
    expect(edits.nameFault(SESSION, "/properties/title", "")).toContain("name");
    expect(edits.rename(SESSION, "/properties/title", "start").schema).toBe(SESSION);
  });

  it("moves among siblings and stops at the ends", () => {
    const down = edits.move(SESSION, "/properties/title", 1).schema;
    expect(names(down).slice(0, 2)).toEqual(["speakers", "title"]);
    expect(required(down)).toEqual(["speakers", "title", "start", "place", "score"]);
    expect(edits.move(SESSION, "/properties/title", -1).schema).toBe(SESSION);
  });

  it("moves out of a list of objects and back into it", () => {
    const pointer = "/properties/speakers/items/properties/role";
    const out = edits.moveOut(SESSION, pointer);
    expect(names(out.schema)).toEqual(["title", "speakers", "role", "start", "place", "score"]);
    expect(required(out.schema, "/properties/speakers/items")).toEqual(["name"]);
    const back = edits.moveInto(out.schema, out.at);
    expect(back.at).toBe(pointer);
    expect(back.schema).toEqual(SESSION);
  });

  it("deletes with its requirement, and goes to a neighbour", () => {
    const { schema, at } = edits.remove(SESSION, "/properties/score");
    expect(names(schema)).not.toContain("score");
    expect(required(schema)).toEqual(["title", "speakers", "start", "place"]);
    expect(at).toBe("/properties/place");
  });

  it("keeps null, words and foreign keys over a change of type, and drops what the type ruled", () => {
    const text = edits.setType(SESSION, "/properties/score", "string").schema;
    expect(schemaAt(text, "/properties/score")).toEqual({ type: ["string", "null"] });
    const list = edits.setType(SESSION, "/properties/speakers", "object").schema;
    expect(names(list, "/properties/speakers")).toEqual(["name", "role"]);
    const again = edits.setType(list, "/properties/speakers", "array").schema;
    expect(again).toEqual(SESSION);
  });

  it("lets every kind of place be null, and takes it back", () => {
    const kinds = {
      text: { type: "string", description: "d" },
      list: { type: "string", enum: ["a"] },
      ref: { $ref: "#/$defs/x" },
      any: { anyOf: [{ type: "string" }, { type: "number" }] },
      bare: { enum: ["a", 1] },
      fixed: { const: 3, description: "d" },
    };
    const root = { type: "object", properties: kinds };
    for (const name of Object.keys(kinds)) {
      const pointer = `/properties/${name}`;
      const on = edits.setNullable(root, pointer, true);
      const row = rows(on).find((it) => it.pointer === pointer);
      expect([name, row?.nullable]).toEqual([name, true]);
      expect([name, edits.setNullable(on, pointer, false)]).toEqual([name, root]);
    }
  });

  it("never lets a name of JavaScript's own do harm", () => {
    const root = JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string"}}}');
    const next = edits.addSibling(root, "/properties/__proto__", "constructor").schema;
    expect(names(next)).toEqual(["__proto__", "constructor"]);
    expect(names(edits.rename(next, "/properties/constructor", "toString").schema)).toEqual([
      "__proto__",
      "toString",
    ]);
  });
});

it("holds together over any order of edits: the source is untouched, required names exist, the place is there", () => {
  const before = JSON.stringify(SESSION);
  for (let seed = 1; seed <= 60; seed++) {
    const roll = random(seed);
    let schema: unknown = SESSION;
    for (let step = 0; step < 40; step++) {
      const all = rows(schema);
      const { pointer } = all[roll(all.length)]!;
      const done = [
        () => edits.addSibling(schema, pointer),
        () => edits.addChild(schema, pointer),
        () => edits.duplicate(schema, pointer),
        () => edits.remove(schema, pointer),
        () => edits.move(schema, pointer, roll(2) === 0 ? 1 : -1),
        () => edits.moveOut(schema, pointer),
        () => edits.moveInto(schema, pointer),
        () => edits.rename(schema, pointer, `name${roll(50)}`),
        () => edits.setType(schema, pointer, edits.CHOICES[roll(edits.CHOICES.length)]!),
        () => ({ schema: edits.setNullable(schema, pointer, roll(2) === 0), at: pointer }),
      ][roll(10)]!();
      schema = done.schema;
      expect(schemaAt(schema, done.at)).not.toBeNull();
      for (const row of rows(schema)) {
        const owner = schemaAt(schema, row.shape);
        const held = Object.keys((owner?.properties ?? {}) as object);
        for (const name of (owner?.required ?? []) as string[]) expect(held).toContain(name);
      }
    }
    expect(schemaAt(schema, "")?.$schema).toBe(SESSION.$schema);
  }
  expect(JSON.stringify(SESSION)).toBe(before);
});

it("writes pointers that it reads", () => {
  const path = ["properties", "a/b", "~", "", "0"];
  expect(toPath(toPointer(path))).toEqual(path);
});
