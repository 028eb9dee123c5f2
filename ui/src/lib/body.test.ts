// A body keeps what an edit does not name: the form is a view of it, not its owner.
import { describe, expect, it } from "vitest";
import { at, drop, put, same, set } from "./body";

const BODY = {
  model: "gpt-5.5",
  reasoning: { effort: "high", context: "auto", from_tomorrow: [1, { deep: true }] },
  text: { format: { type: "text" }, verbosity: "low" },
  not_known_here: { a: null },
};

describe("put", () => {
  it("changes one place and leaves every other as it was", () => {
    expect(put(BODY, ["reasoning", "effort"], "low")).toEqual({
      ...BODY,
      reasoning: { ...BODY.reasoning, effort: "low" },
    });
  });

  it("does not change the document that it was given", () => {
    const before = structuredClone(BODY);
    put(BODY, ["reasoning", "from_tomorrow", 1, "deep"], false);
    expect(BODY).toEqual(before);
  });

  it("keeps the branches that it does not touch, object for object", () => {
    expect(put(BODY, ["model"], "gpt-5.4").reasoning).toBe(BODY.reasoning);
  });

  it("keeps the order of keys, so that a saved file changes in one line", () => {
    expect(Object.keys(put(BODY, ["reasoning", "effort"], "low"))).toEqual(Object.keys(BODY));
  });

  it("makes the objects on the way", () => {
    expect(put({}, ["reasoning", "summary"], "auto")).toEqual({ reasoning: { summary: "auto" } });
  });

  it("keeps lists as lists", () => {
    expect(put({ input: ["a", "b"] }, ["input", 1], "c")).toEqual({ input: ["a", "c"] });
  });
});

describe("drop", () => {
  it("takes a place away and leaves its neighbours", () => {
    expect(drop(BODY, ["text", "verbosity"])).toEqual({
      ...BODY,
      text: { format: { type: "text" } },
    });
  });

  it("takes the object away too that this empties", () => {
    expect(drop({ reasoning: { effort: "low" }, x: 1 }, ["reasoning", "effort"])).toEqual({ x: 1 });
  });

  it("leaves an object alone that was empty before", () => {
    const body = { reasoning: {} };
    expect(drop(body, ["reasoning", "effort"])).toBe(body);
  });

  it("gives back the same document where there is no such place", () => {
    expect(drop(BODY, ["nowhere", "at", "all"])).toBe(BODY);
  });
});

it("set drops for null, so that nothing is sent", () => {
  expect(set({ max_output_tokens: 6000, a: 1 }, ["max_output_tokens"], null)).toEqual({ a: 1 });
});

it("at finds nothing on a way through a text", () => {
  expect(at({ input: "text" }, ["input", 0, "content"])).toBeUndefined();
});

it("same looks at values, not at the order of keys", () => {
  expect(same({ a: 1, b: [1, { c: 2 }] }, { b: [1, { c: 2 }], a: 1 })).toBe(true);
  expect(same({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
  expect(same({ a: undefined }, { b: undefined })).toBe(false);
  expect(same([], {})).toBe(false);
});
