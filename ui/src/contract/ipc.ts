// Written by `cargo xtask gen` from src-tauri/core/src/contract.rs. Do not edit.

/**
 * One try at sending the request, or at taking up the stream of a background response again.
 */
export type Attempt = { 
/**
 * From 1.
 */
number: number, 
/**
 * ms since the epoch, UTC.
 */
startedAt: number, 
/**
 * ms since the send of the run at which this attempt went out.
 */
sentMs: number, 
/**
 * How long was waited before it, in ms; None where it went out at once.
 */
waitedMs: number | null, 
/**
 * The `sequence_number` after which the stream of a background response was taken up again;
 * None for a request that was sent.
 */
resumedAfter: number | null, 
/**
 * None where no answer came.
 */
httpStatus: number | null, 
/**
 * OpenAI's `x-request-id`.
 */
requestId: string | null, 
/**
 * ms since the send of the run until the answer's headers, or until it failed.
 */
answeredMs: number | null, fault: EngineError | null, 
/**
 * Whether this attempt may have been charged.
 */
charged: Charged, 
/**
 * What it cost, in nano-dollars, where its answer reported usage and the price is known.
 */
cost: number | null, };

/**
 * The bill of one response. The lines add up to the total exactly.
 */
export type Bill = { lines: Array<BillLine>, 
/**
 * Sum of the priced lines in nano-dollars; None where the model has no price at all.
 */
total: number | null, 
/**
 * Some counted line has no price and is left out of the total.
 */
partlyUnpriced: boolean, 
/**
 * The tier that was billed, by the response: `default`, `flex`, `priority`, `batch`.
 */
tier: string, 
/**
 * Over 272 000 input tokens: the whole request is billed at the long-context rates.
 */
longContext: boolean, 
/**
 * The day of the price table, ISO 8601.
 */
priceDate: string, };

/**
 * One line of a bill.
 */
export type BillLine = { category: Category, 
/**
 * What is counted, for tools: `web_search`, `file_search`.
 */
label: string | null, 
/**
 * Tokens, or calls for tools.
 */
count: number, 
/**
 * Nano-dollars for `per` of them; None where no price is known.
 */
rate: number | null, 
/**
 * 1 000 000 for tokens, 1 000 for calls.
 */
per: number, 
/**
 * Nano-dollars, rounded half up; None where no price is known. Never 0 for unknown.
 */
amount: number | null, };

/**
 * What a line of a bill pays for, in the fixed order of every stack.
 */
export type Category = "uncached_input" | "cached_input" | "cache_write" | "reasoning" | "visible_output" | "tools";

/**
 * Whether something may have been charged for.
 */
export type Charged = "no" | "maybe" | "yes";

/**
 * A named rule.
 */
export type Check = { 
/**
 * What a pass shows, in a few words.
 */
name?: string | null, } & ({ "contains": string } | { "not_contains": string } | { "pattern": string } | { "schema_valid": boolean } | { "max_words": number });

/**
 * What came of a check.
 */
export type CheckOutcome = { name: string, 
/**
 * The rule in words: `Contains "NOT VALID"`.
 */
rule: string, passed: boolean, 
/**
 * Why it failed, with the place where it has one.
 */
reason: string | null, 
/**
 * The offending text where the output holds it, for marking.
 */
offending: string | null, };

export type CheckSchemaInput = { schema: unknown, 
/**
 * The name that the schema is sent under; checked where it is given.
 */
name?: string | null, };

export type CheckSchemaOutput = { 
/**
 * At most 1 000, in the order of the document; `counts.problems` counts all.
 */
problems: Array<SchemaProblem>, counts: SchemaCounts, };

export type CompareEffortsInput = { 
/**
 * Chosen by the caller, unique per stream: the handle for `stop_run`.
 */
ticket: string, request: RequestFile, 
/**
 * Empty: every effort of the model.
 */
efforts: Array<string>, 
/**
 * Runs per level, 1 to 10.
 */
repeats: number, };

export type CompareEffortsOutput = { 
/**
 * UUID v7.
 */
id: string, requestId: string, requestName: string, 
/**
 * ms since the epoch, UTC.
 */
startedAt: number, efforts: Array<string>, repeats: number, 
/**
 * Lane `effort x repeats + repeat`: all repeats of a level lie together.
 */
runs: Array<RunView>, summary: ComparisonSummary, };

/**
 * A comparison, summed up.
 */
export type ComparisonSummary = { 
/**
 * In the order of the effort ramp.
 */
levels: Array<LevelSummary>, 
/**
 * How many checks the request has.
 */
checks: number, 
/**
 * Levels that no other beats in both cost and checks, cheapest first.
 */
frontier: Array<string>, totals: ComparisonTotals, 
/**
 * None until two levels have a completed run.
 */
verdict: Verdict | null, };

/**
 * Sums over all runs of a comparison.
 */
export type ComparisonTotals = { runs: number, completed: number, inputTokens: number, cachedTokens: number, outputTokens: number, reasoningTokens: number, 
/**
 * Nano-dollars over the runs that have a price.
 */
cost: number, 
/**
 * Runs with usage but without a price, left out of `cost`.
 */
unpricedRuns: number, };

/**
 * The connection in use.
 */
export type Connection = { mode: ConnectionMode, 
/**
 * The base URL in use now.
 */
baseUrl: string, 
/**
 * The base URL that Live uses.
 */
liveBaseUrl: string, 
/**
 * The key that Live uses; None where there is none.
 */
key: KeyLabel | null, };

/**
 * Where requests go.
 */
export type ConnectionMode = "sample" | "live";

export type CreateRequestInput = { 
/**
 * Relative to the workspace folder, "" for its top.
 */
folder: string, name: string, 
/**
 * What to copy; the copy gets an id of its own.
 */
like: RequestFile | null, };

export type CreateRequestOutput = { summary: RequestSummary, opened: ReadRequestOutput, };

/**
 * The last 20 completed runs of one level, of the connection's own kind: samples and answers never mix.
 */
export type EffortFigures = { effort: string, runs: number, 
/**
 * Nano-dollars.
 */
medianCost: number | null, 
/**
 * 90th percentile, nano-dollars.
 */
highCost: number | null, medianTotalMs: number | null, 
/**
 * Reasoning and visible output together.
 */
medianOutputTokens: number | null, 
/**
 * 95th percentile.
 */
highOutputTokens: number | null, };

/**
 * A level of the effort ramp.
 */
export type EffortLevel = { 
/**
 * The API's value, such as `xhigh`.
 */
value: string, 
/**
 * The display name, such as `Extra high`.
 */
name: string, 
/**
 * What stands on the dial while there are no figures: Fastest, Balanced, ...
 */
word: string, 
/**
 * The stop of the colour ramp, 0 to 4.
 */
stop: number, };

/**
 * The endpoint that a body is written for.
 */
export type Endpoint = "responses";

/**
 * A failure, as it crosses every border: window, terminal, history.
 */
export type EngineError = { code: ErrorCode, 
/**
 * What happened, naming the file, field or address.
 */
message: string, 
/**
 * What to do about it, as a full sentence.
 */
hint: string | null, 
/**
 * Where: a path, a line, a field such as `reasoning.effort`.
 */
place: string | null, 
/**
 * How long the server asks to wait, in ms.
 */
retryAfterMs: number | null, 
/**
 * OpenAI's `x-request-id`, for their support.
 */
requestId: string | null, 
/**
 * HTTP status, where the failure is an answer.
 */
httpStatus: number | null, 
/**
 * The raw body or cause, for the fold-out; secrets masked, at most 4 KB.
 */
detail: string | null, };

/**
 * What kind of failure this is. The window's copy table is exhaustive over these codes, so a new
 * one does not compile there without words. Match on the code, never on the text.
 */
export type ErrorCode = "key_missing" | "key_rejected" | "permission_denied" | "model_not_found" | "rate_limited" | "quota_exceeded" | "context_too_long" | "schema_refused" | "prompt_declined" | "request_rejected" | "server_error" | "overloaded" | "stream_cut" | "stream_idle" | "stream_invalid" | "offline" | "tls_failed" | "proxy_failed" | "timed_out" | "response_expired" | "not_the_api" | "file_unreadable" | "file_invalid" | "file_changed" | "file_unwritable" | "effort_unsupported" | "history_locked" | "history_newer" | "history_unwritable" | "history_damaged" | "cancelled" | "bad_input" | "unknown_command" | "internal";

/**
 * One event, or a run of deltas of one kind.
 */
export type EventRow = { 
/**
 * Place of the first event in the run, from 0.
 */
index: number, 
/**
 * How many events the row stands for.
 */
count: number, 
/**
 * The event's type.
 */
kind: string, 
/**
 * ms since the send, of the first and of the last event.
 */
atMs: number, untilMs: number, 
/**
 * A short look at the payload.
 */
preview: string, 
/**
 * The numbering skips or repeats here.
 */
gap: boolean, };

export type FixSchemaInput = { schema: unknown, 
/**
 * The one problem to mend; all of them where it is missing.
 */
problem?: FixSchemaProblem | null, };

/**
 * The mended schema, what was done to it, and what strict mode still refuses.
 */
export type FixSchemaOutput = { schema: unknown, changes: Array<SchemaChange>, left: Array<SchemaProblem>, };

/**
 * A problem as `check_schema` named it.
 */
export type FixSchemaProblem = { code: SchemaProblemCode, pointer: string, };

/**
 * Where runs are kept.
 */
export type HistoryState = { folder: string, 
/**
 * Why runs are kept in memory only, for this session.
 */
problem: EngineError | null, };

export type InferSchemaInput = { 
/**
 * The texts of the samples, each one JSON value.
 */
samples: Array<string>, };

/**
 * A schema that every sample satisfies, and what in it is a guess.
 */
export type InferSchemaOutput = { schema: unknown, notes: Array<SchemaNote>, 
/**
 * How many samples it was made from.
 */
samples: number, };

/**
 * What a face may know of a key: never the key.
 */
export type KeyLabel = { source: KeySource, 
/**
 * First letters and last four: `sk-proj-…4f2a`.
 */
masked: string, };

/**
 * Where the key in use is kept.
 */
export type KeySource = "environment" | "session";

/**
 * What changed in one lane since the last patch.
 */
export type LanePatch = { 
/**
 * The lane's place in the list of runs, from 0.
 */
lane: number, 
/**
 * The facts as they now are, if any changed but the clock and the count of events.
 */
facts: RunFacts | null, elapsedMs: number, events: number, texts: Array<TextChange>, };

export type LastComparisonInput = { requestId: string, };

export type LastComparisonOutput = { comparison: CompareEffortsOutput | null, };

export type LastRunInput = { requestId: string, };

export type LastRunOutput = { run: RunView | null, };

/**
 * One level of effort, over its runs.
 */
export type LevelSummary = { effort: string, 
/**
 * Runs asked for.
 */
runs: number, completed: number, 
/**
 * Over, but not completed: failed, cut, incomplete or stopped.
 */
endedEarly: number, 
/**
 * Checks passed.
 */
checks: Spread | null, 
/**
 * Nano-dollars per run.
 */
cost: Spread | null, totalMs: Spread | null, firstOutputMs: Spread | null, reasoningTokens: Spread | null, visibleTokens: Spread | null, };

export type ListEventsInput = { runId: string, };

export type ListEventsOutput = { rows: Array<EventRow>, total: number, };

/**
 * A model's facts (API.md 1.1).
 */
export type Model = { id: string, 
/**
 * Efforts in rising order.
 */
efforts: Array<string>, 
/**
 * What the model does when the body names no effort.
 */
defaultEffort: string, 
/**
 * Input and output together, in tokens.
 */
contextWindow: number, 
/**
 * The largest `max_output_tokens`.
 */
maxOutputTokens: number, 
/**
 * The documentation lists streaming for it.
 */
streams: boolean, };

export type OpenWorkbenchInput = Record<symbol, never>;

export type OpenWorkbenchOutput = { version: string, workspaceName: string, workspaceFolder: string, 
/**
 * Why the workspace is a temporary one, for this session.
 */
workspaceProblem: EngineError | null, requests: Array<RequestSummary>, 
/**
 * Newest family first.
 */
models: Array<Model>, 
/**
 * The whole ramp, in rising order.
 */
efforts: Array<EffortLevel>, 
/**
 * The day of the price table, ISO 8601.
 */
priceDate: string, connection: Connection, history: HistoryState, 
/**
 * The first screen shows what the tool is for: no run is recorded yet, or the sample was asked for.
 */
firstStart: boolean, 
/**
 * Billed today (UTC) for live replies, in nano-dollars.
 */
spentToday: number, };

/**
 * One place of an output that the schema refuses.
 */
export type OutputFailure = { 
/**
 * JSON Pointer into the output.
 */
pointer: string, 
/**
 * JSON Pointer into the schema, to the keyword that refuses it; none where the text is no JSON.
 */
schemaPointer: string | null, message: string, };

/**
 * What a running run is doing now.
 */
export type Phase = "waiting" | "sending" | "retrying" | "queued" | "reasoning" | "tool" | "writing" | "done";

/**
 * Something of the schema that the language doesn't say.
 */
export type PrintNote = { 
/**
 * JSON Pointer into the schema.
 */
pointer: string, message: string, };

export type PrintSchemaInput = { schema: unknown, 
/**
 * What the type, or the schema in a request, is called.
 */
name: string, as: SchemaLanguage, };

/**
 * Code, and what is lost in it.
 */
export type PrintSchemaOutput = { text: string, notes: Array<PrintNote>, };

export type ReadEventInput = { runId: string, 
/**
 * From 0.
 */
index: number, };

export type ReadEventOutput = { index: number, atMs: number, 
/**
 * The event's data, byte for byte.
 */
raw: string, };

export type ReadRequestInput = { 
/**
 * Relative to the workspace folder.
 */
path: string, };

export type ReadRequestOutput = { path: string, request: RequestFile, 
/**
 * What the file was when it was read: hand it back on saving.
 */
stamp: string, };

export type RequestFiguresInput = { requestId: string, model: string, };

export type RequestFiguresOutput = { 
/**
 * The figures come from sample replies.
 */
sample: boolean, 
/**
 * In the order of the model's efforts; levels without runs are there with 0.
 */
efforts: Array<EffortFigures>, };

/**
 * One request. The body is the document: what Rheostat does not know in it stays untouched.
 */
export type RequestFile = { 
/**
 * UUID v7. History finds the request's runs by it, wherever the file moves.
 */
id: string, name: string, endpoint: Endpoint, 
/**
 * The JSON body that will be sent.
 */
body: Record<string, unknown>, checks?: Array<Check>, };

/**
 * A request in the sidebar.
 */
export type RequestSummary = { 
/**
 * Relative to the workspace folder, with forward slashes.
 */
path: string, 
/**
 * The folder it lies in, "" at the top.
 */
folder: string, id: string, name: string, model: string | null, effort: string | null, 
/**
 * The file can't be read as a request; it is listed all the same.
 */
problem: EngineError | null, };

/**
 * A wait before the next attempt.
 */
export type RetryWait = { 
/**
 * When the attempt is made, in ms since the send: what is left is this less `elapsed_ms`.
 */
retryAtMs: number, 
/**
 * The attempt waited for, from 1.
 */
attempt: number, 
/**
 * How many are made at most.
 */
attemptsMax: number, };

/**
 * All that is known of one run but its texts, which may be long and travel as appends.
 */
export type RunFacts = { 
/**
 * UUID v7.
 */
id: string, 
/**
 * The id of the request file, if the run came from one.
 */
requestId: string | null, 
/**
 * Which repeat of its level this is, from 1.
 */
repeat: number, 
/**
 * The model in the body as sent.
 */
model: string, 
/**
 * The model that the response names, such as a dated snapshot.
 */
modelReported: string | null, 
/**
 * The effort in the body as sent; None where the body leaves it to the model's default.
 */
effortSent: string | null, 
/**
 * The effort that the response says was used.
 */
effortReported: string | null, 
/**
 * Set where the reply did not come from a model.
 */
sample: SampleKind | null, status: RunStatus, phase: Phase, 
/**
 * The tool at work, in the tool phase.
 */
phaseLabel: string | null, 
/**
 * ms since the send at which the phase began.
 */
phaseSinceMs: number, 
/**
 * The wait before the next attempt, in the retrying phase.
 */
retry: RetryWait | null, 
/**
 * When the request was sent, ms since the epoch, UTC.
 */
startedAt: number | null, 
/**
 * ms since the send, as of this patch.
 */
elapsedMs: number, firstEventMs: number | null, 
/**
 * The first visible output: text, refusal or a tool call's first argument.
 */
firstOutputMs: number | null, totalMs: number | null, spans: Array<Span>, 
/**
 * How many events have arrived.
 */
events: number, usage: Usage | null, bill: Bill | null, 
/**
 * Whether any attempt may have been charged. No only where that is certain.
 */
charged: Charged, 
/**
 * `incomplete_details.reason`, for incomplete runs.
 */
incompleteReason: string | null, 
/**
 * The cap to try next, for a run whose cap went on reasoning and left no answer.
 */
suggestedCap: number | null, fault: EngineError | null, 
/**
 * One outcome per check of the request, once the run is over.
 */
checks: Array<CheckOutcome>, toolCalls: Array<ToolCall>, attempts: Array<Attempt>, responseId: string | null, 
/**
 * The tier that the response reports; it decides the price.
 */
serviceTier: string | null, 
/**
 * What was odd about the stream, in words: a gap in the numbering, a `done` that differs.
 */
oddities: Array<string>, };

/**
 * The changes of one frame. The first patch of a stream carries the facts of every lane.
 */
export type RunPatch = { lanes: Array<LanePatch>, 
/**
 * Sent with every change of it, in comparisons.
 */
summary: ComparisonSummary | null, };

/**
 * How a run stands. Every way a run can end is told apart.
 */
export type RunStatus = "waiting" | "running" | "completed" | "incomplete" | "failed" | "cut" | "stopped";

/**
 * A run as a whole.
 */
export type RunView = { facts: RunFacts, texts: Array<TextPart>, };

/**
 * Where a reply came from, when it is not the model's. A sample must never pass for an answer.
 */
export type SampleKind = "composed" | "written";

export type SaveRequestInput = { path: string, request: RequestFile, 
/**
 * The stamp it was read with. If the file has changed since, nothing is written.
 */
stamp: string, };

export type SaveRequestOutput = { stamp: string, summary: RequestSummary, };

/**
 * One thing that was done.
 */
export type SchemaChange = { 
/**
 * Where the problem was, in the schema as it was at that moment.
 */
pointer: string, message: string, effect: SchemaEffect, };

/**
 * The sizes of a schema against what strict mode takes (API.md 9).
 */
export type SchemaCounts = { problems: number, 
/**
 * Object properties of the whole schema.
 */
properties: SchemaUsed, 
/**
 * Levels of nested objects and lists, the root being the first.
 */
levels: SchemaUsed, 
/**
 * Enum values of the whole schema.
 */
values: SchemaUsed, 
/**
 * Characters of property and definition names, enum values and const values.
 */
characters: SchemaUsed, };

/**
 * What a change does to the meaning.
 */
export type SchemaEffect = "same" | "nullable" | "closed" | "looser" | "narrower" | "reshaped";

/**
 * What can be done about a problem.
 */
export type SchemaFix = { 
/**
 * The button's words.
 */
label: string, 
/**
 * It takes away so much of what the schema says that only a person should choose it.
 */
isChoice: boolean, };

/**
 * What a schema can be printed as.
 */
export type SchemaLanguage = "json_schema" | "responses" | "chat" | "pydantic" | "zod" | "typescript" | "rust";

/**
 * A place that a person should look at.
 */
export type SchemaNote = { kind: SchemaNoteKind, 
/**
 * JSON Pointer into the schema.
 */
pointer: string, message: string, };

/**
 * Why a place of the schema wants a second look.
 */
export type SchemaNoteKind = "optional" | "union" | "enum_guess" | "format_guess" | "only_null" | "empty_list" | "empty_object" | "root_not_object";

/**
 * One place that strict mode refuses.
 */
export type SchemaProblem = { code: SchemaProblemCode, 
/**
 * JSON Pointer to the place at fault: a keyword where one is to blame, else the schema that lacks it.
 */
pointer: string, 
/**
 * What is wrong, naming the place.
 */
message: string, 
/**
 * Why it matters.
 */
reason: string, 
/**
 * What one click would do about it.
 */
fix: SchemaFix | null, };

/**
 * Which rule of API.md 9 is broken.
 */
export type SchemaProblemCode = "not_a_schema" | "malformed" | "root_not_object" | "root_any_of" | "type_missing" | "type_unsupported" | "format_unsupported" | "keyword_unsupported" | "extra_keys" | "not_required" | "required_unknown" | "items_missing" | "tuple_items" | "ref_remote" | "ref_missing" | "ref_sibling" | "ref_cycle" | "ref_endless" | "too_many_properties" | "too_deep" | "too_many_values" | "too_many_characters" | "enum_too_long" | "name_invalid";

/**
 * How much of a limit is used.
 */
export type SchemaUsed = { used: number, most: number, };

/**
 * Which of a run's texts.
 */
export type Section = "output" | "refusal" | "reasoning" | "tool_call";

export type SendInput = { 
/**
 * Chosen by the caller, unique per stream: the handle for `stop_run`.
 */
ticket: string, 
/**
 * The request as it stands in the editor, saved or not.
 */
request: RequestFile, };

export type SendOutput = { run: RunView, };

export type SetConnectionInput = { mode: ConnectionMode, 
/**
 * The base URL for Live, such as `https://api.openai.com/v1`; None keeps the one in use.
 */
liveBaseUrl: string | null, };

export type SetConnectionOutput = { connection: Connection, };

export type SetKeyInput = { 
/**
 * None forgets the typed key.
 */
key: string | null, };

export type SetKeyOutput = { connection: Connection, };

/**
 * One stretch of a run. Times are ms since the request was sent, on the monotonic clock.
 */
export type Span = { kind: SpanKind, 
/**
 * The tool's name, for tools.
 */
label: string | null, startMs: number, 
/**
 * None while it lasts.
 */
endMs: number | null, };

/**
 * A lane of the waterfall.
 */
export type SpanKind = "connect" | "retry" | "waiting" | "reasoning" | "tool" | "output";

/**
 * The middle and the range of one figure over the completed runs of a level.
 */
export type Spread = { median: number, min: number, max: number, };

export type StopRunInput = { 
/**
 * The ticket that the stream was started with.
 */
ticket: string, 
/**
 * Only this lane; None stops all.
 */
lane: number | null, };

export type StopRunOutput = { 
/**
 * Something was still running.
 */
stopped: boolean, };

/**
 * A change of one text.
 */
export type TextChange = { section: Section, part: number, 
/**
 * What to put at the end, or in place of all if `replace` is set.
 */
text: string, 
/**
 * The `done` event differed from the deltas: its text wins.
 */
replace: boolean, };

/**
 * One text of a run.
 */
export type TextPart = { section: Section, 
/**
 * The part's place within its section, from 0.
 */
part: number, text: string, };

/**
 * A tool call that the model made.
 */
export type ToolCall = { 
/**
 * The item's type, such as `function_call` or `file_search_call`.
 */
kind: string, name: string, callId: string | null, status: string | null, };

/**
 * Tokens of one response. Cached is part of input and reasoning is part of output: subtract,
 * never add (API.md 1.2).
 */
export type Usage = { inputTokens: number, 
/**
 * Part of `input_tokens`.
 */
cachedTokens: number, 
/**
 * Part of `input_tokens`; charged from gpt-5.6 on.
 */
cacheWriteTokens: number, outputTokens: number, 
/**
 * Part of `output_tokens`.
 */
reasoningTokens: number, 
/**
 * Billable searches: `tool_usage.web_search.num_requests`.
 */
webSearches: number, 
/**
 * Counted from the output items.
 */
fileSearches: number, };

export type ValidateOutputInput = { schema: unknown, text: string, 
/**
 * The text is a beginning: only what no continuation can mend is a failure.
 */
partial: boolean, };

export type ValidateOutputOutput = { 
/**
 * At most 200.
 */
failures: Array<OutputFailure>, 
/**
 * The text was judged as a whole; otherwise more failures may still come.
 */
isWhole: boolean, };

/**
 * What the figures say, made by fixed rules.
 */
export type Verdict = { 
/**
 * The cheapest level that does as well as the best, where there is one.
 */
level: string | null, sentence: Array<VerdictPart>, 
/**
 * How far to trust it: the number of runs, and how many would be firmer.
 */
caution: string | null, };

/**
 * A stretch of the verdict's sentence.
 */
export type VerdictPart = { text: string, strong: boolean, };

/** Commands that answer once. */
export interface Calls {
  open_workbench: { input: OpenWorkbenchInput; output: OpenWorkbenchOutput };
  read_request: { input: ReadRequestInput; output: ReadRequestOutput };
  save_request: { input: SaveRequestInput; output: SaveRequestOutput };
  create_request: { input: CreateRequestInput; output: CreateRequestOutput };
  request_figures: { input: RequestFiguresInput; output: RequestFiguresOutput };
  last_run: { input: LastRunInput; output: LastRunOutput };
  last_comparison: { input: LastComparisonInput; output: LastComparisonOutput };
  list_events: { input: ListEventsInput; output: ListEventsOutput };
  read_event: { input: ReadEventInput; output: ReadEventOutput };
  set_connection: { input: SetConnectionInput; output: SetConnectionOutput };
  set_key: { input: SetKeyInput; output: SetKeyOutput };
  stop_run: { input: StopRunInput; output: StopRunOutput };
  check_schema: { input: CheckSchemaInput; output: CheckSchemaOutput };
  fix_schema: { input: FixSchemaInput; output: FixSchemaOutput };
  infer_schema: { input: InferSchemaInput; output: InferSchemaOutput };
  print_schema: { input: PrintSchemaInput; output: PrintSchemaOutput };
  validate_output: { input: ValidateOutputInput; output: ValidateOutputOutput };
}

/** Commands that send items while they run, and answer at the end. */
export interface Streams {
  send: { input: SendInput; output: SendOutput; item: RunPatch };
  compare_efforts: { input: CompareEffortsInput; output: CompareEffortsOutput; item: RunPatch };
}
