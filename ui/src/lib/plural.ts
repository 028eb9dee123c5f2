// A count and its noun.

/** `1 item`, `3 items`. */
export function plural(count: number, noun: string, more = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : more}`;
}
