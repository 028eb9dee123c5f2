// What keeps a rule from being followed, by the place of the field: found here while it is typed, or
// read from the engine's refusal.
import type { EngineError, MockRule } from "../contract/ipc";
import { FAULTS, fieldOf, fieldProblem } from "./mock-faults";

/** By the field's place, such as `matches.path` or `action.fault.ms`. */
export type RuleProblems = Readonly<Record<string, string>>;

export function ruleProblems(rule: MockRule): RuleProblems {
  const found: Record<string, string> = {};
  const { matches, action, times } = rule;
  if (matches.path && !/^[/*]/.test(matches.path)) {
    found["matches.path"] = "Start with / or *, such as /v1/responses.";
  }
  if (matches.rate != null && !(matches.rate >= 0 && matches.rate <= 1)) {
    found["matches.rate"] = "Use a share from 0 to 100 percent, such as 20.";
  }
  if (matches.every != null && !(Number.isInteger(matches.every) && matches.every >= 1)) {
    found["matches.every"] = "Use a whole number from 1, such as 3.";
  }
  if (times != null && !(Number.isInteger(times) && times >= 1)) {
    found.times = "Use a whole number from 1, such as 2. Leave it empty for always.";
  }
  if ("pin" in action && action.pin.trim() === "") {
    found["action.pin"] = "Choose a recording.";
  }
  if ("fault" in action) {
    const { fault } = action;
    for (const field of FAULTS[fault.kind].fields) {
      const problem = fieldProblem(field, fieldOf(fault, field.key));
      if (problem) found[`action.fault.${field.key}`] = problem;
    }
    if (
      fault.kind === "rate_limited" &&
      fault.retry_after_s != null &&
      fault.retry_after_date != null
    ) {
      found["action.fault.retry_after_date"] =
        "Seconds are given as well, and the two share a header. Give one of them.";
    }
  }
  return found;
}

/** `Rule "id", matches.path: it must start with / or *.` */
const REFUSAL = /^Rule ("(?:[^"\\]|\\.)*"), ([\w.]+): (.*)$/s;

/**
 * The rule and the field that the engine refused, and why. It names one place for all rules, so the field
 * is read from its sentence; where that can't be read, the sentence is for the rules as a whole.
 */
export function refusalOf(
  error: EngineError,
): { rule: string; field: string; reason: string } | null {
  const found = REFUSAL.exec(error.message);
  if (!found) return null;
  try {
    const rule: unknown = JSON.parse(found[1]!);
    const reason = found[3]!;
    return typeof rule === "string"
      ? { rule, field: found[2]!, reason: reason.charAt(0).toUpperCase() + reason.slice(1) }
      : null;
  } catch {
    return null;
  }
}
