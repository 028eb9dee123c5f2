// The Compare screen over the in-memory engine: empty, running, done, stopped, refused; and its keys.
import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import axe from "axe-core";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type {
  Calls,
  CompareEffortsInput,
  CompareEffortsOutput,
  EngineError,
  LanePatch,
  RunFacts,
  RunPatch,
  RunView,
  StopRunInput,
} from "../../contract/ipc";
import { useHost, type Host } from "../../host";
import { engineError, memoryHost } from "../../host.memory";
import { USUAL_REPEATS } from "../../state/comparison.svelte";
import { Workbench } from "../../state/workbench.svelte";
import Compare from "./Compare.svelte";

const PATH = "migration-review/flag-locking-ddl.yaml";

/** One whole comparison of the in-memory engine, made once. */
let whole: CompareEffortsOutput;

beforeAll(async () => {
  const engine = memoryHost({ speed: Infinity });
  const { request } = await engine.call("read_request", { path: PATH });
  const input = { ticket: "once", request, efforts: [], repeats: USUAL_REPEATS };
  whole = await engine.stream("compare_efforts", input, () => {});
});

interface Engine extends Host {
  /** What comparisons were asked for. */
  started: CompareEffortsInput[];
  stopped: StopRunInput[];
}

/** The in-memory engine, but its comparisons are told in two patches and end when `gate` opens. */
function engine(
  more: {
    /** What becomes of the comparison. */
    change?: (done: CompareEffortsOutput) => void;
    gate?: Promise<void>;
    /** Why the comparison is refused, as of now. */
    refusal?: () => EngineError | null;
    last?: CompareEffortsOutput;
  } = {},
): Engine {
  const memory = memoryHost({ speed: Infinity });
  const started: CompareEffortsInput[] = [];
  const stopped: StopRunInput[] = [];
  const patch = (lane: number, facts: RunFacts): LanePatch => ({
    lane,
    facts,
    elapsedMs: facts.elapsedMs,
    events: facts.events,
    texts: [],
  });
  return {
    ...memory,
    started,
    stopped,
    call: (async (name: keyof Calls, input: never) => {
      if (name === "stop_run") stopped.push(input);
      if (name === "last_comparison") return { comparison: more.last ?? null };
      return memory.call(name, input);
    }) as Host["call"],
    stream: (async (_: string, input: CompareEffortsInput, onItem: (item: RunPatch) => void) => {
      const refusal = more.refusal?.() ?? null;
      if (refusal !== null) throw refusal;
      started.push(input);
      const done = structuredClone(whole);
      more.change?.(done);
      const running: Partial<RunFacts> = {
        status: "running",
        phase: "reasoning",
        usage: null,
        bill: null,
      };
      onItem({
        lanes: done.runs.map(({ facts }, i) => patch(i, { ...facts, ...running })),
        summary: null,
      });
      await more.gate;
      onItem({ lanes: done.runs.map(({ facts }, i) => patch(i, facts)), summary: done.summary });
      return done;
    }) as unknown as Host["stream"],
  };
}

async function opened(host: Host = engine()): Promise<Workbench> {
  useHost(host);
  const workbench = new Workbench();
  await workbench.open();
  return workbench;
}

async function compared(host: Host = engine()): Promise<Workbench> {
  const workbench = await opened(host);
  render(Compare, { workbench, requestPath: PATH, autoStart: true });
  await screen.findByTestId("cell-cost-low");
  await screen.findByTestId("compare-run");
  return workbench;
}

const status = (): string => screen.getByRole("status").textContent ?? "";

beforeEach(() => {
  Object.assign(navigator, { clipboard: { writeText: vi.fn().mockResolvedValue(undefined) } });
});

describe("before the first comparison", () => {
  test("says what to do, with one action", async () => {
    render(Compare, { workbench: await opened(), requestPath: PATH });
    expect(await screen.findByText("No runs to compare yet")).toBeTruthy();
    expect(screen.getByTestId("compare-run-empty").textContent).toContain(
      "Run all five, likely $1.37",
    );
    expect(screen.queryByTestId("verdict")).toBeNull();
  });

  test("likely cost follows the number of runs, which stays between 1 and 10", async () => {
    render(Compare, { workbench: await opened(), requestPath: PATH });
    await screen.findByText("No runs to compare yet");
    const repeats = screen.getByTestId<HTMLInputElement>("compare-repeats");
    expect(repeats.value).toBe(String(USUAL_REPEATS));
    await fireEvent.input(repeats, { target: { value: "2" } });
    await waitFor(() =>
      expect(screen.getByTestId("compare-run").textContent).toContain("likely $0.92"),
    );
    await fireEvent.input(repeats, { target: { value: "99" } });
    await fireEvent.blur(repeats);
    expect(repeats.value).toBe("10");
  });

  test("without a key, live says why it can't run", async () => {
    const workbench = await opened();
    await workbench.setConnection("live", null);
    render(Compare, { workbench, requestPath: PATH });
    const run = await screen.findByTestId("compare-run");
    expect(run.getAttribute("aria-disabled")).toBe("true");
    expect(run.title).toBe("Live has no API key. Add one, or use Mock.");
  });
});

describe("a comparison", () => {
  test("starts by itself once when asked to, and fills every cell with the exact medians", async () => {
    await compared();
    const values = (metric: string): string[] =>
      ["none", "low", "medium", "high", "xhigh"].map(
        (effort) => screen.getByTestId(`cell-${metric}-${effort}`).dataset.value ?? "",
      );
    const { levels, totals, verdict } = whole.summary;
    expect({
      checks: values("checks"),
      cost: values("cost"),
      total: values("total_ms"),
      first: values("first_output_ms"),
      reasoning: values("reasoning"),
      visible: values("visible"),
    }).toEqual({
      checks: levels.map((level) => String(level.checks?.median)),
      cost: levels.map((level) => String(level.cost?.median)),
      total: levels.map((level) => String(level.totalMs?.median)),
      first: levels.map((level) => String(level.firstOutputMs?.median)),
      reasoning: levels.map((level) => String(level.reasoningTokens?.median)),
      visible: levels.map((level) => String(level.visibleTokens?.median)),
    });
    expect({ ...screen.getByTestId("totals").dataset }).toEqual({
      testid: "totals",
      runs: String(totals.runs),
      completed: String(totals.completed),
      cost: String(totals.cost),
      inputTokens: String(totals.inputTokens),
      cachedTokens: String(totals.cachedTokens),
      outputTokens: String(totals.outputTokens),
      reasoningTokens: String(totals.reasoningTokens),
    });
    expect(screen.getByTestId("verdict").textContent).toBe(
      verdict!.sentence.map((part) => part.text).join(""),
    );
    expect(status()).toContain(`All ${totals.runs} runs are over.`);
  });

  test("marks samples in every column and at the result", async () => {
    await compared();
    expect(screen.getAllByTestId("sample-mark").length).toBe(6);
    for (const output of screen.getAllByRole("region", { name: /^Output at/ })) {
      expect(within(output.parentElement!).getByTestId("sample-mark")).toBeTruthy();
    }
  });

  test("asks the engine for every level of the model, with a ticket of its own", async () => {
    const host = engine();
    await compared(host);
    expect(host.started).toEqual([
      {
        ticket: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        request: (await host.call("read_request", { path: PATH })).request,
        efforts: ["none", "low", "medium", "high", "xhigh"],
        repeats: USUAL_REPEATS,
        leftOut: {},
      },
    ]);
  });

  test("opens what was compared last, instead of starting again", async () => {
    const host = engine({ last: whole });
    await compared(host);
    expect(screen.getByTestId("column-low").dataset.status).toBe("completed");
    expect(host.started).toEqual([]);
  });

  test("is still there after another screen was up, and can be measured anew", async () => {
    const workbench = await opened();
    const first = render(Compare, { workbench, requestPath: PATH, autoStart: true });
    await screen.findByTestId("cell-cost-low");
    await screen.findByTestId("compare-run");
    first.unmount();
    render(Compare, { workbench, requestPath: PATH });
    const delta = (effort: string) =>
      screen.getByTestId(`cell-cost-${effort}`).querySelector(".delta")?.textContent;
    await screen.findByTestId("cell-cost-low");
    expect(delta("low")).toBe("");
    expect(delta("high")).toMatch(/^\+/);
    await fireEvent.click(screen.getByRole("button", { name: "Pin High as baseline" }));
    expect(delta("high")).toBe("");
    expect(delta("low")).toMatch(/^\u2212/);
  });

  test("goes on while another screen is up", async () => {
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    const workbench = await opened(engine({ gate }));
    const first = render(Compare, { workbench, requestPath: PATH, autoStart: true });
    await waitFor(() => expect(screen.getByTestId("column-high").dataset.status).toBe("running"));
    first.unmount();
    open();
    render(Compare, { workbench, requestPath: PATH });
    await screen.findByTestId("compare-run");
    expect(screen.getByTestId("column-high").dataset.status).toBe("completed");
  });

  test("while it runs, columns are busy, and Escape stops it all", async () => {
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    const host = engine({ gate });
    render(Compare, { workbench: await opened(host), requestPath: PATH, autoStart: true });
    await waitFor(() => expect(screen.getByTestId("column-high").dataset.status).toBe("running"));
    expect(screen.getByTestId("output-high").getAttribute("aria-busy")).toBe("true");
    expect(status()).toBe("Extra high: Reasoning");
    await fireEvent.keyDown(document.body, { key: "Escape" });
    expect(host.stopped).toEqual([{ ticket: host.started[0]?.ticket, lane: null }]);
    open();
    await screen.findByTestId("compare-run");
    expect(screen.getByTestId("output-high").getAttribute("aria-busy")).toBe("false");
  });

  test("focus stays on the button that starts and stops", async () => {
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    render(Compare, { workbench: await opened(engine({ gate })), requestPath: PATH });
    const run = await screen.findByTestId("compare-run");
    run.focus();
    await fireEvent.click(run);
    const stop = await screen.findByTestId("compare-stop");
    expect(document.activeElement).toBe(stop);
    open();
    const again = await screen.findByTestId("compare-run");
    expect(document.activeElement).toBe(again);
  });

  test("Ctrl+Shift+Enter runs all", async () => {
    const host = engine();
    render(Compare, { workbench: await opened(host), requestPath: PATH });
    await screen.findByText("No runs to compare yet");
    await fireEvent.keyDown(document.body, { key: "Enter", ctrlKey: true, shiftKey: true });
    await waitFor(() => expect(host.started.length).toBe(1));
  });

  test("refused before it began, it says why and keeps what stood there", async () => {
    let refusal: EngineError | null = null;
    await compared(engine({ refusal: () => refusal }));
    refusal = engineError("quota_exceeded", "The quota for this key is used up.");
    await fireEvent.click(screen.getByTestId("compare-run"));
    expect((await screen.findByTestId("error-panel")).dataset.code).toBe("quota_exceeded");
    expect(screen.getByTestId("cell-cost-low").dataset.value).toBe(
      String(whole.summary.levels[1]?.cost?.median),
    );
  });
});

describe("runs that did not complete", () => {
  test("say what happened and keep what arrived", async () => {
    const end = (text: string, facts: Partial<RunFacts>) => (run: RunView) => {
      Object.assign(run.facts, facts);
      run.texts = text === "" ? [] : [{ section: "output", part: 0, text }];
    };
    await compared(
      engine({
        change: ({ runs }) => {
          end("", { status: "failed", fault: engineError("rate_limited", "429") })(runs[0]!);
          end("Half an answ", { status: "cut", fault: engineError("stream_cut", "") })(
            runs[USUAL_REPEATS]!,
          );
          end("", { status: "incomplete", incompleteReason: "max_output_tokens" })(
            runs[2 * USUAL_REPEATS]!,
          );
          end("Stopped text", { status: "stopped" })(runs[3 * USUAL_REPEATS]!);
        },
      }),
    );
    await waitFor(() => expect(screen.getByTestId("column-none").dataset.status).toBe("failed"));
    const output = (effort: string): string =>
      screen.getByTestId(`output-${effort}`).textContent ?? "";
    expect(output("none")).toContain("Rate limit reached");
    expect(output("low")).toContain("Connection lost");
    expect(output("low")).toContain("Half an answ");
    expect(output("medium")).toContain("Cap reached before the answer");
    expect(output("high")).toContain("Stopped text");
    expect(
      ["low", "medium", "high", "xhigh"].map(
        (it) => screen.getByTestId(`column-${it}`).dataset.status,
      ),
    ).toEqual(["cut", "incomplete", "stopped", "completed"]);
  });
});

describe("in the grid", () => {
  test("brackets move between columns, b pins, d and s toggle", async () => {
    await compared();
    const high = screen.getByTestId("output-high");
    high.focus();
    await fireEvent.keyDown(high, { key: "[" });
    expect(document.activeElement).toBe(screen.getByTestId("output-medium"));
    await fireEvent.keyDown(document.activeElement!, { key: "]" });
    await fireEvent.keyDown(document.activeElement!, { key: "]" });
    expect(document.activeElement).toBe(screen.getByTestId("output-xhigh"));
    await fireEvent.keyDown(document.activeElement!, { key: "b" });
    expect(screen.getByTestId("column-xhigh").textContent).toContain("Baseline");
    const [differences, sync] = screen.getAllByRole("switch");
    await fireEvent.keyDown(document.activeElement!, { key: "d" });
    await fireEvent.keyDown(document.activeElement!, { key: "s" });
    expect([differences, sync].map((it) => it?.getAttribute("aria-checked"))).toEqual([
      "false",
      "false",
    ]);
  });

  test("the pager shows another run of each level", async () => {
    await compared();
    for (let run = 1; run < USUAL_REPEATS; run++) {
      expect(screen.getByText(`Run ${run} of ${USUAL_REPEATS}`)).toBeTruthy();
      await fireEvent.click(screen.getByRole("button", { name: "Next run" }));
    }
    expect(screen.getByText(`Run ${USUAL_REPEATS} of ${USUAL_REPEATS}`)).toBeTruthy();
    expect(screen.getByRole("button", { name: "Next run" }).getAttribute("aria-disabled")).toBe(
      "true",
    );
  });

  test("words that the baseline does not have are marked, and forbidden text too", async () => {
    const texts = ["Four are unsafe.", "Three are unsafe.", "Three <b>are</b> unsafe. Batch it."];
    await compared(
      engine({
        change: ({ runs }) => {
          for (const [lane, run] of runs.entries()) {
            const text = texts[Math.min(2, Math.floor(lane / USUAL_REPEATS))] ?? "";
            const offending = lane === 0 ? "unsafe" : null;
            run.texts = [{ section: "output", part: 0, text }];
            run.facts.checks = [{ name: "x", rule: "x", passed: false, reason: null, offending }];
          }
        },
      }),
    );
    const marks = (effort: string): string[][] =>
      [...screen.getByTestId(`output-${effort}`).querySelectorAll("mark")].map((it) => [
        it.className,
        it.textContent,
      ]);
    await waitFor(() => expect(marks("none").length).toBe(2));
    expect(marks("none")).toEqual([
      ["added", "Four"],
      ["wrong", "unsafe"],
    ]);
    expect(marks("low")).toEqual([]);
    expect(
      marks("high")
        .map(([, text]) => text)
        .join("|"),
    ).toContain("Batch it.");
    expect(screen.getByTestId("output-none").textContent).toContain(
      "1 word of the baseline missing",
    );
    expect(screen.getByTestId("output-high").querySelector("b")).toBeNull();
    await fireEvent.click(screen.getAllByRole("switch")[0]!);
    expect(marks("high")).toEqual([]);
    expect(marks("none")).toEqual([["wrong", "unsafe"]]);
  });

  test("a hostile name is only text", async () => {
    const workbench = await opened();
    const name = '<img src=x onerror="go()">';
    workbench.requests = workbench.requests.map((it) => (it.path === PATH ? { ...it, name } : it));
    const { container } = render(Compare, { workbench, requestPath: PATH });
    await screen.findByText("No runs to compare yet");
    expect(screen.getByTestId("compare-request").textContent).toContain(name);
    expect(container.querySelector("img")).toBeNull();
  });
});

describe("for everyone", () => {
  test.each(["empty", "done"])("axe finds nothing wrong when %s", async (state) => {
    if (state === "done") await compared();
    else render(Compare, { workbench: await opened(), requestPath: PATH });
    if (state === "empty") await screen.findByText("No runs to compare yet");
    const found = await axe.run(document.body, {
      // Colours are measured with the tokens, and a test page has neither landmarks nor layout.
      rules: {
        "color-contrast": { enabled: false },
        region: { enabled: false },
        "page-has-heading-one": { enabled: false },
      },
    });
    expect(found.violations.map((it) => [it.id, it.nodes.map((node) => node.html)])).toEqual([]);
  });
});
