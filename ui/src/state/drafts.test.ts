// Drafts without a page: edits, undo, saving, and files that changed behind our back.
import { beforeEach, describe, expect, it } from "vitest";
import { call, useHost } from "../host";
import { memoryHost } from "../host.memory";
import { Draft, Drafts, Unreadable } from "./drafts.svelte";

const PATH = "migration-review/flag-locking-ddl.yaml";

beforeEach(() => useHost(memoryHost({ speed: Infinity })));

async function opened(): Promise<Draft> {
  return new Draft(await call("read_request", { path: PATH }));
}

describe("a draft", () => {
  it("is dirty with an edit and clean without it", async () => {
    const draft = await opened();
    draft.setBody(["reasoning", "effort"], "low");
    expect([draft.dirty, draft.effort]).toEqual([true, "low"]);
    draft.setBody(["reasoning", "effort"], "high");
    expect(draft.dirty).toBe(false);
  });

  it("keeps fields of the body that the form does not know", async () => {
    const draft = await opened();
    draft.edit((request) => ({ ...request, body: { ...request.body, from_tomorrow: { x: [1] } } }));
    draft.setBody(["reasoning", "effort"], "low");
    draft.setBody(["max_output_tokens"], null);
    draft.setBody(["text", "verbosity"], "low");
    await draft.save();
    const { request } = await call("read_request", { path: PATH });
    expect(request.body).toMatchObject({
      from_tomorrow: { x: [1] },
      reasoning: { effort: "low", summary: "auto" },
    });
    expect(request.body).not.toHaveProperty("max_output_tokens");
  });

  it("undoes and redoes step by step", async () => {
    const draft = await opened();
    draft.setBody(["reasoning", "effort"], "low");
    draft.setBody(["reasoning", "effort"], "medium");
    expect(draft.steps).toEqual({ back: 2, forward: 0 });
    draft.undo();
    expect(draft.effort).toBe("low");
    draft.undo();
    expect([draft.effort, draft.dirty]).toEqual(["high", false]);
    draft.redo();
    expect([draft.effort, draft.steps]).toEqual(["low", { back: 1, forward: 1 }]);
    draft.setBody(["reasoning", "effort"], "xhigh");
    expect(draft.steps).toEqual({ back: 2, forward: 0 });
  });

  it("takes quick edits of one field as one step", async () => {
    const draft = await opened();
    for (const text of ["A", "Ab", "Abc"]) draft.setBody(["instructions"], text, "instructions");
    draft.setBody(["max_output_tokens"], 100, "cap");
    expect(draft.steps.back).toBe(2);
    draft.undo();
    draft.undo();
    expect(draft.dirty).toBe(false);
  });

  it("makes no step of an edit that changes nothing", async () => {
    const draft = await opened();
    draft.setBody(["not", "there"], null);
    expect(draft.steps.back).toBe(0);
  });
});

describe("a file that changed on disk", () => {
  async function conflict(): Promise<Draft> {
    const draft = await opened();
    const other = await opened();
    other.setBody(["instructions"], "Theirs.");
    await other.save();
    draft.setBody(["instructions"], "Mine.");
    expect(await draft.save()).toBeNull();
    return draft;
  }

  it("is not written over", async () => {
    const draft = await conflict();
    expect([draft.conflict, draft.dirty]).toEqual([true, true]);
    expect((await call("read_request", { path: PATH })).request.body.instructions).toBe("Theirs.");
  });

  it("is written over when mine is kept", async () => {
    const draft = await conflict();
    await draft.keepMine();
    expect([draft.conflict, draft.dirty]).toEqual([false, false]);
    expect((await call("read_request", { path: PATH })).request.body.instructions).toBe("Mine.");
  });

  it("is taken over when theirs is taken, and mine is one undo away", async () => {
    const draft = await conflict();
    await draft.takeTheirs();
    expect([draft.request.body.instructions, draft.dirty]).toEqual(["Theirs.", false]);
    draft.undo();
    expect([draft.request.body.instructions, draft.dirty]).toEqual(["Mine.", true]);
    expect(await draft.save()).not.toBeNull();
  });
});

describe("the row of tabs", () => {
  it("opens a file once, however often it is asked for", async () => {
    const drafts = new Drafts();
    await Promise.all([drafts.open(PATH, "a"), drafts.open(PATH, "a")]);
    expect(drafts.tabs.map((tab) => tab.path)).toEqual([PATH]);
    expect(drafts.active?.name).toBe("Flag locking DDL");
  });

  it("gives a closed tab back with its edits", async () => {
    const drafts = new Drafts();
    await drafts.open(PATH, "a");
    drafts.active!.setBody(["reasoning", "effort"], "none");
    drafts.close(PATH);
    expect([drafts.tabs.length, drafts.activePath]).toEqual([0, null]);
    await drafts.open(PATH, "a");
    expect([drafts.active?.effort, drafts.active?.dirty]).toEqual(["none", true]);
  });

  it("goes to the neighbour when the tab in front closes", async () => {
    const drafts = new Drafts();
    const paths = [PATH, "support-triage/classify-ticket.yaml", "transcripts/extract-session.yaml"];
    for (const path of paths) await drafts.open(path, path);
    drafts.activePath = paths[1]!;
    drafts.close(paths[1]!);
    expect(drafts.activePath).toBe(paths[2]);
    drafts.close(paths[2]!);
    expect(drafts.activePath).toBe(PATH);
    drafts.reopen();
    drafts.cycle(1);
    expect(drafts.activePath).toBe(PATH);
  });

  it("shows a file that cannot be read, with its reason", async () => {
    const drafts = new Drafts();
    await drafts.open("transcripts/half-written.yaml", "half-written");
    expect(drafts.activeTab).toBeInstanceOf(Unreadable);
    expect(drafts.active).toBeNull();
    expect((drafts.activeTab as Unreadable).fault.code).toBe("file_invalid");
  });
});
