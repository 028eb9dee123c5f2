// Where the parameters that this window itself reads stand in a body of each endpoint. A test
// holds the table against the engine's catalogue.
import type { Endpoint } from "../contract/ipc";
import { asText, at, type Path } from "./body";

export type Known = "effort" | "reasoning_summary" | "verbosity" | "format" | "max_output_tokens";

const PATHS: Record<Known, Record<Endpoint, Path | null>> = {
  effort: { responses: ["reasoning", "effort"], chat_completions: ["reasoning_effort"] },
  reasoning_summary: { responses: ["reasoning", "summary"], chat_completions: null },
  verbosity: { responses: ["text", "verbosity"], chat_completions: ["verbosity"] },
  format: { responses: ["text", "format"], chat_completions: ["response_format"] },
  max_output_tokens: {
    responses: ["max_output_tokens"],
    chat_completions: ["max_completion_tokens"],
  },
};

/** Null where the endpoint has no such parameter. */
export function wire(id: Known, endpoint: Endpoint): Path | null {
  return PATHS[id][endpoint];
}

export const effortPath = (endpoint: Endpoint): Path => PATHS.effort[endpoint]!;
export const capPath = (endpoint: Endpoint): Path => PATHS.max_output_tokens[endpoint]!;

/** Where the schema of the output stands. Chat Completions nests it once more. */
export function schemaPath(endpoint: Endpoint): Path {
  const format = PATHS.format[endpoint]!;
  return endpoint === "responses" ? [...format, "schema"] : [...format, "json_schema", "schema"];
}

/** How the output of this body reads: JSON is code, not prose. */
export function outputKind(
  body: Readonly<Record<string, unknown>>,
  endpoint: Endpoint,
): "code" | "markdown" {
  const format = asText(at(body, [...PATHS.format[endpoint]!, "type"]));
  return format === "json_schema" || format === "json_object" ? "code" : "markdown";
}
