// Written by `cargo xtask gen` from src-tauri/core/src/contract.rs. Do not edit.

export type ArmLiveInput = { 
/**
 * The request as it stands in the editor, saved or not.
 */
request: RequestFile, 
/**
 * The levels that will be run; empty for the request's own.
 */
efforts: Array<string>, 
/**
 * Runs per level, from 1.
 */
repeats: number, };

export type ArmLiveOutput = { baseUrl: string, 
/**
 * None where there is no key.
 */
key: KeyLabel | null, 
/**
 * Why the key could not be read.
 */
keyProblem: EngineError | null, environment: ConnectionEnvironment | null, forecast: ForecastRunOutput, 
/**
 * The request asks for an output schema.
 */
hasSchema: boolean, 
/**
 * Why the schema can't be used.
 */
schemaProblem: string | null, 
/**
 * Recordings of this request at any level, newest first; empty without a schema.
 */
recordings: Array<RecordingFit>, };

export type AttachFileInput = { 
/**
 * The file's name, where it comes as data.
 */
name: string | null, 
/**
 * What it holds, as base64.
 */
data: string | null, 
/**
 * Where it lies on this computer; from the workspace folder where it is not absolute.
 */
path: string | null, };

export type AttachFileOutput = { 
/**
 * What stands for it in a body: `{{file:attachments/chart.png#0123456789abcdef}}`.
 */
reference: string, 
/**
 * Within the workspace, with forward slashes.
 */
path: string, name: string, mediaType: string, picture: boolean, };

export type Attachment = { 
/**
 * A JSON Pointer to its part in the body.
 */
pointer: string, picture: boolean, source: AttachmentSource, 
/**
 * A file's name, an address or an id.
 */
name: string, 
/**
 * None where it is not known here.
 */
mediaType: string | null, 
/**
 * None where it is not known here.
 */
bytes: number | null, 
/**
 * In px, of a picture.
 */
width: number | null, 
/**
 * In px, of a picture.
 */
height: number | null, 
/**
 * About; None where no rule is known for it, or its size is not.
 */
tokens: number | null, 
/**
 * What the count rests on, or why there is none.
 */
tokensNote: string, 
/**
 * Why it can't be sent.
 */
problem: EngineError | null, };

/**
 * Where the data of a picture or a file comes from.
 */
export type AttachmentSource = "workspace" | "inline" | "web" | "uploaded" | "nothing";

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
 * The most that may be spent, in nano-dollars; None for no limit. Only what is billed for live answers counts.
 */
export type BudgetLimits = { 
/**
 * One run.
 */
perRun: number | null, 
/**
 * Since this start of Rheostat.
 */
perSession: number | null, 
/**
 * From midnight to midnight, UTC.
 */
perDay: number | null, };

/**
 * What is limited, spent and held back, in nano-dollars.
 */
export type BudgetState = { limits: BudgetLimits, spentSession: number, 
/**
 * UTC.
 */
spentToday: number, 
/**
 * By runs under way.
 */
reserved: number, 
/**
 * Why the limits could not be read.
 */
problem: EngineError | null, 
/**
 * The same of the environment in use, where it has limits of its own.
 */
environment?: EnvironmentBudget, };

/**
 * What a line of a bill pays for, in the fixed order of every stack.
 */
export type Category = "uncached_input" | "cached_input" | "cache_write" | "reasoning" | "visible_output" | "tools";

/**
 * How an item stands to the last commit.
 */
export type ChangeMark = "added" | "changed" | "deleted" | "renamed" | "conflicted";

/**
 * A file that is not as it was committed.
 */
export type ChangedItem = { 
/**
 * Relative to the workspace folder. A deleted one is there no more.
 */
path: string, mark: ChangeMark, };

export type ChangedItemsInput = Record<symbol, never>;

export type ChangedItemsOutput = { 
/**
 * The workspace lies in a repository, and Git is there to ask.
 */
git: boolean, 
/**
 * By path.
 */
items: Array<ChangedItem>, };

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

export type CheckKeyInput = { 
/**
 * Whose key it is, by id or name; None for the environment in use, and for the base URL where none is in use.
 */
environment?: string | null, };

export type CheckKeyOutput = { verdict: KeyVerdict, 
/**
 * Where it was asked.
 */
baseUrl: string, 
/**
 * The key that was checked.
 */
key: KeyLabel | null, 
/**
 * The model that was looked for.
 */
model: string, 
/**
 * How many models the key may use.
 */
models: number | null, 
/**
 * Those that the answer told; a server need not tell any.
 */
limits: Array<SeenLimit>, 
/**
 * The organisation that the server took the request for.
 */
organization: string | null, 
/**
 * Why it was not accepted.
 */
problem: EngineError | null, };

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

export type ClearMockLogInput = Record<symbol, never>;

export type ClearMockLogOutput = Record<symbol, never>;

/**
 * In what a request can be written out.
 */
export type CodeKind = "curl" | "python" | "node" | "rust";

/**
 * How an existing sign-in stands.
 */
export type CodexState = "not_asked" | "signed_out" | "unreadable" | "api_key" | "chat_gpt" | "expired";

export type CodexStatusInput = { 
/**
 * The user lets Rheostat read the file now. Without it nothing is opened.
 */
consent: boolean, };

export type CodexStatusOutput = { state: CodexState, 
/**
 * The file; None where the system names no home folder.
 */
path: string | null, 
/**
 * The API key in it, masked.
 */
key: string | null, email: string | null, accountId: string | null, 
/**
 * Such as `plus`.
 */
plan: string | null, 
/**
 * ms since the epoch, UTC.
 */
expiresAt: number | null, 
/**
 * When the CLI last refreshed it, as the file says it.
 */
lastRefresh: string | null, 
/**
 * What can be done with it, a sentence each.
 */
can: Array<string>, 
/**
 * What can't, and why, a sentence each.
 */
cannot: Array<string>, 
/**
 * What is odd about the file, a sentence each.
 */
remarks: Array<string>, problem: EngineError | null, };

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
repeats: number, 
/**
 * By effort, the places of the body that it goes without, as JSON Pointers: what only some levels take.
 */
leftOut?: { [key in string]: Array<string> }, };

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

export type ConfirmProductionInput = Record<symbol, never>;

export type ConfirmProductionOutput = { connection: Connection, };

/**
 * The connection in use.
 */
export type Connection = { mode: ConnectionMode, 
/**
 * The base URL in use now.
 */
baseUrl: string, 
/**
 * The base URL that Live uses: the environment's, or the one typed in.
 */
liveBaseUrl: string, 
/**
 * The key that Live uses; None where there is none, as far as that can be told without asking the keychain.
 */
key: KeyLabel | null, 
/**
 * None where none was chosen.
 */
environment: ConnectionEnvironment | null, };

/**
 * The environment in use.
 */
export type ConnectionEnvironment = { id: string, name: string, color: EnvironmentColor, production: boolean, 
/**
 * Live calls may go out: it is not production, or was confirmed in this session.
 */
confirmed: boolean, 
/**
 * Why its file can't be used now. Nothing can be sent until it is put right or another is chosen.
 */
problem: EngineError | null, };

/**
 * Where requests go.
 */
export type ConnectionMode = "sample" | "live";

export type ContinueRunInput = { 
/**
 * Chosen by the caller, unique per stream: the handle for `stop_run`.
 */
ticket: string, 
/**
 * The request that the run belongs to, as it stands in the editor. Its checks judge the answer; its body is left
 * aside: a turn goes on with what was sent.
 */
request: RequestFile, 
/**
 * The run whose calls are answered.
 */
runId: string, 
/**
 * One for each call that waits, in any order.
 */
replies: Array<ToolReply>, 
/**
 * Lets the model answer where `tool_choice` made it call: it goes on with `auto`.
 */
freeChoice: boolean, };

export type ContinueRunOutput = { run: RunView, };

/**
 * What a run goes on from: an earlier run of the same turn, whose calls were answered.
 */
export type Continues = { 
/**
 * The run right before it.
 */
runId: string, 
/**
 * The run that the turn began with.
 */
firstRunId: string, 
/**
 * Which run of the turn this is, from 2.
 */
step: number, 
/**
 * What the runs before it cost together, in nano-dollars; None where one of them has no known price.
 */
costBefore: number | null, 
/**
 * How long the runs before it took together, in ms, without the waits between them.
 */
msBefore: number, };

/**
 * A secret, and where the code has it from.
 */
export type CopiedSecret = { name: string, 
/**
 * A variable of the process's environment where the code runs.
 */
variable: string, };

/**
 * What the body has in double braces, filled in or not. Empty where no request was named.
 */
export type CopyPlaceholders = { 
/**
 * Variables that have a value, by name.
 */
values: Array<string>, secrets: Array<CopiedSecret>, 
/**
 * Paths within the workspace.
 */
files: Array<string>, 
/**
 * Variables without a value: they stay as they stand.
 */
unset: Array<string>, };

export type CopyRequestInput = { 
/**
 * In what to write it.
 */
as: CodeKind, endpoint: Endpoint, 
/**
 * As it is sent.
 */
body: Record<string, unknown>, 
/**
 * Where it goes; `null`: where Live goes.
 */
baseUrl: string | null, 
/**
 * The schema file that the request refers to.
 */
schemaFile?: string | null, 
/**
 * The request that the body is of: its folders hand values down, and it has variables. Its own body is not read.
 */
request?: RequestFile | null, 
/**
 * Put the values of variables in, and read files where the code runs. A secret is never put in: the code reads it
 * from the environment. Otherwise `{{name}}` and `{{file:...}}` stay as they stand.
 */
filled?: boolean, };

export type CopyRequestOutput = { 
/**
 * Ends with a line feed. The key is read from `OPENAI_API_KEY` where it runs.
 */
code: string, placeholders: CopyPlaceholders, };

export type CountTokensInput = { 
/**
 * The request as it stands in the editor, saved or not.
 */
request: RequestFile, 
/**
 * Ask the endpoint of the connection in use, which leaves this computer where that is live.
 */
exact: boolean, };

export type CountTokensOutput = { 
/**
 * Instructions and messages, without pictures and files: about.
 */
texts: number, 
/**
 * The output schema, as JSON text: about.
 */
schema: number, 
/**
 * Tools, as JSON text: about.
 */
tools: number, 
/**
 * One count per message of the body, in its order, with its pictures: about.
 */
messages: Array<number>, 
/**
 * The instructions: about.
 */
instructions: number, 
/**
 * Pictures: about.
 */
pictures: number, 
/**
 * Pictures and files that are not counted here: no rule is known for them, or their size is not.
 */
uncounted: number, 
/**
 * All that is counted: about.
 */
total: number, 
/**
 * The whole input, as the API counts it; None where it was not asked.
 */
exact: number | null, 
/**
 * A stand-in gave the exact count.
 */
sample: boolean, };

export type CreateFolderInput = { 
/**
 * Where to make it, "" for the top.
 */
folder: string, name: string, };

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

export type CreateSchemaInput = { name: string, 
/**
 * JSON.
 */
text: string, };

export type CreateSchemaOutput = { path: string, stamp: string, };

export type DeleteEnvironmentInput = { path: string, 
/**
 * The stamp it was read with. If the file has changed since, it stays.
 */
stamp: string, };

export type DeleteEnvironmentOutput = { 
/**
 * What `restore_item` puts it back by, as it was, comments and all; None where it was gone already.
 */
handle: string | null, 
/**
 * Without an environment, where it was the one in use.
 */
connection: Connection, };

export type DeleteItemInput = { 
/**
 * Of a request or a folder, relative to the workspace folder.
 */
path: string, };

export type DeleteItemOutput = { 
/**
 * For `restore_item`, for 30 days.
 */
handle: string, news: TreeNews, };

export type DeleteSchemaInput = { path: string, };

export type DeleteSchemaOutput = { 
/**
 * For `restore_item`, for 30 days.
 */
handle: string, };

/**
 * Lines that belong together.
 */
export type DiffHunk = { 
/**
 * The first line's number in the earlier text, from 1.
 */
beforeLine: number, 
/**
 * The first line's number in the later text, from 1.
 */
afterLine: number, lines: Array<DiffLine>, };

export type DiffLine = { kind: DiffLineKind, 
/**
 * Without its line break.
 */
text: string, };

export type DiffLineKind = "same" | "removed" | "added";

export type DiffVersionsInput = { 
/**
 * Of a file, relative to the workspace folder.
 */
path: string, 
/**
 * The earlier one, as `list_versions` gave it; `null`: the file as it is.
 */
before: string | null, 
/**
 * The later one; `null`: the file as it is.
 */
after: string | null, };

export type DiffVersionsOutput = { 
/**
 * In the order of the later one; empty where both are the same.
 */
changes: Array<FieldChange>, };

/**
 * An amount in nano-dollars, written as `0.50` or `20`.
 */
export type Dollars = string;

export type DuplicateItemInput = { 
/**
 * Of a request or a folder, relative to the workspace folder.
 */
path: string, };

export type DuplicateSchemaInput = { path: string, };

export type DuplicateSchemaOutput = { 
/**
 * Of the copy.
 */
path: string, };

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
 * The last 20 completed runs of one level, the oldest first.
 */
export type EffortPasses = { effort: string, runs: Array<PassMark>, };

/**
 * The endpoint that a body is written for.
 */
export type Endpoint = "responses" | "chat_completions";

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
 * What is limited, spent and held back in an environment, in nano-dollars.
 */
export type EnvironmentBudget = { name: string, limits: BudgetLimits, spentSession: number, 
/**
 * UTC.
 */
spentToday: number, 
/**
 * By runs under way.
 */
reserved: number, };

/**
 * The colour by which an environment is known at a glance.
 */
export type EnvironmentColor = "grey" | "red" | "amber" | "green" | "blue" | "violet";

/**
 * One environment. A key that this version does not know is refused, not kept: a mistyped `production` or `limits`
 * must not pass for none.
 */
export type EnvironmentFile = { 
/**
 * UUID v7. The keychain knows its key by it, wherever the file moves.
 */
id: string, name: string, color: EnvironmentColor, 
/**
 * Such as `https://api.openai.com/v1`, which is meant where it is left out.
 */
base_url?: string, 
/**
 * Sent as `OpenAI-Organization` (API.md 2).
 */
organization?: string, 
/**
 * Sent as `OpenAI-Project` (API.md 2).
 */
project?: string, 
/**
 * Ask before the first live call of a session.
 */
production?: boolean, 
/**
 * Attempts after a failed first one, 0 to 10; as usual where it is left out.
 */
retries?: number, 
/**
 * On top of the limits that hold everywhere.
 */
limits?: EnvironmentLimits, 
/**
 * Where the key is: `keychain`, `env:NAME` or `command:op read ...`. The keychain where it is left out.
 */
key?: SecretRef, variables?: { [key in string]: VariableValue }, };

/**
 * The most that may be spent in an environment, in dollars.
 */
export type EnvironmentLimits = { 
/**
 * One run.
 */
per_run?: Dollars, 
/**
 * Since this start of Rheostat.
 */
per_session?: Dollars, 
/**
 * From midnight to midnight, UTC.
 */
per_day?: Dollars, };

/**
 * An environment in a list.
 */
export type EnvironmentSummary = { 
/**
 * Relative to the workspace folder, with forward slashes.
 */
path: string, 
/**
 * None where the file can't be read.
 */
id: string | null, 
/**
 * Its file's name where the file can't be read.
 */
name: string, color: EnvironmentColor, production: boolean, 
/**
 * Why it can't be used; it is listed all the same.
 */
problem: EngineError | null, };

/**
 * What kind of failure this is. The window's copy table is exhaustive over these codes, so a new
 * one does not compile there without words. Match on the code, never on the text.
 */
export type ErrorCode = "key_missing" | "keychain_missing" | "keychain_locked" | "secret_unreadable" | "confirm_production" | "variable_missing" | "key_rejected" | "permission_denied" | "model_not_found" | "rate_limited" | "quota_exceeded" | "context_too_long" | "schema_refused" | "prompt_declined" | "request_rejected" | "server_error" | "overloaded" | "stream_cut" | "stream_idle" | "stream_invalid" | "offline" | "tls_failed" | "proxy_failed" | "timed_out" | "response_expired" | "not_the_api" | "file_unreadable" | "file_invalid" | "file_changed" | "file_unwritable" | "name_taken" | "id_taken" | "workspace_gone" | "effort_unsupported" | "history_locked" | "history_newer" | "history_unwritable" | "history_damaged" | "budget_exceeded" | "cancelled" | "bad_input" | "unknown_command" | "internal";

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

/**
 * A file of an export.
 */
export type ExportFile = { 
/**
 * With forward slashes; every part is a name that every system takes.
 */
name: string, text: string, };

/**
 * The form of an export.
 */
export type ExportKind = "folder" | "json" | "promptfoo" | "batch" | "curl" | "pytest" | "vitest";

/**
 * Something that an export could not say.
 */
export type ExportLeftOut = { 
/**
 * The request's file.
 */
place: string, 
/**
 * Never a secret.
 */
what: string, 
/**
 * As a sentence.
 */
why: string, };

export type ExportRequestsInput = { 
/**
 * These requests. None of these and no folder: all requests.
 */
requestIds: Array<string>, 
/**
 * The requests of this folder and the folders in it, relative to the workspace folder.
 */
folder: string | null, 
/**
 * In what form.
 */
as: ExportKind, };

export type ExportRequestsOutput = { files: Array<ExportFile>, 
/**
 * What the form can't say, and keys.
 */
leftOut: Array<ExportLeftOut>, };

/**
 * A field that is not the same in both.
 */
export type FieldChange = { 
/**
 * A JSON Pointer such as `/body/input/0/content`, into the later one unless it is only in the earlier;
 * "" for the text of a file that is no request.
 */
pointer: string, 
/**
 * None where it came; also of a text that is shown line by line.
 */
before: unknown, 
/**
 * None where it went; also of a text that is shown line by line.
 */
after: unknown, 
/**
 * Of a text with more than one line; empty otherwise.
 */
lines: Array<DiffHunk>, };

export type FindRequestsInput = { 
/**
 * Words that all have to be there, whatever the capitals. `tag:word` looks at tags alone.
 */
text: string, };

/**
 * Something that is the matter with a request.
 */
export type Finding = { 
/**
 * The rule, to match on: `sampling_rejected`, `moved`, `unresolved_variable`, ...
 */
code: string, severity: FindingSeverity, 
/**
 * Where: a JSON Pointer into the body. It may name a place that is missing.
 */
pointer: string, 
/**
 * What is the matter, as a sentence.
 */
message: string, 
/**
 * Why, and what would do.
 */
reason: string, fix: FindingFix | null, 
/**
 * What it rests on that the request has from folders, not of its own.
 */
inherited?: Array<FindingOrigin>, };

/**
 * What one click does about a finding.
 */
export type FindingFix = { 
/**
 * An order, such as `Leave temperature out`.
 */
label: string, 
/**
 * The body is written for this endpoint first.
 */
endpoint: Endpoint | null, 
/**
 * In this order.
 */
edits: Array<FixEdit>, 
/**
 * Part of "fix all": it makes the request be accepted, or says the same in today's words. Any other
 * fix changes what the request costs or means, and waits for a click.
 */
safe: boolean, };

/**
 * A value that a folder hands down.
 */
export type FindingOrigin = { 
/**
 * A JSON Pointer into the body, such as `/reasoning/effort`.
 */
pointer: string, 
/**
 * The folder that says so, "" for the top of the workspace.
 */
folder: string, };

/**
 * A finding of the list, to mend it alone.
 */
export type FindingRef = { code: string, pointer: string, };

/**
 * How bad it is.
 */
export type FindingSeverity = "error" | "warning";

/**
 * One applied fix.
 */
export type FixChange = { 
/**
 * The rule that asked for it.
 */
code: string, 
/**
 * Where the matter was.
 */
pointer: string, 
/**
 * What was the matter.
 */
message: string, 
/**
 * What was done about it.
 */
label: string, 
/**
 * What stood there.
 */
before: unknown, 
/**
 * What could not go over, where the endpoint changed.
 */
lost: Array<TranslationRemark>, };

/**
 * A change of one place.
 */
export type FixEdit = { "op": "set", pointer: string, value: unknown, } | { "op": "remove", pointer: string, };

export type FixRequestInput = { request: LintRequestInput, 
/**
 * `null`: every fix that only makes the request be accepted, or says the same in today's words.
 */
only: FindingRef | null, };

export type FixRequestOutput = { 
/**
 * It may be another than before: some requests work on one endpoint only.
 */
endpoint: Endpoint, body: Record<string, unknown>, 
/**
 * What was done, in order.
 */
changes: Array<FixChange>, 
/**
 * What is still the matter.
 */
findings: Array<Finding>, };

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
 * What requests below a folder have where they say nothing of their own. The nearest folder wins.
 */
export type FolderDefaults = { model?: string | null, 
/**
 * `reasoning.effort` of the body.
 */
effort?: string | null, instructions?: string | null, 
/**
 * The whole list: a request with tools of its own has none of these.
 */
tools?: unknown[] | null, 
/**
 * `text.format` of the body.
 */
text_format?: unknown, 
/**
 * What `{{name}}` stands for. Each name is handed down by itself.
 */
variables?: Record<string, unknown>, };

/**
 * `folder.yaml`: what holds for everything below, and the order of what lies in the folder.
 */
export type FolderFile = { defaults?: FolderDefaults, 
/**
 * Names of files and folders in this folder, in the order in which they are shown. Those that are
 * not named follow: folders first, by name.
 */
order?: Array<string>, };

/**
 * A folder in the sidebar.
 */
export type FolderSummary = { 
/**
 * Relative to the workspace folder, with forward slashes; "" for the workspace itself, which is listed
 * too.
 */
path: string, name: string, 
/**
 * Its place in the order that the folder above asks for; None: after those, by name.
 */
position: number | null, 
/**
 * It hands something down to the requests below it.
 */
hasDefaults: boolean, 
/**
 * What its `folder.yaml` was when it was seen, "" where it has none.
 */
stamp: string, 
/**
 * Why its `folder.yaml` can't be followed.
 */
problem: EngineError | null, };

export type ForecastRunInput = { 
/**
 * The request as it stands in the editor, saved or not.
 */
request: RequestFile, 
/**
 * The levels to run; empty for the request's own.
 */
efforts: Array<string>, 
/**
 * Runs per level, from 1.
 */
repeats: number, };

export type ForecastRunOutput = { levels: Array<LevelForecast>, 
/**
 * Runs in all.
 */
calls: number, 
/**
 * Of all runs: the sum of the medians; None where a level has no live run yet.
 */
cost: number | null, 
/**
 * Of all runs: the sum of the 90th percentiles; None where a level has no live run yet.
 */
highCost: number | null, 
/**
 * Of all runs; None where a price is not known.
 */
worstCost: number | null, budget: BudgetState, 
/**
 * Why it would be refused now.
 */
refusal: EngineError | null, };

export type ForgetKeyInput = { 
/**
 * Whose key it is, by id or name; None for the environment in use, and for the base URL where none is in use.
 */
environment?: string | null, };

export type ForgetKeyOutput = { 
/**
 * The key that is used now: a variable and a program keep what they have.
 */
connection: Connection, };

/**
 * Where a word was found.
 */
export type FoundIn = "name" | "tags" | "folder" | "prompt";

/**
 * A request that was found.
 */
export type FoundRequest = { request: RequestSummary, 
/**
 * Every word stands in one of these.
 */
foundIn: Array<FoundIn>, 
/**
 * A piece of the prompt around the first word that only it has.
 */
excerpt: string | null, };

/**
 * What a search found.
 */
export type FoundRequests = { 
/**
 * Those that have it in their names first, then in the order of the tree.
 */
hits: Array<FoundRequest>, 
/**
 * Requests that fit and are not among the hits.
 */
more: number, };

export type GiveNewIdInput = { path: string, };

export type GiveNewIdOutput = { id: string, news: TreeNews, };

/**
 * Which runs. An empty list or text leaves all of them in.
 */
export type HistoryFilter = { 
/**
 * Words of the request's name, the model, the prompt and the answer. Each has to be there, whatever the capitals;
 * its beginning is enough.
 */
text: string, 
/**
 * As sent, or as reported where the body left it to the model.
 */
efforts: Array<string>, statuses: Array<RunStatus>, sources: Array<RunSource>, kinds: Array<RunKind>, };

/**
 * Runs began or ended since the last news, or since the start: read the list again.
 */
export type HistoryNews = { 
/**
 * Runs that are going on.
 */
running: number, };

/**
 * One run of the list.
 */
export type HistoryRow = { id: string, 
/**
 * When it was sent, ms since the epoch, UTC.
 */
startedAt: number | null, 
/**
 * None for another program's.
 */
requestId: string | null, 
/**
 * As it was called then.
 */
requestName: string | null, 
/**
 * Where its file lies now; None where it is gone.
 */
requestPath: string | null, comparisonId: string | null, model: string, effortSent: string | null, effortReported: string | null, status: RunStatus, incompleteReason: string | null, fault: EngineError | null, usage: Usage | null, 
/**
 * Nano-dollars; None where no price is known. Of a reply that was served again, what it cost when it was recorded.
 */
cost: number | null, 
/**
 * A part of the run has no known price and is not in `cost`.
 */
partlyUnpriced: boolean, charged: Charged, totalMs: number | null, source: RunSource, sample: SampleKind | null, replayed: Replayed | null, 
/**
 * How often it was sent.
 */
attempts: number, };

/**
 * Where runs are kept.
 */
export type HistoryState = { folder: string, 
/**
 * Why runs are kept in memory only, for this session.
 */
problem: EngineError | null, };

/**
 * What all of the selection comes to.
 */
export type HistoryTotals = { runs: number, 
/**
 * Billed for its live runs, in nano-dollars. Replies of the stand-in cost nothing new.
 */
spent: number, 
/**
 * Live runs that used tokens for which no price is known: they are not in `spent`.
 */
unpriced: number, };

export type ImportFilesInput = { 
/**
 * Files and folders of this machine.
 */
paths: Array<string>, 
/**
 * Files that the face has read.
 */
files: Array<ImportText>, 
/**
 * What was pasted.
 */
text: string | null, 
/**
 * Translate requests for Chat Completions; else they stay as they are.
 */
toResponses: boolean, 
/**
 * The folder of the workspace that it goes into, "" for its top.
 */
folder: string, };

export type ImportFilesOutput = { 
/**
 * The new files, relative to the workspace folder.
 */
paths: Array<string>, 
/**
 * What each of them was when it was written, in the same order: for `undo_import`.
 */
stamps: Array<string>, 
/**
 * The folders that were not there before, outer ones first.
 */
folders: Array<string>, leftOut: Array<ImportLeftOut>, 
/**
 * The formats that were found.
 */
kinds: Array<ImportKind>, };

/**
 * Whose format a file is in.
 */
export type ImportKind = "curl" | "openai_body" | "openai_batch" | "openai_rows" | "postman" | "postman_environment" | "bruno" | "opencollection" | "insomnia" | "yaak" | "promptfoo" | "har" | "rheostat";

/**
 * Something that is not brought in.
 */
export type ImportLeftOut = { 
/**
 * A file, and where in it.
 */
place: string, 
/**
 * Never a secret: of a header only its name.
 */
what: string, 
/**
 * As a sentence.
 */
why: string, };

export type ImportPreviewInput = { 
/**
 * Files and folders of this machine.
 */
paths: Array<string>, 
/**
 * Files that the face has read.
 */
files: Array<ImportText>, 
/**
 * What was pasted.
 */
text: string | null, 
/**
 * Translate requests for Chat Completions; else they stay as they are.
 */
toResponses: boolean, };

export type ImportPreviewOutput = { 
/**
 * In the order in which they are written. Ids are empty until then.
 */
items: Array<ImportedItem>, leftOut: Array<ImportLeftOut>, 
/**
 * The formats that were found.
 */
kinds: Array<ImportKind>, };

/**
 * A file that a face has read itself, such as one that was dropped on a window.
 */
export type ImportText = { 
/**
 * A path with forward slashes, relative to what was dropped.
 */
name: string, text: string, };

/**
 * What an item becomes.
 */
export type ImportedContent = { "kind": "request", request: RequestFile, } | { "kind": "environment", variables: Array<ImportedVariable>, } | { "kind": "dataset", jsonl: string, rows: number, };

/**
 * Something that can be brought in.
 */
export type ImportedItem = { 
/**
 * Where it goes, relative to the folder that the import goes into; every part is a name that every system takes.
 */
folder: string, name: string, 
/**
 * Where it came from: a file, and where in it.
 */
place: string, content: ImportedContent, };

/**
 * A variable of an environment.
 */
export type ImportedVariable = { name: string, 
/**
 * Empty where the value was a secret.
 */
value: string, };

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
 * One value that a request has from a folder, unless its own body has something at that place.
 */
export type Inherited = { 
/**
 * A JSON Pointer into the body, such as `/reasoning/effort`.
 */
pointer: string, value: unknown, 
/**
 * The folder that says so, "" for the top of the workspace.
 */
from: string, };

/**
 * A request with a schema in its own body.
 */
export type InlineSchema = { request: SchemaUse, 
/**
 * What the schema is called in it.
 */
name: string, };

/**
 * Where a typed key is to be kept.
 */
export type KeepKey = "session" | "keychain" | "keychain_else_session";

/**
 * What a face may know of a key: never the key.
 */
export type KeyLabel = { source: KeySource, 
/**
 * First letters and last four: `sk-proj-…4f2a`. Empty while it has not been read: a keychain is asked when
 * something is sent, not before.
 */
masked: string, 
/**
 * Where exactly: `OPENAI_API_KEY`, `keychain`, `command:op read ...`, `memory`.
 */
kept: string, 
/**
 * Why it is not the keychain's, or what else there is to say.
 */
note: string | null, };

/**
 * Where the key in use is kept.
 */
export type KeySource = "environment" | "session" | "keychain" | "command";

/**
 * What came of it.
 */
export type KeyVerdict = "accepted" | "no_model" | "rejected" | "missing" | "offline" | "unclear";

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

export type LastRunOutput = { run: RunView | null, 
/**
 * The runs before it in the same turn, the first one first.
 */
earlier: Array<TurnStep>, };

/**
 * What one run of a level may cost and take. Figures of live runs only; absent where there are none.
 */
export type LevelForecast = { 
/**
 * None where the body leaves it to the model's default.
 */
effort: string | null, 
/**
 * Live runs that the likely figures rest on, at most 20.
 */
runs: number, 
/**
 * Median, nano-dollars.
 */
cost: number | null, 
/**
 * 90th percentile, nano-dollars.
 */
highCost: number | null, 
/**
 * Median, ms.
 */
ms: number | null, 
/**
 * 90th percentile, ms.
 */
highMs: number | null, 
/**
 * Every byte of text a token of input, its pictures, and the whole cap put out, nano-dollars; None where the price is not known.
 */
worstCost: number | null, };

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

/**
 * A request to look at.
 */
export type LintRequestInput = { endpoint: Endpoint, body: Record<string, unknown>, 
/**
 * Its runs tell how many tokens it needs.
 */
requestId: string | null, 
/**
 * The variables in reach, by name; `null`: a `{{name}}` is not judged.
 */
variables: { [key in string]: string } | null, 
/**
 * The input's size in tokens, an estimate; `null`: it is counted here.
 */
inputTokens: number | null, 
/**
 * The schema file that the request refers to.
 */
schemaFile?: string | null, };

export type LintRequestOutput = { 
/**
 * What would be refused first.
 */
findings: Array<Finding>, };

export type ListAttachmentsInput = { 
/**
 * The request as it stands in the editor, saved or not.
 */
request: RequestFile, };

export type ListAttachmentsOutput = { 
/**
 * In the order of the body.
 */
attachments: Array<Attachment>, };

export type ListEnvironmentsInput = Record<symbol, never>;

export type ListEnvironmentsOutput = { 
/**
 * By name.
 */
environments: Array<EnvironmentSummary>, 
/**
 * The id of the one in use.
 */
active: string | null, };

export type ListEventsInput = { runId: string, };

export type ListEventsOutput = { rows: Array<EventRow>, total: number, };

export type ListHistoryInput = { filter: HistoryFilter, 
/**
 * The id of a run: older ones are listed. None begins with the newest.
 */
before: string | null, 
/**
 * From 1 to 200.
 */
limit: number, };

export type ListHistoryOutput = { 
/**
 * Newest first.
 */
rows: Array<HistoryRow>, 
/**
 * Older ones follow: ask again with the last row's id in `before`.
 */
more: boolean, totals: HistoryTotals, 
/**
 * All runs on record, whatever the filter.
 */
recorded: number, };

export type ListMockLogInput = Record<symbol, never>;

export type ListMockLogOutput = { 
/**
 * The last 1,000 at most, oldest first.
 */
rows: Array<MockLogRow>, };

export type ListParametersInput = Record<symbol, never>;

export type ListParametersOutput = { 
/**
 * The headings of the form, in order.
 */
groups: Array<ParameterGroup>, 
/**
 * In the order of the form.
 */
parameters: Array<Parameter>, 
/**
 * In the order of the form.
 */
tools: Array<ToolKind>, 
/**
 * What tools cost, by the price table of this installation.
 */
toolCharges: Array<ToolCharge>, };

export type ListRequestsInput = Record<symbol, never>;

export type ListRequestsOutput = { 
/**
 * In the order of the tree, the workspace itself first.
 */
folders: Array<FolderSummary>, 
/**
 * In the order of the tree.
 */
requests: Array<RequestSummary>, };

export type ListSchemasInput = Record<symbol, never>;

export type ListSchemasOutput = { 
/**
 * By path.
 */
files: Array<SchemaSummary>, 
/**
 * Requests with a schema in their own body, in the order of the tree.
 */
inline: Array<InlineSchema>, 
/**
 * Requests that refer to a schema that can't be used: they are not sent until that is put right.
 */
lost: Array<LostSchema>, };

export type ListVariablesInput = { 
/**
 * The request as it stands in the editor, saved or not.
 */
request: RequestFile, };

export type ListVariablesOutput = { 
/**
 * By name.
 */
variables: Array<ListedVariable>, 
/**
 * Every use in the body, in its order; without a scope where the variable has no value, and nothing can be sent.
 */
uses: Array<VariableUse>, };

export type ListVersionsInput = { 
/**
 * Of a file, relative to the workspace folder.
 */
path: string, };

export type ListVersionsOutput = { versions: Array<Version>, 
/**
 * Why commits are missing among them.
 */
problem: EngineError | null, };

/**
 * A variable in reach.
 */
export type ListedVariable = { name: string, 
/**
 * None for a secret: it is read when it is sent, and never shown.
 */
value: string | null, scope: VariableScope, 
/**
 * As a person calls the scope, such as the environment's name.
 */
setBy: string, secret: boolean, 
/**
 * Where the secret is kept, such as `env:TOKEN`.
 */
reference: string | null, };

export type LookOverRequestInput = { 
/**
 * The request as it stands in the editor, saved or not.
 */
request: RequestFile, };

export type LookOverRequestOutput = { findings: Array<Finding>, 
/**
 * Why there are no findings.
 */
problem: EngineError | null, 
/**
 * Names of variables that have no value, each once: with one of them nothing can be sent.
 */
unresolved: Array<string>, 
/**
 * As [`count_tokens`] counts here; None where that needs something that the request lacks.
 */
tokens: CountTokensOutput | null, 
/**
 * Of one run at the request's own effort; None where it can't be told.
 */
forecast: ForecastRunOutput | null, 
/**
 * Why it can't.
 */
forecastProblem: EngineError | null, };

/**
 * A request that refers to a schema that can't be used.
 */
export type LostSchema = { request: SchemaUse, 
/**
 * As the request has it.
 */
schemaFile: string, problem: EngineError, };

export type MeasureSchemaInput = { schema: unknown, 
/**
 * The request whose runs it is held against; without one there is a count alone.
 */
requestId?: string | null, model?: string | null, };

export type MeasureSchemaOutput = { 
/**
 * Counted here, of the schema as JSON without spaces: about.
 */
tokens: number, 
/**
 * Completed runs of the connection's own kind, at most 20.
 */
runs: number, 
/**
 * The runs are sample replies.
 */
sample: boolean, 
/**
 * The median input of these runs in tokens, the schema's own among them.
 */
inputTokens: number | null, 
/**
 * Nano-dollars per 1 000 000 tokens of uncached input, standard tier, by the day's table; None where no price is
 * known.
 */
inputPrice: number | null, 
/**
 * Nano-dollars per run at that price.
 */
cost: number | null, };

export type MockAction = { "fault": MockFault } | { "pin": string } | { "answer": MockRecording };

/**
 * What follows when the last recording of a sequence was served.
 */
export type MockAtEnd = "stick" | "wrap";

/**
 * One difference: an event, a field, a type or the order.
 */
export type MockDifference = { 
/**
 * `event …` for a kind of event, `order` for the order of events, else the path of a field.
 */
path: string, 
/**
 * None where it was not there.
 */
was: string | null, 
/**
 * None where it is gone.
 */
now: string | null, };

export type MockDriftInput = { 
/**
 * Chosen by the caller, unique per stream: the handle for `stop_run`.
 */
ticket: string, 
/**
 * The recording's file name within the folder of recordings.
 */
file: string, 
/**
 * Send the recorded request to the live API now, which costs money; otherwise its last real answer in the history
 * is compared.
 */
fresh: boolean, };

export type MockDriftOutput = { 
/**
 * Empty where the API still answers in the recording's shape.
 */
differences: Array<MockDifference>, 
/**
 * When the recording was made, ms since the epoch, UTC.
 */
recordedAt: number, 
/**
 * The run that it was compared with.
 */
runId: string, 
/**
 * When that was sent, ms since the epoch, UTC.
 */
answeredAt: number, 
/**
 * What it cost, in nano-dollars, where it was sent for this and the price is known.
 */
cost: number | null, };

/**
 * A failure. Those that name an event count from 0, which is the first of a stream.
 */
export type MockFault = { "kind": "rate_limited", retry_after_ms?: number | null, 
/**
 * Seconds in `retry-after`; the API sends decimals too.
 */
retry_after_s?: number | null, 
/**
 * An HTTP date in `retry-after`, that many seconds from now, below 0 for one that has passed.
 */
retry_after_date?: number | null, code: MockRateCode, 
/**
 * The value of `x-should-retry`; no header where it is left out.
 */
should_retry?: boolean | null, } | { "kind": "insufficient_quota", code: string, } | { "kind": "server_error", } | { "kind": "overloaded", retry_after_s?: number | null, } | { "kind": "context_length_exceeded", } | { "kind": "invalid_key", } | { "kind": "forbidden", } | { "kind": "status", status: number, message: string, type: string, param: string | null, code: string | null, should_retry?: boolean | null, } | { "kind": "refusal", text: string, } | { "kind": "error_in_stream", after_events: number, code: MockStreamCode, 
/**
 * The fields of the error beside its type instead of nested, as the SDKs describe it.
 */
flat: boolean, } | { "kind": "slow_start", ms: number, } | { "kind": "stall", after_events: number, } | { "kind": "drip", ms: number, } | { "kind": "cut_mid_event", after_events: number, } | { "kind": "malformed_json", at_event: number, } | { "kind": "split_utf8", } | { "kind": "crlf", } | { "kind": "comments", } | { "kind": "huge_event", bytes: number, } | { "kind": "wrong_content_type", content_type: string, } | { "kind": "gzip", } | { "kind": "redirect", to: string, status: number, } | { "kind": "html_page", };

/**
 * One request and its answer. Keys are masked everywhere.
 */
export type MockLogEntry = { 
/**
 * Counts from 1.
 */
id: number, 
/**
 * When it came in: milliseconds since 1970 in UTC.
 */
at_ms: number, 
/**
 * The program that runs the stand-in sent it.
 */
own: boolean, method: string, 
/**
 * With its query.
 */
path: string, 
/**
 * The exact key of the request, for pins and rules.
 */
key: string, model: string | null, 
/**
 * The effort asked for, else the model's own.
 */
effort: string | null, status: number | null, rung: MockRung | null, 
/**
 * The id of the rule that decided.
 */
rule: string | null, 
/**
 * From its coming in to the first byte of the body.
 */
first_byte_ms: number | null, total_ms: number | null, 
/**
 * Of the body sent so far.
 */
bytes: number, request_headers: { [key in string]: string }, 
/**
 * The JSON body; a string where it wasn't JSON or is too long to keep, null where there was none.
 */
request: unknown, response_headers: { [key in string]: string }, 
/**
 * The body as it was sent, chunk by chunk: milliseconds since the request came in, and text.
 */
response: Array<[number, string]>, 
/**
 * `response` is all of the body so far; a long one is kept up to 4 MB.
 */
kept_whole: boolean, outcome: MockOutcome, };

/**
 * One request of the log.
 */
export type MockLogRow = { 
/**
 * Counts from 1.
 */
id: number, 
/**
 * ms since the epoch, UTC.
 */
atMs: number, 
/**
 * Rheostat itself sent it.
 */
own: boolean, method: string, path: string, model: string | null, effort: string | null, status: number | null, rung: MockRung | null, 
/**
 * The id of the rule that decided.
 */
rule: string | null, firstByteMs: number | null, totalMs: number | null, 
/**
 * Of the body sent so far.
 */
bytes: number, outcome: MockOutcome, 
/**
 * The run of the history that it became, where it passed through to the live API.
 */
runId: string | null, 
/**
 * What that cost, in nano-dollars.
 */
cost: number | null, };

/**
 * What a request must have; what is left out does not matter. A `*` stands for any text.
 */
export type MockMatch = { 
/**
 * Without the query, such as `/v1/responses`.
 */
path?: string | null, model?: string | null, 
/**
 * The effort that the model works at, its default included.
 */
effort?: string | null, body_contains?: string | null, 
/**
 * One request alone: either of its two keys.
 */
key?: string | null, 
/**
 * The share of matching requests that it applies to, 0 to 1, drawn alike every time.
 */
rate?: number | null, 
/**
 * Every so many matching requests: 3 is the third, the sixth and so on.
 */
every?: number | null, };

/**
 * Requests that came in or ended since the last news. A row of a known id takes the old one's place.
 */
export type MockNews = { rows: Array<MockLogRow>, 
/**
 * Some were missed: read the log again.
 */
missed: boolean, };

export type MockOutcome = "running" | "complete" | "cut";

/**
 * What a request is pinned to.
 */
export type MockPinned = "live_last" | "sequence" | "upstream" | "composed" | { "rule": string };

/**
 * A pace in figures.
 */
export type MockProfile = { 
/**
 * From the request to the first delta. What comes before a delta is sent at once.
 */
time_to_first_token_ms: number, 
/**
 * Of what is seen, four characters to a token. Must be above zero and finite.
 */
tokens_per_second: number, 
/**
 * How far the wait for a delta strays from its due share: 0 not at all, 1 from none to twice as long.
 */
jitter: number, };

/**
 * The two forms of a rate limit's body.
 */
export type MockRateCode = "rate_limit_exceeded" | "slow_down";

/**
 * One recorded answer.
 */
export type MockRecording = { head: MockRecordingHead, 
/**
 * Milliseconds since the request was sent, and the data of an event or a whole body.
 */
lines: Array<[number, string]>, };

/**
 * A recording of the workspace.
 */
export type MockRecordingFile = { 
/**
 * The file's name within the folder.
 */
file: string, name: string, 
/**
 * Why it can't be used; what follows is empty then.
 */
problem: string | null, 
/**
 * Of the workspace's request that it answers.
 */
requestId: string | null, 
/**
 * The real API answered.
 */
live: boolean, 
/**
 * ms since the epoch, UTC.
 */
recordedAt: number | null, status: number | null, streamed: boolean, 
/**
 * The answer broke off.
 */
cut: boolean, totalMs: number, };

/**
 * The first line of the file.
 */
export type MockRecordingHead = { format: number, request: MockRequested, response: MockResponded, 
/**
 * Milliseconds since 1970 in UTC.
 */
recorded_at: number, source: MockSource, name: string, 
/**
 * The answer broke off.
 */
cut?: boolean, };

export type MockRequested = { method: string, 
/**
 * With its query.
 */
path: string, body: unknown, };

export type MockResponded = { status: number, headers: { [key in string]: string }, };

/**
 * The first rule that matches and applies decides; a rule that does not apply lets the next one look.
 */
export type MockRule = { id: string, name: string, enabled: boolean, matches: MockMatch, action: MockAction, 
/**
 * It applies that many times, then no more; always where it is left out.
 */
times?: number | null, };

/**
 * One rule and what came of it so far.
 */
export type MockRuleState = { rule: MockRule, 
/**
 * Requests that it matched while it could still apply.
 */
matched: number, applied: number, };

/**
 * Where an answer came from.
 */
export type MockRung = "rule" | "live_last" | "sequence" | "upstream" | "composed";

export type MockSource = "live" | "sample";

/**
 * How fast replies come, against the pace that a reply is written with.
 */
export type MockSpeed = { "multiple": number } | "instant" | { "profile": MockProfile };

export type MockStateInput = Record<symbol, never>;

/**
 * What every verb that changes the stand-in answers with.
 */
export type MockStateOutput = { 
/**
 * What takes the place of `https://api.openai.com/v1` in another program.
 */
baseUrl: string, 
/**
 * Other programs on this computer may call it.
 */
open: boolean, 
/**
 * Web pages that may call it, by their origins.
 */
origins: Array<string>, 
/**
 * The port that the settings ask for; 0 is any free one.
 */
port: number, 
/**
 * Why it listens elsewhere.
 */
portProblem: EngineError | null, 
/**
 * Other programs must send a token.
 */
tokenRequired: boolean, speed: MockSpeed, 
/**
 * The rungs that are on, in order.
 */
rungs: Array<MockRung>, anyEffort: boolean, atEnd: MockAtEnd, rules: Array<MockRuleState>, 
/**
 * Requests of other programs that nothing here answers go to this base URL, are answered there, may cost money,
 * and are recorded; None where they are not forwarded.
 */
recordsFrom: string | null, 
/**
 * The requests of the workspace, in the sidebar's order.
 */
requests: Array<MockedRequest>, 
/**
 * The folder of recordings.
 */
recordingsFolder: string, recordings: Array<MockRecordingFile>, 
/**
 * What keeps settings or recordings from being used, one sentence each.
 */
problems: Array<string>, };

/**
 * What a stream can fail of.
 */
export type MockStreamCode = "server_error" | "server_is_overloaded" | "rate_limit_exceeded" | "insufficient_quota" | "context_length_exceeded";

/**
 * What answers a request of the workspace, at its own effort.
 */
export type MockedRequest = { id: string, name: string, 
/**
 * The folder it lies in, "" at the top.
 */
folder: string, model: string | null, effort: string | null, 
/**
 * What the user chose for it; None leaves it to the ladder.
 */
chosen: MockPinned | null, 
/**
 * The rung that would answer it now; None where nothing would. A rule that depends on chance or on a count is
 * not foreseen.
 */
answeredBy: MockRung | null, 
/**
 * The rule that would decide.
 */
rule: string | null, 
/**
 * When the last real answer to it came, ms since the epoch, UTC.
 */
lastLiveAt: number | null, 
/**
 * Recordings of it, all efforts together.
 */
recordings: number, };

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

export type MoveItemInput = { 
/**
 * Of a request or a folder, relative to the workspace folder.
 */
path: string, 
/**
 * "" for the top.
 */
toFolder: string, 
/**
 * Its place among all that the folder shows, from 0. It writes the folder's order down. None: by name.
 */
position: number | null, };

/**
 * A request that has another path or another text by a change of the tree.
 */
export type MovedRequest = { from: string, to: string, 
/**
 * What its file is now: an open request goes on with it.
 */
stamp: string, };

export type OpenWorkbenchInput = Record<symbol, never>;

export type OpenWorkbenchOutput = { version: string, workspaceName: string, workspaceFolder: string, 
/**
 * Why the workspace is a temporary one, for this session, or why it shows nothing.
 */
workspaceProblem: EngineError | null, 
/**
 * Every request, in the order of the tree. Of a large workspace some are `pending`: `watch_workspace`
 * tells of them.
 */
requests: Array<RequestSummary>, 
/**
 * In the order of the tree, the workspace itself first.
 */
folders: Array<FolderSummary>, 
/**
 * Newest family first.
 */
models: Array<Model>, 
/**
 * The whole ramp, in rising order.
 */
efforts: Array<EffortLevel>, 
/**
 * Why the user's own models or prices are left aside; ours are used then.
 */
dataProblems: Array<EngineError>, 
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
 * A request parameter.
 */
export type Parameter = { 
/**
 * Ours: one name for what may be called differently on either endpoint.
 */
id: string, label: string, 
/**
 * The id of a [`ParameterGroup`].
 */
group: string, 
/**
 * A value is of one of these types.
 */
types: Array<ParameterType>, 
/**
 * A body without it is refused.
 */
required: boolean, 
/**
 * The texts that it may be; empty where any will do. Of an object, its short forms.
 */
values: Array<string>, 
/**
 * The texts that an item of the list may be; empty where any will do.
 */
itemValues: Array<string>, 
/**
 * The smallest number that is taken.
 */
min: number | null, 
/**
 * The largest number that is taken.
 */
max: number | null, limit: ParameterLimit | null, 
/**
 * The longest text in characters; of an object, of each of its texts.
 */
maxLength: number | null, 
/**
 * The most items, or pairs.
 */
maxItems: number | null, 
/**
 * The longest name of a pair in characters.
 */
maxKeyLength: number | null, 
/**
 * What the API takes where the body says nothing; `None` where that depends or is not known.
 */
default: unknown, 
/**
 * `None`: refused on this endpoint.
 */
responses: ParameterWire | null, 
/**
 * `None`: refused on this endpoint.
 */
chatCompletions: ParameterWire | null, 
/**
 * The id of the parameter that has taken its place.
 */
movedTo: string | null, 
/**
 * When it is refused, ignored or out of date although its value is sound.
 */
rules: Array<ParameterRule>, 
/**
 * One or two sentences for a tooltip.
 */
help: string, 
/**
 * The section of API.md that the row rests on.
 */
source: string, 
/**
 * Something in the row is inferred, or rests on a single report, where this is false.
 */
verified: boolean, };

/**
 * What the API does with a parameter once a rule applies.
 */
export type ParameterEffect = "rejected" | "ignored" | "deprecated" | "unlisted";

/**
 * What one click does about it.
 */
export type ParameterFix = { 
/**
 * An order, such as `Leave temperature out`.
 */
label: string, 
/**
 * Takes the parameter out.
 */
remove: boolean, 
/**
 * Takes another path out.
 */
removePath: string | null, 
/**
 * Takes an item out of the list.
 */
removeItem: unknown, 
/**
 * Puts this value in its place.
 */
value: unknown, 
/**
 * Moves the value to the parameter of this id.
 */
moveTo: string | null, 
/**
 * Writes the whole body for this endpoint.
 */
endpoint: Endpoint | null, 
/**
 * Part of "fix all": it only makes the request be accepted, or says the same in today's words.
 */
safe: boolean, };

/**
 * A heading of the form.
 */
export type ParameterGroup = { id: string, label: string, };

/**
 * A list at a path of the body, and the item that it does not hold.
 */
export type ParameterLacks = { path: string, item: unknown, };

/**
 * A bound that depends on the model.
 */
export type ParameterLimit = "model_efforts" | "model_output";

/**
 * A rule about a parameter.
 */
export type ParameterRule = { 
/**
 * The code of the finding.
 */
code: string, effect: ParameterEffect, when: ParameterWhen, 
/**
 * What is the matter. `{model}`, `{effort}` and `{value}` stand for the body's.
 */
message: string, 
/**
 * Why, and what would be taken; the same names are filled in.
 */
why: string, fix: ParameterFix | null, 
/**
 * The section of API.md.
 */
source: string, 
/**
 * False where the effect is inferred or rests on a single report: it is then only a warning.
 */
verified: boolean, };

/**
 * What a JSON value is.
 */
export type ParameterType = "string" | "integer" | "number" | "boolean" | "array" | "object";

/**
 * A rule applies where all that it states holds. What is left out holds always.
 */
export type ParameterWhen = { endpoint: Endpoint | null, 
/**
 * The model is one of these, under any of its names.
 */
models: Array<string>, 
/**
 * The body's effort, or the model's default, is known and none of these.
 */
effortsNot: Array<string>, 
/**
 * The value is one of these.
 */
values: unknown[], 
/**
 * The value is none of these.
 */
valuesNot: unknown[], 
/**
 * The value is a list that holds this.
 */
contains: unknown, 
/**
 * These paths of the body hold something.
 */
with: Array<string>, 
/**
 * Each of these paths of the body holds this value.
 */
where: Record<string, unknown>, 
/**
 * None of these paths of the body holds this value.
 */
whereNot: Record<string, unknown>, 
/**
 * A list of the body does not hold an item.
 */
lacksItem: ParameterLacks | null, 
/**
 * The body has a function tool.
 */
functionTools: boolean, };

/**
 * Where a parameter stands in the body of an endpoint, and what is different about it there.
 */
export type ParameterWire = { 
/**
 * Names joined by dots, such as `reasoning.effort`.
 */
path: string, 
/**
 * In place of the row's types; empty where they hold.
 */
types: Array<ParameterType>, 
/**
 * In place of the row's values; empty where they hold.
 */
values: Array<string>, 
/**
 * In place of the row's lower bound.
 */
min: number | null, 
/**
 * In place of the row's default.
 */
default: unknown, };

/**
 * How one run's output stands to the schema.
 */
export type PassMark = { runId: string, 
/**
 * When it was sent, ms since the epoch, UTC.
 */
startedAt: number | null, 
/**
 * What the schema refuses first; None where the output satisfies it.
 */
firstFailure: OutputFailure | null, };

/**
 * Something of the command that is not part of a request.
 */
export type PasteLeftOut = { 
/**
 * Never a secret: of a header only its name.
 */
what: string, 
/**
 * As a sentence.
 */
why: string, };

export type PasteRequestInput = { text: string, };

export type PasteRequestOutput = { endpoint: Endpoint, body: Record<string, unknown>, 
/**
 * Where the command sends it, if that is not OpenAI's own address. Nothing goes there by itself.
 */
baseUrl: string | null, leftOut: Array<PasteLeftOut>, };

/**
 * What a running run is doing now.
 */
export type Phase = "waiting" | "sending" | "retrying" | "queued" | "reasoning" | "tool" | "writing" | "done";

export type PinMockInput = { 
/**
 * The id of the request file.
 */
requestId: string, 
/**
 * None leaves it to the ladder again.
 */
answer: MockPinned | null, };

export type PreviewFileInput = { 
/**
 * What stands for it in a body.
 */
reference: string, };

export type PreviewFileOutput = { 
/**
 * A data URL; None for what is no picture, or larger than 6 MB.
 */
dataUrl: string | null, };

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

export type ReadEnvironmentInput = { 
/**
 * Its id or its name.
 */
environment: string, };

export type ReadEnvironmentOutput = { 
/**
 * Relative to the workspace folder, with forward slashes.
 */
path: string, environment: EnvironmentFile, 
/**
 * What the file is, for `save_environment`.
 */
stamp: string, 
/**
 * The key that live calls use there, as far as that can be told without asking the keychain.
 */
key: KeyLabel | null, };

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

export type ReadFolderInput = { 
/**
 * "" for the workspace itself.
 */
path: string, };

export type ReadFolderOutput = { path: string, folder: FolderFile, 
/**
 * What its `folder.yaml` was when it was read, "" where there is none: hand it back on saving.
 */
stamp: string, 
/**
 * What the folders above hand down to it.
 */
inherited: Array<Inherited>, };

export type ReadHistoryRunInput = { runId: string, };

export type ReadHistoryRunOutput = { row: HistoryRow, 
/**
 * With its attempts among the facts.
 */
run: RunView, 
/**
 * The host that it was sent to.
 */
host: string, endpoint: Endpoint, 
/**
 * The body as it was sent, byte for byte, but for secrets: they stand in it as `{{name}}`.
 */
sent: string, 
/**
 * The same as a request keeps it: without what sending adds. None where what was sent is no JSON object.
 */
body: Record<string, unknown> | null, };

export type ReadMockEntryInput = { id: number, };

export type ReadMockEntryOutput = { entry: MockLogEntry, 
/**
 * A rule that gives this request the same answer again; None where the answer was not kept whole.
 */
rule: MockRule | null, };

export type ReadRequestInput = { 
/**
 * Relative to the workspace folder.
 */
path: string, };

export type ReadRequestOutput = { path: string, request: RequestFile, 
/**
 * What the file was when it was read: hand it back on saving.
 */
stamp: string, 
/**
 * What its folders hand down. Where the body has something of its own at such a place, that is sent.
 */
inherited: Array<Inherited>, 
/**
 * Why it can't be said what it inherits; it is not sent until that is put right.
 */
inheritedProblem: EngineError | null, };

export type ReadSchemaInput = { 
/**
 * Relative to the workspace folder, such as `schemas/answer.json`.
 */
path: string, };

export type ReadSchemaOutput = { path: string, text: string, 
/**
 * What the file was when it was read: hand it back on saving.
 */
stamp: string, 
/**
 * Why the text is no JSON, naming the line.
 */
problem: EngineError | null, };

export type ReadVersionInput = { 
/**
 * Of a file, relative to the workspace folder.
 */
path: string, 
/**
 * As `list_versions` gave it.
 */
version: string, };

export type ReadVersionOutput = { text: string, 
/**
 * What it reads as: it can be taken into the editor unsaved.
 */
request: RequestFile | null, 
/**
 * Why it can't be read as a request.
 */
problem: EngineError | null, };

/**
 * Whether a recorded answer fits the schema that the request has now.
 */
export type RecordingFit = { name: string, 
/**
 * The file within the folder of recordings; None for the last real answer in the history.
 */
file: string | null, 
/**
 * ms since the epoch, UTC.
 */
recordedAt: number, 
/**
 * The real API answered.
 */
live: boolean, 
/**
 * Places of the answer and what is wrong there; empty where it fits.
 */
problems: Array<string>, 
/**
 * How many more there are.
 */
more: number, };

export type RemoveRecordingInput = { 
/**
 * The file's name within the folder of recordings.
 */
file: string, };

export type RemoveRecordingOutput = { 
/**
 * What it held, for `restore_recording`.
 */
text: string, state: MockStateOutput, };

export type RenameItemInput = { 
/**
 * Of a request or a folder, relative to the workspace folder.
 */
path: string, name: string, };

export type RenameSchemaInput = { path: string, name: string, };

export type RenameSchemaOutput = { 
/**
 * Where the schema is now.
 */
path: string, 
/**
 * The requests that referred to the old path.
 */
requests: Array<RepointedRequest>, };

/**
 * When a reply that was served again was recorded. Its usage and its bill are those of then: nothing new was spent.
 */
export type Replayed = { 
/**
 * ms since the epoch, UTC.
 */
recordedAt: number, 
/**
 * How long the answer took then, in ms.
 */
originalMs: number, 
/**
 * The real API answered; otherwise a stand-in did.
 */
live: boolean, };

/**
 * A request that now refers to another path, or could not be made to.
 */
export type RepointedRequest = { path: string, 
/**
 * What its file is now; an open request goes on with it.
 */
stamp: string, 
/**
 * Why it still refers to the old path.
 */
problem: EngineError | null, };

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
id: string, name: string, 
/**
 * Words to find it by.
 */
tags?: Array<string>, endpoint: Endpoint, 
/**
 * The JSON body that will be sent.
 */
body: Record<string, unknown>, 
/**
 * The schema of its output, a file of the workspace such as `schemas/answer.json`: put into the body where it is
 * sent. The body then has the format's name and strict, and no schema of its own.
 */
schema_file?: string, checks?: Array<Check>, 
/**
 * What its variables mean where no environment, workspace or folder says otherwise. Texts only: a request may
 * come from anywhere, and must name no secret and start no program.
 */
variables?: { [key in string]: string }, 
/**
 * What may be replied to the model's calls, by the name of the function.
 */
stubs?: { [key in string]: Array<Stub> }, 
/**
 * Tools that are switched off: kept here whole, and not sent.
 */
tools_off?: Array<ToolOff>, };

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
folder: string, 
/**
 * The path, where the file can't be read.
 */
id: string, 
/**
 * The file's name, where the file can't be read.
 */
name: string, 
/**
 * Its own, or what its folders hand down.
 */
model: string | null, 
/**
 * Its own, or what its folders hand down.
 */
effort: string | null, tags: Array<string>, 
/**
 * Its place in the order that its folder asks for; None: after those, by name.
 */
position: number | null, 
/**
 * What the file was when it was seen; another than that of an open request: it was changed outside.
 */
stamp: string, 
/**
 * It was found but not read yet: only the path is known. News of it follow.
 */
pending: boolean, 
/**
 * The file can't be read as a request; it is listed all the same.
 */
problem: EngineError | null, 
/**
 * What is odd about it, though it can be used: another file has the same id.
 */
notice: EngineError | null, };

export type RestoreItemInput = { 
/**
 * As `delete_item` gave it.
 */
handle: string, };

export type RestoreRecordingInput = { 
/**
 * The file's name within the folder of recordings.
 */
file: string, text: string, };

export type RestoreVersionInput = { 
/**
 * Of a file, relative to the workspace folder.
 */
path: string, 
/**
 * As `list_versions` gave it.
 */
version: string, 
/**
 * What the file was when it was read, "" where it is not there any more. If it has changed since, nothing
 * is written.
 */
stamp: string, };

export type RestoreVersionOutput = { stamp: string, news: TreeNews, };

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
 * The environment that a run was sent in.
 */
export type RunEnvironment = { id: string, 
/**
 * As it was called then.
 */
name: string, };

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
 * None where none was chosen.
 */
environment?: RunEnvironment, 
/**
 * Set where it goes on with a turn.
 */
continues?: Continues, 
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
sample: SampleKind | null, 
/**
 * Set for a recorded reply.
 */
replayed: Replayed | null, status: RunStatus, phase: Phase, 
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
 * Where an answer came from.
 */
export type RunKind = "live" | "composed" | "written" | "replayed";

export type RunOutputInput = { runId: string, };

export type RunOutputOutput = { facts: RunFacts, 
/**
 * The output alone: no reasoning, no refusal. Empty where there was none.
 */
text: string, };

/**
 * The changes of one frame. The first patch of a stream carries the facts of every lane.
 */
export type RunPatch = { lanes: Array<LanePatch>, 
/**
 * Sent with every change of it, in comparisons.
 */
summary: ComparisonSummary | null, };

/**
 * Who had a run made.
 */
export type RunSource = "window" | "compare" | "terminal" | "stand_in";

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
export type SampleKind = "composed" | "written" | "replayed";

export type SaveAsMockInput = { runId: string, };

export type SaveAsMockOutput = { 
/**
 * The file's name within the folder of recordings.
 */
file: string, name: string, 
/**
 * The same answer was saved before; nothing was written.
 */
known: boolean, };

export type SaveEnvironmentInput = { 
/**
 * The file that it was read from; None makes a new one, and gives it an id.
 */
path: string | null, environment: EnvironmentFile, 
/**
 * The stamp it was read with. If the file has changed since, nothing is written.
 */
stamp: string | null, };

export type SaveEnvironmentOutput = { path: string, stamp: string, summary: EnvironmentSummary, 
/**
 * It may be the one in use.
 */
connection: Connection, };

export type SaveFolderInput = { 
/**
 * "" for the workspace itself.
 */
path: string, folder: FolderFile, 
/**
 * The stamp it was read with. If the file has changed since, nothing is written.
 */
stamp: string, };

export type SaveFolderOutput = { stamp: string, 
/**
 * Requests below it may be shown in another way now.
 */
news: TreeNews, };

export type SaveRequestInput = { path: string, request: RequestFile, 
/**
 * The stamp it was read with. If the file has changed since, nothing is written.
 */
stamp: string, };

export type SaveRequestOutput = { stamp: string, summary: RequestSummary, };

export type SaveSchemaInput = { path: string, 
/**
 * Kept as it is spelled.
 */
text: string, 
/**
 * The stamp it was read with; "" writes a file anew that is gone.
 */
stamp: string, };

export type SaveSchemaOutput = { stamp: string, };

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

export type SchemaPassStripInput = { requestId: string, model: string, schema: unknown, };

export type SchemaPassStripOutput = { 
/**
 * The outputs come from sample replies.
 */
sample: boolean, 
/**
 * In the order of the model's efforts; levels without runs are absent.
 */
efforts: Array<EffortPasses>, };

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
 * A schema file of the workspace.
 */
export type SchemaSummary = { 
/**
 * Relative to the workspace folder, with forward slashes.
 */
path: string, 
/**
 * The file's name without its ending.
 */
name: string, 
/**
 * What the file was when it was seen, "" where it can't be read.
 */
stamp: string, 
/**
 * Why it can't be used; it is listed all the same.
 */
problem: EngineError | null, 
/**
 * The requests that refer to it, by name.
 */
usedBy: Array<SchemaUse>, };

/**
 * A request that uses a schema.
 */
export type SchemaUse = { 
/**
 * Relative to the workspace folder.
 */
path: string, id: string, name: string, 
/**
 * As the request or its folders say.
 */
model: string | null, 
/**
 * As the request or its folders say.
 */
effort: string | null, };

/**
 * How much of a limit is used.
 */
export type SchemaUsed = { used: number, most: number, };

/**
 * A place that holds a secret.
 */
export type SecretRef = string;

/**
 * Which of a run's texts.
 */
export type Section = "output" | "refusal" | "reasoning" | "tool_call";

/**
 * A rate limit as the answer's headers tell it (API.md 4).
 */
export type SeenLimit = { 
/**
 * What is counted: `requests`, `tokens`, ...
 */
of: string, limit: string | null, remaining: string | null, 
/**
 * Until it is whole again, as the server writes it: `6m0s`.
 */
reset: string | null, };

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

export type SetBudgetInput = { 
/**
 * None leaves the limits as they are, and only tells how they stand.
 */
limits: BudgetLimits | null, };

export type SetBudgetOutput = { budget: BudgetState, };

export type SetConnectionInput = { mode: ConnectionMode, 
/**
 * The base URL for Live without an environment, such as `https://api.openai.com/v1`; None keeps the one in use.
 */
liveBaseUrl: string | null, 
/**
 * The environment to use, by its id or its name; empty for none, None keeps the one in use.
 */
environment?: string | null, };

export type SetConnectionOutput = { connection: Connection, };

export type SetKeyInput = { 
/**
 * None forgets the one in memory.
 */
key: string | null, keep?: KeepKey, 
/**
 * Whose key it is, by id or name; None for the environment in use, and for the base URL where none is in use.
 */
environment?: string | null, };

export type SetKeyOutput = { connection: Connection, };

export type SetMockInput = { 
/**
 * Other programs on this computer may call it.
 */
open?: boolean, 
/**
 * Web pages that may call it, by their origins.
 */
origins?: Array<string>, 
/**
 * On 127.0.0.1; 0 takes any free one.
 */
port?: number, speed?: MockSpeed, 
/**
 * The rungs that are on, in order.
 */
rungs?: Array<MockRung>, anyEffort?: boolean, atEnd?: MockAtEnd, 
/**
 * Forward what nothing here answers to the live API, and record it. It may cost money, and ends with the session.
 */
record?: boolean, 
/**
 * A token that other programs must send, for this session; empty for none.
 */
token?: string, 
/**
 * Every sequence of recordings starts over.
 */
resetSequences?: boolean, };

export type SetMockRulesInput = { rules: Array<MockRule>, };

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
 * A reply that is kept to be given again.
 */
export type Stub = { 
/**
 * What tells it from others of the function.
 */
name?: string, 
/**
 * Sent as it stands: no variable is filled in.
 */
output: string, 
/**
 * Every call of the function is answered with it at once.
 */
always?: boolean, };

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
kind: string, name: string, 
/**
 * What its answer names: the call's id, or that of a request for approval.
 */
callId: string | null, status: string | null, };

/**
 * Something that a tool is charged for, or that it is not charged (API.md 1.2).
 */
export type ToolCharge = { 
/**
 * The tool's `type`.
 */
tool: string, 
/**
 * Nano-dollars; None where no fee is listed.
 */
amount: number | null, 
/**
 * What the amount is for, such as `1 000 calls`; "" without one.
 */
unit: string, 
/**
 * What is to be known about it; "" for nothing.
 */
note: string, };

/**
 * How `tool_choice` names a tool (API.md 2.2).
 */
export type ToolChoiceForm = "name" | "type" | "server_label";

/**
 * A field of a tool.
 */
export type ToolField = { 
/**
 * Names joined by dots, from the tool on.
 */
path: string, types: Array<ParameterType>, 
/**
 * The texts that it may be; empty where any will do.
 */
values: Array<string>, min: number | null, max: number | null, 
/**
 * The longest text in characters.
 */
maxLength: number | null, 
/**
 * The most items.
 */
maxItems: number | null, 
/**
 * What it does, where its name does not say; "" otherwise.
 */
help: string, 
/**
 * Other fields that must say this beside it, by their paths.
 */
along: Record<string, unknown>, };

/**
 * A kind of tool.
 */
export type ToolKind = { 
/**
 * The tool's `type`.
 */
type: string, label: string, 
/**
 * Dated names of the same tool.
 */
alsoNamed: Array<string>, 
/**
 * Names that were never right, or are no longer.
 */
oldNames: Array<string>, 
/**
 * A tool without one of these fields is refused.
 */
requires: Array<string>, 
/**
 * A tool without any of these fields is refused.
 */
requiresOneOf: Array<string>, 
/**
 * Sound values of required fields, where there are some that suit everyone.
 */
preset: Record<string, unknown>, responses: boolean, chatCompletions: boolean, 
/**
 * Models whose documentation does not list it.
 */
unlistedFor: Array<string>, 
/**
 * None: it can't be chosen.
 */
choice: ToolChoiceForm | null, 
/**
 * It is chosen so in public code; the SDK does not list it.
 */
choiceUnlisted: boolean, help: string, fields: Array<ToolField>, 
/**
 * The section of API.md.
 */
source: string, verified: boolean, };

/**
 * A tool that is switched off.
 */
export type ToolOff = { 
/**
 * Its place among all tools, those that are on and those that are off, from 0.
 */
at: number, tool: Record<string, unknown>, };

/**
 * What a call is answered with.
 */
export type ToolReply = { 
/**
 * As in the run's `toolCalls`.
 */
callId: string, 
/**
 * Sent as it stands. For an approval: `approve` or `deny`.
 */
output: string, };

export type TranslateRequestInput = { 
/**
 * The endpoint that the body is written for.
 */
from: Endpoint, to: Endpoint, body: Record<string, unknown>, };

export type TranslateRequestOutput = { body: Record<string, unknown>, 
/**
 * What has no place there; it is not in the body.
 */
lost: Array<TranslationRemark>, 
/**
 * What is there, but says something slightly different.
 */
changed: Array<TranslationRemark>, };

/**
 * A word about a place of the body that was translated.
 */
export type TranslationRemark = { 
/**
 * A JSON Pointer into the body that was translated.
 */
pointer: string, 
/**
 * What happened to it, and why.
 */
message: string, };

export type TreeChange = { 
/**
 * Where the item is now.
 */
path: string, moved: Array<MovedRequest>, news: TreeNews, };

/**
 * What changed in the tree. Everything in it takes the place of what was known under its path.
 */
export type TreeNews = { 
/**
 * This is all there is: what else was known is gone.
 */
whole: boolean, 
/**
 * Files whose text is another, or that are gone: what is open of them should be looked at. Files of the
 * workspace that are no requests among them.
 */
changed: Array<string>, 
/**
 * Paths of requests that are no longer there.
 */
removed: Array<string>, 
/**
 * Requests that are new, or are shown in another way.
 */
requests: Array<RequestSummary>, 
/**
 * All folders, if any of them changed.
 */
folders: Array<FolderSummary> | null, 
/**
 * Requests that were found but not read yet.
 */
pending: number, 
/**
 * What stands in the way of seeing the workspace; what was known of it stays.
 */
problem: EngineError | null, };

/**
 * An earlier run of a turn, and what its calls were answered with.
 */
export type TurnStep = { run: RunView, replies: Array<ToolReply>, };

export type UndoImportInput = { 
/**
 * As `import_files` gave them.
 */
paths: Array<string>, 
/**
 * What each of them was when it was written, in the same order.
 */
stamps: Array<string>, 
/**
 * The folders that the import made. One that holds something else by now stays.
 */
folders: Array<string>, };

export type UndoImportOutput = { 
/**
 * How many files were taken away.
 */
removed: number, 
/**
 * Files that were changed or moved since, or can't be taken away; they are as they were.
 */
kept: Array<string>, news: TreeNews, };

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

export type UseCodexKeyInput = { 
/**
 * The user lets Rheostat read the file now.
 */
consent: boolean, 
/**
 * Whose key it becomes, by id or name; None for the environment in use.
 */
environment?: string | null, };

export type UseCodexKeyOutput = { connection: Connection, };

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
 * Where the value of a variable was set. A later one goes before an earlier one.
 */
export type VariableScope = "request" | "workspace" | "folder" | "environment";

/**
 * A use of a variable.
 */
export type VariableUse = { 
/**
 * A JSON Pointer to the text that uses it.
 */
pointer: string, name: string, 
/**
 * Where the value was set; `None`: it has no value.
 */
scope: string | null, };

/**
 * What a variable means: a text, or where a secret is kept.
 */
export type VariableValue = string | { 
/**
 * `env:NAME` or `command:op read ...`.
 */
secret: SecretRef, };

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

/**
 * A version of a file.
 */
export type Version = { 
/**
 * A handle for the verbs that read it.
 */
id: string, source: VersionSource, 
/**
 * When it was committed, or saved over: ms since the epoch, UTC.
 */
at: number, 
/**
 * Of a commit.
 */
author: string | null, 
/**
 * The first line of a commit's message.
 */
subject: string | null, 
/**
 * Where the file lay then, if that was elsewhere.
 */
path: string | null, };

/**
 * Where a version is kept.
 */
export type VersionSource = "commit" | "save";

export type WatchHistoryInput = { 
/**
 * Chosen by the caller, unique per stream: the handle for `stop_run`.
 */
ticket: string, };

export type WatchHistoryOutput = Record<symbol, never>;

export type WatchMockLogInput = { 
/**
 * Chosen by the caller, unique per stream: the handle for `stop_run`.
 */
ticket: string, };

export type WatchMockLogOutput = Record<symbol, never>;

export type WatchWorkspaceInput = { 
/**
 * Chosen by the caller, unique per stream: the handle for `stop_run`.
 */
ticket: string, };

export type WatchWorkspaceOutput = Record<symbol, never>;

export type WriteExportInput = { 
/**
 * These requests. None of these and no folder: all requests.
 */
requestIds: Array<string>, 
/**
 * The requests of this folder and the folders in it, relative to the workspace folder.
 */
folder: string | null, 
/**
 * In what form.
 */
as: ExportKind, 
/**
 * The folder that the files go into: the whole path. It is made where it is not there.
 */
to: string, 
/**
 * Write over files that are there.
 */
replace: boolean, };

export type WriteExportOutput = { 
/**
 * The files that were written, as whole paths.
 */
written: Array<string>, 
/**
 * Files that are there already. Where there are any, nothing was written.
 */
taken: Array<string>, 
/**
 * What the form can't say, and keys.
 */
leftOut: Array<ExportLeftOut>, };

/** Commands that answer once. */
export interface Calls {
  open_workbench: { input: OpenWorkbenchInput; output: OpenWorkbenchOutput };
  read_request: { input: ReadRequestInput; output: ReadRequestOutput };
  save_request: { input: SaveRequestInput; output: SaveRequestOutput };
  create_request: { input: CreateRequestInput; output: CreateRequestOutput };
  list_requests: { input: ListRequestsInput; output: ListRequestsOutput };
  find_requests: { input: FindRequestsInput; output: FoundRequests };
  create_folder: { input: CreateFolderInput; output: TreeChange };
  read_folder: { input: ReadFolderInput; output: ReadFolderOutput };
  save_folder: { input: SaveFolderInput; output: SaveFolderOutput };
  move_item: { input: MoveItemInput; output: TreeChange };
  rename_item: { input: RenameItemInput; output: TreeChange };
  duplicate_item: { input: DuplicateItemInput; output: TreeChange };
  delete_item: { input: DeleteItemInput; output: DeleteItemOutput };
  restore_item: { input: RestoreItemInput; output: TreeChange };
  give_new_id: { input: GiveNewIdInput; output: GiveNewIdOutput };
  changed_items: { input: ChangedItemsInput; output: ChangedItemsOutput };
  list_versions: { input: ListVersionsInput; output: ListVersionsOutput };
  read_version: { input: ReadVersionInput; output: ReadVersionOutput };
  diff_versions: { input: DiffVersionsInput; output: DiffVersionsOutput };
  restore_version: { input: RestoreVersionInput; output: RestoreVersionOutput };
  list_parameters: { input: ListParametersInput; output: ListParametersOutput };
  lint_request: { input: LintRequestInput; output: LintRequestOutput };
  look_over_request: { input: LookOverRequestInput; output: LookOverRequestOutput };
  fix_request: { input: FixRequestInput; output: FixRequestOutput };
  translate_request: { input: TranslateRequestInput; output: TranslateRequestOutput };
  copy_request: { input: CopyRequestInput; output: CopyRequestOutput };
  paste_request: { input: PasteRequestInput; output: PasteRequestOutput };
  request_figures: { input: RequestFiguresInput; output: RequestFiguresOutput };
  import_preview: { input: ImportPreviewInput; output: ImportPreviewOutput };
  import_files: { input: ImportFilesInput; output: ImportFilesOutput };
  undo_import: { input: UndoImportInput; output: UndoImportOutput };
  export_requests: { input: ExportRequestsInput; output: ExportRequestsOutput };
  write_export: { input: WriteExportInput; output: WriteExportOutput };
  last_run: { input: LastRunInput; output: LastRunOutput };
  last_comparison: { input: LastComparisonInput; output: LastComparisonOutput };
  list_history: { input: ListHistoryInput; output: ListHistoryOutput };
  read_history_run: { input: ReadHistoryRunInput; output: ReadHistoryRunOutput };
  list_events: { input: ListEventsInput; output: ListEventsOutput };
  read_event: { input: ReadEventInput; output: ReadEventOutput };
  set_connection: { input: SetConnectionInput; output: SetConnectionOutput };
  list_environments: { input: ListEnvironmentsInput; output: ListEnvironmentsOutput };
  read_environment: { input: ReadEnvironmentInput; output: ReadEnvironmentOutput };
  save_environment: { input: SaveEnvironmentInput; output: SaveEnvironmentOutput };
  delete_environment: { input: DeleteEnvironmentInput; output: DeleteEnvironmentOutput };
  confirm_production: { input: ConfirmProductionInput; output: ConfirmProductionOutput };
  list_variables: { input: ListVariablesInput; output: ListVariablesOutput };
  set_key: { input: SetKeyInput; output: SetKeyOutput };
  forget_key: { input: ForgetKeyInput; output: ForgetKeyOutput };
  check_key: { input: CheckKeyInput; output: CheckKeyOutput };
  codex_status: { input: CodexStatusInput; output: CodexStatusOutput };
  use_codex_key: { input: UseCodexKeyInput; output: UseCodexKeyOutput };
  stop_run: { input: StopRunInput; output: StopRunOutput };
  count_tokens: { input: CountTokensInput; output: CountTokensOutput };
  attach_file: { input: AttachFileInput; output: AttachFileOutput };
  list_attachments: { input: ListAttachmentsInput; output: ListAttachmentsOutput };
  preview_file: { input: PreviewFileInput; output: PreviewFileOutput };
  forecast_run: { input: ForecastRunInput; output: ForecastRunOutput };
  set_budget: { input: SetBudgetInput; output: SetBudgetOutput };
  arm_live: { input: ArmLiveInput; output: ArmLiveOutput };
  mock_state: { input: MockStateInput; output: MockStateOutput };
  set_mock: { input: SetMockInput; output: MockStateOutput };
  set_mock_rules: { input: SetMockRulesInput; output: MockStateOutput };
  pin_mock: { input: PinMockInput; output: MockStateOutput };
  save_as_mock: { input: SaveAsMockInput; output: SaveAsMockOutput };
  remove_recording: { input: RemoveRecordingInput; output: RemoveRecordingOutput };
  restore_recording: { input: RestoreRecordingInput; output: MockStateOutput };
  list_mock_log: { input: ListMockLogInput; output: ListMockLogOutput };
  read_mock_entry: { input: ReadMockEntryInput; output: ReadMockEntryOutput };
  clear_mock_log: { input: ClearMockLogInput; output: ClearMockLogOutput };
  check_schema: { input: CheckSchemaInput; output: CheckSchemaOutput };
  fix_schema: { input: FixSchemaInput; output: FixSchemaOutput };
  infer_schema: { input: InferSchemaInput; output: InferSchemaOutput };
  print_schema: { input: PrintSchemaInput; output: PrintSchemaOutput };
  validate_output: { input: ValidateOutputInput; output: ValidateOutputOutput };
  schema_pass_strip: { input: SchemaPassStripInput; output: SchemaPassStripOutput };
  run_output: { input: RunOutputInput; output: RunOutputOutput };
  list_schemas: { input: ListSchemasInput; output: ListSchemasOutput };
  read_schema: { input: ReadSchemaInput; output: ReadSchemaOutput };
  save_schema: { input: SaveSchemaInput; output: SaveSchemaOutput };
  create_schema: { input: CreateSchemaInput; output: CreateSchemaOutput };
  rename_schema: { input: RenameSchemaInput; output: RenameSchemaOutput };
  duplicate_schema: { input: DuplicateSchemaInput; output: DuplicateSchemaOutput };
  delete_schema: { input: DeleteSchemaInput; output: DeleteSchemaOutput };
  measure_schema: { input: MeasureSchemaInput; output: MeasureSchemaOutput };
}

/** Commands that send items while they run, and answer at the end. */
export interface Streams {
  send: { input: SendInput; output: SendOutput; item: RunPatch };
  continue_run: { input: ContinueRunInput; output: ContinueRunOutput; item: RunPatch };
  compare_efforts: { input: CompareEffortsInput; output: CompareEffortsOutput; item: RunPatch };
  watch_workspace: { input: WatchWorkspaceInput; output: WatchWorkspaceOutput; item: TreeNews };
  watch_history: { input: WatchHistoryInput; output: WatchHistoryOutput; item: HistoryNews };
  watch_mock_log: { input: WatchMockLogInput; output: WatchMockLogOutput; item: MockNews };
  mock_drift: { input: MockDriftInput; output: MockDriftOutput; item: RunPatch };
}
