// The one door to the machine. Nothing else imports @tauri-apps/*, so the whole window can run
// over another host: host.memory.ts stands in for tests and for a page opened in a browser.
import { Channel, invoke, isTauri } from "@tauri-apps/api/core";
import { getCurrentWebview } from "@tauri-apps/api/webview";
import { open as openChooser } from "@tauri-apps/plugin-dialog";
import { openUrl } from "@tauri-apps/plugin-opener";
import { LazyStore } from "@tauri-apps/plugin-store";
import type { Calls, EngineError, Streams } from "./contract/ipc";
import { LongInputs, type Crossing } from "./lib/long-inputs";

/** Files of another program over the page: their whole paths, and where they are, in CSS pixels. */
export interface FilesDragged {
  paths: readonly string[];
  x: number;
  y: number;
  dropped: boolean;
}

export interface Host {
  /** Asks for one answer. Rejects with an `EngineError`. */
  call<N extends keyof Calls>(name: N, input: Calls[N]["input"]): Promise<Calls[N]["output"]>;
  /** Asks for items while the work runs and the whole at the end. Rejects with an `EngineError`. */
  stream<N extends keyof Streams>(
    name: N,
    input: Streams[N]["input"],
    onItem: (item: Streams[N]["item"]) => void,
  ): Promise<Streams[N]["output"]>;
  /** A remembered preference; null where there is none. */
  preference<T>(key: string): Promise<T | null>;
  setPreference(key: string, value: unknown): Promise<void>;
  /** Opens an address in the system's browser. */
  openExternal(url: string): Promise<void>;
  /**
   * Lets the user choose a folder: its whole path, or null where none was chosen. Undefined where
   * only the page can ask.
   */
  chooseFolder(title: string): Promise<string | null | undefined>;
  /**
   * Hears of dragged files where the web view itself gives the page none; of null once they are
   * gone again. Returns what ends it.
   */
  onFilesDragged(tell: (drag: FilesDragged | null) => void): () => void;
}

/** What came back in place of an answer, in the engine's own shape. */
export function asEngineError(cause: unknown): EngineError {
  if (typeof cause === "object" && cause !== null && "code" in cause && "message" in cause) {
    return cause as EngineError;
  }
  return {
    code: "internal",
    message: cause instanceof Error ? cause.message : String(cause),
    hint: null,
    place: null,
    retryAfterMs: null,
    requestId: null,
    httpStatus: null,
    detail: cause instanceof Error ? (cause.stack ?? null) : null,
  };
}

function tauriHost(): Host {
  const store = new LazyStore("preferences.json");

  const long = new LongInputs();

  // An input goes as text: of an object Tauri asks the page about every value in it, which takes several frames for a
  // large one.
  async function call(name: string, input: unknown): Promise<never> {
    const sent = long.send(name, JSON.stringify(input));
    try {
      const answer = await invoke<never>("rpc", { name, ...sent, channel: new Channel() });
      long.answered(name, sent, true);
      return answer;
    } catch (cause) {
      const error = asEngineError(cause);
      long.answered(name, sent, error.code !== "internal");
      throw error;
    }
  }

  async function stream(
    name: string,
    input: unknown,
    onItem: (item: never) => void,
  ): Promise<never> {
    let over = false;
    const channel = new Channel<never>();
    // The answer can overtake the last items. It holds the whole, so what comes after it would
    // only be told twice.
    channel.onmessage = (item) => {
      if (!over) onItem(item);
    };
    const sent: Crossing = { input: JSON.stringify(input), after: null, keep: null };
    try {
      return await invoke<never>("rpc", { name, ...sent, channel });
    } catch (cause) {
      throw asEngineError(cause);
    } finally {
      over = true;
    }
  }

  return {
    call,
    stream: (name, input, onItem) => stream(name, input, onItem as (item: never) => void),
    preference: async <T>(key: string) => (await store.get<T>(key)) ?? null,
    setPreference: (key, value) => store.set(key, value),
    openExternal: (url) => openUrl(url),
    // WebKitGTK shows a chooser of files where a page asks for a folder.
    chooseFolder: (title) => openChooser({ directory: true, title }),
    onFilesDragged: (tell) => {
      let paths: readonly string[] = [];
      const ends = getCurrentWebview().onDragDropEvent(({ payload }) => {
        if (payload.type === "leave") tell(null);
        // Where they came in is not known yet.
        else if (payload.type === "enter") paths = payload.paths;
        else {
          const dropped = payload.type === "drop";
          if (dropped) paths = payload.paths;
          const { x, y } = payload.position;
          tell({ paths, x, y, dropped });
        }
      });
      return () => void ends.then((end) => end());
    },
  };
}

/** Outside the desktop shell the page still works, over the in-memory engine. */
function lazyMemoryHost(): Host {
  const host = import("./host.memory").then((it) => it.memoryHost(it.optionsOf(location.search)));
  return {
    call: async (name, input) => (await host).call(name, input),
    stream: async (name, input, onItem) => (await host).stream(name, input, onItem),
    preference: async <T>(key: string) => (await host).preference<T>(key),
    setPreference: async (key, value) => (await host).setPreference(key, value),
    openExternal: async (url) => (await host).openExternal(url),
    chooseFolder: async (title) => (await host).chooseFolder(title),
    // A browser gives the page what is dropped.
    onFilesDragged: () => () => {},
  };
}

let current: Host | null = null;

function host(): Host {
  return (current ??= isTauri() ? tauriHost() : lazyMemoryHost());
}

/** Puts another host behind the door. */
export function useHost(next: Host): void {
  current = next;
}

export const call: Host["call"] = (name, input) => host().call(name, input);
export const stream: Host["stream"] = (name, input, onItem) => host().stream(name, input, onItem);
export const preference: Host["preference"] = (key) => host().preference(key);
export const setPreference: Host["setPreference"] = (key, value) =>
  host().setPreference(key, value);
export const chooseFolder: Host["chooseFolder"] = (title) => host().chooseFolder(title);
export const onFilesDragged: Host["onFilesDragged"] = (tell) => host().onFilesDragged(tell);
export const openExternal: Host["openExternal"] = (url) => host().openExternal(url);
