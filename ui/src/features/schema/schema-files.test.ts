// Schemas as files, over the in-memory engine: moved out of a request and back, shared, renamed, deleted with undo.
import { configure, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { beforeEach, describe, expect, it } from "vitest";
import App from "../../App.svelte";
import type { RequestFile, TreeNews } from "../../contract/ipc";
import { call, useHost, type Host } from "../../host";
import { memoryHost } from "../../host.memory";

const PATIENCE = { timeout: 15_000 };
const PATH = "schemas/ticket_class.json";

// A whole window is drawn here, which takes its time on a busy computer.
configure({ asyncUtilTimeout: 20_000 });

async function open(host: Host = memoryHost({ speed: Infinity })): Promise<void> {
  useHost(host);
  render(App);
  await screen.findByRole("region", { name: "Request" }, PATIENCE);
  await fireEvent.click(await screen.findByRole("treeitem", { name: /Classify ticket/ }, PATIENCE));
  await fireEvent.click(screen.getByTestId("nav-schemas"));
  await screen.findByTestId("field-tree", undefined, PATIENCE);
}

async function choose(from: string, item: RegExp): Promise<void> {
  const trigger = screen.getByTestId(from);
  await fireEvent.pointerDown(trigger, { button: 0, pointerType: "mouse" });
  await fireEvent.click(trigger);
  const found = await screen.findByRole("menuitem", { name: item }, PATIENCE);
  await fireEvent.click(found);
}

async function toFile(): Promise<void> {
  await choose("schema-more", /Move it to a file/);
  await waitFor(() => expect(screen.getByTestId("schema-users")).toBeTruthy(), PATIENCE);
}

beforeEach(() => {
  document.documentElement.lang = "en";
  Range.prototype.getClientRects ??= () => [] as unknown as DOMRectList;
  Range.prototype.getBoundingClientRect ??= () => new DOMRect();
});

describe("Schema files", () => {
  it("moves a schema to a file, shows who uses it once saved, and takes it back", async () => {
    await open();
    await toFile();
    expect((await call("read_schema", { path: PATH })).problem).toBeNull();
    const request = screen.getByRole("treeitem", { name: /Classify ticket/ });
    expect(request).toBeTruthy();
    await choose("schema-more", /Move it into Classify ticket/);
    await waitFor(() => expect(screen.queryByTestId("schema-users")).toBeNull(), PATIENCE);
    expect(screen.getByTestId("schema-name")).toHaveProperty("value", "ticket_class");
    expect((await call("list_schemas", {})).files.map((it) => it.path)).toEqual([PATH]);
  });

  it("saves an edit of the file, renames it, and deletes it with undo", async () => {
    await open();
    await toFile();
    const tree = screen.getByTestId("field-tree");
    await fireEvent.keyDown(tree, { key: "End" });
    await fireEvent.keyDown(tree, { key: "Delete" });
    await fireEvent.click(screen.getByRole("button", { name: /^Save/ }));
    await waitFor(async () => {
      const { text } = await call("read_schema", { path: PATH });
      expect(JSON.parse(text)).toMatchObject({ required: ["category", "urgency"] });
    }, PATIENCE);

    const name = screen.getByTestId("schema-name");
    await fireEvent.change(name, { target: { value: "triage" } });
    await waitFor(async () => {
      const { files } = await call("list_schemas", {});
      expect(files.map((it) => it.name)).toEqual(["triage"]);
    }, PATIENCE);
    await waitFor(
      () => expect(screen.getByTestId("schema-name")).toHaveProperty("value", "triage"),
      PATIENCE,
    );
    await choose("schema-more", /^Delete$/);
    await waitFor(async () => expect((await call("list_schemas", {})).files).toEqual([]), PATIENCE);
    await fireEvent.click(await screen.findByRole("button", { name: "Undo" }, PATIENCE));
    await waitFor(
      async () => expect((await call("list_schemas", {})).files.length).toBe(1),
      PATIENCE,
    );
  });

  it("keeps both sides of a file that was changed outside", async () => {
    await open();
    await toFile();
    const known = await call("read_schema", { path: PATH });
    await fireEvent.keyDown(screen.getByTestId("field-tree"), { key: "End" });
    await fireEvent.keyDown(screen.getByTestId("field-tree"), { key: "Delete" });
    await call("save_schema", { path: PATH, text: '{"type":"object"}', stamp: known.stamp });
    await fireEvent.click(screen.getByRole("button", { name: /^Save/ }));
    await screen.findByText(/was changed outside Rheostat/, undefined, PATIENCE);
    expect((await call("read_schema", { path: PATH })).text).toBe('{"type":"object"}');
  });

  it("hears of an outside edit from the one stream that the window has", async () => {
    const host = memoryHost({ speed: Infinity });
    const streams: string[] = [];
    let tell: (news: TreeNews) => void = () => {};
    const stream: Host["stream"] = (name, input, onItem) => {
      streams.push(name);
      if (name === "watch_workspace") tell = onItem as unknown as typeof tell;
      return host.stream(name, input, onItem);
    };
    await open({ ...host, stream });
    await toFile();
    expect(streams.filter((it) => it === "watch_workspace")).toEqual(["watch_workspace"]);
    const { stamp } = await call("read_schema", { path: PATH });
    await call("save_schema", { path: PATH, text: '{"title": "By another editor"}', stamp });
    tell({
      whole: false,
      changed: [PATH],
      removed: [],
      requests: [],
      folders: null,
      pending: 0,
      problem: null,
    });
    const text = () => screen.getByTestId("schema-text").textContent;
    await waitFor(() => expect(text()).toContain("By another editor"), PATIENCE);
  });

  it("runs the request that uses the file, and waits until the file is saved", async () => {
    const host = memoryHost({ speed: Infinity });
    const sent: RequestFile[] = [];
    const stream: Host["stream"] = (name, input, onItem) => {
      if (name === "send") sent.push((input as { request: RequestFile }).request);
      return host.stream(name, input, onItem);
    };
    await open({ ...host, stream });
    await toFile();
    // Not used by a saved request yet: nothing judges it.
    const again = screen.getByTestId("run-again");
    expect(again.getAttribute("aria-disabled")).toBe("true");
    await fireEvent.click(screen.getByTestId("nav-build"));
    await fireEvent.keyDown(document.body, { key: "s", ctrlKey: true });
    await screen.findByText("Saved", undefined, PATIENCE);
    await fireEvent.click(screen.getByTestId("nav-schemas"));
    await waitFor(
      () => expect(screen.getByTestId("run-again").getAttribute("aria-disabled")).not.toBe("true"),
      PATIENCE,
    );
    await fireEvent.keyDown(await screen.findByTestId("field-tree"), { key: "End" });
    await fireEvent.keyDown(screen.getByTestId("field-tree"), { key: "Delete" });
    expect(screen.getByTestId("run-again").getAttribute("title")).toContain(
      "Save the schema first",
    );
    await fireEvent.keyDown(document.body, { key: "z", ctrlKey: true });
    await fireEvent.click(screen.getByTestId("run-again"));
    await waitFor(() => expect(sent.length).toBe(1), PATIENCE);
    expect(sent[0]).toMatchObject({ name: "Classify ticket", schema_file: PATH });
    expect(sent[0]!.body["model"]).toBeTruthy();
  });

  it("has no fault that axe finds", async () => {
    await open();
    await toFile();
    await screen.findByTestId("used-by", undefined, PATIENCE);
    const { violations } = await axe.run(document.body, {
      rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
    });
    expect(violations.flatMap((it) => it.nodes.map((node) => `${it.id}: ${node.html}`))).toEqual(
      [],
    );
  });
});
