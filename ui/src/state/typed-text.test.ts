// The body as typed text and the form on one line of undo, without a page.
import { beforeEach, describe, expect, it } from "vitest";
import { call, useHost } from "../host";
import { memoryHost } from "../host.memory";
import { Draft } from "./drafts.svelte";
import { textOf } from "./typed-text";

const PATH = "migration-review/explain-rollback-plan.yaml";
const TYPED = '{ "model": "gpt-5.5",\n  "input": "Hi", "of_tomorrow": {"x": 1} }';

beforeEach(() => useHost(memoryHost({ speed: Infinity })));

async function opened(): Promise<Draft> {
  return new Draft(await call("read_request", { path: PATH }));
}
const text = (draft: Draft) => textOf(draft.request).text;

describe("a typed body", () => {
  it("is the body as soon as it is JSON, and keeps the manner it is written in", async () => {
    const draft = await opened();
    draft.type(TYPED);
    expect(draft.request.body).toEqual({ model: "gpt-5.5", input: "Hi", of_tomorrow: { x: 1 } });
    expect([draft.broken, text(draft)]).toEqual([null, TYPED]);
    draft.setBody(["model"], "gpt-5.4");
    expect(text(draft)).toBe(TYPED.replace("gpt-5.5", "gpt-5.4"));
    draft.setBody(["model"], null);
    expect(text(draft)).toBe('{ "input": "Hi", "of_tomorrow": {"x": 1} }');
  });

  it("freezes the form while it is no JSON, and says where", async () => {
    const draft = await opened();
    const { body } = draft.request;
    draft.type('{\n  "model": "m",\n  "model": "n"\n}');
    expect(draft.broken).toMatchObject({ line: 3, message: '"model" stands here twice' });
    expect(draft.request.body).toBe(body);
    draft.setBody(["model"], "gpt-5.4");
    expect(draft.request.body).toBe(body);
    draft.edit((request) => ({ ...request, name: "Another" }));
    expect(draft.name).toBe("Another");
    expect(draft.broken?.line).toBe(3);
    draft.edit((request) => ({ ...request, body: { ...request.body } }));
    expect(draft.broken).toBeNull();
    expect(draft.request.body).toEqual(body);
  });

  it("is undone together with the form, letter by letter where it was no JSON", async () => {
    const draft = await opened();
    const before = draft.request.body;
    draft.type(TYPED, null);
    draft.setBody(["model"], "gpt-5.4");
    draft.type("{ half", null);
    draft.undo();
    expect([draft.broken, draft.model]).toEqual([null, "gpt-5.4"]);
    draft.undo();
    expect(text(draft)).toBe(TYPED);
    draft.undo();
    expect(draft.request.body).toEqual(before);
    expect(draft.dirty).toBe(false);
    draft.redo();
    draft.redo();
    draft.redo();
    expect([draft.broken?.line, text(draft)]).toEqual([1, "{ half"]);
  });
});
