// The Schemas screen over the in-memory engine: tree, text, checks and outputs on one value.
import { configure, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import axe from "axe-core";
import { beforeEach, describe, expect, it } from "vitest";
import App from "../../App.svelte";
import { useHost } from "../../host";
import { memoryHost } from "../../host.memory";
import { COMMANDS } from "../../lib/commands";
import { parseChord } from "../../lib/keys";

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
    await waitFor(() =>
      expect(screen.getByTestId("schema-size").textContent).toMatch(
        /About \d+ tokens, \d+% of the input of the last 20 runs, \$0\.\d+ per run at \$5 \/ 1 M\. An estimate/,
      ),
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
    expect(screen.getAllByRole("button", { name: /^None: / }).length).toBe(20);
    const levels = [...screen.getByTestId("pass-strip").querySelectorAll(".level")];
    expect(levels.map((level) => level.textContent.replaceAll(/\s+/g, " ").trim())).toEqual([
      "None 18 of 20",
      "Low 20 of 20",
      "Medium 20 of 20",
      "High 20 of 20",
    ]);
    await fireEvent.click(bad[0]!);
    // The run's output, at the place that fails; and the field that says what should stand there.
    const output = screen.getByTestId<HTMLTextAreaElement>("output-text");
    await waitFor(() => expect(document.activeElement).toBe(output));
    expect(output.value.slice(output.selectionStart, output.selectionEnd)).toBe(
      '"urgency": "high"',
    );
    expect(chosen(screen.getByTestId("field-tree"))).toBe("/properties/urgency");
    await waitFor(() => expect(screen.getByTestId("verdict").textContent).toContain("1 place"));
    const tree = screen.getByTestId("field-tree");
    await press(tree, "Home");
    await fireEvent.click(screen.getByRole("button", { name: /\/urgency/ }));
    expect(chosen(tree)).toBe("/properties/urgency");
    // A valid one has no such place.
    await fireEvent.click(screen.getAllByRole("button", { name: /^Low: valid/ })[0]!);
    await waitFor(() => expect(screen.getByTestId("verdict").textContent).toContain("satisfies"));
  });

  it("takes the last outputs of all levels as samples, each text once", async () => {
    await open();
    await screen.findAllByRole("button", { name: /^None: invalid/ });
    await fireEvent.click(screen.getByTestId("from-sample"));
    const first = await screen.findByTestId<HTMLTextAreaElement>("sample-0");
    await fireEvent.input(first, { target: { value: '{"urgency": 1}' } });
    const take = screen.getByTestId("sample-recorded");
    expect(take.textContent).toContain("Take the last 5 outputs");
    await fireEvent.click(take);
    const samples = () =>
      [...screen.getByTestId("sample-dialog").querySelectorAll("textarea")].map(
        (it) => JSON.parse(it.value) as { urgency: unknown },
      );
    // What was pasted stays. Of the five, the one at level None has its urgency as a word.
    await waitFor(() => expect(samples().map((it) => it.urgency)).toEqual([1, "high", 3]));
    await fireEvent.click(take);
    await waitFor(() => expect(samples().length).toBe(3));
  });

  it("names the sample that is no JSON, and marks it", async () => {
    await open();
    await fireEvent.click(screen.getByTestId("from-sample"));
    await fireEvent.input(await screen.findByTestId("sample-0"), { target: { value: "{}" } });
    await fireEvent.click(screen.getByText("Add another sample"));
    const second = await screen.findByTestId("sample-1");
    await fireEvent.input(second, { target: { value: '{"a": 2,' } });
    await fireEvent.click(screen.getByTestId("sample-infer"));
    expect((await screen.findByTestId("error-panel")).textContent).toContain("Sample 2 is no JSON");
    expect(second.getAttribute("aria-invalid")).toBe("true");
    expect(screen.getByTestId("sample-0").getAttribute("aria-invalid")).toBe("false");
    await fireEvent.input(second, { target: { value: '{"a": 2}' } });
    expect(second.getAttribute("aria-invalid")).toBe("false");
    expect(screen.queryByTestId("error-panel")).toBeNull();
  });

  it("has every key of the table in the tree, and every command in the palette", async () => {
    const tree = await open();
    const ofFields = COMMANDS.filter((it) => it.within === "fields");
    expect(ofFields.length).toBe(10);
    for (const { id, keys } of ofFields) {
      await press(tree, "End");
      const chord = parseChord(keys.other[0]!);
      const unhandled = await press(tree, chord.key, { ctrlKey: chord.ctrl, altKey: chord.alt });
      expect([id, unhandled]).toEqual([id, false]);
      const name = screen.queryByTestId("rename");
      if (name) await press(name, "Escape");
      const find = screen.queryByTestId("find-field-text");
      if (find) await press(find, "Escape");
    }
    await press(tree, "Home");
    await press(document.body, "k", { ctrlKey: true });
    const search = await screen.findByRole("combobox", { name: "Search or run a command" });
    await fireEvent.input(search, { target: { value: "add a field inside" } });
    await press(search, "Enter");
    const name = await screen.findByTestId<HTMLInputElement>("rename");
    await fireEvent.input(name, { target: { value: "from_palette" } });
    await press(name, "Enter");
    expect(text()).toContain('"from_palette": {');
  });

  it("finds fields by a part of the name, folded ones too", async () => {
    const tree = await open();
    await press(tree, "f", { ctrlKey: true });
    const find = await screen.findByTestId<HTMLInputElement>("find-field-text");
    const found = () => screen.getByTestId("found-fields").textContent;
    await press(tree, "Home");
    await press(tree, "ArrowLeft");
    expect(rowsIn(tree)).toEqual([""]);
    await fireEvent.input(find, { target: { value: "R" } });
    expect([chosen(tree), found()]).toEqual(["/properties/category", "1 of 3"]);
    expect(rowsIn(tree).length).toBe(4);
    await press(find, "Enter");
    expect([chosen(tree), found()]).toEqual(["/properties/urgency", "2 of 3"]);
    await press(find, "Enter", { shiftKey: true });
    await press(find, "ArrowUp");
    expect(chosen(tree)).toBe("/properties/summary");
    await fireEvent.input(find, { target: { value: "no such field" } });
    expect([chosen(tree), found()]).toEqual(["/properties/summary", "None"]);
    await press(find, "Escape");
    expect(document.activeElement).toBe(tree);
    expect(screen.queryByTestId("find-field-text")).toBe(null);
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
