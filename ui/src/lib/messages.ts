// The messages of a body of either endpoint as blocks to edit, and edits that leave the rest untouched.
import { isMedia, mediaName } from "./attachments";
import { asText, at, drop, put, type Body, type Path } from "./body";

export const ROLES = ["developer", "system", "user", "assistant"] as const;
export type Role = (typeof ROLES)[number];

export const ROLE_NAMES: Record<Role, string> = {
  developer: "Developer",
  system: "System",
  user: "User",
  assistant: "Assistant",
};

/** One text that can be typed into. */
export interface TextField {
  path: Path;
  text: string;
}

/** A part of a message that has no text of its own, such as an image. */
export interface OtherPart {
  /** Where it stands in the body. */
  at: Path;
  kind: string;
  label: string;
  /** A picture or a file: `attachments.ts` knows more of it. */
  media: boolean;
}

export interface MessageBlock {
  /** `instructions`; `input` where the input is one string; `item` of the input list. */
  kind: "instructions" | "input" | "item";
  /** Its place in the input list. */
  index: number;
  /** Null for instructions, and for items that are not messages. */
  role: string | null;
  /** The item's type, where it is not a message. */
  itemType: string | null;
  fields: TextField[];
  others: OtherPart[];
}

/** Where the list of messages stands: Chat Completions has `messages`. */
function listKey(body: Body): "input" | "messages" {
  return body.input === undefined && Array.isArray(body.messages) ? "messages" : "input";
}

function partOf(part: unknown, path: Path): TextField | OtherPart {
  const text = asText(at(part, ["text"]));
  if (text !== null) return { path: [...path, "text"], text };
  const kind = asText(at(part, ["type"])) ?? "unknown";
  const media = isMedia(kind);
  const refusal = asText(at(part, ["refusal"]));
  return { at: path, kind, label: media ? mediaName(part) : (refusal ?? kind), media };
}

function itemBlock(item: unknown, index: number, key: string): MessageBlock {
  const role = asText(at(item, ["role"]));
  const content = at(item, ["content"]);
  const path: Path = [key, index, "content"];
  const block: MessageBlock = {
    kind: "item",
    index,
    role,
    itemType: role === null ? (asText(at(item, ["type"])) ?? "unknown") : null,
    fields: [],
    others: [],
  };
  if (role === null) return block;
  if (Array.isArray(content)) {
    content.forEach((it, i) => {
      const part = partOf(it, [...path, i]);
      if ("path" in part) block.fields.push(part);
      else block.others.push(part);
    });
  } else {
    block.fields.push({ path, text: asText(content) ?? "" });
  }
  return block;
}

/** The body's messages, in the order in which the model reads them. */
export function messages(body: Body): MessageBlock[] {
  const blocks: MessageBlock[] = [];
  const instructions = asText(body.instructions);
  if (instructions !== null) {
    blocks.push({
      kind: "instructions",
      index: -1,
      role: null,
      itemType: null,
      fields: [{ path: ["instructions"], text: instructions }],
      others: [],
    });
  }
  if (typeof body.input === "string") {
    blocks.push({
      kind: "input",
      index: 0,
      role: "user",
      itemType: null,
      fields: [{ path: ["input"], text: body.input }],
      others: [],
    });
  } else if (Array.isArray(body[listKey(body)])) {
    listed(body).forEach((item, i) => blocks.push(itemBlock(item, i, listKey(body))));
  }
  return blocks;
}

/** The input as a list: one string is one message of the user. */
function listed(body: Body): unknown[] {
  const list = body[listKey(body)];
  if (Array.isArray(list)) return list;
  return typeof body.input === "string" ? [{ role: "user", content: body.input }] : [];
}

export function setText(body: Body, field: TextField, text: string): Body {
  return put(body, field.path, text);
}

export function setRole(body: Body, block: MessageBlock, role: Role): Body {
  if (block.kind === "instructions") return body;
  const items = listed(body);
  return put(body, [listKey(body)], put(items, [block.index, "role"], role));
}

export function addMessage(body: Body, role: Role): Body {
  return put(body, [listKey(body)], [...listed(body), { role, content: "" }]);
}

export function addInstructions(body: Body): Body {
  return asText(body.instructions) === null ? put(body, ["instructions"], "") : body;
}

export function removeBlock(body: Body, block: MessageBlock): Body {
  if (block.kind === "instructions") return drop(body, ["instructions"]);
  if (block.kind === "input") return drop(body, ["input"]);
  return put(
    body,
    [listKey(body)],
    listed(body).filter((_, i) => i !== block.index),
  );
}

/** Moves an item of the input list up (-1) or down (1), where there is room. */
export function moveBlock(body: Body, block: MessageBlock, by: -1 | 1): Body {
  return moveTo(body, block, block.index + by);
}

/** Moves an item of the input list to another place in it. */
export function moveTo(body: Body, block: MessageBlock, to: number): Body {
  const items = listed(body);
  if (block.kind !== "item" || to < 0 || to >= items.length || to === block.index) return body;
  const moved = items.slice();
  const [item] = moved.splice(block.index, 1);
  moved.splice(to, 0, item);
  return put(body, [listKey(body)], moved);
}

/** The same again, right after it. Instructions stand alone. */
export function duplicateBlock(body: Body, block: MessageBlock): Body {
  if (block.kind === "instructions") return body;
  const items = listed(body);
  return insertItem(body, block.index + 1, structuredClone(items[block.index]));
}

/** The item of a block, to put it back later. */
export function itemOf(body: Body, block: MessageBlock): unknown {
  return block.kind === "instructions" ? body.instructions : listed(body)[block.index];
}

/** Puts an item into the list, at its end where the list has become shorter. */
export function insertItem(body: Body, index: number, item: unknown): Body {
  const items = listed(body).slice();
  items.splice(Math.min(index, items.length), 0, item);
  return put(body, [listKey(body)], items);
}

/** Takes back what `removeBlock` took out, whatever was done since. */
export function restoreBlock(body: Body, block: MessageBlock, item: unknown): Body {
  if (block.kind === "item") return insertItem(body, block.index, item);
  const key = block.kind === "instructions" ? "instructions" : "input";
  if (asText(body[key]) !== null) return body;
  return put(body, [key], block.kind === "instructions" ? item : (at(item, ["content"]) ?? ""));
}

/** The text part of a list of parts, by endpoint and by who says it (API.md 2.4, 3.3). */
function textType(body: Body, role: string | null): string {
  if (listKey(body) === "messages") return "text";
  return role === "assistant" ? "output_text" : "input_text";
}

/** Adds a part at the end of a message. A plain text becomes the first part of a list. */
export function addPart(body: Body, block: MessageBlock, part: unknown): Body {
  if (block.kind === "instructions" || block.role === null) return body;
  const items = listed(body);
  const content = at(items[block.index], ["content"]);
  const text = asText(content);
  const parts = Array.isArray(content)
    ? (content as unknown[])
    : text
      ? [{ type: textType(body, block.role), text }]
      : [];
  const next = [...parts, part];
  return put(body, [listKey(body)], put(items, [block.index, "content"], next));
}

/** Puts a part back where it was, or at the end of a list that has become shorter. */
export function insertPart(body: Body, block: MessageBlock, index: number, part: unknown): Body {
  const items = listed(body);
  const content = at(items[block.index], ["content"]);
  if (!Array.isArray(content)) return addPart(body, block, part);
  const parts = (content as unknown[]).slice();
  parts.splice(Math.min(index, parts.length), 0, part);
  return put(body, [listKey(body)], put(items, [block.index, "content"], parts));
}

/**
 * A name for each item that stays with it through edits, moves and undo: an item that is the same
 * object keeps its name, and one that was edited in place has the name of that place.
 */
export function stableKeys(
  items: readonly unknown[],
  before: { items: readonly unknown[]; keys: readonly number[] },
): number[] {
  const free = new Set(before.keys);
  // Where each item was: looked up, since a list may have thousands.
  let places: Map<unknown, number> | null = null;
  const placeOf = (item: unknown): number => {
    places ??= new Map(before.items.map((it, i) => [it, i] as const).reverse());
    return places.get(item) ?? -1;
  };
  const keys: (number | undefined)[] = items.map((item, i) => {
    if (typeof item !== "object" || item === null) return undefined;
    // In most edits nothing moves: the same place is looked at first.
    const index = before.items[i] === item ? i : placeOf(item);
    const key = index < 0 ? undefined : before.keys[index];
    return key !== undefined && free.delete(key) ? key : undefined;
  });
  let next = before.keys.reduce((most, key) => Math.max(most, key), -1) + 1;
  return keys.map((key, i) => {
    if (key !== undefined) return key;
    const here = before.keys[i];
    return here !== undefined && free.delete(here) ? here : next++;
  });
}

/** The items behind the blocks. */
export function itemsOf(body: Body): readonly unknown[] {
  return listed(body);
}

const ITEM_NAMES: Record<string, string> = {
  reasoning: "Reasoning",
  function_call: "Function call",
  function_call_output: "Function output",
  custom_tool_call: "Custom tool call",
  custom_tool_call_output: "Custom tool output",
  item_reference: "Item reference",
  compaction: "Compaction",
};

/** What a block is called. An item that is not known by name goes by its type. */
export function blockName(block: MessageBlock): string {
  if (block.kind === "instructions") return "Instructions";
  if (block.role !== null) return ROLE_NAMES[block.role as Role] ?? block.role;
  const type = block.itemType ?? "item";
  return ITEM_NAMES[type] ?? type;
}
