// Sending without a page: a run that ends, one that is stopped, and one that never begins.
import { beforeEach, describe, expect, it } from "vitest";
import type { RunFacts } from "../contract/ipc";
import { call, useHost, type Host } from "../host";
import { engineError, memoryHost } from "../host.memory";
import { Sending } from "./sending.svelte";

const PATH = "migration-review/flag-locking-ddl.yaml";
let host: Host;

beforeEach(() => {
  host = memoryHost({ speed: Infinity, figures: false });
  useHost(host);
});

const request = async () => (await call("read_request", { path: PATH })).request;

describe("a run", () => {
  it("ends with its facts, its text, and figures for the next", async () => {
    const spent: number[] = [];
    const sending = new Sending((await request()).id, (nanos) => spent.push(nanos));
    await sending.send(await request());
    const facts = sending.lane!.facts;
    expect([facts.status, facts.sample, sending.running]).toEqual(["completed", "composed", false]);
    expect(sending.lane!.whole("output")).toContain("CREATE INDEX CONCURRENTLY");
    expect(sending.events?.runId).toBe(facts.id);
    // A sample is not charged.
    expect(spent).toEqual([]);
  });

  it("adds what a live one cost", async () => {
    const spent: number[] = [];
    useHost({
      ...host,
      stream: async (name, input, onItem) => {
        const output = await host.stream(name, input, onItem);
        if ("run" in output) (output.run.facts as RunFacts).sample = null;
        return output;
      },
    });
    const sending = new Sending("x", (nanos) => spent.push(nanos));
    await sending.send(await request());
    expect(spent).toEqual([sending.lane!.facts.bill!.total]);
  });

  it("can be stopped, and keeps what had arrived", async () => {
    useHost(memoryHost({ speed: 200, figures: false }));
    const sending = new Sending("x", () => {});
    const over = sending.send(await request());
    await sending.stop();
    await over;
    expect([sending.lane!.facts.status, sending.running, sending.stopping]).toEqual([
      "stopped",
      false,
      false,
    ]);
  });

  it("that is refused before it begins leaves the last one on show", async () => {
    const sending = new Sending((await request()).id, () => {});
    await sending.send(await request());
    const before = sending.lane;
    await call("set_connection", { mode: "live", liveBaseUrl: null });
    await sending.send(await request());
    expect([sending.fault?.code, sending.lane]).toEqual(["key_missing", before]);
  });

  it("that was cancelled is no failure", async () => {
    useHost({ ...host, stream: () => Promise.reject(engineError("cancelled", "Cancelled.")) });
    const sending = new Sending("x", () => {});
    await sending.send(await request());
    expect([sending.fault, sending.running]).toEqual([null, false]);
  });
});

it("shows the last recorded run", async () => {
  useHost(memoryHost({ speed: Infinity }));
  const sending = new Sending((await request()).id, () => {});
  await sending.showLast();
  expect(sending.lane?.facts.status).toBe("completed");
  expect(sending.ranHere).toBe(false);
});
