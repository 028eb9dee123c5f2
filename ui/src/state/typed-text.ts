// The text of a request's body as a person typed it, kept beside each state of the request: undo brings
// it back letter by letter, and text that is no JSON yet has a place to wait in.
import type { RequestFile } from "../contract/ipc";
import { isBody, type Body } from "../lib/body";
import { printBody, readBody } from "../lib/body-text";
import type { TextFault } from "../lib/json-places";
import { respell, share, valueAfter } from "../lib/json-respell";
import { spliced } from "../lib/text-splice";

interface Typed {
  text: string;
  /** Where the text stops being a body. Null where it says what the body says. */
  fault: TextFault | null;
}

/** In characters: a piece of a text up to here is read well within a frame. */
const PIECE = 24_000;

const TYPED = new WeakMap<RequestFile, Typed>();

/** The body's text. */
export function textOf(request: RequestFile): Typed {
  let typed = TYPED.get(request);
  if (!typed) {
    typed = { text: printBody(request.body), fault: null };
    TYPED.set(request, typed);
  }
  return typed;
}

/** What is wrong with the text typed for this state. Null where the body says what the text says. */
export function faultOf(request: RequestFile): TextFault | null {
  return TYPED.get(request)?.fault ?? null;
}

/** What a text stands for that is the request's own but for a small edit; null where that takes a reading of the whole. */
function bodyAfter(request: RequestFile, text: string): Body | null {
  const typed = TYPED.get(request);
  if (!typed || typed.fault) return null;
  const body = valueAfter({ text: typed.text, value: request.body }, text, PIECE);
  return isBody(body) ? body : null;
}

/** Whether a text can be read at once, however long it is. */
export function isReadAtOnce(request: RequestFile, text: string): boolean {
  return bodyAfter(request, text) !== null;
}

/** The request with this text as its body. The body stays as it was while the text is no JSON. */
export function withText(request: RequestFile, text: string): RequestFile {
  const after = bodyAfter(request, text);
  const read = after ? { body: after } : readBody(text);
  const body = "body" in read ? share(request.body, read.body) : request.body;
  const next = { ...request, body };
  TYPED.set(next, { text, fault: "fault" in read ? read.fault : null });
  return next;
}

/** Takes the text along to the next state, changed where the body has changed. */
export function carryText(from: RequestFile, to: RequestFile): void {
  const typed = TYPED.get(from);
  if (!typed || TYPED.has(to)) return;
  if (to.body === from.body) {
    TYPED.set(to, typed);
  } else if (!typed.fault) {
    const before = { text: typed.text, value: from.body };
    const text = spliced(typed.text, respell(before, share(from.body, to.body)));
    TYPED.set(to, { text, fault: null });
  }
}
