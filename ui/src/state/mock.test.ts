// The stand-in without a page: settings that are refused, a ladder that is moved, recordings that come back.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Calls } from "../contract/ipc";
import { call, useHost, type Host } from "../host";
import { engineError, memoryHost } from "../host.memory";
import { MockServer } from "./mock.svelte";

let host: Host;
let spent: number[];

async function start(): Promise<MockServer> {
  const mock = new MockServer((nanos) => spent.push(nanos));
  await mock.show();
  return mock;
}

beforeEach(() => {
  spent = [];
  host = memoryHost({ speed: Infinity });
  useHost(host);
});

afterEach(() => vi.useRealTimers());

describe("settings", () => {
  it("are what the engine answers with", async () => {
    const mock = await start();
    expect(await mock.set({ open: false, speed: "instant" })).toBe(true);
    expect([mock.state?.open, mock.state?.speed]).toEqual([false, "instant"]);
    await mock.toggleOpen();
    expect(mock.state?.open).toBe(true);
  });

  it("that are refused stay as they were, and the reason stands at the field until it is put right", async () => {
    const mock = await start();
    expect(await mock.set({ token: "short" })).toBe(false);
    expect([mock.problem?.place, mock.state?.tokenRequired]).toEqual(["token", false]);
    expect(mock.problem?.text).toContain("at least 8");
    expect(await mock.set({ token: "long-enough" })).toBe(true);
    expect([mock.problem, mock.state?.tokenRequired]).toEqual([null, true]);
    expect(JSON.stringify(mock.state)).not.toContain("long-enough");
  });

  it("a file that can't be written is told where the change was asked for", async () => {
    const mock = await start();
    const refuse = () =>
      Promise.reject(engineError("file_unwritable", "No room.", { place: "/a/mock.yaml" }));
    useHost({ ...host, call: refuse });
    expect(await mock.set({ port: 4012 })).toBe(false);
    expect(mock.problem).toEqual({ place: "port", text: "No room." });
  });

  it("are changed one after the other", async () => {
    const mock = await start();
    const asked: string[] = [];
    let release = () => {};
    const gate = new Promise<void>((open) => (release = open));
    useHost({
      ...host,
      call: (async (name: keyof Calls, input: never) => {
        asked.push(JSON.stringify(input));
        if (asked.length === 1) await gate;
        return host.call(name, input);
      }) as Host["call"],
    });
    const both = [mock.set({ port: 1 }), mock.set({ port: 2 })];
    await Promise.resolve();
    expect(asked).toEqual(['{"port":1}']);
    release();
    await Promise.all(both);
    expect(mock.state?.port).toBe(2);
  });
});

describe("the ladder", () => {
  it("moves a rung, and tells the engine of those that are on", async () => {
    const mock = await start();
    expect(mock.moveRung("sequence", -1)).toBe(true);
    expect(mock.moveRung("sequence", -1)).toBe(false);
    await vi.waitFor(() => expect(mock.state?.rungs[0]).toBe("sequence"));
    await mock.setRung("live_last", false);
    expect(mock.state?.rungs).toEqual(["sequence", "upstream", "composed"]);
    // One that is off keeps its place to the eye, and moves without the engine.
    expect(mock.order).toEqual(["sequence", "live_last", "upstream", "composed"]);
    const moved = vi.fn();
    useHost({ ...host, call: moved });
    expect(mock.moveRung("live_last", 1)).toBe(true);
    expect([mock.order[2], moved.mock.calls.length]).toEqual(["live_last", 0]);
  });

  it("goes back where the engine refuses", async () => {
    const mock = await start();
    const before = mock.order;
    useHost({ ...host, call: () => Promise.reject(engineError("file_unwritable", "No room.")) });
    mock.moveRung("composed", -1);
    expect(mock.order).not.toEqual(before);
    await vi.waitFor(() => expect(mock.order).toEqual(before));
    expect(mock.problem?.place).toBe("rungs");
  });

  it("decides what answers, unless a request is pinned", async () => {
    const mock = await start();
    const first = () => mock.state!.requests[0]!;
    expect(first().answeredBy).toBe("live_last");
    await mock.pin(first().id, "composed");
    expect([first().chosen, first().answeredBy]).toEqual(["composed", "composed"]);
    await mock.pin(first().id, { rule: "triage-fixed" });
    expect([first().answeredBy, mock.ruleName(first().rule)]).toEqual([
      "rule",
      "Triage always answers the same",
    ]);
    await mock.pin(first().id, null);
    expect(first().answeredBy).toBe("live_last");
  });
});

describe("a recording", () => {
  it("comes back after it was deleted", async () => {
    const mock = await start();
    const before = mock.state!.recordings.map((it) => it.file);
    const undo = await mock.removeRecording(mock.state!.recordings[0]!);
    expect(mock.state!.recordings.length).toBe(before.length - 1);
    expect(await undo!()).toBe(true);
    expect(mock.state!.recordings.map((it) => it.file).toSorted()).toEqual(before.toSorted());
  });

  it("that can't be deleted stays, and the reason is kept", async () => {
    const mock = await start();
    const gone = { ...mock.state!.recordings[0]!, file: "gone.recording.jsonl" };
    expect(await mock.removeRecording(gone)).toBeNull();
    expect(mock.problem).toMatchObject({ place: "recordings" });
  });
});

describe("drift", () => {
  it("with the last real answer is free", async () => {
    const mock = await start();
    mock.drift.ask(mock.state!.recordings[0]!);
    await mock.drift.compare(false);
    expect(mock.drift.report?.differences.length).toBe(3);
    expect([mock.drift.report?.cost, spent]).toEqual([null, []]);
  });

  it("with a fresh one adds what it cost", async () => {
    await call("set_key", { key: "sk-proj-secret-0000" });
    const mock = await start();
    mock.drift.ask(mock.state!.recordings[2]!);
    await mock.drift.compare(true);
    expect(mock.drift.report?.differences).toEqual([]);
    expect(spent).toEqual([mock.drift.report!.cost]);
  });

  it("without anything to compare with says so", async () => {
    const mock = await start();
    mock.drift.ask(mock.state!.recordings[3]!);
    await mock.drift.compare(false);
    expect([mock.drift.fault?.code, mock.drift.running]).toEqual(["bad_input", false]);
  });

  it("is stopped when it is closed, which is no failure", async () => {
    useHost(memoryHost({ speed: 200 }));
    await call("set_key", { key: "sk-proj-secret-0000" });
    const mock = await start();
    mock.drift.ask(mock.state!.recordings[0]!);
    const over = mock.drift.compare(true);
    await vi.waitFor(() => expect(mock.drift.facts).not.toBeNull());
    mock.drift.close();
    await over;
    expect([mock.drift.report, mock.drift.fault, mock.drift.recording]).toEqual([null, null, null]);
  });
});

it("reads what answers again after news, but not for each of a burst", async () => {
  vi.useFakeTimers();
  useHost(memoryHost({ speed: Infinity, traffic: 20 }));
  const mock = new MockServer(() => {});
  await mock.show();
  const matched = () => mock.state!.rules[1]!.matched;
  const before = matched();
  await vi.advanceTimersByTimeAsync(300);
  expect(mock.log.rows!.length).toBeGreaterThan(20);
  expect(matched()).toBe(before);
  await vi.advanceTimersByTimeAsync(300);
  expect(matched()).toBeGreaterThan(before);
  mock.leave();
});

describe("when the screen is left", () => {
  it("nothing more is told", async () => {
    const mock = await start();
    mock.leave();
    expect(mock.log.watching).toBe(false);
  });

  it("but while requests may cost money, they are", async () => {
    const mock = await start();
    await mock.set({ record: true });
    mock.leave();
    expect(mock.log.watching).toBe(true);
    await mock.set({ record: false });
    expect(mock.log.watching).toBe(false);
  });
});

it("says why the stand-in can't be read", async () => {
  useHost({ ...host, call: () => Promise.reject(engineError("bad_input", "It is another's.")) });
  const mock = await start();
  expect([mock.state, mock.fault?.message]).toEqual([null, "It is another's."]);
});

it("asks before it forwards, and ends it without a question", async () => {
  const mock = await start();
  mock.askToRecord();
  expect([mock.recordAsked, mock.recordsFrom]).toEqual([true, null]);
  await mock.set({ record: true });
  expect(mock.recordsFrom).toBe("https://api.openai.com/v1");
  mock.askToRecord();
  await vi.waitFor(() => expect(mock.recordsFrom).toBeNull());
});
