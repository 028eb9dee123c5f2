// Requests as code: copied out in a language, and pasted in with what becomes of it shown first.
import type {
  CodeKind,
  CopyRequestOutput,
  EngineError,
  FixRequestOutput,
  PasteRequestOutput,
  RequestFile,
} from "../contract/ipc";
import { asEngineError, call, preference, setPreference } from "../host";
import { copyText } from "../lib/clipboard";
import type { Draft } from "./drafts.svelte";
import { questionOf } from "./lint.svelte";
import type { Notices } from "./notices.svelte";

export const KINDS: readonly { as: CodeKind; name: string }[] = [
  { as: "curl", name: "cURL" },
  { as: "python", name: "Python" },
  { as: "node", name: "Node" },
  { as: "rust", name: "Rust" },
];

/** A pasted text, read. */
export interface Offer {
  pasted: PasteRequestOutput;
  /** The request with every safe fix, and what they changed. */
  mended: FixRequestOutput | null;
}

/** Code that is about to be copied. */
export interface Copying {
  draft: Draft;
  as: CodeKind;
  /** With the values of variables in it, and files read where it runs. */
  filled: boolean;
  made: CopyRequestOutput | null;
  fault: EngineError | null;
}

/** Nothing is copied yet: something is asked first. */
class Asked extends Error {}

export class RequestCode {
  readonly #notices: Notices;
  #asked = 0;

  pasteOpen = $state(false);
  text = $state("");
  offer = $state.raw<Offer | null>(null);
  fault = $state.raw<EngineError | null>(null);
  /** Puts the text where it was pasted, as it is; null where it was not pasted into anything. */
  asText = $state.raw<(() => void) | null>(null);
  /** Null where nothing is asked. */
  copying = $state.raw<Copying | null>(null);

  constructor(notices: Notices) {
    this.#notices = notices;
  }

  open(text = "", asText: (() => void) | null = null): void {
    this.asText = asText;
    this.pasteOpen = true;
    void this.read(text);
  }

  close(): void {
    this.#asked += 1;
    this.pasteOpen = false;
    this.text = "";
    this.offer = null;
    this.fault = null;
    this.asText = null;
  }

  /** Reads a pasted text, and tries the safe fixes on it. */
  async read(text: string): Promise<void> {
    const asked = ++this.#asked;
    this.text = text;
    if (text.trim() === "") {
      this.offer = null;
      this.fault = null;
      return;
    }
    try {
      const pasted = await call("paste_request", { text });
      const { endpoint, body } = pasted;
      const question = questionOf({ id: "", name: "", endpoint, body }, null);
      const fixed = await call("fix_request", {
        request: { ...question, requestId: null },
        only: null,
      });
      if (asked !== this.#asked) return;
      this.offer = { pasted, mended: fixed.changes.length > 0 ? fixed : null };
      this.fault = null;
    } catch (cause) {
      if (asked !== this.#asked) return;
      this.offer = null;
      this.fault = asEngineError(cause);
    }
  }

  /** The offer as a request like `request`, mended or as it was pasted. */
  taken(request: RequestFile, mend: boolean): RequestFile | null {
    if (!this.offer) return null;
    const { endpoint, body } = (mend ? this.offer.mended : null) ?? this.offer.pasted;
    return { ...request, endpoint, body };
  }

  /**
   * Copies the request as Run would send it. Without a language, in the one used last. Where it has something in
   * double braces, what becomes of that is asked and shown first.
   */
  async copy(draft: Draft, as: CodeKind | null): Promise<void> {
    const making = this.#make(draft, as);
    try {
      await copyText(
        making.then(({ made }) => {
          if (made === null) throw new Asked();
          return made.code;
        }),
      );
      this.#copied((await making).kind);
    } catch (cause) {
      if (cause instanceof Asked) return;
      this.#notices.add("Nothing was copied", {
        text: asEngineError(cause).message,
        lasts: null,
      });
    }
  }

  /** The request as code; null where there is something to ask first, which is shown. */
  async #make(
    draft: Draft,
    as: CodeKind | null,
  ): Promise<{ kind: CodeKind; made: CopyRequestOutput | null }> {
    const kind = as ?? (await preference<CodeKind>("codeKind")) ?? "curl";
    const filled = (await preference<boolean>("codeFilled")) ?? true;
    let made: CopyRequestOutput;
    try {
      made = await this.#print(draft, kind, filled);
    } catch (cause) {
      // A value that can't be read is told where there is a way round it.
      if (!filled) throw cause;
      this.copying = { draft, as: kind, filled, made: null, fault: asEngineError(cause) };
      return { kind, made: null };
    }
    if (Object.values(made.placeholders).every((it) => it.length === 0)) return { kind, made };
    this.copying = { draft, as: kind, filled, made, fault: null };
    return { kind, made: null };
  }

  /** Writes the code anew, in another language or with values in it or not. */
  async rewrite(change: { as?: CodeKind; filled?: boolean }): Promise<void> {
    if (!this.copying) return;
    const next = { ...this.copying, ...change };
    this.copying = next;
    try {
      const made = await this.#print(next.draft, next.as, next.filled);
      if (this.copying === next) this.copying = { ...next, made, fault: null };
    } catch (cause) {
      if (this.copying === next)
        this.copying = { ...next, made: null, fault: asEngineError(cause) };
    }
  }

  /** Copies the code that is shown. */
  async take(): Promise<void> {
    const { copying } = this;
    if (!copying?.made) return;
    void setPreference("codeFilled", copying.filled).catch(() => {});
    try {
      await copyText(copying.made.code);
      this.#copied(copying.as);
      this.copying = null;
    } catch (cause) {
      this.copying = { ...copying, fault: asEngineError(cause) };
    }
  }

  async #print(draft: Draft, as: CodeKind, filled: boolean): Promise<CopyRequestOutput> {
    const { request } = draft;
    return call("copy_request", {
      as,
      endpoint: request.endpoint,
      body: await draft.lint.sent(request),
      baseUrl: null,
      schemaFile: request.schema_file ?? null,
      request: { ...request, body: {} },
      filled,
    });
  }

  #copied(kind: CodeKind): void {
    void setPreference("codeKind", kind).catch(() => {});
    const name = KINDS.find((it) => it.as === kind)?.name ?? kind;
    this.#notices.add(`Copied as ${name}`, { text: "The key is read from OPENAI_API_KEY there." });
  }
}
