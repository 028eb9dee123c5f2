// How a row of the parameter catalogue is shown, and which set values the request goes without.
import { toPath } from "./json-pointer";
import type { Endpoint, Finding, Parameter, ParameterWire } from "../contract/ipc";
import { at, drop, type Body, type Path } from "./body";

export type Control = "select" | "toggle" | "number" | "text" | "json";

/** Rows with a place of their own on the screen. */
const ELSEWHERE = [
  "model",
  "input",
  "instructions",
  "effort",
  "max_output_tokens",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "max_tool_calls",
];

export function wireOf(row: Parameter, endpoint: Endpoint): ParameterWire | null {
  return endpoint === "responses" ? row.responses : row.chatCompletions;
}

export function pathOf(wire: ParameterWire): Path {
  return wire.path.split(".");
}

/** The rows that the form lists for an endpoint, in the catalogue's order. */
export function rowsFor(rows: readonly Parameter[], endpoint: Endpoint): Parameter[] {
  return rows.filter((row) => wireOf(row, endpoint) !== null && !ELSEWHERE.includes(row.id));
}

export function valuesOf(row: Parameter, wire: ParameterWire): readonly string[] {
  return wire.values.length > 0 ? wire.values : row.values;
}

/** What a value is edited with. A value of another type than the control's is edited as JSON. */
export function controlOf(row: Parameter, wire: ParameterWire, value: unknown): Control {
  const types = wire.types.length > 0 ? wire.types : row.types;
  const control = (): Control => {
    if (types.length !== 1) return "json";
    if (types[0] === "string") return valuesOf(row, wire).length > 0 ? "select" : "text";
    if (types[0] === "boolean") return "toggle";
    return types[0] === "number" || types[0] === "integer" ? "number" : "json";
  };
  const chosen = control();
  const fits =
    value === undefined ||
    (chosen === "toggle" && typeof value === "boolean") ||
    (chosen === "number" && typeof value === "number") ||
    ((chosen === "text" || chosen === "select") && typeof value === "string");
  return fits ? chosen : "json";
}

/** A typed number of a row; a sentence where it can't be one. */
export function readNumber(row: Parameter, wire: ParameterWire, text: string): number | string {
  const types = wire.types.length > 0 ? wire.types : row.types;
  const min = wire.min ?? row.min;
  const number = Number(text.trim());
  const whole = !types.includes("number");
  if (
    text.trim() === "" ||
    !Number.isFinite(number) ||
    (whole && !Number.isInteger(number)) ||
    (min !== null && number < min) ||
    (row.max !== null && number > row.max)
  ) {
    const kind = whole ? "a whole number" : "a number";
    if (min !== null && row.max !== null) return `Use ${kind} from ${min} to ${row.max}.`;
    return min === null ? `Use ${kind}.` : `Use ${kind} from ${min} up.`;
  }
  return number;
}

/** A JSON Pointer as a path. Steps into lists become numbers. */
export function fromPointer(body: Body, pointer: string): Path {
  const path: (string | number)[] = [];
  for (const step of toPath(pointer)) {
    path.push(Array.isArray(at(body, path)) ? Number(step) : step);
  }
  return path;
}

/**
 * A value that the chosen effort makes the API reject and that may simply be left out: it is kept
 * in the file and locked in the form.
 */
export function isLock(finding: Finding): boolean {
  const { code, fix, pointer } = finding;
  return (
    code === "sampling_rejected" &&
    fix !== null &&
    fix.edits.length === 1 &&
    fix.edits.every((edit) => edit.op === "remove" && edit.pointer === pointer)
  );
}

/** The body as it is sent: without what is locked. */
export function withoutLocked(body: Body, findings: readonly Finding[]): Body {
  return findings
    .filter(isLock)
    .reduce((left, finding) => drop(left, fromPointer(left, finding.pointer)), body);
}

/** The step of a slider over a range, and its detents: quarters of it where they are round. */
export function sliderOf(
  row: Parameter,
  wire: ParameterWire,
): { min: number; max: number; step: number; detents: number[] } | null {
  const min = wire.min ?? row.min;
  const { max } = row;
  if (min === null || max === null || controlOf(row, wire, undefined) !== "number") return null;
  const types = wire.types.length > 0 ? wire.types : row.types;
  const whole = !types.includes("number");
  const span = max - min;
  const step = whole ? 1 : span <= 1 ? 0.01 : 0.1;
  const detents = [0.25, 0.5, 0.75]
    .map((part) => min + part * span)
    .filter((at) => !whole || Number.isInteger(at));
  return { min, max, step, detents };
}

/** How a value that the effort locks could be used, as a sentence; the levels by their names. */
export function unlockSaid(
  row: Parameter,
  offered: readonly string[],
  name: (effort: string) => string,
): string {
  const free = row.rules.find((rule) => rule.code === "sampling_rejected")?.when.effortsNot ?? [];
  const choose = free
    .filter((effort) => offered.length === 0 || offered.includes(effort))
    .map(name);
  return choose.length === 0
    ? "This model has no level that takes it."
    : `Choose ${choose.join(" or ")} to use it.`;
}

/** Rows under their headings, in the headings' order; what has none comes last, without one. */
export function grouped<G extends { id: string }>(
  rows: readonly Parameter[],
  groups: readonly G[],
): { group: G | null; rows: Parameter[] }[] {
  const known = groups.map((group) => ({
    group: group as G | null,
    rows: rows.filter((row) => row.group === group.id),
  }));
  const rest = rows.filter((row) => !groups.some((group) => group.id === row.group));
  return [...known, { group: null, rows: rest }].filter((it) => it.rows.length > 0);
}
