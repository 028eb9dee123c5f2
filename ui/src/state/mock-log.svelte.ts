// The stand-in's request log: read once, then told as requests come in and end; and one of them, whole.
import type { EngineError, MockLogRow, MockNews, ReadMockEntryOutput } from "../contract/ipc";
import { asEngineError, call, stream } from "../host";
import { RUNGS } from "../lib/mock-words";

/** As many as the engine keeps. */
const MOST = 1_000;

/** Rows by rising id, with the news in place of what was known. */
export function withNews(
  known: readonly MockLogRow[],
  news: readonly MockLogRow[],
): readonly MockLogRow[] {
  if (news.length === 0) return known;
  const byId = new Map(news.map((row) => [row.id, row]));
  const first = Math.min(...byId.keys());
  // News are of the last few: what stands before them stays as it is.
  let kept = known.length;
  while (kept > 0 && known[kept - 1]!.id >= first) kept -= 1;
  const tail = known.slice(kept).filter((row) => !byId.has(row.id));
  const merged = [...tail, ...byId.values()].toSorted((a, b) => a.id - b.id);
  return [...known.slice(0, kept), ...merged].slice(-MOST);
}

function textOf(row: MockLogRow): string {
  const rung = row.rung === null ? "" : RUNGS[row.rung].name;
  const who = row.own ? "own rheostat" : "other program";
  return [row.method, row.path, row.model, row.effort, row.status, rung, row.rule, who, row.outcome]
    .filter((part) => part !== null)
    .join(" ")
    .toLowerCase();
}

export class MockLog {
  readonly #onSpent: (nanos: number) => void;
  readonly #onNews: () => void;
  #ticket: string | null = null;
  /** Requests whose cost is counted already. */
  readonly #counted = new Set<number>();

  rows = $state.raw<readonly MockLogRow[] | null>(null);
  fault = $state.raw<EngineError | null>(null);
  filter = $state("");
  /** The request whose details are shown. */
  openId = $state<number | null>(null);
  detail = $state.raw<ReadMockEntryOutput | null>(null);
  detailFault = $state.raw<EngineError | null>(null);

  readonly shown: readonly MockLogRow[] = $derived.by(() => {
    const words = this.filter.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const all = this.rows ?? [];
    if (words.length === 0) return all;
    return all.filter((row) => {
      const text = textOf(row);
      return words.every((word) => text.includes(word));
    });
  });

  constructor(onSpent: (nanos: number) => void, onNews: () => void) {
    this.#onSpent = onSpent;
    this.#onNews = onNews;
  }

  get watching(): boolean {
    return this.#ticket !== null;
  }

  /** Reads the log and is told of news from here on. */
  async watch(): Promise<void> {
    if (this.#ticket !== null) return;
    const ticket = crypto.randomUUID();
    this.#ticket = ticket;
    this.fault = null;
    const first = this.rows === null;
    // Told before it is read: a request in between is then in one of the two at least.
    const over = stream("watch_mock_log", { ticket }, (news) => {
      if (this.#ticket === ticket) this.#take(news);
      // Left before it began: then it could not be stopped yet.
      else void call("stop_run", { ticket, lane: null }).catch(() => {});
    });
    over.catch((cause: unknown) => {
      if (this.#ticket !== ticket) return;
      this.#ticket = null;
      this.fault = asEngineError(cause);
    });
    await this.#read(first);
  }

  async leave(): Promise<void> {
    const ticket = this.#ticket;
    if (ticket === null) return;
    this.#ticket = null;
    await call("stop_run", { ticket, lane: null }).catch(() => {});
  }

  /** Shows a request whole. */
  async open(id: number): Promise<void> {
    if (this.openId !== id) this.detail = null;
    this.openId = id;
    this.detailFault = null;
    try {
      const detail = await call("read_mock_entry", { id });
      if (this.openId === id) this.detail = detail;
    } catch (cause) {
      if (this.openId === id) this.detailFault = asEngineError(cause);
    }
  }

  close(): void {
    this.openId = null;
    this.detail = null;
    this.detailFault = null;
  }

  async clear(): Promise<void> {
    try {
      await call("clear_mock_log", {});
      this.rows = [];
      this.fault = null;
      this.close();
    } catch (cause) {
      this.fault = asEngineError(cause);
    }
  }

  #take({ rows, missed }: MockNews): void {
    this.rows = withNews(this.rows ?? [], rows);
    this.#count(rows);
    if (missed) void this.#read(false);
    const shown = this.openId;
    if (shown !== null && rows.some((row) => row.id === shown)) void this.open(shown);
    this.#onNews();
  }

  async #read(first: boolean): Promise<void> {
    try {
      const { rows } = await call("list_mock_log", {});
      // What was there before the first look is in the day's figure of the engine.
      if (first) for (const row of rows) if (row.cost !== null) this.#counted.add(row.id);
      this.#count(rows);
      this.rows = withNews(this.rows ?? [], rows);
    } catch (cause) {
      this.fault = asEngineError(cause);
    }
  }

  #count(rows: readonly MockLogRow[]): void {
    for (const { id, cost } of rows) {
      if (cost === null || this.#counted.has(id)) continue;
      this.#counted.add(id);
      this.#onSpent(cost);
    }
  }
}
