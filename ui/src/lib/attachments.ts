// Pictures and files in the content of a message, in the words of either endpoint.
import type { CountTokensOutput, Endpoint } from "../contract/ipc";
import { asText, at, drop, put, type Body, type Path } from "./body";
import { tokens } from "./format";

/** The most bytes of one file: the engine's own bound, told before anything is read. */
export const SIZE_LIMIT = 20 * 1024 * 1024;

/** Levels of detail that the sources name (API.md 1.1). */
export const DETAILS = ["auto", "low", "high", "original"] as const;

const KINDS = ["input_image", "image_url", "input_file", "file"];

export function isMedia(kind: string): boolean {
  return KINDS.includes(kind);
}

function isPicture(part: unknown): boolean {
  return ["input_image", "image_url"].includes(asText(at(part, ["type"])) ?? "");
}

/** Where its fields stand: Chat Completions has them one level down. */
function innerPath(part: unknown): Path {
  const nested = isPicture(part) ? "image_url" : "file";
  return typeof at(part, [nested]) === "object" ? [nested] : [];
}

/** Its data, its address, or the name of a workspace file; null where it goes by a file's id. */
export function sourceOf(part: unknown): string | null {
  const inner = at(part, innerPath(part));
  const names = isPicture(part) ? ["image_url", "url"] : ["file_data", "file_url"];
  return names.map((name) => asText(at(inner, [name]))).find((it) => it !== null) ?? null;
}

const REFERENCE = /^\{\{file:(.+?)(?:#([0-9a-f]{16}))?\}\}$/i;

/** The path of the workspace file that a source names. */
export function workspacePath(source: string): string | null {
  return REFERENCE.exec(source)?.[1] ?? null;
}

/** A name to show while the engine has not said more. */
export function mediaName(part: unknown): string {
  const inner = at(part, innerPath(part));
  const source = sourceOf(part);
  return (
    asText(at(inner, ["filename"])) ??
    asText(at(inner, ["file_id"])) ??
    (source === null ? null : sourceName(source)) ??
    (isPicture(part) ? "Picture" : "File")
  );
}

function sourceName(source: string): string | null {
  if (source.startsWith("data:")) return null;
  return workspacePath(source)?.split("/").at(-1) ?? source;
}

/** The level of detail that a picture asks for; null where it asks for none. */
export function detailOf(part: unknown): string | null {
  return asText(at(part, [...innerPath(part), "detail"]));
}

/** Sets the detail of the picture at a place; null leaves it to the model. */
export function setDetail(body: Body, place: Path, detail: string | null): Body {
  const path = [...place, ...innerPath(at(body, place)), "detail"];
  return detail === null ? drop(body, path) : put(body, path, detail);
}

/** Puts another file where one stands. */
export function setSource(body: Body, place: Path, source: string): Body {
  const part = at(body, place);
  const inner = innerPath(part);
  const name = !isPicture(part) ? "file_data" : inner.length > 0 ? "url" : "image_url";
  return put(body, [...place, ...inner, name], source);
}

/** The content part of a file that the engine took in. */
export function partFor(
  endpoint: Endpoint,
  file: { reference: string; name: string; picture: boolean },
): Record<string, unknown> {
  const { reference, name, picture } = file;
  if (endpoint === "responses") {
    return picture
      ? { type: "input_image", image_url: reference }
      : { type: "input_file", filename: name, file_data: reference };
  }
  return picture
    ? { type: "image_url", image_url: { url: reference } }
    : { type: "file", file: { filename: name, file_data: reference } };
}

/** A data URL that a page can show without running anything: SVG is left out. */
export function isInert(url: string | null): url is string {
  return url !== null && /^data:image\/(png|jpeg|gif|webp);base64,/.test(url);
}

/** What is not part of a count; empty for nothing. */
export function uncountedWords(count: number): string {
  if (count === 0) return "";
  return count === 1 ? "One attachment is not counted." : `${count} attachments are not counted.`;
}

/** The whole input of a request, as far as it is counted here. */
export function inputWords(size: CountTokensOutput): string {
  const parts = [
    { name: "pictures", count: size.pictures },
    { name: "output schema", count: size.schema },
    { name: "tools", count: size.tools },
  ].filter((it) => it.count > 0);
  const of = parts.map((it) => `${it.name} ${tokens(it.count)}`).join(", ");
  const missing = size.uncounted > 0 ? `; ${size.uncounted} not counted` : "";
  return `about ${tokens(size.total)} tokens in all${of ? ` (${of})` : ""}${missing}`;
}
