// Edits of a JSON Schema, each a new value: key order stays, and so does all that an edit does not name.
import { at, put, withKey, type Path } from "./body";
import { escapeKey, toPath, toPointer } from "./json-pointer";
import {
  essence,
  isNullable,
  isSchema,
  nullUnion,
  rowOfPlace,
  schemaAt,
  shapeOf,
  typeOf,
  typesOf,
  type Schema,
  type TypeName,
} from "./schema-tree";

export interface Edited {
  schema: unknown;
  /** The place to go on at. */
  at: string;
}

type Entry = [string, unknown];

/** What only schemas of some types can say. A change of type drops what the new one can't. */
const BOUND_TO: Readonly<Record<string, readonly TypeName[]>> = {
  properties: ["object"],
  required: ["object"],
  additionalProperties: ["object"],
  items: ["array"],
  minItems: ["array"],
  maxItems: ["array"],
  format: ["string"],
  pattern: ["string"],
  minLength: ["string"],
  maxLength: ["string"],
  minimum: ["number", "integer"],
  maximum: ["number", "integer"],
  exclusiveMinimum: ["number", "integer"],
  exclusiveMaximum: ["number", "integer"],
  multipleOf: ["number", "integer"],
  enum: ["enum"],
  const: ["const"],
  anyOf: ["any_of"],
  $ref: ["ref"],
};

/** Types that can be chosen for a field. */
export const CHOICES: readonly TypeName[] = [
  "string",
  "number",
  "integer",
  "boolean",
  "enum",
  "object",
  "array",
  "any_of",
  "ref",
];

/** A free name like the wanted one. */
export function freeName(wanted: string, taken: readonly string[]): string {
  if (!taken.includes(wanted)) return wanted;
  for (let n = 2; ; n++) if (!taken.includes(`${wanted}_${n}`)) return `${wanted}_${n}`;
}

function owned(pointer: string): { owner: string; key: string; name: string } | null {
  const path = toPath(pointer);
  const [key, name] = [path.at(-2), path.at(-1)];
  if (key === undefined || name === undefined) return null;
  if (!["properties", "$defs", "definitions", "anyOf"].includes(key)) return null;
  return { owner: toPointer(path.slice(0, -2)), key, name };
}

function entriesOf(root: unknown, owner: string, key: string): Entry[] {
  const held = at(root, [...toPath(owner), key]);
  return isSchema(held) ? Object.entries(held) : [];
}

function withKeyword(schema: Schema, key: string, value: unknown): Schema {
  if (value === undefined) {
    return Object.fromEntries(Object.entries(schema).filter(([it]) => it !== key));
  }
  return { ...schema, [key]: value };
}

function change(root: unknown, pointer: string, how: (schema: Schema) => Schema): unknown {
  const schema = schemaAt(root, pointer);
  return schema ? put(root, toPath(pointer), how(schema)) : root;
}

/** Puts other fields in an object, and keeps `required` in step with the names. */
function setFields(
  root: unknown,
  owner: string,
  key: string,
  fields: Schema,
  required: (names: readonly string[]) => string[],
): unknown {
  return change(root, owner, (schema) => {
    const next = { ...schema, [key]: fields };
    if (key !== "properties") return next;
    const before = Array.isArray(schema.required) ? (schema.required as string[]) : [];
    const after = required(before);
    const isSame = after.length === before.length && after.every((it, i) => it === before[i]);
    return isSame ? next : { ...next, required: after };
  });
}

function insert(list: readonly string[], name: string, after: string | null): string[] {
  const place = after === null ? -1 : list.indexOf(after);
  return place < 0
    ? [...list, name]
    : [...list.slice(0, place + 1), name, ...list.slice(place + 1)];
}

export const NEW_FIELD: Schema = { type: "string" };

/** A field inside a place that holds fields; one that holds none becomes an object. */
export function addChild(root: unknown, pointer: string, name = "field"): Edited {
  const schema = schemaAt(root, pointer);
  if (!schema) return { schema: root, at: pointer };
  let next = root;
  let shape = shapeOf(schema, pointer);
  if (typeOf(shape.schema) === "any_of") {
    const members = shape.schema.anyOf as unknown[];
    next = put(next, [...toPath(shape.pointer), "anyOf"], [...members, { ...NEW_FIELD }]);
    return { schema: next, at: `${shape.pointer}/anyOf/${members.length}` };
  }
  if (typeOf(shape.schema) !== "object") {
    next = setType(next, shape.pointer, "object").schema;
    const made = schemaAt(next, shape.pointer) ?? {};
    shape = shapeOf(made, shape.pointer);
  }
  const entries = entriesOf(next, shape.pointer, "properties");
  const free = freeName(
    name,
    entries.map(([it]) => it),
  );
  next = setFields(
    next,
    shape.pointer,
    "properties",
    Object.fromEntries([...entries, [free, { ...NEW_FIELD }]]),
    (names) => [...names, free],
  );
  return { schema: next, at: `${shape.pointer}/properties/${escapeKey(free)}` };
}

function addBeside(root: unknown, pointer: string, name: string, value: unknown): Edited {
  const place = owned(pointer);
  if (!place) return { schema: root, at: pointer };
  const { owner, key } = place;
  if (key === "anyOf") {
    const members = at(root, [...toPath(owner), key]) as unknown[];
    const index = Number(place.name) + 1;
    const next = [...members.slice(0, index), value, ...members.slice(index)];
    return { schema: put(root, [...toPath(owner), key], next), at: `${owner}/anyOf/${index}` };
  }
  const entries = entriesOf(root, owner, key);
  const free = freeName(
    name,
    entries.map(([it]) => it),
  );
  const index = entries.findIndex(([it]) => it === place.name) + 1;
  const next: Entry[] = [...entries.slice(0, index), [free, value], ...entries.slice(index)];
  return {
    schema: setFields(root, owner, key, Object.fromEntries(next), (names) =>
      insert(names, free, place.name),
    ),
    at: `${owner}/${key}/${escapeKey(free)}`,
  };
}

/** A field after another one, in the same object. */
export function addSibling(root: unknown, pointer: string, name = "field"): Edited {
  return pointer === ""
    ? addChild(root, "", name)
    : addBeside(root, pointer, name, { ...NEW_FIELD });
}

export function duplicate(root: unknown, pointer: string): Edited {
  const value = at(root, toPath(pointer));
  const name = toPath(pointer).at(-1) ?? "field";
  return addBeside(root, pointer, `${name}_copy`, structuredClone(value));
}

export function remove(root: unknown, pointer: string): Edited {
  const place = owned(pointer);
  if (!place) return { schema: root, at: pointer };
  const { owner, key, name } = place;
  if (key === "anyOf") {
    const members = at(root, [...toPath(owner), key]) as unknown[];
    const next = members.filter((_, i) => i !== Number(name));
    const place = Math.min(Number(name), next.length - 1);
    return {
      schema: put(root, [...toPath(owner), key], next),
      at: place < 0 ? owner : `${owner}/anyOf/${place}`,
    };
  }
  const entries = entriesOf(root, owner, key);
  const index = entries.findIndex(([it]) => it === name);
  const next = entries.filter((_, i) => i !== index);
  const beside = next[Math.min(index, next.length - 1)]?.[0];
  return {
    schema: setFields(root, owner, key, Object.fromEntries(next), (names) =>
      names.filter((it) => it !== name),
    ),
    at: beside === undefined ? owner : `${owner}/${key}/${escapeKey(beside)}`,
  };
}

const referring = new WeakMap<object, boolean>();

/** Whether there is a reference in a value. Values are never changed in place, so that it is found out once. */
function holdsReference(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const known = referring.get(value);
  if (known !== undefined) return known;
  const held: Schema = value as Schema;
  const holds = Array.isArray(value)
    ? value.some(holdsReference)
    : "$ref" in value || Object.keys(value).some((key) => holdsReference(held[key]));
  referring.set(value, holds);
  return holds;
}

/** Points every local reference to a place, or to something below it, at its new name. */
function repoint(value: unknown, from: string, to: string): unknown {
  if (!holdsReference(value)) return value;
  if (Array.isArray(value)) {
    const next = value.map((it) => repoint(it, from, to));
    return next.some((it, i) => it !== value[i]) ? next : value;
  }
  if (!isSchema(value)) return value;
  let changed = false;
  const entries = Object.entries(value).map(([key, held]): Entry => {
    let next = held;
    if (key === "$ref" && typeof held === "string") {
      if (held === `#${from}` || held.startsWith(`#${from}/`)) {
        next = `#${to}${held.slice(from.length + 1)}`;
      }
    } else if (key !== "enum" && key !== "const" && key !== "default" && key !== "examples") {
      next = repoint(held, from, to);
    }
    if (next !== held) changed = true;
    return [key, next];
  });
  return changed ? Object.fromEntries(entries) : value;
}

/** Why a field can't have a name; null where it can. */
export function nameFault(root: unknown, pointer: string, name: string): string | null {
  const place = owned(pointer);
  if (!place || place.key === "anyOf") return "This has no name of its own.";
  if (name === "") return "A field needs a name.";
  if (name !== place.name && entriesOf(root, place.owner, place.key).some(([it]) => it === name)) {
    return `There is a "${name}" here already.`;
  }
  return null;
}

export function rename(root: unknown, pointer: string, name: string): Edited {
  const place = owned(pointer);
  if (!place || name === place.name || nameFault(root, pointer, name) !== null) {
    return { schema: root, at: pointer };
  }
  const { owner, key } = place;
  const held = at(root, [...toPath(owner), key]);
  const fields = isSchema(held) ? withKey(held, place.name, name) : {};
  const renamed = setFields(root, owner, key, fields, (names) =>
    names.map((it) => (it === place.name ? name : it)),
  );
  const to = `${owner}/${key}/${escapeKey(name)}`;
  return { schema: repoint(renamed, pointer, to), at: to };
}

/** Among its siblings, by one place up (-1) or down (1). */
export function move(root: unknown, pointer: string, by: -1 | 1): Edited {
  const place = owned(pointer);
  if (!place) return { schema: root, at: pointer };
  const { owner, key, name } = place;
  if (key === "anyOf") {
    const members = (at(root, [...toPath(owner), key]) as unknown[]).slice();
    const [from, to] = [Number(name), Number(name) + by];
    if (to < 0 || to >= members.length) return { schema: root, at: pointer };
    [members[from], members[to]] = [members[to], members[from]];
    return { schema: put(root, [...toPath(owner), key], members), at: `${owner}/anyOf/${to}` };
  }
  const entries = entriesOf(root, owner, key);
  const from = entries.findIndex(([it]) => it === name);
  const other = entries[from + by];
  if (!other) return { schema: root, at: pointer };
  [entries[from], entries[from + by]] = [other, entries[from]!];
  const swap = (names: readonly string[]) =>
    names.map((it) => (it === name ? other[0] : it === other[0] ? name : it));
  const both = (names: readonly string[]) => names.includes(name) && names.includes(other[0]);
  return {
    schema: setFields(root, owner, key, Object.fromEntries(entries), (names) =>
      both(names) ? swap(names) : [...names],
    ),
    at: pointer,
  };
}

function carry(root: unknown, pointer: string, to: string, after: string | null): Edited {
  const place = owned(pointer);
  if (!place || place.key !== "properties") return { schema: root, at: pointer };
  const value = at(root, toPath(pointer));
  const source = schemaAt(root, place.owner);
  const isRequired =
    Array.isArray(source?.required) && (source.required as unknown[]).includes(place.name);
  let next = remove(root, pointer).schema;
  const entries = entriesOf(next, to, "properties");
  const free = freeName(
    place.name,
    entries.map(([it]) => it),
  );
  const index = after === null ? entries.length : entries.findIndex(([it]) => it === after) + 1;
  next = setFields(
    next,
    to,
    "properties",
    Object.fromEntries([...entries.slice(0, index), [free, value], ...entries.slice(index)]),
    (names) => (isRequired ? insert(names, free, after) : [...names]),
  );
  const at_ = `${to}/properties/${escapeKey(free)}`;
  return { schema: repoint(next, pointer, at_), at: at_ };
}

/** To the object around its own, after the field that holds it. */
export function moveOut(root: unknown, pointer: string): Edited {
  const place = owned(pointer);
  if (!place || place.key !== "properties") return { schema: root, at: pointer };
  // The field that holds it lies above: past the lists and unions between.
  const above = rowOfPlace(root, pointer).slice(0, -1);
  const holder = above.map(owned).findLast((it) => it !== null && it.key !== "anyOf");
  if (!holder || holder.key !== "properties") return { schema: root, at: pointer };
  return carry(root, pointer, holder.owner, holder.name);
}

/** Into the object that stands before it. */
export function moveInto(root: unknown, pointer: string): Edited {
  const place = owned(pointer);
  if (!place || place.key !== "properties") return { schema: root, at: pointer };
  const entries = entriesOf(root, place.owner, "properties");
  const index = entries.findIndex(([it]) => it === place.name);
  const before = entries[index - 1];
  if (!before || !isSchema(before[1])) return { schema: root, at: pointer };
  const shape = shapeOf(before[1], `${place.owner}/properties/${escapeKey(before[0])}`);
  if (typeOf(shape.schema) !== "object") return { schema: root, at: pointer };
  return carry(root, pointer, shape.pointer, null);
}

const FRESH: Readonly<Partial<Record<TypeName, Schema>>> = {
  object: { properties: {}, required: [], additionalProperties: false },
  array: { items: { type: "string" } },
  enum: { enum: ["first", "second"] },
  any_of: { anyOf: [{ type: "string" }, { type: "number" }] },
};

/** Makes a place of another type. Null, description and all that the type does not rule stay. */
export function setType(root: unknown, pointer: string, type: TypeName): Edited {
  const outer = schemaAt(root, pointer);
  if (!outer) return { schema: root, at: pointer };
  const core = essence(outer, pointer);
  if (typeOf(core.schema) === type) return { schema: root, at: pointer };
  const nullable = isNullable(outer);
  const bare = nullable ? schemaAt(setNullable(root, pointer, false), pointer)! : outer;
  const was = typeOf(bare);
  const kept = Object.entries(bare).filter(
    ([key]) => key !== "type" && (BOUND_TO[key]?.includes(type) ?? true),
  );
  let next: Schema = Object.fromEntries(kept);
  if (type === "array" && was === "object" && pointer !== "") {
    const { description, ...items } = bare;
    next = { type: "array", ...(description === undefined ? {} : { description }), items };
  } else if (
    was === "array" &&
    pointer !== "" &&
    isSchema(bare.items) &&
    typeOf(bare.items) === type
  ) {
    const { description } = bare;
    next = { ...bare.items, ...(description === undefined ? {} : { description }) };
  } else if (type === "ref") {
    const defs = Object.keys(isSchema(at(root, ["$defs"])) ? (at(root, ["$defs"]) as Schema) : {});
    next = { ...next, $ref: defs[0] === undefined ? "#" : `#/$defs/${escapeKey(defs[0])}` };
  } else {
    const named = type === "enum" ? "string" : type;
    const fresh = { ...(FRESH[type] ?? {}) };
    for (const key of Object.keys(fresh)) if (key in next) delete fresh[key];
    next = { ...(type === "any_of" ? {} : { type: named }), ...next, ...structuredClone(fresh) };
  }
  const made = put(root, toPath(pointer), next);
  return { schema: nullable ? setNullable(made, pointer, true) : made, at: pointer };
}

/** Lets a place be null, or no longer. */
export function setNullable(root: unknown, pointer: string, on: boolean): unknown {
  const schema = schemaAt(root, pointer);
  // Not the root: an answer is an object, and its definitions must stay where references find them.
  if (pointer === "" || !schema || isNullable(schema) === on) return root;
  const to = (next: Schema) => put(root, toPath(pointer), next);
  if (!on) {
    const index = nullUnion(schema);
    if (index !== null) {
      const { anyOf, ...around } = schema;
      return to({ ...((anyOf as unknown[])[index] as Schema), ...around });
    }
    let next = schema;
    if (Array.isArray(schema.anyOf)) {
      const members = schema.anyOf.filter((it) => !(isSchema(it) && it.type === "null"));
      next = { ...next, anyOf: members };
    }
    if (Array.isArray(schema.type)) {
      const types = typesOf(schema).filter((it) => it !== "null");
      next = { ...next, type: types.length === 1 ? types[0] : types };
    }
    if (Array.isArray(schema.enum))
      next = { ...next, enum: schema.enum.filter((it) => it !== null) };
    return to(next);
  }
  if (Array.isArray(schema.anyOf)) {
    return to({ ...schema, anyOf: [...schema.anyOf, { type: "null" }] });
  }
  if (typeof schema.$ref === "string" || "const" in schema || typesOf(schema).length === 0) {
    if (Array.isArray(schema.enum)) return to({ ...schema, enum: [...schema.enum, null] });
    const { description, ...inner } = schema;
    return to({
      ...(description === undefined ? {} : { description }),
      anyOf: [inner, { type: "null" }],
    });
  }
  const next = { ...schema, type: [...typesOf(schema), "null"] };
  return to(Array.isArray(schema.enum) ? { ...next, enum: [...schema.enum, null] } : next);
}

/** How a nullable place is written, in words. */
export function nullWords(schema: Schema): string {
  if (Array.isArray(schema.anyOf)) return 'Written as anyOf with {"type": "null"}';
  if (Array.isArray(schema.type)) return `Written as type ${JSON.stringify(schema.type)}`;
  if (Array.isArray(schema.enum)) return "Written as null among the values";
  return "Every field is required, so optional is written as null";
}

/** Sets one keyword of a place, past its union with null; undefined takes it away. */
export function setKeyword(root: unknown, pointer: string, key: string, value: unknown): unknown {
  const schema = schemaAt(root, pointer);
  if (!schema) return root;
  // A description belongs to the field, whatever it is written as.
  const target = key === "description" ? pointer : essence(schema, pointer).pointer;
  const path: Path = toPath(target);
  return put(root, path, withKeyword(schemaAt(root, target) ?? {}, key, value));
}

/** Sets the values of an enum. Null stays where it was among them. */
export function setValues(root: unknown, pointer: string, values: readonly unknown[]): unknown {
  const schema = schemaAt(root, pointer);
  if (!schema) return root;
  const core = essence(schema, pointer);
  const hasNull = Array.isArray(core.schema.enum) && core.schema.enum.includes(null);
  return put(root, [...toPath(core.pointer), "enum"], [...values, ...(hasNull ? [null] : [])]);
}
