// The scales of a slider: where a value lies on the rail, and which round value lies at a place.

/** How far along the rail, 0 to 1. */
export function placeOf(value: number, min: number, max: number): number {
  const held = Math.min(max, Math.max(min, value));
  return Math.log(held / min) / Math.log(max / min);
}

/** Two significant digits, which is as fine as a rail can be aimed at. */
function rounded(value: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.round(value / step) * step;
}

/** The value at a place, drawn to a detent where one is near. */
export function valueAt(
  place: number,
  min: number,
  max: number,
  detents: readonly number[],
): number {
  const held = Math.min(1, Math.max(0, place));
  const near = detents.find((detent) => Math.abs(placeOf(detent, min, max) - held) < 0.012);
  if (near !== undefined) return near;
  return Math.min(max, Math.max(min, rounded(min * (max / min) ** held)));
}

/** The next round value up or down, `by` steps of about a fortieth of the rail. */
export function stepped(
  value: number,
  by: number,
  min: number,
  max: number,
  detents: readonly number[],
): number {
  const next = valueAt(placeOf(value, min, max) + by / 40, min, max, detents);
  if (next !== value) return next;
  return Math.min(max, Math.max(min, value + Math.sign(by)));
}

/** The detent beyond a value, or the end. */
export function nextDetent(
  value: number,
  by: 1 | -1,
  min: number,
  max: number,
  detents: readonly number[],
): number {
  const stops = [min, ...detents, max];
  return by > 0
    ? (stops.find((stop) => stop > value) ?? max)
    : (stops.findLast((stop) => stop < value) ?? min);
}

export interface Scale {
  min: number;
  max: number;
  placeOf: (value: number) => number;
  valueAt: (place: number) => number;
  /** `by` steps up or down. */
  stepped: (value: number, by: number) => number;
  /** The detent beyond a value, or the end. */
  detentBeyond: (value: number, by: 1 | -1) => number;
}

/** For sizes that span powers of ten. */
export function logScale(min: number, max: number, detents: readonly number[]): Scale {
  return {
    min,
    max,
    placeOf: (value) => placeOf(value, min, max),
    valueAt: (place) => valueAt(place, min, max, detents),
    stepped: (value, by) => stepped(value, by, min, max, detents),
    detentBeyond: (value, by) => nextDetent(value, by, min, max, detents),
  };
}

/** For a range of even steps. */
export function evenScale(
  min: number,
  max: number,
  step: number,
  detents: readonly number[],
): Scale {
  const held = (value: number) => Math.min(max, Math.max(min, value));
  // Back to a decimal of the step's own length: 0.1 + 0.2 is not 0.3.
  const round = (value: number) => Number((Math.round(value / step) * step).toPrecision(12));
  return {
    min,
    max,
    placeOf: (value) => (held(value) - min) / (max - min),
    valueAt: (place) => held(round(min + onRail(place) * (max - min))),
    stepped: (value, by) => held(round(value + by * step)),
    detentBeyond: (value, by) => nextDetent(value, by, min, max, detents),
  };
}

const onRail = (place: number) => Math.min(1, Math.max(0, place));
