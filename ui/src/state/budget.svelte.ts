// The spending limits, as the engine holds them.
import type { BudgetLimits, BudgetState } from "../contract/ipc";
import { call } from "../host";

export class Budget {
  /** Null until it was read. */
  now = $state.raw<BudgetState | null>(null);

  /** Rejects with the engine's error. */
  async read(): Promise<void> {
    this.now = (await call("set_budget", { limits: null })).budget;
  }

  /** Rejects with the engine's error; the limits are as they were then. */
  async set(limits: BudgetLimits): Promise<void> {
    this.now = (await call("set_budget", { limits })).budget;
  }
}
