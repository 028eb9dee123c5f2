// Places the labels of a chart's points so that none covers another, a point, or the edge.

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface LabelledPoint {
  readonly x: number;
  readonly y: number;
  /** The label's size as drawn. */
  readonly width: number;
  readonly height: number;
}

export interface PlacedLabel extends Box {
  /** The label stands so far off that a line should lead back to its point. */
  readonly far: boolean;
}

/** Room around each point that no label may enter: half of its dot and a little air. */
const DOT = 8;
const FAR = 30;
/** Directions in order of taste: above a point, else beside it and a little below. */
const DIRECTIONS: readonly (readonly [number, number])[] = [
  [0, -1],
  [1, 0.35],
  [-1, -0.35],
  [1, 1],
  [1, -1],
  [-1, 0],
  [1, 0],
  [-1, 1],
  [-1, -1],
  [0, 1],
];
const DISTANCES = [6, 11, 18, 28, 42, 60];

function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

function inside(box: Box, bounds: Box): boolean {
  return (
    box.x >= bounds.x &&
    box.y >= bounds.y &&
    box.x + box.width <= bounds.x + bounds.width &&
    box.y + box.height <= bounds.y + bounds.height
  );
}

function beside(point: LabelledPoint, [dx, dy]: readonly [number, number], distance: number): Box {
  const { width, height } = point;
  const x = point.x + dx * (DOT + distance - 4) - (dx > 0 ? 0 : dx < 0 ? width : width / 2);
  const y =
    point.y + dy * (DOT + distance - 4) - height / 2 + (Math.abs(dy) === 1 ? (dy * height) / 2 : 0);
  return { x, y, width, height };
}

/** Every place a label could take, the nearest first, then a coarse walk over the whole chart. */
function* candidates(point: LabelledPoint, bounds: Box): Generator<{ box: Box; cost: number }> {
  for (const [near, distance] of DISTANCES.entries()) {
    for (const [taste, direction] of DIRECTIONS.entries()) {
      yield { box: beside(point, direction, distance), cost: near * 10 + taste };
    }
  }
  for (let y = bounds.y; y + point.height <= bounds.y + bounds.height; y += 7) {
    for (let x = bounds.x; x + point.width <= bounds.x + bounds.width; x += 13) {
      const distance = Math.hypot(x + point.width / 2 - point.x, y + point.height / 2 - point.y);
      yield { box: { x, y, width: point.width, height: point.height }, cost: 100 + distance };
    }
  }
}

/**
 * One box per point, in the points' order. `lines` are drawn things that a label should rather not
 * cross, such as whiskers; points and other labels it must not cover.
 */
export function placeLabels(
  points: readonly LabelledPoint[],
  bounds: Box,
  lines: readonly Box[] = [],
): PlacedLabel[] {
  const dots = points.map(({ x, y }) => ({
    x: x - DOT,
    y: y - DOT,
    width: 2 * DOT,
    height: 2 * DOT,
  }));
  const placed: PlacedLabel[] = [];
  for (const point of points) {
    let best: Box | null = null;
    let least = Infinity;
    for (const { box, cost } of candidates(point, bounds)) {
      if (cost >= least) continue;
      const free =
        inside(box, bounds) &&
        !dots.some((dot) => overlap(dot, box) > 0) &&
        !placed.some((other) => overlap(other, box) > 0);
      if (!free) continue;
      const crossed = lines.reduce((sum, line) => sum + (overlap(line, box) > 0 ? 12 : 0), 0);
      if (cost + crossed >= least) continue;
      least = cost + crossed;
      best = box;
    }
    // A chart too small for its labels: beside the point, clipped to the chart, is the least bad.
    const box = best ?? clamped(beside(point, [1, 0], 6), bounds);
    const gap = Math.hypot(
      Math.max(box.x - point.x, 0, point.x - box.x - box.width),
      Math.max(box.y - point.y, 0, point.y - box.y - box.height),
    );
    placed.push({ ...box, far: gap > FAR });
  }
  return placed;
}

function clamped(box: Box, bounds: Box): Box {
  const x = Math.max(bounds.x, Math.min(box.x, bounds.x + bounds.width - box.width));
  const y = Math.max(bounds.y, Math.min(box.y, bounds.y + bounds.height - box.height));
  return { ...box, x, y };
}
