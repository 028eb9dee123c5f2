// `{{name}}` in a text, by the engine's own rule (core/src/variables.rs).
import type { ListedVariable } from "../contract/ipc";

export interface VariableUse {
  name: string;
  from: number;
  to: number;
}

const USE = /(\\*)\{\{ *([\p{L}_][\p{L}\p{N}_.-]*) *\}\}/gu;

/** The variables that a text uses. An odd number of backslashes before the braces makes them text. */
export function variableUses(text: string): VariableUse[] {
  const found: VariableUse[] = [];
  for (const match of text.matchAll(USE)) {
    const slashes = match[1]!.length;
    if (slashes % 2 === 1) continue;
    const to = match.index + match[0].length;
    found.push({ name: match[2]!, from: match.index + slashes, to });
  }
  return found;
}

/** The names that a text uses, each once. */
export function namesIn(text: string): string[] {
  return [...new Set(variableUses(text).map((use) => use.name))];
}

/** What a variable means, in words. A secret is never shown, only where it is kept. */
export function meaning(variable: ListedVariable | undefined): string {
  if (!variable) return "No value yet";
  if (variable.secret) return `A secret from ${variable.reference ?? "elsewhere"}`;
  return variable.value === "" ? "Empty" : (variable.value ?? "");
}

/** Who says so, in words. */
export function setBy(variable: ListedVariable): string {
  return variable.scope === "environment"
    ? `Set by the environment ${variable.setBy}`
    : `Set by ${variable.setBy}`;
}
