// Text for the clipboard. A web view takes it only in answer to a press; what is awaited in between is
// no answer any more, so a text that still has to be made is handed over as a promise.

/** Copies the text. Rejects with what kept it from being made, or from being copied. */
export async function copyText(text: string | Promise<string>): Promise<void> {
  if (typeof text === "string") return navigator.clipboard.writeText(text);
  // A clipboard that refuses before it has looked leaves what went wrong with the text to nobody.
  text.catch(() => {});
  if (typeof ClipboardItem === "undefined") return navigator.clipboard.writeText(await text);
  const blob = text.then((made) => new Blob([made], { type: "text/plain" }));
  blob.catch(() => {});
  // The clipboard says only that it got nothing: `text` says why.
  await Promise.all([text, navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })])]);
}
