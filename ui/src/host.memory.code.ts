// The in-memory engine's requests as code: enough of each verb that the window can be used with it. The
// readers and printers of the engine know every shell and language; this one knows a plain command.
import type { Calls, EngineError, ErrorCode, Parameter, RequestFile } from "./contract/ipc";
import { at, drop, put, type Body } from "./lib/body";
import { pathOf, wireOf } from "./lib/parameters";

type CodeCalls = Pick<Calls, "copy_request" | "paste_request" | "translate_request">;

interface Options {
  rows: readonly Parameter[];
  /** What the variables of a request mean. */
  values: (request: RequestFile) => Record<string, string>;
  fail: (code: ErrorCode, message: string, more?: Partial<EngineError>) => EngineError;
}

const PATHS = { responses: "/v1/responses", chat_completions: "/v1/chat/completions" } as const;

export function codeTwin({ rows, values, fail }: Options): {
  [N in keyof CodeCalls]: (input: CodeCalls[N]["input"]) => CodeCalls[N]["output"];
} {
  const read = (text: string): Body => {
    try {
      return JSON.parse(text) as Body;
    } catch (cause) {
      throw fail("bad_input", `The body can't be read: ${(cause as Error).message}.`);
    }
  };
  return {
    copy_request: ({ as, endpoint, body, request, filled }) => {
      const json = JSON.stringify(body, null, 2);
      const known = request ? values(request) : {};
      const braces = /(?<!\\)\{\{\s*([A-Za-z_][\w.-]*)\s*\}\}/g;
      const names = [...new Set([...json.matchAll(braces)].map((it) => it[1]!))];
      const files = [...new Set([...json.matchAll(/\{\{file:([^#}]+)/g)].map((it) => it[1]!))];
      const text = json.replace(braces, (whole, name: string) =>
        filled && name in known ? JSON.stringify(known[name]).slice(1, -1) : whole,
      );
      return {
        code: `# ${as}: POST ${PATHS[endpoint]}\n${text}\n`,
        placeholders: {
          values: request ? names.filter((it) => it in known) : [],
          secrets: [],
          files: request ? files : [],
          unset: request ? names.filter((it) => !(it in known)) : [],
        },
      };
    },
    paste_request: ({ text }) => {
      if (/^\s*[{[]/.test(text)) {
        const body = read(text);
        const endpoint = body.messages && !body.input ? "chat_completions" : "responses";
        return { endpoint, body, baseUrl: null, leftOut: [] };
      }
      const data = /(?:-d|--json|--data(?:-raw|-binary)?)\s+'([\s\S]*)'/.exec(text);
      if (!/\bcurl\b/.test(text) || !data) {
        throw fail("bad_input", "That is neither a cURL command nor a JSON body.", {
          hint: "Paste a curl command for /v1/responses or /v1/chat/completions, or a request body.",
        });
      }
      return {
        endpoint: text.includes("/chat/completions") ? "chat_completions" : "responses",
        body: read(data[1]!.replaceAll(`'\\''`, "'")),
        baseUrl: null,
        leftOut: /authorization/i.test(text)
          ? [
              {
                what: "The key in the header Authorization",
                why: "A request holds no key; the connection has it.",
              },
            ]
          : [],
      };
    },
    translate_request: ({ from, to, body }) => {
      const lost: { pointer: string; message: string }[] = [];
      let left: Body = body;
      let made: Body = {};
      for (const row of rows) {
        const here = wireOf(row, from);
        const value = here ? at(left, pathOf(here)) : undefined;
        if (!here || value === undefined || from === to) continue;
        left = drop(left, pathOf(here));
        const there = wireOf(row, to);
        const given =
          row.id === "input" && to === "chat_completions" && typeof value === "string"
            ? [{ role: "user", content: value }]
            : value;
        if (there) made = put(made, pathOf(there), given);
        else {
          lost.push({
            pointer: `/${here.path.replaceAll(".", "/")}`,
            message: `${here.path} has no place there.`,
          });
        }
      }
      return { body: from === to ? body : { ...made, ...left }, lost, changed: [] };
    },
  };
}
