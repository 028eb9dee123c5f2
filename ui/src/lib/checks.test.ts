// Checks change kind and value without losing their name, and unknown kinds are left alone.
import { expect, it } from "vitest";
import type { Check } from "../contract/ipc";
import { changeKind, changeValue, kindOf, rename, valueOf } from "./checks";

it("keeps name and value where the kind changes", () => {
  expect(changeKind({ name: "Safe", contains: "NOT VALID" }, "pattern")).toEqual({
    name: "Safe",
    pattern: "NOT VALID",
  });
});

it("gives a number where a number is asked for", () => {
  expect(changeKind({ contains: "abc" }, "max_words")).toEqual({ max_words: 200 });
  expect(changeValue({ max_words: 10 }, "35")).toEqual({ max_words: 35 });
});

it("drops an emptied name", () => {
  expect(rename({ name: "A", contains: "x" }, "")).toEqual({ contains: "x" });
});

it("leaves a kind that it does not know as it is", () => {
  const unknown = { json_path: "$.a", equals: 1 } as unknown as Check;
  expect(kindOf(unknown)).toBeNull();
  expect(valueOf(unknown)).toBe("");
  expect(changeValue(unknown, "x")).toBe(unknown);
  expect(rename(unknown, "x")).toBe(unknown);
});
