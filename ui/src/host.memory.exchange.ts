// Import and export of the engine in memory: the commonest formats, by the engine's own rules and words.
import type {
  Calls,
  EngineError,
  ErrorCode,
  ExportFile,
  ImportedItem,
  ImportKind,
  ImportLeftOut,
  ImportText,
  RequestFile,
} from "./contract/ipc";
import { asText } from "./lib/body";
import { plural } from "./lib/plural";

type Names = "import_preview" | "import_files" | "undo_import" | "export_requests" | "write_export";
type Twin = { [Name in Names]: (input: Calls[Name]["input"]) => Calls[Name]["output"] };

export interface ExchangeTwinOptions {
  /** Requests by their path. */
  files: Map<string, RequestFile>;
  newId: () => string;
  /** False where it was there before. */
  addFolder: (folder: string, name: string) => boolean;
  removeFolder: (path: string) => void;
  addEnvironment: (name: string, variables: Record<string, string>) => string;
  removeEnvironment: (path: string) => void;
  fail: (
    code: ErrorCode,
    message: string,
    more?: Partial<Pick<EngineError, "hint" | "place">>,
  ) => EngineError;
}

interface Found {
  kinds: ImportKind[];
  items: ImportedItem[];
  leftOut: ImportLeftOut[];
}

const UNKNOWN = "It is in none of the formats that can be imported.";

export function exchangeTwin(options: ExchangeTwinOptions): Twin {
  const { files, fail } = options;
  /** What was written to the machine, by whole path. */
  const disk = new Map<string, string>();

  function request(body: Record<string, unknown>, name: string): RequestFile {
    const endpoint = "messages" in body ? "chat_completions" : "responses";
    return { id: "", name, endpoint, body };
  }

  function read({ name, text }: ImportText, into: Found): void {
    const folder = name.includes("/") ? name.slice(0, name.lastIndexOf("/")) : "";
    const found = (kind: ImportKind, items: Pick<ImportedItem, "name" | "content">[]) => {
      if (!into.kinds.includes(kind)) into.kinds.push(kind);
      into.items.push(...items.map((it) => ({ ...it, folder, place: name })));
    };
    const stem = name
      .split("/")
      .at(-1)!
      .replace(/\.[^.]*$/, "");
    const curl = /-d '(\{.*\})'/s.exec(text);
    if (text.trimStart().startsWith("curl ") && curl) {
      const body = JSON.parse(curl[1]!) as Record<string, unknown>;
      found("curl", [{ name: stem, content: { kind: "request", request: request(body, stem) } }]);
      if (/Authorization:/i.test(text)) {
        into.leftOut.push({
          place: name,
          what: "The header Authorization",
          why: "Keys stay out: the connection has its own.",
        });
      }
      return;
    }
    let value: Record<string, unknown> | null = null;
    try {
      value = JSON.parse(text) as Record<string, unknown>;
    } catch {
      // Not JSON as a whole.
    }
    if (value && Array.isArray(value.values)) {
      const values = value.values as { key: string; value: string }[];
      const variables = values.map((it) => ({ name: it.key, value: it.value }));
      const called = asText(value.name) ?? stem;
      found("postman_environment", [{ name: called, content: { kind: "environment", variables } }]);
    } else if (value && "model" in value) {
      const content = { kind: "request", request: request(value, stem) } as const;
      found("openai_body", [{ name: stem, content }]);
    } else if (/^\{"item":/.test(text)) {
      const rows = text.trim().split("\n").length;
      found("openai_rows", [{ name: stem, content: { kind: "dataset", jsonl: text, rows } }]);
    } else into.leftOut.push({ place: name, what: "The file", why: UNKNOWN });
  }

  function gather(input: Calls["import_preview"]["input"]): Found {
    const found: Found = { kinds: [], items: [], leftOut: [] };
    const texts = [...input.files];
    const [path] = input.paths;
    if (path !== undefined) {
      throw fail("file_unreadable", `${path} could not be read: No such file or directory.`, {
        place: path,
        hint: "Check the path.",
      });
    }
    if (input.text !== null) texts.push({ name: "pasted", text: input.text });
    if (texts.length === 0) throw fail("bad_input", "There is nothing to import.");
    for (const text of texts) read(text, found);
    if (input.toResponses) {
      for (const { content } of found.items) {
        if (content.kind !== "request") continue;
        const { messages, ...rest } = content.request.body;
        if (messages === undefined) continue;
        content.request = {
          ...content.request,
          endpoint: "responses",
          body: { ...rest, input: messages },
        };
      }
    }
    return found;
  }

  const slug = (name: string): string =>
    name
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, "-")
      .replace(/^-|-$/g, "");

  function chosen(input: Calls["export_requests"]["input"]): [string, RequestFile][] {
    const { requestIds, folder } = input;
    const all = requestIds.length === 0 && folder === null;
    const found = [...files].filter(
      ([path, it]) =>
        all || requestIds.includes(it.id) || (folder !== null && path.startsWith(`${folder}/`)),
    );
    if (found.length > 0) return found;
    throw fail("bad_input", `There are no requests in ${folder ?? "the workspace"}.`, {
      place: "folder",
    });
  }

  function made(input: Calls["export_requests"]["input"]): Calls["export_requests"]["output"] {
    const requests = chosen(input);
    const whole = (name: string, text: string): ExportFile[] => [{ name, text }];
    const bodies = JSON.stringify(requests.map(([, it]) => it.body));
    const kinds: Record<typeof input.as, ExportFile[]> = {
      folder: requests.map(([name, it]) => ({ name, text: JSON.stringify(it) })),
      json: whole("requests.json", JSON.stringify(requests.map(([, it]) => it))),
      promptfoo: whole("promptfooconfig.yaml", bodies),
      batch: whole("batch-responses-gpt-5.5.jsonl", bodies),
      curl: whole("requests.sh", bodies),
      pytest: whole("test_requests.py", bodies),
      vitest: whole("requests.test.ts", bodies),
    };
    const keepsChecks = ["folder", "json", "promptfoo", "pytest", "vitest"].includes(input.as);
    return {
      files: kinds[input.as],
      leftOut: requests.flatMap(([place, { checks }]) =>
        keepsChecks || !checks?.length
          ? []
          : [{ place, what: plural(checks.length, "check"), why: "The form has no checks." }],
      ),
    };
  }

  return {
    import_preview: gather,
    import_files: (input) => {
      const found = gather(input);
      const folders: string[] = [];
      const paths = found.items.map(({ folder, name, content }) => {
        if (content.kind === "environment") {
          return options.addEnvironment(
            name,
            Object.fromEntries(content.variables.map((it) => [it.name, it.value])),
          );
        }
        const parent = [input.folder, folder].filter((it) => it !== "").join("/");
        const parts = parent.split("/").filter((it) => it !== "");
        for (const [i, part] of parts.entries()) {
          const above = parts.slice(0, i).join("/");
          if (options.addFolder(above, part)) folders.push(parts.slice(0, i + 1).join("/"));
        }
        const base = [parent, slug(name)].filter((it) => it !== "").join("/");
        const ending = content.kind === "dataset" ? ".jsonl" : ".yaml";
        let path = `${base}${ending}`;
        for (let n = 2; files.has(path); n++) path = `${base}-${n}${ending}`;
        if (content.kind === "request")
          files.set(path, { ...content.request, id: options.newId() });
        return path;
      });
      const stamps = paths.map((path) => JSON.stringify(files.get(path) ?? path));
      return {
        paths,
        stamps,
        folders,
        leftOut: found.leftOut,
        kinds: found.kinds,
      };
    },
    undo_import: ({ paths, stamps, folders }) => {
      const kept: string[] = [];
      for (const [i, path] of paths.entries()) {
        const file = files.get(path);
        if (path.startsWith("environments/")) options.removeEnvironment(path);
        else if (file && JSON.stringify(file) !== stamps[i]) kept.push(path);
        else files.delete(path);
      }
      for (const folder of folders.toReversed()) {
        const isEmpty = ![...files.keys()].some((path) => path.startsWith(`${folder}/`));
        if (isEmpty) options.removeFolder(folder);
      }
      return {
        removed: paths.length - kept.length,
        kept,
        news: {
          whole: false,
          changed: [],
          removed: paths.filter((path) => !kept.includes(path)),
          requests: [],
          folders: null,
          pending: 0,
          problem: null,
        },
      };
    },
    export_requests: made,
    write_export: ({ to, replace, ...input }) => {
      if (!/^(\/|~|[A-Za-z]:\\)/.test(to)) {
        throw fail("bad_input", `"${to}" is no whole path.`, {
          place: "to",
          hint: "Type the path from its start, such as /home/ada/exports.",
        });
      }
      const { files: out, leftOut } = made(input);
      const paths = out.map((it) => `${to}/${it.name}`);
      const taken = replace ? [] : paths.filter((path) => disk.has(path));
      if (taken.length > 0) return { written: [], taken, leftOut };
      out.forEach((it, i) => disk.set(paths[i]!, it.text));
      return { written: paths, taken: [], leftOut };
    },
  };
}
