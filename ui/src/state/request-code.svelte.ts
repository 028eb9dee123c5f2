// Requests as code: copied out in a language, and pasted in with what becomes of it shown first.
import type {
  CodeKind,
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

export class RequestCode {
  readonly #notices: Notices;
  #asked = 0;

  pasteOpen = $state(false);
  text = $state("");
  offer = $state.raw<Offer | null>(null);
  fault = $state.raw<EngineError | null>(null);
  /** Puts the text where it was pasted, as it is; null where it was not pasted into anything. */
  asText = $state.raw<(() => void) | null>(null);

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

  /** Copies the request as Run would send it. Without a language, in the one used last. */
  async copy(draft: Draft, as: CodeKind | null): Promise<void> {
    try {
      const making = this.#make(draft, as);
      await copyText(making.then(({ code }) => code));
      const { kind, code } = await making;
      void setPreference("codeKind", kind).catch(() => {});
      const name = KINDS.find((it) => it.as === kind)?.name ?? kind;
      const variables = /\{\{\s*[A-Za-z_]/.test(code) ? " {{variables}} stay as they are." : "";
      this.#notices.add(`Copied as ${name}`, {
        text: `The key is read from OPENAI_API_KEY there.${variables}`,
      });
    } catch (cause) {
      this.#notices.add("Nothing was copied", {
        text: asEngineError(cause).message,
        lasts: null,
      });
    }
  }

  async #make(draft: Draft, as: CodeKind | null): Promise<{ kind: CodeKind; code: string }> {
    const { request } = draft;
    const kind = as ?? (await preference<CodeKind>("codeKind")) ?? "curl";
    const body = await draft.lint.sent(request);
    const { code } = await call("copy_request", {
      as: kind,
      endpoint: request.endpoint,
      body,
      baseUrl: null,
      schemaFile: request.schema_file ?? null,
    });
    return { kind, code };
  }
}
