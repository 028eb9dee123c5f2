// What the engine says of a request before it is sent, asked again after each edit.
import type {
  CountTokensOutput,
  EngineError,
  Finding,
  FixChange,
  ForecastRunOutput,
  RequestFile,
} from "../contract/ipc";
import { asEngineError, call } from "../host";
import type { Body } from "../lib/body";
import { isLock, withoutLocked } from "../lib/parameters";
import type { Draft } from "./drafts.svelte";
import { Newest } from "./newest";

/** What fixes have just changed. */
export interface Fixed {
  changes: readonly FixChange[];
  /** The request as the fixes left it: undo takes them back only from here. */
  request: RequestFile;
}

export class Lint {
  readonly #newest = new Newest<RequestFile>((request) => this.#look(request));
  #asked: RequestFile | null = null;
  #shown = -1;
  #isShown = false;
  /** What was asked about ahead of the page. */
  #ahead: RequestFile | null = null;

  findings = $state.raw<readonly Finding[]>([]);
  /** About how large the input is; null where it can't be counted yet. */
  tokens = $state.raw<CountTokensOutput | null>(null);
  /** What the next run may cost; null until it is known, and where it can't be told. */
  forecast = $state.raw<ForecastRunOutput | null>(null);
  forecastFault = $state.raw<EngineError | null>(null);
  /** What all this is of. */
  of = $state.raw<RequestFile | null>(null);
  fault = $state.raw<EngineError | null>(null);
  fixed = $state.raw<Fixed | null>(null);
  /** Values that are sent although they are refused at this effort, by JSON Pointer: an expert's choice. */
  anyway = $state.raw<ReadonlySet<string>>(new Set());
  /** The problem to go to; null once somebody went. */
  wanted = $state.raw<string | null>(null);
  /** Values that stay in the file and out of what is sent. */
  readonly locks = $derived(this.findings.filter((it) => this.#locks(it)));
  /** Values that would be left out, were it not for `anyway`. */
  readonly overruled = $derived(
    this.findings.filter((it) => isLock(it) && this.anyway.has(it.pointer)),
  );
  readonly open = $derived(this.findings.filter((finding) => !isLock(finding)));
  readonly errors = $derived(this.open.filter((it) => it.severity === "error").length);
  /** Names of variables that have no value: with one of them nothing can be sent. */
  unresolved = $state.raw<readonly string[]>([]);

  #locks(finding: Finding): boolean {
    return isLock(finding) && !this.anyway.has(finding.pointer);
  }

  /** Sends a refused value all the same, or no longer. */
  send(pointer: string, anyway: boolean): void {
    const next = new Set(this.anyway);
    if (anyway) next.add(pointer);
    else next.delete(pointer);
    this.anyway = next;
  }

  /** The body as it is to be sent. Asks anew: the last answer may be about the text before the last key. */
  async sent(request: RequestFile): Promise<Body> {
    const findings = await this.ask(request);
    return withoutLocked(
      request.body,
      findings.filter((it) => this.#locks(it)),
    );
  }

  /** Goes to the next problem, round the end. */
  next(): void {
    if (this.open.length === 0) return;
    this.#shown = (this.#shown + 1) % this.open.length;
    this.wanted = this.open[this.#shown]!.pointer;
  }

  /** Asks about a request that is shown, as soon as the last answer is there. Returns how to call it off. */
  soon(request: RequestFile): () => void {
    this.#isShown = true;
    const isAsked = this.#ahead === request;
    this.#ahead = null;
    const callOff = isAsked ? () => {} : this.#newest.soon(request);
    return () => {
      this.#isShown = false;
      callOff();
    };
  }

  /** Asks about an edit before the page knows of it: the answer is made while the page is. */
  edited(request: RequestFile): void {
    if (!this.#isShown) return;
    this.#ahead = request;
    this.#newest.soon(request);
  }

  async #look(request: RequestFile): Promise<void> {
    this.#asked = request;
    try {
      const seen = await call("look_over_request", { request });
      if (this.#asked !== request) return;
      this.findings = seen.findings;
      this.unresolved = seen.unresolved;
      this.fault = seen.problem;
      this.tokens = seen.tokens;
      this.forecast = seen.forecast;
      this.forecastFault = seen.forecastProblem;
    } catch (cause) {
      if (this.#asked !== request) return;
      this.findings = [];
      this.tokens = null;
      this.forecast = null;
      this.fault = asEngineError(cause);
    }
    this.of = request;
  }

  /** What there is to say of the request, now. None where the engine could not tell. */
  async ask(request: RequestFile): Promise<readonly Finding[]> {
    this.#asked = request;
    try {
      const { variables, unresolved } = await inReach(request);
      const { findings } = await call("lint_request", questionOf(request, variables));
      if (this.#asked === request) {
        this.findings = findings;
        this.unresolved = unresolved;
        this.fault = null;
      }
      return findings;
    } catch (cause) {
      if (this.#asked === request) {
        this.findings = [];
        this.fault = asEngineError(cause);
      }
      return [];
    }
  }

  /**
   * Applies the fix of one finding, or every safe one, one after the other: what one uncovers is
   * mended too. Values that are only left out stay as they are. One step of undo.
   */
  async fix(draft: Draft, only: Finding | null): Promise<void> {
    const { request } = draft;
    if (draft.broken) return;
    try {
      const { variables } = await inReach(request);
      let now = request;
      let findings = only ? [only] : await this.ask(request);
      const changes: FixChange[] = [];
      const tried = new Set<string>();
      for (;;) {
        const next = findings.find(
          (it) => it === only || (it.fix?.safe && !isLock(it) && !tried.has(keyOf(it))),
        );
        if (!next || tried.has(keyOf(next))) break;
        tried.add(keyOf(next));
        const { code, pointer } = next;
        const fixed = await call("fix_request", {
          request: questionOf(now, variables),
          only: { code, pointer },
        });
        now = { ...now, endpoint: fixed.endpoint, body: fixed.body };
        changes.push(...fixed.changes);
        findings = only ? [] : fixed.findings;
      }
      // An edit made meanwhile must not be lost to a fix of what stood before it.
      if (draft.request !== request || now === request) return;
      draft.edit((it) => ({ ...it, endpoint: now.endpoint, body: now.body }));
      this.fixed = { changes, request: draft.request };
      await this.ask(draft.request);
    } catch (cause) {
      this.fault = asEngineError(cause);
    }
  }
}

const keyOf = ({ code, pointer }: Finding) => `${code} ${pointer}`;

type Values = Record<string, string> | null;

export function questionOf(request: RequestFile, variables: Values) {
  return {
    endpoint: request.endpoint,
    body: request.body,
    requestId: request.id,
    variables,
    inputTokens: null,
    schemaFile: request.schema_file ?? null,
  };
}

/** Values of the variables in reach, and the names that have none. */
export async function inReach(
  request: RequestFile,
): Promise<{ variables: Values; unresolved: readonly string[] }> {
  try {
    const { variables, uses } = await call("list_variables", { request });
    return {
      // A secret's value is not told; that it has one is enough here.
      variables: Object.fromEntries(variables.map((it) => [it.name, it.value ?? ""])),
      unresolved: [...new Set(uses.filter((it) => it.scope === null).map((it) => it.name))],
    };
  } catch {
    // Why an environment can't be read is told where it is chosen; no variable is judged then.
    return { variables: null, unresolved: [] };
  }
}
