// The command table: no two commands on one press, and every press finds its command.
import { describe, expect, it } from "vitest";
import { COMMANDS, commandCaps, commandFor, fieldCommandFor, fit, tip } from "./commands";
import { ariaKeys, parseChord } from "./keys";

function press(
  key: string,
  mods: { ctrl?: boolean; shift?: boolean; alt?: boolean; meta?: boolean; code?: string } = {},
): KeyboardEvent {
  return new KeyboardEvent("keydown", {
    key,
    code: mods.code ?? "",
    ctrlKey: mods.ctrl ?? false,
    shiftKey: mods.shift ?? false,
    altKey: mods.alt ?? false,
    metaKey: mods.meta ?? false,
  });
}

describe.each(["mac", "other"] as const)("on %s", (platform) => {
  it("has no chord that two commands of one place share", () => {
    const chords = COMMANDS.flatMap((command) =>
      command.keys[platform].map(
        (chord) => `${command.within} ${JSON.stringify(parseChord(chord))}`,
      ),
    );
    expect(chords).toEqual([...new Set(chords)]);
  });

  it("has no chord of a letter or digit alone, which typing would set off", () => {
    const bare = COMMANDS.flatMap((command) => command.keys[platform])
      .map(parseChord)
      .filter((it) => !it.ctrl && !it.alt && !it.meta && it.key.length === 1);
    expect(bare).toEqual([]);
  });
});

it("names every command once", () => {
  const ids = COMMANDS.map((it) => it.id);
  expect(ids).toEqual([...new Set(ids)]);
});

describe("a press", () => {
  it.each([
    [press("Enter", { ctrl: true }), "run"],
    [press("Escape"), "stop"],
    [press("k", { ctrl: true }), "palette"],
    [press("s", { ctrl: true }), "save"],
    [press("Z", { ctrl: true, shift: true }), "redo"],
    [press("¡", { alt: true, code: "Digit1" }), "effort_1"],
    [press("+", { ctrl: true, shift: true }), "zoom_in"],
    [press("=", { ctrl: true }), "zoom_in"],
    [press("Tab", { ctrl: true, shift: true }), "previous_tab"],
  ] as const)("%# finds its command", (event, id) => {
    expect(commandFor(event, "other")?.id).toBe(id);
  });

  it("in the tree of fields asks for what the tree does, elsewhere for what the window does", () => {
    const duplicate = press("d", { ctrl: true });
    expect(fieldCommandFor(duplicate)).toBe("field_duplicate");
    expect(commandFor(duplicate, "other")?.id).toBe("duplicate_request");
    expect(fieldCommandFor(press("ArrowRight", { alt: true }))).toBe("field_in");
    expect(commandFor(press("ArrowRight", { alt: true }), "other")).toBeNull();
    expect(fieldCommandFor(press("k", { ctrl: true }))).toBeNull();
  });

  it("with one modifier too many finds nothing", () => {
    expect(commandFor(press("s", { ctrl: true, alt: true }), "other")).toBeNull();
  });

  it("uses Command on a Mac", () => {
    expect(commandFor(press("s", { meta: true }), "mac")?.id).toBe("save");
    expect(commandFor(press("s", { ctrl: true }), "mac")).toBeNull();
  });
});

it("shows chords as each platform writes them", () => {
  expect(commandCaps("run", "other")).toEqual(["Ctrl", "↵"]);
  expect(commandCaps("run", "mac")).toEqual(["⌘", "↩"]);
  expect(tip("save", "other")).toBe("Save request (Ctrl+S)");
  expect(commandCaps("field_in", "other")).toEqual(["Alt", "→"]);
  expect(tip("connection", "other")).toBe("Connection and key");
  expect(ariaKeys("Ctrl+S")).toBe("Control+S");
});

it("finds names by beginning, word, alias and letters, in this order", () => {
  const ranks = [
    fit("set", "Settings"),
    fit("eff", "Set effort to Low"),
    fit("reasoning low", "Set effort to Low", "reasoning level"),
    fit("stl", "Set effort to Low"),
  ];
  expect(ranks).toEqual([0, 1, 3, 4]);
  expect(fit("xyz", "Set effort to Low")).toBeNull();
});
