// The in-memory engine's words on a request: the catalogue as it is, and the one rule of it that
// the window's locks rest on.
import catalogue from "../../src-tauri/core/data/parameters.json";
import type {
  Calls,
  Finding,
  LintRequestInput,
  Parameter,
  ParameterWhen,
  ParameterWire,
} from "./contract/ipc";
import { asText, at, drop, type Body } from "./lib/body";
import { fromPointer, pathOf, wireOf } from "./lib/parameters";
import { effortPath } from "./lib/wire";

type BuildCalls = Pick<Calls, "list_parameters" | "lint_request" | "fix_request">;

/** The file leaves out what says nothing; the contract does not. */
function rowOf(given: object): Parameter {
  const row = given as Partial<Parameter>;
  const wire = (its: Partial<ParameterWire> | null | undefined): ParameterWire | null =>
    its ? { path: "", types: [], values: [], min: null, default: null, ...its } : null;
  return {
    id: "",
    label: "",
    group: "",
    types: [],
    required: false,
    values: [],
    itemValues: [],
    min: null,
    max: null,
    limit: null,
    maxLength: null,
    maxItems: null,
    maxKeyLength: null,
    default: null,
    movedTo: null,
    rules: [],
    help: "",
    source: "",
    verified: true,
    ...row,
    responses: wire(row.responses),
    chatCompletions: wire(row.chatCompletions),
  };
}

export const ROWS = catalogue.parameters.map(rowOf);

/** Values that the effort rules out, and variables without a value. */
function lint(input: LintRequestInput): Finding[] {
  return [...locked(input), ...unresolved(input)];
}

function unresolved({ body, variables }: LintRequestInput): Finding[] {
  if (!variables) return [];
  const names = JSON.stringify(body).matchAll(/(?<!\\)\{\{\s*([A-Za-z_][\w.-]*)\s*\}\}/g);
  return [...new Set([...names].map((it) => it[1]!))]
    .filter((name) => !Object.hasOwn(variables, name))
    .map((name) => ({
      code: "unresolved_variable",
      severity: "error",
      pointer: "/input",
      message: `The variable ${name} has no value.`,
      reason: "It would be sent as it stands. Give it a value in the environment.",
      fix: null,
    }));
}

function locked({ endpoint, body }: LintRequestInput): Finding[] {
  const effort = asText(at(body, effortPath(endpoint))) ?? "medium";
  return ROWS.flatMap((row) => {
    const wire = wireOf(row, endpoint);
    const value = wire ? at(body, pathOf(wire)) : undefined;
    if (!wire || value === undefined) return [];
    return row.rules.flatMap((rule): Finding[] => {
      const when: Partial<ParameterWhen> = rule.when;
      const applies =
        rule.code === "sampling_rejected" &&
        when.contains === undefined &&
        (!when.endpoint || when.endpoint === endpoint) &&
        !when.effortsNot?.includes(effort) &&
        !when.valuesNot?.includes(value);
      if (!applies) return [];
      const pointer = `/${wire.path.replaceAll(".", "/")}`;
      return [
        {
          code: rule.code,
          severity: "error",
          pointer,
          message: `${wire.path} is rejected at effort ${effort}.`,
          reason: "The API rejects it at this effort.",
          fix: {
            label: rule.fix?.label ?? "Leave it out",
            endpoint: null,
            edits: [{ op: "remove", pointer }],
            safe: true,
          },
        },
      ];
    });
  });
}

export function buildTwin(): {
  [N in keyof BuildCalls]: (input: Calls[N]["input"]) => Calls[N]["output"];
} {
  return {
    list_parameters: () => ({ groups: catalogue.groups, parameters: ROWS, tools: [] }),
    lint_request: (input) => ({ findings: lint(input) }),
    fix_request: ({ request, only }) => {
      const chosen = lint(request).filter(
        (it) => only === null || (it.code === only.code && it.pointer === only.pointer),
      );
      const body = chosen.reduce<Body>(
        (left, it) => drop(left, fromPointer(left, it.pointer)),
        request.body,
      );
      return {
        endpoint: request.endpoint,
        body,
        changes: chosen.map((it) => ({
          code: it.code,
          pointer: it.pointer,
          message: it.message,
          label: it.fix?.label ?? "",
          before: at(request.body, fromPointer(request.body, it.pointer)),
          lost: [],
        })),
        findings: lint({ ...request, body }),
      };
    },
  };
}
