// The keys of a list with one row in front: arrows, j and k, pages, ends, Enter, Escape and `/`.

interface List {
  /** The row in front. */
  at: number;
  count: number;
  /** To a row that is in the list. */
  go: (to: number) => void;
  open: () => void;
  /** Closes what was opened; null where nothing is open. */
  close: (() => void) | null;
  /** To the field that filters the list. */
  filter?: (() => void) | undefined;
}

const PAGE = 10;

/** Does what the key asks of the list, and keeps the press from anything else that would hear it. */
export function listKeys(event: KeyboardEvent, list: List): void {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const { at, count } = list;
  const to = {
    ArrowDown: at + 1,
    j: at + 1,
    ArrowUp: at - 1,
    k: at - 1,
    Home: 0,
    End: count - 1,
    PageDown: at + PAGE,
    PageUp: at - PAGE,
  }[event.key];
  if (to !== undefined) list.go(Math.max(0, Math.min(count - 1, to)));
  else if (event.key === "Enter") list.open();
  else if (event.key === "/" && list.filter) list.filter();
  else if (event.key === "Escape" && list.close) {
    event.stopPropagation();
    list.close();
  } else return;
  event.preventDefault();
}
