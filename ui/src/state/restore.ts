// Brings back what a recorded run had sent, as edits of its request or as a request of its own.
import type { EngineError, ReadHistoryRunOutput, RequestFile } from "../contract/ipc";
import { asEngineError, call } from "../host";
import { same } from "../lib/body";
import { Draft } from "./drafts.svelte";
import type { Workbench } from "./workbench.svelte";

export type Restored =
  | { kind: "edited"; name: string; undo: () => void }
  | { kind: "made"; name: string; undo: () => Promise<void> }
  | { kind: "same"; name: string }
  | { kind: "failed"; fault: EngineError };

/** Where the request of a run lies now; null where it is gone, or was another program's. */
export function placeOf(workbench: Workbench, requestId: string | null): string | null {
  if (requestId === null) return null;
  return workbench.requests.find((it) => it.id === requestId)?.path ?? null;
}

export async function restore(workbench: Workbench, run: ReadHistoryRunOutput): Promise<Restored> {
  const { row, endpoint, body } = run;
  if (body === null) throw new Error("This run sent nothing that a request could hold.");
  const path = placeOf(workbench, row.requestId);
  try {
    if (path === null) return await make(workbench, row.requestName, { endpoint, body });
    await workbench.openRequest(path);
  } catch (cause) {
    return { kind: "failed", fault: asEngineError(cause) };
  }
  workbench.screen = "build";
  const tab = workbench.drafts.activeTab;
  if (!(tab instanceof Draft)) {
    return { kind: "failed", fault: tab?.fault ?? asEngineError("Its file could not be opened.") };
  }
  const before = tab.request;
  const after = { ...before, endpoint, body };
  if (same(before, after)) return { kind: "same", name: tab.name };
  tab.edit(() => after);
  const undo = () => {
    if (tab.request === after) tab.undo();
    else tab.edit((now) => ({ ...now, endpoint: before.endpoint, body: before.body }));
  };
  return { kind: "edited", name: tab.name, undo };
}

async function make(
  workbench: Workbench,
  name: string | null,
  { endpoint, body }: Pick<RequestFile, "endpoint" | "body">,
): Promise<Restored> {
  const like = { id: "", name: name ?? "", endpoint, body, checks: [] };
  await workbench.createRequest("", name ?? "Restored request", like);
  const made = workbench.drafts.active;
  const undo = async () => {
    if (!made) return;
    workbench.closeRequest(made.path);
    workbench.apply((await call("delete_item", { path: made.path })).news);
  };
  return { kind: "made", name: made?.name ?? name ?? "", undo };
}
