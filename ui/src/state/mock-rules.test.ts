// Rules while they are edited: drafts, refusals at their field, order, and undo.
import { beforeEach, describe, expect, it } from "vitest";
import type { Calls } from "../contract/ipc";
import { useHost, type Host } from "../host";
import { engineError, memoryHost } from "../host.memory";
import { BLANK, EXAMPLES } from "../lib/mock-examples";
import { MockServer } from "./mock.svelte";

let host: Host;
let mock: MockServer;

beforeEach(async () => {
  host = memoryHost({ speed: Infinity });
  useHost(host);
  mock = new MockServer(() => {});
  await mock.show();
});

const ids = () => mock.state!.rules.map(({ rule }) => rule.id);
const first = () => mock.rules.list[0]!;

describe("a new rule", () => {
  it("is in force only once it is saved, and goes first", async () => {
    const before = ids();
    mock.rules.add(EXAMPLES[3]!);
    expect([first().fresh, first().dirty, ids()]).toEqual([true, true, before]);
    expect(await mock.rules.save()).toBe(true);
    expect(ids()).toEqual(["out-of-quota", ...before]);
    expect([first().fresh, first().dirty, mock.rules.openId]).toEqual([
      false,
      false,
      "out-of-quota",
    ]);
  });

  it("has an id of its own, however often it is added", async () => {
    for (let i = 0; i < 3; i += 1) {
      mock.rules.add(BLANK);
      await mock.rules.save();
    }
    expect(ids().slice(0, 3)).toEqual(["new-rule-3", "new-rule-2", "new-rule"]);
  });

  it("is gone when it is discarded", () => {
    mock.rules.add(BLANK);
    mock.rules.discard();
    expect([mock.rules.open, mock.rules.list.length]).toEqual([null, 3]);
  });

  it("from the log keeps its id where that is free", () => {
    const rule = mock.rules.saved[2]!;
    mock.rules.addFrom({ ...rule, id: "entry-4" });
    expect(first().rule.id).toBe("entry-4");
    mock.rules.addFrom({ ...rule, id: "entry-4" });
    expect(first().rule.id).toBe("entry-4-2");
  });

  it("that is a copy leaves the first one as it is", () => {
    const rule = mock.rules.saved[1]!;
    mock.rules.duplicate(rule);
    mock.rules.editMatch("model", "gpt-5.4");
    expect([first().rule.name, first().rule.matches.model, rule.matches.model]).toEqual([
      "One in five cut mid-stream copy",
      "gpt-5.4",
      undefined,
    ]);
  });
});

describe("an edit", () => {
  it("waits for its rule while another is looked at", () => {
    mock.rules.openId = "one-in-five-cut";
    mock.rules.editMatch("effort", "high");
    mock.rules.openId = "triage-fixed";
    expect(mock.rules.open?.dirty).toBe(false);
    mock.rules.openId = "one-in-five-cut";
    expect([mock.rules.open?.dirty, mock.rules.open?.rule.matches.effort]).toEqual([true, "high"]);
  });

  it("that is taken back is none", () => {
    mock.rules.openId = "one-in-five-cut";
    mock.rules.editTimes(2);
    expect(mock.rules.open?.dirty).toBe(true);
    mock.rules.editTimes(null);
    expect(mock.rules.open?.dirty).toBe(false);
  });

  it("that can't be meant is not sent, and says where", async () => {
    mock.rules.openId = "one-in-five-cut";
    mock.rules.editMatch("path", "v1");
    expect(mock.rules.tried).toBe(false);
    expect(await mock.rules.save()).toBe(false);
    expect([Object.keys(mock.rules.problems), mock.rules.tried]).toEqual([["matches.path"], true]);
    expect(mock.state!.rules[1]!.rule.matches.path).toBe("/v1/responses");
  });

  it("that the engine refuses is told at the field that it names, until it is changed", async () => {
    mock.rules.openId = "one-in-five-cut";
    mock.rules.editMatch("model", "odd");
    useHost({
      ...host,
      call: (async (name: keyof Calls, input: never) => {
        if (name !== "set_mock_rules") return host.call(name, input);
        throw engineError("bad_input", 'Rule "one-in-five-cut", matches.model: it must be even.', {
          place: "rules",
        });
      }) as Host["call"],
    });
    expect(await mock.rules.save()).toBe(false);
    expect(mock.rules.problems).toEqual({ "matches.model": "It must be even." });
    mock.rules.editMatch("model", "even");
    expect(mock.rules.problems).toEqual({});
  });
});

describe("the order", () => {
  it("is changed by one, but not over the ends", async () => {
    expect(await mock.rules.move("one-in-five-cut", -1)).toBe(true);
    expect(ids()).toEqual(["one-in-five-cut", "twice-limited", "triage-fixed"]);
    expect(await mock.rules.move("one-in-five-cut", -1)).toBe(false);
    expect(await mock.rules.move("triage-fixed", 1)).toBe(false);
  });
});

describe("on and off", () => {
  it("is at once, and leaves what is being edited alone", async () => {
    mock.rules.openId = "twice-limited";
    mock.rules.editTimes(5);
    await mock.rules.toggle("twice-limited");
    const { rule } = mock.state!.rules[0]!;
    expect([rule.enabled, rule.times]).toEqual([true, 2]);
    expect([mock.rules.open?.rule.enabled, mock.rules.open?.rule.times]).toEqual([true, 5]);
  });
});

describe("a deleted rule", () => {
  it("comes back to its place", async () => {
    const before = ids();
    const undo = await mock.rules.remove("one-in-five-cut");
    expect(ids()).toEqual(["twice-limited", "triage-fixed"]);
    expect(await undo!()).toBe(true);
    expect(ids()).toEqual(before);
  });

  it("that was never saved comes back too", async () => {
    mock.rules.add(BLANK);
    const undo = await mock.rules.remove("new-rule");
    expect(mock.rules.list.length).toBe(3);
    await undo!();
    expect([mock.rules.list.length, first().fresh]).toEqual([4, true]);
  });
});

it("a list that can't be written says so, and stays as it was", async () => {
  const before = ids();
  useHost({ ...host, call: () => Promise.reject(engineError("file_unwritable", "No room.")) });
  expect(await mock.rules.remove("one-in-five-cut")).toBeNull();
  expect([mock.rules.problem, ids()]).toEqual(["No room.", before]);
});
