// Commands without a page: what they do, and why they can't.
import { beforeEach, describe, expect, it } from "vitest";
import { preference, setPreference, useHost } from "../host";
import { memoryHost } from "../host.memory";
import { COMMANDS } from "../lib/commands";
import { Actions } from "./actions.svelte";
import { Workbench } from "./workbench.svelte";

async function start(): Promise<Actions> {
  const workbench = new Workbench();
  await workbench.open();
  return new Actions(workbench);
}

beforeEach(() => useHost(memoryHost({ speed: Infinity })));

it("every command either acts or has a reason", async () => {
  const actions = await start();
  const ui = ["copy_output", "copy_base_url", "go_to_output", "next_pane", "previous_pane"];
  for (const { id } of COMMANDS) {
    const blocked = actions.blocked(id);
    if (blocked !== null) expect(blocked).toMatch(/\.$/);
    else if (id !== "close_tab") expect([id, actions.do(id)]).toEqual([id, !ui.includes(id)]);
  }
});

describe("effort", () => {
  it("is set by its command and undone by undo", async () => {
    const actions = await start();
    const draft = actions.workbench.drafts.active!;
    actions.do("effort_1");
    expect(draft.effort).toBe("none");
    actions.do("undo");
    expect(draft.effort).toBe("high");
  });

  it("that the model does not offer is locked, with the reason", async () => {
    const actions = await start();
    const draft = actions.workbench.drafts.active!;
    draft.setBody(["model"], "gpt-5.5-pro");
    expect(actions.blocked("effort_1")).toBe(
      "gpt-5.5-pro does not offer None. It offers Medium, High and Extra high.",
    );
    actions.do("effort_1");
    expect(draft.effort).toBe("high");
  });
});

describe("the dial", () => {
  it("shows the ramp for every model, and other levels only where they are offered", async () => {
    const { workbench } = await start();
    const shown = (id: string, chosen: string | null = null) =>
      workbench.levelsFor(workbench.model(id), chosen).map((level) => level.value);
    const ramp = ["none", "low", "medium", "high", "xhigh"];
    expect(shown("gpt-5.5")).toEqual(ramp);
    expect(shown("gpt-5.5-pro")).toEqual(ramp);
    expect(shown("gpt-5.6-sol")).toEqual([...ramp, "max"]);
    expect(shown("gpt-5.5", "minimal")).toEqual([
      "none",
      "minimal",
      "low",
      "medium",
      "high",
      "xhigh",
    ]);
  });

  it("is set to its fifth stop by the fifth command", async () => {
    const actions = await start();
    actions.do("effort_5");
    expect(actions.workbench.drafts.active?.effort).toBe("xhigh");
  });
});

describe("live without a key", () => {
  it("blocks Run with a way out, and a press leads there", async () => {
    const actions = await start();
    await actions.setMode("live");
    expect(actions.blocked("run")).toContain("API key");
    actions.do("run");
    expect([actions.connectionOpen, actions.workbench.needsKey]).toEqual([true, true]);
  });

  it("runs with one", async () => {
    const actions = await start();
    await actions.workbench.setKey("sk-proj-secret-0000");
    await actions.setMode("live");
    expect([actions.liveGate.shown, actions.workbench.connection.mode]).toEqual([true, "sample"]);
    expect(actions.liveGate.armed?.forecast.worstCost).toBe(181_500_000);
    actions.liveGate.close();
    await actions.goLive();
    expect(actions.workbench.connection.mode).toBe("live");
    expect(actions.blocked("run")).toBeNull();
    expect(JSON.stringify(actions.workbench.connection)).not.toContain("secret");
  });
});

describe("a key typed where Live waited for it", () => {
  it("leads to the gate before anything can go out", async () => {
    const actions = await start();
    await actions.setMode("live");
    await actions.useKey("sk-proj-secret-0000");
    expect([actions.liveGate.shown, actions.workbench.connection.mode]).toEqual([true, "sample"]);
  });
});

describe("the window", () => {
  it("brings unsaved edits back after a start", async () => {
    const actions = await start();
    actions.do("effort_2");
    await actions.workbench.rememberEdits();
    const again = new Workbench();
    await again.open();
    expect([again.drafts.active?.effort, again.drafts.active?.dirty]).toEqual(["low", true]);
  });

  it("stays where somebody went while a first start was loading, be it the screen that was up", async () => {
    useHost(memoryHost({ speed: Infinity, firstStart: true, figures: false }));
    const opened = new Workbench();
    const opening = opened.open();
    opened.screen = "build";
    await opening;
    expect(opened.screen).toBe("build");
  });

  it("opens Compare on a first start, for the sample", async () => {
    useHost(memoryHost({ speed: Infinity, firstStart: true, figures: false }));
    const { workbench } = await start();
    expect([workbench.screen, workbench.drafts.active?.name]).toEqual([
      "compare",
      "Flag locking DDL",
    ]);
  });

  it("forgets tabs whose files are gone", async () => {
    await setPreference("tabs", ["gone.yaml", "transcripts/extract-session.yaml"]);
    await setPreference("lastRequest", "gone.yaml");
    const { workbench } = await start();
    expect(workbench.drafts.tabs.map((tab) => tab.path)).toEqual([
      "transcripts/extract-session.yaml",
      "migration-review/flag-locking-ddl.yaml",
    ]);
  });

  it("keeps its looks", async () => {
    const actions = await start();
    actions.do("theme_dark");
    for (let i = 0; i < 9; i++) actions.do("zoom_in");
    expect(await preference("appearance")).toMatchObject({ theme: "dark", textSize: 20 });
    const again = await start();
    await again.appearance.load();
    expect([again.appearance.resolvedTheme, again.appearance.zoom]).toEqual(["dark", 125]);
  });

  it("makes a request and opens it", async () => {
    const actions = await start();
    await actions.duplicate();
    const { workbench } = actions;
    expect(workbench.drafts.active?.name).toBe("Flag locking DDL copy");
    expect(workbench.requests.at(-1)?.name).toBe("Flag locking DDL copy");
    expect(workbench.requests.at(-1)?.id).not.toBe(workbench.requests[0]?.id);
  });
});
