// The tree as rows, and where an item goes by keys and by pointer.
import { describe, expect, it } from "vitest";
import type { FolderSummary, RequestSummary } from "../contract/ipc";
import { dropAt, folderOf, isIdle, moveBy, moveInto, moveOut, rowsOf, seek, treeOf } from "./tree";

function folder(path: string, position: number | null = null): FolderSummary {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return { path, name, position, hasDefaults: false, stamp: "", problem: null };
}

function request(path: string, name: string, position: number | null = null): RequestSummary {
  return {
    path,
    folder: folderOf(path),
    id: path,
    name,
    model: null,
    effort: null,
    tags: [],
    position,
    stamp: "1",
    pending: false,
    problem: null,
    notice: null,
  };
}

const tree = treeOf(
  [folder(""), folder("b"), folder("a"), folder("a/deep")],
  [
    request("z.yaml", "Alpha"),
    request("a/two.yaml", "Two"),
    request("a/one.yaml", "one"),
    request("a/deep/x.yaml", "X"),
  ],
);
const rows = rowsOf(tree, new Set());

describe("rows", () => {
  it("are folders first, then by name, whatever the capitals", () => {
    expect(rows.map((row) => [row.level, row.name, row.place, row.siblings])).toEqual([
      [1, "a", 1, 3],
      [2, "deep", 1, 3],
      [3, "X", 1, 1],
      [2, "one", 2, 3],
      [2, "Two", 3, 3],
      [1, "b", 2, 3],
      [1, "Alpha", 3, 3],
    ]);
  });

  it("leave out what closed folders hold, and count it", () => {
    const closed = rowsOf(tree, new Set(["a"]));
    expect(closed.map((row) => [row.name, row.open, row.count])).toEqual([
      ["a", false, 3],
      ["b", true, 0],
      ["Alpha", false, 0],
    ]);
  });

  it("follow a folder's own order before anything else", () => {
    const ordered = treeOf(
      [folder("", null), folder("f", 1), folder("g")],
      [request("r.yaml", "R", 0), request("s.yaml", "S")],
    );
    expect(rowsOf(ordered, new Set()).map((row) => row.name)).toEqual(["R", "f", "g", "S"]);
  });

  it("are found by what is typed, from the next one on and round the end", () => {
    expect(seek(rows, "a", 0)).toBe(6);
    expect(seek(rows, "a", 6)).toBe(0);
    expect(seek(rows, "tw", 4)).toBe(4);
    expect(seek(rows, "q", 0)).toBe(-1);
  });
});

describe("moves by keys", () => {
  it("go one place up or down and stop at the ends", () => {
    expect(moveBy(tree, "a/one.yaml", 1)).toEqual({
      path: "a/one.yaml",
      toFolder: "a",
      position: 2,
    });
    expect(moveBy(tree, "a/two.yaml", 1)).toBeNull();
    expect(moveBy(tree, "a/deep", -1)).toBeNull();
  });

  it("go out by name, or after the folder where there is an order", () => {
    expect(moveOut(tree, "a/one.yaml")).toEqual({
      path: "a/one.yaml",
      toFolder: "",
      position: null,
    });
    expect(moveOut(tree, "z.yaml")).toBeNull();
    const ordered = treeOf([folder(""), folder("f", 0)], [request("f/r.yaml", "R")]);
    expect(moveOut(ordered, "f/r.yaml")?.position).toBe(1);
  });

  it("go into the nearest folder beside it", () => {
    expect(moveInto(tree, "z.yaml")?.toFolder).toBe("b");
    expect(moveInto(tree, "a")?.toFolder).toBe("b");
    expect(moveInto(tree, "a/deep/x.yaml")).toBeNull();
  });
});

describe("a drop", () => {
  const at = (row: number, fraction: number, dragged = "z.yaml") =>
    dropAt(tree, rows, row, fraction, dragged);

  it("goes before, into or after a folder by where it is held", () => {
    expect(at(5, 0.1)).toMatchObject({ toFolder: "", position: 1, where: "before", level: 1 });
    expect(at(5, 0.5)).toMatchObject({ toFolder: "b", position: null, where: "into", level: 2 });
    expect(at(5, 0.9)).toMatchObject({ toFolder: "", position: 2, where: "after", level: 1 });
  });

  it("after an open folder with something in it goes to its first place", () => {
    expect(at(0, 0.9)).toMatchObject({ toFolder: "a", position: 0, where: "after", level: 2 });
  });

  it("goes before or after a request", () => {
    expect(at(3, 0.2)).toMatchObject({ toFolder: "a", position: 1, where: "before" });
    expect(at(3, 0.8)).toMatchObject({ toFolder: "a", position: 2, where: "after" });
  });

  it("never goes into itself or below itself", () => {
    expect(at(0, 0.5, "a")).toBeNull();
    expect(at(2, 0.5, "a")).toBeNull();
    expect(at(5, 0.5, "a")).toMatchObject({ toFolder: "b" });
  });

  it("past the last row goes to the end of the top", () => {
    expect(at(99, 0.5, "a/one.yaml")).toMatchObject({ toFolder: "", position: 3, row: 6 });
  });

  it("counts places without what is dragged, so that dropping it where it is moves nothing", () => {
    const before = at(4, 0.2, "a/one.yaml")!;
    expect([before.position, isIdle(tree, before)]).toEqual([1, true]);
    const after = at(4, 0.8, "a/one.yaml")!;
    expect([after.position, isIdle(tree, after)]).toEqual([2, false]);
  });
});
