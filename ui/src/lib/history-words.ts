// How a run of the history is told in one line: when, from where, by whom it was answered, and what it cost.
import type { HistoryRow, RunKind, RunSource, RunStatus } from "../contract/ipc";
import { clockTime, day, dayTime, money } from "./format";
import { sampleWords } from "./mock-words";
import { runState, type RunState } from "./run-state";

export const SOURCES: Record<RunSource, { name: string; help: string }> = {
  window: { name: "Window", help: "Sent from this window" },
  compare: { name: "Compare", help: "One of a comparison" },
  terminal: { name: "Terminal", help: "Sent by the rheostat command" },
  stand_in: { name: "Other program", help: "Another program sent it through the mock" },
};

interface Choice<T> {
  value: T | "";
  label: string;
}

export const SOURCE_CHOICES: readonly Choice<RunSource>[] = [
  { value: "", label: "Sent from anywhere" },
  ...(Object.keys(SOURCES) as RunSource[]).map((value) => ({ value, label: SOURCES[value].name })),
];

export const STATUS_CHOICES: readonly Choice<RunStatus | "failures">[] = [
  { value: "", label: "Any status" },
  { value: "failures", label: "Failures only" },
  { value: "completed", label: "Completed" },
  { value: "incomplete", label: "Incomplete" },
  { value: "failed", label: "Failed" },
  { value: "cut", label: "Connection lost" },
  { value: "stopped", label: "Stopped" },
  { value: "running", label: "Running" },
];

export const KIND_CHOICES: readonly Choice<RunKind | "samples">[] = [
  { value: "", label: "Live and mock" },
  { value: "live", label: "Live answers" },
  { value: "replayed", label: "Replayed by the mock" },
  { value: "samples", label: "Sample replies" },
];

/** A moment as the list shows it: `Today, 14:32`, `Yesterday, 09:05`, `20 Nov, 14:32`. */
export function moment(epochMs: number, now = Date.now(), timeZone?: string): string {
  const time = clockTime(epochMs, timeZone).slice(0, 5);
  const of = (ms: number) => day(ms, now, timeZone);
  if (of(epochMs) === of(now)) return `Today, ${time}`;
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  if (of(epochMs) === of(yesterday.getTime())) return `Yesterday, ${time}`;
  return dayTime(epochMs, now, timeZone);
}

export function nameOf(row: HistoryRow): string {
  if (row.source === "stand_in") return "Another program's request";
  return row.requestName || "A request without a name";
}

export function isGoingOn(row: HistoryRow): boolean {
  return row.status === "running" || row.status === "waiting";
}

export function stateOf(row: HistoryRow): RunState {
  const state = runState({ ...row, phase: "done", phaseLabel: null, bill: null }, false);
  return isGoingOn(row) ? { ...state, label: "Running", live: false } : state;
}

export interface AnsweredBy {
  text: string;
  title: string;
  /** The model answered just now. */
  live: boolean;
}

/** Who answered: the model, or the mock, with the day of the recording. */
export function answeredBy(row: HistoryRow, now = Date.now(), timeZone?: string): AnsweredBy {
  const words = sampleWords(row);
  if (words === null) return { text: "Live", title: "The model answered", live: true };
  if (row.replayed === null) return { text: words.label, title: words.title, live: false };
  const on = day(row.replayed.recordedAt, now, timeZone);
  return {
    text: `${row.replayed.live ? "Mock" : "Sample"}, ${on}`,
    title: `${words.title} Recorded ${dayTime(row.replayed.recordedAt, now, timeZone)}.`,
    live: false,
  };
}

export interface CostWords {
  text: string;
  title: string;
  /** It was paid for this run. */
  paid: boolean;
}

/** What a run cost. What is not known is said, never shown as zero. */
export function costOf(row: HistoryRow): CostWords {
  const words = sampleWords(row);
  if (row.cost !== null) {
    const part = row.partlyUnpriced ? "+" : "";
    const title = row.partlyUnpriced ? "A part of this run has no known price and is left out" : "";
    return {
      text: money(row.cost, "run") + part,
      title: words?.costTitle ?? title,
      paid: words === null,
    };
  }
  const none = (text: string, title: string) => ({ text, title, paid: false });
  if (row.usage !== null) return none("unpriced", "No price is known for this model");
  if (isGoingOn(row)) return none("", "");
  if (row.charged === "no") return none("not charged", "It brought no usage and was not charged");
  return none("unpriced", "No usage came, so its cost is not known. It may be charged");
}

/** The line over the list: how many runs, and what they cost. */
export function totalsLine(
  totals: { runs: number; spent: number; unpriced: number },
  count: (value: number) => string,
): string {
  const parts = [
    `${count(totals.runs)} ${totals.runs === 1 ? "run" : "runs"}`,
    `${money(totals.spent, "sum")} spent`,
  ];
  if (totals.unpriced > 0) parts.push(`${count(totals.unpriced)} unpriced`);
  return parts.join(", ");
}
