// A turn that waits: which calls want a reply, and the replies that are kept with the request.
import type { RequestFile, RunFacts, Stub, ToolCall, ToolReply } from "../contract/ipc";

/** Calls that a text of ours answers. The others the API answers itself, or they need more than a text (API.md 2.4). */
const OURS = ["function_call", "custom_tool_call", "mcp_approval_request"];
const BEYOND = ["computer_call", "local_shell_call", "apply_patch_call"];

/** The calls that wait, each with its place among all calls of the run. */
export function waiting(facts: RunFacts): { call: ToolCall; part: number }[] {
  if (facts.status !== "completed") return [];
  return facts.toolCalls.flatMap((call, part) =>
    OURS.includes(call.kind) && call.callId !== null ? [{ call, part }] : [],
  );
}

/** Why a turn can't go on here; null where replies are all it takes. */
export function stuck(facts: RunFacts): string | null {
  const call = facts.toolCalls.find((it) => BEYOND.includes(it.kind));
  return call
    ? `${call.kind} needs more than a text for a reply, so this turn goes on in your own code only.`
    : null;
}

export const isApproval = (call: ToolCall) => call.kind === "mcp_approval_request";

export function stubsOf(request: RequestFile, name: string): readonly Stub[] {
  return request.stubs?.[name] ?? [];
}

/** What a stub is called in a menu. */
export function stubLabel(stub: Stub): string {
  const start = stub.output.trim().replaceAll(/\s+/g, " ");
  return stub.name || (start.length > 40 ? `${start.slice(0, 40)}…` : start) || "Empty reply";
}

/** The request with these stubs for a function. */
export function withStubs(request: RequestFile, name: string, list: readonly Stub[]): RequestFile {
  const stubs = { ...request.stubs };
  if (list.length > 0) stubs[name] = [...list];
  else delete stubs[name];
  const next: RequestFile = { ...request, stubs };
  if (Object.keys(stubs).length === 0) delete next.stubs;
  return next;
}

/** Keeps a reply as a stub, once; with `always` as the one that every call gets. */
export function keepStub(
  request: RequestFile,
  name: string,
  output: string,
  always: boolean,
): RequestFile {
  const rest = stubsOf(request, name).map((stub) => (always ? plain(stub) : stub));
  const known = rest.findIndex((stub) => stub.output === output);
  const kept: Stub = { ...(known < 0 ? { output } : rest[known]!), ...(always ? { always } : {}) };
  const list = known < 0 ? [...rest, kept] : rest.map((stub, i) => (i === known ? kept : stub));
  return withStubs(request, name, list);
}

function plain(stub: Stub): Stub {
  const next = { ...stub };
  delete next.always;
  return next;
}

/** No call of a function is answered by itself any more. */
export function askAgain(request: RequestFile, name: string): RequestFile {
  return withStubs(request, name, stubsOf(request, name).map(plain));
}

/** The replies by stub, where every call that waits has one for always; null otherwise. */
export function standing(request: RequestFile, facts: RunFacts): ToolReply[] | null {
  const calls = waiting(facts);
  if (calls.length === 0 || stuck(facts) !== null) return null;
  const replies = calls.flatMap(({ call }) => {
    // To let a tool run is a person's word.
    const stub = isApproval(call) ? undefined : stubsOf(request, call.name).find((it) => it.always);
    return stub ? [{ callId: call.callId!, output: stub.output }] : [];
  });
  return replies.length === calls.length ? replies : null;
}

/** What is odd about a reply that looks like JSON; null where nothing is. */
export function jsonNote(text: string): string | null {
  if (!/^\s*[{[]/.test(text)) return null;
  try {
    JSON.parse(text);
    return null;
  } catch (cause) {
    return `Not JSON: ${(cause as Error).message} It is sent as it stands.`;
  }
}

/** What the turn cost up to the end of this run, in nano-dollars; null where a part has no price. */
export function turnCost(facts: RunFacts): number | null {
  const before = facts.continues?.costBefore ?? null;
  const own = facts.bill?.total ?? null;
  return before === null || own === null ? null : before + own;
}
