// Requests and answers of the stand-in's log as text: the events of a stream, a body to read, a command line.
import type { MockLogEntry } from "../contract/ipc";

/** One event of a stream. */
export interface SentEvent {
  /** ms since the request came in, at which its last byte went out. */
  atMs: number;
  /** Its type; `comment` for lines that clients skip. */
  kind: string;
  data: string;
  /** It broke off. */
  cut: boolean;
}

/** The events in the chunks of a body, wherever the chunks were split. */
export function eventsIn(chunks: readonly (readonly [number, string])[]): SentEvent[] {
  const found: SentEvent[] = [];
  let rest = "";
  let last = 0;
  for (const [atMs, text] of chunks) {
    last = atMs;
    rest += text;
    for (;;) {
      const end = /\r?\n\r?\n/.exec(rest);
      if (!end) break;
      const event = eventOf(rest.slice(0, end.index), atMs, false);
      if (event) found.push(event);
      rest = rest.slice(end.index + end[0].length);
    }
  }
  const event = rest.trim() === "" ? null : eventOf(rest, last, true);
  if (event) found.push(event);
  return found;
}

function eventOf(block: string, atMs: number, cut: boolean): SentEvent | null {
  const lines = block.split(/\r?\n/);
  const value = (name: string): string[] =>
    lines.flatMap((line) =>
      line.startsWith(`${name}:`) ? [line.slice(name.length + 1).replace(/^ /, "")] : [],
    );
  const data = value("data").join("\n");
  const named = value("event")[0];
  if (data === "" && named === undefined) {
    const comment = lines.find((line) => line.startsWith(":"));
    return comment === undefined
      ? null
      : { atMs, kind: "comment", data: comment.slice(1).trim(), cut };
  }
  return { atMs, kind: named ?? typeIn(data) ?? "data", data, cut };
}

function typeIn(data: string): string | null {
  return (
    /"type"\s*:\s*"([^"]+)"/.exec(data)?.[1] ?? /"object"\s*:\s*"([^"]+)"/.exec(data)?.[1] ?? null
  );
}

export function isStream(entry: MockLogEntry): boolean {
  return (entry.response_headers["content-type"] ?? "").startsWith("text/event-stream");
}

/** A body to read: JSON laid out, anything else as it is. */
export function readable(text: string): { text: string; json: boolean } {
  try {
    return { text: JSON.stringify(JSON.parse(text), null, 2), json: true };
  } catch {
    return { text, json: false };
  }
}

/** What curl and the connection set by themselves. */
const OWN_HEADERS =
  /^(authorization|host|content-length|user-agent|accept-encoding|connection|x-stainless-.*)$/i;

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The request as a command line, with the key as a variable of the shell. */
export function curlOf(entry: MockLogEntry, baseUrl: string): string {
  const origin = baseUrl.replace(/\/v1\/?$/, "");
  const streams =
    typeof entry.request === "object" && entry.request !== null && "stream" in entry.request;
  const lines = [
    `curl${streams ? " -N" : ""}${entry.method === "GET" ? "" : ` -X ${entry.method}`} ${quoted(origin + entry.path)}`,
    `-H "Authorization: Bearer $OPENAI_API_KEY"`,
    ...Object.entries(entry.request_headers)
      .filter(([name]) => !OWN_HEADERS.test(name))
      .map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
  ];
  if (entry.request !== null && entry.request !== undefined) {
    const body = typeof entry.request === "string" ? entry.request : JSON.stringify(entry.request);
    lines.push(`--data-raw ${quoted(body)}`);
  }
  return lines.join(" \\\n  ");
}

export type SnippetKind = "python" | "node" | "curl";

/** How to point a program at the stand-in. */
export function snippet(kind: SnippetKind, baseUrl: string, model: string): string {
  switch (kind) {
    case "python":
      return `from openai import OpenAI

client = OpenAI(base_url="${baseUrl}", api_key="any")
reply = client.responses.create(model="${model}", input="Say hello.")
print(reply.output_text)`;
    case "node":
      return `import OpenAI from "openai";

const client = new OpenAI({ baseURL: "${baseUrl}", apiKey: "any" });
const reply = await client.responses.create({ model: "${model}", input: "Say hello." });
console.log(reply.output_text);`;
    case "curl":
      return `curl ${baseUrl}/responses \\
  -H "Authorization: Bearer any" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "${model}", "input": "Say hello."}'`;
  }
}
