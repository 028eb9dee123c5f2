// Every status and phase has its own words; nothing that failed reads as done.
import { describe, expect, it } from "vitest";
import type { Phase, RunFacts, RunStatus } from "../contract/ipc";
import { engineError } from "../host.memory";
import { runState } from "./run-state";

function facts(change: Partial<RunFacts>): RunFacts {
  return {
    status: "running",
    phase: "sending",
    phaseLabel: null,
    totalMs: 29_900,
    sample: null,
    replayed: null,
    bill: null,
    fault: null,
    incompleteReason: null,
    toolCalls: [],
    ...change,
  } as RunFacts;
}

describe("while it runs", () => {
  it.each<[Phase, string]>([
    ["sending", "Sending"],
    ["queued", "Queued"],
    ["reasoning", "Reasoning"],
    ["writing", "Writing"],
  ])("%s is called %s and has a clock", (phase, label) => {
    expect(runState(facts({ phase }), false)).toMatchObject({ label, live: true, tone: "plain" });
  });

  it("a tool goes by its name", () => {
    const state = runState(facts({ phase: "tool", phaseLabel: "file_search" }), false);
    expect(state).toMatchObject({ label: "file_search", said: "Using file_search" });
  });
});

describe("when it is over", () => {
  it.each<[Partial<RunFacts>, boolean, string, string]>([
    [{ status: "completed" }, false, "Completed", "ok"],
    [{ status: "completed" }, true, "Declined", "bad"],
    [
      { status: "incomplete", incompleteReason: "max_output_tokens" },
      false,
      "Stopped at cap",
      "warn",
    ],
    [
      { status: "incomplete", incompleteReason: "content_filter" },
      false,
      "Stopped by filter",
      "bad",
    ],
    [{ status: "incomplete", incompleteReason: "new_reason" }, false, "Incomplete", "warn"],
    [
      { status: "failed", fault: engineError("rate_limited", "x", { httpStatus: 429 }) },
      false,
      "Failed 429",
      "bad",
    ],
    [{ status: "failed", fault: engineError("prompt_declined", "x") }, false, "Declined", "bad"],
    [{ status: "failed", fault: engineError("offline", "x") }, false, "Failed", "bad"],
    [{ status: "cut" }, false, "Connection lost", "bad"],
    [{ status: "stopped" }, false, "Stopped", "plain"],
  ])("%o reads %s", (change, refused, label, tone) => {
    const state = runState(facts({ phase: "done", ...change }), refused);
    expect(state).toMatchObject({ label, tone, live: false });
  });

  it("only a completed run is ok", () => {
    const statuses: RunStatus[] = ["waiting", "running", "incomplete", "failed", "cut", "stopped"];
    for (const status of statuses) {
      expect(runState(facts({ status }), false).tone).not.toBe("ok");
    }
  });

  it("a call that waits is no end", () => {
    const call = { kind: "function_call", name: "look_up", callId: "c", status: "completed" };
    const state = runState(facts({ status: "completed", toolCalls: [call] }), false);
    expect(state).toMatchObject({
      label: "Waits for a reply",
      tone: "warn",
      said: "look_up waits for your reply",
    });
  });

  it("a sample is announced as a sample, without a price", () => {
    const said = runState(facts({ status: "completed", sample: "composed" }), false).said;
    expect(said).toBe("Done in 29.9 seconds. Sample reply ready");
  });
});
