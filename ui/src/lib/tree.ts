// The tree of collections as rows, and where an item goes when it is dragged or moved by keys.
import type { ChangeMark, FolderSummary, RequestSummary } from "../contract/ipc";

/** Something that lies in a folder. */
export type TreeItem =
  | { kind: "folder"; path: string; folder: FolderSummary }
  | { kind: "request"; path: string; request: RequestSummary };

/** One line of the tree. */
export type TreeRow = TreeItem & {
  name: string;
  /** From 1. */
  level: number;
  /** Its place among its siblings, from 1. */
  place: number;
  siblings: number;
  open: boolean;
  /** Requests below a folder, however deep. */
  count: number;
};

export function folderOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** `path` is `folder`, or lies below it. Everything lies below "". */
export function isWithin(path: string, folder: string): boolean {
  return folder === "" || path === folder || path.startsWith(`${folder}/`);
}

/** What lies directly in each folder, in the order in which it is shown. */
export interface Tree {
  readonly below: ReadonlyMap<string, readonly TreeItem[]>;
  /** Requests below each folder, however deep. */
  readonly counts: ReadonlyMap<string, number>;
}

const LAST = Number.MAX_SAFE_INTEGER;

/**
 * Sorts as the engine does: by the folder's own order, then folders before requests, then by name.
 */
export function treeOf(
  folders: readonly FolderSummary[],
  requests: readonly RequestSummary[],
): Tree {
  const below = new Map<string, { at: number; late: number; name: string; item: TreeItem }[]>();
  const put = (parent: string, at: number | null, name: string, item: TreeItem) => {
    const known = below.get(parent);
    const entry = {
      at: at ?? LAST,
      late: item.kind === "request" ? 1 : 0,
      name: name.toLowerCase(),
      item,
    };
    if (known) known.push(entry);
    else below.set(parent, [entry]);
  };
  for (const folder of folders) {
    if (folder.path === "") continue;
    put(folderOf(folder.path), folder.position, folder.name, {
      kind: "folder",
      path: folder.path,
      folder,
    });
  }
  const counts = new Map<string, number>();
  for (const request of requests) {
    put(request.folder, request.position, request.name, {
      kind: "request",
      path: request.path,
      request,
    });
    for (let folder = request.folder; ; folder = folderOf(folder)) {
      counts.set(folder, (counts.get(folder) ?? 0) + 1);
      if (folder === "") break;
    }
  }
  const sorted = new Map<string, TreeItem[]>();
  for (const [parent, entries] of below) {
    entries.sort(
      (a, b) =>
        a.at - b.at ||
        a.late - b.late ||
        (a.name < b.name ? -1 : a.name > b.name ? 1 : 0) ||
        (a.item.path < b.item.path ? -1 : 1),
    );
    sorted.set(
      parent,
      entries.map((it) => it.item),
    );
  }
  return { below: sorted, counts };
}

/** The lines in sight when all folders but the `closed` ones are open. */
export function rowsOf(tree: Tree, closed: ReadonlySet<string>): TreeRow[] {
  const rows: TreeRow[] = [];
  const walk = (parent: string, level: number): void => {
    const items = tree.below.get(parent) ?? [];
    items.forEach((item, i) => {
      const open = item.kind === "folder" && !closed.has(item.path);
      rows.push({
        ...item,
        name: item.kind === "folder" ? item.folder.name : item.request.name,
        level,
        place: i + 1,
        siblings: items.length,
        open,
        count: item.kind === "folder" ? (tree.counts.get(item.path) ?? 0) : 0,
      });
      if (open) walk(item.path, level + 1);
    });
  };
  walk("", 1);
  return rows;
}

/** Where an item goes. */
export interface Move {
  path: string;
  /** "" for the top. */
  toFolder: string;
  /** Its place among what the folder shows, without itself; null: by name. */
  position: number | null;
}

const inOrder = (items: readonly TreeItem[]): boolean =>
  items.some((it) => (it.kind === "folder" ? it.folder : it.request).position !== null);

/** One place up or down among its siblings; null at the end. */
export function moveBy(tree: Tree, path: string, by: 1 | -1): Move | null {
  const siblings = tree.below.get(folderOf(path)) ?? [];
  const to = siblings.findIndex((it) => it.path === path) + by;
  return to < 0 || to >= siblings.length ? null : { path, toFolder: folderOf(path), position: to };
}

/** Into the folder above, after the folder it was in where that one is put in order by hand. */
export function moveOut(tree: Tree, path: string): Move | null {
  const from = folderOf(path);
  if (from === "") return null;
  const toFolder = folderOf(from);
  const siblings = tree.below.get(toFolder) ?? [];
  const position = inOrder(siblings) ? siblings.findIndex((it) => it.path === from) + 1 : null;
  return { path, toFolder, position };
}

/** Into the nearest folder above it among its siblings, else the nearest below. */
export function moveInto(tree: Tree, path: string): Move | null {
  const siblings = tree.below.get(folderOf(path)) ?? [];
  const here = siblings.findIndex((it) => it.path === path);
  const isFolder = (it: TreeItem) => it.kind === "folder" && it.path !== path;
  const folder = siblings.slice(0, here).findLast(isFolder) ?? siblings.slice(here).find(isFolder);
  return folder ? { path, toFolder: folder.path, position: null } : null;
}

/** Where the line of a drop is drawn: at the top or the bottom edge of a row, or around it. */
export interface Drop extends Move {
  row: number;
  where: "before" | "into" | "after";
  /** The level that the item will have. */
  level: number;
}

/** The part of a folder's row, at its top and bottom, that stands for the place beside it. */
const EDGE = 0.25;

/**
 * What a drop would do at `fraction` (0 top, 1 bottom) of a row; past the last row, the end of the
 * top. Null where the item can't go: into itself.
 */
export function dropAt(
  tree: Tree,
  rows: readonly TreeRow[],
  row: number,
  fraction: number,
  dragged: string,
): Drop | null {
  const target = rows[row];
  const without = (folder: string) =>
    (tree.below.get(folder) ?? []).filter((it) => it.path !== dragged);
  if (!target) {
    const position = without("").length;
    return {
      path: dragged,
      toFolder: "",
      position,
      row: rows.length - 1,
      where: "after",
      level: 1,
    };
  }
  if (isWithin(target.path, dragged)) return null;
  const beside = folderOf(target.path);
  const place = without(beside).findIndex((it) => it.path === target.path);
  const drop = (
    toFolder: string,
    position: number | null,
    where: Drop["where"],
    level: number,
  ) => ({
    path: dragged,
    toFolder,
    position,
    row,
    where,
    level,
  });
  if (target.kind === "request") {
    return fraction < 0.5
      ? drop(beside, place, "before", target.level)
      : drop(beside, place + 1, "after", target.level);
  }
  if (fraction < EDGE) return drop(beside, place, "before", target.level);
  if (fraction < 1 - EDGE) return drop(target.path, null, "into", target.level + 1);
  return target.open && without(target.path).length > 0
    ? drop(target.path, 0, "after", target.level + 1)
    : drop(beside, place + 1, "after", target.level);
}

/** A move that would leave everything where it is. */
export function isIdle(tree: Tree, move: Move): boolean {
  if (folderOf(move.path) !== move.toFolder) return false;
  if (move.position === null) return true;
  const siblings = tree.below.get(move.toFolder) ?? [];
  return siblings.findIndex((it) => it.path === move.path) === move.position;
}

/** The row that typed letters lead to, from the row at `from` on and round the end; -1 for none. */
export function seek(rows: readonly TreeRow[], typed: string, from: number): number {
  const sought = typed.toLowerCase();
  const start = sought.length > 1 ? from : from + 1;
  for (let i = 0; i < rows.length; i += 1) {
    const at = (start + i) % rows.length;
    if (rows[at]!.name.toLowerCase().startsWith(sought)) return at;
  }
  return -1;
}

/** What Git says of an item, in a letter and in words. */
export const MARKS: Record<ChangeMark, { letter: string; words: string }> = {
  added: { letter: "A", words: "not committed yet" },
  changed: { letter: "M", words: "changed since the last commit" },
  deleted: { letter: "D", words: "deleted since the last commit" },
  renamed: { letter: "R", words: "renamed since the last commit" },
  conflicted: { letter: "C", words: "has conflicts of a merge" },
};
