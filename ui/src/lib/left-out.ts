// What the levels of a comparison go without: found level by level, and told in one line each.
import type { Endpoint, Finding } from "../contract/ipc";
import { put, type Body } from "./body";
import { effortPath } from "./wire";

/** The body as it is sent at a level. */
export function atLevel(body: Body, endpoint: Endpoint, effort: string): Body {
  return put(body, effortPath(endpoint), effort);
}

/** By level, the values that it is sent without. */
export type LeftOut = Readonly<Record<string, readonly Finding[]>>;

/** As the engine takes it: JSON Pointers by level. */
export function pointersOf(leftOut: LeftOut): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(leftOut)
      .filter(([, findings]) => findings.length > 0)
      .map(([effort, findings]) => [effort, findings.map((it) => it.pointer)]),
  );
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** One sentence per value, with the levels in their order. */
export function leftOutSaid(leftOut: LeftOut, nameOf: (effort: string) => string): string[] {
  const levels = new Map<string, string[]>();
  for (const [effort, findings] of Object.entries(leftOut)) {
    for (const { pointer } of findings) {
      levels.set(pointer, [...(levels.get(pointer) ?? []), nameOf(effort)]);
    }
  }
  return [...levels].map(
    ([pointer, names]) =>
      `${pointer.slice(1).replaceAll("/", ".")} is left out at ${listed(names)}, where the API refuses it.`,
  );
}
