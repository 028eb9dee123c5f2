// Import and export in the whole window over the in-memory engine.
import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import App from "../../App.svelte";
import { call, preference, useHost, type FilesDragged } from "../../host";
import { memoryHost } from "../../host.memory";
import { COMMANDS } from "../../lib/commands";

const CURL = `curl https://api.openai.com/v1/responses -H 'Authorization: Bearer sk-proj-planted0123456789' -d '{"model":"gpt-5.5","input":"Say hello"}'`;
const CHAT = `{"model":"gpt-5.5","messages":[{"role":"user","content":"Say hello"}]}`;

async function open(): Promise<void> {
  useHost(memoryHost({ speed: Infinity }));
  render(App);
  await screen.findByRole("region", { name: "Request" });
}

const click = async (testid: string) => fireEvent.click(await screen.findByTestId(testid));

async function run(title: string): Promise<void> {
  await fireEvent.keyDown(document.body, { key: "k", ctrlKey: true });
  const field = await screen.findByRole("combobox", { name: "Search or run a command" });
  await fireEvent.input(field, { target: { value: `>${title}` } });
  await fireEvent.keyDown(field, { key: "Enter" });
}

/** A file of a test's own, which the test document can read. */
function file(name: string, content: string | Uint8Array): File {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const made = new File([], name);
  Object.defineProperties(made, {
    size: { value: bytes.length, configurable: true },
    arrayBuffer: { value: async () => bytes.slice().buffer, configurable: true },
  });
  return made;
}

function fileEntry(of: File): FileSystemEntry {
  return {
    isFile: true,
    isDirectory: false,
    name: of.name,
    file: (found: (file: File) => void) => found(of),
  } as unknown as FileSystemEntry;
}

function folderEntry(name: string, inner: FileSystemEntry[]): FileSystemEntry {
  return {
    isFile: false,
    isDirectory: true,
    name,
    createReader: () => {
      // A few at a time, as browsers do.
      const left = [...inner];
      return { readEntries: (found: (some: unknown[]) => void) => found(left.splice(0, 2)) };
    },
  } as unknown as FileSystemEntry;
}

async function drop(...entries: FileSystemEntry[]): Promise<void> {
  const items = entries.map((entry) => ({ kind: "file", webkitGetAsEntry: () => entry }));
  const event = new Event("drop", { bubbles: true, cancelable: true });
  Object.assign(event, { dataTransfer: { types: ["Files"], items } });
  await fireEvent(document.body, event);
  expect(event.defaultPrevented, "the page stays where it is").toBe(true);
}

/** Rules that need a drawn page, which the test document is not. */
const UNDRAWN = { "color-contrast": { enabled: false }, region: { enabled: false } };

async function faults(): Promise<string[]> {
  const { violations } = await axe.run(document.body, { rules: UNDRAWN });
  return violations.flatMap((it) => it.nodes.map((node) => `${it.id}: ${node.html}`));
}

// Compiled when it is first loaded, which is not for one test to wait for.
beforeAll(() => import("../build/Build.svelte"), 60_000);

beforeEach(() => {
  document.documentElement.lang = "en";
});

describe("import", () => {
  it("shows what a dropped folder would bring, writes it, shows it and takes it back", async () => {
    await open();
    const before = (await call("list_requests", {})).requests.map((it) => it.path);
    await drop(
      folderEntry("calls", [
        fileEntry(file("hello.sh", CURL)),
        fileEntry(file("picture.json", new Uint8Array([0x89, 0x50, 0xff, 0x00]))),
        fileEntry(file("prose.txt", "Just words")),
        folderEntry("node_modules", [fileEntry(file("body.json", CHAT))]),
        folderEntry("more", [fileEntry(file("chat.json", CHAT))]),
        fileEntry(file(".env", "OPENAI_API_KEY=sk-proj-planted0123456789")),
      ]),
    );
    const found = await screen.findByTestId("import-found");
    expect(found.textContent).toContain("2 items of cURL, request JSON. Nothing is written yet.");
    const left = screen.getByTestId("left-out").textContent;
    expect(left).toContain("calls/picture.json");
    expect(left).toContain("It is no UTF-8");
    expect(left).toContain("It is in none of the formats that can be imported.");
    expect(left).toContain("The header Authorization");
    expect(document.body.textContent).not.toContain("planted");
    expect(await faults()).toEqual([]);
    expect((await call("list_requests", {})).requests.map((it) => it.path)).toEqual(before);

    await fireEvent.input(screen.getByTestId("import-folder"), { target: { value: "/Inbox/" } });
    await click("import-write");
    expect((await screen.findByTestId("import-done")).textContent).toContain("2 items imported.");
    const after = (await call("list_requests", {})).requests.map((it) => it.path);
    expect(after.filter((path) => !before.includes(path)).sort()).toEqual([
      "Inbox/calls/hello.yaml",
      "Inbox/calls/more/chat.yaml",
    ]);
    expect(await faults()).toEqual([]);
    await click("import-undo");
    expect(await screen.findByText("The import was undone")).toBeTruthy();
    expect((await call("list_requests", {})).requests.map((it) => it.path)).toEqual(before);
  });

  it("takes a paste from the palette, and opens what came in", async () => {
    await open();
    await run("Import");
    const field = await screen.findByTestId("import-paste");
    const paste = new Event("paste", { bubbles: true, cancelable: true });
    Object.assign(paste, { clipboardData: { getData: () => CURL } });
    await fireEvent(field, paste);
    await screen.findByTestId("import-found");
    await click("import-write");
    await click("import-show");
    await screen.findByRole("tab", { name: /pasted/, selected: true });
  });

  it("says at once that a typed path leads nowhere", async () => {
    await open();
    await run("Import");
    await fireEvent.input(await screen.findByTestId("import-path"), {
      target: { value: " /nowhere/at all " },
    });
    await click("import-look");
    expect((await screen.findByTestId("import-problem")).textContent).toContain(
      "/nowhere/at all could not be read",
    );
    expect(screen.getByTestId("import-paste")).toBeTruthy();
  });

  it("translates Chat Completions where that is wanted", async () => {
    await open();
    await drop(fileEntry(file("chat.json", CHAT)));
    expect(await screen.findByText("Request, Chat Completions")).toBeTruthy();
    await fireEvent.click(screen.getByRole("switch", { name: /Translate Chat Completions/ }));
    expect(await screen.findByText("Request")).toBeTruthy();
  });

  it("can be cancelled while files are read", async () => {
    await open();
    const slow = file("slow.json", CHAT);
    let go = (): void => {};
    Object.defineProperty(slow, "arrayBuffer", {
      value: () => new Promise<ArrayBuffer>((done) => (go = () => done(new ArrayBuffer(0)))),
    });
    await drop(fileEntry(slow));
    const reading = await screen.findByTestId("import-reading");
    await waitFor(() => expect(reading.textContent).toContain("Reading 0 of 1 file."));
    expect(await faults()).toEqual([]);
    await click("import-cancel");
    go();
    expect(await screen.findByTestId("import-paste")).toBeTruthy();
    expect(screen.queryByTestId("import-found")).toBeNull();
  });

  it("names a file that is too large, and refuses more than can be held", async () => {
    await open();
    const large = file("large.json", CHAT);
    Object.defineProperty(large, "size", { value: 65 * 1024 * 1024 });
    await drop(fileEntry(large));
    await screen.findByTestId("import-found");
    expect(screen.getByTestId("left-out").textContent).toContain(
      "It is 65 MB large; up to 64 MB are read.",
    );
    const many = [1, 2, 3].map((n) => {
      const part = file(`part${n}.json`, CHAT);
      Object.defineProperty(part, "size", { value: 60 * 1024 * 1024 });
      return fileEntry(part);
    });
    await drop(...many);
    expect((await screen.findByTestId("import-problem")).textContent).toContain(
      "There are more than 128 MB of files.",
    );
  });

  it("takes a text of another program, and leaves drags of the page's own alone", async () => {
    await open();
    const data = { types: ["text/plain"], getData: () => CURL, items: [] };
    const tell = async (kind: string, to: Element = document.body) => {
      const event = new Event(kind, { bubbles: true, cancelable: true });
      Object.assign(event, { dataTransfer: data });
      await fireEvent(to, event);
      return event.defaultPrevented;
    };
    await tell("dragstart");
    expect(await tell("dragover")).toBe(false);
    expect(screen.queryByTestId("drop-target")).toBeNull();
    await tell("dragend");
    expect(await tell("dragover")).toBe(true);
    expect(screen.getByTestId("drop-target")).toBeTruthy();
    // Where texts can be typed, it is inserted.
    const field = document.body.appendChild(document.createElement("textarea"));
    expect([await tell("dragover", field), await tell("drop", field)]).toEqual([false, false]);
    field.remove();
    expect(screen.queryByTestId("drop-target")).toBeNull();
    expect(await tell("drop")).toBe(true);
    expect((await screen.findByTestId("import-found")).textContent).toContain("1 item of cURL");
  });

  it("asks the system for a folder, and takes none where none was chosen", async () => {
    const memory = memoryHost({ speed: Infinity });
    const looked: unknown[] = [];
    let chosen: string | null = null;
    useHost({
      ...memory,
      call: (name, input) => {
        if (name === "import_preview") looked.push(input);
        return memory.call(name, input);
      },
      chooseFolder: async () => chosen,
    });
    render(App);
    await screen.findByRole("region", { name: "Request" });
    await run("Import");
    await click("import-choose-folder");
    chosen = "/home/ada/Calls";
    await click("import-choose-folder");
    await waitFor(() => expect(looked).toHaveLength(1));
    expect(looked[0]).toMatchObject({ paths: ["/home/ada/Calls"], files: [] });
  });

  it("takes paths where the web view gives the page no files", async () => {
    // What the test document has not: the data of a drag, and what lies at a place.
    vi.stubGlobal(
      "DataTransfer",
      class {
        #held = new Map<string, string>();
        items = [];
        get types() {
          return [...this.#held.keys()];
        }
        setData = (kind: string, text: string) => void this.#held.set(kind, text);
        getData = (kind: string) => this.#held.get(kind) ?? "";
      },
    );
    vi.stubGlobal(
      "DragEvent",
      class extends MouseEvent {
        dataTransfer: DataTransfer | null;
        constructor(kind: string, init: DragEventInit) {
          super(kind, init);
          this.dataTransfer = init.dataTransfer ?? null;
        }
      },
    );
    let under: Element = document.body;
    document.elementFromPoint = () => under;
    let tell: (drag: FilesDragged | null) => void = () => {};
    const looked: unknown[] = [];
    const memory = memoryHost({ speed: Infinity });
    useHost({
      ...memory,
      call: (name, input) => {
        if (name === "import_preview") looked.push(input);
        return memory.call(name, input);
      },
      onFilesDragged: (hears) => {
        tell = hears;
        return () => {};
      },
    });
    render(App);
    await screen.findByRole("region", { name: "Request" });
    const drag = { paths: ["/home/ada/Calls", "/home/ada/a b.sh"], x: 5, y: 5, dropped: false };
    tell(drag);
    expect(await screen.findByTestId("drop-target")).toBeTruthy();
    tell(null);
    await waitFor(() => expect(screen.queryByTestId("drop-target")).toBeNull());
    tell({ ...drag, dropped: true });
    const whole = { paths: drag.paths, files: [], text: null, toResponses: false };
    await waitFor(() => expect(looked).toEqual([whole]));

    // A message takes what is dropped on it; a link is text, wherever it comes from.
    under = screen.getByRole("article", { name: "User message" });
    tell({ ...drag, dropped: true });
    tell({ ...drag, paths: ["https://example.com/?q=1"], dropped: true });
    await waitFor(() => expect(looked).toHaveLength(2));
    expect(looked[1]).toMatchObject({ paths: [], text: "https://example.com/?q=1" });
    vi.unstubAllGlobals();
  });
});

describe("export", () => {
  it("asks the system for the folder to write to, and keeps what was typed where none is chosen", async () => {
    let chosen: string | null = "/home/ada/Out";
    useHost({ ...memoryHost({ speed: Infinity }), chooseFolder: async () => chosen });
    render(App);
    await screen.findByRole("region", { name: "Request" });
    await run("Export requests");
    const field = (await screen.findByTestId("export-to")) as HTMLInputElement;
    await click("export-choose");
    await waitFor(() => expect(field.value).toBe("/home/ada/Out"));
    chosen = null;
    await click("export-choose");
    expect(field.value).toBe("/home/ada/Out");
  });

  it("writes what is in front, over nothing without a yes", async () => {
    await open();
    await run("Export requests");
    await screen.findByTestId("export-made");
    expect(screen.getByTestId("export-request").ariaChecked).toBe("true");
    await click("export-as-curl");
    await waitFor(() =>
      expect(screen.getByTestId("export-made").textContent).toContain("1 file: requests.sh."),
    );
    expect(screen.getByTestId("left-out").textContent).toContain("The form has no checks.");
    expect(await faults()).toEqual([]);
    await fireEvent.input(screen.getByTestId("export-to"), { target: { value: "/tmp/out" } });
    await click("export-write");
    expect((await screen.findByTestId("export-done")).textContent).toContain(
      "/tmp/out/requests.sh",
    );
    expect(await preference("exportFolder")).toBe("/tmp/out");
    await click("export-write");
    expect((await screen.findByTestId("export-taken")).textContent).toMatch(
      /this file is there\s+already/,
    );
    expect(await faults()).toEqual([]);
    await click("export-replace");
    await screen.findByTestId("export-done");
  });

  it("says at its field that a folder is no whole path", async () => {
    await open();
    await run("Export requests");
    await click("export-all");
    await fireEvent.input(await screen.findByTestId("export-to"), { target: { value: "out" } });
    await click("export-write");
    expect(await screen.findByText(/is no whole path/)).toBeTruthy();
    expect(screen.getByTestId("export-to").getAttribute("aria-invalid")).toBe("true");
  });

  it("copies a single file", async () => {
    await open();
    const writeText = vi.fn(async () => {});
    vi.stubGlobal("navigator", Object.assign(navigator, { clipboard: { writeText } }));
    await run("Export requests");
    await click("export-as-pytest");
    await click("export-copy");
    await waitFor(() => expect(writeText).toHaveBeenCalledOnce());
  });
});

it("both are in the palette", () => {
  expect(COMMANDS.map((it) => it.id)).toEqual(expect.arrayContaining(["import", "export"]));
});
