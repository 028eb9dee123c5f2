// The history in memory: runs that were made here, and, where asked for, some hundred older ones.
import type {
  Attempt,
  Calls,
  EngineError,
  ErrorCode,
  HistoryFilter,
  HistoryRow,
  ReadHistoryRunOutput,
  RequestFile,
  RunKind,
  RunSource,
  RunView,
  Streams,
} from "./contract/ipc";

const DAY_MS = 86_400_000;
const OLDER = 240;

interface Given {
  /** Older runs are there from the start. */
  older: boolean;
  files: Map<string, RequestFile>;
  efforts: readonly string[];
  /** When the newest of the older runs was sent, ms since the epoch. */
  now: number;
  /** A whole run of a request, as it would be sent. */
  runOf: (request: RequestFile, id: string) => RunView;
  fail: (code: ErrorCode, message: string, more?: Partial<EngineError>) => EngineError;
}

type Entry = ReadHistoryRunOutput;
type HistoryCalls = Pick<Calls, "list_history" | "read_history_run">;

const kindOf = (row: HistoryRow): RunKind => row.sample ?? "live";

function rowOf(
  run: RunView,
  source: RunSource,
  name: string | null,
  comparisonId: string | null,
): HistoryRow {
  const { facts } = run;
  return {
    id: facts.id,
    startedAt: facts.startedAt,
    requestId: facts.requestId,
    requestName: name,
    requestPath: null,
    comparisonId,
    model: facts.model,
    effortSent: facts.effortSent,
    effortReported: facts.effortReported,
    status: facts.status,
    incompleteReason: facts.incompleteReason,
    fault: facts.fault,
    usage: facts.usage,
    cost: facts.bill?.total ?? null,
    partlyUnpriced: facts.bill?.partlyUnpriced ?? false,
    charged: facts.charged,
    totalMs: facts.totalMs,
    source,
    sample: facts.sample,
    replayed: facts.replayed,
    attempts: facts.attempts.length,
  };
}

function entryOf(
  run: RunView,
  request: RequestFile,
  source: RunSource,
  comparisonId: string | null,
): Entry {
  return {
    row: rowOf(run, source, request.name, comparisonId),
    run,
    host: run.facts.sample === null ? "api.openai.com" : "127.0.0.1:4010",
    endpoint: request.endpoint,
    sent: JSON.stringify({ ...request.body, stream: true }),
    body: request.body,
  };
}

/** Some runs were told to wait before they got through, or never did. */
function withRefusals(run: RunView, refusals: number, fault: EngineError | null): RunView {
  const { facts } = run;
  const first = facts.attempts[0]!;
  const attempts: Attempt[] = [];
  const count = fault ? refusals : refusals + 1;
  for (let i = 0; i < count; i++) {
    const sentMs = i * 2_480;
    const refused = i < refusals;
    attempts.push({
      ...first,
      number: i + 1,
      startedAt: first.startedAt + sentMs,
      sentMs,
      waitedMs: i === 0 ? null : 2_000,
      httpStatus: refused ? 429 : 200,
      requestId: `req_${String(i + 1).padStart(8, "0")}`,
      answeredMs: sentMs + 480,
      fault: refused ? (fault ?? null) : null,
      charged: refused ? "no" : "yes",
      cost: refused ? null : (facts.bill?.total ?? null),
    });
  }
  if (!fault) return { ...run, facts: { ...facts, attempts } };
  const totalMs = attempts.at(-1)!.answeredMs;
  return {
    texts: [],
    facts: {
      ...facts,
      status: "failed",
      fault,
      attempts,
      usage: null,
      bill: null,
      charged: "no",
      checks: [],
      spans: [],
      events: 0,
      totalMs,
      firstOutputMs: null,
    },
  };
}

function olderRuns(given: Given): Entry[] {
  const { files, efforts, now, runOf, fail } = given;
  const requests = [...files.values()];
  const limited = fail("rate_limited", "This key may send 500 requests a minute.", {
    httpStatus: 429,
    hint: "Wait a moment and run it again.",
  });
  return Array.from({ length: OLDER }, (_, i) => {
    const request = requests[(i * 5 + (i >> 3)) % requests.length]!;
    const effort = efforts[i % efforts.length]!;
    const body = {
      ...request.body,
      reasoning: { ...(request.body["reasoning"] as object | undefined), effort },
      max_output_tokens: undefined,
      ...(i % 23 === 6 ? { model: "gpt-5.6-sol" } : {}),
    };
    const made = runOf({ ...request, body }, `past-${String(OLDER - i).padStart(4, "0")}`);
    const startedAt = now - Math.round((i * i * DAY_MS) / 900) - i * 421_000;
    const played = i % 11 === 3;
    const live = !played && i % 7 !== 2;
    const bill = made.facts.bill;
    const unpriced = i % 23 === 6 && bill;
    let run: RunView = {
      ...made,
      facts: {
        ...made.facts,
        startedAt,
        sample: played ? "replayed" : live ? null : "composed",
        replayed: played
          ? { recordedAt: startedAt - 9 * DAY_MS, originalMs: made.facts.totalMs ?? 0, live: true }
          : null,
        charged: live ? "yes" : "no",
        bill: unpriced
          ? { ...bill, total: null, lines: bill.lines.map((it) => ({ ...it, amount: null })) }
          : bill,
        attempts: made.facts.attempts.map((it) => ({
          ...it,
          startedAt,
          charged: live ? "yes" : "no",
          cost: live && !unpriced ? (bill?.total ?? null) : null,
        })),
      },
    };
    if (i % 19 === 4 && live) run = withRefusals(run, 3, limited);
    if (i === 1) run = withRefusals(run, 1, null);
    const source: RunSource =
      i % 13 === 8 ? "stand_in" : i % 9 === 5 ? "terminal" : i % 5 === 3 ? "compare" : "window";
    const gone = i % 29 === 12;
    const requestId = source === "stand_in" ? null : gone ? "gone" : run.facts.requestId;
    run = { ...run, facts: { ...run.facts, requestId } };
    const name =
      source === "stand_in" ? "Recorded through the mock" : gone ? "Rate the reply" : request.name;
    const entry = entryOf(run, { ...request, name, body }, source, null);
    return i === 1 ? { ...entry, run: withFault(entry.run, limited) } : entry;
  });
}

/** The first attempt of a run says why it was refused. */
function withFault(run: RunView, fault: EngineError): RunView {
  const [first, ...rest] = run.facts.attempts;
  return { ...run, facts: { ...run.facts, attempts: [{ ...first!, fault }, ...rest] } };
}

function fits({ row, run, sent }: Entry, filter: HistoryFilter): boolean {
  const among = <T>(list: readonly T[], value: T | null) =>
    list.length === 0 || (value !== null && list.includes(value));
  const texts = [row.requestName ?? "", row.model, sent, ...run.texts.map((it) => it.text)];
  const all = texts.join("\n").toLowerCase();
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const begins = (word: string) =>
    [...all.matchAll(/[\p{L}\p{N}]+[^\s]*/gu)].some(([found]) => found.startsWith(word));
  return (
    among(filter.efforts, row.effortSent ?? row.effortReported) &&
    among(filter.statuses, row.status) &&
    among(filter.sources, row.source) &&
    among(filter.kinds, kindOf(row)) &&
    words.every(begins)
  );
}

export function historyTwin(given: Given): {
  calls: { [N in keyof HistoryCalls]: (input: Calls[N]["input"]) => Calls[N]["output"] };
  streams: {
    watch_history: (
      input: Streams["watch_history"]["input"],
      onItem: (item: Streams["watch_history"]["item"]) => void,
    ) => Promise<Streams["watch_history"]["output"]>;
  };
  /** A run was sent. */
  begin: (run: RunView, request: RequestFile, source: RunSource, comparison?: string) => void;
  /** It is over. */
  end: (run: RunView) => void;
  stop: (ticket: string) => boolean;
} {
  let entries = given.older ? olderRuns(given) : [];
  const watching = new Map<string, { news: () => void; over: () => void }>();
  const tell = () => watching.forEach(({ news }) => news());

  const placed = (entry: Entry): HistoryRow => {
    const found = [...given.files].find(([, file]) => file.id === entry.row.requestId);
    return { ...entry.row, requestPath: found?.[0] ?? null };
  };

  return {
    calls: {
      list_history: ({ filter, before, limit }) => {
        if (limit < 1 || limit > 200) {
          throw given.fail("bad_input", `A page has 1 to 200 runs; ${limit} were asked for.`);
        }
        const chosen = entries.filter((entry) => fits(entry, filter));
        const place = before === null ? -1 : entries.findIndex((it) => it.row.id === before);
        const rest = chosen.filter((entry) => entries.indexOf(entry) > place);
        const live = chosen.filter(({ row }) => row.sample === null);
        return {
          rows: rest.slice(0, limit).map(placed),
          more: rest.length > limit,
          totals: {
            runs: chosen.length,
            spent: live.reduce((sum, { row }) => sum + (row.cost ?? 0), 0),
            unpriced: live.filter(({ row }) => row.cost === null && row.usage !== null).length,
          },
          recorded: entries.length,
        };
      },
      read_history_run: ({ runId }) => {
        const entry = entries.find((it) => it.row.id === runId);
        if (!entry) throw given.fail("bad_input", "This run is no longer in the history.");
        return { ...entry, row: placed(entry) };
      },
    },
    streams: {
      watch_history: ({ ticket }, onItem) =>
        new Promise((resolve) => {
          const running = () => entries.filter(({ row }) => row.status === "running").length;
          watching.set(ticket, {
            news: () => onItem({ running: running() }),
            over: () => resolve({}),
          });
        }),
    },
    begin: ({ facts }, request, source, comparison) => {
      const run: RunView = {
        texts: [],
        facts: {
          ...facts,
          status: "running",
          usage: null,
          bill: null,
          totalMs: null,
          fault: null,
          checks: [],
        },
      };
      entries = [entryOf(run, request, source, comparison ?? null), ...entries];
      tell();
    },
    end: (run) => {
      entries = entries.map((entry) =>
        entry.row.id === run.facts.id
          ? {
              ...entry,
              run,
              row: rowOf(run, entry.row.source, entry.row.requestName, entry.row.comparisonId),
            }
          : entry,
      );
      tell();
    },
    stop: (ticket) => {
      watching.get(ticket)?.over();
      return watching.delete(ticket);
    },
  };
}
