// A comparison as text for other places: a Markdown table, CSV, JSON. Plain digits, nothing shortened.
import type { ComparisonSummary, RunFacts } from "../../contract/ipc";
import { money } from "../../lib/format";
import type { Metric } from "./metrics";

export interface ExportedRun {
  effort: string;
  facts: RunFacts;
  output: string;
}

export interface Exported {
  request: string;
  startedAt: number | null;
  /** Some of the runs were not written by a model just now. */
  sample: boolean;
  /** What that means for the figures, in a sentence; empty where it is not so. */
  note: string;
  /** The levels' names, in the order of the metrics' cells. */
  levels: readonly string[];
  metrics: readonly Metric[];
  summary: ComparisonSummary;
  runs: readonly ExportedRun[];
}

/** A cell of a Markdown table: on one line, with nothing that would end it or make markup. */
function cell(text: string): string {
  return text.replaceAll(/\s*[\r\n]+\s*/g, " ").replaceAll(/[\\|`*_<>[\]]/g, "\\$&");
}

export function toMarkdown({ request, note, levels, metrics, summary }: Exported): string {
  const rows = [
    ["", ...levels],
    ["---", ...levels.map(() => "---:")],
    ...metrics.map((metric) => [
      metric.label,
      ...metric.cells.map(({ text, delta }) => (delta === "" ? text : `${text} (${delta})`)),
    ]),
  ];
  const sentence = summary.verdict?.sentence.map(({ text }) => text).join("") ?? "";
  const { runs, cost } = summary.totals;
  return [
    `**${cell(request)}**, ${runs} runs, ${money(cost, "sum")} in all`,
    rows
      .map((row, i) => `| ${row.map((text) => (i === 1 ? text : cell(text))).join(" | ")} |`)
      .join("\n"),
    cell(sentence),
    summary.verdict?.caution ?? "",
    note,
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/**
 * A CSV field. A cell that a spreadsheet would read as a formula gets an apostrophe in front: what a
 * model writes must stay text there too.
 */
export function csvField(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const inert = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

/** Nano-dollars as dollars with nothing rounded away. */
function dollars(nanos: number | null): string | null {
  if (nanos === null) return null;
  const text = String(nanos).padStart(10, "0");
  return `${text.slice(0, -9)}.${text.slice(-9)}`.replace(/\.?0+$/, "");
}

const COLUMNS: readonly (readonly [string, (run: ExportedRun) => string | number | null])[] = [
  ["effort", (run) => run.effort],
  ["repeat", (run) => run.facts.repeat],
  ["status", (run) => run.facts.status],
  ["model", (run) => run.facts.model],
  ["sample", (run) => run.facts.sample ?? ""],
  ["checks_passed", (run) => run.facts.checks.filter((check) => check.passed).length],
  ["checks", (run) => run.facts.checks.length],
  ["cost_usd", (run) => dollars(run.facts.bill?.total ?? null)],
  ["total_ms", (run) => run.facts.totalMs],
  ["first_output_ms", (run) => run.facts.firstOutputMs],
  ["input_tokens", (run) => run.facts.usage?.inputTokens ?? null],
  ["cached_tokens", (run) => run.facts.usage?.cachedTokens ?? null],
  ["output_tokens", (run) => run.facts.usage?.outputTokens ?? null],
  ["reasoning_tokens", (run) => run.facts.usage?.reasoningTokens ?? null],
  [
    "started_at",
    (run) => (run.facts.startedAt === null ? null : new Date(run.facts.startedAt).toISOString()),
  ],
  ["run_id", (run) => run.facts.id],
  ["output", (run) => run.output],
];

/** One line per run. */
export function toCsv({ runs }: Exported): string {
  const head = COLUMNS.map(([name]) => name).join(",");
  const lines = runs.map((run) => COLUMNS.map(([, of]) => csvField(of(run))).join(","));
  return [head, ...lines].join("\r\n") + "\r\n";
}

export function toJson({ request, startedAt, sample, summary, runs }: Exported): string {
  return JSON.stringify(
    {
      request,
      startedAt: startedAt === null ? null : new Date(startedAt).toISOString(),
      sample,
      summary,
      runs: runs.map(({ effort, facts, output }) => ({ effort, ...facts, output })),
    },
    null,
    2,
  );
}
