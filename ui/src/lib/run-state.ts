// How a run's state is called, drawn and announced: one table for every way to run and to end.
import type { RunFacts } from "../contract/ipc";
import { durationSpoken, moneySpoken } from "./format";
import { sampleWords } from "./mock-words";
import { waiting } from "./turn";

export type Tone = "plain" | "ok" | "warn" | "bad";
export type Mark = "none" | "check" | "alert" | "stop" | "scissors" | "ban";

export interface RunState {
  label: string;
  tone: Tone;
  mark: Mark;
  /** The clock of the phase runs. */
  live: boolean;
  /** What a screen reader hears when this state begins; empty for nothing. */
  said: string;
  /** Said at once, over anything else. */
  urgent: boolean;
}

const plain = (label: string, said: string): RunState => ({
  label,
  tone: "plain",
  mark: "none",
  live: true,
  said,
  urgent: false,
});

const end = (label: string, tone: Tone, mark: Mark, said: string, urgent = true): RunState => ({
  label,
  tone,
  mark,
  live: false,
  said,
  urgent,
});

function running(facts: RunFacts): RunState {
  switch (facts.phase) {
    case "waiting":
      return { ...plain("Waiting", ""), live: false };
    case "sending":
      return plain("Sending", "Sending");
    case "retrying":
      return plain("Waiting to retry", "Waiting to try again");
    case "queued":
      return plain("Queued", "Queued");
    case "reasoning":
      return plain("Reasoning", "Reasoning");
    case "tool":
      return plain(facts.phaseLabel ?? "Tool", `Using ${facts.phaseLabel ?? "a tool"}`);
    case "writing":
      return plain("Writing", "Writing the answer");
    case "done":
      return plain("Finishing", "");
  }
}

function done(facts: RunFacts): string {
  const time = facts.totalMs === null ? "" : ` in ${durationSpoken(facts.totalMs)}`;
  const cost =
    facts.sample !== null || facts.bill === null ? "" : `, ${moneySpoken(facts.bill.total)}`;
  return `Done${time}${cost}. ${sampleWords(facts)?.said ?? "Answer ready"}`;
}

/** The state of a run; `refused` where the model answered with a refusal. */
export function runState(facts: RunFacts, refused: boolean): RunState {
  switch (facts.status) {
    case "waiting":
      return { ...plain("Waiting", ""), live: false };
    case "running":
      return running(facts);
    case "completed":
      if (waiting(facts).length > 0) {
        const names = [...new Set(waiting(facts).map(({ call }) => call.name))].join(" and ");
        return end("Waits for a reply", "warn", "none", `${names} waits for your reply`, false);
      }
      return refused
        ? end("Declined", "bad", "ban", "The model declined")
        : end("Completed", "ok", "check", done(facts), false);
    case "incomplete":
      if (facts.incompleteReason === "max_output_tokens") {
        return end("Stopped at cap", "warn", "scissors", "Stopped at the output cap");
      }
      if (facts.incompleteReason === "content_filter") {
        return end("Stopped by filter", "bad", "ban", "Stopped by the content filter");
      }
      return end("Incomplete", "warn", "alert", "The answer is incomplete");
    case "failed": {
      if (facts.fault?.code === "prompt_declined") {
        return end("Declined", "bad", "ban", "OpenAI declined this prompt");
      }
      const status = facts.fault?.httpStatus;
      return end(status ? `Failed ${status}` : "Failed", "bad", "alert", "The run failed");
    }
    case "cut":
      return end("Connection lost", "bad", "alert", "The connection was lost");
    case "stopped":
      return end("Stopped", "plain", "stop", "Stopped", false);
  }
}
