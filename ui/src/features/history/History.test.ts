// The History screen over the in-memory engine: what a user sees and does, by role and by test id.
import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import axe from "axe-core";
import { beforeEach, describe, expect, it, vi } from "vitest";
import NoticeList from "../../frame/NoticeList.svelte";
import { useHost, type Host } from "../../host";
import { engineError, memoryHost, type MemoryOptions } from "../../host.memory";
import { Actions } from "../../state/actions.svelte";
import { Workbench } from "../../state/workbench.svelte";
import History from "./History.svelte";

let actions: Actions;
let workbench: Workbench;
const copied = vi.fn();

async function open(options: MemoryOptions = { figures: true }, host?: Host): Promise<void> {
  useHost(host ?? memoryHost({ speed: Infinity, ...options }));
  workbench = new Workbench();
  await workbench.open();
  workbench.screen = "history";
  actions = new Actions(workbench);
  render(History, { actions, platform: "other" });
  render(NoticeList, { notices: actions.notices });
}

/** With rows on show. */
async function list(): Promise<void> {
  await open();
  await screen.findAllByTestId("history-row");
}

const words = (it: HTMLElement) => it.textContent?.replaceAll(/\s+/g, " ").trim();
const rows = () => screen.queryAllByTestId("history-row");
const box = () => screen.getByTestId("history-rows");
const past = () => workbench.runHistory;
const current = () =>
  document.getElementById(box().getAttribute("aria-activedescendant")!)!.dataset["run"];

async function show(id: string): Promise<HTMLElement> {
  await past().show(id);
  await waitFor(() => expect(past().open?.lane).toBeTruthy());
  return screen.getByTestId("history-run");
}

async function send(name: string): Promise<void> {
  const path = workbench.requests.find((it) => it.name === name)!.path;
  await workbench.openRequest(path);
  const { request } = workbench.drafts.active!;
  await workbench.sendings.of(request.id).send(request);
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

describe("the list", () => {
  it("tells of each run what it was, who answered it and what it cost", async () => {
    await list();
    const first = () => words(rows()[0]!)!;
    expect(first()).toContain("Window Flag locking DDL");
    expect(first()).toContain("None Completed Live");
    expect(first()).toContain("$0.0309");
    expect(words(screen.getByTestId("history-totals"))).toMatch(
      /^240 runs, \$[\d.]+ spent, \d+ unpriced$/,
    );

    past().narrow({ kind: "replayed" });
    await waitFor(() => expect(first()).toContain("Compare Classify ticket"));
    expect(first()).toContain("Mock, 11 Nov");
    expect(words(screen.getByTestId("history-totals"))).toMatch(/^\d+ runs, \$0 spent$/);
    past().narrow({ kind: "samples" });
    await waitFor(() => expect(first()).toContain("Sample reply"));
    past().narrow({ kind: "", status: "failures" });
    await waitFor(() => expect(first()).toMatch(/Failed 429 ×3 attempts Live not charged/));
    past().narrow({ status: "", source: "stand_in" });
    await waitFor(() => expect(first()).toContain("Other program Another program's request"));
    past().narrow({ source: "", text: "gpt-5.6" });
    await waitFor(() => expect(first()).toContain("unpriced"));
    expect(first()).not.toContain("$");
  });

  it("is walked and opened by keys", async () => {
    await list();
    const press = (key: string) => fireEvent.keyDown(box(), { key });
    expect(current()).toBe("past-0240");
    await press("j");
    await press("ArrowDown");
    expect(current()).toBe("past-0238");
    await press("k");
    expect(current()).toBe("past-0239");
    await press("Enter");
    await waitFor(() => expect(past().open?.lane?.facts.id).toBe("past-0239"));
    await press("j");
    expect(past().open?.id, "what is open follows the keys").toBe("past-0238");
    await press("/");
    expect(document.activeElement).toBe(screen.getByTestId("history-search"));
    await fireEvent.keyDown(screen.getByTestId("history-search"), { key: "ArrowDown" });
    expect(document.activeElement).toBe(box());
    await press("Escape");
    expect(past().open).toBeNull();
  });

  it("is narrowed by words and by what runs are, and says what is left", async () => {
    await list();
    await fireEvent.click(screen.getByTestId("history-failures"));
    await waitFor(() => expect(rows().every((row) => words(row)!.includes("Failed"))).toBe(true));
    expect(rows().length).toBeGreaterThan(0);
    await fireEvent.click(screen.getByTestId("history-clear"));
    await waitFor(() => expect(past().totals.runs).toBe(240));

    await fireEvent.input(screen.getByTestId("history-search"), { target: { value: "ticket" } });
    await waitFor(() => expect(past().totals.runs).toBeLessThan(240));
    expect(rows().every((row) => words(row)!.includes("Classify ticket"))).toBe(true);
    past().narrow({ text: "ticket zebra" });
    await waitFor(() => expect(screen.getByText("No run matches")).toBeTruthy());
    expect(screen.getByText(/240 runs are on record/)).toBeTruthy();
    await fireEvent.click(screen.getByTestId("history-show-all"));
    await waitFor(() => expect(past().totals.runs).toBe(240));
    expect(screen.getByTestId<HTMLInputElement>("history-search").value).toBe("");
  });

  it("teaches where nothing was ever run, and shows the first run when it comes", async () => {
    await open({ figures: false });
    expect(await screen.findByText("No runs yet")).toBeTruthy();
    await send("Classify ticket");
    await waitFor(() => expect(words(rows()[0]!)).toContain("Classify ticket"));
    expect(words(rows()[0]!)).toContain("Sample reply");
  });

  it("says why it can't be read, and reads again", async () => {
    const host = memoryHost({ speed: Infinity, figures: true });
    let broken = true;
    const failing: Host = {
      ...host,
      call: async (name, input) => {
        if (name === "list_history" && broken) {
          throw engineError("history_locked", "Another Rheostat has the history open.");
        }
        return host.call(name, input);
      },
    };
    await open({}, failing);
    expect(await screen.findByText(/Another Rheostat has the history open/)).toBeTruthy();
    broken = false;
    await fireEvent.click(screen.getByTestId("history-retry"));
    await waitFor(() => expect(rows().length).toBeGreaterThan(0));
  });

  it("takes up new runs on top and keeps the row that is looked at", async () => {
    await list();
    await fireEvent.keyDown(box(), { key: "j" });
    const looked = current();
    await send("Draft first reply");
    await waitFor(() => expect(past().rows![0]!.requestName).toBe("Draft first reply"));
    await waitFor(() => expect(past().rows![0]!.status).toBe("completed"));
    expect(current()).toBe(looked);
    expect(past().recorded).toBe(241);
  });

  it("stops to watch when it is left", async () => {
    await list();
    const before = past().rows!.length;
    cleanup();
    await send("Draft first reply");
    await new Promise((done) => setTimeout(done, 20));
    expect(past().rows!.length).toBe(before);
  });
});

describe("a run", () => {
  it("shows each attempt with its wait and its cost, and what was sent", async () => {
    await list();
    const detail = await show("past-0239");
    expect(within(detail).getByTestId("run-state").textContent).toContain("Completed");
    await fireEvent.click(within(detail).getByRole("tab", { name: /Attempts/ }));
    const cells = [...screen.getByTestId("attempts").querySelectorAll("tbody tr")].map((row) =>
      [...row.children].map((cell) => words(cell as HTMLElement)),
    );
    expect(cells.map((row) => [row[2], row[3]!.slice(0, 8), row[5]])).toEqual([
      ["none", "HTTP 429", "not charged"],
      ["2.0 s", "HTTP 200", "$0.0348"],
    ]);
    await fireEvent.click(within(detail).getByRole("tab", { name: /Request sent/ }));
    const sent = within(detail).getByRole("region", { name: "Request as it was sent" });
    expect(sent.textContent).toContain('"stream": true');
    expect(await faults()).toEqual([]);
  });

  it("is marked where no model wrote it, with the day it was recorded", async () => {
    await list();
    const detail = await show("past-0237");
    expect(words(within(detail).getByTestId("sample-mark"))).toBe("Mock reply, 11 Nov");
    expect(within(detail).getByText("Nothing new was spent")).toBeTruthy();
  });

  it("gives back its request as unsaved edits, which can be undone", async () => {
    await list();
    await show("past-0239");
    await fireEvent.click(screen.getByTestId("restore-run"));
    await waitFor(() => expect(workbench.screen).toBe("build"));
    const draft = workbench.drafts.active!;
    expect([draft.name, draft.dirty]).toEqual(["Extract session", true]);
    expect(draft.effort).toBe("low");
    expect(draft.request.body["stream"], "what sending adds is left out").toBeUndefined();
    await fireEvent.click(await screen.findByRole("button", { name: "Undo" }));
    expect(draft.dirty).toBe(false);
  });

  it("makes a new request where its own is gone, and takes it back", async () => {
    await list();
    const detail = await show("past-0228");
    expect(within(detail).getByTestId("open-in-build").getAttribute("aria-disabled")).toBe("true");
    const before = workbench.requests.length;
    await actions.restoreRun();
    expect(workbench.drafts.active?.name).toBe("Rate the reply");
    expect(workbench.requests.length).toBe(before + 1);
    await fireEvent.click(await screen.findByRole("button", { name: "Undo" }));
    await waitFor(() => expect(workbench.requests.length).toBe(before));
    expect(workbench.drafts.active?.name).not.toBe("Rate the reply");
  });

  it("opens its request as it is now, and copies its answer", async () => {
    await list();
    await show("past-0239");
    await fireEvent.click(screen.getByTestId("copy-past-output"));
    expect(copied.mock.calls[0]![0]).toContain("Three of the five statements are unsafe");
    await fireEvent.click(screen.getByTestId("open-in-build"));
    await waitFor(() => expect(workbench.screen).toBe("build"));
    expect([workbench.drafts.active?.name, workbench.drafts.active?.dirty]).toEqual([
      "Extract session",
      false,
    ]);
  });

  it("that is gone says so", async () => {
    await list();
    actions.showRun("gone");
    expect(await screen.findByText(/no longer in the history/)).toBeTruthy();
    expect(actions.blocked("restore_run")).toBe("It is being read.");
  });
});

it("has no fault that axe finds, with and without runs", async () => {
  await list();
  expect(await faults()).toEqual([]);
  cleanup();
  await open({ figures: false });
  await screen.findByText("No runs yet");
  expect(await faults()).toEqual([]);
});
