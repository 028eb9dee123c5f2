// The lanes of a run's timeline: which spans stand on which line, and what each is called.
import type { RunFacts, SpanKind } from "../contract/ipc";
import { duration } from "./format";

export interface LaneSpan {
  start: number;
  end: number;
  /** It is still going on. */
  open: boolean;
}

export interface TimeLane {
  kind: SpanKind;
  name: string;
  spans: LaneSpan[];
  /** ms over all its spans. */
  total: number;
}

const NAMES: Record<SpanKind, string> = {
  connect: "Connect",
  retry: "Wait to retry",
  waiting: "Waiting",
  reasoning: "Reasoning",
  tool: "Tool",
  output: "Visible output",
};
const ORDER: readonly SpanKind[] = ["connect", "retry", "waiting", "reasoning", "tool", "output"];

/** A lane per kind, tools one by one. Where phases can be told, their lanes are there from the start. */
export function lanesOf(facts: RunFacts): TimeLane[] {
  const lanes = new Map<string, TimeLane>();
  const lane = (kind: SpanKind, label: string | null): TimeLane => {
    const name = label ?? NAMES[kind];
    const key = `${kind} ${name}`;
    const known = lanes.get(key) ?? { kind, name, spans: [], total: 0 };
    lanes.set(key, known);
    return known;
  };
  lane("connect", null);
  if (!facts.spans.some((span) => span.kind === "waiting")) {
    lane("reasoning", null);
    lane("output", null);
  }
  for (const { kind, label, startMs, endMs } of facts.spans) {
    const end = Math.max(startMs, endMs ?? facts.elapsedMs);
    const known = lane(kind, kind === "tool" ? label : null);
    known.spans.push({ start: startMs, end, open: endMs === null });
    known.total += end - startMs;
  }
  return [...lanes.values()].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

/** The timeline in a sentence. */
export function timelineFinding(facts: RunFacts): string {
  const parts = lanesOf(facts)
    .filter((lane) => lane.spans.length > 0)
    .map(
      (lane) =>
        `${lane.name.toLowerCase()} ${duration(lane.total)}` +
        (lane.spans.length > 1 ? ` in ${lane.spans.length} spans` : ""),
    );
  const first =
    facts.firstOutputMs === null ? "" : ` First output token at ${duration(facts.firstOutputMs)}.`;
  return parts.length === 0
    ? "Timeline: nothing sent yet."
    : `Timeline: ${parts.join(", ")}.${first}`;
}
