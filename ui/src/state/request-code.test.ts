// Code in and out, without a page.
import { beforeEach, describe, expect, it, vi } from "vitest";
import { call, useHost } from "../host";
import { memoryHost } from "../host.memory";
import { isCurl } from "../lib/curl";
import { Draft } from "./drafts.svelte";
import { Notices } from "./notices.svelte";
import { RequestCode } from "./request-code.svelte";

const PATH = "migration-review/flag-locking-ddl.yaml";
const CURL = `curl https://api.openai.com/v1/responses -H "Authorization: Bearer sk-1" -d '{"model": "gpt-5.5", "input": "Hi", "reasoning": {"effort": "high"}, "temperature": 0.7}'`;

let written: string[];

beforeEach(() => {
  useHost(memoryHost({ speed: Infinity }));
  written = [];
  vi.stubGlobal("navigator", {
    clipboard: { writeText: async (text: string) => void written.push(text) },
  });
  return () => vi.unstubAllGlobals();
});

describe("pasting", () => {
  const BLANK = { id: "", name: "", endpoint: "responses" as const, body: {} };

  it("reads a command, names what is left out, and tries the fixes", async () => {
    const code = new RequestCode(new Notices());
    await code.read(CURL);
    expect(code.offer?.pasted.leftOut[0]?.what).toContain("Authorization");
    expect(JSON.stringify(code.offer?.pasted)).not.toContain("sk-1");
    expect(code.offer?.mended?.changes).toHaveLength(1);
    expect(code.taken(BLANK, true)?.body).not.toHaveProperty("temperature");
    expect(code.taken(BLANK, false)?.body).toHaveProperty("temperature", 0.7);
  });

  it("says what is wrong with anything else, and offers nothing", async () => {
    const code = new RequestCode(new Notices());
    await code.read("ls -la");
    expect(code.fault?.message).toBe("That is neither a cURL command nor a JSON body.");
    expect([code.offer, code.taken(BLANK, true)]).toEqual([null, null]);
    await code.read("  ");
    expect(code.fault).toBeNull();
  });

  it("knows a command from a text about one", () => {
    expect([CURL, `$ ${CURL}`, `KEY=1 ${CURL}`].every(isCurl)).toBe(true);
    expect(["Explain curl", "curl https://example.com", "{}"].some(isCurl)).toBe(false);
  });
});

describe("copying", () => {
  it("writes what Run would send, and remembers the language", async () => {
    const notices = new Notices();
    const code = new RequestCode(notices);
    const draft = new Draft(await call("read_request", { path: PATH }));
    draft.setBody(["temperature"], 0.7);
    await code.copy(draft, "rust");
    await code.copy(draft, null);
    expect(written).toHaveLength(2);
    expect(written.every((it) => it.startsWith("# rust") && !it.includes("temperature"))).toBe(
      true,
    );
    expect(notices.list.map((it) => it.title)).toEqual(["Copied as Rust", "Copied as Rust"]);
  });

  it("asks what becomes of double braces, shows it, and remembers the choice", async () => {
    const code = new RequestCode(new Notices());
    const draft = new Draft(await call("read_request", { path: PATH }));
    draft.edit((request) => ({ ...request, variables: { tone: "kind" } }));
    draft.setBody(["instructions"], "Be {{tone}} to {{nobody}}.");
    await code.copy(draft, "python");
    expect(written).toEqual([]);
    expect(code.copying).toMatchObject({ as: "python", filled: true });
    expect(code.copying?.made?.placeholders).toMatchObject({ values: ["tone"], unset: ["nobody"] });
    expect(code.copying?.made?.code).toContain("Be kind to {{nobody}}.");
    await code.rewrite({ as: "node", filled: false });
    expect(code.copying?.made?.code).toContain("# node");
    expect(code.copying?.made?.code).toContain("Be {{tone}} to {{nobody}}.");
    const shown = code.copying?.made?.code;
    await code.take();
    expect([written, code.copying]).toEqual([[shown], null]);
    await code.copy(draft, null);
    expect(code.copying).toMatchObject({ as: "node", filled: false });
  });

  it("says why nothing was copied", async () => {
    vi.stubGlobal("navigator", {
      clipboard: { writeText: () => Promise.reject(new Error("No clipboard.")) },
    });
    const notices = new Notices();
    const draft = new Draft(await call("read_request", { path: PATH }));
    await new RequestCode(notices).copy(draft, "curl");
    expect(notices.list[0]).toMatchObject({ title: "Nothing was copied", text: "No clipboard." });
  });
});
