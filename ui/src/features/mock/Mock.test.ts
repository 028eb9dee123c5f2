// The Mock screen over the in-memory engine: what a user sees and does, by role and by test id.
import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import axe from "axe-core";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { call, useHost } from "../../host";
import { memoryHost, type MemoryOptions } from "../../host.memory";
import { Actions } from "../../state/actions.svelte";
import { Workbench } from "../../state/workbench.svelte";
import NoticeList from "../../frame/NoticeList.svelte";
import Mock from "./Mock.svelte";

let actions: Actions;
let workbench: Workbench;
const copied = vi.fn();

async function open(options: MemoryOptions = {}): Promise<void> {
  useHost(memoryHost({ speed: Infinity, ...options }));
  workbench = new Workbench();
  await workbench.open();
  workbench.screen = "mock";
  actions = new Actions(workbench);
  render(Mock, { actions });
  render(NoticeList, { notices: actions.notices });
  await screen.findByTestId("mock-base-url");
  await waitFor(() => expect(workbench.mock.log.rows).not.toBeNull());
}

/** What it says, whatever the spaces between. */
const words = (it: HTMLElement) => it.textContent?.replaceAll(/\s+/g, " ").trim();
const tab = (id: string) => fireEvent.click(screen.getByTestId(`mock-${id}`));
const toggle = (id: string) => screen.getByTestId(id).getAttribute("aria-checked");

async function pick(id: string): Promise<void> {
  await tab("rules");
  await fireEvent.click(screen.getByTestId(`rule-${id}`));
  await screen.findByTestId("save-rule");
}

/** Rules that need a drawn page, which the test document is not. */
const UNDRAWN = { "color-contrast": { enabled: false }, region: { enabled: false } };

async function faults(): Promise<string[]> {
  const { violations } = await axe.run(document.body, { rules: UNDRAWN });
  return violations.flatMap((it) => it.nodes.map((node) => `${it.id}: ${node.html}`));
}

beforeEach(() => {
  document.documentElement.lang = "en";
  copied.mockReset().mockResolvedValue(undefined);
  Object.assign(navigator, { clipboard: { writeText: copied } });
});

describe("the server", () => {
  it("opens and closes to other programs", async () => {
    await open();
    expect(toggle("mock-open")).toBe("true");
    await fireEvent.click(screen.getByTestId("mock-open"));
    await waitFor(() => expect(toggle("mock-open")).toBe("false"));
    expect(screen.getByText("Only Rheostat's own runs on Mock use it now.")).toBeTruthy();
  });

  it("gives its base URL, plain and for a shell", async () => {
    await open();
    await fireEvent.click(screen.getByTestId("copy-base-url"));
    await fireEvent.click(screen.getByTestId("copy-export"));
    expect(copied.mock.calls).toEqual([
      ["http://127.0.0.1:4010/v1"],
      ["export OPENAI_BASE_URL=http://127.0.0.1:4010/v1"],
    ]);
  });

  it("says at the port what is wrong with it", async () => {
    await open();
    const field = screen.getByTestId<HTMLInputElement>("mock-port");
    const type = async (port: string) => {
      await fireEvent.input(field, { target: { value: port } });
      await fireEvent.keyDown(field, { key: "Enter" });
    };
    await type("70000");
    expect(screen.getByText(/whole number from 0 to 65535/)).toBeTruthy();
    expect(workbench.mock.state?.port).toBe(4010);
    await type("4011");
    expect(await screen.findByText(/Port 4011 is in use/)).toBeTruthy();
    expect(field.getAttribute("aria-invalid")).toBe("true");
    await type("4012");
    await waitFor(() => expect(field.getAttribute("aria-invalid")).toBeNull());
    expect(screen.getByTestId("mock-base-url").textContent).toContain(":4012/");
  });

  it("takes a token, does not keep it in the page, and drops it", async () => {
    await open();
    const field = screen.getByTestId<HTMLInputElement>("mock-token");
    await fireEvent.input(field, { target: { value: "a-secret-token" } });
    await fireEvent.submit(field.form!);
    expect(field.value).toBe("");
    expect(document.body.innerHTML).not.toContain("a-secret-token");
    await fireEvent.click(await screen.findByTestId("drop-token"));
    await waitFor(() => expect(workbench.mock.state?.tokenRequired).toBe(false));
  });

  it("takes a pace in figures, and refuses what can't be followed", async () => {
    await open();
    await fireEvent.click(screen.getByRole("radio", { name: "Profile" }));
    const pace = await screen.findByRole("textbox", { name: "Tokens per second" });
    await fireEvent.input(pace, { target: { value: "0" } });
    await fireEvent.blur(pace);
    expect(screen.getByText("Use a number above 0, such as 60.")).toBeTruthy();
    await fireEvent.input(pace, { target: { value: "120" } });
    await fireEvent.blur(pace);
    await waitFor(() =>
      expect(workbench.mock.state?.speed).toMatchObject({ profile: { tokens_per_second: 120 } }),
    );
    await fireEvent.click(screen.getByRole("radio", { name: "10×" }));
    await waitFor(() => expect(workbench.mock.state?.speed).toEqual({ multiple: 10 }));
  });

  it("asks before it records, and warns for as long as it does", async () => {
    await open();
    await fireEvent.click(screen.getByTestId("mock-record"));
    const dialog = await screen.findByTestId("record-dialog");
    expect(dialog.textContent).toContain("This may cost money.");
    expect(workbench.mock.recordsFrom).toBeNull();
    await fireEvent.click(within(dialog).getByRole("button", { name: "Cancel" }));
    await waitFor(() => expect(screen.queryByTestId("record-dialog")).toBeNull());
    expect(workbench.mock.recordsFrom).toBeNull();

    await fireEvent.click(screen.getByTestId("mock-record"));
    await fireEvent.click(await screen.findByTestId("record-confirm"));
    expect((await screen.findByTestId("recording-chip")).textContent).toContain("may cost money");
    await fireEvent.click(screen.getByRole("button", { name: "Stop recording" }));
    await waitFor(() => expect(screen.queryByTestId("recording-chip")).toBeNull());
  });
});

describe("the ladder", () => {
  const rungs = () =>
    [...document.querySelectorAll<HTMLElement>("[data-rung]")].map((it) => it.dataset.rung);

  it("is ordered by keys, keeps the focus on the rung, and says where it stands", async () => {
    await open();
    const rung = screen.getByTestId("rung-sequence");
    rung.focus();
    await fireEvent.keyDown(rung, { key: "ArrowUp", altKey: true });
    expect(rungs()[0]).toBe("sequence");
    await waitFor(() =>
      expect(document.activeElement?.closest("[data-rung]")?.getAttribute("data-rung")).toBe(
        "sequence",
      ),
    );
    expect(await screen.findByText("Recorded sequence is now rung 2 of 5")).toBeTruthy();
    await waitFor(() => expect(workbench.mock.state?.rungs[0]).toBe("sequence"));
  });

  it("is ordered by buttons, and says which rungs are never reached", async () => {
    await open();
    await fireEvent.click(screen.getByRole("button", { name: "Move Composed up" }));
    expect(screen.getByText("Never reached: Composed has an answer for everything.")).toBeTruthy();
    await fireEvent.click(screen.getByTestId("rung-composed"));
    await waitFor(() => expect(toggle("rung-composed")).toBe("false"));
    expect(screen.getByText("A request that no rung answers gets an error.")).toBeTruthy();
  });
});

describe("the requests", () => {
  it("say what answers them now, and by which rule", async () => {
    await open();
    const rows = screen.getAllByRole("row").map(words);
    expect(rows.find((text) => text?.includes("Flag locking DDL"))).toContain("Last real answer");
    expect(rows.find((text) => text?.includes("Classify ticket"))).toContain(
      "Triage always answers the same",
    );
  });

  it("show what the user chose", async () => {
    await open();
    const [first] = workbench.mock.state!.requests;
    await workbench.mock.pin(first!.id, "composed");
    await waitFor(() =>
      expect(screen.getByTestId(`pin-${first!.id}`).getAttribute("aria-label")).toBe(
        "Answer Flag locking DDL with: Composed",
      ),
    );
  });
});

describe("the rules", () => {
  it("say what they match and do, and how often they did", async () => {
    await open();
    await tab("rules");
    const row = screen.getByTestId("rule-twice-limited");
    expect(row.textContent).toContain("Rate limit (429), retry after 1.2 s");
    expect(row.textContent).toContain("/v1/responses, gpt-5.5*, the first 2 times");
    expect(screen.getAllByText(/\d+ matched/).length).toBe(3);
  });

  it("are turned on at their dot", async () => {
    await open();
    await tab("rules");
    expect(toggle("rule-on-twice-limited")).toBe("false");
    await fireEvent.click(screen.getByTestId("rule-on-twice-limited"));
    await waitFor(() => expect(toggle("rule-on-twice-limited")).toBe("true"));
  });

  it("are moved by keys, with the focus on the one that moves", async () => {
    await open();
    await tab("rules");
    const row = screen.getByTestId("rule-one-in-five-cut");
    row.focus();
    await fireEvent.keyDown(row, { key: "ArrowUp", altKey: true });
    await waitFor(() => expect(workbench.mock.rules.saved[0]?.id).toBe("one-in-five-cut"));
    await waitFor(() =>
      expect((document.activeElement as HTMLElement).dataset.rule).toBe("one-in-five-cut"),
    );
    expect(await screen.findByText("One in five cut mid-stream is now rule 1 of 3")).toBeTruthy();
    await fireEvent.keyDown(document.activeElement!, { key: "ArrowDown" });
    expect((document.activeElement as HTMLElement).dataset.rule).toBe("twice-limited");
  });

  it("are deleted by a key, leave the focus on the next, and come back", async () => {
    await open();
    await tab("rules");
    const row = screen.getByTestId("rule-one-in-five-cut");
    row.focus();
    await fireEvent.keyDown(row, { key: "Delete" });
    await waitFor(() => expect(screen.queryByTestId("rule-one-in-five-cut")).toBeNull());
    await waitFor(() =>
      expect((document.activeElement as HTMLElement).dataset.rule).toBe("triage-fixed"),
    );
    await fireEvent.click(await screen.findByRole("button", { name: "Undo" }));
    expect(await screen.findByTestId("rule-one-in-five-cut")).toBeTruthy();
    expect(workbench.mock.rules.saved.map((it) => it.id)[1]).toBe("one-in-five-cut");
  });

  it("show what is wrong at its field, and put the focus there", async () => {
    await open();
    await pick("one-in-five-cut");
    const path = screen.getByTestId("match-path");
    await fireEvent.input(path, { target: { value: "v1" } });
    await fireEvent.click(screen.getByTestId("save-rule"));
    expect(screen.getByText("Start with / or *, such as /v1/responses.")).toBeTruthy();
    expect(document.activeElement).toBe(path);
    expect(screen.getByText("One field needs another value.")).toBeTruthy();
    await fireEvent.input(path, { target: { value: "/v1/*" } });
    await fireEvent.submit(path.closest("form")!);
    expect(await screen.findByText("Rule saved")).toBeTruthy();
    expect(workbench.mock.rules.saved[1]?.matches.path).toBe("/v1/*");
  });

  it("offer every field of a failure, with its range", async () => {
    await open();
    await pick("one-in-five-cut");
    const field = screen.getByRole("textbox", { name: "After events" });
    await fireEvent.input(field, { target: { value: "2.5" } });
    expect(screen.getByText("Use a whole number from 0 to 100000, such as 5.")).toBeTruthy();
    await fireEvent.input(field, { target: { value: "3" } });
    await fireEvent.click(screen.getByTestId("save-rule"));
    await waitFor(() =>
      expect(workbench.mock.rules.saved[1]?.action).toEqual({
        fault: { kind: "cut_mid_event", after_events: 3 },
      }),
    );
  });

  it("apply to a share or to every nth, never to both", async () => {
    await open();
    await pick("one-in-five-cut");
    await fireEvent.click(screen.getByRole("radio", { name: "A share" }));
    expect(workbench.mock.rules.open?.rule.matches).toEqual({ path: "/v1/responses", rate: 0.2 });
    const share = screen.getByRole("textbox", { name: "Share" });
    await fireEvent.input(share, { target: { value: "12.5" } });
    expect(workbench.mock.rules.open?.rule.matches.rate).toBe(0.125);
    await fireEvent.click(screen.getByRole("radio", { name: "Every time" }));
    expect(workbench.mock.rules.open?.rule.matches).toEqual({ path: "/v1/responses" });
  });

  it("keep the failure while a recording is looked at", async () => {
    await open();
    await pick("one-in-five-cut");
    await fireEvent.click(screen.getByTestId("does-pin"));
    expect(workbench.mock.rules.open?.rule.action).toEqual({
      pin: "flag-locking-ddl-1.recording.jsonl",
    });
    await fireEvent.click(screen.getByTestId("does-fault"));
    expect(workbench.mock.rules.open?.dirty).toBe(false);
  });

  it("begin with an example where there are none", async () => {
    await open({ figures: false });
    await tab("rules");
    await fireEvent.click(screen.getByRole("button", { name: "Rate limit twice, then answer" }));
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("rule-name")));
    await fireEvent.click(screen.getByTestId("save-rule"));
    expect(await screen.findByText("Rule added")).toBeTruthy();
    expect(workbench.mock.rules.saved[0]).toMatchObject({ times: 2, enabled: true });
  });
});

describe("the recordings", () => {
  const names = () => screen.getAllByTestId("recording").map((row) => row.dataset.file);

  it("say which can't be used, in the list and on the tab", async () => {
    await open();
    expect(screen.getByLabelText("1 can't be used")).toBeTruthy();
    await tab("recordings");
    expect(screen.getByText("Line 3 is not JSON, so the recording can't be used.")).toBeTruthy();
  });

  it("are deleted with the focus on the next, and come back", async () => {
    await open();
    await tab("recordings");
    const [first, second] = names();
    await fireEvent.click(screen.getAllByTestId("delete-recording")[0]!);
    await waitFor(() => expect(names()).not.toContain(first));
    await waitFor(() => expect(document.activeElement?.closest("tr")?.dataset.file).toBe(second));
    await fireEvent.click(await screen.findByRole("button", { name: "Undo" }));
    await waitFor(() => expect(names()).toContain(first));
  });

  it("lead to their request", async () => {
    await open();
    await tab("recordings");
    await fireEvent.click(
      screen.getByRole("button", { name: "Open the request of Classify ticket" }),
    );
    await waitFor(() => expect(workbench.screen).toBe("build"));
    expect(workbench.drafts.active?.name).toBe("Classify ticket");
  });

  it("are compared with the last real answer", async () => {
    await open();
    await tab("recordings");
    await fireEvent.click(screen.getAllByTestId("drift")[0]!);
    await fireEvent.click(await screen.findByTestId("drift-last"));
    expect(words(await screen.findByTestId("drift-count"))).toContain("3 differences");
    expect(screen.getByRole("row", { name: /response\.user string gone/ })).toBeTruthy();
    expect(await faults()).toEqual([]);
  });

  it("are sent live only after it was said that it costs money", async () => {
    await open();
    await call("set_key", { key: "sk-proj-secret-0000" });
    await workbench.setKey("sk-proj-secret-0000");
    await tab("recordings");
    await fireEvent.click(screen.getAllByTestId("drift")[2]!);
    await fireEvent.click(await screen.findByTestId("drift-fresh"));
    expect(screen.getByText("This costs money.")).toBeTruthy();
    expect(workbench.mock.drift.running).toBe(false);
    await fireEvent.click(screen.getByTestId("drift-send"));
    expect(words(await screen.findByTestId("no-drift"))).toContain(
      "No difference: the API still answers in this shape.",
    );
    expect(workbench.spentToday).toBeGreaterThan(0);
  });
});

describe("the request log", () => {
  async function detail(): Promise<HTMLElement> {
    const rows = screen.getByTestId("log-rows");
    rows.focus();
    await fireEvent.keyDown(rows, { key: "Home" });
    await fireEvent.keyDown(rows, { key: "Enter" });
    return screen.findByTestId("entry-detail");
  }

  it("opens a request by keys, and closes it with the focus back", async () => {
    await open();
    const region = await detail();
    await within(region).findByRole("tab", { name: /Response/ });
    const rows = screen.getByTestId("log-rows");
    await fireEvent.keyDown(rows, { key: "Escape" });
    await waitFor(() => expect(screen.queryByTestId("entry-detail")).toBeNull());
    expect(document.activeElement).toBe(rows);
  });

  it("gives a request as a command line with the key as a variable", async () => {
    await open();
    const region = await detail();
    await within(region).findByRole("tab", { name: /Response/ });
    await fireEvent.click(screen.getByTestId("copy-curl"));
    const line = String(copied.mock.calls[0]![0]);
    expect(line).toContain('"Authorization: Bearer $OPENAI_API_KEY"');
    expect(line).not.toContain("sk-");
  });

  it("makes a rule from a request", async () => {
    await open();
    await detail();
    await waitFor(() =>
      expect(screen.getByTestId("make-rule").getAttribute("aria-disabled")).toBeNull(),
    );
    await fireEvent.click(screen.getByTestId("make-rule"));
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("rule-name")));
    expect(workbench.mock.rules.open).toMatchObject({ fresh: true, rule: { id: "entry-1" } });
    expect(screen.getByText(/The answer itself can't/)).toBeTruthy();
    await fireEvent.click(screen.getByTestId("save-rule"));
    await waitFor(() => expect(workbench.mock.rules.saved[0]?.id).toBe("entry-1"));
  });

  it("filters, and says how many are left", async () => {
    await open();
    await fireEvent.input(screen.getByTestId("log-filter"), { target: { value: "models" } });
    expect(screen.getByTestId("log-count").textContent?.trim()).toBe("2 of 14 match");
    await fireEvent.input(screen.getByTestId("log-filter"), { target: { value: "nonsense" } });
    expect(screen.getByText(/No request matches "nonsense"/)).toBeTruthy();
  });

  it("is cleared, and then says how to point a program at the mock", async () => {
    await open();
    await fireEvent.click(screen.getByTestId("clear-log"));
    const empty = await screen.findByTestId("log-empty");
    expect(empty.textContent).toContain('OpenAI(base_url="http://127.0.0.1:4010/v1"');
    await fireEvent.click(screen.getByRole("radio", { name: "cURL" }));
    expect(empty.textContent).toContain("curl http://127.0.0.1:4010/v1/responses");
    expect(document.activeElement).toBe(screen.getByTestId("log-filter"));
  });

  it("leads from a request that passed through to the run that it became", async () => {
    await open({ traffic: 10 });
    await fireEvent.click(screen.getByTestId("mock-record"));
    await fireEvent.click(await screen.findByTestId("record-confirm"));
    const passed = () => workbench.mock.log.rows!.find((row) => row.runId !== null);
    await waitFor(() => expect(passed()).toBeTruthy());
    const { id, runId } = passed()!;
    await workbench.mock.log.open(id);
    await fireEvent.click(await screen.findByTestId("entry-run"));
    expect(workbench.screen).toBe("history");
    await waitFor(() => expect(workbench.runHistory.open?.whole?.row.id).toBe(runId));
    expect(workbench.runHistory.open!.whole!.row.source).toBe("stand_in");
  });

  it("tells of requests while the screen is up", async () => {
    await open({ traffic: 10 });
    const before = workbench.mock.log.rows!.length;
    await waitFor(() => expect(workbench.mock.log.rows!.length).toBeGreaterThan(before + 2));
  });
});

describe("axe finds nothing", () => {
  it.each(["requests", "rules", "recordings"])("with the %s", async (id) => {
    await open();
    await tab(id);
    expect(await faults()).toEqual([]);
  });

  it("with a rule open, one that is wrong", async () => {
    await open();
    await pick("twice-limited");
    await fireEvent.input(screen.getByTestId("match-path"), { target: { value: "x" } });
    expect(await faults()).toEqual([]);
  });

  it("with nothing in it", async () => {
    await open({ figures: false });
    expect(await faults()).toEqual([]);
  });

  it("with a request open", async () => {
    await open();
    const rows = screen.getByTestId("log-rows");
    await fireEvent.keyDown(rows, { key: "Enter" });
    await screen.findByRole("tab", { name: /Response/ });
    expect(await faults()).toEqual([]);
  });
});
