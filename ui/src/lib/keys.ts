// Key chords: how they are written in the command table, matched against a press, and shown.

export type Platform = "mac" | "other";

export function platformOf(navigatorPlatform: string): Platform {
  return /mac|iphone|ipad/i.test(navigatorPlatform) ? "mac" : "other";
}

interface Chord {
  ctrl: boolean;
  shift: boolean;
  alt: boolean;
  meta: boolean;
  key: string;
}

export function parseChord(text: string): Chord {
  const parts = text.split("+");
  const key = parts.pop() ?? "";
  return {
    ctrl: parts.includes("Ctrl"),
    shift: parts.includes("Shift"),
    alt: parts.includes("Alt"),
    meta: parts.includes("Cmd"),
    key: key === "Plus" ? "+" : key,
  };
}

/** What a press is called: digits by their place, since Alt turns them into other characters. */
function keyOf(event: KeyboardEvent): string {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code);
  if (digit) return digit[1]!;
  if (event.key === "Esc") return "Escape";
  return event.key.length === 1 ? event.key.toUpperCase() : event.key;
}

export function matches(event: KeyboardEvent, text: string): boolean {
  const chord = parseChord(text);
  const key = keyOf(event);
  // "+" is typed with Shift on many keyboards, without it on others: zooming in takes both.
  const zoomIn = chord.key === "+" && (key === "+" || key === "=");
  return (
    event.ctrlKey === chord.ctrl &&
    event.altKey === chord.alt &&
    event.metaKey === chord.meta &&
    (zoomIn || (event.shiftKey === chord.shift && key === chord.key))
  );
}

const MAC_SIGNS: Record<string, string> = {
  Cmd: "⌘",
  Ctrl: "⌃",
  Alt: "⌥",
  Shift: "⇧",
  Enter: "↩",
  Escape: "Esc",
};
const OTHER_SIGNS: Record<string, string> = { Enter: "↵", Escape: "Esc" };
/** Keys that are written alike everywhere. */
const SIGNS: Record<string, string> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  Delete: "Del",
  Plus: "+",
};

/** The caps to draw for a chord. */
export function caps(text: string, platform: Platform): string[] {
  const signs = platform === "mac" ? MAC_SIGNS : OTHER_SIGNS;
  return text.split("+").map((part) => signs[part] ?? SIGNS[part] ?? part);
}

/** The chord as `aria-keyshortcuts` wants it. */
export function ariaKeys(text: string): string {
  return text.replace("Ctrl", "Control").replace("Cmd", "Meta").replace("Plus", "+");
}
