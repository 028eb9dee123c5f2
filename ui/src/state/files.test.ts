// Open requests and edits made outside: taken quietly, asked about, or saved again; nothing is lost.
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { RequestFile } from "../contract/ipc";
import { call, useHost } from "../host";
import { memoryHost } from "../host.memory";
import { Actions } from "./actions.svelte";
import type { Draft } from "./drafts.svelte";
import { VersionList } from "./versions.svelte";
import { Workbench } from "./workbench.svelte";

const PATH = "migration-review/flag-locking-ddl.yaml";
const FOLDER = "migration-review";

let actions: Actions;
let draft: Draft;
const titles = () => actions.notices.list.map((it) => it.title);

/** Somebody else writes into the file. */
async function outside(change: (request: RequestFile) => RequestFile): Promise<void> {
  const read = await call("read_request", { path: PATH });
  await call("save_request", { ...read, request: change(read.request) });
}

const theirs = (request: RequestFile): RequestFile => ({
  ...request,
  body: { ...request.body, instructions: "Theirs." },
});

beforeEach(async () => {
  useHost(memoryHost({ speed: Infinity }));
  const workbench = new Workbench();
  await workbench.open();
  actions = new Actions(workbench);
  void actions.collections.start();
  await vi.waitFor(() => expect(actions.collections.rows.length).toBeGreaterThan(0));
  draft = workbench.drafts.active!;
  expect(draft.path).toBe(PATH);
});

describe("an edit made outside", () => {
  it("is taken quietly where nothing is unsaved, with a notice, and is one undo away", async () => {
    await outside(theirs);
    await vi.waitFor(() => expect(draft.request.body.instructions).toBe("Theirs."));
    expect([draft.dirty, draft.conflict]).toEqual([false, false]);
    expect(titles()).toContain("Flag locking DDL was changed on disk");
    draft.undo();
    expect(draft.request.body.instructions).toBe("You are a careful reviewer.");
  });

  it("is not taken for one when it is our own save", async () => {
    draft.setBody(["instructions"], "Mine.");
    await actions.save();
    await new Promise((done) => setTimeout(done, 20));
    expect([draft.conflict, draft.dirty, titles()]).toEqual([false, false, ["Saved"]]);
  });

  it("waits beside unsaved edits", async () => {
    draft.setBody(["instructions"], "Mine.");
    await outside(theirs);
    await vi.waitFor(() => expect(draft.conflict).toBe(true));
    expect(draft.request.body.instructions).toBe("Mine.");
    expect(draft.theirs?.request.body.instructions).toBe("Theirs.");
  });

  it("is written over when mine is kept, and is a version then", async () => {
    draft.setBody(["instructions"], "Mine.");
    await outside(theirs);
    await vi.waitFor(() => expect(draft.conflict).toBe(true));
    await actions.collections.files.keepMine(draft, () => {});
    expect([draft.conflict, draft.dirty]).toEqual([false, false]);
    expect((await call("read_request", { path: PATH })).request.body.instructions).toBe("Mine.");
    const { versions } = await call("list_versions", { path: PATH });
    const kept = await call("read_version", { path: PATH, version: versions[0]!.id });
    expect(kept.request?.body.instructions).toBe("Theirs.");
  });

  it("is taken, and mine is a version and one undo away", async () => {
    draft.setBody(["instructions"], "Mine.");
    await outside(theirs);
    await vi.waitFor(() => expect(draft.conflict).toBe(true));
    await actions.collections.files.takeTheirs(draft, () => {});
    expect([draft.request.body.instructions, draft.dirty]).toEqual(["Theirs.", false]);
    expect((await call("read_request", { path: PATH })).request.body.instructions).toBe("Theirs.");
    const { versions } = await call("list_versions", { path: PATH });
    const kept = await call("read_version", { path: PATH, version: versions[0]!.id });
    expect(kept.request?.body.instructions).toBe("Mine.");
    draft.undo();
    expect(draft.request.body.instructions).toBe("Mine.");
    expect(await draft.save()).not.toBeNull();
  });

  it("does not take back what is typed when the folder's settings change", async () => {
    draft.setBody(["instructions"], "Mine.");
    const folder = await call("read_folder", { path: FOLDER });
    await call("save_folder", {
      path: FOLDER,
      folder: { defaults: { tools: [{ type: "web_search" }] } },
      stamp: folder.stamp,
    });
    await vi.waitFor(() => expect(draft.inherited).toHaveLength(1));
    expect([draft.request.body.instructions, draft.conflict]).toEqual(["Mine.", false]);
  });
});

describe("a file that vanished", () => {
  it("keeps its tab, and is saved again", async () => {
    await call("delete_item", { path: PATH });
    await vi.waitFor(() => expect(draft.gone).toBe(true));
    expect([draft.dirty, actions.workbench.drafts.active]).toEqual([true, draft]);
    expect(await actions.workbench.saveAgain(draft)).toBe(true);
    expect([draft.gone, draft.dirty]).toEqual([false, false]);
    expect((await call("read_request", { path: PATH })).request.name).toBe("Flag locking DDL");
  });

  it("is found again when it comes back", async () => {
    const { handle } = await call("delete_item", { path: PATH });
    await vi.waitFor(() => expect(draft.gone).toBe(true));
    await call("restore_item", { handle });
    await vi.waitFor(() => expect(draft.gone).toBe(false));
    expect(draft.dirty).toBe(false);
  });
});

describe("a save that fails", () => {
  it("keeps the edits and says why, with what to do", async () => {
    const host = memoryHost({ speed: Infinity });
    useHost({
      ...host,
      call: (name, input) =>
        name === "save_request"
          ? Promise.reject({
              code: "file_unwritable",
              message: "There is no space left on the disk.",
              hint: "Free some space, then save again.",
            })
          : host.call(name, input),
    });
    draft.setBody(["instructions"], "Mine.");
    actions.workbench.screen = "compare";
    await actions.save();
    expect([draft.dirty, draft.fault?.code, draft.request.body.instructions]).toEqual([
      true,
      "file_unwritable",
      "Mine.",
    ]);
    expect(actions.notices.list.at(-1)).toMatchObject({
      title: "Not saved. Your edits are still here",
      text: "There is no space left on the disk. Free some space, then save again.",
      lasts: null,
    });
  });
});

describe("versions", () => {
  it("are told apart, restored, and the restoring is undone", async () => {
    draft.setBody(["instructions"], "Second.");
    await actions.save();
    draft.setBody(["instructions"], "Third.");
    await actions.save();
    const list = new VersionList(PATH, actions.collections, actions.notices);
    await list.load();
    expect(list.versions?.map((it) => it.source)).toEqual(["save", "save"]);
    expect(list.changes).toEqual([
      { pointer: "/body/instructions", before: "Second.", after: "Third.", lines: [] },
    ]);
    const [newer, older] = list.versions!;
    await list.choose(newer!.id);
    await list.hold(older!.id);
    expect(list.changes?.[0]).toMatchObject({
      before: "You are a careful reviewer.",
      after: "Second.",
    });

    await list.choose(older!.id);
    expect(await list.restore()).toBe(true);
    expect(draft.request.body.instructions).toBe("You are a careful reviewer.");
    expect([draft.dirty, draft.conflict]).toEqual([false, false]);
    actions.notices.list.at(-1)?.action?.run();
    await vi.waitFor(() => expect(draft.request.body.instructions).toBe("Third."));
    expect((await call("read_request", { path: PATH })).request.body.instructions).toBe("Third.");
  });

  it("hold unsaved edits too, once one is restored", async () => {
    draft.setBody(["instructions"], "Second.");
    await actions.save();
    draft.setBody(["instructions"], "Unsaved.");
    const list = new VersionList(PATH, actions.collections, actions.notices);
    await list.load();
    await list.restore();
    const { versions } = await call("list_versions", { path: PATH });
    const texts = await Promise.all(
      versions.map((it) => call("read_version", { path: PATH, version: it.id })),
    );
    expect(texts.map((it) => it.request?.body.instructions)).toContain("Unsaved.");
  });
});
