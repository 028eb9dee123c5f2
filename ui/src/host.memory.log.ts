// Entries of the stand-in's log in memory: what a program sent, and the answer as it went out.
import type { MockFault, MockLogEntry, MockRule, MockRung } from "./contract/ipc";

/** A request as it comes in. */
export interface Asked {
  own: boolean;
  method: string;
  path: string;
  key: string;
  model: string | null;
  effort: string | null;
  body: unknown;
}

const STATUS: Partial<Record<MockFault["kind"], number>> = {
  rate_limited: 429,
  insufficient_quota: 429,
  server_error: 500,
  overloaded: 503,
  context_length_exceeded: 400,
  invalid_key: 401,
  forbidden: 403,
  redirect: 307,
};

const WORDS = ["Three of the five ", "statements are unsafe ", "on a write-heavy table."];

function events(asked: Asked): string[] {
  const response = { id: "resp_6a41c0de", object: "response", model: asked.model };
  const all: Record<string, unknown>[] = [
    { type: "response.created", response: { ...response, status: "in_progress" } },
    { type: "response.output_item.added", item: { type: "message", role: "assistant" } },
    ...WORDS.map((delta) => ({ type: "response.output_text.delta", delta })),
    { type: "response.output_text.done", text: WORDS.join("") },
    {
      type: "response.completed",
      response: {
        ...response,
        status: "completed",
        usage: { input_tokens: 4812, output_tokens: 742, total_tokens: 5554 },
      },
    },
  ];
  return all.map(
    (it, i) =>
      `event: ${String(it.type)}\ndata: ${JSON.stringify({ ...it, sequence_number: i })}\n\n`,
  );
}

/** The body's chunks, and whether it broke off. */
function bodyOf(
  asked: Asked,
  fault: MockFault | null,
): { chunks: [number, string][]; cut: boolean } {
  if (fault && STATUS[fault.kind] !== undefined) {
    const error = { message: "The stand-in was told to fail.", type: fault.kind, code: fault.kind };
    return { chunks: [[4, JSON.stringify({ error })]], cut: false };
  }
  if (asked.path === "/v1/models") {
    const data = [{ id: "gpt-5.5", object: "model" }];
    return { chunks: [[3, JSON.stringify({ object: "list", data })]], cut: false };
  }
  const all = events(asked);
  const cut = fault?.kind === "cut_mid_event";
  const sent = cut ? [...all.slice(0, 3), all[3]!.slice(0, 40)] : all;
  return { chunks: sent.map((text, i) => [640 + i * 212, text]), cut };
}

/** One whole entry. */
export function entryOf(
  id: number,
  asked: Asked,
  atMs: number,
  rung: MockRung | null,
  rule: MockRule | null,
): MockLogEntry {
  const fault = rule && "fault" in rule.action ? rule.action.fault : null;
  const { chunks, cut } = bodyOf(asked, fault);
  const status = rung === null ? 404 : ((fault && STATUS[fault.kind]) ?? 200);
  const streamed = chunks.length > 1;
  return {
    id,
    at_ms: atMs,
    own: asked.own,
    method: asked.method,
    path: asked.path,
    key: asked.key,
    model: asked.model,
    effort: asked.effort,
    status,
    rung,
    rule: rule?.id ?? null,
    first_byte_ms: chunks[0]![0],
    total_ms: chunks.at(-1)![0],
    bytes: chunks.reduce((sum, [, text]) => sum + text.length, 0),
    request_headers: {
      authorization: "Bearer sk-***",
      ...(asked.body === null ? {} : { "content-type": "application/json" }),
      host: "127.0.0.1:4010",
      "user-agent": asked.own ? "rheostat/0.1.0" : "OpenAI/Python 2.8.1",
    },
    request: asked.body,
    response_headers: {
      "content-type": streamed ? "text/event-stream; charset=utf-8" : "application/json",
      "x-request-id": `req_${String(id).padStart(8, "0")}`,
    },
    response: chunks,
    kept_whole: true,
    outcome: cut ? "cut" : "complete",
  };
}
