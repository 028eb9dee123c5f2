// The in-memory engine's tools: their table and prices as they are, and a turn that waits for replies and goes on.
import catalogue from "../../src-tauri/core/data/parameters.json";
import book from "../../src-tauri/core/data/prices.json";
import type {
  ContinueRunInput,
  EngineError,
  ErrorCode,
  LanePatch,
  RequestFile,
  RunFacts,
  RunView,
  TextChange,
  ToolCharge,
  ToolKind,
  TurnStep,
} from "./contract/ipc";
import { asText, at } from "./lib/body";
import { waiting } from "./lib/turn";

export type TurnSoFar = TurnStep[];

/** The file leaves out what says nothing; the contract does not. */
export function toolKinds(): ToolKind[] {
  return catalogue.tools.map((given) => {
    const row = given as Partial<ToolKind>;
    return {
      type: "",
      label: "",
      alsoNamed: [],
      oldNames: [],
      requires: [],
      requiresOneOf: [],
      preset: {},
      responses: false,
      chatCompletions: false,
      unlistedFor: [],
      choice: null,
      choiceUnlisted: false,
      help: "",
      source: "",
      verified: true,
      ...row,
      fields: (row.fields ?? []).map((field) => ({
        ...{ values: [], min: null, max: null, maxLength: null, maxItems: null },
        ...{ help: "", along: {} },
        ...field,
      })),
    };
  });
}

interface FileCharge {
  tool: string;
  calls?: "web_search" | "file_search";
  amount?: number;
  unit?: string;
  note?: string;
}

export function toolCharges(): ToolCharge[] {
  return book.tool_charges.map((given) => {
    const { tool, calls, amount, unit, note } = given as FileCharge;
    return {
      tool,
      amount: calls ? book.tools[calls] : (amount ?? null),
      unit: calls ? "1 000 calls" : (unit ?? ""),
      note: note ?? "",
    };
  });
}

/** One fake run, as the engine in memory plays it. */
interface Script {
  final: RunView;
  patches: { atMs: number; patch: Omit<LanePatch, "lane"> }[];
}

/** The functions that a body offers. */
function functions(request: RequestFile): { name: string; schema: unknown }[] {
  const tools = request.body["tools"];
  if (!Array.isArray(tools) || request.body["tool_choice"] === "none") return [];
  return tools.flatMap((tool: unknown) => {
    if (at(tool, ["type"]) !== "function") return [];
    const inner = at(tool, ["function"]) ?? tool;
    return [{ name: asText(at(inner, ["name"])) ?? "", schema: at(inner, ["parameters"]) }];
  });
}

/** An argument for each field of a schema. */
function argumentsOf(schema: unknown): string {
  const fields = at(schema, ["properties"]);
  const value = (field: unknown) => {
    const type = at(field, ["type"]);
    return type === "integer" || type === "number" ? 4 : type === "boolean" ? true : "Lisbon";
  };
  return JSON.stringify(
    Object.fromEntries(Object.entries(fields ?? {}).map(([name, field]) => [name, value(field)])),
  );
}

/** The run as it goes where the model calls functions in place of an answer: two at once, at most. */
export function withCalls(request: RequestFile, whole: Script): Script {
  const calls = functions(request).slice(0, request.body["parallel_tool_calls"] === false ? 1 : 2);
  if (calls.length === 0) return whole;
  const run = whole.final.facts.id;
  const toolCalls: RunFacts["toolCalls"] = calls.map(({ name }, i) => ({
    kind: "function_call",
    name,
    callId: `call_${run}_${i}`,
    status: "completed",
  }));
  const facts: RunFacts = { ...whole.final.facts, toolCalls, checks: [] };
  const texts: TextChange[] = calls.map(({ schema }, part) => ({
    section: "tool_call",
    part,
    text: argumentsOf(schema),
    replace: false,
  }));
  const kept = whole.final.texts.filter((it) => it.section === "reasoning");
  const patches = whole.patches.map(({ atMs, patch }) => ({
    atMs,
    patch: { ...patch, texts: patch.texts.filter((it) => it.section === "reasoning") },
  }));
  const last = patches.at(-1)!;
  last.patch = { ...last.patch, facts: { ...facts, elapsedMs: last.patch.elapsedMs }, texts };
  const said = texts.map(({ section, part, text }) => ({ section, part, text }));
  return { final: { facts, texts: [...kept, ...said] }, patches };
}

/** The run that goes on from another, as the engine refuses it or lets it go. */
export function goOn(
  whole: Script,
  before: RunView | undefined,
  steps: TurnSoFar,
  { runId, replies }: Pick<ContinueRunInput, "runId" | "replies">,
  fail: (code: ErrorCode, message: string, more?: Partial<EngineError>) => EngineError,
): { script: Script; steps: TurnSoFar } {
  if (before?.facts.id !== runId || waiting(before.facts).length === 0) {
    throw fail("bad_input", "Only a completed run whose calls wait for a reply can be continued.", {
      place: "runId",
      hint: "Run the request again.",
    });
  }
  const bare = waiting(before.facts).find(
    ({ call }) => !replies.some((it) => it.callId === call.callId),
  )?.call;
  if (bare) {
    throw fail("bad_input", `The call of ${bare.name} (${bare.callId}) has no reply.`, {
      place: bare.callId,
    });
  }
  const link = before.facts.continues;
  const own = before.facts.bill?.total ?? null;
  const earlier = link ? link.costBefore : 0;
  const continues: RunFacts["continues"] = {
    runId,
    firstRunId: link?.firstRunId ?? runId,
    step: (link?.step ?? 1) + 1,
    costBefore: own === null || earlier === null ? null : earlier + own,
    msBefore: (link?.msBefore ?? 0) + (before.facts.totalMs ?? 0),
  };
  const script: Script = {
    final: { ...whole.final, facts: { ...whole.final.facts, continues } },
    patches: whole.patches.map(({ atMs, patch }) => ({
      atMs,
      patch: { ...patch, facts: patch.facts && { ...patch.facts, continues } },
    })),
  };
  return { script, steps: [...steps, { run: before, replies }] };
}
