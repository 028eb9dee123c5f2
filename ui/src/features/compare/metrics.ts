// The rows of the grid: the middle of each figure per level, and how far it is from the baseline's.
import type { LevelSummary, Spread } from "../../contract/ipc";
import { count, delta, difference, duration, moneyRow, times, tokens } from "../../lib/format";

export type MetricId = "checks" | "cost" | "total_ms" | "first_output_ms" | "reasoning" | "visible";

export interface Cell {
  /** The median as the engine counts it: checks, nano-dollars, ms, tokens. Null where no run has it. */
  raw: number | null;
  text: string;
  /** Against the baseline; empty for the baseline itself, and where they are the same. */
  delta: string;
  best: boolean;
  /** Lowest and highest of the runs, where they differ. */
  range: string;
}

export interface Metric {
  id: MetricId;
  label: string;
  cells: Cell[];
}

interface Rule {
  id: MetricId;
  label: string;
  of: (level: LevelSummary) => Spread | null;
  /** A row's figures together: some share their decimals. */
  texts: (values: readonly number[]) => string[];
  delta: (value: number, base: number) => string;
  /** Less is better, and worth bold type. */
  lowest: boolean;
}

const RULES: readonly Rule[] = [
  {
    id: "checks",
    label: "Checks",
    of: (level) => level.checks,
    texts: (values) => values.map(count),
    delta: difference,
    lowest: false,
  },
  { id: "cost", label: "Cost", of: (level) => level.cost, texts: moneyRow, delta, lowest: true },
  {
    id: "total_ms",
    label: "Total time",
    of: (level) => level.totalMs,
    texts: (values) => values.map(duration),
    delta,
    lowest: true,
  },
  {
    id: "first_output_ms",
    label: "First output",
    of: (level) => level.firstOutputMs,
    texts: (values) => values.map(duration),
    delta,
    lowest: true,
  },
  {
    id: "reasoning",
    label: "Reasoning",
    of: (level) => level.reasoningTokens,
    texts: (values) => values.map((value) => tokens(value)),
    delta: times,
    lowest: false,
  },
  {
    id: "visible",
    label: "Visible",
    of: (level) => level.visibleTokens,
    texts: (values) => values.map((value) => tokens(value)),
    delta,
    lowest: false,
  },
];

/** One row per figure, one cell per level in the given order; levels without a summary have empty cells. */
export function metricsOf(
  levels: readonly (LevelSummary | null)[],
  baseline: number,
  checks: number,
): Metric[] {
  return RULES.map(({ id, label, of, texts, delta: against, lowest }) => {
    const spreads = levels.map((level) => (level === null ? null : of(level)));
    const known = spreads.filter((spread) => spread !== null);
    // Medians and the ends of the ranges together, so that a row keeps one count of decimals.
    const written = texts(known.flatMap(({ median, min, max }) => [median, min, max]));
    const least = Math.min(...known.map(({ median }) => median));
    const base = spreads[baseline]?.median ?? null;
    let at = 0;
    const cells = spreads.map((spread, i): Cell => {
      if (spread === null) {
        const unpriced = id === "cost" && (levels[i]?.completed ?? 0) > 0;
        return { raw: null, text: unpriced ? "no price" : "", delta: "", best: false, range: "" };
      }
      const [median = "", min = "", max = ""] = written.slice(at, at + 3);
      at += 3;
      return {
        raw: spread.median,
        text: id === "checks" ? `${median} of ${checks}` : median,
        delta: i === baseline || base === null ? "" : against(spread.median, base),
        best: lowest && known.length > 1 && spread.median === least,
        range: spread.min === spread.max ? "" : `${min} to ${max}`,
      };
    });
    return { id, label, cells };
  });
}
