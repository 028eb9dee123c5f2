// Rules while they are edited: changes wait in a draft until they are saved, since saving starts all counts over.
import type { MockAction, MockMatch, MockRule } from "../contract/ipc";
import { asEngineError } from "../host";
import { same } from "../lib/body";
import { freshId, ruleFrom, type Example } from "../lib/mock-examples";
import { refusalOf, ruleProblems, type RuleProblems } from "../lib/mock-rule";
import type { MockServer } from "./mock.svelte";

/** A rule of the list. */
export interface ListedRule {
  rule: MockRule;
  matched: number;
  applied: number;
  /** Not saved once yet. */
  fresh: boolean;
  /** It differs from what is saved. */
  dirty: boolean;
}

export class RuleEditor {
  readonly #server: MockServer;

  /** The rule whose form is shown, by its id. */
  openId = $state<string | null>(null);
  /** Why the rules as a whole were refused. */
  problem = $state<string | null>(null);
  /** Edits that are not saved, by the rule's id; new rules first. */
  #drafts = $state.raw<Readonly<Record<string, MockRule>>>({});
  #fresh = $state.raw<readonly string[]>([]);
  #refused = $state.raw<{ rule: string; field: string; reason: string } | null>(null);
  /** A form that was tried to be saved says what is missing, too. */
  #tried = $state.raw<readonly string[]>([]);

  constructor(server: MockServer) {
    this.#server = server;
  }

  /** The rules that are in force, in their order. */
  get saved(): readonly MockRule[] {
    return this.#server.state?.rules.map((it) => it.rule) ?? [];
  }

  get list(): readonly ListedRule[] {
    // Between its saving and the end of the draft a rule is in both.
    const known = this.saved.map((it) => it.id);
    const fresh = this.#fresh.flatMap((id): ListedRule[] => {
      const rule = this.#drafts[id];
      return rule && !known.includes(id)
        ? [{ rule, matched: 0, applied: 0, fresh: true, dirty: true }]
        : [];
    });
    const saved = (this.#server.state?.rules ?? []).map(
      ({ rule, matched, applied }): ListedRule => {
        const draft = this.#drafts[rule.id];
        return { rule: draft ?? rule, matched, applied, fresh: false, dirty: draft !== undefined };
      },
    );
    return [...fresh, ...saved];
  }

  get open(): ListedRule | null {
    return this.list.find((it) => it.rule.id === this.openId) ?? null;
  }

  /** What is wrong with the open rule, by the field's place. */
  get problems(): RuleProblems {
    const open = this.open;
    if (open === null) return {};
    const refused = this.#refused;
    return {
      ...ruleProblems(open.rule),
      ...(refused?.rule === open.rule.id ? { [refused.field]: refused.reason } : {}),
    };
  }

  /** Fields that were never filled in are no mistakes until somebody tries to save. */
  get tried(): boolean {
    return this.openId !== null && this.#tried.includes(this.openId);
  }

  get #ids(): string[] {
    return [...this.saved.map((it) => it.id), ...this.#fresh];
  }

  /** Starts a rule from an example; it is not in force until it is saved. */
  add(example: Example): void {
    this.#begin(ruleFrom(example, this.#ids));
  }

  /** Starts a rule that answers as an entry of the log did. */
  addFrom(rule: MockRule): void {
    const id = this.#ids.includes(rule.id) ? freshId(rule.id, this.#ids) : rule.id;
    this.#begin({ ...rule, id });
  }

  duplicate(rule: MockRule): void {
    const name = `${rule.name || rule.id} copy`;
    this.#begin({ ...structuredClone(rule), name, id: freshId(name, this.#ids) });
  }

  edit(change: (rule: MockRule) => MockRule): void {
    const open = this.open;
    if (open === null) return;
    const next = change(open.rule);
    const saved = this.saved.find((it) => it.id === open.rule.id);
    this.#refused = null;
    if (saved !== undefined && same(saved, next)) this.#forget(open.rule.id);
    else this.#drafts = { ...this.#drafts, [open.rule.id]: next };
  }

  /** Changes one part of what is matched; null leaves it out. */
  editMatch<K extends keyof MockMatch>(key: K, value: MockMatch[K] | null): void {
    this.edit((rule) => {
      const matches = { ...rule.matches };
      if (value === null || value === "") delete matches[key];
      else matches[key] = value;
      return { ...rule, matches };
    });
  }

  editAction(action: MockAction): void {
    this.edit((rule) => ({ ...rule, action }));
  }

  editTimes(times: number | null): void {
    this.edit((rule) => {
      const next = { ...rule };
      if (times === null) delete next.times;
      else next.times = times;
      return next;
    });
  }

  discard(): void {
    const id = this.openId;
    if (id === null) return;
    if (this.#fresh.includes(id)) this.openId = null;
    this.#forget(id);
  }

  /** Puts the open rule in force. False where something is wrong with it. */
  async save(): Promise<boolean> {
    const open = this.open;
    if (open === null) return false;
    const { rule, fresh } = open;
    this.#tried = [...this.#tried, rule.id];
    if (Object.keys(ruleProblems(rule)).length > 0) return false;
    // A new rule goes first: behind another that matches the same it would never be asked.
    const next = fresh
      ? [rule, ...this.saved]
      : this.saved.map((it) => (it.id === rule.id ? rule : it));
    if (!(await this.#put(next))) return false;
    this.#forget(rule.id);
    return true;
  }

  toggle(id: string): Promise<boolean> {
    if (this.#fresh.includes(id)) {
      const draft = this.#drafts[id];
      if (draft) this.#drafts = { ...this.#drafts, [id]: { ...draft, enabled: !draft.enabled } };
      return Promise.resolve(true);
    }
    const enabled = !(this.saved.find((it) => it.id === id)?.enabled ?? true);
    const draft = this.#drafts[id];
    if (draft) this.#drafts = { ...this.#drafts, [id]: { ...draft, enabled } };
    return this.#put(this.saved.map((it) => (it.id === id ? { ...it, enabled } : it)));
  }

  /** Moves a saved rule up (-1) or down (1). False where it stands at the end. */
  async move(id: string, by: 1 | -1): Promise<boolean> {
    const from = this.saved.findIndex((it) => it.id === id);
    const to = from + by;
    if (from < 0 || to < 0 || to >= this.saved.length) return false;
    const next = [...this.saved];
    next.splice(to, 0, ...next.splice(from, 1));
    return this.#put(next);
  }

  /** Deletes a rule. What undoes it, or null where it was not deleted. */
  async remove(id: string): Promise<(() => Promise<boolean>) | null> {
    const draft = this.#drafts[id];
    if (this.#fresh.includes(id)) {
      this.#forget(id);
      return () => {
        if (draft) this.#begin(draft);
        return Promise.resolve(true);
      };
    }
    const place = this.saved.findIndex((it) => it.id === id);
    const rule = this.saved[place];
    if (!rule || !(await this.#put(this.saved.filter((it) => it.id !== id)))) return null;
    this.#forget(id);
    return async () => {
      const next = [...this.saved];
      next.splice(Math.min(place, next.length), 0, rule);
      return this.#put(next);
    };
  }

  #begin(rule: MockRule): void {
    this.#drafts = { ...this.#drafts, [rule.id]: rule };
    this.#fresh = [rule.id, ...this.#fresh];
    this.openId = rule.id;
  }

  #forget(id: string): void {
    const drafts = { ...this.#drafts };
    delete drafts[id];
    this.#drafts = drafts;
    this.#fresh = this.#fresh.filter((it) => it !== id);
    this.#tried = this.#tried.filter((it) => it !== id);
    if (this.#refused?.rule === id) this.#refused = null;
  }

  async #put(rules: readonly MockRule[]): Promise<boolean> {
    this.problem = null;
    this.#refused = null;
    try {
      await this.#server.putRules(rules);
      return true;
    } catch (cause) {
      const fault = asEngineError(cause);
      this.#refused = refusalOf(fault);
      this.problem = [fault.message, fault.hint].filter(Boolean).join(" ");
      return false;
    }
  }
}
