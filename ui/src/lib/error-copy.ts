// What the window says for each kind of failure. Exhaustive on purpose: a new code of the engine
// does not compile here until it has words.
import type { EngineError, ErrorCode } from "../contract/ipc";

/** What a panel can offer to do. The screen decides which of them it can. */
export type Act =
  | "run_again"
  | "connection"
  | "use_mock"
  | "edit_prompt"
  | "choose_effort"
  | "choose_model"
  | "raise_cap"
  | "show_json"
  | "show_schema"
  | "keep_mine"
  | "take_theirs"
  | "read_again"
  | "billing"
  | "status_page"
  | "budget";

export const ACT_NAMES: Record<Act, string> = {
  run_again: "Run again",
  connection: "Open connection",
  use_mock: "Use Mock",
  edit_prompt: "Edit prompt",
  choose_effort: "Choose level",
  choose_model: "Choose another model",
  raise_cap: "Raise cap and run again",
  show_json: "Show JSON body",
  show_schema: "Show output schema",
  keep_mine: "Keep mine",
  take_theirs: "Take theirs",
  read_again: "Read file again",
  billing: "Open billing",
  status_page: "Check status page",
  budget: "Open spending limits",
};

export interface Copy {
  tone: "warn" | "bad";
  title: string;
  /** Said where the engine gives no hint of its own. */
  hint: string | null;
  /** The main action first. */
  acts: readonly Act[];
}

const copy = (
  tone: Copy["tone"],
  title: string,
  hint: string | null,
  ...acts: readonly Act[]
): Copy => ({ tone, title, hint, acts });

export const COPY: Record<ErrorCode, Copy> = {
  budget_exceeded: copy(
    "warn",
    "Over your spending limit",
    "Nothing was sent. Lower the cap, run less, or raise the limit.",
    "budget",
    "use_mock",
  ),
  key_missing: copy(
    "warn",
    "No API key",
    "Add a key to send live, or use Mock.",
    "connection",
    "use_mock",
  ),
  key_rejected: copy(
    "bad",
    "Key was not accepted",
    "It may be revoked or mistyped. Nothing was sent to the model.",
    "connection",
    "run_again",
  ),
  permission_denied: copy(
    "bad",
    "This key may not do that",
    "The key works, but its project or role does not allow this.",
    "connection",
    "choose_model",
  ),
  model_not_found: copy(
    "bad",
    "Model is not open to this key",
    "Check the name, or choose a model that this key's project can use.",
    "choose_model",
    "connection",
  ),
  rate_limited: copy("warn", "Rate limit reached", "Wait a little, then run again.", "run_again"),
  quota_exceeded: copy(
    "bad",
    "No credit left on this key",
    "Retrying will not help until there is credit, or another key.",
    "billing",
    "connection",
  ),
  context_too_long: copy(
    "bad",
    "Input is too long",
    "Shorten the input, or lower the level or the output cap.",
    "edit_prompt",
    "choose_effort",
  ),
  schema_refused: copy(
    "bad",
    "Schema was rejected",
    "Mend the schema in the request file, then run again.",
    "show_schema",
    "run_again",
  ),
  prompt_declined: copy(
    "bad",
    "OpenAI declined this prompt",
    "It was stopped by the safety policy. Retrying will not help. Rewriting may.",
    "edit_prompt",
  ),
  request_rejected: copy(
    "bad",
    "Request was rejected",
    "Change the field that the message names, then run again.",
    "show_json",
    "run_again",
  ),
  server_error: copy(
    "warn",
    "OpenAI had a server error",
    "Running again often works.",
    "run_again",
    "status_page",
  ),
  overloaded: copy(
    "warn",
    "OpenAI is overloaded",
    "Wait a little, then run again.",
    "run_again",
    "status_page",
  ),
  stream_cut: copy(
    "warn",
    "Connection lost",
    "What arrived is kept. It may be charged.",
    "run_again",
  ),
  stream_idle: copy(
    "warn",
    "The reply went silent",
    "What arrived is kept. It may be charged.",
    "run_again",
  ),
  stream_invalid: copy(
    "bad",
    "The reply could not be read",
    "The events do not follow the API. Look at the last one in Events.",
    "run_again",
    "connection",
  ),
  offline: copy(
    "warn",
    "No connection",
    "Check the network and the address. Mock replies still work.",
    "run_again",
    "use_mock",
  ),
  tls_failed: copy(
    "bad",
    "The connection is not secure",
    "The certificate was not accepted. Check the address, the clock, and any proxy.",
    "connection",
    "run_again",
  ),
  proxy_failed: copy(
    "bad",
    "The proxy did not let it through",
    "Check the proxy's address, name and password. Mock replies still work.",
    "run_again",
    "use_mock",
  ),
  timed_out: copy(
    "warn",
    "It took too long",
    "What arrived is kept. It may be charged.",
    "run_again",
    "choose_effort",
  ),
  response_expired: copy(
    "warn",
    "The response is no longer kept",
    "What arrived is kept. It may be charged.",
    "run_again",
  ),
  not_the_api: copy(
    "bad",
    "Something else answered",
    "The address does not lead to the API. Check the base URL, or sign in to the network.",
    "connection",
    "run_again",
  ),
  file_unreadable: copy(
    "bad",
    "File could not be read",
    "Check that it is still there and that you may read it.",
    "read_again",
  ),
  file_invalid: copy(
    "warn",
    "File is not a request",
    "Mend the file in any editor, then read it again.",
    "read_again",
  ),
  file_changed: copy(
    "warn",
    "File changed on disk",
    "Keep mine saves over the file. Take theirs reads it; your edits stay one undo away.",
    "keep_mine",
    "take_theirs",
  ),
  file_unwritable: copy(
    "bad",
    "File could not be saved",
    "Your edits are still here. Check the folder's permissions and free space.",
  ),
  effort_unsupported: copy(
    "bad",
    "The model does not offer this level",
    "Choose a level that the dial does not lock.",
    "choose_effort",
  ),
  history_locked: copy(
    "warn",
    "History is in use",
    "Close the other Rheostat and start this one again.",
  ),
  history_newer: copy(
    "warn",
    "History is from a newer version",
    "Update Rheostat to see and keep runs.",
  ),
  history_unwritable: copy(
    "warn",
    "History cannot be written",
    "Check the data folder's permissions and free space, then start again.",
  ),
  history_damaged: copy(
    "bad",
    "History is damaged",
    "Put a backup of the data folder in its place, or move the file away and start again.",
  ),
  cancelled: copy("warn", "Stopped", null, "run_again"),
  bad_input: copy(
    "bad",
    "Something is missing or wrong",
    "Change it, then try again.",
    "show_json",
  ),
  unknown_command: copy(
    "bad",
    "The window and the engine differ",
    "They are not from the same version. Install Rheostat again.",
  ),
  internal: copy(
    "bad",
    "Rheostat made a mistake",
    "Copy the details and report them. Your edits are still here.",
    "run_again",
  ),
};

/** The failure as text for the clipboard: all that support needs. */
export function report(error: EngineError): string {
  const lines: [string, string | number | null][] = [
    ["Code", error.code],
    ["Message", error.message],
    ["Place", error.place],
    ["HTTP status", error.httpStatus],
    ["Request ID", error.requestId],
    ["Detail", error.detail],
  ];
  return lines
    .filter(([, value]) => value !== null && value !== "")
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
}
