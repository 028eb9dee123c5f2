// How a run that did not complete is told in its column: what happened, and what to do.
import type { RunFacts } from "../../contract/ipc";
import { COPY } from "../../lib/error-copy";
import { money, tokens } from "../../lib/format";
import { runState } from "../../lib/run-state";

export interface Problem {
  tone: "plain" | "warn" | "bad";
  title: string;
  hint: string;
}

/** None for a run that completed with an output, or is still going on. */
export function problemOf(facts: RunFacts, refused: boolean, empty: boolean): Problem | null {
  const { label, tone } = runState(facts, refused);
  switch (facts.status) {
    case "waiting":
    case "running":
      return null;
    case "completed":
      if (refused)
        return {
          tone: "bad",
          title: label,
          hint: "The model refused. Rewriting the prompt may help.",
        };
      if (empty)
        return { tone: "plain", title: "No text", hint: "The run completed without any text." };
      return null;
    case "stopped":
      return {
        tone: "plain",
        title: label,
        hint: empty ? "Nothing had arrived." : "What arrived is kept.",
      };
    case "incomplete":
      return {
        tone: tone === "bad" ? "bad" : "warn",
        title:
          facts.incompleteReason === "max_output_tokens" && empty
            ? "Cap reached before the answer"
            : label,
        hint: incompleteHint(facts, empty),
      };
    case "failed":
    case "cut": {
      const copy = facts.fault === null ? null : COPY[facts.fault.code];
      return {
        tone: copy?.tone ?? "bad",
        title: copy?.title ?? label,
        hint:
          facts.fault?.hint ?? copy?.hint ?? (empty ? "Nothing arrived." : "What arrived is kept."),
      };
    }
  }
}

function incompleteHint(facts: RunFacts, empty: boolean): string {
  if (facts.incompleteReason !== "max_output_tokens")
    return "What arrived is kept. It may be charged.";
  const raise = "Raise Max output tokens in Build, or choose a lower level.";
  if (!empty || facts.usage === null) return raise;
  const charged =
    facts.bill === null || facts.sample !== null
      ? ""
      : ` ${money(facts.bill.total, "run")} was charged.`;
  return `All ${tokens(facts.usage.outputTokens)} output tokens went on reasoning.${charged} ${raise}`;
}
