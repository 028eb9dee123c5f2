// The messages of a body of either endpoint as blocks to edit, and edits that leave the rest untouched.
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
  kind: string;
  label: string;
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
  const label =
    asText(at(part, ["filename"])) ??
    asText(at(part, ["file_id"])) ??
    asText(at(part, ["image_url"]))?.slice(0, 40) ??
    kind;
  return { kind, label };
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
  const items = listed(body);
  const to = block.index + by;
  if (block.kind !== "item" || to < 0 || to >= items.length) return body;
  const moved = items.slice();
  const [item] = moved.splice(block.index, 1);
  moved.splice(to, 0, item);
  return put(body, [listKey(body)], moved);
}

/** A rough count, for a label that says "about": a token is some four characters of English. */
export function aboutTokens(text: string): number {
  return Math.ceil(text.length / 4);
}
