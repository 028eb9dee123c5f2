// Messages, attachments and variables in the window, by mouse and by keys.
import axe from "axe-core";
import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { beforeAll, describe, expect, it } from "vitest";
import App from "../../App.svelte";
import type { RequestFile } from "../../contract/ipc";
import { useHost, type Host } from "../../host";
import { memoryHost } from "../../host.memory";

// The screen is compiled when it is first loaded, which takes a busy machine a while.
beforeAll(async () => {
  await import("./Build.svelte");
}, 120_000);

const PNG = Uint8Array.from([
  0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0x05,
  0xa0, 0, 0, 0x03, 0x84,
]);

/** The window over one request with these messages. Returns what is sent last. */
async function open(body: Record<string, unknown>): Promise<() => RequestFile["body"] | null> {
  const host = memoryHost({ speed: Infinity, figures: false });
  let sent: RequestFile["body"] | null = null;
  const { call, stream } = host;
  host.call = (async (name: string, input: { request?: RequestFile }) => {
    const output = await call(name as never, input as never);
    if (name !== "read_request") return output;
    const read = output as unknown as { request: RequestFile };
    return { ...read, request: { ...read.request, body: { model: "gpt-5.5", ...body } } };
  }) as unknown as Host["call"];
  host.stream = (name, input, onItem) => {
    if (name === "send") sent = (input as { request: RequestFile }).request.body;
    return stream(name, input, onItem);
  };
  useHost(host);
  render(App);
  await screen.findByTestId("messages");
  return () => sent;
}

const TWO = {
  input: [
    { role: "user", content: "First" },
    { type: "reasoning", id: "rs_1", summary: [] },
    { role: "assistant", content: "Second" },
  ],
};

function order(): string[] {
  return within(screen.getByTestId("messages"))
    .getAllByRole("article")
    .map((it) => it.getAttribute("aria-label") ?? "");
}

async function choose(name: string, item: string): Promise<void> {
  const trigger = screen.getByRole("button", { name: `More for ${name}` });
  trigger.focus();
  await fireEvent.keyDown(trigger, { key: "Enter" });
  await fireEvent.click(await screen.findByRole("menuitem", { name: item }));
  await waitFor(() => expect(screen.queryByRole("menuitem")).toBeNull());
}

async function drop(files: File[]): Promise<void> {
  const input = screen.getAllByTestId("attach-input")[0] as HTMLInputElement;
  Object.defineProperty(input, "files", { value: files, configurable: true });
  await fireEvent.change(input);
}

describe("messages", () => {
  it("move by keys with their focus, and say so", async () => {
    await open(TWO);
    const text = screen.getByRole("textbox", { name: "User text" });
    text.focus();
    await fireEvent.keyDown(text, { key: "ArrowDown", altKey: true });
    expect(order()).toEqual(["Reasoning message", "User message", "Assistant message"]);
    await waitFor(() => expect(document.activeElement).toBe(text));
    expect(screen.getByText("User message moved to place 2 of 3.")).toBeTruthy();
  });

  it("are moved, doubled and removed from the menu, and come back", async () => {
    await open(TWO);
    await choose("Reasoning", "Move up");
    expect(order()[0]).toBe("Reasoning message");
    await choose("Reasoning", "Duplicate");
    expect(order().slice(0, 2)).toEqual(["Reasoning message", "Reasoning message"]);
    await choose("Assistant", "Remove");
    expect(order()).not.toContain("Assistant message");
    await fireEvent.click(screen.getByRole("button", { name: "Undo" }));
    expect(order().at(-1)).toBe("Assistant message");
    expect(screen.getByRole("textbox", { name: "Assistant text" }).textContent).toBe("Second");
  });

  it("in their thousands are in the page only where they are seen or worked on", async () => {
    const input = Array.from({ length: 3000 }, (_, i) => ({ role: "user", content: `Nr ${i}` }));
    const sent = await open({ input });
    const inPage = () => screen.getByTestId("messages").querySelectorAll("[data-message]").length;
    // Without a layout nothing is seen here.
    expect(inPage()).toBeLessThan(100);
    await fireEvent.click(screen.getByTestId("add-message"));
    const at = () =>
      document.activeElement?.closest("[data-message]")?.getAttribute("data-message");
    await waitFor(() => expect(at()).toBe("3000"));
    await fireEvent.keyDown(document.activeElement!, { key: "ArrowUp", altKey: true });
    await waitFor(() => expect(at()).toBe("2999"));
    expect(screen.getByText("User message moved to place 3000 of 3001.")).toBeTruthy();
    await fireEvent.click(screen.getByTestId("run"));
    await waitFor(() => expect(sent()).not.toBeNull());
    const after = (sent()!.input as { content: string }[]).map((it) => it.content);
    expect([after.length, after[2998], after[2999], after[3000]]).toEqual([
      3001,
      "Nr 2998",
      "",
      "Nr 2999",
    ]);
  });

  it("are counted one by one and in all", async () => {
    await open({ instructions: "Be brief, always.", input: TWO.input });
    await waitFor(() => expect(screen.getByTestId("input-tokens").textContent).toContain("about"));
    expect(screen.getAllByText(/^about \d+ tokens$/).length).toBe(4);
  });

  it("pass axe, with an attachment and a variable without a value", async () => {
    await open({
      input: [
        {
          role: "user",
          content: [
            { type: "input_text", text: "Hello {{nobody}}" },
            { type: "input_image", image_url: "https://x.test/a.png" },
          ],
        },
      ],
    });
    const list = await screen.findByTestId("messages");
    await within(list).findByText(/has no value/);
    const { violations } = await axe.run(list, { rules: { "color-contrast": { enabled: false } } });
    expect(violations.map((it) => `${it.id}: ${it.nodes[0]?.html}`)).toEqual([]);
  });
});

describe("attachments", () => {
  it("are named in the body, described, and taken out with a way back", async () => {
    const sent = await open({ input: [{ role: "user", content: "Look" }] });
    await drop([new File([PNG], "Q3 chart.png", { type: "image/png" })]);
    const card = await screen.findByTestId("attachment");
    await within(card).findByText(/^1.440 × 900 px, 24 B, about 1.305 tokens$/);
    expect(within(card).getByRole("img", { name: "Preview of q3-chart.png" })).toBeTruthy();
    await fireEvent.click(within(card).getByRole("button", { name: "Remove q3-chart.png" }));
    expect(screen.queryByTestId("attachment")).toBeNull();
    await fireEvent.click(screen.getByRole("button", { name: "Undo" }));
    await screen.findByTestId("attachment");
    await fireEvent.click(screen.getByTestId("run"));
    await waitFor(() => expect(sent()).not.toBeNull());
    const [{ content }] = sent()!.input as [{ content: unknown[] }];
    expect(content).toEqual([
      { type: "input_text", text: "Look" },
      {
        type: "input_image",
        image_url: expect.stringMatching(/^\{\{file:attachments\/q3-chart\.png#[0-9a-f]{16}\}\}$/),
      },
    ]);
  });

  it("that can't be taken are each told, and the message stays as it was", async () => {
    await open({ input: [{ role: "user", content: "Look" }] });
    const large = new File(["x"], "huge.png");
    Object.defineProperty(large, "size", { value: 50 * 1024 * 1024 });
    await drop([
      large,
      new File([], "nothing.txt"),
      new File([new Uint8Array([0x50, 0x4b, 3, 4, 0])], "a.zip"),
    ]);
    const told = await within(screen.getByTestId("messages")).findByRole("alert");
    await waitFor(() => expect(within(told).getAllByRole("listitem").length).toBe(3));
    expect(
      within(told)
        .getAllByRole("listitem")
        .map((it) => it.textContent),
    ).toEqual([
      "huge.png has 50 MB; a file may have 20 MB.",
      "nothing.txt is empty, or a folder. Choose a file that holds something.",
      "a.zip is of a type that can't be attached. Pictures: PNG, JPEG, WebP, GIF. Files: PDF and UTF-8 text.",
    ]);
    expect(screen.queryByTestId("attachment")).toBeNull();
    await fireEvent.click(within(told).getByRole("button", { name: "Dismiss" }));
    expect(within(screen.getByTestId("messages")).queryByRole("alert")).toBeNull();
  });

  it("that are gone say so", async () => {
    await open({
      input: [{ role: "user", content: [{ type: "input_image", image_url: "{{file:gone.png}}" }] }],
    });
    await screen.findByText("gone.png is not there.");
  });
});

describe("variables", () => {
  it("without a value are named before the send, until they get one", async () => {
    await open({ input: [{ role: "user", content: "For {{engine}}" }] });
    await screen.findByText("The variable engine has no value.");
    await fireEvent.click(await screen.findByTestId("set-engine"));
    const field = await screen.findByLabelText(/^Value of/, { selector: "input" });
    await fireEvent.input(field, { target: { value: "PostgreSQL" } });
    await fireEvent.submit(field.closest("form")!);
    await waitFor(() => expect(screen.queryByTestId("set-engine")).toBeNull());
    await waitFor(() => expect(screen.queryByText("The variable engine has no value.")).toBeNull());
  });
});
