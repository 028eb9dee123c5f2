// The in-memory engine's requests as code: enough of each verb that the window can be used with it. The
// readers and printers of the engine know every shell and language; this one knows a plain command.
import type { Calls, EngineError, ErrorCode, Parameter } from "./contract/ipc";
import { at, drop, put, type Body } from "./lib/body";
import { pathOf, wireOf } from "./lib/parameters";

type CodeCalls = Pick<Calls, "copy_request" | "paste_request" | "translate_request">;

interface Options {
  rows: readonly Parameter[];
  fail: (code: ErrorCode, message: string, more?: Partial<EngineError>) => EngineError;
}

const PATHS = { responses: "/v1/responses", chat_completions: "/v1/chat/completions" } as const;

export function codeTwin({ rows, fail }: Options): {
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
    copy_request: ({ as, endpoint, body }) => ({
      code: `# ${as}: POST ${PATHS[endpoint]}\n${JSON.stringify(body, null, 2)}\n`,
    }),
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
