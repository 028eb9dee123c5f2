// Streams as they were sent, and requests as command lines.
import { describe, expect, it, test } from "vitest";
import type { MockLogEntry } from "../contract/ipc";
import { curlOf, eventsIn, isStream, readable, snippet } from "./mock-http";

const STREAM =
  'event: response.created\ndata: {"type":"response.created"}\n\n' +
  ': still here\n\ndata: {"object":"chunk"}\n\ndata: [DONE]\n\n';

describe("the events of a stream", () => {
  const kinds = ["response.created", "comment", "chunk", "data"];

  it("are the same wherever its chunks were split", () => {
    for (let size = 1; size <= STREAM.length; size += 1) {
      const chunks: [number, string][] = [];
      for (let i = 0; i < STREAM.length; i += size) chunks.push([i, STREAM.slice(i, i + size)]);
      const events = eventsIn(chunks);
      expect(events.map((event) => event.kind)).toEqual(kinds);
      expect(events.map((event) => event.cut)).toEqual([false, false, false, false]);
    }
  });

  it("may end their lines with CR LF", () => {
    expect(eventsIn([[1, STREAM.replaceAll("\n", "\r\n")]]).map((it) => it.kind)).toEqual(kinds);
  });

  it("bear the time at which their last byte went out", () => {
    expect(
      eventsIn([
        [10, "data: a"],
        [20, "\n\ndata: b\n\n"],
        [30, "data: c"],
      ]),
    ).toEqual([
      { atMs: 20, kind: "data", data: "a", cut: false },
      { atMs: 20, kind: "data", data: "b", cut: false },
      { atMs: 30, kind: "data", data: "c", cut: true },
    ]);
  });

  it("of nothing are none", () => {
    expect(eventsIn([])).toEqual([]);
  });
});

const entry = (more: Partial<MockLogEntry>): MockLogEntry => ({
  id: 1,
  at_ms: 0,
  own: false,
  method: "POST",
  path: "/v1/responses",
  key: "k",
  model: null,
  effort: null,
  status: 200,
  rung: "composed",
  rule: null,
  first_byte_ms: 1,
  total_ms: 2,
  bytes: 3,
  request_headers: {
    authorization: "Bearer sk-***",
    "content-type": "application/json",
    "openai-project": "it's",
    host: "127.0.0.1:4010",
    "x-stainless-os": "Linux",
  },
  request: { model: "gpt-5.5", input: "what's new", stream: true },
  response_headers: { "content-type": "text/event-stream; charset=utf-8" },
  response: [],
  kept_whole: true,
  outcome: "complete",
  ...more,
});

describe("a command line", () => {
  it("has the key as a variable, and its quotes as the shell wants them", () => {
    expect(curlOf(entry({}), "http://127.0.0.1:4010/v1")).toBe(
      [
        "curl -N -X POST 'http://127.0.0.1:4010/v1/responses'",
        '  -H "Authorization: Bearer $OPENAI_API_KEY"',
        "  -H 'content-type: application/json'",
        "  -H 'openai-project: it'\\''s'",
        `  --data-raw '{"model":"gpt-5.5","input":"what'\\''s new","stream":true}'`,
      ].join(" \\\n"),
    );
  });

  it("without a body is short", () => {
    const line = curlOf(
      entry({ method: "GET", path: "/v1/models?limit=2", request: null, request_headers: {} }),
      "http://127.0.0.1:4010/v1",
    );
    expect(line).toBe(
      `curl 'http://127.0.0.1:4010/v1/models?limit=2' \\\n  -H "Authorization: Bearer $OPENAI_API_KEY"`,
    );
  });
});

test("a stream is known by its content type", () => {
  expect(isStream(entry({}))).toBe(true);
  expect(isStream(entry({ response_headers: {} }))).toBe(false);
});

test("a body is laid out where it is JSON", () => {
  expect(readable('{"a":1}')).toEqual({ text: '{\n  "a": 1\n}', json: true });
  expect(readable("<html>")).toEqual({ text: "<html>", json: false });
});

test.each(["python", "node", "curl"] as const)(
  "the example in %s names address and model",
  (kind) => {
    const text = snippet(kind, "http://127.0.0.1:4010/v1", "gpt-5.5");
    expect(text).toContain("http://127.0.0.1:4010/v1");
    expect(text).toContain("gpt-5.5");
  },
);
