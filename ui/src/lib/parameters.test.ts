// The rows of the catalogue as controls, and the table of known places against the catalogue.
import { describe, expect, it } from "vitest";
import type { Finding } from "../contract/ipc";
import { buildTwin } from "../host.memory.build";
import {
  controlOf,
  fromPointer,
  isLock,
  pathOf,
  readNumber,
  rowsFor,
  wireOf,
  withoutLocked,
} from "./parameters";
import { wire, type Known } from "./wire";

const { parameters } = buildTwin().list_parameters({});
const row = (id: string) => parameters.find((it) => it.id === id)!;
const KNOWN: Known[] = ["effort", "reasoning_summary", "verbosity", "format", "max_output_tokens"];

function finding(change: Partial<Finding> = {}): Finding {
  return {
    code: "sampling_rejected",
    severity: "error",
    pointer: "/temperature",
    message: "",
    reason: "",
    fix: {
      label: "Leave it out",
      endpoint: null,
      edits: [{ op: "remove", pointer: "/temperature" }],
      safe: true,
    },
    ...change,
  };
}

describe("known places", () => {
  it.each(KNOWN)("%s stands where the catalogue says, on both endpoints", (id) => {
    for (const endpoint of ["responses", "chat_completions"] as const) {
      const its = wireOf(row(id), endpoint);
      expect(wire(id, endpoint)).toEqual(its && pathOf(its));
    }
  });
});

describe("rows", () => {
  it("lists those of the endpoint only", () => {
    const ids = (endpoint: "responses" | "chat_completions") =>
      rowsFor(parameters, endpoint).map((it) => it.id);
    expect(ids("responses")).not.toContain("seed");
    expect(ids("chat_completions")).toContain("seed");
    expect(ids("chat_completions")).not.toContain("truncation");
  });

  it("edits each type with its control, and a stray value as JSON", () => {
    const control = (id: string, value?: unknown) =>
      controlOf(row(id), wireOf(row(id), "responses")!, value);
    expect(control("temperature")).toBe("number");
    expect(control("store")).toBe("toggle");
    expect(control("service_tier")).toBe("select");
    expect(control("prompt_cache_key")).toBe("text");
    expect(control("metadata")).toBe("json");
    expect(control("temperature", "warm")).toBe("json");
  });

  it("reads numbers within the row's range and says what it takes", () => {
    const temperature = (text: string) =>
      readNumber(row("temperature"), wireOf(row("temperature"), "responses")!, text);
    expect(temperature("0.7")).toBe(0.7);
    expect(temperature("3")).toBe("Use a number from 0 to 2.");
    const calls = row("max_tool_calls");
    expect(readNumber(calls, calls.responses!, "1.5")).toBe("Use a whole number from 1 up.");
  });
});

describe("locked values", () => {
  it("are left out of what is sent, and nothing else is", () => {
    const body = { model: "gpt-5.5", temperature: 0.7, unheard_of: 1 };
    expect(withoutLocked(body, [finding()])).toEqual({ model: "gpt-5.5", unheard_of: 1 });
    expect(body.temperature).toBe(0.7);
  });

  it("are those that the effort rules out whole", () => {
    expect(isLock(finding())).toBe(true);
    expect(isLock(finding({ code: "moved" }))).toBe(false);
    expect(isLock(finding({ pointer: "/include/0" }))).toBe(false);
    expect(isLock(finding({ fix: null }))).toBe(false);
  });

  it("reads pointers with escapes and list places", () => {
    const body = { "a/b": [{ "m~n": 1 }] };
    expect(fromPointer(body, "/a~1b/0/m~0n")).toEqual(["a/b", 0, "m~n"]);
  });
});
