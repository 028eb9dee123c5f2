// What the engine says of a request before it is sent, asked again shortly after each edit.
import type { EngineError, Finding, RequestFile } from "../contract/ipc";
import { asEngineError, call } from "../host";
import { isLock } from "../lib/parameters";
import type { Draft } from "./drafts.svelte";

/** Long enough that a word is typed, short enough that the answer is there on looking up. */
const PAUSE_MS = 120;

export class Lint {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked: RequestFile | null = null;

  findings = $state.raw<readonly Finding[]>([]);
  fault = $state.raw<EngineError | null>(null);
  /** Values that stay in the file and out of what is sent. */
  readonly locks = $derived(this.findings.filter(isLock));
  readonly open = $derived(this.findings.filter((finding) => !isLock(finding)));
  readonly errors = $derived(this.open.filter((it) => it.severity === "error").length);

  /** Asks about a request once it has been left alone for a moment. Returns how to call it off. */
  soon(request: RequestFile): () => void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.ask(request), PAUSE_MS);
    return () => clearTimeout(this.#timer);
  }

  /** What there is to say of the request, now. None where the engine could not tell. */
  async ask(request: RequestFile): Promise<readonly Finding[]> {
    this.#asked = request;
    try {
      const { findings } = await call("lint_request", questionOf(request));
      if (this.#asked === request) {
        this.findings = findings;
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

  /** Applies the fix of one finding, or every safe one. One step of undo. */
  async fix(draft: Draft, only: Finding | null): Promise<void> {
    const { request } = draft;
    try {
      const fixed = await call("fix_request", {
        request: questionOf(request),
        only: only && { code: only.code, pointer: only.pointer },
      });
      // An edit made meanwhile must not be lost to a fix of what stood before it.
      if (draft.request !== request) return;
      draft.edit((now) => ({ ...now, endpoint: fixed.endpoint, body: fixed.body }));
      await this.ask(draft.request);
    } catch (cause) {
      this.fault = asEngineError(cause);
    }
  }
}

function questionOf(request: RequestFile) {
  return {
    endpoint: request.endpoint,
    body: request.body,
    requestId: request.id,
    variables: null,
    inputTokens: null,
    schemaFile: request.schema_file ?? null,
  };
}
