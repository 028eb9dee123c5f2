// Messages in every shape that a body can have them, and edits that keep what is not shown.
import { describe, expect, it } from "vitest";
import {
  addInstructions,
  addMessage,
  addPart,
  blockName,
  duplicateBlock,
  insertPart,
  itemOf,
  messages,
  moveBlock,
  moveTo,
  removeBlock,
  restoreBlock,
  setRole,
  setText,
  stableKeys,
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
      {
        at: ["input", 1, "content", 1],
        kind: "input_image",
        label: "https://example.com/a.png",
        media: true,
      },
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

  it("move an item to any place, one that is no message too", () => {
    const [, , , call] = messages(BODY);
    expect(moveTo(BODY, call!, 0).input).toEqual([CALL_OUTPUT, BODY.input[0], BODY.input[1]]);
    expect(moveTo(BODY, call!, 3)).toBe(BODY);
  });

  it("duplicate an item right after it, as a thing of its own", () => {
    const twice = duplicateBlock(BODY, messages(BODY)[2]!).input as unknown[];
    expect(twice).toEqual([BODY.input[0], BODY.input[1], BODY.input[1], CALL_OUTPUT]);
    expect(twice[2]).not.toBe(twice[1]);
  });

  it.each([0, 1, 3])("take a removal back, of block %i", (index) => {
    const block = messages(BODY)[index]!;
    const item = itemOf(BODY, block);
    expect(restoreBlock(removeBlock(BODY, block), block, item)).toEqual(BODY);
  });

  it("take the removal of a single string back", () => {
    const body = { input: "Hello" };
    const block = messages(body)[0]!;
    expect(restoreBlock(removeBlock(body, block), block, itemOf(body, block))).toEqual(body);
  });

  it("add a part after the text, in the words of the endpoint", () => {
    const body = { messages: [{ role: "user", content: "Look" }] };
    expect(addPart(body, messages(body)[0]!, { type: "file" })).toEqual({
      messages: [{ role: "user", content: [{ type: "text", text: "Look" }, { type: "file" }] }],
    });
    const single = { input: "" };
    expect(addPart(single, messages(single)[0]!, IMAGE)).toEqual({
      input: [{ role: "user", content: [IMAGE] }],
    });
  });

  it("put a part back where it was", () => {
    const user = messages(BODY)[2]!;
    const without = { ...BODY, input: [BODY.input[0], { role: "user", content: [IMAGE] }] };
    const text = { type: "input_text", text: "Look:" };
    const put = insertPart(without, user, 0, text);
    expect((put.input as { content: unknown }[])[1]!.content).toEqual([text, IMAGE]);
  });
});

describe("names of items", () => {
  const [a, b, c] = [{ n: 1 }, { n: 2 }, { n: 3 }];
  const before = { items: [a, b, c], keys: [0, 1, 2] };

  it("stay through moves, removals and edits in place", () => {
    expect(stableKeys([c, a, b], before)).toEqual([2, 0, 1]);
    expect(stableKeys([a, c], before)).toEqual([0, 2]);
    expect(stableKeys([a, { n: 9 }, c], before)).toEqual([0, 1, 2]);
  });

  it("are new for what is new", () => {
    expect(stableKeys([a, { n: 9 }, b, c], before)).toEqual([0, 3, 1, 2]);
    expect(stableKeys([], before)).toEqual([]);
  });
});

it("items that are no messages go by a name, or by their type", () => {
  const blocks = messages({ input: [{ type: "reasoning", summary: [] }, { type: "moon_call" }] });
  expect(blocks.map(blockName)).toEqual(["Reasoning", "moon_call"]);
});
