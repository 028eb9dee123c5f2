// A folder's settings as a form and back.
import { describe, expect, it } from "vitest";
import type { FolderDefaults } from "../contract/ipc";
import { defaultsOf, formOf, toolsOf } from "./folder-form";

const FULL = {
  model: "gpt-5.5",
  effort: "low",
  instructions: "Be short.",
  tools: [{ type: "web_search" }, { type: "code_interpreter", container: { type: "auto" } }],
  text_format: { type: "text" },
  variables: { engine: "PostgreSQL", token: { secret: "TOKEN" }, count: "3" },
  from_tomorrow: { x: 1 },
} as FolderDefaults;

describe("the form", () => {
  it("gives back what it was made from, and what it does not know", () => {
    expect(defaultsOf(formOf(FULL), FULL)).toEqual({ defaults: FULL });
    expect(defaultsOf(formOf(undefined), undefined)).toEqual({ defaults: {} });
  });

  it("drops what was emptied", () => {
    const form = { ...formOf(FULL), model: "", tools: " ", textFormat: "", variables: [] };
    expect(defaultsOf(form, FULL)).toEqual({
      defaults: { effort: "low", instructions: "Be short.", from_tomorrow: { x: 1 } },
    });
  });

  it("says which field is wrong, and why", () => {
    const form = {
      ...formOf(undefined),
      tools: "[{",
      textFormat: "7",
      variables: [
        { name: "a", value: "1" },
        { name: "a", value: "2" },
      ],
    };
    const wrong = defaultsOf(form, undefined);
    expect("faults" in wrong && Object.keys(wrong.faults)).toEqual([
      "tools",
      "textFormat",
      "variables",
    ]);
  });
});

describe("tools", () => {
  it("are names or JSON", () => {
    expect(toolsOf("web_search, file_search")).toEqual({
      tools: [{ type: "web_search" }, { type: "file_search" }],
    });
    expect(toolsOf('{"type": "function", "name": "f"}')).toEqual({
      tools: [{ type: "function", name: "f" }],
    });
    expect(toolsOf("")).toEqual({ tools: null });
    expect(toolsOf("Web Search!")).toHaveProperty("fault");
    expect(toolsOf("[1]")).toHaveProperty("fault");
  });
});
