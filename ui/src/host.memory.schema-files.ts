// The in-memory engine's schema files: by the engine's own rules, beside the requests that refer to them.
import type {
  Calls,
  EngineError,
  ErrorCode,
  RequestFile,
  SchemaSummary,
  SchemaUse,
} from "./contract/ipc";
import { asText, at } from "./lib/body";

type FileCalls = Pick<
  Calls,
  | "list_schemas"
  | "read_schema"
  | "save_schema"
  | "create_schema"
  | "rename_schema"
  | "duplicate_schema"
  | "delete_schema"
  | "measure_schema"
>;

export interface SchemaFilesTwinOptions {
  /** Requests by path. Changed in place. */
  requests: Map<string, RequestFile>;
  /** The stamp of a request's file. */
  stampOf: (path: string) => string;
  used: () => boolean;
  fail: (code: ErrorCode, message: string, more?: Partial<EngineError>) => EngineError;
}

const FOLDER = "schemas/";
const holderOf = (request: RequestFile) =>
  request.endpoint === "chat_completions" ? ["response_format", "json_schema"] : ["text", "format"];
const stemOf = (path: string) => path.slice(FOLDER.length).replace(/\.json$/, "");

export function schemaFilesTwin(options: SchemaFilesTwinOptions): {
  calls: { [N in keyof FileCalls]: (input: Calls[N]["input"]) => Calls[N]["output"] };
  /** Puts a deleted file back; null for a handle of something else. */
  restore: (handle: string) => string | null;
} {
  const { requests, fail } = options;
  const files = new Map<string, string>();
  const trash = new Map<string, { path: string; text: string }>();
  const stamp = (text: string) =>
    `${text.length}-${[...text].reduce((sum, it) => (sum * 31 + it.charCodeAt(0)) | 0, 7)}`;

  function problemOf(path: string): EngineError | null {
    if (!/^schemas\/[^/]+\.json$/.test(path))
      return fail("bad_input", `"${path}" is no schema of the workspace.`, { place: "path" });
    const text = files.get(path);
    if (text === undefined)
      return fail("file_unreadable", `There is no schema ${path} in the workspace.`, {
        place: path,
        hint: "It may have been renamed or deleted outside. Choose another, or put the file back.",
      });
    try {
      JSON.parse(text);
      return null;
    } catch {
      return fail("file_invalid", `${path} is no JSON.`, { place: `${path}:1:1` });
    }
  }

  function textOf(path: string): string {
    const text = files.get(path);
    if (text === undefined) throw problemOf(path) ?? fail("internal", "It is not there.");
    return text;
  }

  function check(text: string): void {
    try {
      JSON.parse(text);
    } catch {
      throw fail("file_invalid", "The text is no JSON.", { place: "text" });
    }
  }

  function free(name: string): string {
    const stem =
      name
        .trim()
        .replaceAll(/[^A-Za-z0-9_]+/g, "-")
        .replaceAll(/^-|-$/g, "") || "schema";
    const taken = new Set([...files.keys()].map((it) => it.toLowerCase()));
    let path = `${FOLDER}${stem}.json`;
    for (let n = 2; taken.has(path.toLowerCase()); n++) path = `${FOLDER}${stem}-${n}.json`;
    return path;
  }

  const useOf = (path: string, request: RequestFile): SchemaUse => ({
    path,
    id: request.id,
    name: request.name,
    model: asText(request.body.model),
    effort: asText(at(request.body, ["reasoning", "effort"])),
  });

  const calls: ReturnType<typeof schemaFilesTwin>["calls"] = {
    list_schemas: () => {
      const all = [...requests];
      return {
        files: [...files.keys()].toSorted().map((path): SchemaSummary => ({
          path,
          name: stemOf(path),
          stamp: stamp(textOf(path)),
          problem: problemOf(path),
          usedBy: all
            .filter(([, request]) => request.schema_file === path)
            .map(([at, request]) => useOf(at, request)),
        })),
        inline: all
          .filter(([, request]) => at(request.body, [...holderOf(request), "schema"]) !== undefined)
          .map(([path, request]) => ({
            request: useOf(path, request),
            name: asText(at(request.body, [...holderOf(request), "name"])) ?? "schema",
          })),
        lost: all.flatMap(([path, request]) => {
          const problem = request.schema_file ? problemOf(request.schema_file) : null;
          return problem
            ? [{ request: useOf(path, request), schemaFile: request.schema_file!, problem }]
            : [];
        }),
      };
    },
    read_schema: ({ path }) => {
      const text = textOf(path);
      return { path, text, stamp: stamp(text), problem: problemOf(path) };
    },
    save_schema: ({ path, text, stamp: known }) => {
      check(text);
      const now = files.get(path);
      if (now === undefined ? known !== "" : stamp(now) !== known)
        throw fail("file_changed", `${path} was changed outside Rheostat since it was opened.`, {
          place: path,
          hint: "Keep your version or take the one on disk; neither is lost until you choose.",
        });
      files.set(path, text);
      return { stamp: stamp(text) };
    },
    create_schema: ({ name, text }) => {
      check(text);
      const path = free(name);
      files.set(path, text);
      return { path, stamp: stamp(text) };
    },
    rename_schema: ({ path, name }) => {
      const text = textOf(path);
      const next = `${FOLDER}${name.trim().replaceAll(/[^A-Za-z0-9_]+/g, "-")}.json`;
      if (next === path) return { path, requests: [] };
      if (files.has(next))
        throw fail(
          "name_taken",
          `There is something named ${stemOf(next)}.json in that folder already.`,
        );
      files.delete(path);
      files.set(next, text);
      const users = [...requests].filter(([, request]) => request.schema_file === path);
      for (const [at, request] of users) requests.set(at, { ...request, schema_file: next });
      return {
        path: next,
        requests: users.map(([at]) => ({ path: at, stamp: options.stampOf(at), problem: null })),
      };
    },
    duplicate_schema: ({ path }) => {
      const text = textOf(path);
      const copy = free(`${stemOf(path)}_copy`);
      files.set(copy, text);
      return { path: copy };
    },
    delete_schema: ({ path }) => {
      const handle = `schema-${trash.size + 1}`;
      trash.set(handle, { path, text: textOf(path) });
      files.delete(path);
      return { handle };
    },
    measure_schema: ({ schema, requestId, model }) => {
      const tokens = Math.ceil((JSON.stringify(schema) ?? "").length / 4);
      const runs = options.used() && requestId ? 20 : 0;
      const inputPrice = model ? 5_000_000_000 : null;
      return {
        tokens,
        runs,
        sample: true,
        inputTokens: runs > 0 ? tokens + 240 : null,
        inputPrice,
        cost: inputPrice === null ? null : Math.floor((inputPrice * tokens) / 1_000_000),
      };
    },
  };
  return {
    calls,
    restore: (handle) => {
      const kept = trash.get(handle);
      if (!kept) return null;
      trash.delete(handle);
      const path = files.has(kept.path) ? free(stemOf(kept.path)) : kept.path;
      files.set(path, kept.text);
      return path;
    },
  };
}
