// What earlier runs say: the figures on the dial, the likely cost by Run, the typical output.
import type { EffortFigures, EffortLevel, RequestFiguresOutput } from "../../contract/ipc";
import { duration, durationSpoken, moneyRange, moneyRow, moneySpoken } from "../../lib/format";
import type { DialStop } from "../../parts/EffortDial.svelte";

/** With fewer runs than this at a level, there is no figure: words stand in its place. */
export const ENOUGH_RUNS = 3;

export function enough(figures: EffortFigures | undefined): figures is EffortFigures {
  return figures !== undefined && figures.runs >= ENOUGH_RUNS;
}

export function figuresOf(
  figures: RequestFiguresOutput | null,
  effort: string | null,
): EffortFigures | undefined {
  return figures?.efforts.find((it) => it.effort === effort);
}

/** The stops of the dial, with one decimal count for all costs. */
export function dialStops(
  levels: readonly EffortLevel[],
  figures: RequestFiguresOutput | null,
  lock: (effort: string) => string | null,
): DialStop[] {
  const rows = levels.map((level) => {
    const row = figuresOf(figures, level.value);
    return enough(row) ? row : null;
  });
  const costs = moneyRow(rows.map((row) => row?.medianCost ?? null));
  return levels.map((level, i) => {
    const row = rows[i];
    const cost = row ? (row.medianCost === null ? "no price" : costs[i]!) : null;
    const time = row && row.medianTotalMs !== null ? duration(row.medianTotalMs) : null;
    return {
      level,
      cost,
      time,
      spoken: row
        ? `median ${moneySpoken(row.medianCost)}` +
          (row.medianTotalMs === null ? "" : `, ${durationSpoken(row.medianTotalMs)}`)
        : null,
      locked: lock(level.value),
    };
  });
}

/** What the figures on the dial are. */
export function dialCaption(figures: RequestFiguresOutput | null): string {
  const counts = figures?.efforts.map((it) => it.runs) ?? [];
  const most = Math.max(0, ...counts);
  const runs = figures?.sample ? "mock runs" : "runs";
  if (most < ENOUGH_RUNS) return `Figures come after ${ENOUGH_RUNS} ${runs} of a level`;
  const fewest = Math.min(...counts.filter((count) => count >= ENOUGH_RUNS));
  const number = fewest === most ? String(most) : `${fewest} to ${most}`;
  return `Median of the last ${number} ${runs} of this request`;
}

export interface Likely {
  text: string;
  /** Where the figure comes from, if that must be said. */
  source: string;
  /** There is a figure. */
  known: boolean;
}

/** What the next run is likely to cost; words where nothing is known. */
export function likely(figures: RequestFiguresOutput | null, effort: string | null): Likely {
  const row = figuresOf(figures, effort);
  if (!enough(row)) {
    return { text: "Cost not known yet", source: `shown after ${ENOUGH_RUNS} runs`, known: false };
  }
  if (row.medianCost === null) return { text: "Likely cost: no price", source: "", known: false };
  return {
    text: `Likely ${moneyRange(row.medianCost, Math.max(row.medianCost, row.highCost ?? 0))}`,
    source: figures?.sample ? "from mock runs" : "",
    known: true,
  };
}
