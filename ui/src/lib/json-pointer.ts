// JSON Pointer (RFC 6901), as the engine names places.

/** A key as one step of a pointer. */
export function escapeKey(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

export function toPath(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

export function toPointer(path: readonly (string | number)[]): string {
  return path.map((step) => `/${escapeKey(String(step))}`).join("");
}
