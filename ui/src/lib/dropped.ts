// Files and folders that were dropped, chosen or pasted, as texts. What is no text is named and left out.

export interface ReadText {
  /** A path with forward slashes, relative to what was dropped. */
  name: string;
  text: string;
}

export interface NotRead {
  place: string;
  what: string;
  why: string;
}

/** A file that was found, and its path from what was dropped. */
export interface FoundFile {
  name: string;
  file: File;
}

const MB = 1024 * 1024;
/** The largest file that is read, in bytes: as the engine has it. */
export const FILE_LIMIT = 64 * MB;
/** What one import holds at most, in bytes. The terminal takes more: it needs not pass through a page. */
export const WHOLE_LIMIT = 128 * MB;
export const FILES_LIMIT = 20_000;
const DEPTH_LIMIT = 16;
/** Folders that hold no requests, and often very much else. */
const PASSED_OVER = ["node_modules", "target", "__pycache__"];

/** Why nothing of it is read. */
export class TooMuch extends Error {}

const isHidden = (name: string): boolean => name.startsWith(".") || PASSED_OVER.includes(name);

/** Files that the web view keeps from the page come as their paths, under this name. */
const PATHS = "application/x-rheostat-paths";

export const holdsFiles = (data: DataTransfer | null): boolean =>
  data !== null && (data.types.includes("Files") || data.types.includes(PATHS));

/** Whole paths of what is dragged; none where the page has the files themselves. */
export function pathsOf(data: DataTransfer | null): string[] {
  const text = data?.types.includes(PATHS) ? data.getData(PATHS) : "";
  return text === "" ? [] : (JSON.parse(text) as string[]);
}

/** What a drag event carries for paths. A link that another program drags is text. */
export function carrying(paths: readonly string[]): DataTransfer {
  const data = new DataTransfer();
  const isFile = (path: string) => !/^[a-z][a-z0-9+.-]+:/i.test(path);
  const files = paths.filter(isFile);
  if (files.length > 0) data.setData(PATHS, JSON.stringify(files));
  else data.setData("text/plain", paths.join("\n"));
  return data;
}

/** What lies in a drop. To be called in the event itself: after it, the items are gone. */
export function entriesOf(items: DataTransferItemList): (FileSystemEntry | File)[] {
  return [...items].flatMap((item) => {
    if (item.kind !== "file") return [];
    const found = item.webkitGetAsEntry?.() ?? item.getAsFile();
    return found ? [found] : [];
  });
}

/** All files below what was dropped, hidden ones and packages of others passed over. */
export async function filesOf(
  entries: readonly (FileSystemEntry | File)[],
  signal: AbortSignal,
): Promise<{ files: FoundFile[]; notRead: NotRead[] }> {
  const files: FoundFile[] = [];
  const notRead: NotRead[] = [];
  const take = (found: FoundFile) => {
    files.push(found);
    if (files.length > FILES_LIMIT) {
      throw new TooMuch(`There are more than ${FILES_LIMIT} files.`);
    }
  };
  async function walk(entry: FileSystemEntry, path: string, depth: number): Promise<void> {
    signal.throwIfAborted();
    if (entry.isFile) {
      try {
        const file = await new Promise<File>((found, failed) =>
          (entry as FileSystemFileEntry).file(found, failed),
        );
        take({ name: path, file });
      } catch (cause) {
        if (cause instanceof TooMuch) throw cause;
        notRead.push({ place: path, what: "The file", why: "It could not be read." });
      }
      return;
    }
    if (depth > DEPTH_LIMIT) {
      const why = `Folders are searched ${DEPTH_LIMIT} deep.`;
      notRead.push({ place: path, what: "The folder", why });
      return;
    }
    for (const inner of await children(entry as FileSystemDirectoryEntry)) {
      if (!isHidden(inner.name)) await walk(inner, `${path}/${inner.name}`, depth + 1);
    }
  }
  for (const entry of entries) {
    // A plain file of a folder chooser knows its path itself.
    if (entry instanceof File) {
      const name = entry.webkitRelativePath || entry.name;
      if (!name.split("/").slice(1).some(isHidden)) take({ name, file: entry });
    } else await walk(entry, entry.name, 0);
  }
  return { files, notRead };
}

async function children(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  // A reader gives some at a time, and none at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((found, failed) =>
      reader.readEntries(found, failed),
    );
    if (some.length === 0) break;
    all.push(...some);
    if (all.length > FILES_LIMIT) throw new TooMuch(`There are more than ${FILES_LIMIT} files.`);
  }
  return all.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Reads files as UTF-8, one after another. */
export async function textsOf(
  files: readonly FoundFile[],
  signal: AbortSignal,
  onRead: (done: number) => void,
): Promise<{ texts: ReadText[]; notRead: NotRead[] }> {
  const texts: ReadText[] = [];
  const notRead: NotRead[] = [];
  const leave = (place: string, why: string) => notRead.push({ place, what: "The file", why });
  let bytes = 0;
  for (const [i, { name, file }] of files.entries()) {
    signal.throwIfAborted();
    onRead(i);
    if (file.size > FILE_LIMIT) {
      leave(
        name,
        `It is ${Math.floor(file.size / MB)} MB large; up to ${FILE_LIMIT / MB} MB are read.`,
      );
      continue;
    }
    bytes += file.size;
    if (bytes > WHOLE_LIMIT) {
      throw new TooMuch(`There are more than ${WHOLE_LIMIT / MB} MB of files.`);
    }
    let read: Uint8Array;
    try {
      read = new Uint8Array(await file.arrayBuffer());
    } catch {
      leave(name, "It could not be read. For a folder, type its path.");
      continue;
    }
    const said = textOf(read);
    if ("why" in said) leave(name, said.why);
    else texts.push({ name, text: said.text });
  }
  onRead(files.length);
  return { texts, notRead };
}

/** Bytes as text, or why they are none. */
export function textOf(bytes: Uint8Array): { text: string } | { why: string } {
  const starts = (...magic: number[]) => magic.every((byte, i) => bytes[i] === byte);
  if (starts(0x50, 0x4b, 3, 4) || starts(0x1f, 0x8b) || starts(0x37, 0x7a, 0xbc, 0xaf)) {
    return { why: "It is an archive. Unpack it first, and import the folder." };
  }
  if (starts(0xff, 0xfe) || starts(0xfe, 0xff)) {
    return { why: "It is UTF-16. Save it as UTF-8." };
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? { why: "It holds zero bytes, so it is no text." } : { text };
  } catch {
    return { why: "It is no UTF-8, so it is no text, or in an old encoding. Save it as UTF-8." };
  }
}
