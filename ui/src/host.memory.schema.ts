// The in-memory engine's schema room: enough of strict mode, inference and judging that a screen behaves as over the real one.
import type {
  Calls,
  EffortPasses,
  EngineError,
  ErrorCode,
  OutputFailure,
  RunView,
  SchemaChange,
  SchemaNote,
  SchemaProblem,
  SchemaProblemCode,
} from "./contract/ipc";
import { at, put } from "./lib/body";
import { escapeKey, toPath } from "./lib/json-pointer";
import { faultOf } from "./lib/json-places";
import { isSchema, typesOf, type Schema } from "./lib/schema-tree";

type SchemaCalls = Pick<
  Calls,
  | "check_schema"
  | "fix_schema"
  | "infer_schema"
  | "print_schema"
  | "validate_output"
  | "schema_pass_strip"
  | "run_output"
>;

export interface SchemaTwinOptions {
  /** Runs of this session. */
  runs: () => readonly RunView[];
  fail: (code: ErrorCode, message: string, more?: Partial<EngineError>) => EngineError;
  /** Requests already have 20 runs a level. */
  used: () => boolean;
}

const UNSUPPORTED = ["oneOf", "allOf", "not", "minLength", "maxLength", "uniqueItems", "if"];

function walk(
  schema: unknown,
  pointer: string,
  visit: (it: Schema, pointer: string) => void,
): void {
  if (!isSchema(schema)) return;
  visit(schema, pointer);
  for (const key of ["properties", "$defs", "definitions"]) {
    const held = schema[key];
    if (!isSchema(held)) continue;
    for (const [name, it] of Object.entries(held)) {
      walk(it, `${pointer}/${key}/${escapeKey(name)}`, visit);
    }
  }
  walk(schema.items, `${pointer}/items`, visit);
  if (Array.isArray(schema.anyOf)) {
    schema.anyOf.forEach((it, i) => walk(it, `${pointer}/anyOf/${i}`, visit));
  }
}

function named(pointer: string): string {
  const path = toPath(pointer).filter((it) => it !== "properties");
  return path.map((it) => (it === "items" ? "[]" : it)).join(".") || "The root";
}

function check(root: unknown): { problems: SchemaProblem[]; counts: { [k: string]: number } } {
  const problems: SchemaProblem[] = [];
  const counts = { properties: 0, levels: 0, values: 0, characters: 0 };
  const add = (
    code: SchemaProblemCode,
    pointer: string,
    message: string,
    reason: string,
    label: string,
  ) => problems.push({ code, pointer, message, reason, fix: { label, isChoice: false } });
  if (!isSchema(root) || !typesOf(root).includes("object")) {
    problems.push({
      code: "root_not_object",
      pointer: "",
      message: "The root is not an object",
      reason: "Strict mode answers with an object.",
      fix: null,
    });
  }
  walk(root, "", (schema, pointer) => {
    const depth = toPath(pointer).filter((it) => it === "properties" || it === "items").length;
    if (typesOf(schema).some((it) => it === "object" || it === "array")) {
      counts.levels = Math.max(counts.levels, depth + 1);
    }
    if (Array.isArray(schema.enum)) counts.values += schema.enum.length;
    if (isSchema(schema.properties)) {
      const names = Object.keys(schema.properties);
      counts.properties += names.length;
      counts.characters += names.join("").length;
      if (schema.additionalProperties !== false) {
        add(
          "extra_keys",
          pointer,
          `${named(pointer)} allows extra keys`,
          "Strict mode rejects the request unless every object sets additionalProperties to false.",
          "Add it",
        );
      }
      const required = Array.isArray(schema.required) ? (schema.required as unknown[]) : [];
      for (const name of names.filter((it) => !required.includes(it))) {
        add(
          "not_required",
          `${pointer}/properties/${escapeKey(name)}`,
          `${name} is not required`,
          "Strict mode wants every field in required; optional is written as nullable.",
          "Make it nullable and required",
        );
      }
    }
    for (const key of UNSUPPORTED.filter((it) => it in schema)) {
      add(
        "keyword_unsupported",
        `${pointer}/${key}`,
        `${named(pointer)} uses ${key}`,
        "Strict mode does not know this keyword.",
        `Remove ${key}`,
      );
    }
  });
  return { problems, counts };
}

function mend(root: unknown, problem: { code: string; pointer: string }): unknown {
  const path = toPath(problem.pointer);
  if (problem.code === "extra_keys") return put(root, [...path, "additionalProperties"], false);
  if (problem.code === "keyword_unsupported") {
    const owner = at(root, path.slice(0, -1));
    if (!isSchema(owner)) return root;
    const left = Object.entries(owner).filter(([key]) => key !== path.at(-1));
    return put(root, path.slice(0, -1), Object.fromEntries(left));
  }
  if (problem.code === "not_required") {
    const owner = path.slice(0, -2);
    const required = at(root, [...owner, "required"]);
    const next = put(
      root,
      [...owner, "required"],
      [...(Array.isArray(required) ? required : []), path.at(-1)],
    );
    const field = at(next, path);
    return isSchema(field) && typeof field.type === "string"
      ? put(next, [...path, "type"], [field.type, "null"])
      : next;
  }
  return root;
}

function typeOfValue(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

function inferred(values: readonly unknown[], pointer: string, notes: SchemaNote[]): Schema {
  const types = [...new Set(values.map(typeOfValue))];
  const [type] = types.filter((it) => it !== "null");
  const own = types.includes("null") && type ? [type, "null"] : (type ?? "null");
  if (type === "object") {
    const objects = values.filter(isSchema);
    const names = [...new Set(objects.flatMap((it) => Object.keys(it)))];
    const properties = names.map((name): [string, Schema] => {
      const place = `${pointer}/properties/${escapeKey(name)}`;
      const held = objects.filter((it) => Object.hasOwn(it, name)).map((it) => it[name]);
      if (held.length < objects.length) {
        notes.push({
          kind: "optional",
          pointer: place,
          message: `${name} is missing in ${objects.length - held.length} of ${objects.length} samples: it may be null.`,
        });
        held.push(null);
      }
      return [name, inferred(held, place, notes)];
    });
    return {
      type: own,
      properties: Object.fromEntries(properties),
      required: names,
      additionalProperties: false,
    };
  }
  if (type === "array") {
    const items = values.filter(Array.isArray).flat() as unknown[];
    return { type: own, items: inferred(items, `${pointer}/items`, notes) };
  }
  return { type: own };
}

function judge(schema: unknown, value: unknown, where: string, place: string): OutputFailure[] {
  if (!isSchema(schema)) return [];
  const type = typeOfValue(value);
  const types = typesOf(schema);
  const fits = types.includes(type) || (type === "integer" && types.includes("number"));
  if (types.length > 0 && !fits) {
    return [
      {
        pointer: where,
        schemaPointer: `${place}/type`,
        message: `Is ${type}, not ${types.join(" or ")}`,
      },
    ];
  }
  if (Array.isArray(schema.enum) && !schema.enum.includes(value)) {
    return [
      { pointer: where, schemaPointer: `${place}/enum`, message: "Is none of the listed values" },
    ];
  }
  if (Array.isArray(value)) {
    return value.flatMap((it, i) => judge(schema.items, it, `${where}/${i}`, `${place}/items`));
  }
  if (!isSchema(value) || !isSchema(schema.properties)) return [];
  const { properties } = schema;
  const required = Array.isArray(schema.required) ? (schema.required as string[]) : [];
  return [
    ...required
      .filter((name) => !Object.hasOwn(value, name))
      .map((name) => ({
        pointer: where,
        schemaPointer: `${place}/required`,
        message: `Lacks "${name}"`,
      })),
    ...Object.entries(value).flatMap(([name, it]) =>
      judge(
        properties[name],
        it,
        `${where}/${escapeKey(name)}`,
        `${place}/properties/${escapeKey(name)}`,
      ),
    ),
  ];
}

function judgeText(schema: unknown, text: string, partial: boolean): OutputFailure[] {
  try {
    return judge(schema, JSON.parse(text), "", "");
  } catch {
    return partial ? [] : [{ pointer: "", schemaPointer: null, message: "No JSON" }];
  }
}

const GOOD = { category: "billing", urgency: 3, summary: "Charged twice this month." };

export function schemaTwin(options: SchemaTwinOptions): {
  [N in keyof SchemaCalls]: (input: Calls[N]["input"]) => Calls[N]["output"];
} {
  /** Two answers at the lowest level give the urgency as a word. */
  const recorded = (effort: string, index: number): string =>
    JSON.stringify(effort === "none" && index > 17 ? { ...GOOD, urgency: "high" } : GOOD, null, 2);

  return {
    check_schema: ({ schema }) => {
      const { problems, counts } = check(schema);
      return {
        problems,
        counts: {
          problems: problems.length,
          properties: { used: counts.properties ?? 0, most: 5000 },
          levels: { used: counts.levels ?? 0, most: 10 },
          values: { used: counts.values ?? 0, most: 1000 },
          characters: { used: counts.characters ?? 0, most: 120_000 },
        },
      };
    },
    fix_schema: ({ schema, problem }) => {
      const todo = problem ? [problem] : check(schema).problems;
      const changes: SchemaChange[] = [];
      let next = schema;
      for (const it of todo) {
        const mended = mend(next, it);
        if (mended === next) continue;
        const effect =
          it.code === "extra_keys" ? "closed" : it.code === "not_required" ? "nullable" : "looser";
        changes.push({ pointer: it.pointer, message: `${named(it.pointer)} was mended`, effect });
        next = mended;
      }
      return { schema: next, changes, left: check(next).problems };
    },
    infer_schema: ({ samples }) => {
      const notes: SchemaNote[] = [];
      const values = samples.map((text, i) => {
        try {
          return JSON.parse(text) as unknown;
        } catch {
          const at = faultOf(text) ?? { message: "", line: 1, column: 1 };
          const which = samples.length === 1 ? "The sample" : `Sample ${i + 1}`;
          const where = `line ${at.line}, column ${at.column}`;
          throw options.fail("bad_input", `${which} is no JSON: ${at.message} in ${where}.`, {
            place: `samples[${i}]:${at.line}:${at.column}`,
            hint: "A sample is one JSON value, such as an answer that you expect.",
          });
        }
      });
      return { schema: inferred(values, "", notes), notes, samples: samples.length };
    },
    print_schema: ({ schema, name, as }) => ({
      text: as === "json_schema" ? `${JSON.stringify(schema, null, 2)}\n` : `// ${name} as ${as}\n`,
      notes: [],
    }),
    validate_output: ({ schema, text, partial }) => ({
      failures: judgeText(schema, text, partial),
      isWhole: !partial,
    }),
    schema_pass_strip: ({ schema }) => ({
      sample: true,
      efforts: options.used()
        ? ["none", "low", "medium", "high"].map((effort): EffortPasses => ({
            effort,
            runs: Array.from({ length: 20 }, (_, i) => ({
              runId: `strip-${effort}-${i}`,
              startedAt: 1_764_000_000_000 + i * 60_000,
              firstFailure: judgeText(schema, recorded(effort, i), false)[0] ?? null,
            })),
          }))
        : [],
    }),
    run_output: ({ runId }) => {
      const [, effort, index] = /^strip-(\w+)-(\d+)$/.exec(runId) ?? [];
      const facts = options.runs()[0]?.facts;
      if (effort === undefined || !facts) {
        throw options.fail("bad_input", "This run is no longer in the history.");
      }
      return { facts, text: recorded(effort, Number(index)) };
    },
  };
}
