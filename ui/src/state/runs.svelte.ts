// Runs as they grow: patches go in, facts and sealed texts come out. One run or many side by side.
import type {
  ComparisonSummary,
  LanePatch,
  RunFacts,
  RunPatch,
  RunView,
  Section,
  TextChange,
} from "../contract/ipc";
import { same } from "../lib/body";
import { append, finish, UNSEALED, type Block, type Sealed } from "../lib/seal";

/** One text of a run: blocks that never change again, and a short tail that is still growing. */
export class StreamedText {
  readonly part: number;
  #state: Sealed = $state.raw(UNSEALED);

  constructor(part: number, text = "") {
    this.part = part;
    if (text !== "") this.#state = append(UNSEALED, text);
  }

  get sealed(): readonly Block[] {
    return this.#state.blocks;
  }

  get tail(): string {
    return this.#state.tail;
  }

  /** The whole, joined anew on each call: for the end of a run, not for every frame. */
  get text(): string {
    return this.#state.blocks.map((block) => block.text).join("") + this.#state.tail;
  }

  get empty(): boolean {
    return this.#state.tail === "" && this.#state.blocks.length === 0;
  }

  append(text: string): void {
    if (text !== "") this.#state = append(this.#state, text);
  }

  replace(text: string): void {
    this.#state = append(UNSEALED, text);
  }

  /** Nothing more will come: the tail is sealed too. */
  finish(): void {
    if (this.#state.tail !== "" || this.#state.blocks.some((block) => block.continues)) {
      this.#state = finish(this.#state);
    }
  }
}

const NO_TEXTS: readonly StreamedText[] = [];

const SECTIONS: readonly Section[] = ["output", "refusal", "reasoning", "tool_call"];

/** Whether a run is over, whichever way it ended. */
export function isOver(facts: RunFacts): boolean {
  return facts.status !== "waiting" && facts.status !== "running";
}

/** One run. */
export class RunLane {
  facts: RunFacts = $state.raw(null!);
  #texts: Readonly<Partial<Record<Section, readonly StreamedText[]>>> = $state.raw({});

  readonly over = $derived(isOver(this.facts));
  /** The model answered with a refusal instead of an output. */
  readonly refused = $derived((this.#texts.refusal ?? NO_TEXTS).some((text) => !text.empty));

  constructor(facts: RunFacts) {
    this.facts = facts;
  }

  static from(view: RunView): RunLane {
    const lane = new RunLane(view.facts);
    for (const { section, part, text } of view.texts)
      lane.#change({ section, part, text, replace: true });
    if (lane.over) lane.#finish();
    return lane;
  }

  /** The texts of a section, in the order of their parts. */
  texts(section: Section): readonly StreamedText[] {
    return this.#texts[section] ?? NO_TEXTS;
  }

  /** A section as one text. */
  whole(section: Section): string {
    return this.texts(section)
      .map((text) => text.text)
      .join("\n\n");
  }

  apply(patch: LanePatch): void {
    const { elapsedMs, events } = patch;
    this.facts = { ...(patch.facts ?? this.facts), elapsedMs, events };
    for (const change of patch.texts) this.#change(change);
    if (isOver(this.facts)) this.#finish();
  }

  #change({ section, part, text, replace }: TextChange): void {
    const known = this.texts(section).find((it) => it.part === part);
    if (known === undefined) {
      const next = [...this.texts(section), new StreamedText(part, text)];
      this.#texts = { ...this.#texts, [section]: next.sort((a, b) => a.part - b.part) };
    } else if (replace) {
      known.replace(text);
    } else {
      known.append(text);
    }
  }

  #finish(): void {
    for (const section of SECTIONS) for (const text of this.texts(section)) text.finish();
  }
}

/** Runs side by side. */
export class RunSet {
  lanes: readonly RunLane[] = $state.raw([]);
  summary: ComparisonSummary | null = $state.raw(null);

  static from(runs: readonly RunView[], summary: ComparisonSummary | null): RunSet {
    const set = new RunSet();
    set.lanes = runs.map((view) => RunLane.from(view));
    set.summary = summary;
    return set;
  }

  apply(patch: RunPatch): void {
    let lanes: RunLane[] | null = null;
    for (const lane of patch.lanes) {
      const known = (lanes ?? this.lanes)[lane.lane];
      if (known !== undefined) {
        known.apply(lane);
      } else if (lane.facts !== null) {
        lanes ??= [...this.lanes];
        const made = new RunLane(lane.facts);
        made.apply(lane);
        lanes[lane.lane] = made;
      }
    }
    if (lanes !== null) this.lanes = lanes;
    // Told again unchanged, it is no news: charts and figures need not be drawn anew.
    if (patch.summary !== null && !same(patch.summary, this.summary)) this.summary = patch.summary;
  }

  /** What the answer at the end holds is the whole; the lanes on screen stay where they agree with it. */
  settle(runs: readonly RunView[], summary: ComparisonSummary): void {
    this.lanes = runs.map((view, i) => {
      const lane = this.lanes[i];
      return lane !== undefined && lane.over && agrees(lane, view) ? lane : RunLane.from(view);
    });
    for (const [i, lane] of this.lanes.entries()) lane.facts = runs[i]?.facts ?? lane.facts;
    this.summary = summary;
  }
}

/** The lane shows every text of the run, to the letter. */
export function agrees(lane: RunLane, view: RunView): boolean {
  const shown = SECTIONS.reduce((sum, section) => sum + lane.texts(section).length, 0);
  return (
    shown === view.texts.length &&
    view.texts.every(
      ({ section, part, text }) =>
        lane.texts(section).find((it) => it.part === part)?.text === text,
    )
  );
}
