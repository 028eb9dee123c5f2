// The Schemas screen over the in-memory engine: tree, text, checks and outputs on one value.
import { configure, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import axe from "axe-core";
import { beforeEach, describe, expect, it } from "vitest";
import App from "../../App.svelte";
import { useHost } from "../../host";
import { memoryHost } from "../../host.memory";

// A whole window is drawn here, which takes its time on a busy computer.
configure({ asyncUtilTimeout: 20_000 });

async function open(): Promise<HTMLElement> {
  useHost(memoryHost({ speed: Infinity }));
  render(App);
  await screen.findByRole("region", { name: "Request" });
  await fireEvent.click(await screen.findByRole("treeitem", { name: /Classify ticket/ }));
  await fireEvent.click(screen.getByTestId("nav-schemas"));
  return screen.findByTestId("field-tree");
}

const rowsIn = (tree: HTMLElement) =>
  within(tree)
    .getAllByRole("treeitem")
    .map((it) => it.dataset.pointer?.replaceAll("/properties/", ".") ?? "");
const press = (tree: HTMLElement, key: string, more: Partial<KeyboardEventInit> = {}) =>
  fireEvent.keyDown(tree, { key, ...more });
const chosen = (tree: HTMLElement) =>
  within(tree).getByRole("treeitem", { selected: true }).dataset.pointer;
const text = () =>
  [...screen.getByTestId("schema-text").querySelectorAll(".cm-line")]
    .map((line) => line.textContent)
    .join("\n");

beforeEach(() => {
  document.documentElement.lang = "en";
  // CodeMirror measures text, which the test document does not lay out.
  Range.prototype.getClientRects ??= () => [] as unknown as DOMRectList;
  Range.prototype.getBoundingClientRect ??= () => new DOMRect();
});

describe("Schemas", () => {
  it("shows a request's schema as tree and text, and finds it sound", async () => {
    const tree = await open();
    expect(rowsIn(tree)).toEqual(["", ".category", ".urgency", ".summary"]);
    expect(text()).toContain('"additionalProperties": false');
    await waitFor(() =>
      expect(screen.getByTestId("checks-passed").textContent).toContain("7 of 7 pass"),
    );
  });

  it("adds, names, moves and deletes by keys alone, and undoes", async () => {
    const tree = await open();
    await press(tree, "ArrowDown");
    await press(tree, "Enter");
    const name = await screen.findByTestId<HTMLInputElement>("rename");
    await fireEvent.input(name, { target: { value: "reason" } });
    await press(name, "Enter");
    expect(rowsIn(tree)).toEqual(["", ".category", ".reason", ".urgency", ".summary"]);
    expect(text()).toContain('"reason": {');
    await press(tree, "ArrowUp", { altKey: true });
    expect(rowsIn(tree)[1]).toBe(".reason");
    expect(chosen(tree)).toBe("/properties/reason");
    await press(tree, "Delete");
    expect(rowsIn(tree)).toEqual(["", ".category", ".urgency", ".summary"]);
    await fireEvent.click(await screen.findByRole("button", { name: "Undo" }));
    expect(rowsIn(tree)).toContain(".reason");
    await press(tree, "End");
    expect(chosen(tree)).toBe("/properties/summary");
    await press(tree, "u");
    expect(chosen(tree)).toBe("/properties/urgency");
  });

  it("sets nullable in the panel, and the text follows", async () => {
    const tree = await open();
    await press(tree, "End");
    await fireEvent.click(screen.getByTestId("field-nullable"));
    expect(text()).toMatch(/"summary": \{\s+"type": \[\s+"string",\s+"null"/);
    expect(screen.getByText('Written as type ["string","null"]')).toBeTruthy();
  });

  it("judges the last outputs per level, and opens an invalid one at its path", async () => {
    await open();
    const bad = await screen.findAllByRole("button", { name: /^None: invalid/ });
    expect(bad.length).toBe(2);
    await fireEvent.click(bad[0]!);
    await waitFor(() => expect(screen.getByTestId("verdict").textContent).toContain("1 place"));
    await fireEvent.click(screen.getByRole("button", { name: /\/urgency/ }));
    expect(chosen(screen.getByTestId("field-tree"))).toBe("/properties/urgency");
  });

  it("builds a schema from samples and marks what is a guess", async () => {
    const tree = await open();
    await fireEvent.click(screen.getByTestId("from-sample"));
    await fireEvent.input(await screen.findByTestId("sample-0"), {
      target: { value: '{"a": 1, "b": "x"}' },
    });
    await fireEvent.click(screen.getByText("Add another sample"));
    await fireEvent.input(await screen.findByTestId("sample-1"), {
      target: { value: '{"a": 2}' },
    });
    await fireEvent.click(screen.getByTestId("sample-infer"));
    await fireEvent.click(await screen.findByTestId("sample-use"));
    await waitFor(() => expect(rowsIn(tree)).toEqual(["", ".a", ".b"]));
    expect(within(tree).getByLabelText(/b is missing/)).toBeTruthy();
  });

  it("has no fault that axe finds", async () => {
    await open();
    await screen.findAllByRole("button", { name: /^None: invalid/ });
    const { violations } = await axe.run(document.body, {
      rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
    });
    expect(violations.flatMap((it) => it.nodes.map((node) => `${it.id}: ${node.html}`))).toEqual(
      [],
    );
  });
});
