// The stand-in as the Mock screen steers it: its settings, its ladder, what answers each request, recordings.
import type {
  EngineError,
  MockPinned,
  MockRecordingFile,
  MockRule,
  MockRung,
  MockStateOutput,
  SetMockInput,
} from "../contract/ipc";
import { asEngineError, call } from "../host";
import { ladderOrder } from "../lib/mock-words";
import { MockDrift } from "./mock-drift.svelte";
import { MockLog } from "./mock-log.svelte";
import { RuleEditor } from "./mock-rules.svelte";
import type { Confirm } from "./production.svelte";

export type MockTab = "server" | "requests" | "rules" | "recordings" | "log";

/** Why a change was refused, and where it was asked for: `port`, `token`, `speed`, `rules`, ... */
export interface MockProblem {
  place: string;
  text: string;
}

/** News of requests change counts and what answers: read again, but not for each of a burst. */
const SETTLE_MS = 400;
export const INITIAL_SHARE = 0.56;
const FORWARDED = {
  name: "Requests of other programs",
  calls: "Each one that nothing here answers, until recording ends",
};

export class MockServer {
  readonly log: MockLog;
  readonly rules = new RuleEditor(this);
  readonly drift: MockDrift;

  /** None until the screen was first shown. */
  state = $state.raw<MockStateOutput | null>(null);
  /** Why the state can't be read. */
  fault = $state.raw<EngineError | null>(null);
  problem = $state.raw<MockProblem | null>(null);
  /** All rungs in the order to show, those that are off among them. */
  order = $state.raw<readonly MockRung[]>(ladderOrder([]));
  tab = $state<MockTab>("requests");
  /** A recording that another screen leads to. */
  pointedAt = $state<string | null>(null);
  /** Whether to forward and record is being asked. */
  recordAsked = $state(false);
  /** The upper pane's share of the height. */
  share = $state(INITIAL_SHARE);

  /** The base URL that requests of other programs pass on to; null where they do not. */
  readonly recordsFrom = $derived(this.state?.recordsFrom ?? null);

  /** One change after the other, so that the last answer is of the last change. */
  #turn: Promise<unknown> = Promise.resolve();
  #settling: ReturnType<typeof setTimeout> | null = null;
  #shown = false;
  readonly #confirm: Confirm;

  /** `confirm` is asked where the engine wants a yes to production. */
  constructor(onSpent: (nanos: number) => void, confirm: Confirm = () => Promise.resolve(false)) {
    this.#confirm = confirm;
    this.log = new MockLog(onSpent, () => this.#settle());
    this.drift = new MockDrift(onSpent, confirm);
  }

  /** The screen is up: everything is read, and requests are told as they come. */
  async show(): Promise<void> {
    this.#shown = true;
    void this.log.watch();
    await this.load();
  }

  /** The screen is left. While requests may pass through and cost money, they are still told. */
  leave(): void {
    this.#shown = false;
    if (this.recordsFrom === null) void this.log.leave();
  }

  async load(): Promise<void> {
    try {
      this.#take(await call("mock_state", {}));
      this.fault = null;
    } catch (cause) {
      this.fault = asEngineError(cause);
    }
  }

  /** Changes settings. False where they were refused; `problem` says why then. */
  async set(input: SetMockInput): Promise<boolean> {
    const done = await this.#ask(placeOf(input), () => call("set_mock", input));
    if (done && !this.#shown && this.recordsFrom === null) void this.log.leave();
    return done;
  }

  setRung(rung: MockRung, on: boolean): Promise<boolean> {
    const rungs = this.order.filter((it) => (it === rung ? on : this.isOn(it)));
    return this.set({ rungs });
  }

  isOn(rung: MockRung): boolean {
    return this.state?.rungs.includes(rung) ?? false;
  }

  /** Moves a rung up (-1) or down (1). False where it stands at the end. */
  moveRung(rung: MockRung, by: 1 | -1): boolean {
    const from = this.order.indexOf(rung);
    const to = from + by;
    if (from < 0 || to < 0 || to >= this.order.length) return false;
    const order = this.order.filter((it) => it !== rung);
    order.splice(to, 0, rung);
    const before = this.order;
    this.order = order;
    const rungs = order.filter((it) => this.isOn(it));
    if (rungs.join() !== this.state?.rungs.join()) {
      void this.set({ rungs }).then((done) => {
        if (!done) this.order = before;
      });
    }
    return true;
  }

  pin(requestId: string, answer: MockPinned | null): Promise<boolean> {
    return this.#ask("pin", () => call("pin_mock", { requestId, answer }));
  }

  /** Puts these rules in place of all others. Rejects with the engine's error, for the form that asked. */
  async putRules(rules: readonly MockRule[]): Promise<void> {
    await this.#inTurn(async () => {
      this.#take(await call("set_mock_rules", { rules: [...rules] }));
    });
  }

  /** Deletes a recording. What undoes it, or null where it was not deleted. */
  async removeRecording(recording: MockRecordingFile): Promise<(() => Promise<boolean>) | null> {
    const { file } = recording;
    let text = "";
    const done = await this.#ask("recordings", async () => {
      const removed = await call("remove_recording", { file });
      text = removed.text;
      return removed.state;
    });
    if (!done) return null;
    return () => this.#ask("recordings", () => call("restore_recording", { file, text }));
  }

  /** The name that the rule of an id goes by. */
  ruleName(id: string | null): string | null {
    if (id === null) return null;
    const rule = this.state?.rules.find((it) => it.rule.id === id)?.rule;
    return rule === undefined || rule.name.trim() === "" ? id : rule.name;
  }

  async #ask(place: string, what: () => Promise<MockStateOutput>): Promise<boolean> {
    try {
      await this.#inTurn(async () => {
        this.#take(await what());
      });
      if (this.problem?.place === place) this.problem = null;
      return true;
    } catch (cause) {
      const fault = asEngineError(cause);
      // Asked for anew after each yes: the engine asks only once.
      if (fault.code === "confirm_production") {
        if (await this.#confirm(FORWARDED)) return this.#ask(place, what);
        return false;
      }
      const text = [fault.message, fault.hint].filter(Boolean).join(" ");
      this.problem = { place: fault.place ?? place, text };
      if (fault.code !== "bad_input") this.problem = { place, text };
      return false;
    }
  }

  #inTurn<T>(what: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(what, what);
    this.#turn = mine.catch(() => {});
    return mine;
  }

  #take(state: MockStateOutput): void {
    this.state = state;
    this.order = ladderOrder(state.rungs, this.order);
  }

  async toggleOpen(): Promise<void> {
    if (this.state === null) await this.load();
    if (this.state !== null) await this.set({ open: !this.state.open });
  }

  /** Asks before anything is forwarded; ends it without a question. */
  askToRecord(): void {
    if (this.recordsFrom === null) this.recordAsked = true;
    else void this.set({ record: false });
  }

  #settle(): void {
    if (!this.#shown || this.#settling !== null) return;
    this.#settling = setTimeout(() => {
      this.#settling = null;
      if (this.#shown) void this.#inTurn(() => this.load());
    }, SETTLE_MS);
  }
}

/** The first field that a change is about. */
function placeOf(input: SetMockInput): string {
  return Object.keys(input)[0] ?? "server";
}
