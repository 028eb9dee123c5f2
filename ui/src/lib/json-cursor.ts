// What stands at the cursor of a JSON text that may be half written: the way there, and whether a name or
// a value is expected.

export interface Cursor {
  /** Names on the way in; `*` for an item of a list. For a value its own name is the last. */
  path: string[];
  expects: "name" | "value";
  /** Where the word at the cursor begins, its quote included. */
  from: number;
  /** What was typed of it, without the quote. */
  typed: string;
  /** Names that the object around has before the cursor. */
  names: string[];
}

interface Level {
  list: boolean;
  names: string[];
  /** The name whose value comes. */
  name: string | null;
}

/** Null inside of nothing, and where neither a name nor a value can stand. */
export function cursorAt(text: string, offset: number): Cursor | null {
  const levels: Level[] = [];
  let last: string | null = null;
  let ready = true;
  let at = 0;

  const here = (from: number, typed: string): Cursor | null => {
    const level = levels.at(-1);
    if (!level || !ready) return null;
    const value = level.list || level.name !== null;
    return {
      path: levels.slice(0, value ? undefined : -1).map((it) => (it.list ? "*" : (it.name ?? ""))),
      expects: value ? "value" : "name",
      from,
      typed,
      names: level.names,
    };
  };

  while (at < offset) {
    const letter = text[at]!;
    const level = levels.at(-1);
    if (letter === '"') {
      const from = at++;
      while (at < offset && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
      if (at >= offset) return here(from, text.slice(from + 1, offset));
      last = text.slice(from + 1, at++);
      if (level && (level.list || level.name !== null)) ready = false;
    } else if (letter === "{" || letter === "[") {
      levels.push({ list: letter === "[", names: [], name: null });
      ready = true;
      at++;
    } else if (letter === "}" || letter === "]") {
      levels.pop();
      ready = false;
      at++;
    } else if (letter === ":") {
      if (level && !level.list && last !== null) {
        level.names.push(last);
        level.name = last;
      }
      at++;
    } else if (letter === ",") {
      if (level) level.name = null;
      last = null;
      ready = true;
      at++;
    } else if (/\s/.test(letter)) {
      at++;
    } else {
      const word = /[^\s,\]}]*/y;
      word.lastIndex = at;
      const from = at;
      at += Math.max(1, word.exec(text)![0].length);
      if (at >= offset) return here(from, text.slice(from, offset));
      ready = false;
    }
  }
  if (levels.at(-1) && !levels.at(-1)!.list && levels.at(-1)!.name === null && last !== null)
    return null;
  return here(offset, "");
}
