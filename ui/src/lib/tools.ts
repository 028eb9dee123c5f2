// The tools of a request as one list, on and off; their shapes on either endpoint, their fields, prices and choice.
import type { Endpoint, RequestFile, ToolCharge, ToolField, ToolKind } from "../contract/ipc";
import { asText, at, drop, put, type Body, type Path } from "./body";
import { money } from "./format";

export type Tool = Record<string, unknown>;

/** A tool of the request, on or off. */
export interface Listed {
  tool: Tool;
  on: boolean;
}

/** What Chat Completions nests under its type (API.md 3.3). */
const NESTED = ["function", "custom"];

const isTool = (value: unknown): value is Tool =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Null where `tools` is something that no form can show. */
export function listTools(request: RequestFile): Listed[] | null {
  const given = request.body["tools"] ?? [];
  if (!Array.isArray(given) || !given.every(isTool)) return null;
  const list: Listed[] = given.map((tool) => ({ tool, on: true }));
  for (const { at, tool } of (request.tools_off ?? []).toSorted((a, b) => a.at - b.at)) {
    list.splice(Math.min(at, list.length), 0, { tool, on: false });
  }
  return list;
}

/** The request with these tools. `empty` writes a list without any, so that none is handed down. */
export function withTools(
  request: RequestFile,
  list: readonly Listed[],
  empty: boolean,
): RequestFile {
  const on = list.filter((it) => it.on).map((it) => it.tool);
  const body: Body =
    on.length > 0 || empty ? put(request.body, ["tools"], on) : drop(request.body, ["tools"]);
  const off = list.flatMap(({ tool, on }, at) => (on ? [] : [{ at, tool }]));
  const next: RequestFile = { ...request, body };
  if (off.length > 0) next.tools_off = off;
  else delete next.tools_off;
  return next;
}

/** How many tools are sent with a request, as far as its own list goes. */
export function toolCount(request: RequestFile): number {
  return listTools(request)?.filter((it) => it.on).length ?? 0;
}

/** Where a tool of the list stands in the body; -1 for one that is off. */
export function placeOf(list: readonly Listed[], index: number): number {
  return list[index]?.on ? list.slice(0, index).filter((it) => it.on).length : -1;
}

export function typeOf(tool: Tool): string {
  return asText(tool["type"]) ?? "";
}

export function kindOf(kinds: readonly ToolKind[], tool: Tool): ToolKind | null {
  const type = typeOf(tool);
  return kinds.find((kind) => kind.type === type || kind.alsoNamed.includes(type)) ?? null;
}

/** Where the fields of a tool stand within it. */
export function innerPath(tool: Tool, endpoint: Endpoint): Path {
  const type = typeOf(tool);
  return endpoint === "chat_completions" && NESTED.includes(type) ? [type] : [];
}

/** What a tool is told from others by. */
export function titleOf(tool: Tool, kind: ToolKind | null): string {
  const inner = isTool(tool[typeOf(tool)]) ? (tool[typeOf(tool)] as Tool) : tool;
  const own = asText(inner["name"]) ?? asText(inner["server_label"]);
  return own || kind?.label || typeOf(tool) || "Tool without a type";
}

/** Why a kind has no place on an endpoint; null where it has one. */
export function lockOf(kind: ToolKind, endpoint: Endpoint): string | null {
  const known = endpoint === "responses" ? kind.responses : kind.chatCompletions;
  return known ? null : "Chat Completions takes functions and custom tools only.";
}

/** What a function begins with: strict, and a schema that strict mode takes. */
const FUNCTION = {
  name: "",
  parameters: { type: "object", properties: {}, required: [], additionalProperties: false },
  strict: true,
};

export function newTool(kind: ToolKind, endpoint: Endpoint): Tool {
  const fields: Tool = structuredClone(
    kind.type === "function" ? FUNCTION : kind.type === "custom" ? { name: "" } : kind.preset,
  );
  return shaped({ type: kind.type, ...fields }, endpoint);
}

/** A tool in the form of an endpoint, whichever form it has. */
export function shaped(tool: Tool, endpoint: Endpoint): Tool {
  const type = typeOf(tool);
  if (!NESTED.includes(type)) return tool;
  const inner = tool[type];
  if (endpoint === "responses") {
    if (!isTool(inner)) return tool;
    const rest = { ...tool };
    delete rest[type];
    return { ...rest, ...inner };
  }
  if (isTool(inner)) return tool;
  const fields = { ...tool };
  delete fields["type"];
  return { type, [type]: fields };
}

/** A copy with a name that no other tool has. */
export function copied(tool: Tool, others: readonly Tool[]): Tool {
  const copy = structuredClone(tool);
  const type = typeOf(tool);
  const inner = isTool(copy[type]) ? (copy[type] as Tool) : copy;
  for (const key of ["name", "server_label"]) {
    const name = asText(inner[key]);
    if (!name) continue;
    const taken = new Set(others.map((it) => titleOf(it, null)));
    let n = 2;
    while (taken.has(`${name}_${n}`)) n += 1;
    inner[key] = `${name}_${n}`;
  }
  return copy;
}

export type FieldControl = "select" | "text" | "number" | "bool" | "lines" | "either" | "json";

/** What a field is edited with; a value that the control can't show is edited as JSON. */
export function fieldControl(kind: ToolKind, field: ToolField, value: unknown): FieldControl {
  const { types } = field;
  const object = typeof value === "object" && value !== null;
  if (types.includes("string") && types.includes("object")) {
    if (field.values.length > 0) return object ? "json" : "select";
    return hasInner(kind, field) ? "either" : object ? "json" : "text";
  }
  switch (types[0]) {
    case "string":
      if (value !== undefined && typeof value !== "string") return "json";
      return field.values.length > 0 ? "select" : "text";
    case "boolean":
      return value === undefined || typeof value === "boolean" ? "bool" : "json";
    case "integer":
    case "number":
      return value === undefined || typeof value === "number" ? "number" : "json";
    case "array":
      return value === undefined ||
        (Array.isArray(value) && value.every((it) => typeof it === "string"))
        ? "lines"
        : "json";
    default:
      return "json";
  }
}

/** Whether a field has fields of its own in the table. */
export function hasInner(kind: ToolKind, field: ToolField): boolean {
  return kind.fields.some((it) => it.path.startsWith(`${field.path}.`));
}

/** `search_context_size` as words. */
export function wordsOf(path: string): string {
  const words = path.split(".").join(" ").replaceAll("_", " ");
  const spelled = words
    .replace(/\bids\b/g, "IDs")
    .replace(/\bid\b/g, "ID")
    .replace(/\burl\b/g, "URL");
  return spelled.charAt(0).toUpperCase() + spelled.slice(1);
}

/** A tool with a field set, along with what must stand beside it; undefined drops it, and what only stood beside it. */
export function setField(
  kind: ToolKind,
  tool: Tool,
  inner: Path,
  field: ToolField,
  value: unknown,
): Tool {
  const path = [...inner, ...field.path.split(".")];
  if (value !== undefined) {
    let next = put(tool, path, value);
    for (const [beside, sound] of Object.entries(field.along)) {
      const place = [...inner, ...beside.split(".")];
      if (at(next, place) === undefined) next = put(next, place, sound);
    }
    return next;
  }
  const next = drop(tool, path);
  const holder = field.path.split(".").slice(0, -1);
  if (holder.length === 0 || kind.requires.includes(holder.join("."))) return next;
  const left = at(next, [...inner, ...holder]);
  const along = Object.keys(field.along).map((it) => it.split(".").at(-1));
  return isTool(left) && Object.keys(left).every((key) => along.includes(key))
    ? drop(next, [...inner, ...holder])
    : next;
}

const trimmed = (nanos: number) => money(nanos, "run").replace(/(\.\d\d)0+$/, "$1");

/** A line for each thing that a tool is charged for, and what is to be known about it. */
export function priceLines(charges: readonly ToolCharge[], type: string): string[] {
  const own = charges.filter((it) => it.tool === type);
  if (own.length === 0) return ["No price is listed for this tool: what it costs is not known."];
  return own.map(({ amount, unit, note }) =>
    [amount === null ? "" : `${trimmed(amount)} per ${unit}.`, note].filter(Boolean).join(" "),
  );
}

/** The price in a few words, for a row. */
export function priceShort(charges: readonly ToolCharge[], type: string): string {
  const own = charges.filter((it) => it.tool === type);
  if (own.length === 0) return "price not known";
  const [first] = own.filter((it) => it.amount !== null);
  if (!first) return "tokens only";
  const from = own.filter((it) => it.amount !== null).length > 1 ? "from " : "";
  const least = own.reduce(
    (low, it) => (it.amount !== null && it.amount < low.amount! ? it : low),
    first,
  );
  const shown = first.unit.includes("calls") ? first : least;
  return `${first.unit.includes("calls") ? "" : from}${trimmed(shown.amount!)} per ${shown.unit}`;
}

/** How `tool_choice` names a tool; null where it can't (API.md 2.2). */
export function refOf(kinds: readonly ToolKind[], tool: Tool, endpoint: Endpoint): Tool | null {
  const kind = kindOf(kinds, tool);
  const type = typeOf(tool);
  const own = at(tool, innerPath(tool, endpoint));
  const name = asText(at(own, ["name"]));
  switch (kind?.choice ?? null) {
    case "name":
      return name ? shaped({ type, name }, endpoint) : null;
    case "server_label": {
      const label = asText(tool["server_label"]);
      return label ? { type, server_label: label } : null;
    }
    case "type":
      return { type };
    default:
      return null;
  }
}

export interface Allowed {
  mode: "auto" | "required";
  tools: readonly Tool[];
}

/** The allowed tools of a choice; null for another kind of choice. Chat Completions nests them. */
export function allowedOf(choice: unknown): Allowed | null {
  if (!isTool(choice) || choice["type"] !== "allowed_tools") return null;
  const held = isTool(choice["allowed_tools"]) ? choice["allowed_tools"] : choice;
  const tools = Array.isArray(held["tools"]) ? held["tools"].filter(isTool) : [];
  return { mode: held["mode"] === "required" ? "required" : "auto", tools };
}

export function allowedChoice({ mode, tools }: Allowed, endpoint: Endpoint): Tool {
  return endpoint === "responses"
    ? { type: "allowed_tools", mode, tools }
    : { type: "allowed_tools", allowed_tools: { mode, tools } };
}

/** Whether a choice makes the model call something in every answer. */
export function forces(choice: unknown): boolean {
  if (choice === "required") return true;
  if (!isTool(choice)) return false;
  const allowed = allowedOf(choice);
  return allowed ? allowed.mode === "required" : true;
}
