// A text that still has to be made is promised to the clipboard within the press that asked for it.
import { afterEach, expect, it, vi } from "vitest";
import { copyText } from "./clipboard";

class Item {
  readonly parts: Record<string, Promise<Blob>>;
  constructor(parts: Record<string, Promise<Blob>>) {
    this.parts = parts;
  }
}
function clipboard() {
  const write = vi.fn(async ([item]: Item[]) => {
    try {
      return await item!.parts["text/plain"]!;
    } catch {
      throw new DOMException("Nothing to write.", "NotAllowedError");
    }
  });
  const writeText = vi.fn(async (_text: string) => {});
  vi.stubGlobal("navigator", { clipboard: { write, writeText } });
  return { write, writeText };
}

afterEach(() => vi.unstubAllGlobals());

it("copies a text that is there", async () => {
  const { writeText } = clipboard();
  await copyText("curl");
  expect(writeText.mock.calls).toEqual([["curl"]]);
});

it("asks the clipboard before the text is made", async () => {
  vi.stubGlobal("ClipboardItem", Item);
  const { write } = clipboard();
  let made = (_text: string): void => {};
  const copied = copyText(new Promise<string>((resolve) => (made = resolve)));
  expect(write).toHaveBeenCalledOnce();
  made("curl https://");
  await copied;
  const blob = (await write.mock.results[0]!.value) as Blob;
  expect([blob.type, blob.size]).toEqual(["text/plain", 13]);
});

it("says why the text could not be made, not that the clipboard got nothing", async () => {
  vi.stubGlobal("ClipboardItem", Item);
  clipboard();
  await expect(copyText(Promise.reject(new Error("No such model.")))).rejects.toThrow(
    "No such model.",
  );
});

it("waits for the text where the clipboard takes no promise", async () => {
  const { writeText } = clipboard();
  await copyText(Promise.resolve("node"));
  expect(writeText.mock.calls).toEqual([["node"]]);
});
