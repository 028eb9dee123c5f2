// The in-memory engine's look at a whole request: what its single answers say, each standing for itself.
import type { Calls, LookOverRequestOutput, RequestFile } from "./contract/ipc";
import { asEngineError } from "./host";

type Parts = "list_variables" | "lint_request" | "count_tokens" | "forecast_run";
type Twin = { [N in Parts]: (input: Calls[N]["input"]) => Calls[N]["output"] };

function tried<T>(ask: () => T): { value: T | null; problem: LookOverRequestOutput["problem"] } {
  try {
    return { value: ask(), problem: null };
  } catch (cause) {
    return { value: null, problem: asEngineError(cause) };
  }
}

export function lookOver(calls: Twin, request: RequestFile): LookOverRequestOutput {
  const { endpoint, body, id, schema_file: schemaFile = null } = request;
  const listed = tried(() => calls.list_variables({ request })).value;
  const variables =
    listed && Object.fromEntries(listed.variables.map((it) => [it.name, it.value ?? ""]));
  const missing = (listed?.uses ?? []).filter((it) => it.scope === null).map((it) => it.name);
  const linted = tried(() =>
    calls.lint_request({
      endpoint,
      body,
      requestId: id,
      variables,
      inputTokens: null,
      schemaFile,
    }),
  );
  const forecast = tried(() => calls.forecast_run({ request, efforts: [], repeats: 1 }));
  return {
    findings: linted.value?.findings ?? [],
    problem: linted.problem,
    unresolved: [...new Set(missing)],
    tokens: tried(() => calls.count_tokens({ request, exact: false })).value,
    forecast: forecast.value,
    forecastProblem: forecast.problem,
  };
}
