// What was run: the list as far as it was read, what it is narrowed to, and the run that is open.
import type {
  EngineError,
  HistoryFilter,
  HistoryRow,
  HistoryTotals,
  ReadHistoryRunOutput,
  RunKind,
  RunSource,
  RunStatus,
} from "../contract/ipc";
import { asEngineError, call, stream } from "../host";
import { RunLane } from "./runs.svelte";
import { EventLog } from "./sending.svelte";

/** Rows read at a time. */
export const PAGE = 100;
/** The most that is read again when something happened. */
const MOST = 200;
/** Typing is over when nothing came for so long. */
const TYPED_MS = 200;
/** A wait that is shorter than this shows nothing. */
const SLOW_MS = 300;

/** What counts as a failure: the answer did not come, or not whole. */
export const FAILURES: readonly RunStatus[] = ["failed", "cut", "incomplete"];

/** What the list is narrowed to; an empty string narrows nothing. */
export interface Narrowed {
  text: string;
  effort: string;
  status: RunStatus | "failures" | "";
  source: RunSource | "";
  kind: RunKind | "samples" | "";
}

const EVERYTHING: Narrowed = { text: "", effort: "", status: "", source: "", kind: "" };

export function filterOf({ text, effort, status, source, kind }: Narrowed): HistoryFilter {
  return {
    text: text.trim(),
    efforts: effort === "" ? [] : [effort],
    statuses: status === "failures" ? [...FAILURES] : status === "" ? [] : [status],
    sources: source === "" ? [] : [source],
    kinds: kind === "samples" ? ["composed", "written"] : kind === "" ? [] : [kind],
  };
}

/** The list with its newest part read again: what was known beyond it stays. */
export function withNewest(
  known: readonly HistoryRow[],
  newest: readonly HistoryRow[],
  more: boolean,
): readonly HistoryRow[] {
  if (!more) return newest;
  const ids = new Set(newest.map((row) => row.id));
  const last = known.findLastIndex((row) => ids.has(row.id));
  return last < 0 ? newest : [...newest, ...known.slice(last + 1)];
}

/** One recorded run, open to read. */
export class OpenRun {
  readonly id: string;
  readonly events: EventLog;
  whole = $state.raw<ReadHistoryRunOutput | null>(null);
  lane = $state.raw<RunLane | null>(null);
  fault = $state.raw<EngineError | null>(null);

  constructor(id: string) {
    this.id = id;
    this.events = new EventLog(id);
  }

  async read(): Promise<void> {
    try {
      const whole = await call("read_history_run", { runId: this.id });
      this.lane = RunLane.from(whole.run);
      this.whole = whole;
      this.fault = null;
    } catch (cause) {
      this.fault = asEngineError(cause);
    }
  }
}

let tickets = 0;

export class RunHistory {
  narrowed = $state.raw<Narrowed>(EVERYTHING);
  /** Newest first; null until they were read once. */
  rows = $state.raw<readonly HistoryRow[] | null>(null);
  more = $state(false);
  totals = $state.raw<HistoryTotals>({ runs: 0, spent: 0, unpriced: 0 });
  /** All runs on record, whatever the list is narrowed to. */
  recorded = $state(0);
  fault = $state.raw<EngineError | null>(null);
  /** The list is being read, and it takes a while. */
  slow = $state(false);
  open = $state.raw<OpenRun | null>(null);
  /** The tab of the open run. It stays from run to run. */
  view = $state("output");
  /** Somebody asked for the search field. */
  searchWanted = $state(false);

  readonly isNarrowed = $derived(
    Object.values(filterOf(this.narrowed)).some((part: string | readonly string[]) =>
      Boolean(part.length),
    ),
  );

  #ticket: string | null = null;
  /** Counts the questions: an answer to an older one is out of date. */
  #asked = 0;
  #typing: ReturnType<typeof setTimeout> | undefined;
  #loadingMore = false;

  /** Reads the list, and reads it again whenever a run begins or ends, until `leave`. */
  async enter(): Promise<void> {
    if (this.#ticket !== null) return;
    const ticket = `history-${++tickets}-${Date.now().toString(36)}`;
    this.#ticket = ticket;
    const over = stream("watch_history", { ticket }, () => {
      if (this.#ticket === ticket) void this.refresh();
    });
    over.catch((cause: unknown) => {
      if (this.#ticket === ticket) this.fault = asEngineError(cause);
    });
    await (this.rows === null ? this.read() : this.refresh());
  }

  async leave(): Promise<void> {
    const ticket = this.#ticket;
    this.#ticket = null;
    if (ticket !== null) await call("stop_run", { ticket, lane: null }).catch(() => {});
  }

  /** Narrows the list. What is typed waits for the end of a word. */
  narrow(change: Partial<Narrowed>): void {
    this.narrowed = { ...this.narrowed, ...change };
    clearTimeout(this.#typing);
    if (change.text === undefined || change.text === "") void this.read();
    else this.#typing = setTimeout(() => void this.read(), TYPED_MS);
  }

  clear(): void {
    this.narrow(EVERYTHING);
  }

  /** Reads the list from its beginning. */
  async read(): Promise<void> {
    const asked = ++this.#asked;
    const slow = setTimeout(() => (this.slow = asked === this.#asked), SLOW_MS);
    try {
      await this.#newest(PAGE, () => asked === this.#asked, true);
    } finally {
      clearTimeout(slow);
      if (asked === this.#asked) this.slow = false;
    }
  }

  /** Reads the newest part again; the rest stays as it is. */
  async refresh(): Promise<void> {
    const asked = this.#asked;
    const count = Math.min(MOST, Math.max(PAGE, this.rows?.length ?? 0));
    await this.#newest(count, () => asked === this.#asked, false);
    const shown = this.open;
    // Of a run that is going on, the record says more now.
    if (shown?.whole && !shown.lane?.over) await shown.read();
  }

  /** Reads on where the list ends. */
  async readMore(): Promise<void> {
    const last = this.rows?.at(-1);
    if (!this.more || this.#loadingMore || !last) return;
    this.#loadingMore = true;
    const asked = this.#asked;
    try {
      const page = await call("list_history", {
        filter: filterOf(this.narrowed),
        before: last.id,
        limit: PAGE,
      });
      // Other rows may have come to an end of their own meanwhile.
      if (asked !== this.#asked || this.rows?.at(-1)?.id !== last.id) return;
      this.rows = [...this.rows, ...page.rows];
      this.more = page.more;
      this.totals = page.totals;
    } catch (cause) {
      if (asked === this.#asked) this.fault = asEngineError(cause);
    } finally {
      this.#loadingMore = false;
    }
  }

  /** Shows a run whole. */
  async show(id: string): Promise<void> {
    if (this.open?.id === id) return;
    const run = new OpenRun(id);
    this.open = run;
    await run.read();
  }

  close(): void {
    this.open = null;
  }

  async #newest(limit: number, wanted: () => boolean, anew: boolean): Promise<void> {
    try {
      const page = await call("list_history", {
        filter: filterOf(this.narrowed),
        before: null,
        limit,
      });
      if (!wanted()) return;
      const known = anew ? null : this.rows;
      const rows = known === null ? page.rows : withNewest(known, page.rows, page.more);
      // Where older rows are known, their end says whether more follow.
      this.more = rows.length === page.rows.length ? page.more : this.more;
      this.rows = rows;
      this.totals = page.totals;
      this.recorded = page.recorded;
      this.fault = null;
    } catch (cause) {
      if (wanted()) this.fault = asEngineError(cause);
    }
  }
}
