// Tools as one list, their shapes on both endpoints, fields and what is charged.
import { describe, expect, it } from "vitest";
import type { RequestFile } from "../contract/ipc";
import { toolCharges, toolKinds } from "../host.memory.tools";
import {
  allowedChoice,
  allowedOf,
  copied,
  fieldControl,
  forces,
  kindOf,
  listTools,
  lockOf,
  newTool,
  placeOf,
  priceLines,
  priceShort,
  refOf,
  setField,
  shaped,
  titleOf,
  withTools,
} from "./tools";

const KINDS = toolKinds();
const CHARGES = toolCharges();
const kind = (type: string) => KINDS.find((it) => it.type === type)!;
const request = (body: Record<string, unknown>, more: Partial<RequestFile> = {}): RequestFile => ({
  id: "r",
  name: "R",
  endpoint: "responses",
  body,
  ...more,
});

describe("the list", () => {
  const before = request(
    { model: "m", tools: [{ type: "a" }, { type: "b" }] },
    { tools_off: [{ at: 1, tool: { type: "off" } }] },
  );

  it("has what is on and what is off in their places", () => {
    const list = listTools(before)!;
    expect(list.map((it) => `${it.tool["type"] as string} ${it.on}`)).toEqual([
      "a true",
      "off false",
      "b true",
    ]);
    expect([0, 1, 2].map((i) => placeOf(list, i))).toEqual([0, -1, 1]);
    expect(withTools(before, list, false)).toEqual(before);
  });

  it("leaves no key behind, but for the list that keeps a folder's tools away", () => {
    expect(withTools(before, [], false)).toEqual(request({ model: "m" }));
    expect(withTools(before, [], true).body).toEqual({ model: "m", tools: [] });
  });

  it("is none where tools are something else", () => {
    expect(listTools(request({ tools: "web" }))).toBe(null);
    expect(listTools(request({ tools: [null] }))).toBe(null);
  });
});

describe("a tool", () => {
  it("begins with what it cannot do without", () => {
    expect(newTool(kind("code_interpreter"), "responses")).toEqual({
      type: "code_interpreter",
      container: { type: "auto" },
    });
    expect(newTool(kind("function"), "chat_completions")).toMatchObject({
      type: "function",
      function: { name: "", strict: true },
    });
  });

  it("goes from one endpoint's form to the other's and back", () => {
    const flat = { type: "function", name: "f", parameters: {}, strict: true };
    const nested = shaped(flat, "chat_completions");
    expect(nested).toEqual({
      type: "function",
      function: { name: "f", parameters: {}, strict: true },
    });
    expect(shaped(nested, "responses")).toEqual(flat);
    expect(shaped({ type: "mcp", name: "x" }, "chat_completions")).toEqual({
      type: "mcp",
      name: "x",
    });
    expect([lockOf(kind("mcp"), "chat_completions"), lockOf(kind("custom"), "responses")]).toEqual([
      "Chat Completions takes functions and custom tools only.",
      null,
    ]);
  });

  it("is copied under a name of its own", () => {
    const tool = { type: "function", name: "look" };
    const others = [tool, { type: "function", name: "look_2" }];
    expect(titleOf(copied(tool, others), null)).toBe("look_3");
    expect(kindOf(KINDS, { type: "web_search_2025_08_26" })?.type).toBe("web_search");
    expect(kindOf(KINDS, { type: "from_the_future" })).toBe(null);
  });

  it("sets what must stand beside a field, and drops it with the last one", () => {
    const search = kind("web_search");
    const city = search.fields.find((it) => it.path === "user_location.city")!;
    const on = setField(search, { type: "web_search" }, [], city, "Lisbon");
    expect(on["user_location"]).toEqual({ city: "Lisbon", type: "approximate" });
    expect(setField(search, on, [], city, undefined)).toEqual({ type: "web_search" });

    const code = kind("code_interpreter");
    const memory = code.fields.find((it) => it.path === "container.memory_limit")!;
    const sized = { type: "code_interpreter", container: { type: "auto", memory_limit: "4g" } };
    expect(setField(code, sized, [], memory, undefined)["container"]).toEqual({ type: "auto" });
  });

  it("has a control for each field, and JSON for what none fits", () => {
    const control = (type: string, path: string, value?: unknown) =>
      fieldControl(
        kind(type),
        kind(type).fields.find((it) => it.path === path)!,
        value,
      );
    expect([
      control("web_search", "search_context_size"),
      control("web_search", "external_web_access"),
      control("file_search", "vector_store_ids"),
      control("file_search", "max_num_results"),
      control("file_search", "filters"),
      control("code_interpreter", "container"),
      control("mcp", "require_approval"),
      control("mcp", "require_approval", {}),
      control("mcp", "allowed_tools", { read_only: true }),
      control("mcp", "server_url", 4),
    ]).toEqual([
      "select",
      "bool",
      "lines",
      "number",
      "json",
      "either",
      "select",
      "json",
      "json",
      "json",
    ]);
  });
});

describe("what it costs", () => {
  it("comes from the price table, and is never made up", () => {
    expect(priceShort(CHARGES, "web_search")).toBe("$10.00 per 1 000 calls");
    expect(priceShort(CHARGES, "code_interpreter")).toBe("from $0.03 per 20 min, 1g container");
    expect(priceShort(CHARGES, "mcp")).toBe("tokens only");
    expect(priceShort(CHARGES, "tool_search")).toBe("price not known");
    expect(priceLines(CHARGES, "file_search")).toEqual([
      "$2.50 per 1 000 calls.",
      "$0.10 per GB and day of storage. The first GB is free.",
    ]);
  });
});

describe("the choice", () => {
  it("names a tool as its kind is named", () => {
    const names = (tool: Record<string, unknown>, chat = false) =>
      refOf(KINDS, tool, chat ? "chat_completions" : "responses");
    expect(names({ type: "function", name: "f" })).toEqual({ type: "function", name: "f" });
    expect(names({ type: "function", function: { name: "f" } }, true)).toEqual({
      type: "function",
      function: { name: "f" },
    });
    expect(names({ type: "mcp", server_label: "s", server_url: "u" })).toEqual({
      type: "mcp",
      server_label: "s",
    });
    expect(names({ type: "file_search", vector_store_ids: [] })).toEqual({ type: "file_search" });
    expect(names({ type: "local_shell" })).toBe(null);
  });

  it("allows a part of the tools on either endpoint", () => {
    const allowed = { mode: "required" as const, tools: [{ type: "web_search" }] };
    for (const endpoint of ["responses", "chat_completions"] as const) {
      expect(allowedOf(allowedChoice(allowed, endpoint))).toEqual(allowed);
    }
    expect(
      ["required", "auto", undefined, { type: "mcp" }, allowedChoice(allowed, "responses")].map(
        forces,
      ),
    ).toEqual([true, false, false, true, true]);
  });
});
