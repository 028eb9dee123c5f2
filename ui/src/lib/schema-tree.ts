// A JSON Schema as rows of a tree. The schema is the document: rows are computed from it, and what
// a row does not know is left alone.
import { at } from "./body";
import { escapeKey, toPath, toPointer } from "./json-pointer";

export type Schema = Record<string, unknown>;

export type TypeName =
  | "string"
  | "number"
  | "integer"
  | "boolean"
  | "object"
  | "array"
  | "null"
  | "enum"
  | "const"
  | "any_of"
  | "ref"
  | "several"
  | "any";

export type RowKind = "root" | "field" | "option" | "definition";

export interface Row {
  /** JSON Pointer to the row's own schema. */
  pointer: string;
  parent: string | null;
  kind: RowKind;
  name: string;
  /** 0 for the root. */
  depth: number;
  type: TypeName;
  label: string;
  nullable: boolean;
  description: string;
  /** Where its fields hang: past a union with null, and past the lists around it. */
  shape: string;
  children: number;
  open: boolean;
  /** From 0, among the rows of one parent. */
  index: number;
  siblings: number;
}

/** Deeper than this no row is made; strict mode takes 10. */
const DEEPEST = 64;

export function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function schemaAt(root: unknown, pointer: string): Schema | null {
  const found = at(root, toPath(pointer));
  return isSchema(found) ? found : null;
}

function isNull(value: unknown): boolean {
  return isSchema(value) && value.type === "null";
}

/** The one member of a union with null that is not null: its index. */
export function nullUnion(schema: Schema): number | null {
  const members = schema.anyOf;
  if (!Array.isArray(members) || members.length !== 2) return null;
  const index = members.findIndex((it) => !isNull(it));
  return index >= 0 && isNull(members[1 - index]) && isSchema(members[index]) ? index : null;
}

/** Past a union with null: the schema that says what it is. */
export function essence(schema: Schema, pointer: string): { schema: Schema; pointer: string } {
  const index = nullUnion(schema);
  if (index === null) return { schema, pointer };
  const inner = (schema.anyOf as unknown[])[index] as Schema;
  return { schema: inner, pointer: `${pointer}/anyOf/${index}` };
}

export function typesOf(schema: Schema): string[] {
  const { type } = schema;
  if (typeof type === "string") return [type];
  return Array.isArray(type) ? type.filter((it): it is string => typeof it === "string") : [];
}

export function isNullable(schema: Schema): boolean {
  return (
    (Array.isArray(schema.type) && schema.type.includes("null") && schema.type.length > 1) ||
    nullUnion(schema) !== null ||
    (Array.isArray(schema.anyOf) && schema.anyOf.some(isNull)) ||
    (schema.type === undefined && Array.isArray(schema.enum) && schema.enum.includes(null))
  );
}

/** What a schema is, where no union with null stands around it. */
export function typeOf(schema: Schema): TypeName {
  if (typeof schema.$ref === "string") return "ref";
  if (Array.isArray(schema.enum)) return "enum";
  if ("const" in schema) return "const";
  if (Array.isArray(schema.anyOf)) return "any_of";
  const types = typesOf(schema).filter((it) => it !== "null");
  if (types.length > 1) return "several";
  const [type] = types;
  if (type === undefined) {
    if (schema.type === "null" || typesOf(schema).length > 0) return "null";
    if (isSchema(schema.properties)) return "object";
    return isSchema(schema.items) ? "array" : "any";
  }
  const known: readonly TypeName[] = ["string", "number", "integer", "boolean", "object", "array"];
  return known.find((it) => it === type) ?? "any";
}

/** What a schema is, in a word or two. */
export function labelOf(schema: Schema, depth = 0): string {
  const { schema: core } = essence(schema, "");
  const type = typeOf(core);
  switch (type) {
    case "ref":
      return toPath(String(core.$ref).replace("#", "")).at(-1) ?? "the whole schema";
    case "enum": {
      const count = (core.enum as unknown[]).filter((it) => it !== null).length;
      return `enum, ${count} ${count === 1 ? "value" : "values"}`;
    }
    case "const":
      return `always ${JSON.stringify(core.const)}`;
    case "any_of": {
      const count = (core.anyOf as unknown[]).filter((it) => !isNull(it)).length;
      return `one of ${count}`;
    }
    case "array":
      if (!isSchema(core.items)) return "array";
      return depth > 8 ? "array" : `array of ${labelOf(core.items, depth + 1)}`;
    case "string":
      return typeof core.format === "string" ? core.format : "string";
    case "several":
      return typesOf(core)
        .filter((it) => it !== "null")
        .join(" or ");
    case "any":
      return typeof core.type === "string" ? core.type : "any";
    default:
      return type;
  }
}

/** Where the fields of a schema hang. */
export function shapeOf(schema: Schema, pointer: string): { schema: Schema; pointer: string } {
  let here = essence(schema, pointer);
  for (let i = 0; i < DEEPEST && typeOf(here.schema) === "array"; i++) {
    const { items } = here.schema;
    if (!isSchema(items)) return here;
    here = essence(items, `${here.pointer}/items`);
  }
  return here;
}

/** A range or count that a schema sets, in a few words: "1 to 5". */
export function boundsOf(schema: Schema): string {
  const { schema: core } = essence(schema, "");
  const number = (key: string) => (typeof core[key] === "number" ? (core[key] as number) : null);
  const low = number("minimum") ?? number("minItems");
  const high = number("maximum") ?? number("maxItems");
  if (low !== null && high !== null) return `${low} to ${high}`;
  if (low !== null) return `at least ${low}`;
  return high === null ? "" : `at most ${high}`;
}

interface Child {
  /** From the shape of the row above it; a whole pointer for a definition. */
  step: string;
  name: string;
  kind: RowKind;
  value: unknown;
}

/** What a row says of its schema, whatever stands around it. Schemas are never changed in place. */
interface Facts {
  type: TypeName;
  label: string;
  nullable: boolean;
  description: string;
  /** The way from the schema to where its fields hang. */
  shape: string;
  children: readonly Child[];
  /** The row that was last made of it, and where what holds it hangs its fields. */
  last: { row: Row; under: string } | null;
}

const facts = new WeakMap<Schema, Facts>();

function factsOf(schema: Schema): Facts {
  const known = facts.get(schema);
  if (known) return known;
  const shape = shapeOf(schema, "");
  const core = essence(schema, "").schema;
  const description = schema.description ?? core.description;
  const made: Facts = {
    type: typeOf(core),
    label: labelOf(schema),
    nullable: isNullable(schema),
    description: typeof description === "string" ? description : "",
    shape: shape.pointer,
    children: childrenOf(shape.schema),
    last: null,
  };
  facts.set(schema, made);
  return made;
}

function childrenOf(shape: Schema): Child[] {
  const list: Child[] = [];
  if (isSchema(shape.properties)) {
    for (const name of Object.keys(shape.properties)) {
      const value = shape.properties[name];
      list.push({ step: `/properties/${escapeKey(name)}`, name, kind: "field", value });
    }
  }
  if (Array.isArray(shape.anyOf)) {
    shape.anyOf.forEach((value: unknown, i) => {
      if (isNull(value)) return;
      list.push({ step: `/anyOf/${i}`, name: `option ${i + 1}`, kind: "option", value });
    });
  }
  return list;
}

function definitionsOf(root: Schema): Child[] {
  return ["$defs", "definitions"].flatMap((key) => {
    const held = root[key];
    if (!isSchema(held)) return [];
    return Object.entries(held).map(([name, value]): Child => ({
      step: `/${key}/${escapeKey(name)}`,
      name,
      kind: "definition",
      value,
    }));
  });
}

const NOTHING: Schema = {};

/** The rows in sight: those below a folded row are left out. */
export function rowsOf(root: unknown, name: string, folded: ReadonlySet<string>): Row[] {
  if (!isSchema(root)) return [];
  const rows: Row[] = [];
  const add = (
    it: Child,
    under: string,
    parent: string | null,
    depth: number,
    index: number,
    siblings: number,
  ) => {
    const known = factsOf(isSchema(it.value) ? it.value : NOTHING);
    const children = parent === null ? [...known.children, ...definitionsOf(root)] : known.children;
    let row = known.last?.under === under ? known.last.row : null;
    // Of 5 000 rows an edit makes one anew: what is thrown away has to be cleared away.
    const isSame =
      row !== null &&
      row.name === it.name &&
      row.kind === it.kind &&
      row.index === index &&
      row.siblings === siblings &&
      row.parent === parent &&
      row.children === children.length;
    const pointer = row !== null && isSame ? row.pointer : under + it.step;
    const open = children.length > 0 && !folded.has(pointer) && depth < DEEPEST;
    if (row === null || !isSame || row.open !== open) {
      row = {
        pointer,
        parent,
        kind: it.kind,
        name: it.name,
        depth,
        type: known.type,
        label: known.label,
        nullable: known.nullable,
        description: known.description,
        shape: pointer + known.shape,
        children: children.length,
        open,
        index,
        siblings,
      };
      known.last = { row, under };
    }
    rows.push(row);
    if (!open) return;
    const { shape } = row;
    children.forEach((child, i) => {
      add(child, child.kind === "definition" ? "" : shape, pointer, depth + 1, i, children.length);
    });
  };
  add({ step: "", name, kind: "root", value: root }, "", null, 0, 0, 1);
  return rows;
}

/** The pointers of the rows that lead to a place, the outermost first. They are what must be open to see it. */
export function rowOfPlace(root: unknown, pointer: string): string[] {
  const trail: string[] = [""];
  const path = toPath(pointer);
  for (let i = 0; i < path.length; i++) {
    const step = path[i]!;
    const isNamed = ["properties", "$defs", "definitions"].includes(step);
    if (isNamed && i + 1 < path.length) {
      trail.push(toPointer(path.slice(0, i + 2)));
      i += 1;
    } else if (step === "anyOf" && i + 1 < path.length) {
      const owner = schemaAt(root, toPointer(path.slice(0, i)));
      if (owner && nullUnion(owner) === null) trail.push(toPointer(path.slice(0, i + 2)));
      i += 1;
    } else if (step !== "items") {
      break;
    }
  }
  return trail;
}
