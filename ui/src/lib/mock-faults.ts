// Every failure that a rule can ask for, in one table: its words, its fields with their ranges, and how
// a new one is filled in. Exhaustive on purpose: a new kind of the engine does not compile without a row.
import type { MockFault, MockStreamCode } from "../contract/ipc";
import { duration } from "./format";

export type FaultKind = MockFault["kind"];
export type FaultGroup = "limits" | "server" | "request" | "stream" | "transport";

export const GROUP_NAMES: Record<FaultGroup, string> = {
  limits: "Limits",
  server: "Server",
  request: "Request",
  stream: "Stream",
  transport: "Transport",
};

/** One thing to fill in. `key` is the field's name in the fault, and in the engine's messages. */
export interface FaultField {
  key: string;
  label: string;
  help: string;
  input:
    | { type: "whole" | "number"; min: number; max: number; unit?: string; example: string }
    | { type: "text"; example: string }
    | { type: "choice"; options: readonly { value: string; label: string }[] }
    | { type: "yes_no" };
  /** May be left empty, and is left out then. */
  optional: boolean;
}

export interface FaultRow {
  group: FaultGroup;
  label: string;
  help: string;
  fields: readonly FaultField[];
  /** A new one, with the usual values. */
  fresh: () => MockFault;
}

/** Longer waits than a day are slips of the hand. */
const LONGEST_MS = 86_400_000;
const MOST_EVENTS = 100_000;
/** What the engine still sends in one event. */
const LARGEST_EVENT = 268_435_456;

const whole = (
  key: string,
  label: string,
  help: string,
  more: { min?: number; max?: number; unit?: string; example: string; optional?: boolean },
): FaultField => ({
  key,
  label,
  help,
  input: {
    type: "whole",
    min: more.min ?? 0,
    max: more.max ?? LONGEST_MS,
    ...(more.unit ? { unit: more.unit } : {}),
    example: more.example,
  },
  optional: more.optional ?? false,
});

const text = (
  key: string,
  label: string,
  help: string,
  example: string,
  optional = false,
): FaultField => ({ key, label, help, input: { type: "text", example }, optional });

const choice = (
  key: string,
  label: string,
  help: string,
  options: readonly [value: string, label: string][],
): FaultField => ({
  key,
  label,
  help,
  input: { type: "choice", options: options.map(([value, label]) => ({ value, label })) },
  optional: false,
});

const AFTER = whole(
  "after_events",
  "After events",
  "Events that still come whole. 0 is before the first.",
  { max: MOST_EVENTS, example: "5" },
);

const SHOULD_RETRY: FaultField = {
  key: "should_retry",
  label: "x-should-retry",
  help: "The header that overrules what a client would do by itself.",
  input: { type: "yes_no" },
  optional: true,
};

const SECONDS: FaultField = {
  key: "retry_after_s",
  label: "Retry after, seconds",
  help: "In the retry-after header. Decimals are allowed.",
  input: { type: "number", min: 0, max: 86_400, unit: "s", example: "2.5" },
  optional: true,
};

const STREAM_CODES: Record<MockStreamCode, string> = {
  server_error: "Server error",
  server_is_overloaded: "Overloaded",
  rate_limit_exceeded: "Rate limit",
  insufficient_quota: "Out of quota",
  context_length_exceeded: "Input too long",
};

export const FAULTS: Record<FaultKind, FaultRow> = {
  rate_limited: {
    group: "limits",
    label: "Rate limit (429)",
    help: "Too many requests. The waiting headers tell the client when to try again.",
    fields: [
      whole("retry_after_ms", "Retry after, ms", "In the retry-after-ms header.", {
        unit: "ms",
        example: "1200",
        optional: true,
      }),
      SECONDS,
      whole(
        "retry_after_date",
        "Retry after, as a date",
        "Seconds from now, sent as an HTTP date. Below 0 for one that has passed. Not together with seconds.",
        { min: -86_400, max: 86_400, unit: "s", example: "10", optional: true },
      ),
      choice("code", "Code", "The API has two forms of this error.", [
        ["rate_limit_exceeded", "rate_limit_exceeded"],
        ["slow_down", "slow_down"],
      ]),
      SHOULD_RETRY,
    ],
    fresh: () => ({ kind: "rate_limited", retry_after_ms: 1200, code: "rate_limit_exceeded" }),
  },
  insufficient_quota: {
    group: "limits",
    label: "Out of quota (429)",
    help: "The credit or a spend limit is used up. Waiting does not help, and a client must not retry.",
    fields: [
      choice("code", "Code", "Which limit was reached.", [
        ["insufficient_quota", "insufficient_quota"],
        ["credit_balance_exhausted", "credit_balance_exhausted"],
        ["organization_spend_limit_exceeded", "organization_spend_limit_exceeded"],
        ["project_spend_limit_exceeded", "project_spend_limit_exceeded"],
        ["organization_usage_limit_exceeded", "organization_usage_limit_exceeded"],
      ]),
    ],
    fresh: () => ({ kind: "insufficient_quota", code: "insufficient_quota" }),
  },
  server_error: {
    group: "server",
    label: "Server error (500)",
    help: "The API failed. Trying again often works.",
    fields: [],
    fresh: () => ({ kind: "server_error" }),
  },
  overloaded: {
    group: "server",
    label: "Overloaded (503)",
    help: "The API is too busy.",
    fields: [SECONDS],
    fresh: () => ({ kind: "overloaded" }),
  },
  context_length_exceeded: {
    group: "request",
    label: "Input too long (400)",
    help: "The input does not fit the model's context window. Retrying does not help.",
    fields: [],
    fresh: () => ({ kind: "context_length_exceeded" }),
  },
  invalid_key: {
    group: "request",
    label: "Key not accepted (401)",
    help: "The key is wrong or revoked.",
    fields: [],
    fresh: () => ({ kind: "invalid_key" }),
  },
  forbidden: {
    group: "request",
    label: "Not allowed (403)",
    help: "A country or region that the API does not serve.",
    fields: [],
    fresh: () => ({ kind: "forbidden" }),
  },
  status: {
    group: "request",
    label: "Any other status",
    help: "A status of your choice with the API's error body.",
    fields: [
      whole("status", "Status", "From 400 to 599.", { min: 400, max: 599, example: "409" }),
      text("message", "Message", "In the error's body.", "The conversation is locked."),
      text("type", "Type", "In the error's body.", "invalid_request_error"),
      text("param", "Param", "The field that the error names.", "input", true),
      text("code", "Code", "In the error's body.", "conversation_locked", true),
      SHOULD_RETRY,
    ],
    fresh: () => ({
      kind: "status",
      status: 409,
      message: "The request was refused.",
      type: "invalid_request_error",
      param: null,
      code: null,
    }),
  },
  refusal: {
    group: "request",
    label: "Refusal (200)",
    help: "The model declines in place of an answer. It is a success for the transport.",
    fields: [
      text("text", "Text", "What the model says.", "I'm sorry, but I can't help with that."),
    ],
    fresh: () => ({ kind: "refusal", text: "I'm sorry, but I can't help with that." }),
  },
  error_in_stream: {
    group: "stream",
    label: "Error inside the stream",
    help: "Status 200, some events, then an error event and response.failed. A failed response where nothing is streamed.",
    fields: [
      AFTER,
      choice(
        "code",
        "Code",
        "What the stream fails of.",
        Object.entries(STREAM_CODES).map(([value, label]) => [value, label]),
      ),
      {
        key: "flat",
        label: "Flat error fields",
        help: "The error's fields beside its type, as the SDKs describe it, instead of nested.",
        input: { type: "yes_no" },
        optional: false,
      },
    ],
    fresh: () => ({ kind: "error_in_stream", after_events: 2, code: "server_error", flat: false }),
  },
  slow_start: {
    group: "stream",
    label: "Slow start",
    help: "Not even the headers come for a while.",
    fields: [whole("ms", "Wait", "Before the first byte.", { unit: "ms", example: "5000" })],
    fresh: () => ({ kind: "slow_start", ms: 5000 }),
  },
  stall: {
    group: "stream",
    label: "Stall",
    help: "Nothing more comes, and the connection stays open: only an idle timeout helps.",
    fields: [AFTER],
    fresh: () => ({ kind: "stall", after_events: 5 }),
  },
  drip: {
    group: "stream",
    label: "Drip",
    help: "One byte at a time.",
    fields: [whole("ms", "Wait", "After every byte.", { unit: "ms", example: "20" })],
    fresh: () => ({ kind: "drip", ms: 20 }),
  },
  cut_mid_event: {
    group: "stream",
    label: "Cut mid-event",
    help: "The connection breaks in the middle of an event.",
    fields: [AFTER],
    fresh: () => ({ kind: "cut_mid_event", after_events: 5 }),
  },
  malformed_json: {
    group: "stream",
    label: "Malformed JSON",
    help: "The data of one event ends too early.",
    fields: [
      whole("at_event", "At event", "Which event is broken. 0 is the first.", {
        max: MOST_EVENTS,
        example: "3",
      }),
    ],
    fresh: () => ({ kind: "malformed_json", at_event: 3 }),
  },
  huge_event: {
    group: "stream",
    label: "Huge event",
    help: "The first delta is that much larger, in a field that clients leave unread.",
    fields: [
      whole("bytes", "Bytes", "At most 256 MB.", {
        max: LARGEST_EVENT,
        unit: "bytes",
        example: "1048576",
      }),
    ],
    fresh: () => ({ kind: "huge_event", bytes: 1_048_576 }),
  },
  split_utf8: {
    group: "transport",
    label: "Letters split over chunks",
    help: "Letters of more than one byte arrive in two pieces.",
    fields: [],
    fresh: () => ({ kind: "split_utf8" }),
  },
  crlf: {
    group: "transport",
    label: "CR LF line ends",
    help: "Event lines end with CR LF, as the format allows.",
    fields: [],
    fresh: () => ({ kind: "crlf" }),
  },
  comments: {
    group: "transport",
    label: "Comments between events",
    help: "A comment before every event, as proxies send to keep a connection open.",
    fields: [],
    fresh: () => ({ kind: "comments" }),
  },
  wrong_content_type: {
    group: "transport",
    label: "Wrong content type",
    help: "The body is right, its content-type header is not.",
    fields: [
      text("content_type", "Content type", "What the header says.", "text/plain; charset=utf-8"),
    ],
    fresh: () => ({ kind: "wrong_content_type", content_type: "text/plain; charset=utf-8" }),
  },
  gzip: {
    group: "transport",
    label: "Gzip",
    help: "The body is compressed, whether the client takes that or not.",
    fields: [],
    fresh: () => ({ kind: "gzip" }),
  },
  redirect: {
    group: "transport",
    label: "Redirect",
    help: "Another address is named. A client that follows it may send the key there.",
    fields: [
      text("to", "To", "The location header.", "http://127.0.0.1:9/v1/responses"),
      choice("status", "Status", "307 and 308 keep the method and the body.", [
        ["301", "301"],
        ["302", "302"],
        ["303", "303"],
        ["307", "307"],
        ["308", "308"],
      ]),
    ],
    fresh: () => ({ kind: "redirect", to: "http://127.0.0.1:9/v1/responses", status: 307 }),
  },
  html_page: {
    group: "transport",
    label: "Web page in place of an answer",
    help: "Status 200 with HTML, as the log-in page of a network answers.",
    fields: [],
    fresh: () => ({ kind: "html_page" }),
  },
};

export const FAULT_KINDS = Object.keys(FAULTS) as readonly FaultKind[];

/** A field's value in a fault, as it stands. */
export function fieldOf(fault: MockFault, key: string): unknown {
  return (fault as unknown as Record<string, unknown>)[key] ?? null;
}

/** Fields of a fault that the engine wants even where there is nothing to say. */
const SAID_AS_NULL: Partial<Record<FaultKind, readonly string[]>> = { status: ["param", "code"] };

/** The fault with a field changed. Null leaves the field out. */
export function withField(fault: MockFault, key: string, value: unknown): MockFault {
  const copy: Record<string, unknown> = { ...fault };
  if (value === null && !SAID_AS_NULL[fault.kind]?.includes(key)) delete copy[key];
  else copy[key] = fault.kind === "redirect" && key === "status" ? Number(value) : value;
  return copy as unknown as MockFault;
}

/** Why a value can't be, with an example; null where it can. */
export function fieldProblem(field: FaultField, value: unknown): string | null {
  if (value === null || value === undefined || value === "") {
    return field.optional ? null : emptyProblem(field);
  }
  const { input } = field;
  if (input.type !== "whole" && input.type !== "number") return null;
  const number = Number(value);
  const fits =
    Number.isFinite(number) &&
    number >= input.min &&
    number <= input.max &&
    (input.type === "number" || Number.isInteger(number));
  if (fits) return null;
  const kind = input.type === "whole" ? "a whole number" : "a number";
  return `Use ${kind} from ${input.min} to ${input.max}, such as ${input.example}.`;
}

function emptyProblem(field: FaultField): string {
  const { input } = field;
  const example = "example" in input ? `, such as ${input.example}` : "";
  return `${field.label} is needed${example}.`;
}

/** A fault in words: what a client sees. */
export function sayFault(fault: MockFault): string {
  const { label } = FAULTS[fault.kind];
  switch (fault.kind) {
    case "rate_limited": {
      const waits = [
        fault.retry_after_ms != null ? duration(fault.retry_after_ms) : null,
        fault.retry_after_s != null ? `${fault.retry_after_s} s` : null,
        fault.retry_after_date != null ? `a date ${fault.retry_after_date} s from now` : null,
      ].filter((it) => it !== null);
      return waits.length > 0 ? `${label}, retry after ${waits.join(" and ")}` : label;
    }
    case "overloaded":
      return fault.retry_after_s != null ? `${label}, retry after ${fault.retry_after_s} s` : label;
    case "insufficient_quota":
      return `${label}, ${fault.code}`;
    case "status":
      return `Status ${fault.status}: ${fault.message}`;
    case "error_in_stream":
      return `${STREAM_CODES[fault.code]} inside the stream ${after(fault.after_events)}`;
    case "stall":
    case "cut_mid_event":
      return `${label} ${after(fault.after_events)}`;
    case "slow_start":
      return `${label}, ${duration(fault.ms)}`;
    case "drip":
      return `${label}, a byte every ${duration(fault.ms)}`;
    case "malformed_json":
      return `${label} in event ${fault.at_event}`;
    case "huge_event":
      return `${label} of ${fault.bytes} bytes`;
    case "redirect":
      return `Redirect ${fault.status} to ${fault.to}`;
    case "wrong_content_type":
      return `${label}: ${fault.content_type}`;
    default:
      return label;
  }
}

function after(events: number): string {
  if (events === 0) return "before the first event";
  return `after ${events} ${events === 1 ? "event" : "events"}`;
}
