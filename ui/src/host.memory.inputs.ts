// The in-memory engine's words on messages: token counts, attached files, and what folders say of variables.
import type {
  Attachment,
  AttachmentSource,
  Calls,
  EngineError,
  ErrorCode,
  RequestFile,
} from "./contract/ipc";
import {
  detailOf,
  isMedia,
  mediaName,
  SIZE_LIMIT,
  sourceOf,
  workspacePath,
} from "./lib/attachments";
import { asText, at, type Path } from "./lib/body";
import { toPointer } from "./lib/json-pointer";
import { folderOf } from "./lib/tree";

type Names = "count_tokens" | "attach_file" | "list_attachments" | "preview_file";
type Twin = { [Name in Names]: (input: Calls[Name]["input"]) => Calls[Name]["output"] };

interface Options {
  fail: (code: ErrorCode, message: string, more?: Partial<EngineError>) => EngineError;
  /** A stand-in answers. */
  sample: () => boolean;
  /** Throws where a live call may not go out. */
  mayGoOut: () => void;
}

interface Kept {
  bytes: Uint8Array;
  mediaType: string;
  digest: string;
}

/** The texts of a value, without what names kinds or holds data. */
function said(value: unknown): string {
  if (typeof value === "string") return value.startsWith("data:") ? "" : value;
  if (typeof value !== "object" || value === null) return "";
  return Object.entries(value)
    .filter(([key]) => !["type", "role", "id", "status", "call_id", "detail"].includes(key))
    .map(([, inner]) => said(inner))
    .join("");
}

/** A stand-in for the engine's own count: a token is some four letters of English. */
function about(value: unknown): number {
  return Math.ceil(said(value).length / 4);
}

/** The folders above a request and what they say, the nearest one last. */
export function foldersOf(
  collections: { calls: { read_folder: Twinned<"read_folder"> } },
  files: readonly (readonly [string, RequestFile])[],
  request: RequestFile,
): { folder: string; variables: Record<string, unknown> }[] {
  const path = files.find(([, file]) => file.id === request.id)?.[0];
  if (path === undefined) return [];
  const steps = folderOf(path).split("/").filter(Boolean);
  return ["", ...steps.map((_, i) => steps.slice(0, i + 1).join("/"))].map((folder) => ({
    folder,
    variables: collections.calls.read_folder({ path: folder }).folder.defaults?.variables ?? {},
  }));
}

type Twinned<N extends keyof Calls> = (input: Calls[N]["input"]) => Calls[N]["output"];

function digestOf(bytes: Uint8Array): string {
  // Not the engine's: it has only to tell one file from another here.
  let [a, b] = [0x811c9dc5, 0x1000193];
  for (const byte of bytes) {
    a = Math.imul(a ^ byte, 0x01000193) >>> 0;
    b = Math.imul(b ^ byte, 0x85ebca6b) >>> 0;
  }
  return a.toString(16).padStart(8, "0") + b.toString(16).padStart(8, "0");
}

function mediaTypeOf(name: string, bytes: Uint8Array): string | null {
  const head = String.fromCharCode(...bytes.slice(0, 12));
  if (head.startsWith("\x89PNG")) return "image/png";
  if (head.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (head.startsWith("GIF8")) return "image/gif";
  if (head.startsWith("RIFF") && head.endsWith("WEBP")) return "image/webp";
  if (head.startsWith("%PDF-")) return "application/pdf";
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (text.includes("\0")) return null;
    return name.endsWith(".md") ? "text/markdown" : "text/plain";
  } catch {
    return null;
  }
}

/** Only PNG says its size here. */
function sizeOf(bytes: Uint8Array, mediaType: string): [number, number] | null {
  if (mediaType !== "image/png" || bytes.length < 24) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return [view.getUint32(16), view.getUint32(20)];
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

function partsOf(value: unknown, path: Path): { path: Path; part: unknown }[] {
  if (typeof value !== "object" || value === null) return [];
  if (isMedia(asText(at(value, ["type"])) ?? "")) return [{ path, part: value }];
  return Object.entries(value).flatMap(([key, inner]) =>
    partsOf(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

/** Longest side in px and most patches, by level of detail (API.md 1.1). */
const LEVELS: Record<string, [number, number]> = {
  auto: [6000, 10_000],
  original: [6000, 10_000],
  high: [2048, 2500],
  low: [512, 256],
};

function patches([width, height]: [number, number], detail: string): number | null {
  const level = LEVELS[detail];
  if (!level) return null;
  const scale = Math.min(1, level[0] / Math.max(width, height, 1));
  const across = (px: number) => Math.ceil(Math.max(1, Math.round(px * scale)) / 32);
  return Math.min(across(width) * across(height), level[1]);
}

export function inputsTwin({ fail, sample, mayGoOut }: Options): Twin {
  const files = new Map<string, Kept>();

  function refused(name: string, bytes: Uint8Array): EngineError | null {
    if (bytes.length > SIZE_LIMIT) {
      const size = Math.ceil(bytes.length / 1024 / 1024);
      return fail("file_invalid", `${name} has ${size} MB; a file may have 20 MB.`);
    }
    if (bytes.length === 0) return fail("file_invalid", `${name} is empty.`);
    if (mediaTypeOf(name, bytes) !== null) return null;
    return fail("file_invalid", `${name} is of a type that can't be attached.`, {
      hint: "Pictures: PNG, JPEG, WebP, GIF. Files: PDF and UTF-8 text.",
    });
  }

  function find(source: string): Kept | EngineError {
    const path = workspacePath(source) ?? "";
    const kept = files.get(path);
    if (!kept) return fail("file_unreadable", `${path} is not there.`);
    if (source.includes("#") && !source.includes(kept.digest)) {
      return fail("file_invalid", `${path} has changed since it was attached.`);
    }
    return kept;
  }

  function facts(request: RequestFile, path: Path, part: unknown): Attachment {
    const source = sourceOf(part);
    const picture = /image/.test(asText(at(part, ["type"])) ?? "");
    const from: AttachmentSource =
      source === null
        ? at(part, ["file_id"]) || at(part, ["file", "file_id"])
          ? "uploaded"
          : "nothing"
        : source.startsWith("{{file:")
          ? "workspace"
          : source.startsWith("data:")
            ? "inline"
            : "web";
    const found =
      from === "workspace"
        ? find(source!)
        : from === "inline"
          ? {
              bytes: bytesOf(source!.split(",")[1] ?? ""),
              mediaType: /^data:([^;,]+)/.exec(source!)?.[1] ?? "text/plain",
              digest: "",
            }
          : null;
    const kept = found && "bytes" in found ? found : null;
    const size = kept && picture ? sizeOf(kept.bytes, kept.mediaType) : null;
    const counts = picture && request.body.model === "gpt-5.5" && size !== null;
    const tokens = counts ? patches(size, detailOf(part) ?? "auto") : null;
    return {
      pointer: toPointer(path),
      picture,
      source: from,
      name: from === "inline" && picture ? "Picture" : mediaName(part),
      mediaType: kept?.mediaType ?? null,
      bytes: kept?.bytes.length ?? null,
      width: size?.[0] ?? null,
      height: size?.[1] ?? null,
      tokens,
      tokensNote:
        tokens === null
          ? "How many tokens it takes is not known here."
          : `${tokens} patches of 32 px at detail ${detailOf(part) ?? "auto"}. One token each is inferred, not stated.`,
      problem: found && "code" in found ? found : null,
    };
  }

  return {
    count_tokens: ({ request, exact }) => {
      if (exact) mayGoOut();
      const input = request.body.input ?? request.body.messages ?? "";
      const said = Array.isArray(input) ? input.map(about) : [about(input)];
      const instructions = about(request.body.instructions ?? "");
      const texts = said.reduce((sum, it) => sum + it, 0) + instructions;
      const key = request.body.input === undefined ? "messages" : "input";
      const media = partsOf(input, [key]).map(({ path, part }) => ({
        message: Number(path[1]),
        tokens: facts(request, path, part).tokens,
      }));
      const pictures = media.reduce((sum, it) => sum + (it.tokens ?? 0), 0);
      const messages = said.map((count, i) =>
        media.reduce((sum, it) => sum + (it.message === i ? (it.tokens ?? 0) : 0), count),
      );
      return {
        texts,
        schema: 0,
        tools: 0,
        messages,
        instructions,
        pictures,
        uncounted: media.filter((it) => it.tokens === null).length,
        total: texts + pictures,
        exact: exact ? texts + pictures + 9 : null,
        sample: sample(),
      };
    },
    attach_file: ({ name, data, path }) => {
      if (data === null || data === undefined || !name) {
        const kept = path ? files.get(path) : undefined;
        if (!path || !kept) throw fail("file_unreadable", `${path ?? ""} is not there.`);
        return {
          reference: `{{file:${path}#${kept.digest}}}`,
          path,
          name: path.split("/").at(-1) ?? path,
          mediaType: kept.mediaType,
          picture: kept.mediaType.startsWith("image/"),
        };
      }
      const bytes = bytesOf(data);
      const trouble = refused(name, bytes);
      if (trouble) throw trouble;
      const [base, ending] = /^(.*?)(\.[^.]*)?$/.exec(name)!.slice(1);
      const slug = (base ?? "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-") || "file";
      const digest = digestOf(bytes);
      for (let number = 1; ; number++) {
        const file = `${slug}${number === 1 ? "" : `-${number}`}${(ending ?? "").toLowerCase()}`;
        const taken = `attachments/${file}`;
        if (files.has(taken) && files.get(taken)!.digest !== digest) continue;
        const mediaType = mediaTypeOf(name, bytes) ?? "text/plain";
        files.set(taken, { bytes, mediaType, digest });
        return {
          reference: `{{file:${taken}#${digest}}}`,
          path: taken,
          name: file,
          mediaType,
          picture: mediaType.startsWith("image/"),
        };
      }
    },
    list_attachments: ({ request }) => ({
      attachments: ["input", "messages"].flatMap((key) =>
        partsOf(request.body[key], [key]).map(({ path, part }) => facts(request, path, part)),
      ),
    }),
    preview_file: ({ reference }) => {
      const found = find(reference);
      if ("code" in found) throw found;
      if (!found.mediaType.startsWith("image/")) return { dataUrl: null };
      const text = Array.from(found.bytes, (byte) => String.fromCharCode(byte)).join("");
      return { dataUrl: `data:${found.mediaType};base64,${btoa(text)}` };
    },
  };
}
