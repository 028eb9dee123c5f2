// The words of import and export: formats, and what came of it.
import type { ExportKind, ImportKind, ImportedItem } from "../contract/ipc";
import { plural } from "./plural";

export const IMPORT_NAMES: Record<ImportKind, string> = {
  curl: "cURL",
  openai_body: "request JSON",
  openai_batch: "Batch JSONL",
  openai_rows: "evaluation rows",
  postman: "Postman collection",
  postman_environment: "Postman environment",
  bruno: "Bruno",
  opencollection: "OpenCollection",
  insomnia: "Insomnia",
  yaak: "Yaak",
  promptfoo: "promptfoo",
  har: "HAR",
  rheostat: "Rheostat",
};

export const EXPORT_KINDS: readonly { value: ExportKind; name: string; note: string }[] = [
  { value: "folder", name: "Folder", note: "the request files as they are" },
  { value: "json", name: "JSON", note: "one document, which Rheostat imports again" },
  { value: "promptfoo", name: "promptfoo", note: "a configuration in YAML" },
  { value: "batch", name: "Batch JSONL", note: "input files for the Batch API" },
  { value: "curl", name: "cURL", note: "a shell script" },
  { value: "pytest", name: "pytest", note: "tests in Python" },
  { value: "vitest", name: "vitest", note: "tests in JavaScript" },
];

/** What an item is, in a word or two. */
export function itemSaid(item: ImportedItem): string {
  switch (item.content.kind) {
    case "request":
      return item.content.request.endpoint === "chat_completions"
        ? "Request, Chat Completions"
        : "Request";
    case "environment":
      return `Environment, ${plural(item.content.variables.length, "variable")}`;
    case "dataset":
      return `Data, ${plural(item.content.rows, "row")}`;
  }
}

/** The folder that an item's file comes into. */
export function goesTo(item: ImportedItem, into: string): string {
  if (item.content.kind === "environment") return "environments";
  const folder = [into, item.folder].filter((it) => it !== "").join("/");
  return folder === "" ? "top of the workspace" : folder;
}

/** The folder beside the workspace's that exports go to unless another is typed. */
export function usualExportFolder(workspaceFolder: string): string {
  const parent = workspaceFolder.replace(/[\\/]+$/, "").replace(/[\\/][^\\/]*$/, "");
  const slash = workspaceFolder.includes("\\") ? "\\" : "/";
  return `${parent}${slash}rheostat-export`;
}
