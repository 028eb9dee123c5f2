// The schema that a request asks its output to satisfy, open in the schema editor: one value, seen as rows, text and checks.
import type {
  CheckSchemaOutput,
  EngineError,
  SchemaChange,
  MeasureSchemaOutput,
  OutputFailure,
  SchemaNote,
  SchemaProblem,
  SchemaPassStripOutput,
  ValidateOutputOutput,
} from "../contract/ipc";
import { asEngineError, call } from "../host";
import { asText, at, put, type Path } from "../lib/body";
import { memberAt, membersAt, trailTo } from "../lib/json-members";
import { faultOf, type Place, type TextFault } from "../lib/json-places";
import { toPath, toPointer } from "../lib/json-pointer";
import { respell, share, valueAfter, type Spelled } from "../lib/json-respell";
import * as edits from "../lib/schema-edit";
import { AT_ONCE, MARKED, readBeside, type Reading } from "../lib/schema-reading";
import type { Edited } from "../lib/schema-edit";
import { rowOfPlace, rowsOf, type Row } from "../lib/schema-tree";
import { spliceBetween, spliced, type Splice } from "../lib/text-splice";
import type { Draft } from "./drafts.svelte";
import { SchemaFile, SchemaFiles } from "./schema-files.svelte";

/** Quiet this long, in ms, before the engine is asked. */
const CHECK_AFTER = 180;
const STRIP_AFTER = 700;
/** The size and the outputs of a large schema are asked about when somebody rests: each writes out the whole of it. */
const STRIP_LARGE_AFTER = 2000;
const VALIDATE_AFTER = 250;
/** A large text is read when the typing has paused for so long. */
const READ_AFTER = 150;

/** Where a request holds its schema, and what stands around it. */
export function holderOf(draft: Draft): Path {
  return draft.request.endpoint === "chat_completions"
    ? ["response_format", "json_schema"]
    : ["text", "format"];
}

export function hasSchema(draft: Draft): boolean {
  return at(draft.request.body, [...holderOf(draft), "schema"]) !== undefined;
}

/** What a new schema starts as: one that strict mode accepts. */
export const STARTER = {
  type: "object",
  properties: { answer: { type: "string" } },
  required: ["answer"],
  additionalProperties: false,
};

/** Gives a request a schema to begin with. */
export function addSchema(draft: Draft): void {
  const format =
    draft.request.endpoint === "chat_completions"
      ? {
          path: ["response_format"],
          value: {
            type: "json_schema",
            json_schema: { name: "answer", strict: true, schema: STARTER },
          },
        }
      : {
          path: ["text", "format"],
          value: { type: "json_schema", name: "answer", strict: true, schema: STARTER },
        };
  draft.setBody(format.path, structuredClone(format.value));
}

/** What a fix did, to be read after it. */
export interface FixReport {
  changes: readonly SchemaChange[];
  left: readonly SchemaProblem[];
}

/** A place of a body that holds a schema under `key`, with its `name` and `strict` beside it. */
export interface SchemaSpot {
  holder: Path;
  key: string;
}

/** A request whose runs a schema is held against. */
export interface Judge {
  id: string;
  name: string;
  model: string | null;
}

export class SchemaDoc {
  readonly draft: Draft;
  /** Null: that of the output. */
  readonly #spot: SchemaSpot | null;
  /** The text that was typed last, and the value that it stood for or was typed over. */
  #typed: { text: string; value: unknown; fault: TextFault | null } | null = $state.raw(null);
  /** The newest text is not read yet: rows, checks and what else is known are of the one before. */
  behind = $state(false);
  /** Who read the last large text. */
  readBy = $state<Reading["by"] | null>(null);

  selected = $state("");
  folded: ReadonlySet<string> = $state.raw(new Set<string>());
  /** A place whose name is being typed. */
  renaming = $state<string | null>(null);
  /** A field is being looked for. */
  finding = $state(false);

  /** A place whose line is to be shown in the text. A new object for each wish. */
  wanted: { pointer: string } | null = $state.raw(null);

  checked: CheckSchemaOutput | null = $state.raw(null);
  /** The schema and the name that were checked. */
  #checkedFor: { schema: unknown; name: string } | null = $state.raw(null);
  checking = $state(false);
  fault: EngineError | null = $state.raw(null);
  report: FixReport | null = $state.raw(null);
  /** What in a schema from samples wants a second look. */
  notes: readonly SchemaNote[] = $state.raw([]);

  measured: MeasureSchemaOutput | null = $state.raw(null);
  /** The request whose runs judge a schema file; a request's own schema is judged by its own. */
  judgedBy: Judge | null = $state.raw(null);

  strip: SchemaPassStripOutput | null = $state.raw(null);
  stripFault: EngineError | null = $state.raw(null);
  /** The output on trial. */
  output = $state("");
  partial = $state(false);
  /** The place of the output on trial that is to be shown. A new object for each wish. */
  failing: { pointer: string } | null = $state.raw(null);
  verdict: ValidateOutputOutput | null = $state.raw(null);
  verdictFault: EngineError | null = $state.raw(null);

  readonly holder = $derived.by(() => this.#spot?.holder ?? holderOf(this.draft));
  readonly #key = $derived.by(() => this.#spot?.key ?? "schema");
  readonly value: unknown = $derived.by(() =>
    at(this.draft.request.body, [...this.holder, this.#key]),
  );
  readonly exists = $derived(this.value !== undefined);
  readonly name = $derived.by(
    () => asText(at(this.draft.request.body, [...this.holder, "name"])) ?? "schema",
  );
  readonly strict = $derived.by(
    () => at(this.draft.request.body, [...this.holder, "strict"]) === true,
  );
  /** The typed text as long as it is the newest word, else the text before it with what has changed. */
  readonly text: string = $derived.by(() =>
    this.#typed?.value === this.value && this.#typed ? this.#typed.text : this.#spell(this.value),
  );
  /** Another object for every other text. */
  readonly newest: unknown = $derived(this.#typed?.value === this.value ? this.#typed : this.value);
  /** Where the text stops being JSON. While it does, rows and fields are frozen. */
  readonly textFault: TextFault | null = $derived.by(() =>
    this.#typed?.value === this.value ? (this.#typed?.fault ?? null) : null,
  );
  readonly rows: readonly Row[] = $derived.by(() => rowsOf(this.value, this.name, this.folded));
  readonly row: Row | null = $derived(
    this.rows.find((row) => row.pointer === this.selected) ?? this.rows[0] ?? null,
  );
  /** What was checked is not what stands here now. */
  readonly stale = $derived(
    this.behind || this.#checkedFor?.schema !== this.value || this.#checkedFor?.name !== this.name,
  );
  /** Problems by the row that shows them. */
  readonly problemsAt: ReadonlyMap<string, readonly SchemaProblem[]> = $derived.by(() => {
    const map = new Map<string, SchemaProblem[]>();
    for (const problem of this.checked?.problems ?? []) {
      const pointer = this.rowFor(problem.pointer);
      const known = map.get(pointer);
      if (known) known.push(problem);
      else map.set(pointer, [problem]);
    }
    return map;
  });
  /** Where the first of the problems stand in the text. */
  readonly #marked: ReadonlyMap<string, Place> = $derived.by(() => {
    if (this.stale || this.textFault) return new Map<string, Place>();
    const pointers = (this.checked?.problems ?? []).slice(0, MARKED).map((it) => it.pointer);
    const found = membersAt(this.text, [...new Set(pointers)].map(toPath));
    return new Map([...found].map(([path, place]) => [toPointer(path), place]));
  });
  readonly notesAt: ReadonlyMap<string, SchemaNote> = $derived.by(
    () => new Map(this.notes.map((note) => [this.rowFor(note.pointer), note])),
  );
  #reading: ReturnType<typeof setTimeout> | undefined;
  #readRound = 0;
  /** The last text that was JSON, and how it came of the one before. */
  #spelled: (Spelled & { after: string; splices: readonly Splice[] }) | null = null;
  #measureRound = 0;
  #checkRound = 0;
  #stripRound = 0;
  #verdictRound = 0;

  constructor(draft: Draft, spot: SchemaSpot | null = null) {
    this.draft = draft;
    this.#spot = spot;
    if (draft instanceof SchemaFile) {
      const { value } = this;
      const fault = faultOf(draft.text);
      this.#typed = { text: draft.text, value, fault };
      if (!fault) this.#spelled = { text: draft.text, value, after: "", splices: [] };
      draft.spell = () => this.text;
    }
  }

  readonly isFile = $derived.by(() => this.draft instanceof SchemaFile);
  readonly judge: Judge | null = $derived.by(() => {
    if (this.draft instanceof SchemaFile) return this.judgedBy;
    const { name, model, request } = this.draft;
    return { id: request.id, name, model };
  });

  /** The value as text: of the text before it only what has changed is written anew. */
  #spell(value: unknown): string {
    const before = this.#spelled;
    if (before?.value === value && before) return before.text;
    const splices = before && value !== undefined ? respell(before, value) : [];
    const text = before ? spliced(before.text, splices) : JSON.stringify(value, null, 2);
    this.#spelled =
      value === undefined ? null : { text, value, after: before?.text ?? "", splices };
    return text ?? "";
  }

  /** What makes the text of one that was shown before. */
  changesSince(shown: string): readonly Splice[] {
    if (shown === this.text) return [];
    const last = this.#spelled;
    if (last && last.after === shown && last.text === this.text) return last.splices;
    return [spliceBetween(shown, this.text)!];
  }

  /** Where a place stands in the text; null where it has none, or is no JSON. */
  find(pointer: string): Place | null {
    if (this.textFault || this.behind) return null;
    return this.#marked.get(pointer) ?? memberAt(this.text, toPath(pointer));
  }

  /** The innermost place around an offset of the text. */
  pointerAt(offset: number): string {
    return toPointer(
      trailTo(this.text, offset)
        .slice(1)
        .map((it) => it.key),
    );
  }

  /** The row that stands for a place of the schema. */
  rowFor(pointer: string): string {
    return rowOfPlace(this.value, pointer).at(-1) ?? "";
  }

  /** Goes to the row of a place, and opens what hides it. */
  select(pointer: string): void {
    const trail = rowOfPlace(this.value, pointer);
    const hidden = trail.slice(0, -1).filter((it) => this.folded.has(it));
    if (hidden.length > 0) {
      this.folded = new Set([...this.folded].filter((it) => !hidden.includes(it)));
    }
    this.selected = trail.at(-1) ?? "";
  }

  /** Goes to a place in the text as well. */
  showLine(pointer: string): void {
    this.select(pointer);
    this.wanted = { pointer };
  }

  fold(pointer: string, on: boolean): void {
    if (this.folded.has(pointer) === on) return;
    const next = new Set(this.folded);
    if (on) next.add(pointer);
    else next.delete(pointer);
    this.folded = next;
    // The choice goes up with what hides it.
    if (on && this.selected.startsWith(`${pointer}/`)) this.selected = pointer;
  }

  foldAll(): void {
    const all = rowsOf(this.value, this.name, new Set());
    this.folded = new Set(
      all.filter((row) => row.depth > 0 && row.children > 0).map((it) => it.pointer),
    );
    const top = rowOfPlace(this.value, this.selected).slice(0, 2).at(-1);
    this.selected = top ?? "";
  }

  unfoldAll(): void {
    this.folded = new Set();
  }

  /**
   * Takes typed text. The value follows as soon as the text is JSON; until then it stands still. A large text is read
   * when the typing has paused: rows, fields and checks of thousands are not drawn anew for each key.
   */
  type(text: string): void {
    clearTimeout(this.#reading);
    this.#readRound++;
    if (text.length <= AT_ONCE) {
      this.#read(text);
    } else {
      this.#typed = { text, value: this.value, fault: this.textFault };
      this.behind = true;
      this.#reading = setTimeout(() => {
        if (!this.#readEdit(text)) void this.#readBeside(text);
      }, READ_AFTER);
    }
  }

  #read(text: string): void {
    if (!this.#readEdit(text)) this.#take(text, faultOf(text));
  }

  /** Reads a text by what differs from the last that was JSON. False where that does not tell. */
  #readEdit(text: string): boolean {
    const last = this.#spelled;
    if (!last || last.value !== this.value) return false;
    const value = valueAfter(last, text, AT_ONCE);
    if (value === undefined) return false;
    this.#enter(text, value);
    return true;
  }

  async #readBeside(text: string): Promise<void> {
    const round = this.#readRound;
    const { fault, by } = await readBeside(text);
    if (round !== this.#readRound) return;
    this.readBy = by;
    this.#take(text, fault);
  }

  #take(text: string, fault: TextFault | null): void {
    if (fault) {
      this.behind = false;
      this.#typed = { text, value: this.value, fault };
    } else {
      this.#enter(text, share(this.value, JSON.parse(text) as unknown));
    }
  }

  /** Takes a text that is JSON, and what it stands for. */
  #enter(text: string, value: unknown): void {
    this.behind = false;
    this.#typed = { text, value, fault: null };
    this.#spelled = { text, value, after: "", splices: [] };
    // White space alone is no edit of the schema.
    if (value !== this.value) this.#put(value, "schema text");
  }

  /** Reads what was typed now: before it is saved, undone or left. */
  settle(): void {
    if (!this.behind || !this.#typed) return;
    clearTimeout(this.#reading);
    this.#readRound++;
    this.#read(this.#typed.text);
  }

  /** Writes the text as we would. */
  format(): void {
    this.settle();
    if (this.textFault !== null) return;
    this.#typed = null;
    this.#spelled = null;
  }

  /** Does an edit of the rows, and goes where it leads. False where it changed nothing. */
  edit(edited: Edited, field: string | null = null): boolean {
    if (this.behind || this.textFault !== null || edited.schema === this.value) return false;
    this.#put(edited.schema, field);
    this.select(edited.at);
    return true;
  }

  /** Sets something of the chosen place. */
  set(schema: unknown, field: string | null = null): void {
    this.edit({ schema, at: this.selected }, field);
  }

  setStrict(on: boolean): void {
    this.draft.setBody([...this.holder, "strict"], on);
  }

  setName(name: string): void {
    this.draft.setBody([...this.holder, "name"], name, "schema name");
  }

  add(where: "beside" | "inside"): void {
    const row = this.row;
    if (!row) return;
    const made =
      where === "inside" || row.kind === "root"
        ? edits.addChild(this.value, row.pointer)
        : edits.addSibling(this.value, row.pointer);
    this.fold(row.pointer, false);
    if (this.edit(made) && /\/(properties|\$defs|definitions)\/[^/]+$/.test(made.at)) {
      this.renaming = made.at;
    }
  }

  /** Puts another schema in place of this one. */
  replace(schema: unknown, notes: readonly SchemaNote[] = []): void {
    this.#typed = null;
    this.#spelled = null;
    this.#put(schema, null);
    this.folded = new Set();
    this.selected = "";
    this.notes = notes;
    this.report = null;
  }

  /** Asks how large the schema is, once there is quiet. */
  measureSoon(): () => void {
    const { value, judge } = this;
    if (value === undefined) return () => {};
    const timer = setTimeout(() => void this.#measure(value, judge), this.#stripAfter());
    return () => clearTimeout(timer);
  }

  #stripAfter(): number {
    return (this.#spelled?.text.length ?? 0) > AT_ONCE ? STRIP_LARGE_AFTER : STRIP_AFTER;
  }

  async #measure(schema: unknown, judge: Judge | null): Promise<void> {
    const round = ++this.#measureRound;
    try {
      const measured = await call("measure_schema", {
        schema,
        requestId: judge?.id ?? null,
        model: judge?.model ?? null,
      });
      if (round === this.#measureRound) this.measured = measured;
    } catch {
      // A figure in passing: what fails here fails where it matters, and is told there.
      if (round === this.#measureRound) this.measured = null;
    }
  }

  /** Asks the engine, once there is quiet. Call again on each change; returns how to call it off. */
  checkSoon(): () => void {
    const { value, name } = this;
    if (value === undefined) return () => {};
    const timer = setTimeout(() => void this.#check(value, name), CHECK_AFTER);
    return () => clearTimeout(timer);
  }

  async #check(schema: unknown, name: string): Promise<void> {
    const round = ++this.#checkRound;
    this.checking = true;
    try {
      const checked = await call("check_schema", { schema, name });
      if (round !== this.#checkRound) return;
      this.checked = checked;
      this.#checkedFor = { schema, name };
      this.fault = null;
    } catch (cause) {
      if (round === this.#checkRound) this.fault = asEngineError(cause);
    } finally {
      if (round === this.#checkRound) this.checking = false;
    }
  }

  /** Mends one problem, or all that need no person's choice. */
  async fix(problem: SchemaProblem | null): Promise<void> {
    const before = this.value;
    try {
      const { schema, changes, left } = await call("fix_schema", {
        schema: before,
        problem: problem && { code: problem.code, pointer: problem.pointer },
      });
      if (this.value !== before) return;
      this.fault = null;
      if (changes.length > 0) {
        this.#put(share(before, schema), null);
        this.select(problem ? problem.pointer : this.selected);
      }
      this.report = problem ? null : { changes, left };
    } catch (cause) {
      this.fault = asEngineError(cause);
    }
  }

  stripSoon(): () => void {
    const { value, judge } = this;
    if (!judge) {
      this.#stripRound++;
      this.strip = null;
      return () => {};
    }
    const timer = setTimeout(() => void this.#strip(value, judge), this.#stripAfter());
    return () => clearTimeout(timer);
  }

  async #strip(schema: unknown, { id: requestId, model }: Judge): Promise<void> {
    const round = ++this.#stripRound;
    try {
      const strip = await call("schema_pass_strip", { requestId, model: model ?? "", schema });
      if (round !== this.#stripRound) return;
      this.strip = strip;
      this.stripFault = null;
    } catch (cause) {
      if (round === this.#stripRound) this.stripFault = asEngineError(cause);
    }
  }

  /** Puts the output of a recorded run on trial, and goes to where it fails. */
  async openRun(runId: string, failure: OutputFailure | null = null): Promise<void> {
    try {
      const { text } = await call("run_output", { runId });
      this.output = text;
      this.partial = false;
      this.verdictFault = null;
      this.failing = failure && { pointer: failure.pointer };
      if (failure?.schemaPointer != null) this.select(failure.schemaPointer);
    } catch (cause) {
      this.verdictFault = asEngineError(cause);
    }
  }

  validateSoon(): () => void {
    const { value, output, partial } = this;
    if (output.trim() === "") {
      this.#verdictRound++;
      this.verdict = null;
      this.verdictFault = null;
      return () => {};
    }
    const timer = setTimeout(() => void this.#validate(value, output, partial), VALIDATE_AFTER);
    return () => clearTimeout(timer);
  }

  async #validate(schema: unknown, text: string, partial: boolean): Promise<void> {
    const round = ++this.#verdictRound;
    try {
      const verdict = await call("validate_output", { schema, text, partial });
      if (round !== this.#verdictRound) return;
      this.verdict = verdict;
      this.verdictFault = null;
    } catch (cause) {
      if (round !== this.#verdictRound) return;
      this.verdict = null;
      this.verdictFault = asEngineError(cause);
    }
  }

  #put(value: unknown, field: string | null): void {
    this.draft.edit((request) => {
      const body = put(request.body, [...this.holder, this.#key], value);
      return { ...request, body };
    }, field);
    this.report = null;
  }

  /** The schema at a place, whatever it is. */
  at(pointer: string): unknown {
    return at(this.value, toPath(pointer));
  }
}

/** The schemas of the open requests, and those that are files. */
export class SchemaRoom {
  readonly files = new SchemaFiles();
  readonly #known = new Map<Draft, SchemaDoc>();
  /** The dialog that builds a schema from samples. */
  sampleOpen = $state(false);

  of(draft: Draft): SchemaDoc {
    let doc = this.#known.get(draft);
    if (!doc) {
      // On its own: made inside a derived, it would end with it.
      $effect.root(() => {
        doc = new SchemaDoc(draft);
      });
      this.#known.set(draft, doc!);
    }
    return doc!;
  }
}
