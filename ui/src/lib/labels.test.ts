// Labels find room, however the points fall.
import { describe, expect, test } from "vitest";
import { placeLabels, type Box, type LabelledPoint } from "./labels";
import { random } from "./test-random";

const BOUNDS: Box = { x: 0, y: 0, width: 420, height: 190 };

function label(x: number, y: number, width = 58): LabelledPoint {
  return { x, y, width, height: 16 };
}

const hits = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

function expectClear(points: readonly LabelledPoint[], lines: readonly Box[] = []): void {
  const placed = placeLabels(points, BOUNDS, lines);
  expect(placed.length).toBe(points.length);
  for (const [i, box] of placed.entries()) {
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.y).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(BOUNDS.width);
    expect(box.y + box.height).toBeLessThanOrEqual(BOUNDS.height);
    for (const other of placed.slice(i + 1)) expect(hits(box, other)).toBe(false);
    for (const { x, y } of points) {
      expect(hits(box, { x: x - 6, y: y - 6, width: 12, height: 12 })).toBe(false);
    }
  }
}

describe("labels of a chart", () => {
  test("one point alone is labelled above it", () => {
    const [box] = placeLabels([label(100, 100)], BOUNDS);
    expect(box).toMatchObject({ far: false, width: 58, height: 16 });
    expect(box && [box.x + box.width / 2, box.y + box.height < 100]).toEqual([100, true]);
  });

  test("five levels along a rising line", () => {
    expectClear([
      label(60, 150, 32),
      label(78, 128, 26),
      label(190, 60, 50),
      label(280, 30, 28),
      label(385, 30),
    ]);
  });

  test("a point in each corner", () => {
    expectClear([label(2, 2), label(418, 2), label(2, 188), label(418, 188)]);
  });

  test("six points on one spot", () => {
    expectClear(Array.from({ length: 6 }, () => label(410, 12)));
  });

  test("any six points", () => {
    const next = random(42);
    for (let round = 0; round < 500; round += 1) {
      const spread = [420, 60, 12][round % 3] ?? 420;
      const [left, top] = [next(420 - spread), next(190 - Math.min(190, spread))];
      expectClear(
        Array.from({ length: 6 }, () =>
          label(left + next(spread), Math.min(189, top + next(spread)), 30 + next(40)),
        ),
      );
    }
  });

  test("keeps off whiskers where there is room elsewhere", () => {
    const whisker = { x: 99, y: 40, width: 2, height: 120 };
    const arm = { x: 60, y: 99, width: 80, height: 2 };
    const [box] = placeLabels([label(100, 100)], BOUNDS, [whisker, arm]);
    expect(box && (hits(box, whisker) || hits(box, arm))).toBe(false);
  });

  test("a label that had to go far says so", () => {
    const crowd = Array.from({ length: 6 }, () => label(60, 60, 110));
    expect(placeLabels(crowd, { x: 0, y: 0, width: 240, height: 120 }).some(({ far }) => far)).toBe(
      true,
    );
  });

  test("a chart too small for anything still labels every point inside it", () => {
    const tiny = { x: 0, y: 0, width: 60, height: 20 };
    const placed = placeLabels([label(5, 5), label(6, 6)], tiny);
    expect(
      placed.every(
        (box) => box.x >= 0 && box.x + box.width <= 60 && box.y >= 0 && box.y + box.height <= 20,
      ),
    ).toBe(true);
  });
});
