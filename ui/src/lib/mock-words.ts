// What the stand-in's rungs, pins and rules are called, in plain words.
import type {
  MockMatch,
  MockPinned,
  MockRule,
  MockRung,
  MockSpeed,
  RunFacts,
} from "../contract/ipc";
import { sayFault } from "./mock-faults";

export interface RungWords {
  name: string;
  /** What it is, in a sentence. */
  help: string;
}

export const RUNGS: Record<MockRung, RungWords> = {
  rule: { name: "Rule", help: "The first rule that matches decides, before everything else." },
  live_last: {
    name: "Last real answer",
    help: "The newest answer of the real API to this very request.",
  },
  sequence: {
    name: "Recorded sequence",
    help: "The recordings of this request, one after another.",
  },
  upstream: {
    name: "Forwarded",
    help: "Sent on to the live API and recorded, while recording is on. Never for Rheostat's own runs.",
  },
  composed: {
    name: "Composed",
    help: "Written by rule on this computer. There is one for every request.",
  },
};

/** The rungs that can be ordered, as they usually stand. Rules come before them by themselves. */
export const USUAL_ORDER = ["live_last", "sequence", "upstream", "composed"] as const;

/** All four rungs in the order to show: those that are on as they are, the others where they were. */
export function ladderOrder(
  on: readonly MockRung[],
  before: readonly MockRung[] = USUAL_ORDER,
): MockRung[] {
  const known = before.filter((rung) => on.includes(rung));
  if (known.length === on.length && known.every((rung, i) => rung === on[i])) return [...before];
  const order = [...on];
  for (const rung of USUAL_ORDER) {
    if (order.includes(rung)) continue;
    const next = order.findIndex(
      (it) => USUAL_ORDER.indexOf(it as never) > USUAL_ORDER.indexOf(rung),
    );
    order.splice(next < 0 ? order.length : next, 0, rung);
  }
  return order;
}

/** A pin as a value of a menu, and back. */
export function pinValue(pinned: MockPinned | null): string {
  if (pinned === null) return "ladder";
  return typeof pinned === "string" ? pinned : `rule:${pinned.rule}`;
}

export function pinOf(value: string): MockPinned | null {
  if (value === "ladder") return null;
  if (value.startsWith("rule:")) return { rule: value.slice("rule:".length) };
  return value as Exclude<MockPinned, object>;
}

export function ruleName(rule: MockRule): string {
  return rule.name.trim() === "" ? rule.id : rule.name;
}

/** What a rule matches: `Every request`, `gpt-5.5* at high effort, the first 2 times`. */
export function sayMatch(matches: MockMatch, times: number | null | undefined): string {
  const parts: string[] = [];
  if (matches.path) parts.push(matches.path);
  if (matches.model) parts.push(matches.model);
  if (matches.effort) parts.push(`${matches.effort} effort`);
  if (matches.body_contains) parts.push(`body has "${matches.body_contains}"`);
  if (matches.key) parts.push("one request alone");
  const what = parts.length === 0 ? "Every request" : parts.join(", ");
  const often = [
    matches.rate != null ? sayRate(matches.rate) : null,
    matches.every != null && matches.every > 1 ? `every ${ordinal(matches.every)} time` : null,
    times != null ? `the first ${times === 1 ? "time" : `${times} times`}` : null,
  ].filter((it) => it !== null);
  return [what, ...often].join(", ");
}

function sayRate(rate: number): string {
  if (rate >= 1) return "always";
  if (rate <= 0) return "never";
  return `${Number((rate * 100).toFixed(2))}% of the time`;
}

export function ordinal(n: number): string {
  const tens = n % 100;
  const ending = tens >= 11 && tens <= 13 ? "th" : (["th", "st", "nd", "rd"][n % 10] ?? "th");
  return `${n}${ending}`;
}

/** What a rule does. */
export function sayAction({ action }: MockRule): string {
  if ("fault" in action) return sayFault(action.fault);
  if ("pin" in action) {
    return action.pin === "" ? "Answers with a recording" : `Answers with "${action.pin}"`;
  }
  const { status } = action.answer.head.response;
  return `Answers as the log entry did, with status ${status}`;
}

export function sameSpeed(a: MockSpeed, b: MockSpeed): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** How a reply that no model wrote just now is marked. */
export interface SampleWords {
  label: string;
  title: string;
  /** Over its cost. */
  cost: string;
  costTitle: string;
  /** Under its cost, where that needs to be said at once. */
  spent: string | null;
  /** At the foot of its bill. */
  bill: string;
  /** Said at its end. */
  said: string;
  /** Under the figures of many. */
  many: string;
}

const SAMPLE: SampleWords = {
  label: "Sample reply",
  title:
    "Composed on this computer to try the workbench. No model wrote it and nothing was charged.",
  cost: "Cost, if live",
  costTitle: "What it would cost live. Samples are free.",
  spent: null,
  bill: "Not charged: what it would cost live",
  said: "Sample reply ready",
  many: "Sample replies: these figures did not come from a model.",
};

const MOCK: SampleWords = {
  label: "Mock reply",
  title: "An answer of the real API, recorded earlier and played again. Nothing new was spent.",
  cost: "Cost when recorded",
  costTitle: "Nothing new was spent.",
  spent: "Nothing new was spent",
  bill: "Nothing new was spent: what it cost when it was recorded",
  said: "Mock reply ready",
  many: "Recorded answers, played again: nothing new was spent. Costs are those of the recording, times those of the replay.",
};

const RECORDED: SampleWords = {
  label: "Recorded sample",
  title: "A sample reply, recorded earlier and played again. No model wrote it.",
  cost: "Cost, if live",
  costTitle: "What it would cost live. Nothing was spent, now or when it was recorded.",
  spent: null,
  bill: "Nothing was spent: what it would cost live",
  said: "Recorded sample ready",
  many: "Recorded samples: these figures did not come from a model.",
};

/** The words of a run's mark; null for an answer of the model. */
export function sampleWords({
  sample,
  replayed,
}: Pick<RunFacts, "sample" | "replayed">): SampleWords | null {
  if (sample === null) return null;
  if (sample !== "replayed") return SAMPLE;
  return replayed?.live === false ? RECORDED : MOCK;
}

/** One mark for many runs: the one that they share, else the one that promises least. */
export function commonWords(runs: readonly RunFacts[]): SampleWords | null {
  const marks = runs.map(sampleWords).filter((it) => it !== null);
  const [first] = marks;
  if (first === undefined) return null;
  if (marks.every((it) => it === first)) return first;
  return {
    ...SAMPLE,
    label: "Sample and mock replies",
    title: "Some of these are samples, some were recorded. Nothing was charged.",
    many: "Sample and mock replies: not all of these figures came from a model.",
  };
}
