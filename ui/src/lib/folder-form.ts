// A folder's settings as the texts of a form, and back: tools by name or as JSON, variables by name.
import type { FolderDefaults } from "../contract/ipc";

export interface FolderForm {
  /** "" for nothing handed down. */
  model: string;
  effort: string;
  instructions: string;
  tools: string;
  textFormat: string;
  variables: { name: string; value: string }[];
}

export type FolderField = "tools" | "textFormat" | "variables";

/** Tools that a name is enough for, others need their settings. */
const NAME = /^[a-z][a-z0-9_]*$/;

function isBareTool(tool: unknown): tool is { type: string } {
  return (
    typeof tool === "object" &&
    tool !== null &&
    Object.keys(tool).length === 1 &&
    typeof (tool as { type?: unknown }).type === "string" &&
    NAME.test((tool as { type: string }).type)
  );
}

const pretty = (value: unknown): string => JSON.stringify(value, null, 2);

export function formOf(defaults: FolderDefaults | undefined): FolderForm {
  const { model, effort, instructions, tools, text_format, variables } = defaults ?? {};
  return {
    model: model ?? "",
    effort: effort ?? "",
    instructions: instructions ?? "",
    tools: !tools
      ? ""
      : tools.length > 0 && tools.every(isBareTool)
        ? tools.map((it) => it.type).join(", ")
        : pretty(tools),
    textFormat: text_format === undefined || text_format === null ? "" : pretty(text_format),
    variables: Object.entries(variables ?? {}).map(([name, value]) => ({
      name,
      value: typeof value === "string" ? value : JSON.stringify(value),
    })),
  };
}

function parsed(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return null;
  }
}

/** The list of tools that a text means; why it means none. */
export function toolsOf(text: string): { tools: unknown[] | null } | { fault: string } {
  const typed = text.trim();
  if (typed === "") return { tools: null };
  if (!/^[[{]/.test(typed)) {
    const names = typed.split(/[\s,]+/).filter(Boolean);
    const odd = names.find((name) => !NAME.test(name));
    return odd === undefined
      ? { tools: names.map((type) => ({ type })) }
      : { fault: `"${odd}" is no name of a tool. Write names such as web_search, or JSON.` };
  }
  const json = parsed(typed);
  if (!json) return { fault: 'This is not valid JSON. Write [{"type": "web_search"}].' };
  const list = Array.isArray(json.value) ? (json.value as unknown[]) : [json.value];
  return list.every((it) => typeof it === "object" && it !== null && "type" in it)
    ? { tools: list }
    : { fault: 'Each tool is an object with a "type".' };
}

/**
 * What the form says, over what the folder had: a setting that the form does not know stays. Or
 * what is wrong, field by field.
 */
export function defaultsOf(
  form: FolderForm,
  before: FolderDefaults | undefined,
): { defaults: FolderDefaults } | { faults: Partial<Record<FolderField, string>> } {
  const faults: Partial<Record<FolderField, string>> = {};
  const tools = toolsOf(form.tools);
  if ("fault" in tools) faults.tools = tools.fault;
  let textFormat: unknown = null;
  if (form.textFormat.trim() !== "") {
    const json = parsed(form.textFormat);
    if (json && typeof json.value === "object" && json.value !== null && "type" in json.value) {
      textFormat = json.value;
    } else {
      faults.textFormat = 'This must be a JSON object with a "type", such as {"type": "text"}.';
    }
  }
  const variables: Record<string, unknown> = {};
  for (const { name, value } of form.variables) {
    const key = name.trim();
    if (key === "" && value === "") continue;
    if (key === "") faults.variables = "A variable needs a name.";
    else if (Object.hasOwn(variables, key)) faults.variables = `There are two named ${key}.`;
    const known = before?.variables?.[key];
    // What is no text, such as a secret's place, stays what it is.
    const json = typeof known === "object" && known !== null ? parsed(value) : null;
    variables[key] = json ? json.value : value;
  }
  if (Object.keys(faults).length > 0) return { faults };
  const defaults: FolderDefaults = { ...before };
  const put = <K extends keyof FolderDefaults>(key: K, value: FolderDefaults[K] | null) => {
    if (value === null || value === "") delete defaults[key];
    else defaults[key] = value;
  };
  put("model", form.model.trim());
  put("effort", form.effort.trim());
  put("instructions", form.instructions === "" ? null : form.instructions);
  put("tools", "tools" in tools ? tools.tools : null);
  put("text_format", textFormat);
  put("variables", Object.keys(variables).length > 0 ? variables : null);
  return { defaults };
}
