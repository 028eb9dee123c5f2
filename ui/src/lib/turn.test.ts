// Which calls wait, and the replies that a request keeps.
import { expect, it } from "vitest";
import type { RequestFile, RunFacts, ToolCall } from "../contract/ipc";
import { askAgain, jsonNote, keepStub, standing, stubLabel, stuck, waiting } from "./turn";

const call = (name: string, kind = "function_call"): ToolCall => ({
  kind,
  name,
  callId: `call_${name}`,
  status: "completed",
});
const facts = (...toolCalls: ToolCall[]) =>
  ({ status: "completed", toolCalls }) as unknown as RunFacts;
const bare: RequestFile = { id: "r", name: "R", endpoint: "responses", body: {} };

it("waits for the caller's calls alone", () => {
  const run = facts(call("web", "web_search_call"), call("look"));
  expect(waiting(run).map((it) => [it.call.name, it.part])).toEqual([["look", 1]]);
  expect(waiting({ ...run, status: "stopped" })).toEqual([]);
  expect(stuck(run)).toBe(null);
  expect(stuck(facts(call("screen", "computer_call")))).toContain("computer_call");
});

it("keeps a stub once, and one at most for always", () => {
  const one = keepStub(keepStub(bare, "look", "1", false), "look", "1", false);
  expect(one.stubs).toEqual({ look: [{ output: "1" }] });
  const two = keepStub(keepStub(one, "look", "2", true), "look", "1", true);
  expect(two.stubs).toEqual({ look: [{ output: "1", always: true }, { output: "2" }] });
  expect(askAgain(two, "look").stubs).toEqual({ look: [{ output: "1" }, { output: "2" }] });
});

it("goes on by stub where every call has one, and never lets an MCP tool run by itself", () => {
  const kept = keepStub(bare, "look", "1", true);
  expect(standing(kept, facts(call("look")))).toEqual([{ callId: "call_look", output: "1" }]);
  expect(standing(kept, facts(call("look"), call("other")))).toBe(null);
  expect(standing(kept, facts(call("look", "mcp_approval_request")))).toBe(null);
  expect(standing(kept, facts())).toBe(null);
});

it("says what is odd about a reply, and names a stub by its start", () => {
  expect([jsonNote("21"), jsonNote('{"a":1}'), jsonNote("")]).toEqual([null, null, null]);
  expect(jsonNote("{a:1}")).toContain("Not JSON");
  expect(stubLabel({ output: '{"warm":\n  21}' })).toBe('{"warm": 21}');
  expect(stubLabel({ output: "x", name: "Snow" })).toBe("Snow");
});
