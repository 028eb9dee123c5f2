import { beforeEach, describe, expect, it } from "vitest";
import type { HistoryRow } from "../contract/ipc";
import { useHost } from "../host";
import { memoryHost } from "../host.memory";
import { filterOf, PAGE, RunHistory, withNewest } from "./history.svelte";

const row = (id: string): HistoryRow => ({ id }) as HistoryRow;
const ids = (rows: readonly HistoryRow[]) => rows.map((it) => it.id).join("");
const list = (text: string) => [...text].map(row);

describe("the newest part, read again", () => {
  it("goes on top of what is known", () => {
    expect(ids(withNewest(list("dcba"), list("fedc"), true))).toBe("fedcba");
  });
  it("drops what is no longer in it", () => {
    expect(ids(withNewest(list("dcba"), list("eca"), false))).toBe("eca");
    expect(ids(withNewest(list("dcba"), list("edb"), true))).toBe("edba");
  });
  it("takes the place of all where nothing in common tells that they meet", () => {
    expect(ids(withNewest(list("cba"), list("zyx"), true))).toBe("zyx");
  });
});

it("what is chosen becomes what the engine is asked", () => {
  const none = { text: " a  b ", effort: "", status: "", source: "", kind: "" } as const;
  expect(filterOf(none)).toEqual({
    text: "a  b",
    efforts: [],
    statuses: [],
    sources: [],
    kinds: [],
  });
  expect(filterOf({ ...none, status: "failures", kind: "samples", source: "terminal" })).toEqual({
    text: "a  b",
    efforts: [],
    statuses: ["failed", "cut", "incomplete"],
    sources: ["terminal"],
    kinds: ["composed", "written"],
  });
});

describe("pages", () => {
  beforeEach(() => useHost(memoryHost({ speed: Infinity, figures: true })));

  it("follow one another without a gap or a double", async () => {
    const history = new RunHistory();
    await history.read();
    expect([history.rows!.length, history.more]).toEqual([PAGE, true]);
    while (history.more) await history.readMore();
    const known = history.rows!.map((it) => it.id);
    expect(known.length).toBe(240);
    expect(new Set(known).size).toBe(240);
    await history.refresh();
    expect(history.rows!.map((it) => it.id)).toEqual(known);
    expect(history.more).toBe(false);
  });

  it("of an older question are dropped", async () => {
    const history = new RunHistory();
    await history.read();
    const more = history.readMore();
    history.narrow({ effort: "low" });
    await more;
    await history.read();
    expect(history.rows!.every((it) => it.effortSent === "low")).toBe(true);
  });
});
