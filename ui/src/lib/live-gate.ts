// What the gate to Live says, in words: nothing it does not know.
import type { ArmLiveOutput, BudgetState, ForecastRunOutput, RecordingFit } from "../contract/ipc";
import { money, moneyRange } from "./format";

export interface Said {
  text: string;
  /** What it rests on; empty for nothing more. */
  note: string;
}

const runs = (count: number): string => (count === 1 ? "1 live run" : `${count} live runs`);

/** What the next run is likely to cost. Without live runs there is no figure, and that is said. */
export function likelySaid(forecast: ForecastRunOutput): Said {
  const bases = forecast.levels.map((level) => level.runs);
  const least = Math.min(...bases);
  if (forecast.cost === null) {
    const known = bases.some((count) => count > 0);
    return {
      text: known && least > 0 ? "No price is known for this model" : "Not known yet",
      note:
        known && least === 0
          ? "Some of these levels have not been run live."
          : known
            ? ""
            : "This request has not been run live at this level. Sample runs say nothing of it.",
    };
  }
  return {
    text: moneyRange(forecast.cost, Math.max(forecast.cost, forecast.highCost ?? 0)),
    note: `median to 90th percentile of ${runs(least)}`,
  };
}

/** The most it can cost. */
export function worstSaid(forecast: ForecastRunOutput): Said {
  if (forecast.worstCost === null) {
    return {
      text: "Not known",
      note: "The price of this model or tier is not in the price table.",
    };
  }
  return {
    text: money(forecast.worstCost, "sum"),
    note: "the whole cap put out; files and tools come on top",
  };
}

/** One line to each limit, and one where there is none. */
export function budgetSaid(budget: BudgetState): Said[] {
  const { limits } = budget;
  const lines: Said[] = [];
  const line = (limit: number, spent: number, name: string): Said => ({
    text: `${money(spent, "sum")} of ${money(limit, "sum")} ${name}`,
    note: `${money(Math.max(0, limit - spent - budget.reserved), "sum")} left`,
  });
  if (limits.perDay !== null) lines.push(line(limits.perDay, budget.spentToday, "today"));
  if (limits.perSession !== null) {
    lines.push(line(limits.perSession, budget.spentSession, "this session"));
  }
  if (limits.perRun !== null) {
    lines.push({ text: `At most ${money(limits.perRun, "sum")} a run`, note: "" });
  }
  if (lines.length === 0) {
    lines.push({
      text: "No spending limit is set",
      note: `${money(budget.spentToday, "sum")} spent today`,
    });
  }
  return lines;
}

/** How the recordings stand to the schema, in one line. */
export function shapeSaid(armed: ArmLiveOutput): Said {
  if (armed.schemaProblem !== null) {
    return { text: "The output schema can't be used", note: armed.schemaProblem };
  }
  if (!armed.hasSchema) return { text: "No output schema to compare with", note: "" };
  const all = armed.recordings.length;
  const off = unfit(armed.recordings).length;
  if (all === 0) return { text: "No recording of this request to compare with", note: "" };
  if (off === 0) {
    return {
      text: all === 1 ? "The recording fits the schema" : `All ${all} recordings fit the schema`,
      note: "",
    };
  }
  return {
    text: `${off} of ${all} ${all === 1 ? "recording does" : "recordings do"} not fit the schema any more`,
    note: "Code written against them may not take what Live answers.",
  };
}

export function unfit(recordings: readonly RecordingFit[]): RecordingFit[] {
  return recordings.filter((it) => it.problems.length > 0);
}
