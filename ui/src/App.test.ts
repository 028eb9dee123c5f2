// The whole window over the in-memory engine: what a user sees, by test id and by role.
import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import axe from "axe-core";
import { beforeEach, describe, expect, it } from "vitest";
import App from "./App.svelte";
import { call, setPreference, useHost } from "./host";
import { COPY } from "./lib/error-copy";
import { memoryHost, type MemoryOptions } from "./host.memory";

async function open(options: MemoryOptions = {}): Promise<void> {
  useHost(memoryHost({ speed: Infinity, ...options }));
  render(App);
  await screen.findByRole("region", { name: "Request" });
}

const press = (key: string, mods: Partial<KeyboardEventInit> = {}) =>
  fireEvent.keyDown(document.activeElement ?? document.body, { key, ...mods });

/** Rules that need a drawn page, which the test document is not. */
const UNDRAWN = { "color-contrast": { enabled: false }, region: { enabled: false } };

async function faults(): Promise<string[]> {
  const { violations } = await axe.run(document.body, { rules: UNDRAWN });
  return violations.flatMap((it) => it.nodes.map((node) => `${it.id}: ${node.html}`));
}

beforeEach(() => {
  document.documentElement.lang = "en";
});

describe("Build", () => {
  it("shows the last run of the request, marked as a sample", async () => {
    await open();
    expect((await screen.findByTestId("run-state")).textContent).toContain("Completed");
    expect(screen.getByTestId("sample-mark").textContent).toContain("Sample reply");
    expect(screen.getByTestId("output").textContent).toContain("CREATE INDEX CONCURRENTLY");
    expect(screen.getByTestId("fact-cost").textContent).toContain("$0.1108");
  });

  it("runs the request and shows how it ends", async () => {
    await open({ figures: false });
    expect(screen.queryByTestId("run-state")).toBeNull();
    await fireEvent.click(screen.getByTestId("run"));
    await waitFor(() => expect(screen.getByTestId("run-state").dataset.status).toBe("completed"));
    expect(screen.getByTestId("sample-mark")).toBeTruthy();
    expect(await screen.findByTestId("run")).toBeTruthy();
  });

  it("stops a run by Escape and says so", async () => {
    await open({ figures: false, speed: 1 });
    await press("Enter", { ctrlKey: true });
    await screen.findByTestId("stop");
    await press("Escape");
    await waitFor(() => expect(screen.getByTestId("run-state").dataset.status).toBe("stopped"));
  });

  it("says that no figure is known before there are runs", async () => {
    await open({ figures: false });
    expect(screen.getByTestId("effort-high").textContent).toContain("Careful");
    expect(screen.getByText("Cost not known yet")).toBeTruthy();
  });

  it("offers to raise the cap when all tokens went on reasoning", async () => {
    await open({ figures: false });
    const field = screen.getByRole("textbox", { name: "Max output tokens" });
    await fireEvent.focus(field);
    await fireEvent.input(field, { target: { value: "2000" } });
    await fireEvent.blur(field);
    await fireEvent.click(screen.getByTestId("run"));
    expect((await screen.findByTestId("cap-panel")).textContent).toContain(
      "All 2\u2009000 output tokens went on reasoning.",
    );
    await screen.findByTestId("run");
    // Twice the cap would still be under what earlier runs needed.
    await fireEvent.click(screen.getByTestId("raise-cap"));
    await waitFor(() => expect(screen.getByTestId("run-state").dataset.status).toBe("completed"));
    expect((field as HTMLInputElement).value).toBe("5\u2009000");
  });

  it.each(["rate_limited", "stream_cut", "prompt_declined", "internal"] as const)(
    "shows a run that ended by %s as its panel, and keeps what arrived",
    async (code) => {
      await open({ figures: false, failWith: code });
      await fireEvent.click(screen.getByTestId("run"));
      const panel = await screen.findByTestId("error-panel");
      expect(panel.dataset.code).toBe(code);
      expect(within(panel).getByRole("heading").textContent).toBe(COPY[code].title);
      expect(panel.textContent).toContain("req_0199c0de");
      expect(screen.getByTestId("output").textContent).toContain("Three of the five");
      expect(await faults()).toEqual([]);
    },
  );

  it("names a file that cannot be read, with its place and what to do", async () => {
    await open();
    await fireEvent.click(screen.getByRole("treeitem", { name: /half-written/ }));
    const panel = await screen.findByTestId("error-panel");
    expect(panel.dataset.code).toBe("file_invalid");
    expect(panel.textContent).toContain("transcripts/half-written.yaml, line 4");
    expect(panel.textContent).toContain("Close the quote in line 4");
  });

  it("offers a choice when the file changed on disk, and keeps what was typed", async () => {
    await open();
    const path = "migration-review/flag-locking-ddl.yaml";
    await fireEvent.click(screen.getByTestId("effort-low"));
    const theirs = await call("read_request", { path });
    await call("save_request", { ...theirs, request: { ...theirs.request, name: "Theirs" } });
    const banner = await screen.findByTestId("conflict");
    await fireEvent.click(within(banner).getByRole("button", { name: "Keep mine" }));
    await waitFor(() => expect(screen.queryByTestId("conflict")).toBeNull());
    const { request } = await call("read_request", { path });
    expect([request.name, request.body.reasoning]).toEqual([
      "Flag locking DDL",
      { effort: "low", summary: "auto" },
    ]);
  });
});

describe("the first start", () => {
  it("compares the sample and offers the two ways on, until a key is there", async () => {
    useHost(memoryHost({ speed: Infinity, figures: false, firstStart: true }));
    render(App);
    const first = await screen.findByTestId("first-start");
    expect(first.textContent).toContain("Sample replies");
    expect(await screen.findByTestId("verdict")).toBeTruthy();
    await fireEvent.click(within(first).getByTestId("first-key"));
    const field = await screen.findByTestId("key-field");
    await waitFor(() => expect(document.activeElement).toBe(field));
    await fireEvent.input(field, {
      target: { value: "sk-test-0123456789" },
    });
    await fireEvent.click(screen.getByTestId("save-key"));
    await waitFor(() => expect(screen.queryByTestId("first-start")).toBeNull());
  });

  it("can be closed, and no later start says it again", async () => {
    useHost(memoryHost({ speed: Infinity, figures: false, firstStart: true }));
    const { unmount } = render(App);
    const first = await screen.findByTestId("first-start");
    await fireEvent.click(within(first).getByRole("button", { name: "Close first steps" }));
    expect(screen.queryByTestId("first-start")).toBeNull();
    unmount();
    await open();
    await fireEvent.click(screen.getByTestId("nav-compare"));
    expect(await screen.findByTestId("compare-run")).toBeTruthy();
    expect(screen.queryByTestId("first-start")).toBeNull();
  });
});

describe("mock", () => {
  it("is kept from a run, leads to the recording, and is not written twice", async () => {
    await open();
    await screen.findByTestId("run-state");
    await press("M", { ctrlKey: true, shiftKey: true });
    expect(await screen.findByText("Saved as mock")).toBeTruthy();
    await press("M", { ctrlKey: true, shiftKey: true });
    expect(await screen.findByText("Saved as mock before")).toBeTruthy();
    expect(screen.getByText(/holds the same answer. Nothing was written./)).toBeTruthy();
    await fireEvent.click(screen.getAllByRole("button", { name: "Open in Mock" })[0]!);
    await screen.findByRole("tab", { name: /Recordings/, selected: true });
    const [row] = screen.getAllByTestId("recording");
    expect(row!.textContent).toContain("Flag locking DDL");
    await waitFor(() => expect(row!.contains(document.activeElement)).toBe(true));
  });

  it("that is replayed is marked, keeps its cost and its time, and spends nothing", async () => {
    await open({ replays: true });
    expect((await screen.findByTestId("sample-mark")).textContent).toContain("Mock reply");
    expect(screen.getByTestId("recorded-at").textContent?.trim()).toMatch(/^20 Nov/);
    expect(screen.getByText("Cost when recorded")).toBeTruthy();
    expect(screen.getByTestId("fact-cost").textContent).toContain("Nothing new was spent");
    expect(screen.getByTestId("fact-time").textContent).toContain("29.9");
    expect(screen.queryByTestId("save-as-mock")).toBeNull();
    await fireEvent.click(screen.getByTestId("run"));
    await waitFor(() => expect(screen.queryByTestId("stop")).toBeNull());
    expect(screen.getByText("$0")).toBeTruthy();
    expect(await faults()).toEqual([]);
  });

  it("that is replayed can be run live: with a key it is charged, without it asks for one", async () => {
    await open({ replays: true });
    await fireEvent.click(await screen.findByTestId("run-live"));
    expect(await screen.findByTestId("key-field")).toBeTruthy();
    expect(screen.getByTestId("connection").textContent).toContain("Mock");
    await fireEvent.input(screen.getByTestId("key-field"), {
      target: { value: "sk-proj-verysecretvalue4f2a" },
    });
    await fireEvent.click(screen.getByTestId("save-key"));
    await screen.findByTestId("key-label");
    await fireEvent.click(screen.getByTestId("run-live"));
    const go = await screen.findByTestId("go-live");
    expect(go.textContent).toBe("Go live and run");
    expect(screen.getByTestId("connection").textContent).toContain("Mock");
    await fireEvent.click(go);
    await waitFor(() => expect(screen.queryByTestId("sample-mark")).toBeNull());
    expect(screen.getByTestId("connection").textContent).toContain("Live: sk-proj");
    await waitFor(() => expect(screen.getByText("$0.11")).toBeTruthy());
    await fireEvent.click(screen.getByRole("button", { name: "Back to Mock", hidden: true }));
    await waitFor(() => expect(screen.getByTestId("connection").textContent).toContain("Mock"));
  });

  it("that records warns in the app bar, wherever one is", async () => {
    await open();
    await press("5", { ctrlKey: true, code: "Digit5" });
    await fireEvent.click(await screen.findByTestId("mock-record"));
    await fireEvent.click(await screen.findByTestId("record-confirm"));
    await screen.findByTestId("bar-recording");
    await fireEvent.click(screen.getByTestId("nav-build"));
    expect(screen.getByTestId("bar-recording").textContent).toContain("Recording");
    await fireEvent.click(screen.getByTestId("bar-recording"));
    await fireEvent.click(await screen.findByTestId("mock-record"));
    await waitFor(() => expect(screen.queryByTestId("bar-recording")).toBeNull());
  });
});

describe("the effort dial", () => {
  const chosen = () => screen.getByRole("radio", { checked: true, name: /median|Fast|Bal|Care/ });

  it("has one tab stop, and arrows move the choice with the focus", async () => {
    await open();
    const high = screen.getByTestId("effort-high");
    expect([high.tabIndex, screen.getByTestId("effort-low").tabIndex]).toEqual([0, -1]);
    high.focus();
    await press("ArrowLeft");
    expect(document.activeElement).toBe(screen.getByTestId("effort-medium"));
    expect(chosen()).toBe(screen.getByTestId("effort-medium"));
    await press("Home");
    expect(chosen()).toBe(screen.getByTestId("effort-none"));
    await press("End");
    expect(chosen()).toBe(screen.getByTestId("effort-xhigh"));
  });

  it("is named with its figures", async () => {
    await open();
    await waitFor(() =>
      expect(screen.getByTestId("effort-high").getAttribute("aria-label")).toBe(
        "High, median 11.1 cents, 29.9 seconds",
      ),
    );
  });

  it("reaches a locked level but does not choose it, and says why", async () => {
    await open();
    const path = "support-triage/draft-first-reply.yaml";
    const opened = await call("read_request", { path });
    opened.request.body.model = "gpt-5.5-pro";
    await call("save_request", opened);
    await fireEvent.click(screen.getByRole("treeitem", { name: /Draft first reply/ }));
    const low = screen.getByTestId("effort-low");
    await waitFor(() => expect(low.isConnected && low.ariaDisabled).toBeTruthy());
    screen.getByTestId("effort-medium").focus();
    await press("ArrowLeft");
    expect(document.activeElement).toBe(screen.getByTestId("effort-low"));
    expect(chosen()).toBe(screen.getByTestId("effort-medium"));
    const reason = document.getElementById(
      screen.getByTestId("effort-low").getAttribute("aria-describedby")!,
    );
    expect(reason?.textContent).toBe(
      "gpt-5.5-pro does not offer Low. It offers Medium, High and Extra high.",
    );
  });

  it("takes Alt and a digit from anywhere", async () => {
    await open();
    await press("2", { altKey: true, code: "Digit2" });
    expect(chosen()).toBe(screen.getByTestId("effort-low"));
    await press("z", { ctrlKey: true });
    expect(chosen()).toBe(screen.getByTestId("effort-high"));
  });
});

describe("the connection", () => {
  it("takes a key, never shows it again, and forgets it", async () => {
    await open();
    expect(screen.getByTestId("connection").textContent).toContain("Mock");
    await fireEvent.click(screen.getByTestId("connection"));
    await fireEvent.click(await screen.findByTestId("mode-live"));
    await waitFor(() =>
      expect(screen.getByTestId("connection").textContent).toContain("Live: no key"),
    );
    expect(screen.getByTestId("run").getAttribute("aria-disabled")).toBe("true");

    const field = screen.getByTestId<HTMLInputElement>("key-field");
    await fireEvent.input(field, { target: { value: "sk-proj-verysecretvalue4f2a" } });
    await fireEvent.click(screen.getByTestId("save-key"));
    expect(field.value).toBe("");
    expect((await screen.findByTestId("key-label")).textContent).toBe("sk-proj…4f2a");
    expect(screen.getByTestId("connection").textContent).toContain("Live: sk-proj…4f2a");
    expect(document.body.innerHTML).not.toContain("verysecret");
    expect(screen.getByTestId("run").getAttribute("aria-disabled")).toBeNull();

    await fireEvent.click(screen.getByTestId("forget-key"));
    await waitFor(() => expect(screen.queryByTestId("key-label")).toBeNull());
  });
});

describe("the palette", () => {
  it("finds a command, runs it and closes", async () => {
    await open();
    await press("k", { ctrlKey: true });
    const field = await screen.findByRole("combobox", { name: "Search or run a command" });
    await fireEvent.input(field, { target: { value: "extra high" } });
    expect(screen.getAllByRole("option")[0]!.textContent).toContain("Set effort to Extra high");
    await fireEvent.keyDown(field, { key: "Enter" });
    await waitFor(() => expect(screen.queryByTestId("palette")).toBeNull());
    await waitFor(() =>
      expect(screen.getByTestId("effort-xhigh").getAttribute("aria-checked")).toBe("true"),
    );
  });

  it("opens a request by its name", async () => {
    await open();
    await press("k", { ctrlKey: true });
    const field = await screen.findByRole("combobox", { name: "Search or run a command" });
    await fireEvent.input(field, { target: { value: "classify" } });
    await fireEvent.keyDown(field, { key: "Enter" });
    await screen.findByRole("tab", { name: /Classify ticket/, selected: true });
    expect(screen.getByRole("tab", { name: "Output schema" })).toBeTruthy();
  });
});

it("says for as long as it lasts that runs are kept in memory only", async () => {
  await open({ historyProblem: true });
  const banner = screen.getByTestId("history-banner");
  expect(banner.textContent).toContain("Runs are kept in memory only");
  expect(banner.dataset.code).toBe("history_locked");
});

describe.each(["light", "dark"])("in the %s theme axe finds nothing", (theme) => {
  async function themed(): Promise<void> {
    useHost(memoryHost({ speed: Infinity }));
    await setPreference("appearance", { theme });
    render(App);
    await screen.findByTestId("run-state");
    await waitFor(() => expect(document.documentElement.dataset.theme).toBe(theme));
  }

  it.each(["messages", "checks", "json"])("on Build with %s in front", async (view) => {
    await themed();
    await fireEvent.click(screen.getByTestId(`request-${view}`));
    expect(await faults()).toEqual([]);
  });

  it.each(["reasoning", "tools", "checks", "events"])("on Build with the %s", async (view) => {
    await themed();
    await fireEvent.click(screen.getByTestId(`response-${view}`));
    expect(await faults()).toEqual([]);
  });

  it("on Mock", async () => {
    await themed();
    await fireEvent.click(screen.getByTestId("nav-mock"));
    await screen.findByTestId("mock-base-url");
    expect(await faults()).toEqual([]);
  });

  it("on Settings", async () => {
    await themed();
    await fireEvent.click(screen.getByTestId("nav-settings"));
    await screen.findByRole("heading", { name: "Settings" });
    expect(await faults()).toEqual([]);
  });
});
