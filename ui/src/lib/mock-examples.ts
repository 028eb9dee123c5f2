// Rules to begin with: each a failure worth seeing once, ready to be added.
import type { MockAction, MockMatch, MockRule } from "../contract/ipc";

export interface Example {
  name: string;
  matches: MockMatch;
  action: MockAction;
  times?: number;
}

const RESPONSES: MockMatch = { path: "/v1/responses" };

export const EXAMPLES: readonly Example[] = [
  {
    name: "Rate limit twice, then answer",
    matches: RESPONSES,
    action: { fault: { kind: "rate_limited", retry_after_ms: 1200, code: "rate_limit_exceeded" } },
    times: 2,
  },
  {
    name: "One in five cut mid-stream",
    matches: { ...RESPONSES, rate: 0.2 },
    action: { fault: { kind: "cut_mid_event", after_events: 5 } },
  },
  {
    name: "Slow start, 5 seconds",
    matches: RESPONSES,
    action: { fault: { kind: "slow_start", ms: 5000 } },
  },
  {
    name: "Out of quota",
    matches: {},
    action: { fault: { kind: "insufficient_quota", code: "insufficient_quota" } },
  },
  {
    name: "Every third request overloaded",
    matches: { ...RESPONSES, every: 3 },
    action: { fault: { kind: "overloaded", retry_after_s: 2 } },
  },
  {
    name: "Stall after five events",
    matches: RESPONSES,
    action: { fault: { kind: "stall", after_events: 5 } },
  },
  {
    name: "Error inside the stream",
    matches: RESPONSES,
    action: {
      fault: { kind: "error_in_stream", after_events: 4, code: "server_error", flat: false },
    },
  },
  {
    name: "Refusal",
    matches: RESPONSES,
    action: { fault: { kind: "refusal", text: "I'm sorry, but I can't help with that." } },
  },
  {
    name: "Input too long, once",
    matches: RESPONSES,
    action: { fault: { kind: "context_length_exceeded" } },
    times: 1,
  },
];

/** An id that no rule has, from its name: what goes in a header must be plain text. */
export function freshId(name: string, taken: readonly string[]): string {
  const slug =
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "-")
      .replaceAll(/^-|-$/g, "")
      .slice(0, 40) || "rule";
  if (!taken.includes(slug)) return slug;
  let n = 2;
  while (taken.includes(`${slug}-${n}`)) n += 1;
  return `${slug}-${n}`;
}

/** A rule that does nothing surprising until it is filled in. */
export const BLANK: Example = {
  name: "New rule",
  matches: RESPONSES,
  action: { fault: { kind: "server_error" } },
};

export function ruleFrom(
  { name, matches, action, times }: Example,
  taken: readonly string[],
): MockRule {
  return {
    id: freshId(name, taken),
    name,
    enabled: true,
    matches: { ...matches },
    action: structuredClone(action),
    ...(times === undefined ? {} : { times }),
  };
}
