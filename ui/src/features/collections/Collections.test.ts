// The collections in the window, over the in-memory engine: keys, drag and drop, undo, search, dialogs.
import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import axe from "axe-core";
import { beforeEach, describe, expect, it } from "vitest";
import App from "../../App.svelte";
import { call, preference, useHost } from "../../host";
import { memoryHost, type MemoryOptions } from "../../host.memory";

/** Of a row, in px, as the tree takes it where nothing is laid out. */
const ROW = 28;

async function open(options: MemoryOptions = {}): Promise<HTMLElement> {
  document.documentElement.lang = "en";
  useHost(memoryHost({ speed: Infinity, ...options }));
  render(App);
  await screen.findByRole("region", { name: "Request" }, { timeout: 25_000 });
  const tree = screen.getByTestId("collections");
  tree.focus();
  return tree;
}

const rows = () =>
  screen
    .getAllByRole("treeitem")
    .map(
      (row) =>
        `${"  ".repeat(Number(row.ariaLevel ?? row.getAttribute("aria-level")) - 1)}${row.dataset.path}`,
    );
const shown = (path: string) => rows().some((row) => row.trim() === path);
const at = () =>
  document.getElementById(
    screen.getByTestId("collections").getAttribute("aria-activedescendant") ?? "",
  )?.dataset.path;
const press = (key: string, more: Partial<KeyboardEventInit> = {}) =>
  fireEvent.keyDown(screen.getByTestId("collections"), { key, ...more });

async function goTo(path: string): Promise<void> {
  await press("Home");
  for (let i = 0; i < 20 && at() !== path; i += 1) await press("ArrowDown");
  expect(at()).toBe(path);
}

const DDL = "migration-review/flag-locking-ddl.yaml";

describe("the tree by keys", () => {
  it("goes, folds and finds by letters", async () => {
    await open();
    expect(at()).toBe(DDL);
    await press("Home");
    expect(at()).toBe("migration-review");
    await press("ArrowLeft");
    expect(shown(DDL)).toBe(false);
    await press("ArrowRight");
    await press("ArrowRight");
    expect(at()).toBe("migration-review/explain-rollback-plan.yaml");
    await press("ArrowLeft");
    expect(at()).toBe("migration-review");
    await press("End");
    expect(at()).toBe("transcripts/half-written.yaml");
    await press("d");
    expect(at()).toBe("support-triage/draft-first-reply.yaml");
    await press("Enter");
    await waitFor(() =>
      expect(
        screen.getByRole("treeitem", { name: /Draft first reply/ }).getAttribute("aria-selected"),
      ).toBe("true"),
    );
  });

  it("renames in place, and keeps what is open of it", async () => {
    await open();
    await fireEvent.click(screen.getByTestId("effort-low"));
    await press("F2");
    const field = await screen.findByTestId<HTMLInputElement>("rename-field");
    expect(field.value).toBe("Flag locking DDL");
    await fireEvent.input(field, { target: { value: "Find locks" } });
    await fireEvent.keyDown(field, { key: "Enter" });
    await waitFor(() => expect(shown("migration-review/find-locks.yaml")).toBe(true));
    expect(await screen.findByRole("tab", { name: /Find locks ?, unsaved changes/ })).toBeTruthy();
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("collections")));
    await fireEvent.click(screen.getByTestId("save"));
    await waitFor(async () => {
      const saved = await call("read_request", { path: "migration-review/find-locks.yaml" });
      expect(saved.request).toMatchObject({
        name: "Find locks",
        body: { reasoning: { effort: "low" } },
      });
    });
    screen.getByTestId("collections").focus();
    await press("z", { ctrlKey: true });
    await waitFor(() => expect(shown(DDL)).toBe(true));
  });

  it("says why a name can't be, and goes on asking", async () => {
    await open();
    await goTo("support-triage");
    await press("F2");
    const field = await screen.findByTestId<HTMLInputElement>("rename-field");
    await fireEvent.input(field, { target: { value: "transcripts" } });
    await fireEvent.keyDown(field, { key: "Enter" });
    await screen.findByText(/something named transcripts/);
    expect(screen.getByTestId("rename-field").getAttribute("aria-invalid")).toBe("true");
    await fireEvent.keyDown(field, { key: "Escape" });
    expect(shown("support-triage")).toBe(true);
  });

  it("makes a folder, moves into it and out, and undoes all of it", async () => {
    const tree = await open();
    const before = rows();
    await goTo("support-triage/classify-ticket.yaml");
    await press("ArrowDown", { altKey: true });
    await waitFor(() =>
      expect(
        rows()
          .slice(5, 7)
          .map((row) => row.trim()),
      ).toEqual(["support-triage/draft-first-reply.yaml", "support-triage/classify-ticket.yaml"]),
    );
    await press("ArrowLeft", { altKey: true });
    await waitFor(() => expect(at()).toBe("classify-ticket.yaml"));
    await press("ArrowRight", { altKey: true });
    await waitFor(() => expect(at()).toBe("transcripts/classify-ticket.yaml"));
    await fireEvent.click(screen.getByTestId("new-folder"));
    const field = await screen.findByTestId("rename-field");
    await fireEvent.keyDown(field, { key: "Escape" });
    expect(shown("transcripts/New folder")).toBe(true);
    tree.focus();
    for (const words of ["New folder New folder", "Move Classify ticket"]) {
      await press("z", { ctrlKey: true });
      await screen.findByText(`Undone: ${words}`);
    }
    await waitFor(() => expect(shown("classify-ticket.yaml")).toBe(true));
    await press("z", { ctrlKey: true });
    await waitFor(() => expect(shown("support-triage/classify-ticket.yaml")).toBe(true));
    await press("z", { ctrlKey: true });
    await waitFor(() => expect(rows()).toEqual(before));
  });

  it("duplicates, deletes, and puts back by the notice with what was open", async () => {
    await open();
    await press("d", { ctrlKey: true });
    await waitFor(() => expect(at()).toBe("migration-review/flag-locking-ddl-copy.yaml"));
    await fireEvent.click(screen.getByTestId("effort-low"));
    screen.getByTestId("collections").focus();
    await goTo("migration-review");
    await press("Delete");
    await screen.findByText("Deleted migration-review");
    expect(screen.getByText(/With 4 requests in it. Its unsaved edits come back/)).toBeTruthy();
    expect(shown("migration-review")).toBe(false);
    expect(screen.queryByRole("tab", { name: /Flag locking DDL/ })).toBeNull();
    await fireEvent.click(screen.getByRole("button", { name: "Undo" }));
    await waitFor(() => expect(shown(DDL)).toBe(true));
    expect(
      await screen.findByRole("tab", { name: /Flag locking DDL ?, unsaved changes/ }),
    ).toBeTruthy();
  });

  it("moves what was cut to where it is pasted", async () => {
    await open();
    await press("x", { ctrlKey: true });
    expect(screen.getByRole("treeitem", { name: /Flag locking DDL.* cut/ })).toBeTruthy();
    await goTo("transcripts");
    await press("v", { ctrlKey: true });
    await waitFor(() => expect(shown("transcripts/flag-locking-ddl.yaml")).toBe(true));
  });
});

describe("the tree by pointer", () => {
  const drag = async (from: string, row: number, fraction: number) => {
    const item = screen.getAllByRole("treeitem").find((it) => it.dataset.path === from)!;
    await fireEvent.pointerDown(item, { button: 0, clientX: 20, clientY: 10 });
    await fireEvent.pointerMove(window, { clientX: 30, clientY: (row + fraction) * ROW });
  };

  it("drops an item where the line is", async () => {
    await open();
    await drag(DDL, 5, 0.9);
    expect(screen.getByTestId("drop-line")).toBeTruthy();
    await fireEvent.pointerUp(window);
    await waitFor(() => expect(shown("support-triage/flag-locking-ddl.yaml")).toBe(true));
    expect(rows()[5]?.trim()).toBe("support-triage/flag-locking-ddl.yaml");
    expect(await screen.findByText("Moved Flag locking DDL")).toBeTruthy();
  });

  it("lets go by Escape, and can't drop a folder into itself", async () => {
    await open();
    await drag(DDL, 4, 0.5);
    await fireEvent.keyDown(window, { key: "Escape" });
    await fireEvent.pointerUp(window);
    expect(shown(DDL)).toBe(true);
    await drag("migration-review", 1, 0.5);
    expect(screen.getByText("can't go here")).toBeTruthy();
    await fireEvent.pointerUp(window);
    expect(rows()[0]).toBe("migration-review");
  });

  it("has a menu on each row that says the keys", async () => {
    await open();
    const row = screen.getByRole("treeitem", { name: /^Extract session/ });
    await fireEvent.contextMenu(row, { clientX: 40, clientY: 40 });
    const menu = await screen.findByRole("menu");
    expect(
      within(menu)
        .getAllByRole("menuitem")
        .map((it) => it.textContent?.trim()),
    ).toEqual([
      "Open ↵",
      "Rename F2",
      "Duplicate Ctrl+D",
      "Move to…",
      "Cut Ctrl+X",
      "Tags",
      "Versions",
      "Delete Del",
    ]);
  });
});

describe("marks", () => {
  it("tell of unsaved edits, of Git, and of what can't be read", async () => {
    await open();
    expect(
      screen.getByRole("treeitem", { name: /half-written.yaml.*not valid YAML/ }),
    ).toBeTruthy();
    await fireEvent.click(screen.getByTestId("effort-low"));
    expect(
      screen.getByRole("treeitem", { name: /Flag locking DDL, Low, unsaved changes/ }),
    ).toBeTruthy();
    await fireEvent.click(screen.getByTestId("save"));
    await screen.findByRole("treeitem", {
      name: /Flag locking DDL, Low, changed since the last commit/,
    });
  });

  it("offer a new id where two files have one", async () => {
    await open();
    const read = await call("read_request", { path: DDL });
    await call("save_request", { path: "twin.yaml", request: read.request, stamp: "" });
    const banner = await screen.findByTestId("id-taken");
    await fireEvent.click(within(banner).getByRole("button", { name: "Give it a new id" }));
    await waitFor(() => expect(screen.queryByTestId("id-taken")).toBeNull());
    expect((await call("read_request", { path: DDL })).request.id).not.toBe(read.request.id);
    expect(screen.queryByTestId("conflict")).toBeNull();
  });
});

describe("search", () => {
  it("finds by name, tag and prompt, says how many, and Escape clears", async () => {
    await open();
    await fireEvent.keyDown(document.body, { key: "F", ctrlKey: true, shiftKey: true });
    const field = await screen.findByTestId<HTMLInputElement>("collection-search");
    await fireEvent.input(field, { target: { value: "draft" } });
    expect(await screen.findByText("1 request found")).toBeTruthy();
    await fireEvent.input(field, { target: { value: "nothing of this kind" } });
    expect((await screen.findAllByText("No request found")).length).toBe(2);
    await fireEvent.keyDown(field, { key: "Escape" });
    expect([field.value, screen.queryByTestId("search-hits")]).toEqual(["", null]);
    expect(screen.getByTestId("collections")).toBeTruthy();
  });

  it("finds the tags that a request was given", async () => {
    await open();
    await fireEvent.contextMenu(screen.getByRole("treeitem", { name: /^Extract session/ }));
    await fireEvent.click(await screen.findByRole("menuitem", { name: "Tags" }));
    const dialog = await screen.findByTestId("tags-dialog");
    await fireEvent.input(within(dialog).getByTestId("new-tag"), {
      target: { value: "audio, q4" },
    });
    await fireEvent.click(within(dialog).getByTestId("save-tags"));
    await waitFor(async () => {
      const { request } = await call("read_request", { path: "transcripts/extract-session.yaml" });
      expect(request.tags).toEqual(["audio", "q4"]);
    });
    await fireEvent.click(screen.getByTestId("search-collections"));
    await fireEvent.click(await screen.findByRole("button", { name: "audio" }));
    expect(await screen.findByText("1 request found")).toBeTruthy();
  });
});

describe("folder settings", () => {
  it("are handed down, shown as inherited, overridden and taken back", async () => {
    await open();
    await goTo("migration-review");
    await press("F10", { shiftKey: true });
    await fireEvent.click(await screen.findByRole("menuitem", { name: "Folder settings" }));
    const dialog = await screen.findByTestId("folder-dialog");
    const tools = await within(dialog).findByTestId("folder-tools");
    await fireEvent.input(tools, { target: { value: "Web search!" } });
    await fireEvent.click(within(dialog).getByTestId("save-folder"));
    expect(await within(dialog).findByText(/is no name of a tool/)).toBeTruthy();
    await fireEvent.input(tools, { target: { value: "web_search" } });
    await fireEvent.click(within(dialog).getByTestId("save-folder"));
    await waitFor(() => expect(screen.queryByTestId("folder-dialog")).toBeNull());
    const note = await screen.findByTestId("inherited");
    expect(note.textContent).toContain("Tools web_search from migration-review");
    await fireEvent.click(within(note).getByRole("button", { name: "Override" }));
    await screen.findByText(/Tools is its own/);
    await fireEvent.click(screen.getByRole("button", { name: "Use inherited" }));
    await waitFor(() =>
      expect(screen.getByTestId("inherited").textContent).toContain("from migration-review"),
    );
  });
});

describe("the tree as it was left", () => {
  it("is remembered", async () => {
    await open();
    await goTo("support-triage");
    await press("ArrowLeft");
    await waitFor(async () =>
      expect(await preference("collections")).toMatchObject({ closed: ["support-triage"] }),
    );
  });

  it("draws only what is in sight of ten thousand requests", async () => {
    await open({ many: 10_000 });
    expect(screen.getAllByRole("treeitem").length).toBeLessThan(60);
    await goTo("generated");
    await press("ArrowRight");
    await press("End");
    expect(screen.getAllByRole("treeitem").length).toBeLessThan(60);
  });
});

describe("accessibility", () => {
  beforeEach(() => (document.documentElement.lang = "en"));

  it("has no fault in the tree, the search and the dialogs", async () => {
    await open();
    const faults = async () => {
      const { violations } = await axe.run(document.body, {
        rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
      });
      return violations.flatMap((it) => it.nodes.map((node) => `${it.id}: ${node.html}`));
    };
    await fireEvent.click(screen.getByTestId("effort-low"));
    await fireEvent.click(screen.getByTestId("save"));
    expect(await faults()).toEqual([]);
    for (const [item, id] of [
      ["Versions", "versions-dialog"],
      ["Tags", "tags-dialog"],
      ["Move to…", "move-dialog"],
    ] as const) {
      await fireEvent.contextMenu(screen.getByRole("treeitem", { name: /^Flag locking/ }));
      await fireEvent.click(await screen.findByRole("menuitem", { name: item }));
      await screen.findByTestId(id);
      expect([item, await faults()]).toEqual([item, []]);
      await fireEvent.keyDown(screen.getByTestId(id), { key: "Escape" });
      await waitFor(() => expect(screen.queryByTestId(id)).toBeNull());
    }
  });
});
