// What the engine finds in a request, without a page: locks and who overrules them, variables, fixes.
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Calls } from "../contract/ipc";
import { call, useHost, type Host } from "../host";
import { memoryHost } from "../host.memory";
import { Draft } from "./drafts.svelte";

const PATH = "migration-review/flag-locking-ddl.yaml";

beforeEach(() => useHost(memoryHost({ speed: Infinity })));

async function opened(): Promise<Draft> {
  const draft = new Draft(await call("read_request", { path: PATH }));
  draft.setBody(["temperature"], 0.7);
  await draft.lint.ask(draft.request);
  return draft;
}

describe("a value that the effort rules out", () => {
  it("stays in the request and out of what is sent", async () => {
    const draft = await opened();
    expect(draft.lint.locks.map((it) => it.pointer)).toEqual(["/temperature"]);
    expect(await draft.lint.sent(draft.request)).not.toHaveProperty("temperature");
    expect(draft.request.body.temperature).toBe(0.7);
  });

  it("is sent where an expert says so, until that is taken back", async () => {
    const { lint, request } = await opened();
    lint.send("/temperature", true);
    expect([lint.locks.length, lint.overruled.length]).toEqual([0, 1]);
    expect(await lint.sent(request)).toHaveProperty("temperature", 0.7);
    lint.send("/temperature", false);
    expect(await lint.sent(request)).not.toHaveProperty("temperature");
  });
});

describe("problems", () => {
  it("name the variables that have no value", async () => {
    const draft = await opened();
    draft.setBody(["instructions"], "Write for {{engine_of_tomorrow}}, not \\{{this}}.");
    await draft.lint.ask(draft.request);
    expect(draft.lint.unresolved).toEqual(["engine_of_tomorrow"]);
    expect(draft.lint.errors).toBe(1);
  });

  it("are gone to one after the other, round the end", async () => {
    const draft = await opened();
    draft.setBody(["instructions"], "{{a_x}} {{b_x}}");
    await draft.lint.ask(draft.request);
    const seen = [1, 2, 3].map(() => {
      draft.lint.next();
      return draft.lint.wanted;
    });
    expect(seen).toEqual(["/input", "/input", "/input"]);
  });

  it("are fixed in one step of undo, with what was changed", async () => {
    const draft = await opened();
    await draft.lint.fix(draft, draft.lint.findings[0]!);
    expect(draft.request.body).not.toHaveProperty("temperature");
    expect(draft.lint.fixed?.changes).toMatchObject([{ pointer: "/temperature", before: 0.7 }]);
    expect(draft.lint.fixed?.request).toBe(draft.request);
    draft.undo();
    expect(draft.request.body.temperature).toBe(0.7);
  });

  it("are all fixed, what one fix uncovers too, but for values that are kept on purpose", async () => {
    const draft = await opened();
    const memory = memoryHost({ speed: Infinity });
    const finding = (pointer: string) => ({
      ...draft.lint.findings[0]!,
      code: "moved",
      pointer,
      fix: { label: "Move it", endpoint: null, edits: [], safe: true },
    });
    const lock = draft.lint.findings[0]!;
    const asked: string[] = [];
    useHost({
      ...memory,
      call: (async (name: keyof Calls, input: never) => {
        if (name === "lint_request") return { findings: [lock, finding("/a")] };
        if (name !== "fix_request") return memory.call(name, input);
        const { request, only } = input as Calls["fix_request"]["input"];
        asked.push(only!.pointer);
        return {
          endpoint: request.endpoint,
          body: { ...request.body, [only!.pointer]: 1 },
          changes: [{ ...only!, message: "", label: "Move it", before: null, lost: [] }],
          findings: asked.length < 2 ? [lock, finding("/b")] : [lock],
        };
      }) as Host["call"],
    });
    await draft.lint.fix(draft, null);
    expect(asked).toEqual(["/a", "/b"]);
    expect(draft.lint.fixed?.changes).toHaveLength(2);
    expect(draft.request.body).toMatchObject({ temperature: 0.7, "/a": 1, "/b": 1 });
    draft.undo();
    expect(draft.request.body).not.toHaveProperty("/a");
  });

  it("are not fixed in a body that can't be read", async () => {
    const draft = await opened();
    draft.type("{");
    await draft.lint.fix(draft, null);
    expect(draft.lint.fixed).toBeNull();
  });
});

describe("a look at every edit", () => {
  it("tells findings, size and forecast in one question, and skips what was typed over", async () => {
    const host = memoryHost({ speed: Infinity });
    const asked: string[] = [];
    useHost({
      ...host,
      call: ((name: keyof Calls, input: never) => {
        asked.push(name);
        return host.call(name, input);
      }) as Host["call"],
    });
    const draft = new Draft(await call("read_request", { path: PATH }));
    asked.length = 0;
    for (const word of ["a", "b", "c"]) {
      draft.setBody(["instructions"], `Say ${word} to {{nobody_known}}.`);
      draft.lint.soon(draft.request);
    }
    await vi.waitFor(() => expect(draft.lint.of).toBe(draft.request));
    expect(asked).toEqual(["look_over_request", "look_over_request"]);
    expect(draft.lint.unresolved).toEqual(["nobody_known"]);
    expect(draft.lint.tokens?.total).toBeGreaterThan(0);
    expect(draft.lint.forecast?.worstCost).toBeGreaterThan(0);
  });
});
