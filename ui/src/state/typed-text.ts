// The text of a request's body as a person typed it, kept beside each state of the request: undo brings
// it back letter by letter, and text that is no JSON yet has a place to wait in.
import type { RequestFile } from "../contract/ipc";
import { carried, printBody, readBody, type ReadBody } from "../lib/body-text";
import type { TextFault } from "../lib/json-places";

interface Typed {
  text: string;
  read: ReadBody;
}

const TYPED = new WeakMap<RequestFile, Typed>();

/** The body's text, with the place of every value, or of what is no JSON. */
export function textOf(request: RequestFile): Typed {
  let typed = TYPED.get(request);
  if (!typed) {
    const text = printBody(request.body);
    typed = { text, read: readBody(text) };
    TYPED.set(request, typed);
  }
  return typed;
}

/** What is wrong with the text typed for this state. Null where the body says what the text says. */
export function faultOf(request: RequestFile): TextFault | null {
  const read = TYPED.get(request)?.read;
  return read && "fault" in read ? read.fault : null;
}

/** The request with this text as its body. The body stays as it was while the text is no JSON. */
export function withText(request: RequestFile, text: string): RequestFile {
  const read = readBody(text);
  const next = { ...request, body: "body" in read ? read.body : request.body };
  TYPED.set(next, { text, read });
  return next;
}

/** Takes the text along to the next state, changed where the body has changed. */
export function carryText(from: RequestFile, to: RequestFile): void {
  const typed = TYPED.get(from);
  if (!typed || TYPED.has(to)) return;
  if (to.body === from.body) {
    TYPED.set(to, typed);
    return;
  }
  const text = carried(typed.text, from.body, to.body);
  if (text !== null) TYPED.set(to, { text, read: readBody(text) });
}
