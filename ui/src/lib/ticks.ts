// Round values for axes: few, easy to read, and steady while what they measure grows.

/** Ends of a time axis in seconds, with the step between its ticks. */
const SECONDS: readonly (readonly [end: number, step: number])[] = [
  [0.5, 0.1],
  [1, 0.2],
  [2, 0.5],
  [3, 1],
  [5, 1],
  [10, 2],
  [15, 3],
  [20, 5],
  [30, 5],
  [45, 15],
  [60, 10],
  [90, 15],
  [120, 30],
  [180, 30],
  [300, 60],
  [600, 120],
  [900, 180],
  [1_800, 300],
  [3_600, 600],
];

/** A time axis that holds `ms`: it grows in steps, so that a live chart does not creep. */
export function timeAxis(ms: number): { end: number; ticks: number[] } {
  const seconds = ms / 1_000;
  let [end, step] = SECONDS.find(([limit]) => limit >= seconds) ?? [0, 3_600];
  if (end === 0) {
    end = Math.ceil(seconds / 3_600) * 3_600;
    step = Math.ceil(end / 3_600 / 6) * 3_600;
  }
  const ticks: number[] = [];
  for (let i = 0; i * step <= end + step / 1_000; i += 1) ticks.push(Number((i * step).toFixed(3)));
  return { end, ticks };
}

/** Ticks of a log axis: 1, 2, 3 and 5 of each power of ten, thinned to at most `most`. */
export function logTicks(low: number, high: number, most: number): number[] {
  for (const steps of [[1, 2, 3, 5], [1, 2, 5], [1, 3], [1]]) {
    const ticks: number[] = [];
    for (
      let power = Math.floor(Math.log10(low));
      power <= Math.ceil(Math.log10(high));
      power += 1
    ) {
      for (const step of steps) {
        // Without the noise of binary fractions, which would drop a tick at the very end.
        const tick = Number((step * 10 ** power).toPrecision(6));
        if (tick >= low && tick <= high) ticks.push(tick);
      }
    }
    if (ticks.length <= most) return ticks;
  }
  // More powers of ten than fit: every other one, or fewer.
  const powers: number[] = [];
  for (let power = Math.ceil(Math.log10(low)); 10 ** power <= high; power += 1)
    powers.push(10 ** power);
  const every = Math.ceil(powers.length / most);
  return powers.filter((_, i) => i % every === 0);
}

/** Whole-number ticks from `low` to `high`, at most `most`, always with `high`. */
export function countTicks(low: number, high: number, most: number): number[] {
  const step = Math.max(
    1,
    [1, 2, 5, 10, 20, 25, 50, 100].find((it) => (high - low) / it < most) ??
      Math.ceil((high - low) / (most - 1)),
  );
  const ticks: number[] = [];
  for (let tick = high; tick >= low; tick -= step) ticks.unshift(tick);
  return ticks;
}
