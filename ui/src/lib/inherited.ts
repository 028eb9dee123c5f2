// What a request has from its folders: each value, the folder it comes from, and whether the
// request's own body has something at that place.
import type { Inherited } from "../contract/ipc";
import { at, type Body, type Path } from "./body";

export interface InheritedValue extends Inherited {
  /** The folder's name as a person reads it. */
  folder: string;
  path: readonly string[];
  /** The request has something of its own there, and that is sent. */
  overridden: boolean;
}

const NAMES: Record<string, string> = {
  "/model": "Model",
  "/reasoning/effort": "Reasoning effort",
  "/reasoning_effort": "Reasoning effort",
  "/instructions": "Instructions",
  "/tools": "Tools",
  "/text/format": "Text format",
};

/** What the place of an inherited value is called. */
export function inheritedName(pointer: string): string {
  return NAMES[pointer] ?? pointer.slice(1).replaceAll("/", ".");
}

/** The folder that hands something down, in words. */
export function folderWords(from: string): string {
  return from === "" ? "the workspace" : from.slice(from.lastIndexOf("/") + 1);
}

export function inheritedValues(inherited: readonly Inherited[], body: Body): InheritedValue[] {
  return inherited.map((it) => {
    const path = it.pointer.slice(1).split("/");
    return { ...it, path, folder: folderWords(it.from), overridden: at(body, path) !== undefined };
  });
}

/** What stands at a place of the body, else what the folders hand down there. */
export function effective(inherited: readonly Inherited[], body: Body, path: Path): unknown {
  const own = at(body, path);
  if (own !== undefined) return own;
  return inherited.find((it) => it.pointer === `/${path.join("/")}`)?.value;
}

/** A value on one line. */
export function shortValue(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) {
    return value
      .map((it: unknown) => {
        const tool = it as { type?: unknown; name?: unknown } | null;
        return String(tool?.name ?? tool?.type ?? JSON.stringify(it));
      })
      .join(", ");
  }
  const named = value as { name?: unknown; type?: unknown } | null;
  return String(named?.name ?? named?.type ?? JSON.stringify(value));
}
