// The request log without a page: news in place of what was known, what passed through and its cost.
import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import type { MockLogRow, MockNews, Streams } from "../contract/ipc";
import { useHost, type Host } from "../host";
import { engineError, memoryHost } from "../host.memory";
import { MockLog, withNews } from "./mock-log.svelte";

const row = (id: number, more: Partial<MockLogRow> = {}): MockLogRow => ({
  id,
  atMs: id,
  own: false,
  method: "POST",
  path: "/v1/responses",
  model: "gpt-5.5",
  effort: "high",
  status: 200,
  rung: "composed",
  rule: null,
  firstByteMs: 1,
  totalMs: 2,
  bytes: 3,
  outcome: "complete",
  runId: null,
  cost: null,
  ...more,
});

describe("news", () => {
  const ids = (rows: readonly MockLogRow[]) => rows.map((it) => it.id);

  test("take the place of what was known, and the order stays", () => {
    const merged = withNews([row(1), row(2), row(3)], [row(5), row(2, { status: 429 }), row(4)]);
    expect(ids(merged)).toEqual([1, 2, 3, 4, 5]);
    expect(merged[1]?.status).toBe(429);
  });

  test("of nothing change nothing", () => {
    const known = [row(1)];
    expect(withNews(known, [])).toBe(known);
  });

  test("push out the oldest over a thousand", () => {
    const many = Array.from({ length: 1000 }, (_, i) => row(i + 1));
    const merged = withNews(many, [row(1001), row(1002)]);
    expect([merged.length, merged[0]?.id, merged.at(-1)?.id]).toEqual([1000, 3, 1002]);
  });

  test("of requests that were forgotten again are in order too", () => {
    expect(ids(withNews([row(7), row(8)], [row(3)]))).toEqual([3, 7, 8]);
  });
});

let host: Host;
let tell: (news: MockNews) => void;
let stopped: string[];
let listed: MockLogRow[];
let spent: number[];
let heard: number;

function log(): MockLog {
  return new MockLog(
    (nanos) => spent.push(nanos),
    () => (heard += 1),
  );
}

beforeEach(() => {
  const memory = memoryHost({ speed: Infinity });
  stopped = [];
  listed = [];
  spent = [];
  heard = 0;
  host = {
    ...memory,
    call: (async (name: string, input: never) => {
      if (name === "list_mock_log") return { rows: listed };
      if (name === "stop_run") stopped.push((input as { ticket: string }).ticket);
      return memory.call(name as "stop_run", input);
    }) as Host["call"],
    stream: ((_: string, __: unknown, onItem: (news: MockNews) => void) => {
      tell = onItem;
      return new Promise<Streams["watch_mock_log"]["output"]>(() => {});
    }) as unknown as Host["stream"],
  };
  useHost(host);
});

afterEach(() => vi.restoreAllMocks());

it("is read once, and told from then on", async () => {
  listed = [row(1)];
  const it = log();
  await it.watch();
  await it.watch();
  tell({ rows: [row(2, { status: null, outcome: "running" })], missed: false });
  tell({ rows: [row(2)], missed: false });
  expect([it.rows?.map(({ id, outcome }) => [id, outcome]), heard]).toEqual([
    [
      [1, "complete"],
      [2, "complete"],
    ],
    2,
  ]);
});

it("is read again where news were missed", async () => {
  const it = log();
  await it.watch();
  listed = [row(1), row(2), row(3)];
  tell({ rows: [row(3)], missed: true });
  await vi.waitFor(() => expect(it.rows?.length).toBe(3));
});

it("adds what passed through once, and not what was there before", async () => {
  listed = [row(1, { cost: 5 })];
  const it = log();
  await it.watch();
  tell({ rows: [row(2, { rung: "upstream" })], missed: false });
  tell({ rows: [row(2, { rung: "upstream", cost: 7 })], missed: false });
  tell({ rows: [row(2, { rung: "upstream", cost: 7 }), row(1, { cost: 5 })], missed: true });
  await vi.waitFor(() => expect(spent).toEqual([7]));
});

it("hears nothing after it was left, and stops a watch that began late", async () => {
  const it = log();
  await it.watch();
  await it.leave();
  expect(stopped.length).toBe(1);
  tell({ rows: [row(9)], missed: false });
  expect([it.rows, heard]).toEqual([[], 0]);
  expect(stopped.length).toBe(2);
});

it("says why it can't be watched", async () => {
  useHost({ ...host, stream: () => Promise.reject(engineError("bad_input", "It is another's.")) });
  const it = log();
  await it.watch();
  await vi.waitFor(() =>
    expect([it.fault?.message, it.watching]).toEqual(["It is another's.", false]),
  );
});

describe("the filter", () => {
  test("takes every word, of any column", async () => {
    listed = [
      row(1),
      row(2, { status: 429, rung: "rule", rule: "twice" }),
      row(3, { own: true, path: "/v1/models" }),
    ];
    const it = log();
    await it.watch();
    const found = (filter: string) => {
      it.filter = filter;
      return it.shown.map(({ id }) => id);
    };
    expect(found("")).toEqual([1, 2, 3]);
    expect(found("429 TWICE")).toEqual([2]);
    expect(found("own")).toEqual([3]);
    expect(found("other responses")).toEqual([1, 2]);
    expect(found("nothing")).toEqual([]);
  });
});

describe("one request", () => {
  beforeEach(() => useHost(memoryHost({ speed: Infinity })));

  test("is shown whole, with the rule that gives it again", async () => {
    const it = log();
    await it.watch();
    await it.open(it.rows![0]!.id);
    expect(it.detail?.entry.method).toBe("POST");
    expect(it.detail?.rule?.matches.key).toBe(it.detail?.entry.key);
  });

  test("that the log no longer holds says so", async () => {
    const it = log();
    await it.watch();
    await it.open(9999);
    expect([it.detail, it.detailFault?.place]).toEqual([null, "id"]);
    it.close();
    expect([it.openId, it.detailFault]).toEqual([null, null]);
  });

  test("goes with the log", async () => {
    const it = log();
    await it.watch();
    await it.open(1);
    await it.clear();
    expect([it.rows, it.openId, it.detail]).toEqual([[], null, null]);
  });
});
