// Has the API changed since a recording was made? One look at one recording.
import type {
  EngineError,
  ErrorCode,
  MockDriftOutput,
  MockRecordingFile,
  RunFacts,
} from "../contract/ipc";
import { asEngineError, call, stream } from "../host";
import type { Confirm } from "./production.svelte";

export class MockDrift {
  readonly #onSpent: (nanos: number) => void;
  readonly #confirm: Confirm;
  #ticket: string | null = null;

  /** The recording in question; null while nobody asks. */
  recording = $state.raw<MockRecordingFile | null>(null);
  running = $state(false);
  stopping = $state(false);
  /** How far a fresh answer has come. */
  facts = $state.raw<RunFacts | null>(null);
  report = $state.raw<MockDriftOutput | null>(null);
  fault = $state.raw<EngineError | null>(null);

  constructor(onSpent: (nanos: number) => void, confirm: Confirm = () => Promise.resolve(false)) {
    this.#onSpent = onSpent;
    this.#confirm = confirm;
  }

  ask(recording: MockRecordingFile): void {
    this.recording = recording;
    this.report = null;
    this.fault = null;
    this.facts = null;
  }

  /** Compares with the last real answer, which is free, or with a fresh one, which is charged. */
  async compare(fresh: boolean): Promise<void> {
    const recording = this.recording;
    if (recording === null || this.running) return;
    const asks = (await this.#look(recording, fresh)) === "confirm_production";
    if (!asks || this.recording !== recording) return;
    const name = `Drift of ${recording.name}`;
    if (await this.#confirm({ name, calls: "1 call, with the request as it was recorded" })) {
      await this.#look(recording, fresh);
    }
  }

  /** The code of what it failed with, else null. That production wants a yes is no fault to show. */
  async #look(recording: MockRecordingFile, fresh: boolean): Promise<ErrorCode | null> {
    const ticket = crypto.randomUUID();
    this.#ticket = ticket;
    this.running = true;
    this.stopping = false;
    this.report = null;
    this.fault = null;
    this.facts = null;
    try {
      const report = await stream(
        "mock_drift",
        { ticket, file: recording.file, fresh },
        ({ lanes }) => {
          for (const { facts, elapsedMs } of lanes) {
            const now = facts ?? this.facts;
            if (now !== null) this.facts = { ...now, elapsedMs };
          }
        },
      );
      if (report.cost !== null) this.#onSpent(report.cost);
      if (this.recording === recording) this.report = report;
      return null;
    } catch (cause) {
      const fault = asEngineError(cause);
      const isShown = fault.code !== "cancelled" && fault.code !== "confirm_production";
      if (this.recording === recording && isShown) this.fault = fault;
      return fault.code;
    } finally {
      this.running = false;
      this.stopping = false;
      this.facts = null;
      this.#ticket = null;
    }
  }

  async stop(): Promise<void> {
    if (this.#ticket === null || this.stopping) return;
    this.stopping = true;
    await call("stop_run", { ticket: this.#ticket, lane: null }).catch(() => {
      this.stopping = false;
    });
  }

  /** Asks no more. What runs is stopped. */
  close(): void {
    void this.stop();
    this.recording = null;
    this.report = null;
    this.fault = null;
  }
}
