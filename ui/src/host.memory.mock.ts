// The stand-in's side of the engine in memory: rules that count, a ladder that answers, recordings
// that come back, a log that other programs write to, and drift. Everything in it is fixed.
import type {
  Calls,
  EngineError,
  ErrorCode,
  MockedRequest,
  MockLogEntry,
  MockLogRow,
  MockNews,
  MockPinned,
  MockRecordingFile,
  MockRule,
  MockRung,
  MockSpeed,
  MockStateOutput,
  RequestFile,
  RunPatch,
  RunView,
  Streams,
} from "./contract/ipc";
import { asText, at } from "./lib/body";
import { entryOf, type Asked } from "./host.memory.log";

export interface MockTwinOptions {
  /** Every request of the workspace that can be read, with its folder. */
  requests: () => readonly { request: RequestFile; folder: string }[];
  /** The address that Live uses. */
  liveBaseUrl: () => string;
  /** Throws where production wants a yes first. */
  isConfirmed: () => void;
  /** A run of the history. */
  run: (id: string) => RunView | null;
  /** Sends a request live, for drift. */
  send: (
    ticket: string,
    request: RequestFile,
    onItem: (patch: RunPatch) => void,
  ) => Promise<RunView>;
  /** What passed through to the live API becomes a run of the history. */
  passed: (runId: string, model: string | null, effort: string | null, atMs: number) => void;
  fail: (code: ErrorCode, message: string, more?: Partial<EngineError>) => EngineError;
  /** Rules, recordings and requests are there already. */
  used: boolean;
  /** Another program sends a request every so many ms while the log is watched; none where left out. */
  traffic?: number;
}

type MockCalls = Pick<
  Calls,
  | "mock_state"
  | "set_mock"
  | "set_mock_rules"
  | "pin_mock"
  | "save_as_mock"
  | "remove_recording"
  | "restore_recording"
  | "list_mock_log"
  | "read_mock_entry"
  | "clear_mock_log"
>;
type MockStreams = Pick<Streams, "watch_mock_log" | "mock_drift">;

const USUAL_RUNGS: readonly MockRung[] = ["live_last", "sequence", "upstream", "composed"];
const PORT_IN_USE = 4011;
const RECORDED_AT = Date.UTC(2026, 10, 18, 9, 12, 40);
const LIVE_AT = Date.UTC(2026, 10, 20, 14, 32, 7);
const LOGGED_AT = Date.UTC(2026, 10, 20, 15, 4, 11);

const USED_RULES: readonly MockRule[] = [
  {
    id: "twice-limited",
    name: "Rate limit twice, then answer",
    enabled: false,
    matches: { path: "/v1/responses", model: "gpt-5.5*" },
    action: { fault: { kind: "rate_limited", retry_after_ms: 1200, code: "rate_limit_exceeded" } },
    times: 2,
  },
  {
    id: "one-in-five-cut",
    name: "One in five cut mid-stream",
    enabled: true,
    matches: { path: "/v1/responses", every: 5 },
    action: { fault: { kind: "cut_mid_event", after_events: 12 } },
  },
  {
    id: "triage-fixed",
    name: "Triage always answers the same",
    enabled: true,
    matches: { body_contains: "Classify the ticket" },
    action: { pin: "Classify ticket" },
  },
];

function recording(more: Partial<MockRecordingFile> & { file: string }): MockRecordingFile {
  return {
    name: more.file,
    problem: null,
    requestId: null,
    live: true,
    recordedAt: RECORDED_AT,
    status: 200,
    streamed: true,
    cut: false,
    totalMs: 29_900,
    ...more,
  };
}

function usedRecordings(ids: readonly string[]): MockRecordingFile[] {
  return [
    recording({
      file: "flag-locking-ddl-1.recording.jsonl",
      name: "Flag locking DDL",
      requestId: ids[0],
    }),
    recording({
      file: "flag-locking-ddl-2.recording.jsonl",
      name: "Flag locking DDL",
      requestId: ids[0],
      recordedAt: LIVE_AT,
      totalMs: 31_240,
    }),
    recording({
      file: "classify-ticket.recording.jsonl",
      name: "Classify ticket",
      requestId: ids[3],
      totalMs: 2_140,
      streamed: false,
    }),
    recording({
      file: "draft-first-reply.recording.jsonl",
      name: "Draft first reply",
      requestId: ids[4],
      live: false,
      cut: true,
      totalMs: 4_380,
    }),
    recording({
      file: "half-copied.recording.jsonl",
      problem: "Line 3 is not JSON, so the recording can't be used.",
      live: false,
      recordedAt: null,
      status: null,
      streamed: false,
      totalMs: 0,
    }),
  ];
}

/** Whether a text is what a pattern with `*` describes. */
function isLike(pattern: string | null | undefined, text: string | null): boolean {
  if (pattern === null || pattern === undefined) return true;
  if (text === null) return false;
  const escaped = pattern.split("*").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${escaped.join("[^]*")}$`).test(text);
}

function fits({ matches }: MockRule, asked: Asked): boolean {
  return (
    isLike(matches.path, asked.path) &&
    isLike(matches.model, asked.model) &&
    isLike(matches.effort, asked.effort) &&
    (!matches.body_contains || JSON.stringify(asked.body).includes(matches.body_contains)) &&
    (!matches.key || matches.key === asked.key)
  );
}

/** What keeps a rule from being followed: the field and the reason. */
function wrongIn(rule: MockRule, all: readonly MockRule[]): string | null {
  const { matches, action } = rule;
  if (rule.id === "") return "id: it must be text that a header can hold";
  if (all.filter((it) => it.id === rule.id).length > 1) return "id: another rule has the same";
  if (rule.times === 0) return "times: it must be 1 or more; leave it out for always";
  if (matches.path && !/^[/*]/.test(matches.path)) return "matches.path: it must start with / or *";
  if (matches.rate != null && (matches.rate < 0 || matches.rate > 1)) {
    return "matches.rate: it must be 0 to 1";
  }
  if (matches.rate != null && matches.every != null) {
    return "matches.every: matches.rate is given as well; give one of the two";
  }
  if ("pin" in action && action.pin === "") return "action.pin: it must be a recording's name";
  if ("fault" in action && action.fault.kind === "redirect" && action.fault.to === "") {
    return "action.fault.to: it must be text that a header can hold";
  }
  return null;
}

function askedOf(request: RequestFile, own: boolean): Asked {
  return {
    own,
    method: "POST",
    path: "/v1/responses",
    key: `key-${request.id}`,
    model: asText(request.body.model),
    effort: asText(at(request.body, ["reasoning", "effort"])) ?? "medium",
    body: own ? request.body : { ...request.body, stream: true },
  };
}

const wasPassed = (entry: MockLogEntry): boolean =>
  entry.rung === "upstream" && entry.outcome === "complete";
const passedId = (entry: MockLogEntry): string => `run-passed-${entry.id}`;

export function mockTwin(options: MockTwinOptions): {
  calls: { [N in keyof MockCalls]: (input: Calls[N]["input"]) => Calls[N]["output"] };
  streams: {
    [N in keyof MockStreams]: (
      input: Streams[N]["input"],
      onItem: (item: Streams[N]["item"]) => void,
    ) => Promise<Streams[N]["output"]>;
  };
  /** Ends a watch by its ticket. */
  stop: (ticket: string) => boolean;
} {
  const { fail } = options;
  const ids = options.requests().map(({ request }) => request.id);
  const chosen = new Map<string, MockPinned>();
  const texts = new Map<string, MockRecordingFile>();
  const watchers = new Map<string, { tell: (news: MockNews) => void; end: () => void }>();
  let rules = (options.used ? [...USED_RULES] : []).map((rule) => ({
    rule,
    matched: 0,
    applied: 0,
  }));
  let recordings = options.used ? usedRecordings(ids) : [];
  let open = options.used;
  let origins: string[] = [];
  let port = 4010;
  let token = "";
  let speed: MockSpeed = { multiple: 1 };
  let rungs: MockRung[] = [...USUAL_RUNGS];
  let anyEffort = false;
  let atEnd: MockStateOutput["atEnd"] = "stick";
  let recordsFrom: string | null = null;
  let entries: MockLogEntry[] = [];
  let sent = 0;
  let saved = 0;

  const lastLiveAt = (id: string): number | null =>
    options.used && (id === ids[0] || id === ids[3]) ? LIVE_AT : null;
  const recorded = (id: string): MockRecordingFile[] =>
    recordings.filter((it) => it.requestId === id && it.problem === null);

  function rungFor(requestId: string | null, own: boolean): MockRung | null {
    const pinned = requestId === null ? undefined : chosen.get(requestId);
    const order: MockRung[] = pinned === undefined || typeof pinned === "object" ? rungs : [pinned];
    const has: Record<MockRung, () => boolean> = {
      rule: () => false,
      live_last: () => requestId !== null && lastLiveAt(requestId) !== null,
      sequence: () => requestId !== null && recorded(requestId).length > 0,
      upstream: () => !own && recordsFrom !== null,
      composed: () => true,
    };
    return order.find((rung) => has[rung]()) ?? null;
  }

  function mocked(request: RequestFile, folder: string): MockedRequest {
    const asked = askedOf(request, true);
    const pinned = chosen.get(request.id) ?? null;
    const sure = rules.find(
      ({ rule, applied }) =>
        rule.enabled &&
        (rule.times ?? Infinity) > applied &&
        (rule.matches.rate ?? 1) >= 1 &&
        (rule.matches.every ?? 1) <= 1 &&
        fits(rule, asked),
    );
    const rule =
      pinned !== null && typeof pinned === "object"
        ? pinned.rule
        : pinned === null
          ? (sure?.rule.id ?? null)
          : null;
    return {
      id: request.id,
      name: request.name,
      folder,
      model: asked.model,
      effort: asText(at(request.body, ["reasoning", "effort"])),
      chosen: pinned,
      answeredBy: rule === null ? rungFor(request.id, true) : "rule",
      rule,
      lastLiveAt: lastLiveAt(request.id),
      recordings: recorded(request.id).length,
    };
  }

  function state(): MockStateOutput {
    return {
      baseUrl: `http://127.0.0.1:${port === 0 || port === PORT_IN_USE ? 49152 : port}/v1`,
      open,
      origins,
      port,
      portProblem:
        port === PORT_IN_USE
          ? fail("bad_input", `Port ${port} is in use.`, {
              place: "port",
              hint: "It listens on a free port until Rheostat closes. Choose another port, or stop what uses this one.",
            })
          : null,
      tokenRequired: token !== "",
      speed,
      rungs: [...rungs],
      anyEffort,
      atEnd,
      rules: structuredClone(rules),
      recordsFrom,
      requests: options.requests().map(({ request, folder }) => mocked(request, folder)),
      recordingsFolder: "~/Rheostat/Platform prompts/.rheostat/recordings",
      recordings: structuredClone(recordings),
      problems: recordings.flatMap((it) =>
        it.problem === null ? [] : [`${it.file}: ${it.problem}`],
      ),
    };
  }

  /** A request comes in: rules count, the ladder answers, the log keeps it. */
  function take(asked: Asked, requestId: string | null, atMs: number): MockLogEntry {
    const applied = rules.find((it) => {
      const { rule } = it;
      if (!rule.enabled || (rule.times ?? Infinity) <= it.applied || !fits(rule, asked))
        return false;
      it.matched += 1;
      if (rule.matches.every != null && it.matched % rule.matches.every !== 0) return false;
      it.applied += 1;
      return true;
    });
    sent += 1;
    const rung = applied ? "rule" : rungFor(requestId, asked.own);
    const entry = entryOf(sent, asked, atMs, rung, applied?.rule ?? null);
    entries = [...entries, entry].slice(-1000);
    if (wasPassed(entry)) options.passed(passedId(entry), asked.model, asked.effort, atMs);
    return entry;
  }

  function row(entry: MockLogEntry): MockLogRow {
    const passed = wasPassed(entry);
    return {
      id: entry.id,
      atMs: entry.at_ms,
      own: entry.own,
      method: entry.method,
      path: entry.path,
      model: entry.model,
      effort: entry.effort,
      status: entry.status,
      rung: entry.rung,
      rule: entry.rule,
      firstByteMs: entry.first_byte_ms,
      totalMs: entry.total_ms,
      bytes: entry.bytes,
      outcome: entry.outcome,
      runId: passed ? passedId(entry) : null,
      cost: passed ? 41_250_000 : null,
    };
  }

  /** What the other program sends, one after another. */
  function nextAsked(): { asked: Asked; requestId: string | null } {
    const all = options.requests();
    const { request } = all[(sent * 3) % all.length]!;
    if (sent % 7 === 2) {
      const asked: Asked = {
        own: false,
        method: "GET",
        path: "/v1/models",
        key: "key-models",
        model: null,
        effort: null,
        body: null,
      };
      return { asked, requestId: null };
    }
    return { asked: askedOf(request, sent % 4 === 1), requestId: request.id };
  }

  if (options.used) {
    for (let i = 0; i < 14; i += 1) {
      const { asked, requestId } = nextAsked();
      take(asked, requestId, LOGGED_AT + i * 4_310);
    }
  }

  function check(changed: readonly MockRule[]): void {
    for (const rule of changed) {
      const wrong = wrongIn(rule, changed);
      if (wrong) {
        throw fail("bad_input", `Rule ${JSON.stringify(rule.id)}, ${wrong}.`, { place: "rules" });
      }
    }
  }

  return {
    calls: {
      mock_state: state,
      set_mock: (input) => {
        const typed = input.token?.trim();
        if (typed && (typed.length < 8 || !/^[!-~]+$/.test(typed))) {
          throw fail(
            "bad_input",
            "A token is at least 8 letters, digits or signs without spaces.",
            { place: "token", hint: "Leave it empty to take any key." },
          );
        }
        const profile =
          typeof input.speed === "object" && "profile" in input.speed ? input.speed.profile : null;
        if (profile && !(profile.tokens_per_second > 0)) {
          throw fail(
            "bad_input",
            `tokens_per_second: ${profile.tokens_per_second} cannot be followed. Give a number above zero.`,
            { place: "speed" },
          );
        }
        token = typed ?? token;
        open = input.open ?? open;
        origins = input.origins ? [...input.origins] : origins;
        port = input.port ?? port;
        speed = input.speed ?? speed;
        rungs = input.rungs ? [...input.rungs] : rungs;
        anyEffort = input.anyEffort ?? anyEffort;
        atEnd = input.atEnd ?? atEnd;
        if (input.record === true) options.isConfirmed();
        if (input.record !== undefined) recordsFrom = input.record ? options.liveBaseUrl() : null;
        return state();
      },
      set_mock_rules: ({ rules: changed }) => {
        check(changed);
        rules = structuredClone(changed).map((rule) => ({ rule, matched: 0, applied: 0 }));
        return state();
      },
      pin_mock: ({ requestId, answer }) => {
        if (answer === null) chosen.delete(requestId);
        else chosen.set(requestId, answer);
        return state();
      },
      save_as_mock: ({ runId }) => {
        const run = options.run(runId);
        if (!run) throw fail("bad_input", "This run is not in the history.", { place: "runId" });
        const found = options.requests().find((it) => it.request.id === run.facts.requestId);
        const name = found?.request.name ?? "Answer";
        const file = `${runId}.recording.jsonl`;
        if (recordings.some((it) => it.file === file)) return { file, name, known: true };
        saved += 1;
        recordings = [
          recording({
            file,
            name,
            requestId: run.facts.requestId ?? undefined,
            live: run.facts.sample === null,
            recordedAt: RECORDED_AT + saved * 60_000,
            totalMs: run.facts.totalMs ?? 0,
          }),
          ...recordings,
        ];
        return { file, name, known: false };
      },
      remove_recording: ({ file }) => {
        const found = recordings.find((it) => it.file === file);
        if (!found) throw fail("file_unreadable", `There is no file ${file}.`, { place: file });
        texts.set(file, found);
        recordings = recordings.filter((it) => it.file !== file);
        return { text: `{"format":1,"name":${JSON.stringify(found.name)}}\n`, state: state() };
      },
      restore_recording: ({ file }) => {
        const back = texts.get(file);
        if (!back || recordings.some((it) => it.file === file)) {
          throw fail("bad_input", `${file} is there already.`, { place: "file" });
        }
        recordings = [...recordings, back].toSorted((a, b) => (a.file < b.file ? -1 : 1));
        return state();
      },
      list_mock_log: () => ({ rows: entries.map(row) }),
      read_mock_entry: ({ id }) => {
        const entry = entries.find((it) => it.id === id);
        if (!entry) {
          throw fail("bad_input", "The log no longer holds this request.", {
            place: "id",
            hint: "It keeps the last 1,000 requests, and 64 MB of their bodies.",
          });
        }
        const rule: MockRule = {
          id: `entry-${id}`,
          name: `${entry.method} ${entry.path} as in entry ${id}`,
          enabled: true,
          matches: { key: entry.key },
          action: {
            answer: {
              head: {
                format: 1,
                request: { method: entry.method, path: entry.path, body: entry.request },
                response: {
                  status: entry.status ?? 200,
                  headers: entry.response_headers as Record<string, string>,
                },
                recorded_at: entry.at_ms,
                source: "sample",
                name: "",
              },
              lines: entry.response,
            },
          },
        };
        return { entry: structuredClone(entry), rule: entry.kept_whole ? rule : null };
      },
      clear_mock_log: () => {
        entries = [];
        return {};
      },
    },
    streams: {
      watch_mock_log: ({ ticket }, onItem) =>
        new Promise((resolve) => {
          const beat = options.traffic;
          const timer =
            beat === undefined
              ? undefined
              : setInterval(() => {
                  const { asked, requestId } = nextAsked();
                  const entry = take(asked, requestId, LOGGED_AT + 60_000 + sent * 1_600);
                  const coming: MockLogRow = {
                    ...row(entry),
                    status: null,
                    firstByteMs: null,
                    totalMs: null,
                    bytes: 0,
                    outcome: "running",
                    runId: null,
                    cost: null,
                  };
                  onItem({ rows: [coming], missed: false });
                  setTimeout(() => {
                    if (watchers.has(ticket)) onItem({ rows: [row(entry)], missed: false });
                  }, beat / 2);
                }, beat);
          watchers.set(ticket, {
            tell: onItem,
            end: () => {
              clearInterval(timer);
              watchers.delete(ticket);
              resolve({});
            },
          });
        }),
      mock_drift: async ({ ticket, file, fresh }, onItem) => {
        const old = recordings.find((it) => it.file === file);
        if (!old) throw fail("file_unreadable", `There is no file ${file}.`, { place: file });
        const found = options.requests().find((it) => it.request.id === old.requestId);
        if (!fresh && (!found || lastLiveAt(found.request.id) === null)) {
          throw fail(
            "bad_input",
            "There is no real answer to this request in the history to compare with.",
            { place: "file", hint: "Send the request live, or compare with a fresh answer." },
          );
        }
        const run = fresh && found ? await options.send(ticket, found.request, onItem) : null;
        if (run?.facts.status === "stopped") throw fail("cancelled", "Cancelled.");
        return {
          differences: old.streamed
            ? [
                { path: "event response.reasoning_summary_part.added", was: null, now: "sent" },
                {
                  path: "response.completed.response.usage.cost_details",
                  was: null,
                  now: "object",
                },
                { path: "response.completed.response.user", was: "string", now: null },
              ]
            : [],
          recordedAt: old.recordedAt ?? RECORDED_AT,
          runId: run?.facts.id ?? `run-${old.requestId}`,
          answeredAt: run?.facts.startedAt ?? LIVE_AT,
          cost: run?.facts.bill?.total ?? null,
        };
      },
    },
    stop: (ticket) => {
      const watcher = watchers.get(ticket);
      watcher?.end();
      return watcher !== undefined;
    },
  };
}
