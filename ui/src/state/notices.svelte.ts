// Short notices at the edge of the window. Never the only place where a failure is shown.

export interface Notice {
  id: number;
  title: string;
  text: string;
  action: { label: string; run: () => void } | null;
  /** ms until it goes; null where something is left to be done. */
  lasts: number | null;
}

const MOST = 3;
const USUAL_MS = 5000;

export class Notices {
  list = $state.raw<readonly Notice[]>([]);
  #next = 1;

  add(title: string, more: Partial<Omit<Notice, "id" | "title">> = {}): void {
    const notice: Notice = {
      id: this.#next++,
      title,
      text: "",
      action: null,
      lasts: USUAL_MS,
      ...more,
    };
    this.list = [...this.list, notice].slice(-MOST);
  }

  close(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }
}
