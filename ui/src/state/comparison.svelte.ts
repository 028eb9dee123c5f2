// One request at several effort levels: starting, following, stopping and keeping a comparison.
import type {
  CompareEffortsOutput,
  ComparisonSummary,
  EffortLevel,
  EngineError,
  LevelSummary,
  RequestFiguresOutput,
  RequestFile,
} from "../contract/ipc";
import { asEngineError, call, stream } from "../host";
import { asText } from "../lib/body";
import { atLevel, pointersOf, type LeftOut } from "../lib/left-out";
import { commonWords } from "../lib/mock-words";
import { isLock } from "../lib/parameters";
import { runState } from "../lib/run-state";
import { Draft } from "./drafts.svelte";
import { questionOf } from "./lint.svelte";
import { RunSet, type RunLane } from "./runs.svelte";
import type { Workbench } from "./workbench.svelte";

export const FEWEST_REPEATS = 1;
export const MOST_REPEATS = 10;
/** The least that has a middle and a range, at a bearable price. */
export const USUAL_REPEATS = 3;
/** What the others are measured against, where the model offers it: cheap, but not without any reasoning. */
const USUAL_BASELINE = "low";

/** One column: a level, its runs, and what they come to. */
export interface Level {
  effort: EffortLevel;
  lanes: readonly RunLane[];
  summary: LevelSummary | null;
}

export class Comparison {
  path: string;
  readonly #workbench: Workbench;

  request: RequestFile | null = $state.raw(null);
  /** How many runs of each level the next start asks for. */
  repeats = $state(USUAL_REPEATS);
  /** The levels of the comparison on screen, in rising order. */
  efforts: readonly string[] = $state.raw([]);
  /** The runs per level of the comparison on screen. */
  repeatsShown = $state(0);
  /** Which of them is shown, from 1. */
  repeat = $state(1);
  set: RunSet | null = $state.raw(null);
  startedAt: number | null = $state(null);
  ticket: string | null = $state(null);
  stopping = $state(false);
  /** The last comparison has been asked for, and came or not. */
  loaded = $state(false);
  fault: EngineError | null = $state.raw(null);
  figures: RequestFiguresOutput | null = $state.raw(null);
  /** What each level goes without, as Build leaves it out: it stays in the request. */
  leftOut: LeftOut = $state.raw({});
  /** What a screen reader hears next. */
  said = $state("");
  #pinned: string | null = $state(null);
  #saidOf: Record<number, string> = {};

  readonly running = $derived(this.ticket !== null);
  readonly summary: ComparisonSummary | null = $derived(this.set?.summary ?? null);
  readonly baseline = $derived(
    this.#pinned !== null && this.efforts.includes(this.#pinned)
      ? this.#pinned
      : this.efforts.includes(USUAL_BASELINE)
        ? USUAL_BASELINE
        : (this.efforts[0] ?? null),
  );
  readonly levels: readonly Level[] = $derived(
    this.efforts.map((value, i) => ({
      effort: this.#level(value, i),
      lanes: (this.set?.lanes ?? []).slice(i * this.repeatsShown, (i + 1) * this.repeatsShown),
      summary: this.summary?.levels.find((level) => level.effort === value) ?? null,
    })),
  );
  /** How it is marked where a model did not write it just now. */
  readonly mark = $derived(commonWords((this.set?.lanes ?? []).map((lane) => lane.facts)));
  /** What the next start will likely cost, once every level has been run before. */
  readonly likely = $derived.by(() => {
    const wanted = this.offered;
    const costs = wanted.map(
      (effort) => this.figures?.efforts.find((it) => it.effort === effort)?.medianCost ?? null,
    );
    return costs.length === 0 || costs.includes(null)
      ? null
      : costs.reduce<number>((sum, cost) => sum + (cost ?? 0), 0) * this.repeats;
  });

  constructor(workbench: Workbench, path: string) {
    this.#workbench = workbench;
    this.path = path;
  }

  /** The levels that the request's model offers. Empty leaves it to the engine, which knows the model. */
  get offered(): readonly string[] {
    return this.#workbench.model(asText(this.request?.body.model))?.efforts ?? [];
  }

  /** Takes the request as it stands in an open tab, or reads its file; then what was last compared. */
  async load(): Promise<void> {
    await this.refresh();
    if (this.request === null) return;
    void this.readLeftOut();
    if (this.set !== null || this.loaded) {
      await this.readFigures();
      return;
    }
    try {
      // Together, so that nothing on the page shifts when the second answer comes.
      const [{ comparison }] = await Promise.all([
        call("last_comparison", { requestId: this.request.id }),
        this.readFigures(),
      ]);
      if (comparison !== null && this.set === null) this.#show(comparison);
    } catch (cause) {
      this.fault = asEngineError(cause);
    }
    this.loaded = true;
  }

  /** Edits in an open tab count without being saved. */
  async refresh(): Promise<void> {
    try {
      const draft = this.#workbench.drafts.tabs.find((tab) => tab.path === this.path);
      this.request =
        draft !== undefined && "request" in draft
          ? draft.request
          : (await call("read_request", { path: this.path })).request;
      if (this.fault?.code === "file_unreadable" || this.fault?.code === "file_invalid") {
        this.fault = null;
      }
    } catch (cause) {
      this.request = null;
      this.fault = asEngineError(cause);
    }
  }

  setRepeats(count: number): void {
    if (Number.isFinite(count)) {
      this.repeats = Math.min(MOST_REPEATS, Math.max(FEWEST_REPEATS, Math.round(count)));
    }
  }

  pin(effort: string): void {
    this.#pinned = effort;
  }

  showRepeat(repeat: number): void {
    this.repeat = Math.min(Math.max(1, repeat), Math.max(1, this.repeatsShown));
  }

  /** The run of a level that is on screen. */
  shown(level: Level): RunLane | null {
    return level.lanes[this.repeat - 1] ?? null;
  }

  async start(): Promise<void> {
    if (this.running) return;
    const ticket = crypto.randomUUID();
    this.ticket = ticket;
    this.stopping = false;
    await this.refresh();
    const request = this.request;
    if (request === null) {
      this.ticket = null;
      return;
    }
    await this.readLeftOut();
    const leftOut = pointersOf(this.leftOut);
    const kept = {
      set: this.set,
      efforts: this.efforts,
      repeats: this.repeatsShown,
      startedAt: this.startedAt,
    };
    const set = new RunSet();
    this.fault = null;
    this.set = set;
    this.efforts = this.offered;
    this.repeatsShown = this.repeats;
    this.repeat = 1;
    this.startedAt = Date.now();
    this.#saidOf = {};
    try {
      const done = await stream(
        "compare_efforts",
        { ticket, request, efforts: [...this.offered], repeats: this.repeats, leftOut },
        (patch) => {
          set.apply(patch);
          if (this.efforts.length === 0)
            this.efforts = set.summary?.levels.map((it) => it.effort) ?? [];
          this.#tell();
        },
      );
      set.settle(done.runs, done.summary);
      this.efforts = done.efforts;
      this.startedAt = done.startedAt;
      this.said =
        `All ${done.summary.totals.runs} runs are over. ${this.#sentence(done.summary)}`.trim();
      if (done.runs.every((run) => run.facts.sample === null)) {
        this.#workbench.spent(done.summary.totals.cost);
      }
      this.#workbench.firstStart = false;
    } catch (cause) {
      this.fault = asEngineError(cause);
      // Refused before anything ran: what stood here before is still the last comparison.
      if (set.lanes.length === 0) {
        this.set = kept.set;
        this.efforts = kept.efforts;
        this.repeatsShown = kept.repeats;
        this.startedAt = kept.startedAt;
      }
    } finally {
      this.ticket = null;
      this.stopping = false;
    }
    // Refused before this request's last comparison was ever asked for: that is what to show.
    if (this.set === null && !this.loaded) void this.load();
    else void this.readFigures();
  }

  /** Stops all runs, or those of one level. What arrived stays. */
  async stop(effort: string | null = null): Promise<void> {
    if (this.ticket === null) return;
    const ticket = this.ticket;
    const first = effort === null ? -1 : this.efforts.indexOf(effort) * this.repeatsShown;
    if (effort !== null && first < 0) return;
    const lanes =
      effort === null ? [null] : Array.from({ length: this.repeatsShown }, (_, i) => first + i);
    if (effort === null) this.stopping = true;
    try {
      await Promise.all(lanes.map((lane) => call("stop_run", { ticket, lane })));
    } catch (cause) {
      this.fault = asEngineError(cause);
      this.stopping = false;
    }
  }

  #show(comparison: CompareEffortsOutput): void {
    this.set = RunSet.from(comparison.runs, comparison.summary);
    this.efforts = comparison.efforts;
    this.repeatsShown = comparison.repeats;
    this.startedAt = comparison.startedAt;
    this.repeat = 1;
  }

  /** What earlier runs cost: anew for each connection, since samples and answers never mix. */
  async readFigures(): Promise<void> {
    const model = asText(this.request?.body.model);
    if (this.request === null || model === null) return;
    // Without figures the button says no price: nothing to interrupt anybody for.
    this.figures = await call("request_figures", { requestId: this.request.id, model }).catch(
      () => null,
    );
  }

  /** Asks level by level which values the API refuses there. */
  async readLeftOut(): Promise<void> {
    const { request } = this;
    if (request === null) return;
    const tab = this.#workbench.drafts.tabs.find((it) => it.path === this.path);
    const anyway = tab instanceof Draft ? tab.lint.anyway : new Set<string>();
    const { endpoint, body } = request;
    const locks = await Promise.all(
      this.offered.map(async (effort) => {
        const asked = { ...request, body: atLevel(body, endpoint, effort) };
        // A level that can't be judged is sent as it stands; the engine has the last word anyway.
        const { findings } = await call("lint_request", questionOf(asked, null)).catch(() => ({
          findings: [],
        }));
        const left = findings.filter((it) => isLock(it) && !anyway.has(it.pointer));
        return [effort, left] as const;
      }),
    );
    if (this.request === request) this.leftOut = Object.fromEntries(locks);
  }

  #level(value: string, index: number): EffortLevel {
    const known = this.#workbench.effort(value);
    return known ?? { value, name: value, word: "", stop: Math.min(index, 4) };
  }

  #sentence(summary: ComparisonSummary): string {
    return summary.verdict?.sentence.map((part) => part.text).join("") ?? "";
  }

  /** Says each phase of the runs on screen once, and how they end. */
  #tell(): void {
    for (const level of this.levels) {
      const lane = this.shown(level);
      if (lane === null) continue;
      const index = this.efforts.indexOf(level.effort.value);
      const { said } = runState(lane.facts, lane.refused);
      if (said === "" || this.#saidOf[index] === said) continue;
      this.#saidOf[index] = said;
      this.said = `${level.effort.name}: ${said}`;
    }
  }
}

/**
 * A comparison that outlives the screen that asked for it. Made where it is needed, its derived
 * values would end with that screen.
 */
export function detached(workbench: Workbench, path: string): Comparison {
  let made: Comparison | undefined;
  $effect.root(() => {
    made = new Comparison(workbench, path);
  });
  return made!;
}
