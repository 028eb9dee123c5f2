// The body as text beside the form, and requests as code, in the window.
import { EditorView } from "@codemirror/view";
import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import axe from "axe-core";
import { describe, expect, it, vi } from "vitest";
import App from "../../App.svelte";
import { useHost, type Host } from "../../host";
import { engineError, memoryHost } from "../../host.memory";

async function open(change: (host: Host) => void = () => {}): Promise<void> {
  const host = memoryHost({ speed: Infinity, figures: false });
  change(host);
  useHost(host);
  render(App);
  await screen.findByRole("region", { name: "Request" });
}

async function openText(): Promise<EditorView> {
  await fireEvent.click(screen.getByTestId("request-json"));
  const host = await screen.findByTestId("body-text");
  return EditorView.findFromDOM(host.querySelector<HTMLElement>(".cm-editor")!)!;
}

/** Types over the whole text. */
function type(view: EditorView, text: string): void {
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
}

/** Does a command of the palette. */
async function command(name: string): Promise<void> {
  await fireEvent.keyDown(window, { key: "k", ctrlKey: true });
  const palette = await screen.findByRole("dialog");
  const field = within(palette).getByRole("combobox");
  await fireEvent.input(field, { target: { value: name } });
  await fireEvent.keyDown(field, { key: "Enter" });
}

const BODY = '{"model": "gpt-5.4", "input": "Hi", "reasoning": {"effort": "low"}}';
const CURL = `curl https://api.openai.com/v1/chat/completions -H "Authorization: Bearer sk-1" -d '{"model": "gpt-5.5", "messages": [{"role": "user", "content": "Hi"}]}'`;

describe("the text and the form", () => {
  it("are two views of one body", async () => {
    await open();
    const view = await openText();
    type(view, BODY);
    await waitFor(() => expect(screen.getByTestId("model").textContent).toContain("gpt-5.4"));
    expect(screen.getByTestId("effort-low").getAttribute("aria-checked")).toBe("true");
    await fireEvent.click(screen.getByTestId("effort-high"));
    await waitFor(() => expect(view.state.doc.toString()).toBe(BODY.replace('"low"', '"high"')));
    await fireEvent.keyDown(window, { key: "z", ctrlKey: true });
    await waitFor(() => expect(view.state.doc.toString()).toBe(BODY));
  });

  it("freezes the form with the line that stops it, and blocks Run and Save", async () => {
    await open();
    const view = await openText();
    const before = screen.getByTestId("model").textContent;
    type(view, '{\n  "model": "a",\n  "model": "b"\n}');
    expect((await screen.findByTestId("frozen")).textContent).toContain(
      "Fix line 3 of the JSON body to go on editing here.",
    );
    expect(screen.getByText(/"model" stands here twice/)).toBeTruthy();
    for (const id of ["run", "save"]) {
      const button = screen.getByTestId(id);
      expect([button.getAttribute("aria-disabled"), button.title]).toEqual([
        "true",
        "Fix line 3 of the JSON body first.",
      ]);
    }
    expect(screen.getByTestId("model").textContent).toBe(before);
    await fireEvent.click(screen.getByRole("button", { name: "Back to what it was" }));
    await waitFor(() => expect(screen.queryByTestId("frozen")).toBeNull());
    expect(view.state.doc.toString()).toContain("gpt-5.5");
  });

  it("refuses a file that is no UTF-8, with the place, and keeps the body", async () => {
    await open();
    const view = await openText();
    const before = view.state.doc.toString();
    const drop = async (...bytes: number[]) => {
      const file = new File([Uint8Array.from(bytes)], "notes.json");
      file.arrayBuffer ??= async () => Uint8Array.from(bytes).buffer;
      await fireEvent.drop(view.contentDOM, {
        dataTransfer: { types: ["Files"], files: [file] },
      });
    };
    await drop(0x7b, 0x22, 0xff, 0x22, 0x7d);
    expect(await screen.findByText(/notes\.json is not UTF-8 text: byte 3, 0xff/)).toBeTruthy();
    expect(view.state.doc.toString()).toBe(before);
    await drop(...new TextEncoder().encode(BODY));
    await waitFor(() => expect(view.state.doc.toString()).toBe(BODY));
  });

  it("strikes out what is left out, and leaves it to an expert to send it", async () => {
    const sent = vi.fn();
    await open((host) => {
      const { stream } = host;
      host.stream = (name, input, onItem) => {
        if (name === "send") sent((input as { request: { body: unknown } }).request.body);
        return stream(name, input, onItem);
      };
    });
    const view = await openText();
    type(view, BODY.replace("}}", '}, "temperature": 0.7}'));
    expect((await screen.findByTestId("left-out")).textContent).toContain("temperature");
    await waitFor(() =>
      expect(view.contentDOM.querySelector(".cm-left-out")?.textContent).toContain("temperature"),
    );
    expect(screen.getByText(/Choose None to use it\. Your 0\.7 is kept\./)).toBeTruthy();
    await fireEvent.click(screen.getByRole("button", { name: "Send anyway" }));
    expect((await screen.findByTestId("overruled")).textContent).toContain(
      "temperature is sent anyway",
    );
    await fireEvent.click(screen.getByTestId("run"));
    await waitFor(() => expect(sent).toHaveBeenCalled());
    expect(sent.mock.calls[0]![0]).toHaveProperty("temperature", 0.7);
  });
});

describe("before it is sent", () => {
  it("names a variable without a value, and does not run", async () => {
    await open();
    type(await openText(), BODY.replace("Hi", "Hi {{nobody_set}}"));
    await waitFor(() =>
      expect(screen.getByTestId("run").title).toBe(
        "{{nobody_set}} has no value. Give it one first.",
      ),
    );
    expect(screen.getByTestId("findings").textContent).toContain("1 problem before you send");
    // The next problem is where the variable stands.
    await fireEvent.keyDown(window, { key: "F8" });
    await waitFor(() => expect(document.activeElement?.className).toContain("cm-content"));
  });

  it("shows what a fix changed, and takes it back", async () => {
    const user = (body: object) => "user" in body;
    await open((host) => {
      const { call } = host;
      host.call = (async (name: string, input: never) => {
        const finding = {
          code: "deprecated",
          severity: "warning",
          pointer: "/user",
          message: "user is deprecated.",
          reason: "safety_identifier took its place.",
          fix: { label: "Use safety_identifier", endpoint: null, edits: [], safe: true },
        };
        if (name === "lint_request") {
          return { findings: user((input as { body: object }).body) ? [finding] : [] };
        }
        if (name === "look_over_request") {
          const { body } = (input as { request: { body: object } }).request;
          const seen = await call("look_over_request", input);
          return { ...seen, findings: user(body) ? [finding] : [] };
        }
        if (name === "fix_request") {
          const { endpoint } = (input as { request: { endpoint: string } }).request;
          const { code, pointer, message, fix } = finding;
          const change = { code, pointer, message, label: fix.label, before: "u-1", lost: [] };
          const body = { model: "gpt-5.5", safety_identifier: "u-1" };
          return { endpoint, body, changes: [change], findings: [] };
        }
        return call(name as "list_parameters", input);
      }) as Host["call"];
    });
    const view = await openText();
    type(view, BODY.replace("}}", '}, "user": "u-1"}'));
    await screen.findByTestId("findings");
    await command("fix all problems of the request");
    const fixed = await screen.findByTestId("fixed");
    expect(fixed.textContent).toContain("1 change made");
    expect(fixed.textContent).toContain("Use safety_identifier");
    expect(fixed.querySelector("s")?.textContent).toBe('"u-1"');
    expect(view.state.doc.toString()).toContain("safety_identifier");
    await fireEvent.click(within(fixed).getByRole("button", { name: "Undo" }));
    await waitFor(() => expect(view.state.doc.toString()).toContain('"user": "u-1"'));
    expect(screen.queryByTestId("fixed")).toBeNull();
  });

  it("says which of the user's own tables can't be used", async () => {
    await open((host) => {
      const { call } = host;
      host.call = (async (name: "open_workbench", input: never) => {
        const output = await call(name, input);
        if (name !== "open_workbench") return output;
        const problem = engineError("file_invalid", "A price is no number.", {
          place: "prices.json, line 4",
        });
        return { ...output, dataProblems: [problem] };
      }) as Host["call"];
    });
    const banner = await screen.findByTestId("data-banner");
    expect(banner.textContent).toContain("prices.json, line 4 is not used: A price is no number.");
  });
});

describe("another endpoint", () => {
  it("is switched to with what can't go over said first, and undone as a whole", async () => {
    await open();
    const view = await openText();
    const before = view.state.doc.toString();
    await command("switch between responses");
    const dialog = await screen.findByTestId("endpoint-dialog");
    expect(dialog.textContent).toContain("Can't go over");
    expect(dialog.textContent).toContain("/reasoning/summary");
    await fireEvent.click(screen.getByTestId("switch-endpoint"));
    await waitFor(() =>
      expect(screen.getByTestId("endpoint").textContent).toContain("/v1/chat/completions"),
    );
    expect(view.state.doc.toString()).toContain("max_completion_tokens");
    await fireEvent.keyDown(window, { key: "z", ctrlKey: true });
    await waitFor(() => expect(view.state.doc.toString()).toBe(before));
    expect(screen.getByTestId("endpoint").textContent).toContain("/v1/responses");
  });
});

describe("a cURL command", () => {
  it("pasted into a prompt is offered as a request, without its key", async () => {
    await open();
    const prompt = screen.getAllByRole("textbox")[0]!;
    await fireEvent.paste(prompt, {
      clipboardData: { getData: () => CURL, files: [] },
    });
    const dialog = await screen.findByTestId("paste-dialog");
    await waitFor(() => expect(dialog.textContent).toContain("A request to Chat Completions"));
    expect(dialog.textContent).toContain("The key in the header Authorization");
    expect(screen.getByTestId("key-left-out").textContent).toContain("environment's key");
    expect(screen.getByRole("button", { name: "Insert as text" })).toBeTruthy();
    const { violations } = await axe.run(dialog, { rules: { region: { enabled: false } } });
    expect(violations.map((it) => it.id)).toEqual([]);
    await fireEvent.click(screen.getByTestId("paste-new"));
    await waitFor(() =>
      expect(screen.getByTestId("endpoint").textContent).toContain("/v1/chat/completions"),
    );
    expect(document.body.textContent).not.toContain("sk-1");
  });
});

describe("a text of megabytes", () => {
  it("is read whole and shown in part", async () => {
    await open();
    await command("Paste");
    const dialog = await screen.findByTestId("paste-dialog");
    const field = within(dialog).getByRole<HTMLTextAreaElement>("textbox");
    const long = "word ".repeat(60_000);
    const text = JSON.stringify({ model: "gpt-5.5", input: long });
    await fireEvent.paste(field, { clipboardData: { getData: () => text, files: [] } });
    await waitFor(() => expect(dialog.textContent).toContain("A request to Responses, gpt-5.5"));
    expect(screen.getByTestId("paste-long").textContent).toContain("300.0 kB");
    expect([field.readOnly, field.value.length < 3_000]).toEqual([true, true]);
    await fireEvent.click(within(dialog).getByRole("button", { name: "Clear" }));
    await waitFor(() => expect(field.readOnly).toBe(false));
    expect([field.value, document.activeElement]).toEqual(["", field]);
    await fireEvent.paste(field, { clipboardData: { getData: () => text, files: [] } });
    await waitFor(() => expect(screen.getByTestId("paste-long")).toBeTruthy());
    await fireEvent.click(screen.getByTestId("paste-new"));
    const view = await openText();
    await waitFor(() => expect(view.state.doc.toString()).toContain(long));
  });
});

describe("code with something in double braces", () => {
  it("is shown first, with the choice to fill it in", async () => {
    await open();
    const view = await openText();
    type(view, JSON.stringify({ model: "gpt-5.5", input: "Be {{tone}}" }));
    await command("Copy as Python");
    const dialog = await screen.findByTestId("copy-request");
    expect(dialog.textContent).toContain("tone has no value and stays in double braces.");
    expect(within(dialog).getByRole("switch").getAttribute("aria-checked")).toBe("true");
    await fireEvent.click(within(dialog).getByRole("switch"));
    await waitFor(() => expect(dialog.textContent).toContain("tone stays in double braces."));
    const { violations } = await axe.run(dialog, { rules: { region: { enabled: false } } });
    expect(violations.map((it) => it.id)).toEqual([]);
  });
});

describe("a bounded number", () => {
  it("is set with the slider by keys, in steps, tens and detents", async () => {
    await open();
    await fireEvent.click(screen.getByTestId("effort-none"));
    await fireEvent.click(screen.getByTestId("all-parameters"));
    const slider = await screen.findByRole("slider", { name: "Temperature, slider" });
    const field = screen.getByRole<HTMLInputElement>("textbox", { name: "Temperature" });
    expect([slider.getAttribute("aria-valuetext"), field.value]).toEqual(["Not set", ""]);
    for (const [key, shiftKey, value] of [
      ["ArrowLeft", false, "0.9"],
      ["PageDown", false, "0.5"],
      ["ArrowRight", true, "1.5"],
      ["End", false, "2"],
    ] as const) {
      await fireEvent.keyDown(slider, { key, shiftKey });
      await waitFor(() => expect(field.value).toBe(value));
    }
  });
});
