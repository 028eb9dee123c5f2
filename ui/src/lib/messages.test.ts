// Messages in every shape that a body can have them, and edits that keep what is not shown.
import { describe, expect, it } from "vitest";
import {
  addInstructions,
  addMessage,
  messages,
  moveBlock,
  removeBlock,
  setRole,
  setText,
} from "./messages";

const IMAGE = { type: "input_image", image_url: "https://example.com/a.png", detail: "high" };
const CALL_OUTPUT = { type: "function_call_output", call_id: "c1", output: "42" };
const BODY = {
  instructions: "Be brief.",
  input: [
    { role: "developer", content: "Rules.", unknown: 1 },
    { role: "user", content: [{ type: "input_text", text: "Look:" }, IMAGE] },
    CALL_OUTPUT,
  ],
  kept: true,
};

describe("messages", () => {
  it("lists instructions first, then each item", () => {
    expect(
      messages(BODY).map((it) => [it.kind, it.role, it.itemType, it.fields.map((f) => f.text)]),
    ).toEqual([
      ["instructions", null, null, ["Be brief."]],
      ["item", "developer", null, ["Rules."]],
      ["item", "user", null, ["Look:"]],
      ["item", null, "function_call_output", []],
    ]);
  });

  it("names the parts that have no text", () => {
    expect(messages(BODY)[2]!.others).toEqual([
      { kind: "input_image", label: "https://example.com/a.png" },
    ]);
  });

  it("takes one string as a message of the user", () => {
    expect(messages({ input: "Hello" })).toMatchObject([{ kind: "input", role: "user" }]);
  });

  it("shows nothing for a body without input", () => {
    expect(messages({ model: "gpt-5.5" })).toEqual([]);
  });
});

describe("edits", () => {
  it("type into a part and keep the image beside it", () => {
    const block = messages(BODY)[2]!;
    expect(setText(BODY, block.fields[0]!, "See:")).toEqual({
      ...BODY,
      input: [
        BODY.input[0],
        { role: "user", content: [{ type: "input_text", text: "See:" }, IMAGE] },
        CALL_OUTPUT,
      ],
    });
  });

  it("keep a single string a string", () => {
    const body = { input: "Hello" };
    expect(setText(body, messages(body)[0]!.fields[0]!, "Bye")).toEqual({ input: "Bye" });
  });

  it("turn a single string into a list when a second message comes", () => {
    expect(addMessage({ input: "Hello" }, "assistant")).toEqual({
      input: [
        { role: "user", content: "Hello" },
        { role: "assistant", content: "" },
      ],
    });
  });

  it("turn a single string into a list when its role changes", () => {
    const body = { input: "Hello" };
    expect(setRole(body, messages(body)[0]!, "developer")).toEqual({
      input: [{ role: "developer", content: "Hello" }],
    });
  });

  it("change a role and keep the item's unknown fields", () => {
    const changed = setRole(BODY, messages(BODY)[1]!, "system");
    expect((changed.input as unknown[])[0]).toEqual({
      role: "system",
      content: "Rules.",
      unknown: 1,
    });
  });

  it("move an item, and stay where there is no room", () => {
    const [, first, second] = messages(BODY);
    expect((moveBlock(BODY, second!, -1).input as unknown[])[1]).toBe(BODY.input[0]);
    expect(moveBlock(BODY, first!, -1)).toBe(BODY);
  });

  it("remove instructions and items alone", () => {
    const [instructions, , user] = messages(BODY);
    expect(removeBlock(BODY, instructions!)).toEqual({ input: BODY.input, kept: true });
    expect(removeBlock(BODY, user!).input).toEqual([BODY.input[0], CALL_OUTPUT]);
  });

  it("add instructions only where there are none", () => {
    expect(addInstructions({ input: "x" })).toEqual({ input: "x", instructions: "" });
    expect(addInstructions(BODY)).toBe(BODY);
  });
});
