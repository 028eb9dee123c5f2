// What the catalogue of parameters has to say inside a body's text: names and values to complete, and what
// a name means.
import type { Endpoint, Parameter } from "../contract/ipc";
import { cursorAt } from "./json-cursor";
import { valuesOf, wireOf } from "./parameters";

export interface Offer {
  label: string;
  detail: string;
  info: string;
  /** As it is written. */
  insert: string;
}

export interface Offers {
  from: number;
  list: Offer[];
}

/** What can be written at an offset. */
export function offersAt(
  text: string,
  offset: number,
  rows: readonly Parameter[],
  endpoint: Endpoint,
  models: readonly string[],
): Offers | null {
  const cursor = cursorAt(text, offset);
  if (!cursor) return null;
  const list =
    cursor.expects === "name"
      ? namesUnder(cursor.path, rows, endpoint).filter((it) => !cursor.names.includes(it.label))
      : valuesAt(cursor.path, rows, endpoint, models);
  if (list.length === 0) return null;
  const closed = text[offset] === '"';
  const named = cursor.expects === "name" && /^"?\s*:/.test(text.slice(offset, offset + 40));
  return {
    from: cursor.from,
    list: list.map((it) => {
      const word = closed && it.insert.endsWith('"') ? it.insert.slice(0, -1) : it.insert;
      return { ...it, insert: cursor.expects === "name" && !named && !closed ? `${word}: ` : word };
    }),
  };
}

function namesUnder(
  path: readonly string[],
  rows: readonly Parameter[],
  endpoint: Endpoint,
): Offer[] {
  const found = new Map<string, Offer>();
  for (const row of rows) {
    const steps = wireOf(row, endpoint)?.path.split(".");
    const name = steps?.[path.length];
    if (!steps || name === undefined || path.some((step, i) => steps[i] !== step)) continue;
    const own = steps.length === path.length + 1;
    if (found.has(name) && !own) continue;
    found.set(name, {
      label: name,
      detail: own ? row.label : "",
      info: own ? row.help : "",
      insert: JSON.stringify(name),
    });
  }
  return [...found.values()];
}

function valuesAt(
  path: readonly string[],
  rows: readonly Parameter[],
  endpoint: Endpoint,
  models: readonly string[],
): Offer[] {
  const row = rowAt(path, rows, endpoint);
  const wire = row && wireOf(row, endpoint);
  if (!row || !wire) return [];
  const types = wire.types.length > 0 ? wire.types : row.types;
  const usual = wire.default ?? row.default;
  const values: unknown[] =
    row.id === "model"
      ? [...models]
      : types.includes("boolean")
        ? [true, false]
        : [...valuesOf(row, wire)];
  return values.map((value) => ({
    label: String(value),
    detail: value === usual ? "default" : "",
    info: "",
    insert: JSON.stringify(value),
  }));
}

/** The parameter that stands at a path of the body. */
export function rowAt(
  path: readonly string[],
  rows: readonly Parameter[],
  endpoint: Endpoint,
): Parameter | null {
  const wanted = path.join(".");
  return rows.find((row) => wireOf(row, endpoint)?.path === wanted) ?? null;
}

/** What a parameter takes, in a line. */
export function takes(row: Parameter, endpoint: Endpoint): string {
  const wire = wireOf(row, endpoint);
  if (!wire) return "";
  const types = wire.types.length > 0 ? wire.types : row.types;
  const values = valuesOf(row, wire);
  const min = wire.min ?? row.min;
  const range =
    min !== null && row.max !== null
      ? ` from ${min} to ${row.max}`
      : min !== null
        ? ` from ${min}`
        : "";
  const usual = wire.default ?? row.default;
  const text = values.length > 0 ? values.join(", ") : `${types.join(" or ")}${range}`;
  return usual === null || usual === undefined
    ? text
    : `${text}. Not set, it is ${JSON.stringify(usual)}`;
}
