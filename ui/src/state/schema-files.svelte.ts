// The schemas that are files of the workspace: which there are, who uses them, and those that are open.
import type {
  EngineError,
  ListSchemasOutput,
  ReadRequestOutput,
  ReadSchemaOutput,
  RequestFile,
  SchemaSummary,
  TreeNews,
} from "../contract/ipc";
import { asEngineError, call } from "../host";
import { at, drop, put } from "../lib/body";
import { Draft } from "./drafts.svelte";

/** Where a schema file's own draft has its schema: as a request for Responses would. */
const HOLDER = ["text", "format"] as const;

export function stemOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.json$/, "");
}

/** A schema file as the draft of a request that holds nothing else: edits, undo and conflicts are the same. */
function wrapped(path: string, text: string, problem: EngineError | null): RequestFile {
  const schema = problem ? null : (JSON.parse(text.replace(/^\uFEFF/, "")) as unknown);
  const format = { type: "json_schema", name: stemOf(path), strict: true, schema };
  return { id: path, name: stemOf(path), endpoint: "responses", body: { text: { format } } };
}

export class SchemaFile extends Draft {
  /** The text as it was read. */
  readonly text: string;
  /** The text as it stands in the editor. */
  spell: () => string;

  constructor({ path, text, stamp, problem }: ReadSchemaOutput) {
    super({
      path,
      stamp,
      request: wrapped(path, text, problem),
      inherited: [],
      inheritedProblem: null,
    });
    this.text = text;
    this.spell = () => `${JSON.stringify(this.schema, null, 2)}\n`;
  }

  get schema(): unknown {
    return at(this.request.body, [...HOLDER, "schema"]);
  }

  protected override async write() {
    const { stamp } = await call("save_schema", {
      path: this.path,
      text: this.spell(),
      stamp: this.stamp,
    });
    return { stamp, summary: null };
  }

  protected override async read(): Promise<ReadRequestOutput> {
    const { path, text, stamp, problem } = await call("read_schema", { path: this.path });
    if (problem) throw problem;
    const request = wrapped(path, text, null);
    return { path, stamp, request, inherited: [], inheritedProblem: null };
  }

  protected override async isMissing(): Promise<boolean> {
    const { files } = await call("list_schemas", {});
    return !files.some((it) => it.path === this.path);
  }
}

export class SchemaFiles {
  list = $state.raw<ListSchemasOutput | null>(null);
  fault = $state.raw<EngineError | null>(null);
  open = $state.raw<readonly SchemaFile[]>([]);
  activePath = $state<string | null>(null);
  /** The list is on screen. */
  #shown = false;
  readonly active = $derived(this.open.find((it) => it.path === this.activePath) ?? null);

  summary(path: string): SchemaSummary | null {
    return this.list?.files.find((it) => it.path === path) ?? null;
  }

  async load(): Promise<void> {
    try {
      this.list = await call("list_schemas", {});
      this.fault = null;
    } catch (cause) {
      this.fault = asEngineError(cause);
    }
  }

  /** Opens a file, or goes to it. */
  async show(path: string): Promise<void> {
    if (!this.open.some((it) => it.path === path)) {
      try {
        const file = new SchemaFile(await call("read_schema", { path }));
        if (!this.open.some((it) => it.path === path)) this.open = [...this.open, file];
        this.fault = null;
      } catch (cause) {
        this.fault = asEngineError(cause);
        return;
      }
    }
    this.activePath = path;
  }

  close(path: string): void {
    this.open = this.open.filter((it) => it.path !== path);
    if (this.activePath === path) this.activePath = null;
  }

  /** Writes a new file, and opens it. Rejects with the engine's error. */
  async create(name: string, text: string): Promise<string> {
    const { path } = await call("create_schema", { name, text });
    await this.load();
    return path;
  }

  /** Gives a file another name; `drafts` that refer to it go along. Rejects with the engine's error. */
  async rename(path: string, name: string, drafts: readonly Draft[]): Promise<EngineError[]> {
    const renamed = await call("rename_schema", { path, name });
    if (renamed.path === path) return [];
    const point = (request: RequestFile) =>
      request.schema_file === path ? { ...request, schema_file: renamed.path } : request;
    for (const changed of renamed.requests) {
      const draft = drafts.find((it) => it.path === changed.path);
      if (draft && !changed.problem) draft.follow(changed.stamp, point);
    }
    this.close(path);
    await this.load();
    await this.show(renamed.path);
    return renamed.requests.flatMap((it) => it.problem ?? []);
  }

  async duplicate(path: string): Promise<void> {
    const copy = await call("duplicate_schema", { path });
    await this.load();
    await this.show(copy.path);
  }

  /** Moves a file to the trash. How to get it back. */
  async remove(path: string): Promise<() => Promise<void>> {
    const { handle } = await call("delete_schema", { path });
    this.close(path);
    await this.load();
    return async () => {
      const restored = await call("restore_item", { handle });
      await this.load();
      await this.show(restored.path);
    };
  }

  /** Keeps the list as the workspace has it until it is called off. */
  watch(): () => void {
    this.#shown = true;
    void this.load();
    return () => (this.#shown = false);
  }

  /** Takes news of the workspace: an outside edit of an open file shows at once. */
  heard(news: TreeNews): void {
    if (this.#shown) void this.load();
    for (const file of this.open) {
      if (news.whole || news.changed.includes(file.path)) void file.look();
    }
  }
}

/** The request with a reference in place of its schema. */
export function referring(request: RequestFile, path: string): RequestFile {
  const holder =
    request.endpoint === "chat_completions" ? ["response_format", "json_schema"] : [...HOLDER];
  const body = drop(request.body, [...holder, "schema"]);
  return { ...request, body, schema_file: path };
}

/** The request as if it had never referred to a file. */
export function withoutReference(request: RequestFile): RequestFile {
  const rest = { ...request };
  delete rest.schema_file;
  return rest;
}

/** The request with the schema in its own body in place of a reference. */
export function holding(request: RequestFile, name: string, schema: unknown): RequestFile {
  const rest = withoutReference(request);
  const isChat = request.endpoint === "chat_completions";
  const holder = isChat ? ["response_format", "json_schema"] : [...HOLDER];
  let body = put(
    request.body,
    [isChat ? "response_format" : "text", ...(isChat ? ["type"] : ["format", "type"])],
    "json_schema",
  );
  const isNamed = typeof at(body, [...holder, "name"]) === "string";
  if (!isNamed) {
    body = put(body, [...holder, "name"], name);
    body = put(body, [...holder, "strict"], true);
  }
  body = put(body, [...holder, "schema"], schema);
  return { ...rest, body };
}
