// The Tools tab and a turn that waits for replies, over the in-memory engine.
import { configure, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import axe from "axe-core";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import App from "../../../App.svelte";
import type { RequestFile } from "../../../contract/ipc";
import { call, useHost, type Host } from "../../../host";
import { memoryHost } from "../../../host.memory";

// A busy machine draws the window slowly; what is awaited is a state, not a time.
configure({ asyncUtilTimeout: 20_000 });

const PATH = "migration-review/flag-locking-ddl.yaml";
let sent: { name: string; request: RequestFile; replies: unknown }[] = [];

async function open(change: (request: RequestFile) => RequestFile = (it) => it): Promise<void> {
  const host: Host = memoryHost({ speed: Infinity, figures: false });
  sent = [];
  const { stream } = host;
  host.stream = (name, input, onItem) => {
    if (name === "send" || name === "continue_run") {
      const { request, replies } = input as unknown as (typeof sent)[number];
      sent.push({ name, request, replies });
    }
    return stream(name, input, onItem);
  };
  useHost(host);
  const { request, stamp } = await call("read_request", { path: PATH });
  const next = change(request);
  if (next !== request) await call("save_request", { path: PATH, request: next, stamp });
  render(App);
  await screen.findByRole("region", { name: "Request" });
  await fireEvent.click(screen.getByTestId("request-tools"));
  await screen.findByTestId("tools");
}

async function add(type: string): Promise<HTMLElement> {
  await fireEvent.click(screen.getByTestId("add-tool"));
  await fireEvent.click(await screen.findByTestId(`add-${type}`));
  return screen.findByTestId("tool-form");
}

const type = (field: HTMLElement, value: string) => fireEvent.input(field, { target: { value } });
const run = () => fireEvent.click(screen.getByTestId("run"));
const state = () => screen.getByTestId("run-state").textContent?.trim();
/** The body that was sent last, once something was. */
async function body(): Promise<RequestFile["body"]> {
  await waitFor(() => expect(sent.length).toBeGreaterThan(0));
  return sent.at(-1)!.request.body;
}

const lookUp = (name: string) => ({
  type: "function",
  name,
  strict: true,
  parameters: {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  },
});
const withFunctions =
  (...names: string[]) =>
  (request: RequestFile): RequestFile => ({
    ...request,
    body: { ...request.body, tools: names.map(lookUp) },
  });

// Compiled when it is first loaded, which is not for one test to wait for.
beforeAll(() => import("../Build.svelte"), 120_000);

beforeEach(() => {
  document.documentElement.lang = "en";
  Range.prototype.getClientRects ??= () => [] as unknown as DOMRectList;
  Range.prototype.getBoundingClientRect ??= () => new DOMRect();
});

describe("the list of tools", () => {
  it("adds tools by form, with prices beside them, and sends what was filled in", async () => {
    await open();
    const form = await add("file_search");
    expect(within(form).getByTestId("tool-price").textContent).toContain("$2.50 per 1 000 calls");
    await fireEvent.change(
      within(form).getByRole("textbox", { name: "Vector store IDs, one per line" }),
      { target: { value: "vs_1\n vs_2 \n" } },
    );
    await fireEvent.change(within(form).getByRole("textbox", { name: "Max num results" }), {
      target: { value: "51" },
    });
    expect(within(form).getByRole("alert").textContent).toBe("Use a whole number from 1 to 50.");
    await run();
    expect((await body())["tools"]).toEqual([
      { type: "file_search", vector_store_ids: ["vs_1", "vs_2"] },
    ]);
  });

  it("switches off and on, reorders, duplicates and removes with a way back", async () => {
    await open(withFunctions("one", "two"));
    const titles = () =>
      screen.getAllByTestId("tool").map((it) => it.querySelector(".mono")?.textContent);
    const act = async (name: string, what: string) => {
      await fireEvent.click(screen.getByRole("button", { name: `Actions for ${name}` }));
      await fireEvent.click(await screen.findByRole("menuitem", { name: what }));
      await waitFor(() => expect(screen.queryByRole("menu")).toBe(null));
    };
    await fireEvent.click(screen.getAllByRole("switch", { name: "On" })[0]!);
    expect(titles()).toEqual(["one", "two"]);
    await act("two", "Duplicate");
    await act("two_2", "Move up");
    expect(titles()).toEqual(["one", "two_2", "two"]);
    await act("two", "Remove");
    expect(titles()).toEqual(["one", "two_2"]);
    await fireEvent.click(await screen.findByRole("button", { name: "Undo" }));
    expect(titles()).toEqual(["one", "two_2", "two"]);
    await run();
    expect(((await body())["tools"] as { name: string }[]).map((it) => it.name)).toEqual([
      "two_2",
      "two",
    ]);
    expect(sent[0]!.request.tools_off).toEqual([{ at: 0, tool: lookUp("one") }]);
  });

  it("edits a function's schema as tree and text, and mends it for strict mode", async () => {
    await open((request) => {
      const loose = { ...lookUp("look"), parameters: { type: "object", properties: { a: {} } } };
      return { ...request, body: { ...request.body, tools: [loose] } };
    });
    await fireEvent.click(screen.getByRole("button", { name: "look, Function" }));
    await fireEvent.click(await screen.findByTestId("fix-parameters"));
    await waitFor(() => expect(screen.queryByTestId("strict-problems")).toBe(null));
    await fireEvent.click(screen.getByTestId("edit-parameters"));
    const dialog = await screen.findByTestId("parameters-dialog");
    expect(within(dialog).getByTestId("schema-text").textContent).toContain(
      '"additionalProperties": false',
    );
    const tree = within(dialog).getByTestId("field-tree");
    await fireEvent.keyDown(tree, { key: "End" });
    await fireEvent.keyDown(tree, { key: "Delete" });
    expect(within(tree).getAllByRole("treeitem").length).toBe(1);
    await fireEvent.click(within(dialog).getByRole("button", { name: "Done" }));
    await run();
    expect((await body())["tools"]).toMatchObject([
      { name: "look", parameters: { properties: {} } },
    ]);
  });

  it("keeps a tool that nobody knows, as JSON", async () => {
    const strange = { type: "from_the_future", deep: { a: [1, null] } };
    await open((request) => ({ ...request, body: { ...request.body, tools: [strange] } }));
    await fireEvent.click(screen.getByRole("button", { name: "from_the_future, Unknown kind" }));
    const box = await screen.findByRole<HTMLTextAreaElement>("textbox", {
      name: "The tool as JSON",
    });
    expect(JSON.parse(box.value)).toEqual(strange);
    await type(box, '{"type": "from_the_');
    expect(screen.getByText(/Not taken yet/)).toBeTruthy();
    await type(box, '{"type": "from_the_future", "deep": 2}');
    await run();
    expect((await body())["tools"]).toEqual([{ type: "from_the_future", deep: 2 }]);
  });

  it("says what Chat Completions can't carry, and nests what it can", async () => {
    await open((request) => ({
      ...request,
      endpoint: "chat_completions",
      body: { model: "gpt-5.5", messages: [{ role: "user", content: "Hi" }] },
    }));
    await fireEvent.click(screen.getByTestId("add-tool"));
    const locked = await screen.findByTestId("add-mcp");
    expect(locked.getAttribute("aria-disabled")).toBe("true");
    expect(locked.textContent).toContain("functions and custom tools only");
    await fireEvent.click(locked);
    expect(screen.queryByTestId("tool-form")).toBe(null);
    await fireEvent.click(screen.getByTestId("add-function"));
    const form = await screen.findByTestId("tool-form");
    await type(within(form).getByRole("textbox", { name: "Name" }), "look");
    await run();
    expect((await body())["tools"]).toMatchObject([
      { type: "function", function: { name: "look", strict: true } },
    ]);
  });
});

describe("a call of a function", () => {
  it("waits for a reply, and Continue brings the answer with the cost of both runs", async () => {
    await open(withFunctions("look"));
    await run();
    await waitFor(() => expect(state()).toBe("Waits for a reply"));
    const replies = await screen.findByTestId("replies");
    expect(within(replies).getByText("look")).toBeTruthy();
    const button = within(replies).getByTestId("continue");
    expect(button.getAttribute("aria-disabled")).toBe("true");
    expect(button.title).toBe("Type a reply to look first.");
    const box = within(replies).getByRole("textbox", { name: "Reply to look" });
    await type(box, "{21}");
    expect(within(replies).getByText(/Not JSON/)).toBeTruthy();
    await type(box, '{"warm": 21}');
    await fireEvent.click(within(replies).getByTestId("continue"));
    await waitFor(() => expect(state()).toBe("Completed"));
    expect(screen.getByTestId("output").textContent).toContain("CREATE INDEX CONCURRENTLY");
    expect(screen.getByTestId("turn-cost").textContent).toContain("in 2 runs");
    expect(sent.map((it) => it.name)).toEqual(["send", "continue_run"]);
    expect(sent[1]!.replies).toMatchObject([{ output: '{"warm": 21}' }]);

    await fireEvent.click(screen.getByTestId("response-tools"));
    expect((await screen.findByTestId("turn-step")).textContent).toContain("Run 1");
    expect(screen.getByText(/for the whole turn/)).toBeTruthy();
    expect(screen.getByLabelText("Reply to look").textContent).toContain("21");
  });

  it("asks for a reply to each of two calls", async () => {
    await open(withFunctions("one", "two"));
    await run();
    const replies = await screen.findByTestId("replies");
    await type(within(replies).getByRole("textbox", { name: "Reply to one" }), "1");
    expect(within(replies).getByTestId("continue").title).toBe("Type a reply to two first.");
    await type(within(replies).getByRole("textbox", { name: "Reply to two" }), "2");
    await fireEvent.click(within(replies).getByTestId("continue"));
    await waitFor(() => expect(state()).toBe("Completed"));
    expect(sent[1]!.replies).toMatchObject([{ output: "1" }, { output: "2" }]);
  });

  it("keeps replies as stubs, offers them again, and answers by itself where asked to", async () => {
    await open(withFunctions("look"));
    await run();
    const replies = () => screen.findByTestId("replies");
    await type(within(await replies()).getByRole("textbox", { name: "Reply to look" }), "21");
    await fireEvent.click(within(await replies()).getByTestId("keep-stub"));
    await run();
    await waitFor(() => expect(sent.length).toBe(2));
    await fireEvent.click(await within(await replies()).findByTestId("use-stub"));
    await fireEvent.click(within(await replies()).getByTestId("always-stub"));
    await run();
    await waitFor(() => expect(state()).toBe("Completed"));
    expect(sent.map((it) => it.name)).toEqual(["send", "send", "send", "continue_run"]);
    expect(sent[3]!.request.stubs).toEqual({ look: [{ output: "21", always: true }] });
  });
});

it("asks whether a server's tool may run, and sends the answer", async () => {
  await open(withFunctions("deploy"));
  const asked = <T>(it: T): T =>
    JSON.parse(
      JSON.stringify(it).replaceAll('"kind":"function_call"', '"kind":"mcp_approval_request"'),
    ) as T;
  const memory = memoryHost({ speed: Infinity, figures: false });
  sent = [];
  useHost({
    ...memory,
    stream: async (name, input, onItem) => {
      const first = name === "send";
      if (first || name === "continue_run")
        sent.push({ ...(input as unknown as (typeof sent)[number]), name });
      const shown: typeof onItem = (item) => onItem(first ? asked(item) : item);
      const output = await memory.stream(name, input, shown);
      return first ? asked(output) : output;
    },
  });
  await run();
  const replies = await screen.findByTestId("replies");
  expect(within(replies).queryByRole("textbox")).toBeNull();
  expect(within(replies).getByTestId("continue").getAttribute("aria-disabled")).toBe("true");
  const choice = within(replies).getByRole("radiogroup", { name: "Whether deploy may run" });
  await fireEvent.click(within(choice).getByRole("radio", { name: "Deny" }));
  await fireEvent.click(within(choice).getByRole("radio", { name: "Approve" }));
  expect(within(choice).getByRole("radio", { name: "Approve" }).ariaChecked).toBe("true");
  await fireEvent.click(within(replies).getByTestId("continue"));
  await waitFor(() => expect(sent.map((it) => it.name)).toEqual(["send", "continue_run"]));
  expect(sent[1]!.replies).toMatchObject([{ output: "approve" }]);
});

describe("the tools of a folder", () => {
  it("are shown until the request has its own, which starts as a copy", async () => {
    const folder = "migration-review";
    await open();
    const { stamp } = await call("read_folder", { path: folder });
    await call("save_folder", {
      path: folder,
      stamp,
      folder: { defaults: { tools: [{ type: "web_search" }] } },
    });
    const panel = await screen.findByRole("region", { name: "Tools of the folder" });
    expect(panel.textContent).toContain(`From ${folder}, for as long as`);
    expect(within(panel).getByText(/web.search/i)).toBeTruthy();
    await fireEvent.click(within(panel).getByTestId("own-tools"));
    await waitFor(() => expect(panel.textContent).toContain("left aside"));
    expect(within(panel).queryByTestId("own-tools")).toBeNull();
    await run();
    expect((await body()).tools).toEqual([{ type: "web_search" }]);
  });
});

it("has no fault that axe finds", async () => {
  await open(withFunctions("look"));
  await fireEvent.click(screen.getByRole("button", { name: "look, Function" }));
  await run();
  await screen.findByTestId("replies");
  const { violations } = await axe.run(document.body, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  expect(violations.flatMap((it) => it.nodes.map((node) => `${it.id}: ${node.html}`))).toEqual([]);
});
