// Starting, stopping and measuring a comparison, without a page.
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Calls, CompareEffortsInput, RunPatch, StopRunInput } from "../contract/ipc";
import { useHost, type Host } from "../host";
import { memoryHost } from "../host.memory";
import { comparisonOf } from "./comparisons";
import { Workbench } from "./workbench.svelte";

const PATH = "migration-review/flag-locking-ddl.yaml";

let started: CompareEffortsInput[];
let stopped: StopRunInput[];
let figures: number;
let end: () => void;
let tell: (patch: RunPatch) => void;

/** The in-memory engine with comparisons that run until they are ended from outside. */
function held(): Host {
  const memory = memoryHost({ speed: Infinity });
  return {
    ...memory,
    call: (async (name: keyof Calls, input: never) => {
      if (name === "stop_run") stopped.push(input);
      if (name === "request_figures") figures += 1;
      return memory.call(name, input);
    }) as Host["call"],
    stream: ((_: string, input: CompareEffortsInput, onItem: (item: RunPatch) => void) => {
      started.push(input);
      tell = onItem;
      return new Promise((_resolve, reject) => {
        end = () => reject({ code: "cancelled", message: "Stopped." });
      });
    }) as unknown as Host["stream"],
  };
}

async function opened(): Promise<Workbench> {
  const workbench = new Workbench();
  await workbench.open();
  return workbench;
}

beforeEach(() => {
  started = [];
  stopped = [];
  figures = 0;
  useHost(held());
});

describe("values that only some levels take", () => {
  test("are left out level by level, unless Build sends them anyway", async () => {
    const workbench = await opened();
    await workbench.openRequest(PATH);
    const draft = workbench.drafts.active!;
    draft.setBody(["temperature"], 0.7);
    const comparison = comparisonOf(workbench, PATH);
    void comparison.start();
    await vi.waitFor(() => expect(started).toHaveLength(1));
    expect(started[0]!.request.body.temperature).toBe(0.7);
    expect(started[0]!.leftOut).toEqual(
      Object.fromEntries(["low", "medium", "high", "xhigh"].map((it) => [it, ["/temperature"]])),
    );
    end();
    await vi.waitFor(() => expect(comparison.running).toBe(false));
    draft.lint.send("/temperature", true);
    void comparison.start();
    await vi.waitFor(() => expect(started).toHaveLength(2));
    expect(started[1]!.leftOut).toEqual({});
    end();
  });
});

describe("a comparison", () => {
  test("is one and the same for a request, however often it is asked for", async () => {
    const workbench = await opened();
    expect(comparisonOf(workbench, PATH)).toBe(comparisonOf(workbench, PATH));
    expect(comparisonOf(await opened(), PATH)).not.toBe(comparisonOf(workbench, PATH));
  });

  test("keeps its repeats between 1 and 10, in whole numbers", async () => {
    const comparison = comparisonOf(await opened(), PATH);
    const kept = [0, -3, 4.4, 99, NaN].map((count) => {
      comparison.setRepeats(count);
      return comparison.repeats;
    });
    expect(kept).toEqual([1, 1, 4, 10, 10]);
  });

  test("will likely cost the medians of every level, times the repeats", async () => {
    const comparison = comparisonOf(await opened(), PATH);
    await comparison.load();
    const sum = comparison.figures!.efforts.reduce((total, it) => total + (it.medianCost ?? 0), 0);
    comparison.setRepeats(3);
    expect(comparison.likely).toBe(3 * sum);
  });

  test("has no likely cost while one level was never run", async () => {
    const comparison = comparisonOf(await opened(), PATH);
    await comparison.load();
    const [first, ...rest] = comparison.figures!.efforts;
    comparison.figures = { sample: true, efforts: [{ ...first!, medianCost: null }, ...rest] };
    expect(comparison.likely).toBeNull();
  });

  test("measures against low, or against what is pinned, or against the first there is", async () => {
    const workbench = await opened();
    const comparison = comparisonOf(workbench, PATH);
    await comparison.load();
    void comparison.start();
    await Promise.resolve();
    comparison.efforts = ["none", "low", "high"];
    expect(comparison.baseline).toBe("low");
    comparison.pin("high");
    expect(comparison.baseline).toBe("high");
    comparison.efforts = ["medium", "xhigh"];
    expect(comparison.baseline).toBe("medium");
  });

  test("stops one level by its own lanes, or all at once", async () => {
    const comparison = comparisonOf(await opened(), PATH);
    await comparison.load();
    comparison.setRepeats(2);
    const run = comparison.start();
    while (started.length === 0) await Promise.resolve();
    await comparison.stop("medium");
    await comparison.stop("no such level");
    await comparison.stop();
    const ticket = started[0]!.ticket;
    expect(stopped).toEqual([
      { ticket, lane: 4 },
      { ticket, lane: 5 },
      { ticket, lane: null },
    ]);
    expect(comparison.stopping).toBe(true);
    end();
    await run;
    expect([comparison.running, comparison.stopping]).toEqual([false, false]);
    await comparison.stop();
    expect(stopped.length).toBe(3);
  });

  test("does not start twice", async () => {
    const comparison = comparisonOf(await opened(), PATH);
    await comparison.load();
    const run = comparison.start();
    await comparison.start();
    while (started.length === 0) await Promise.resolve();
    end();
    await run;
    expect(started.length).toBe(1);
  });

  test("refused before anything was loaded, it shows what was compared last", async () => {
    const comparison = comparisonOf(await opened(), PATH);
    const run = comparison.start();
    while (started.length === 0) await Promise.resolve();
    await comparison.load();
    expect(comparison.loaded).toBe(false);
    end();
    await run;
    await vi.waitFor(() => expect(comparison.loaded).toBe(true));
    expect([comparison.set, comparison.fault?.code]).toEqual([null, "cancelled"]);
  });

  test("sends the request as it is being edited", async () => {
    const workbench = await opened();
    await workbench.openRequest(PATH);
    workbench.drafts.active?.setBody(["instructions"], "Edited, not saved.");
    const comparison = comparisonOf(workbench, PATH);
    void comparison.start();
    while (started.length === 0) await Promise.resolve();
    expect(started[0]?.request.body.instructions).toBe("Edited, not saved.");
    tell({ lanes: [], summary: null });
    expect(comparison.levels.map((level) => level.effort.name)).toEqual([
      "None",
      "Low",
      "Medium",
      "High",
      "Extra high",
    ]);
  });

  test("asks for figures anew when it is opened again: the connection may be another", async () => {
    const comparison = comparisonOf(await opened(), PATH);
    await comparison.load();
    await comparison.load();
    expect(figures).toBe(2);
  });
});
