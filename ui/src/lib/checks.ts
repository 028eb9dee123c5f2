// The checks of a request as rows to edit. Kinds that this version does not know stay as they are.
import type { Check } from "../contract/ipc";

export type CheckKind = "contains" | "not_contains" | "pattern" | "schema_valid" | "max_words";

/** How a kind is called, and what its value is. */
export const CHECK_KINDS: Record<CheckKind, { name: string; value: "text" | "number" | "none" }> = {
  contains: { name: "Contains", value: "text" },
  not_contains: { name: "Does not contain", value: "text" },
  pattern: { name: "Matches pattern", value: "text" },
  schema_valid: { name: "Fits the output schema", value: "none" },
  max_words: { name: "At most, in words", value: "number" },
};

const DEFAULT_MAX_WORDS = 200;

export function kindOf(check: Check): CheckKind | null {
  const kinds = Object.keys(CHECK_KINDS) as CheckKind[];
  return kinds.find((kind) => kind in check) ?? null;
}

export function valueOf(check: Check): string {
  const kind = kindOf(check);
  if (kind === null || kind === "schema_valid") return "";
  return String((check as Record<string, unknown>)[kind]);
}

function rule(kind: CheckKind, value: string): Check {
  switch (kind) {
    case "contains":
      return { contains: value };
    case "not_contains":
      return { not_contains: value };
    case "pattern":
      return { pattern: value };
    case "schema_valid":
      return { schema_valid: true };
    case "max_words": {
      const words = Number.parseInt(value, 10);
      return { max_words: Number.isFinite(words) && words > 0 ? words : DEFAULT_MAX_WORDS };
    }
  }
}

export function makeCheck(kind: CheckKind, value: string, name: string | null): Check {
  return name ? { name, ...rule(kind, value) } : rule(kind, value);
}

/** The value as the rule's kind would take it, where the kind changes. */
export function changeKind(check: Check, kind: CheckKind): Check {
  return makeCheck(kind, valueOf(check), check.name ?? null);
}

export function changeValue(check: Check, value: string): Check {
  const kind = kindOf(check);
  return kind ? makeCheck(kind, value, check.name ?? null) : check;
}

export function rename(check: Check, name: string): Check {
  const kind = kindOf(check);
  return kind ? makeCheck(kind, valueOf(check), name || null) : check;
}
