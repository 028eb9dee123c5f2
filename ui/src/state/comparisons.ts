// The comparison of each request, kept while the window is open: runs go on while another screen is up.
import { detached, type Comparison } from "./comparison.svelte";
import type { Workbench } from "./workbench.svelte";

const KEPT = new WeakMap<Workbench, Map<string, Comparison>>();

/** The comparison of a request, the same one each time it is asked for. */
export function comparisonOf(workbench: Workbench, path: string): Comparison {
  const kept = KEPT.get(workbench) ?? new Map<string, Comparison>();
  KEPT.set(workbench, kept);
  const comparison = kept.get(path) ?? detached(workbench, path);
  kept.set(path, comparison);
  return comparison;
}

/** The request's file lies elsewhere now: its comparison goes with it, and goes on. */
export function moveComparison(workbench: Workbench, from: string, to: string): void {
  const kept = KEPT.get(workbench);
  const comparison = kept?.get(from);
  if (!kept || !comparison) return;
  kept.delete(from);
  comparison.path = to;
  kept.set(to, comparison);
}
