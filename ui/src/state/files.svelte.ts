// Open requests and their files: what was changed outside is taken or asked about, and whichever
// side of a conflict is not kept in the file is kept among its versions.
import type { TreeNews } from "../contract/ipc";
import { asEngineError, call } from "../host";
import { same } from "../lib/body";
import { Draft } from "./drafts.svelte";
import type { Notices } from "./notices.svelte";
import type { Workbench } from "./workbench.svelte";

export class Files {
  #workbench: Workbench;
  #notices: Notices;
  /** Changes of our own under way: what is heard meanwhile waits. */
  #busy = 0;
  #waiting = new Set<string>();
  #allWait = false;

  constructor(workbench: Workbench, notices: Notices) {
    this.#workbench = workbench;
    this.#notices = notices;
  }

  /** Runs a change of our own, so that it is not taken for somebody else's. */
  async quietly<T>(change: () => Promise<T>): Promise<T> {
    this.#busy += 1;
    try {
      return await change();
    } finally {
      this.#busy -= 1;
      if (this.#busy === 0) void this.#catchUp();
    }
  }

  async heard(news: TreeNews): Promise<void> {
    // Another folder.yaml hands down other values.
    if (news.whole || news.folders) this.#allWait = true;
    for (const path of [...news.changed, ...news.removed]) this.#waiting.add(path);
    for (const { path } of news.requests) this.#waiting.add(path);
    if (this.#busy === 0) await this.#catchUp();
  }

  /** Looks at the files of open requests, and says what came of it. */
  async lookAt(paths: readonly string[] | null): Promise<void> {
    const { drafts } = this.#workbench;
    const taken: Draft[] = [];
    for (const tab of drafts.tabs) {
      if (paths && !paths.includes(tab.path)) continue;
      if (!(tab instanceof Draft)) {
        const summary = this.#summary(tab.path);
        if (summary && !summary.problem) await drafts.readAgain(tab);
        continue;
      }
      await tab.settled();
      const summary = this.#summary(tab.path);
      if (summary?.pending) continue;
      const known = summary?.stamp === tab.stamp && !tab.gone && paths !== null;
      if (known || (!summary && tab.gone)) continue;
      if ((await tab.look(!summary)) === "taken") taken.push(tab);
    }
    this.#sayTaken(taken);
  }

  /** Writes mine over the file. What it held is kept among its versions. */
  async keepMine(draft: Draft, versions: () => void): Promise<void> {
    const done = await this.quietly(() => this.#workbench.keepMine(draft));
    if (!done) return;
    this.#notices.add("Saved yours", {
      text: "The other one is kept among the versions.",
      action: { label: "Versions", run: versions },
    });
  }

  /** Takes what the file has. What stood here is kept among the versions, and is one undo away. */
  async takeTheirs(draft: Draft, versions: () => void): Promise<void> {
    await this.quietly(async () => {
      if ((await draft.look()) !== "conflict" || !draft.theirs) return;
      const kept = await this.#keepBoth(draft);
      if (draft.theirs) draft.adopt(draft.theirs);
      this.#notices.add("Took the one on disk", {
        text: kept ?? "Yours is kept among the versions, and is one undo away.",
        action: kept === null ? { label: "Versions", run: versions } : null,
        lasts: kept === null ? 8_000 : null,
      });
    });
  }

  /**
   * Saves mine over theirs and puts theirs back, byte for byte: so both are versions. Null, or why
   * mine is one undo away only.
   */
  async #keepBoth(draft: Draft): Promise<string | null> {
    const { path, request: mine, theirs } = draft;
    if (!theirs) return null;
    try {
      const saved = await call("save_request", { path, request: mine, stamp: theirs.stamp });
      const { versions } = await call("list_versions", { path });
      const last = versions.find((it) => it.source === "save");
      const held = last ? (await call("read_version", { path, version: last.id })).request : null;
      if (last && held && same(held, theirs.request)) {
        await call("restore_version", { path, version: last.id, stamp: saved.stamp });
      } else {
        await call("save_request", { path, request: theirs.request, stamp: saved.stamp });
      }
      draft.theirs = await call("read_request", { path });
      return null;
    } catch (cause) {
      const fault = asEngineError(cause);
      // Wherever it stopped, the file has one of the two.
      await draft.look();
      return `Yours is one undo away, but could not be kept as a version. ${fault.message}`;
    }
  }

  #summary(path: string) {
    return this.#workbench.requests.find((it) => it.path === path);
  }

  async #catchUp(): Promise<void> {
    if (this.#allWait || this.#waiting.size > 0) {
      const paths = this.#allWait ? null : [...this.#waiting];
      this.#allWait = false;
      this.#waiting.clear();
      await this.lookAt(paths);
    }
  }

  #sayTaken(taken: readonly Draft[]): void {
    const [first] = taken;
    if (!first) return;
    this.#notices.add(
      taken.length === 1
        ? `${first.name} was changed on disk`
        : `${taken.length} open requests were changed on disk`,
      { text: "What the file has now is shown. What stood here is one undo away." },
    );
  }
}
