// Environments, keys and production in the whole window over the in-memory engine.
import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import axe from "axe-core";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import App from "../../App.svelte";
import { call, useHost, type Host } from "../../host";
import { memoryHost, type MemoryOptions } from "../../host.memory";

const KEY = "sk-proj-verysecretvalue4f2a";
const MIDDLE = "verysecretvalue";

/** All that was asked of the engine, in order. */
let asked: { name: string; input: unknown }[] = [];

async function open(options: MemoryOptions = {}): Promise<void> {
  const host = memoryHost({ speed: Infinity, ...options });
  asked = [];
  const spy: Host = {
    ...host,
    call: (name, input) => {
      asked.push({ name, input });
      return host.call(name, input);
    },
    stream: (name, input, onItem) => {
      asked.push({ name, input });
      return host.stream(name, input, onItem);
    },
  };
  useHost(spy);
  render(App);
  await screen.findByRole("region", { name: "Request" });
}

const press = (key: string, mods: Partial<KeyboardEventInit> = {}) =>
  fireEvent.keyDown(document.activeElement ?? document.body, { key, ...mods });
const click = async (testid: string) => fireEvent.click(await screen.findByTestId(testid));
const type = async (testid: string, value: string) =>
  fireEvent.input(await screen.findByTestId(testid), { target: { value } });
const env = () => screen.getByTestId("environment");
const count = (name: string) => asked.filter((it) => it.name === name).length;

/** Rules that need a drawn page, which the test document is not. */
const UNDRAWN = { "color-contrast": { enabled: false }, region: { enabled: false } };

async function faults(): Promise<string[]> {
  const { violations } = await axe.run(document.body, { rules: UNDRAWN });
  return violations.flatMap((it) => it.nodes.map((node) => `${it.id}: ${node.html}`));
}

async function choose(name: string): Promise<void> {
  await press("E", { ctrlKey: true, shiftKey: true });
  await fireEvent.keyDown(await screen.findByTestId(`environment-${name}`), { key: "Enter" });
  await waitFor(() => expect(env().textContent).toContain(name));
}

/** Puts the window live in an environment, with a key. */
async function live(name: string): Promise<void> {
  await call("set_key", { key: KEY, environment: name });
  await choose(name);
  await press("L", { ctrlKey: true, shiftKey: true });
  await click("go-live");
  await waitFor(() => expect(screen.getByTestId("connection").textContent).toContain("Live"));
}

async function settings(): Promise<void> {
  await fireEvent.click(screen.getByTestId("nav-settings"));
  await screen.findByTestId("environments");
  await screen.findByTestId("edit-Staging");
}

// Compiled when it is first loaded, which is not for one test to wait for.
beforeAll(() => import("../build/Build.svelte"), 60_000);

beforeEach(() => {
  document.documentElement.lang = "en";
});

describe("the app bar", () => {
  it("starts on Mock without an environment, and changes it by keys", async () => {
    await open();
    expect(screen.getByTestId("connection").textContent).toContain("Mock");
    expect(env().getAttribute("aria-label")).toBe("No environment");
    await choose("Production");
    expect(env().getAttribute("aria-label")).toBe("Environment: Production, production");
    expect(screen.getByTestId("connection").textContent).toContain("Mock");
    expect(await faults()).toEqual([]);
  });

  it("offers each environment in the palette", async () => {
    await open();
    await press("k", { ctrlKey: true });
    const field = await screen.findByRole("combobox", { name: "Search or run a command" });
    await fireEvent.input(field, { target: { value: "staging" } });
    await waitFor(() =>
      expect(screen.getAllByRole("option")[0]?.textContent).toContain("Use environment: Staging"),
    );
    await fireEvent.keyDown(field, { key: "Enter" });
    await waitFor(() => expect(env().textContent).toContain("Staging"));
  });
});

describe("production", () => {
  it("asks before the first live run of the session, once", async () => {
    await open();
    await live("Production");
    await fireEvent.click(screen.getByTestId("run"));
    const dialog = await screen.findByTestId("production-gate");
    expect(dialog.textContent).toContain("Flag locking DDL");
    expect(dialog.textContent).toContain("https://api.openai.com/v1");
    await waitFor(() =>
      expect(screen.getByTestId("production-likely").textContent).toContain("$0.1"),
    );
    expect(await faults()).toEqual([]);
    await click("production-refuse");
    await waitFor(() => expect(screen.queryByTestId("production-gate")).toBeNull());
    expect([count("send"), count("confirm_production")]).toEqual([0, 0]);
    expect(screen.getByTestId("connection").textContent).toContain("Live");
    await fireEvent.click(screen.getByTestId("run"));
    await click("production-confirm");
    await waitFor(() => expect(screen.queryByTestId("sample-mark")).toBeNull());
    expect(count("send")).toBe(1);
    await screen.findByTestId("run");
    await fireEvent.click(screen.getByTestId("run"));
    await waitFor(() => expect(count("send")).toBe(2));
    await waitFor(() => expect(screen.queryByTestId("production-gate")).toBeNull());
  });

  it("asks before all levels are run, with the number of calls", async () => {
    await open();
    await live("Production");
    await press("Enter", { ctrlKey: true, shiftKey: true });
    const dialog = await screen.findByTestId("production-gate");
    expect(dialog.textContent).toMatch(/15 calls to\s+gpt-5.5/);
    await press("Escape");
    await waitFor(() => expect(screen.queryByTestId("production-gate")).toBeNull());
    expect(count("compare_efforts")).toBe(0);
    await fireEvent.click(await screen.findByTestId("compare-run"));
    await click("production-confirm");
    await waitFor(() => expect(count("compare_efforts")).toBe(1));
  });

  it("asks where only the engine knows that it is production", async () => {
    await open();
    await live("Staging");
    const read = await call("read_environment", { environment: "Staging" });
    await call("save_environment", {
      ...read,
      environment: { ...read.environment, production: true },
    });
    await fireEvent.click(screen.getByTestId("run"));
    await click("production-confirm");
    await waitFor(() => expect(screen.queryByTestId("sample-mark")).toBeNull());
    expect(count("send")).toBe(2);
  });

  it("asks before requests of other programs are recorded, on Mock too", async () => {
    await open();
    await choose("Production");
    await click("nav-mock");
    await click("mock-record");
    await click("record-confirm");
    const dialog = await screen.findByTestId("production-gate");
    expect(dialog.textContent).toContain("Requests of other programs");
    expect(dialog.textContent).toContain("https://api.openai.com/v1");
    expect(await faults()).toEqual([]);
    await click("production-refuse");
    await waitFor(() => expect(screen.queryByTestId("production-gate")).toBeNull());
    expect(screen.queryByTestId("recording-chip")).toBeNull();
    expect(screen.queryByText(/is production, and this is/)).toBeNull();
    await click("mock-record");
    await click("record-confirm");
    await click("production-confirm");
    expect(await screen.findByTestId("recording-chip")).toBeTruthy();
    expect(count("confirm_production")).toBe(1);
  });

  it("asks before a recording is held against a fresh answer, and then compares", async () => {
    await open();
    await call("set_key", { key: KEY, environment: "Production" });
    await choose("Production");
    await click("nav-mock");
    await click("mock-recordings");
    await fireEvent.click((await screen.findAllByTestId("drift"))[2]!);
    await click("drift-fresh");
    await click("drift-send");
    const dialog = await screen.findByTestId("production-gate");
    expect(dialog.textContent).toContain("1 call, with the request as it was recorded");
    await click("production-refuse");
    await waitFor(() => expect(screen.queryByTestId("production-gate")).toBeNull());
    expect(screen.queryByTestId("error-panel")).toBeNull();
    await click("drift-fresh");
    await click("drift-send");
    await click("production-confirm");
    expect(await screen.findByTestId("no-drift")).toBeTruthy();
    expect([count("mock_drift"), count("confirm_production")]).toEqual([3, 1]);
  });

  it("is confirmed by the gate's own button where it runs from there", async () => {
    await open({ replays: true });
    await call("set_key", { key: KEY, environment: "Production" });
    await choose("Production");
    await click("run-live");
    expect((await screen.findByTestId("live-environment")).textContent).toContain("Production");
    const go = await screen.findByTestId("go-live");
    expect(go.textContent?.trim()).toBe("Go live and run in Production");
    await waitFor(() => expect(go.ariaDisabled).toBeNull());
    await fireEvent.click(go);
    await waitFor(() => expect(screen.queryByTestId("sample-mark")).toBeNull());
    expect([count("confirm_production"), count("send")]).toEqual([1, 1]);
    expect(screen.queryByTestId("production-gate")).toBeNull();
  });
});

describe("a key", () => {
  async function typed(): Promise<void> {
    await click("connection");
    await type("key-field", KEY);
    await click("save-key");
    await screen.findByTestId("key-label");
  }

  it("is sent once and stays nowhere in the page", async () => {
    await open();
    await click("connection");
    const first = await screen.findByTestId("key-field");
    await type("key-field", KEY);
    await click("save-key");
    expect((first as HTMLInputElement).value).toBe("");
    await waitFor(() => expect(first.isConnected).toBe(false));
    await screen.findByTestId("key-label");
    const fields = [...document.querySelectorAll("input, textarea")].map(
      (it) => (it as HTMLInputElement).value,
    );
    const page = document.documentElement.outerHTML + JSON.stringify(fields);
    expect(page).not.toContain(MIDDLE);
    expect(count("set_key")).toBe(1);
    expect(screen.getByTestId("key-kept").textContent).toContain("In the system's keychain.");
    expect(await faults()).toEqual([]);
  });

  it("is kept in memory where there is no keychain, and that is said", async () => {
    await open({ keychain: "missing" });
    await typed();
    const kept = screen.getByTestId("key-kept").textContent;
    expect(kept).toContain("In this session's memory only.");
    expect(kept).toContain("no Secret Service answers");
  });

  it("waits for a locked keychain, or is kept for the session", async () => {
    await open({ keychain: "locked" });
    await click("connection");
    await type("key-field", KEY);
    await click("save-key");
    const panel = await screen.findByTestId("keychain-locked");
    expect(panel.textContent).toContain("System keychain is locked.");
    expect(panel.textContent).toContain("Nothing was kept.");
    expect(await faults()).toEqual([]);
    await fireEvent.click(within(panel).getByText("Enter key for this session"));
    await type("key-field", KEY);
    await click("save-key");
    await screen.findByTestId("key-label");
    expect(asked.findLast((it) => it.name === "set_key")?.input).toMatchObject({ keep: "session" });
  });

  it("that can't be read is told at the gate to Live, with the ways out", async () => {
    await open({ keychain: "locked" });
    await choose("Staging");
    await press("L", { ctrlKey: true, shiftKey: true });
    const gate = await screen.findByTestId("live-gate");
    await waitFor(() => expect(gate.textContent).toContain("The keychain is locked or said no"));
    expect(screen.getByTestId("go-live").ariaDisabled).toBe("true");
    expect(await faults()).toEqual([]);
    await fireEvent.click(within(gate).getByText("Enter key for this session"));
    await type("key-field", KEY);
    await click("keep-session");
    await click("save-key");
    await waitFor(() => expect(screen.getByTestId("key-label").textContent).toContain("4f2a"));
    await click("mode-live");
    await click("go-live");
    await waitFor(() => expect(screen.getByTestId("connection").textContent).toContain("Live"));
  });

  it("is checked, with the verdict in words and the limits seen", async () => {
    await open();
    await typed();
    await click("check-key");
    const said = await screen.findByTestId("key-check");
    expect(said.textContent).toContain("Accepted");
    expect(said.textContent).toMatch(/499 of 500\s+requests left, whole again in 120ms/);
    await type("key-field", "sk-invalid-0123456789");
    await click("save-key");
    await waitFor(() => expect(screen.queryByTestId("key-check")).toBeNull());
    await click("check-key");
    expect((await screen.findByTestId("key-check")).textContent).toContain("Rejected");
    expect(await faults()).toEqual([]);
  });

  it("is forgotten after saying what that means", async () => {
    await open();
    await typed();
    await click("forget-key");
    expect(screen.getByText(/deleted from the system's keychain/)).toBeTruthy();
    expect(count("forget_key")).toBe(0);
    await click("forget-confirm");
    await waitFor(() => expect(screen.queryByTestId("key-label")).toBeNull());
    expect(count("forget_key")).toBe(1);
  });
});

describe("a Codex sign-in", () => {
  const openPanel = async () => {
    await click("connection");
    await fireEvent.click(await screen.findByText("Use an existing Codex sign-in"));
  };

  it("is read only after a press, and its key is used for the session", async () => {
    await open({ codex: "api_key" });
    await openPanel();
    const reads = () => asked.filter((it) => it.name === "codex_status").map((it) => it.input);
    expect(reads()).toEqual([{ consent: false }]);
    expect(document.body.textContent).toContain("/home/ada/.codex/auth.json");
    await click("codex-look");
    expect((await screen.findByTestId("codex-state")).textContent).toContain("API key");
    await click("codex-use");
    expect((await screen.findByTestId("key-label")).textContent).toContain("sk-proj…c0de");
    expect(screen.getByTestId("key-kept").textContent).toContain("Codex sign-in");
  });

  it.each([
    ["chat_gpt", "Signed in with ChatGPT", "Good until"],
    ["expired", "Sign-in has run out", "Ran out"],
  ] as const)("as %s shows the account and what can't be done", async (codex, state, until) => {
    await open({ codex });
    await openPanel();
    await click("codex-look");
    expect((await screen.findByTestId("codex-state")).textContent).toContain(state);
    for (const text of ["ada@example.com", "plus", until, "What can't"]) {
      expect(screen.getByText(text)).toBeTruthy();
    }
    expect(screen.queryByTestId("codex-use")).toBeNull();
    expect(await faults()).toEqual([]);
  });
});

describe("the editor", () => {
  it("adds an environment with everything that a file holds", async () => {
    await open();
    await settings();
    await click("add-environment");
    await click("save-environment");
    expect(await screen.findByText("Give the environment a name.")).toBeTruthy();
    await type("field-name", "Lab");
    await type("field-baseUrl", "http://127.0.0.1:4010/v1");
    await type("field-perDay", "2,5");
    await type("field-retries", "0");
    await fireEvent.click(screen.getByRole("radio", { name: "Violet" }));
    await click("field-production");
    await click("add-variable");
    await fireEvent.input(screen.getByLabelText("Name of the variable"), {
      target: { value: "tenant" },
    });
    await fireEvent.input(screen.getByLabelText(/^Value of/), { target: { value: "acme" } });
    expect(await faults()).toEqual([]);
    await click("save-environment");
    await screen.findByTestId("edit-Lab");
    const { environment } = await call("read_environment", { environment: "Lab" });
    expect(environment).toEqual({
      id: environment.id,
      name: "Lab",
      color: "violet",
      base_url: "http://127.0.0.1:4010/v1",
      production: true,
      retries: 0,
      limits: { per_day: "2.50" },
      variables: { tenant: "acme" },
    });
  });

  it("never shows a secret, only where it is, and refuses a key as a value", async () => {
    await open();
    await settings();
    await click("edit-Staging");
    const secret = (await screen.findByLabelText("Where the secret token is")) as HTMLInputElement;
    expect(secret.value).toBe("env:STAGING_TOKEN");
    await fireEvent.input(screen.getByLabelText("Value of tenant"), { target: { value: KEY } });
    await click("save-environment");
    expect(await screen.findByText(/it holds an API key/)).toBeTruthy();
    expect(
      (await call("read_environment", { environment: "Staging" })).environment.variables,
    ).toEqual({ tenant: "acme-test", token: { secret: "env:STAGING_TOKEN" } });
  });

  it("names a conflict with another program's save, and keeps mine", async () => {
    await open();
    await settings();
    await click("edit-Staging");
    await screen.findByTestId("environment-form");
    const theirs = await call("read_environment", { environment: "Staging" });
    await call("save_environment", theirs);
    await type("field-project", "proj_mine");
    await click("save-environment");
    const panel = await screen.findByTestId("error-panel");
    expect(panel.dataset.code).toBe("file_changed");
    await fireEvent.click(within(panel).getByRole("button", { name: "Keep mine" }));
    await waitFor(() => expect(screen.queryByTestId("error-panel")).toBeNull());
    expect((await call("read_environment", { environment: "Staging" })).environment.project).toBe(
      "proj_mine",
    );
  });

  it("deletes with undo, id and all, and goes back to where it was in use", async () => {
    await open();
    await choose("Staging");
    const before = await call("read_environment", { environment: "Staging" });
    await settings();
    await click("edit-Staging");
    await click("delete-environment");
    await waitFor(() => expect(screen.queryByTestId("edit-Staging")).toBeNull());
    expect(env().getAttribute("aria-label")).toBe("No environment");
    await fireEvent.click(screen.getByRole("button", { name: "Undo" }));
    await screen.findByTestId("edit-Staging");
    await waitFor(() => expect(env().textContent).toContain("Staging"));
    const after = await call("read_environment", { environment: "Staging" });
    expect([after.path, after.environment]).toEqual([before.path, before.environment]);
  });

  it("duplicates under a name of its own, and renames", async () => {
    await open();
    await settings();
    await click("edit-Production");
    await click("duplicate-environment");
    await waitFor(() =>
      expect((screen.getByTestId("field-name") as HTMLInputElement).value).toBe("Production copy"),
    );
    await type("field-name", "Canary");
    await click("save-environment");
    await screen.findByTestId("edit-Canary");
    const [one, two] = await Promise.all(
      ["Production", "Canary"].map((environment) => call("read_environment", { environment })),
    );
    expect(two!.environment.id).not.toBe(one!.environment.id);
    expect({ ...two!.environment, id: "", name: "" }).toEqual({
      ...one!.environment,
      id: "",
      name: "",
    });
  });

  it("keeps a key of an environment that is not in use apart from the one that is", async () => {
    await open();
    await settings();
    await click("edit-Staging");
    const form = within((await screen.findAllByTestId("key-field"))[1]!.closest("form")!);
    await fireEvent.input(form.getByTestId("key-field"), { target: { value: KEY } });
    await fireEvent.click(form.getByTestId("save-key"));
    await waitFor(() => expect(form.getByTestId("key-label").textContent).toContain("sk-proj"));
    expect(screen.getAllByTestId("key-label")).toHaveLength(1);
    expect((await call("read_environment", { environment: "Staging" })).key?.masked).toContain(
      "4f2a",
    );
  });
});
