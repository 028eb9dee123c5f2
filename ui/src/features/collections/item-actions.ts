// What can be done with an item of the tree: the list of its menu, with the keys that do the same.
import type { TreeRow } from "../../lib/tree";
import { caps, type Platform } from "../../lib/keys";
import type { Collections } from "../../state/collections.svelte";

export interface ItemAction {
  label: string;
  keys?: string;
  apart?: boolean;
  act: () => void;
}

export function itemActions(
  collections: Collections,
  row: TreeRow,
  platform: Platform,
): ItemAction[] {
  const mac = platform === "mac";
  const keys = (chord: string) =>
    caps(mac ? chord.replace("Ctrl", "Cmd") : chord, platform).join(mac ? "" : "+");
  const { path } = row;
  const list: ItemAction[] = [];
  const add = (label: string, act: () => unknown, chord?: string, apart = false) =>
    list.push({ label, act: () => void act(), keys: chord && keys(chord), apart });

  if (row.kind === "request") {
    add("Open", () => collections.open(path), mac ? undefined : "Enter");
    if (row.request.notice?.code === "id_taken") {
      add("Give it a new id", () => collections.giveNewId(path));
    }
  } else {
    add("New request", () => collections.createRequest(path));
    add("New folder", () => collections.createFolder(path));
  }
  const readable = row.kind === "folder" || row.request.problem === null;
  if (readable) {
    add("Rename", () => collections.startRename(path), mac ? "Enter" : "F2", true);
  }
  add("Duplicate", () => collections.duplicate(path), "Ctrl+D", !readable);
  add("Move to…", () => collections.ask("move", path));
  add("Cut", () => (collections.cut = path), "Ctrl+X");
  if (collections.cut !== null) add("Paste here", () => collections.paste(), "Ctrl+V");
  if (row.kind === "folder") {
    add("Folder settings", () => collections.ask("folder", path), undefined, true);
  } else {
    if (readable) add("Tags", () => collections.ask("tags", path), undefined, true);
    add("Versions", () => collections.ask("versions", path), undefined, !readable);
  }
  add("Delete", () => collections.remove(path), "Delete", true);
  return list;
}
