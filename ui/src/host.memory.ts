// A small engine without a machine: it lets component tests, and a page opened in a browser, run
// the whole window. Everything in it is fixed, so that two runs show the same.
import type {
  Bill,
  BillLine,
  Calls,
  CheckOutcome,
  CompareEffortsOutput,
  ComparisonSummary,
  EffortFigures,
  EffortLevel,
  EngineError,
  ErrorCode,
  EventRow,
  LanePatch,
  LevelSummary,
  Model,
  RequestFile,
  RunFacts,
  RunView,
  Spread,
  Streams,
  TextChange,
  Usage,
  TreeNews,
} from "./contract/ipc";
import type { Host } from "./host";
import { budgetTwin } from "./host.memory.budget";
import { buildTwin, ROWS as PARAMETER_ROWS } from "./host.memory.build";
import { codeTwin } from "./host.memory.code";
import { collectionsTwin } from "./host.memory.collections";
import { environmentsTwin, type CodexTwin, type KeychainTwin } from "./host.memory.environments";
import { exchangeTwin } from "./host.memory.exchange";
import { historyTwin } from "./host.memory.history";
import { foldersOf, inputsTwin } from "./host.memory.inputs";
import { lookOver } from "./host.memory.look-over";
import { mockTwin } from "./host.memory.mock";
import { schemaTwin } from "./host.memory.schema";
import { goOn, withCalls, type TurnSoFar } from "./host.memory.tools";
import { schemaFilesTwin } from "./host.memory.schema-files";
import { asNumber, asText, at } from "./lib/body";
import { folderOf } from "./lib/tree";

export interface MemoryOptions {
  /** How much faster than the clock the fake replies come; Infinity for at once. */
  speed?: number;
  firstStart?: boolean;
  /** Requests already have 20 runs a level. */
  figures?: boolean;
  historyProblem?: boolean;
  /** Every run fails this way, half way through its answer. */
  failWith?: ErrorCode;
  /** Every run is a recorded answer, served again. */
  replays?: boolean;
  /** Another program asks the stand-in every so many ms. */
  traffic?: number;
  /** So many requests besides the sample ones. */
  many?: number;
  /** How the system's keychain is; there and open unless said otherwise. */
  keychain?: KeychainTwin;
  /** How the Codex CLI is signed in; not at all unless said otherwise. */
  codex?: CodexTwin;
}

/** Options from a page's address, such as `?first&fail=rate_limited`. */
export function optionsOf(search: string): MemoryOptions {
  const query = new URLSearchParams(search);
  return {
    firstStart: query.has("first"),
    figures: !query.has("first"),
    historyProblem: query.has("memory"),
    failWith: (query.get("fail") ?? undefined) as ErrorCode | undefined,
    replays: query.has("replays"),
    traffic: Number(query.get("traffic") ?? 2_400) || undefined,
    many: Number(query.get("many") ?? 0) || undefined,
    keychain: (query.get("keychain") ?? undefined) as KeychainTwin | undefined,
    codex: (query.get("codex") ?? undefined) as CodexTwin | undefined,
  };
}

const EFFORTS: EffortLevel[] = [
  { value: "none", name: "None", word: "Fastest", stop: 0 },
  { value: "minimal", name: "Minimal", word: "Quick", stop: 0 },
  { value: "low", name: "Low", word: "Brief", stop: 1 },
  { value: "medium", name: "Medium", word: "Balanced", stop: 2 },
  { value: "high", name: "High", word: "Careful", stop: 3 },
  { value: "xhigh", name: "Extra high", word: "Deepest", stop: 4 },
  { value: "max", name: "Max", word: "Utmost", stop: 4 },
];

function model(id: string, efforts: string[], defaultEffort: string, streams = true): Model {
  return {
    id,
    efforts,
    defaultEffort,
    contextWindow: 1_050_000,
    maxOutputTokens: 128_000,
    streams,
  };
}

const ALL = ["none", "low", "medium", "high", "xhigh"];
const MODELS: Model[] = [
  model("gpt-5.5", ALL, "medium"),
  model("gpt-5.5-pro", ["medium", "high", "xhigh"], "high", false),
  model("gpt-5.4", ALL, "none"),
  model("gpt-5.6-sol", [...ALL, "max"], "medium"),
];

const REVIEW = `Review this migration for PostgreSQL 16 and flag any operation that would lock a write-heavy table for more than 200 ms. Name the safe form of each unsafe statement.

ALTER TABLE orders ADD COLUMN region text NOT NULL DEFAULT 'eu';
CREATE INDEX idx_orders_region ON orders (region);
ALTER TABLE orders ADD CONSTRAINT fk_region
  FOREIGN KEY (region) REFERENCES regions (code);
UPDATE orders o SET region = c.region
  FROM customers c WHERE c.id = o.customer_id;
ALTER TABLE orders ALTER COLUMN total TYPE numeric(12,2);`;

const ANSWER = `Three of the five statements are unsafe on a write-heavy table. Set \`lock_timeout = '200ms'\` first, so a queued lock fails instead of blocking writers behind it.

1. **CREATE INDEX** holds a SHARE lock for the whole build, so every write waits. Use \`CREATE INDEX CONCURRENTLY\`, outside a transaction.
2. **ADD CONSTRAINT … FOREIGN KEY** takes SHARE ROW EXCLUSIVE on both tables while it scans. Add it \`NOT VALID\`, then \`VALIDATE CONSTRAINT\`.
3. **UPDATE orders** rewrites every row in one transaction. Batch by primary key, 5 000 rows at a time.

The other two are safe. \`ADD COLUMN\` with a constant default has not rewritten the table since PostgreSQL 11. Widening \`numeric\` at the same scale only changes the catalogue.`;

const REASONING = `**Sorting the statements by lock**

Checking which statements need ACCESS EXCLUSIVE, and how long each holds it on 41 M rows.

**Looking for safe forms**

A concurrent index build waits for old transactions but lets writes through. The foreign key can be added without a scan and validated later.`;

const SCHEMA = {
  type: "object",
  properties: {
    category: { type: "string", enum: ["billing", "bug", "question", "other"] },
    urgency: { type: "integer", minimum: 1, maximum: 5 },
    summary: { type: "string" },
  },
  required: ["category", "urgency", "summary"],
  additionalProperties: false,
};

/** Tokens and times of a run at each stop of the ramp, for the migration review. */
const RUNS = [
  { reasoning: 0, visible: 688, firstMs: 1_840, totalMs: 7_520, passes: 4 },
  { reasoning: 180, visible: 640, firstMs: 3_310, totalMs: 8_640, passes: 5 },
  { reasoning: 1_216, visible: 702, firstMs: 11_900, totalMs: 17_800, passes: 7 },
  { reasoning: 2_610, visible: 742, firstMs: 23_700, totalMs: 29_900, passes: 8 },
  { reasoning: 5_980, visible: 790, firstMs: 51_700, totalMs: 58_300, passes: 8 },
] as const;

const CONNECT_MS = 604;
const STARTED_AT = Date.UTC(2026, 10, 20, 14, 32, 7);

export function engineError(
  code: ErrorCode,
  message: string,
  more: Partial<EngineError> = {},
): EngineError {
  return {
    code,
    message,
    hint: null,
    place: null,
    retryAfterMs: null,
    requestId: null,
    httpStatus: null,
    detail: null,
    ...more,
  };
}

function requestId(n: number): string {
  return `0199c0de-0000-7000-8000-${String(n).padStart(12, "0")}`;
}

function sampleFiles(many: number): Map<string, RequestFile> {
  const files = new Map<string, RequestFile>();
  const add = (
    path: string,
    name: string,
    effort: string | null,
    body: Record<string, unknown>,
    checks: RequestFile["checks"] = [],
  ) =>
    files.set(path, {
      id: requestId(files.size + 1),
      name,
      endpoint: "responses",
      body: { model: "gpt-5.5", ...(effort ? { reasoning: { effort } } : {}), ...body },
      checks,
    });

  add(
    "migration-review/flag-locking-ddl.yaml",
    "Flag locking DDL",
    "high",
    {
      instructions: "You are a careful reviewer.",
      input: [{ role: "user", content: REVIEW }],
      max_output_tokens: 6000,
      reasoning: { effort: "high", summary: "auto" },
    },
    [
      { name: "Names the concurrent build", contains: "CONCURRENTLY" },
      { name: "Adds the key without a scan", contains: "NOT VALID" },
      { contains: "VALIDATE CONSTRAINT" },
      { name: "Limits the wait for locks", pattern: "lock_timeout" },
      { name: "Batches the update", pattern: "(?i)batch" },
      { not_contains: "ACCESS EXCLUSIVE for ADD COLUMN" },
      { name: "Clears the safe statements", contains: "safe" },
      { name: "Stays short", max_words: 220 },
    ],
  );
  add("migration-review/explain-rollback-plan.yaml", "Explain rollback plan", "medium", {
    input: "Explain how to roll this migration back without losing writes.",
  });
  add("migration-review/summarise-release-notes.yaml", "Summarise release notes", "none", {
    input: "Summarise the release notes in five bullets.",
  });
  add(
    "support-triage/classify-ticket.yaml",
    "Classify ticket",
    "low",
    {
      input: [
        { role: "developer", content: "Classify the ticket. Answer with the schema's fields." },
        { role: "user", content: "I was charged twice this month and the app logs me out." },
      ],
      text: { format: { type: "json_schema", name: "ticket_class", schema: SCHEMA, strict: true } },
    },
    [{ schema_valid: true }],
  );
  add("support-triage/draft-first-reply.yaml", "Draft first reply", "medium", {
    input: "Draft a first reply to this customer.",
  });
  add("transcripts/extract-session.yaml", "Extract session", "low", {
    input: "List the speakers of this session.",
  });
  for (let n = 0; n < many; n += 1) {
    const name = `Case ${String(n + 1).padStart(5, "0")}`;
    const path = `generated/set-${String(Math.floor(n / 100) + 1).padStart(3, "0")}/case-${n + 1}.yaml`;
    add(path, name, ALL[n % ALL.length]!, { input: `Answer question ${n + 1}.` });
  }
  return files;
}

function stopOf(effort: string | null): number {
  return EFFORTS.find((it) => it.value === effort)?.stop ?? 2;
}

function effortOf(request: RequestFile): string {
  return asText(at(request.body, ["reasoning", "effort"])) ?? "medium";
}

function line(
  category: BillLine["category"],
  count: number,
  rate: number,
  per = 1_000_000,
): BillLine {
  return { category, label: null, count, rate, per, amount: Math.round((count * rate) / per) };
}

function billOf(usage: Usage): Bill {
  const lines = [
    line("uncached_input", usage.inputTokens - usage.cachedTokens, 5_000_000_000),
    line("cached_input", usage.cachedTokens, 500_000_000),
    line("reasoning", usage.reasoningTokens, 30_000_000_000),
    line("visible_output", usage.outputTokens - usage.reasoningTokens, 30_000_000_000),
  ];
  return {
    lines,
    total: lines.reduce((sum, it) => sum + (it.amount ?? 0), 0),
    partlyUnpriced: false,
    tier: "default",
    longContext: false,
    priceDate: "2026-06-17",
  };
}

function ruleOf(check: NonNullable<RequestFile["checks"]>[number]): string {
  if ("contains" in check) return `Contains "${check.contains}"`;
  if ("not_contains" in check) return `Does not contain "${check.not_contains}"`;
  if ("pattern" in check) return `Matches ${check.pattern}`;
  if ("max_words" in check) return `At most ${check.max_words} words`;
  return "Fits the output schema";
}

function outcomes(request: RequestFile, passes: number): CheckOutcome[] {
  return (request.checks ?? []).map((check, i) => ({
    name: check.name ?? ruleOf(check),
    rule: ruleOf(check),
    passed: i < passes,
    reason: i < passes ? null : "The output does not have it.",
    offending: null,
  }));
}

/** One fake run, as it stands at each moment. */
interface Script {
  final: RunView;
  /** The patch that brings the run to `atMs`. */
  patches: { atMs: number; patch: Omit<LanePatch, "lane"> }[];
}

function script(request: RequestFile, runId: string, repeat: number): Script {
  const effort = effortOf(request);
  const plan = RUNS[stopOf(effort)]!;
  const cap = asNumber(request.body.max_output_tokens) ?? Infinity;
  const cut = plan.reasoning >= cap;
  const wobble = 1 + (repeat - 1) * 0.04;
  const totalMs = Math.round(plan.totalMs * wobble);
  const firstMs = Math.round(plan.firstMs * wobble);
  const json = at(request.body, ["text", "format", "type"]) === "json_schema";
  const answer = cut
    ? ""
    : json
      ? '{"category":"billing","urgency":4,"summary":"Charged twice, and signed out by the app."}'
      : ANSWER;
  const summary =
    plan.reasoning > 0 && at(request.body, ["reasoning", "summary"]) !== undefined ? REASONING : "";
  const reasoning = Math.min(plan.reasoning, cap);
  const usage: Usage = {
    inputTokens: 4_812,
    cachedTokens: 3_072,
    cacheWriteTokens: 0,
    outputTokens: cut ? cap : reasoning + plan.visible,
    reasoningTokens: reasoning,
    webSearches: 0,
    fileSearches: 0,
  };

  const base: RunFacts = {
    id: runId,
    requestId: request.id,
    repeat,
    model: asText(request.body.model) ?? "gpt-5.5",
    modelReported: null,
    effortSent: asText(at(request.body, ["reasoning", "effort"])),
    effortReported: null,
    sample: "composed",
    replayed: null,
    status: "waiting",
    phase: "waiting",
    phaseLabel: null,
    phaseSinceMs: 0,
    retry: null,
    startedAt: null,
    elapsedMs: 0,
    firstEventMs: null,
    firstOutputMs: null,
    totalMs: null,
    spans: [],
    events: 0,
    usage: null,
    bill: null,
    charged: "no",
    incompleteReason: null,
    suggestedCap: null,
    fault: null,
    checks: [],
    toolCalls: [],
    attempts: [],
    responseId: null,
    serviceTier: null,
    oddities: [],
  };
  const sending: RunFacts = {
    ...base,
    status: "running",
    phase: "sending",
    startedAt: STARTED_AT,
    spans: [{ kind: "connect", label: null, startMs: 0, endMs: null }],
    attempts: [
      {
        number: 1,
        startedAt: STARTED_AT,
        sentMs: 0,
        waitedMs: null,
        resumedAfter: null,
        httpStatus: null,
        requestId: null,
        answeredMs: null,
        fault: null,
        charged: "no",
        cost: null,
      },
    ],
  };
  const connected: RunFacts["spans"] = [
    { kind: "connect", label: null, startMs: 0, endMs: CONNECT_MS },
  ];
  const thinking: RunFacts = {
    ...sending,
    phase: "reasoning",
    phaseSinceMs: CONNECT_MS,
    firstEventMs: CONNECT_MS,
    effortReported: effort,
    responseId: "resp_6a41c0de",
    spans: [...connected, { kind: "reasoning", label: null, startMs: CONNECT_MS, endMs: null }],
    attempts: [{ ...sending.attempts[0]!, httpStatus: 200, answeredMs: CONNECT_MS }],
  };
  const thought: RunFacts["spans"] = [
    ...connected,
    {
      kind: plan.reasoning > 0 ? "reasoning" : "waiting",
      label: null,
      startMs: CONNECT_MS,
      endMs: cut ? totalMs : firstMs,
    },
  ];
  const writing: RunFacts = {
    ...thinking,
    phase: "writing",
    phaseSinceMs: firstMs,
    firstOutputMs: firstMs,
    spans: [...thought, { kind: "output", label: null, startMs: firstMs, endMs: null }],
  };
  const done: RunFacts = {
    ...(cut ? thinking : writing),
    status: cut ? "incomplete" : "completed",
    phase: "done",
    phaseSinceMs: totalMs,
    elapsedMs: totalMs,
    totalMs,
    spans: cut
      ? thought
      : [...thought, { kind: "output", label: null, startMs: firstMs, endMs: totalMs }],
    events: 418,
    usage,
    bill: billOf(usage),
    incompleteReason: cut ? "max_output_tokens" : null,
    checks: outcomes(request, cut ? 0 : plan.passes),
    serviceTier: "default",
  };

  const patches: Script["patches"] = [];
  const push = (atMs: number, facts: RunFacts | null, texts: TextChange[] = []) =>
    patches.push({
      atMs,
      patch: {
        facts: facts && { ...facts, elapsedMs: Math.round(atMs) },
        elapsedMs: Math.round(atMs),
        events: Math.round((418 * atMs) / totalMs),
        texts,
      },
    });
  const stretch = (section: TextChange["section"], text: string, from: number, to: number) => {
    const pieces = text.match(/[\s\S]{1,9}/g) ?? [];
    pieces.forEach((piece, i) =>
      push(from + ((to - from) * (i + 1)) / (pieces.length + 1), null, [
        { section, part: 0, text: piece, replace: false },
      ]),
    );
  };

  push(0, sending);
  push(CONNECT_MS, thinking);
  stretch("reasoning", summary, CONNECT_MS + 400, firstMs - 200);
  if (!cut) {
    push(firstMs, writing);
    stretch("output", answer, firstMs, totalMs);
  }
  push(totalMs, done);

  const texts: RunView["texts"] = [];
  if (summary) texts.push({ section: "reasoning", part: 0, text: summary });
  if (answer) texts.push({ section: "output", part: 0, text: answer });
  return { final: { facts: done, texts }, patches };
}

/** The script as it goes when the run fails half way through its answer. */
function failing(whole: Script, code: ErrorCode): Script {
  const patches = whole.patches.slice(0, -Math.ceil(whole.patches.length / 3));
  const last = patches.at(-1)!;
  const facts = patches.findLast(({ patch }) => patch.facts !== null)!.patch.facts!;
  const atMs = last.atMs + 100;
  const cut = code === "stream_cut" || code === "stream_idle";
  patches.push({
    atMs,
    patch: {
      facts: {
        ...facts,
        status: cut ? "cut" : "failed",
        phase: "done",
        elapsedMs: Math.round(atMs),
        totalMs: Math.round(atMs),
        spans: facts.spans.map((span) => ({ ...span, endMs: span.endMs ?? Math.round(atMs) })),
        fault: engineError(code, "The server sent this in place of the rest of the answer.", {
          httpStatus: cut ? null : 429,
          requestId: "req_0199c0de",
          retryAfterMs: code === "rate_limited" ? 12_000 : null,
          detail: `{"error":{"type":"${code}"}}`,
        }),
      },
      elapsedMs: Math.round(atMs),
      events: last.patch.events + 1,
      texts: [],
    },
  });
  return { ...whole, patches };
}

function spread(values: number[]): Spread | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  return {
    median: sorted[Math.floor(sorted.length / 2)]!,
    min: sorted[0]!,
    max: sorted[sorted.length - 1]!,
  };
}

function summarise(
  request: RequestFile,
  efforts: string[],
  repeats: number,
  runs: RunFacts[],
): ComparisonSummary {
  const levels: LevelSummary[] = efforts.map((effort, i) => {
    const own = runs.slice(i * repeats, (i + 1) * repeats);
    const over = own.filter((run) => run.status === "completed");
    const figure = (of: (run: RunFacts) => number | null) =>
      spread(over.map(of).filter((value) => value !== null));
    return {
      effort,
      runs: repeats,
      completed: over.length,
      endedEarly: own.filter((run) => run.phase === "done" && run.status !== "completed").length,
      checks: figure((run) => run.checks.filter((check) => check.passed).length),
      cost: figure((run) => run.bill?.total ?? null),
      totalMs: figure((run) => run.totalMs),
      firstOutputMs: figure((run) => run.firstOutputMs),
      reasoningTokens: figure((run) => run.usage?.reasoningTokens ?? null),
      visibleTokens: figure((run) =>
        run.usage ? run.usage.outputTokens - run.usage.reasoningTokens : null,
      ),
    };
  });
  const best = Math.max(...levels.map((level) => level.checks?.median ?? -1));
  const winner = levels.find((level) => level.checks?.median === best);
  const frontier: string[] = [];
  let most = -1;
  for (const level of levels) {
    if (level.checks && level.checks.median > most) {
      most = level.checks.median;
      frontier.push(level.effort);
    }
  }
  const done = runs.filter((run) => run.usage);
  const sum = (of: (usage: Usage) => number) => done.reduce((n, run) => n + of(run.usage!), 0);
  const checks = request.checks?.length ?? 0;
  return {
    levels,
    checks,
    frontier,
    totals: {
      runs: runs.length,
      completed: runs.filter((run) => run.status === "completed").length,
      inputTokens: sum((usage) => usage.inputTokens),
      cachedTokens: sum((usage) => usage.cachedTokens),
      outputTokens: sum((usage) => usage.outputTokens),
      reasoningTokens: sum((usage) => usage.reasoningTokens),
      cost: done.reduce((n, run) => n + (run.bill?.total ?? 0), 0),
      unpricedRuns: 0,
    },
    verdict:
      winner && levels.filter((level) => level.completed > 0).length >= 2
        ? {
            level: winner.effort,
            sentence: [
              {
                text: EFFORTS.find((it) => it.value === winner.effort)?.name ?? winner.effort,
                strong: true,
              },
              {
                text: ` is the cheapest level that passes ${best} of ${checks} checks.`,
                strong: false,
              },
            ],
            caution:
              repeats < 5
                ? `${repeats} ${repeats === 1 ? "run" : "runs"} per level is few: 5 would be firmer.`
                : null,
          }
        : null,
  };
}

function figuresOf(withRuns: boolean): EffortFigures[] {
  return EFFORTS.filter(({ value }) => ALL.includes(value)).map(({ value, stop }) => {
    const plan = RUNS[stop]!;
    const output = plan.reasoning + plan.visible;
    const usage: Usage = {
      inputTokens: 4_812,
      cachedTokens: 3_072,
      cacheWriteTokens: 0,
      outputTokens: output,
      reasoningTokens: plan.reasoning,
      webSearches: 0,
      fileSearches: 0,
    };
    const cost = billOf(usage).total!;
    return withRuns
      ? {
          effort: value,
          runs: 20,
          medianCost: cost,
          highCost: Math.round(cost * 1.24),
          medianTotalMs: plan.totalMs,
          medianOutputTokens: output,
          highOutputTokens: Math.round(output * 1.31),
        }
      : {
          effort: value,
          runs: 0,
          medianCost: null,
          highCost: null,
          medianTotalMs: null,
          medianOutputTokens: null,
          highOutputTokens: null,
        };
  });
}

const EVENTS: EventRow[] = [
  [0, 1, "response.created", 604, 604, "resp_6a41c0de"],
  [1, 1, "response.in_progress", 611, 611, ""],
  [2, 1, "response.output_item.added", 640, 640, "reasoning"],
  [3, 64, "response.reasoning_summary_text.delta", 1_204, 14_180, "**Sorting the statements"],
  [67, 1, "response.reasoning_summary_text.done", 14_210, 14_210, "311 characters"],
  [68, 1, "response.output_item.done", 23_690, 23_690, "reasoning"],
  [69, 1, "response.output_item.added", 23_701, 23_701, "message"],
  [70, 345, "response.output_text.delta", 23_712, 29_870, "Three of the five"],
  [415, 1, "response.output_text.done", 29_880, 29_880, "742 tokens"],
  [416, 1, "response.output_item.done", 29_884, 29_884, "message"],
  [417, 1, "response.completed", 29_896, 29_896, "resp_6a41c0de"],
].map(([index, count, kind, atMs, untilMs, preview]) => ({
  index: index as number,
  count: count as number,
  kind: kind as string,
  atMs: atMs as number,
  untilMs: untilMs as number,
  preview: preview as string,
  gap: false,
}));

const NO_NEWS: TreeNews = {
  whole: false,
  changed: [],
  removed: [],
  requests: [],
  folders: null,
  pending: 0,
  problem: null,
};

/** A host over an engine in memory. */
export function memoryHost(options: MemoryOptions = {}): Host {
  const speed = options.speed ?? 6;
  const files = sampleFiles(options.many ?? 0);
  const preferences = new Map<string, unknown>();
  const lastRuns = new Map<string, RunView>();
  const turns = new Map<string, TurnSoFar>();
  const lastComparisons = new Map<string, CompareEffortsOutput>();
  const stopped = new Map<string, { all: boolean; lanes: Set<number>; wake: () => void }>();
  let made = files.size;
  let ran = 0;
  let hasFigures = options.figures ?? true;
  const environments = environmentsTwin({
    fail: engineError,
    keychain: options.keychain,
    codex: options.codex,
    folders: (request) => foldersOf(collections, [...files], request),
  });
  const connection = environments.connection;

  if (hasFigures) {
    for (const request of files.values()) {
      lastRuns.set(request.id, served(script(request, `run-${request.id}`, 1)).final);
    }
  }

  const collections = collectionsTwin({
    files,
    broken: {
      path: "transcripts/half-written.yaml",
      problem: engineError("file_invalid", "The file is not valid YAML: a quote is not closed.", {
        place: "transcripts/half-written.yaml, line 4",
        hint: "Close the quote in line 4 and save the file.",
      }),
    },
    newId: () => requestId(++made),
    fail: engineError,
  });

  const past = historyTwin({
    older: options.figures ?? false,
    files,
    efforts: ALL,
    now: STARTED_AT,
    runOf: (request, id) => script(request, id, 1).final,
    fail: engineError,
  });

  const schemaFiles = schemaFilesTwin({
    requests: files,
    stampOf: (path) => collections.calls.read_request({ path }).stamp,
    used: () => hasFigures,
    fail: engineError,
  });

  const mock = mockTwin({
    requests: () => [...files].map(([path, request]) => ({ request, folder: folderOf(path) })),
    liveBaseUrl: () => connection().liveBaseUrl,
    isConfirmed: () => environments.isConfirmed(),
    run: (id) => [...lastRuns.values()].find((run) => run.facts.id === id) ?? null,
    send: async (ticket, request, onItem) => {
      environments.isConfirmed();
      needKey();
      const [run] = await play(ticket, [script(request, `run-${++ran}`, 1)], (lanes) =>
        onItem({ lanes, summary: null }),
      );
      return run!;
    },
    passed: (id, model, effort, atMs) => {
      const request = [...files.values()][0]!;
      const body = { ...request.body, model, reasoning: { effort } };
      const { facts, texts } = script({ ...request, body }, id, 1).final;
      const asked = { ...request, name: "Recorded through the mock", body };
      const live = { sample: null, charged: "yes", requestId: null, startedAt: atMs } as const;
      const run: RunView = { texts, facts: { ...facts, ...live } };
      past.begin(run, asked, "stand_in");
      past.end(run);
    },
    fail: engineError,
    used: hasFigures,
    traffic: options.traffic,
  });

  function needKey(): void {
    environments.mayGoOut();
    if (environments.keyNow()) return;
    throw engineError("key_missing", "Live has no API key.", {
      hint: "Add a key in the connection menu, or use Mock.",
    });
  }

  /** The run as its source makes it: an answer on Live, a recorded one where those are played. */
  function served(whole: Script): Script {
    const live = connection().mode === "live";
    if (!live && !options.replays) return whole;
    const mark = (facts: RunFacts): RunFacts => ({
      ...facts,
      environment: environments.onRecord(),
      sample: live ? null : "replayed",
      replayed: live ? null : { recordedAt: STARTED_AT, originalMs: 29_900, live: true },
    });
    return {
      final: { ...whole.final, facts: mark(whole.final.facts) },
      patches: whole.patches.map((step) => ({
        ...step,
        patch: { ...step.patch, facts: step.patch.facts && mark(step.patch.facts) },
      })),
    };
  }

  const calls: { [N in keyof Calls]: (input: Calls[N]["input"]) => Calls[N]["output"] } = {
    open_workbench: () => ({
      version: "0.1.0",
      workspaceName: "Platform prompts",
      workspaceFolder: "~/Rheostat/Platform prompts",
      workspaceProblem: null,
      ...collections.listing(),
      models: MODELS,
      dataProblems: [],
      efforts: EFFORTS,
      priceDate: "2026-06-17",
      connection: connection(),
      history: {
        folder: "~/.local/share/rheostat",
        problem: options.historyProblem
          ? engineError("history_locked", "Another Rheostat has the history open.", {
              hint: "Close the other window and start again to keep runs.",
            })
          : null,
      },
      firstStart: options.firstStart ?? false,
      spentToday: 0,
    }),
    ...collections.calls,
    ...budgetTwin({
      connection,
      findKey: environments.keyNow,
      figures: () => (hasFigures ? { runs: 20, cost: 113_000_000, ms: 29_900 } : null),
      worst: () => 181_500_000,
    }),
    ...inputsTwin({
      fail: engineError,
      sample: () => connection().mode === "sample",
      mayGoOut: () => environments.mayGoOut(),
    }),
    ...buildTwin(),
    look_over_request: ({ request }) => lookOver(calls, request),
    ...exchangeTwin({
      files,
      newId: () => requestId(++made),
      addFolder: (folder, name) => {
        try {
          collections.calls.create_folder({ folder, name });
          return true;
        } catch {
          return false;
        }
      },
      removeFolder: (path) => void collections.calls.delete_item({ path }),
      addEnvironment: environments.add,
      removeEnvironment: environments.remove,
      fail: engineError,
    }),
    ...codeTwin({
      rows: PARAMETER_ROWS,
      values: (request) =>
        Object.fromEntries(
          environments.calls
            .list_variables({ request })
            .variables.map((it) => [it.name, it.value ?? ""]),
        ),
      fail: engineError,
    }),
    request_figures: () => ({
      sample: connection().mode === "sample",
      efforts: figuresOf(hasFigures),
    }),
    last_run: ({ requestId }) => ({
      run: lastRuns.get(requestId) ?? null,
      earlier: turns.get(requestId) ?? [],
    }),
    last_comparison: ({ requestId }) => ({ comparison: lastComparisons.get(requestId) ?? null }),
    list_events: () => ({ rows: EVENTS, total: 418 }),
    read_event: ({ index }) => {
      const row = EVENTS.findLast((it) => it.index <= index) ?? EVENTS[0]!;
      return {
        index,
        atMs: row.atMs,
        raw: JSON.stringify({ type: row.kind, sequence_number: index, preview: row.preview }),
      };
    },
    ...environments.calls,
    stop_run: ({ ticket, lane }) => {
      if (mock.stop(ticket) || collections.stop(ticket) || past.stop(ticket))
        return { stopped: true };
      const state = stopped.get(ticket);
      if (!state) return { stopped: false };
      if (lane === null) state.all = true;
      else state.lanes.add(lane);
      state.wake();
      return { stopped: true };
    },
    ...mock.calls,
    ...past.calls,
    ...schemaFiles.calls,
    restore_item: (input) => {
      const path = schemaFiles.restore(input.handle) ?? environments.restore(input.handle);
      return path === null
        ? collections.calls.restore_item(input)
        : { path, moved: [], news: { ...NO_NEWS } };
    },
    ...schemaTwin({
      runs: () => [...lastRuns.values()],
      fail: engineError,
      used: () => hasFigures,
    }),
  };

  /** Plays scripts side by side, and returns the runs as they ended. */
  async function play(
    ticket: string,
    scripts: Script[],
    emit: (patches: LanePatch[], runs: RunView[]) => void,
  ): Promise<RunView[]> {
    const state = { all: false, lanes: new Set<number>(), wake: () => {} };
    stopped.set(ticket, state);
    const runs: RunView[] = scripts.map(({ patches }) => ({
      facts: { ...patches[0]!.patch.facts!, status: "waiting", phase: "waiting", spans: [] },
      texts: [],
    }));
    emit(
      runs.map((run, lane) => ({ lane, facts: run.facts, elapsedMs: 0, events: 0, texts: [] })),
      runs,
    );
    const queue = scripts
      .flatMap((it, lane) => it.patches.map((step) => ({ ...step, lane })))
      .toSorted((a, b) => a.atMs - b.atMs);
    let now = 0;
    for (let i = 0; i < queue.length;) {
      const frame = (queue[i]?.atMs ?? 0) + 16 * (Number.isFinite(speed) ? speed : 1);
      const patches: LanePatch[] = [];
      for (; i < queue.length && queue[i]!.atMs <= frame; i++) {
        const { lane, patch, atMs } = queue[i]!;
        const run = runs[lane]!;
        if (run.facts.status === "stopped") continue;
        if (state.all || state.lanes.has(lane)) {
          run.facts = {
            ...run.facts,
            status: "stopped",
            phase: "done",
            totalMs: Math.round(now),
            elapsedMs: Math.round(now),
            spans: run.facts.spans.map((span) => ({ ...span, endMs: span.endMs ?? now })),
          };
          patches.push({
            lane,
            facts: run.facts,
            elapsedMs: Math.round(now),
            events: patch.events,
            texts: [],
          });
          continue;
        }
        if (patch.facts) run.facts = patch.facts;
        for (const change of patch.texts) {
          const { section, part } = change;
          const text = run.texts.find((it) => it.section === section && it.part === part);
          if (text) text.text += change.text;
          else run.texts.push({ section, part, text: change.text });
        }
        patches.push({ ...patch, lane });
        now = atMs;
      }
      emit(patches, runs);
      const next = queue[i];
      if (next && !state.all && Number.isFinite(speed)) {
        await new Promise<void>((wake) => {
          state.wake = wake;
          setTimeout(wake, (next.atMs - now) / speed);
        });
      }
    }
    stopped.delete(ticket);
    return runs;
  }

  const streams: {
    [N in keyof Streams]: (
      input: Streams[N]["input"],
      onItem: (item: Streams[N]["item"]) => void,
    ) => Promise<Streams[N]["output"]>;
  } = {
    async send({ ticket, request: own }, onItem) {
      if (connection().mode === "live") needKey();
      const request = collections.withDefaults(own);
      const whole = withCalls(request, served(script(request, `run-${++ran}`, 1)));
      turns.delete(request.id);
      const part = options.failWith ? failing(whole, options.failWith) : whole;
      past.begin(part.final, request, "window");
      const [run] = await play(ticket, [part], (lanes) => onItem({ lanes, summary: null }));
      past.end(run!);
      lastRuns.set(request.id, run!);
      hasFigures = true;
      return { run: run! };
    },
    async continue_run({ ticket, request: own, ...reply }, onItem) {
      if (connection().mode === "live") needKey();
      const request = collections.withDefaults(own);
      const so = { run: lastRuns.get(request.id), steps: turns.get(request.id) ?? [] };
      const whole = served(script(request, `run-${++ran}`, 1));
      const next = goOn(whole, so.run, so.steps, reply, engineError);
      const part = options.failWith ? failing(next.script, options.failWith) : next.script;
      const [run] = await play(ticket, [part], (lanes) => onItem({ lanes, summary: null }));
      turns.set(request.id, next.steps);
      lastRuns.set(request.id, run!);
      return { run: run! };
    },
    async compare_efforts({ ticket, request, efforts, repeats }, onItem) {
      const levels = efforts.length > 0 ? efforts : ALL;
      const scripts = levels.flatMap((effort) =>
        Array.from({ length: repeats }, (_, i) =>
          served(
            script(
              {
                ...request,
                body: {
                  ...request.body,
                  reasoning: { ...(request.body.reasoning as object), effort },
                  max_output_tokens: undefined,
                },
              },
              `run-${++ran}`,
              i + 1,
            ),
          ),
        ),
      );
      for (const { final } of scripts) past.begin(final, request, "compare", `comparison-${ran}`);
      const runs = await play(ticket, scripts, (lanes, all) =>
        onItem({
          lanes,
          summary: summarise(
            request,
            levels,
            repeats,
            all.map((run) => run.facts),
          ),
        }),
      );
      runs.forEach(past.end);
      const output: CompareEffortsOutput = {
        id: `comparison-${ran}`,
        requestId: request.id,
        requestName: request.name,
        startedAt: STARTED_AT,
        efforts: levels,
        repeats,
        runs,
        summary: summarise(
          request,
          levels,
          repeats,
          runs.map((run) => run.facts),
        ),
      };
      lastComparisons.set(request.id, output);
      hasFigures = true;
      return output;
    },
    ...mock.streams,
    ...past.streams,
    ...collections.streams,
  };

  return {
    call: async (name, input) => calls[name](input),
    stream: (name, input, onItem) => streams[name](input, onItem),
    preference: async <T>(key: string) => (preferences.get(key) as T | undefined) ?? null,
    setPreference: async (key, value) => void preferences.set(key, value),
    openExternal: async () => {},
    chooseFolder: async () => undefined,
    onFilesDragged: () => () => {},
  };
}
