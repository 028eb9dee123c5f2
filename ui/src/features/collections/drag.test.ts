// An item held near an edge of the tree: it scrolls for as long as the pointer rests there, and no longer.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useHost } from "../../host";
import { memoryHost } from "../../host.memory";
import { Workbench } from "../../state/workbench.svelte";
import { Actions } from "../../state/actions.svelte";
import { edgeSpeed, TreeDrag } from "./drag.svelte";

const ROW = 28;
const DDL = "migration-review/flag-locking-ddl.yaml";
const BOX = { top: 100, bottom: 200, height: 100, left: 0, right: 220, width: 220 };

let tree: HTMLElement;
let drag: TreeDrag;

beforeEach(async () => {
  useHost(memoryHost({ speed: Infinity }));
  const workbench = new Workbench();
  await workbench.open();
  const { collections } = new Actions(workbench);
  vi.useFakeTimers();
  tree = document.createElement("div");
  // What a page that is not drawn has no idea of.
  vi.spyOn(tree, "getBoundingClientRect").mockReturnValue(BOX as DOMRect);
  Object.defineProperty(tree, "scrollTop", { value: 0, writable: true });
  drag = new TreeDrag(() => collections);
  drag.press(DDL, "Flag locking DDL", { clientX: 20, clientY: 110 });
});

afterEach(() => {
  drag.cancel();
  vi.useRealTimers();
});

const rest = (ms: number) => vi.advanceTimersByTime(ms);

it("scrolls while the pointer rests near the lower edge, and where it would go moves along", () => {
  drag.move({ clientX: 30, clientY: 195 }, tree, ROW);
  const first = drag.drops?.row;
  rest(200);
  const after = tree.scrollTop;
  expect(after).toBeGreaterThan(2 * ROW);
  expect(drag.drops?.row).toBeGreaterThan(first!);
  rest(200);
  expect(tree.scrollTop).toBeGreaterThan(after);
});

it("ends when the pointer leaves the edge, and when the item is let go", () => {
  drag.move({ clientX: 30, clientY: 195 }, tree, ROW);
  rest(100);
  drag.move({ clientX: 30, clientY: 150 }, tree, ROW);
  let still = tree.scrollTop;
  rest(300);
  expect(tree.scrollTop).toBe(still);
  drag.move({ clientX: 30, clientY: 104 }, tree, ROW);
  rest(50);
  expect(tree.scrollTop).toBeLessThan(still);
  drag.drop();
  still = tree.scrollTop;
  rest(300);
  expect(tree.scrollTop).toBe(still);
});

it("is faster the nearer the edge, past it too, and only there", () => {
  const speeds = [150, 123, 105, 60].map((y) => edgeSpeed(y, 100, 200));
  expect(speeds[0]).toBe(0);
  expect(speeds[1]).toBeLessThan(0);
  expect(speeds[2]).toBeLessThan(speeds[1]!);
  expect(speeds[3]).toBeLessThan(speeds[2]!);
  expect(edgeSpeed(240, 100, 200)).toBe(-edgeSpeed(60, 100, 200));
});

it("goes to the first row from above the tree, and nowhere from beside it", () => {
  drag.move({ clientX: 30, clientY: 40 }, tree, ROW);
  expect(drag.drops).toMatchObject({ row: 0, where: "before" });
  drag.move({ clientX: 400, clientY: 150 }, tree, ROW);
  expect(drag.drops).toBeNull();
});
