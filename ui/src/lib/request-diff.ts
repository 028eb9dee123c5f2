// The differences of two requests, field by field; a text of several lines, line by line.
import { escapeKey, toPath } from "./json-pointer";
import { structuredPatch } from "diff";
import type { DiffHunk, FieldChange } from "../contract/ipc";

/** Lines shown around each change. */
const AROUND = 3;

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function hunks(before: string, after: string): DiffHunk[] {
  const patch = structuredPatch("", "", before, after, "", "", { context: AROUND });
  return patch.hunks.map((hunk) => ({
    beforeLine: hunk.oldStart,
    afterLine: hunk.newStart,
    lines: hunk.lines
      // "\ No newline at end of file" is about the file, not a line of it.
      .filter((line) => !line.startsWith("\\"))
      .map((line) => ({
        kind: line.startsWith("+") ? "added" : line.startsWith("-") ? "removed" : "same",
        text: line.slice(1),
      })),
  }));
}

/** In the order of the later one, what is only in the earlier one last; empty where both are the same. */
export function requestDiff(before: unknown, after: unknown, pointer = ""): FieldChange[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (isGroup(before) && isGroup(after) && Array.isArray(before) === Array.isArray(after)) {
    const keys = [...new Set([...Object.keys(after), ...Object.keys(before)])];
    return keys.flatMap((key) => {
      return requestDiff(before[key], after[key], `${pointer}/${escapeKey(key)}`);
    });
  }
  if (typeof before === "string" && typeof after === "string" && /\n./.test(before + after)) {
    return [{ pointer, before: null, after: null, lines: hunks(before, after) }];
  }
  return [{ pointer, before: before ?? null, after: after ?? null, lines: [] }];
}

const FIELDS: Record<string, string> = {
  name: "Name",
  tags: "Tags",
  endpoint: "Endpoint",
  checks: "Checks",
  variables: "Variables",
  id: "Id",
};

/** A place of a request as a person reads it: `body.input[0].content`. */
export function placeWords(pointer: string): string {
  if (pointer === "") return "The whole file";
  const steps = toPath(pointer);
  const [first, ...rest] = steps as [string, ...string[]];
  const path = (parts: readonly string[]) =>
    parts
      .map((step, i) =>
        /^\d+$/.test(step) ? `[${Number(step) + 1}]` : i === 0 ? step : `.${step}`,
      )
      .join("");
  if (first === "body" && rest.length > 0) return path(rest);
  return [FIELDS[first] ?? first, path(rest)].filter(Boolean).join(" ");
}
