// Edits of a JSON document, place by place: what an edit does not name stays as it was.

export type Path = readonly (string | number)[];
export type Body = Record<string, unknown>;

function isContainer(value: unknown): value is Record<string | number, unknown> {
  return typeof value === "object" && value !== null;
}

export function isBody(value: unknown): value is Body {
  return isContainer(value) && !Array.isArray(value);
}

/** What stands at a place; undefined where there is no such place. */
export function at(root: unknown, path: Path): unknown {
  let here = root;
  for (const step of path) {
    if (!isContainer(here)) return undefined;
    here = here[step];
  }
  return here;
}

/** The document with `value` at a place. Objects on the way are made where they lack. */
export function put<T>(root: T, path: Path, value: unknown): T {
  const [step, ...rest] = path;
  if (step === undefined) return value as T;
  const next = put(isContainer(root) ? root[step] : undefined, rest, value);
  if (Array.isArray(root)) {
    const copy = root.slice();
    copy[step as number] = next;
    return copy as T;
  }
  return { ...(isContainer(root) ? root : {}), [step]: next } as T;
}

/** The document without a place. Objects that this empties go too; `{}` says nothing. */
export function drop<T>(root: T, path: Path): T {
  const [step, ...rest] = path;
  if (step === undefined || !isContainer(root) || !(step in root)) return root;
  if (rest.length > 0) {
    const inner = root[step];
    const next = drop(inner, rest);
    if (next === inner) return root;
    const emptied = isContainer(next) && !Array.isArray(next) && Object.keys(next).length === 0;
    return emptied ? drop(root, [step]) : put(root, [step], next);
  }
  if (Array.isArray(root)) return root.filter((_, i) => i !== step) as T;
  const copy = { ...root };
  delete copy[step];
  return copy as T;
}

/** Puts a value, or drops the place where there is none to send. */
export function set<T>(root: T, path: Path, value: unknown): T {
  return value === null || value === undefined ? drop(root, path) : put(root, path, value);
}

/** The object with one key under another name, in its place. */
export function withKey(held: object, name: string, to: string): Body {
  const next: Body = {};
  for (const key of Object.keys(held)) {
    const value = (held as Body)[key];
    const as = key === name ? to : key;
    // Assigned, this one would be no key of the object.
    if (as === "__proto__") Object.defineProperty(next, as, { ...OWN, value });
    else next[as] = value;
  }
  return next;
}

const OWN = { configurable: true, enumerable: true, writable: true };

/** Equal as JSON documents, whatever the order of their keys. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!isContainer(a) || !isContainer(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]))
  );
}

export function asText(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

export function asNumber(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
