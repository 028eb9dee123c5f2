// Every command of the window. Key handling, the palette, tooltips and the list in Settings all
// read this table.
import { caps, matches, type Platform } from "./keys";

export type CommandId =
  | "palette"
  | "run"
  | "continue_run"
  | "stop"
  | "run_levels"
  | "run_live"
  | "save"
  | "undo"
  | "redo"
  | "new_request"
  | "duplicate_request"
  | "new_folder"
  | "rename_item"
  | "move_item"
  | "edit_tags"
  | "folder_settings"
  | "versions"
  | "search_collections"
  | "close_tab"
  | "reopen_tab"
  | "next_tab"
  | "previous_tab"
  | "effort_1"
  | "effort_2"
  | "effort_3"
  | "effort_4"
  | "effort_5"
  | "compare"
  | "copy_output"
  | "copy_code"
  | "copy_curl"
  | "copy_python"
  | "copy_node"
  | "copy_rust"
  | "paste_request"
  | "next_problem"
  | "fix_request"
  | "switch_endpoint"
  | "save_as_mock"
  | "go_to_output"
  | "show_build"
  | "show_compare"
  | "show_schemas"
  | "schema_from_sample"
  | "fix_schema"
  | FieldCommand
  | "show_mock"
  | "show_history"
  | "find_run"
  | "restore_run"
  | "show_settings"
  | "show_shortcuts"
  | "connection"
  | "toggle_live"
  | "environment"
  | "show_environments"
  | "import"
  | "export"
  | "copy_base_url"
  | "open_mock"
  | "record_mock"
  | "new_rule"
  | "clear_log"
  | "toggle_sidebar"
  | "next_pane"
  | "previous_pane"
  | "zoom_in"
  | "zoom_out"
  | "zoom_reset"
  | "theme_system"
  | "theme_light"
  | "theme_dark";

/** Commands to the chosen field of a schema. */
export type FieldCommand =
  | "field_add"
  | "field_add_inside"
  | "field_find"
  | "field_rename"
  | "field_duplicate"
  | "field_delete"
  | "field_up"
  | "field_down"
  | "field_out"
  | "field_in";

/** A part of the window that has keys of its own while it has the focus. */
export type Within = "fields";

export interface Command {
  id: CommandId;
  title: string;
  /** Other words to find it by. */
  alias: string;
  keys: Record<Platform, readonly string[]>;
  /** While typing in a text field, the field keeps this press for itself. */
  yieldsToText: boolean;
  /** Where its keys hold; null for the whole window. */
  within: Within | null;
}

function command(
  id: CommandId,
  title: string,
  keys: string | readonly string[] = [],
  more: {
    mac?: readonly string[];
    alias?: string;
    yieldsToText?: boolean;
    within?: Within;
  } = {},
): Command {
  const other = typeof keys === "string" ? [keys] : keys;
  return {
    id,
    title,
    alias: more.alias ?? "",
    keys: { other, mac: more.mac ?? other.map((chord) => chord.replace("Ctrl", "Cmd")) },
    yieldsToText: more.yieldsToText ?? false,
    within: more.within ?? null,
  };
}

const onField = (id: FieldCommand, title: string, chord: string, alias = ""): Command =>
  command(id, title, chord, { mac: [chord], alias: `schema tree ${alias}`, within: "fields" });

const effort = (id: CommandId, name: string, n: number): Command =>
  command(id, `Set effort to ${name}`, `Alt+${n}`, {
    mac: [`Alt+Cmd+${n}`],
    alias: "reasoning level dial",
  });

export const COMMANDS: readonly Command[] = [
  command("palette", "Search or run a command", ["Ctrl+K", "Ctrl+P"], { alias: "find request" }),
  command("run", "Run request", "Ctrl+Enter", { alias: "send" }),
  command("continue_run", "Continue the turn with the replies", [], {
    alias: "function tool call reply answer",
  }),
  command("stop", "Stop run", ["Escape", "Ctrl+."], {
    mac: ["Escape", "Cmd+."],
    alias: "cancel",
  }),
  command("run_levels", "Run all levels", "Ctrl+Shift+Enter", {
    mac: ["Shift+Cmd+Enter"],
    alias: "compare efforts",
  }),
  command("run_live", "Run live", [], { alias: "send real answer charge" }),
  command("save", "Save request", "Ctrl+S"),
  command("undo", "Undo edit", "Ctrl+Z", { yieldsToText: true }),
  command("redo", "Redo edit", ["Ctrl+Shift+Z", "Ctrl+Y"], {
    mac: ["Shift+Cmd+Z"],
    yieldsToText: true,
  }),
  command("new_request", "New request", "Ctrl+N", { alias: "create add" }),
  command("duplicate_request", "Duplicate request", "Ctrl+D", { alias: "copy variant" }),
  command("new_folder", "New folder", [], { alias: "collection create add" }),
  command("rename_item", "Rename in the collections", [], { alias: "name request folder" }),
  command("move_item", "Move to another folder", [], { alias: "collection request" }),
  command("edit_tags", "Tags of this request", [], { alias: "label find" }),
  command("folder_settings", "Folder settings", [], {
    alias: "inherit defaults model instructions variables",
  }),
  command("versions", "Versions of this request", [], { alias: "history diff restore git commit" }),
  command("search_collections", "Search the collections", "Ctrl+Shift+F", {
    mac: ["Shift+Cmd+F"],
    alias: "find in all tag prompt",
  }),
  command("close_tab", "Close tab", "Ctrl+W"),
  command("reopen_tab", "Reopen closed tab", "Ctrl+Shift+T", { mac: ["Shift+Cmd+T"] }),
  command("next_tab", "Next tab", "Ctrl+Tab", { mac: ["Ctrl+Tab"] }),
  command("previous_tab", "Previous tab", "Ctrl+Shift+Tab", { mac: ["Ctrl+Shift+Tab"] }),
  effort("effort_1", "None", 1),
  effort("effort_2", "Low", 2),
  effort("effort_3", "Medium", 3),
  effort("effort_4", "High", 4),
  effort("effort_5", "Extra high", 5),
  command("compare", "Compare efforts of this request", "Ctrl+E", { alias: "levels" }),
  command("copy_output", "Copy output", "Ctrl+Shift+C", { mac: ["Shift+Cmd+C"] }),
  command("copy_code", "Copy as code, in the language used last", "Ctrl+Alt+C", {
    mac: ["Alt+Cmd+C"],
    alias: "curl python node rust snippet",
  }),
  command("copy_curl", "Copy as cURL", [], { alias: "code shell command" }),
  command("copy_python", "Copy as Python", [], { alias: "code sdk" }),
  command("copy_node", "Copy as Node", [], { alias: "code sdk javascript" }),
  command("copy_rust", "Copy as Rust", [], { alias: "code reqwest" }),
  command("paste_request", "Paste cURL command or JSON body", [], {
    alias: "import code curl request",
  }),
  command("next_problem", "Go to the next problem", "F8", { alias: "finding error lint" }),
  command("fix_request", "Fix all problems of the request", [], { alias: "lint mend safe" }),
  command("switch_endpoint", "Switch between Responses and Chat Completions", [], {
    alias: "endpoint translate api",
  }),
  command("save_as_mock", "Save as mock", "Ctrl+Shift+M", {
    mac: ["Shift+Cmd+M"],
    alias: "record answer replay fixture",
  }),
  command("go_to_output", "Go to the start of the output", "Alt+Shift+R", {
    mac: ["Alt+Shift+R"],
    alias: "answer focus",
  }),
  command("show_build", "Go to Build", "Ctrl+1", { alias: "screen" }),
  command("show_compare", "Go to Compare", "Ctrl+2", { alias: "screen" }),
  command("show_schemas", "Go to Schemas", "Ctrl+4", {
    alias: "screen output schema strict fields json",
  }),
  command("schema_from_sample", "Build the schema from a sample", [], { alias: "infer json" }),
  command("fix_schema", "Fix all problems of the schema", [], { alias: "strict mode mend" }),
  onField("field_add", "Add a field after this one", "Enter", "new"),
  onField("field_add_inside", "Add a field inside this one", "Ctrl+Enter", "new child nest"),
  onField("field_find", "Find a field", "Ctrl+F", "search name description"),
  onField("field_rename", "Rename the field", "F2", "name"),
  onField("field_duplicate", "Duplicate the field", "Ctrl+D", "copy"),
  onField("field_delete", "Delete the field", "Delete", "remove"),
  onField("field_up", "Move the field up", "Alt+ArrowUp", "order"),
  onField("field_down", "Move the field down", "Alt+ArrowDown", "order"),
  onField("field_in", "Move the field into the object before it", "Alt+ArrowRight", "nest"),
  onField("field_out", "Move the field out of its object", "Alt+ArrowLeft", "un-nest"),
  command("show_mock", "Go to Mock", "Ctrl+5", { alias: "screen server ladder rules log" }),
  command("show_history", "Go to History", "Ctrl+6", { alias: "screen runs past log" }),
  command("find_run", "Find a run in History", [], { alias: "search runs filter past" }),
  command("restore_run", "Restore the request of the open run", [], {
    alias: "history bring back",
  }),
  command("show_settings", "Settings", "Ctrl+,", { alias: "preferences appearance" }),
  command("show_shortcuts", "Shortcuts", ["Ctrl+/", "Ctrl+Shift+?"], {
    mac: ["Cmd+/"],
    alias: "keys keyboard help list",
  }),
  command("connection", "Connection and key", [], { alias: "api key base url address" }),
  command("toggle_live", "Switch between Live and Mock", "Ctrl+Shift+L", {
    mac: ["Shift+Cmd+L"],
    alias: "connection sample replies",
  }),
  command("environment", "Choose environment", "Ctrl+Shift+E", {
    mac: ["Shift+Cmd+E"],
    alias: "switch staging production",
  }),
  command("show_environments", "Edit environments and keys", [], {
    alias: "add environment variables secrets base url codex sign in",
  }),
  command("import", "Import", [], {
    alias: "open file folder postman bruno yaak insomnia promptfoo curl har batch jsonl",
  }),
  command("export", "Export requests", [], {
    alias: "save as promptfoo batch curl pytest vitest json",
  }),
  command("copy_base_url", "Copy base URL of the mock", [], { alias: "address openai_base_url" }),
  command("open_mock", "Let other programs call the mock, or no longer", [], {
    alias: "open close server",
  }),
  command("record_mock", "Record what the mock can't answer, or no longer", [], {
    alias: "proxy forward live capture",
  }),
  command("new_rule", "New mock rule", [], { alias: "fault failure add" }),
  command("clear_log", "Clear the mock's request log", [], { alias: "requests empty" }),
  command("toggle_sidebar", "Fold or unfold the sidebar", ["Ctrl+B", "F9"], { mac: ["Cmd+B"] }),
  command("next_pane", "Next pane", "F6"),
  command("previous_pane", "Previous pane", "Shift+F6"),
  command("zoom_in", "Larger text", "Ctrl+Plus", { alias: "zoom" }),
  command("zoom_out", "Smaller text", "Ctrl+-", { alias: "zoom" }),
  command("zoom_reset", "Text at 100%", "Ctrl+0", { alias: "zoom" }),
  command("theme_system", "Theme: as the system", [], { alias: "appearance" }),
  command("theme_light", "Theme: light", [], { alias: "appearance" }),
  command("theme_dark", "Theme: dark", [], { alias: "appearance night" }),
];

const BY_ID = new Map(COMMANDS.map((it) => [it.id, it]));

export function commandOf(id: CommandId): Command {
  return BY_ID.get(id)!;
}

/** The command that a press asks for, in the whole window or in a part of it. */
export function commandFor(
  event: KeyboardEvent,
  platform: Platform,
  within: Within | null = null,
): Command | null {
  const asks = (it: Command) => it.keys[platform].some((chord) => matches(event, chord));
  return COMMANDS.find((it) => it.within === within && asks(it)) ?? null;
}

/** The command to a field that a press in its tree asks for. On every platform by the same keys. */
export function fieldCommandFor(event: KeyboardEvent): FieldCommand | null {
  return (commandFor(event, "other", "fields")?.id as FieldCommand | undefined) ?? null;
}

/** The caps of a command's first chord; none where it has no keys. */
export function commandCaps(id: CommandId, platform: Platform): string[] {
  const chord = commandOf(id).keys[platform][0];
  return chord ? caps(chord, platform) : [];
}

/** A tooltip: what it does, and its keys. */
export function tip(id: CommandId, platform: Platform, title = commandOf(id).title): string {
  const keys = commandCaps(id, platform);
  return keys.length === 0 ? title : `${title} (${keys.join(platform === "mac" ? "" : "+")})`;
}

/** How well a name fits what was typed: lower is better, null where it does not. */
export function fit(typed: string, name: string, alias = ""): number | null {
  const query = typed.trim().toLowerCase();
  if (query === "") return 0;
  const text = name.toLowerCase();
  const whole = text.indexOf(query);
  if (whole === 0) return 0;
  if (whole > 0) return text[whole - 1] === " " ? 1 : 2;
  const words = query.split(/\s+/);
  const pool = `${text} ${alias.toLowerCase()}`;
  if (words.every((word) => pool.includes(word))) return 3;
  let from = 0;
  for (const letter of query.replaceAll(" ", "")) {
    const found = text.indexOf(letter, from);
    if (found < 0) return null;
    from = found + 1;
  }
  return 4;
}
