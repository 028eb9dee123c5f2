// The in-memory engine's workspace: its tree of folders and requests, by the engine's own rules.
import type {
  Calls,
  ChangedItem,
  EngineError,
  ErrorCode,
  FolderFile,
  FolderSummary,
  FoundRequest,
  Inherited,
  MovedRequest,
  RequestFile,
  RequestSummary,
  Streams,
  TreeChange,
  TreeNews,
  Version,
} from "./contract/ipc";
import { asText, at } from "./lib/body";
import { requestDiff } from "./lib/request-diff";
import { folderOf, nameOf } from "./lib/tree";

type CollectionCalls = Pick<
  Calls,
  | "read_request"
  | "save_request"
  | "create_request"
  | "list_requests"
  | "find_requests"
  | "create_folder"
  | "read_folder"
  | "save_folder"
  | "move_item"
  | "rename_item"
  | "duplicate_item"
  | "delete_item"
  | "restore_item"
  | "give_new_id"
  | "changed_items"
  | "list_versions"
  | "read_version"
  | "diff_versions"
  | "restore_version"
>;
type CollectionStreams = Pick<Streams, "watch_workspace">;

export interface CollectionsTwinOptions {
  /** Requests by path. Changed in place. */
  files: Map<string, RequestFile>;
  /** A file that can't be read as a request. */
  broken: { path: string; problem: EngineError };
  newId: () => string;
  fail: (code: ErrorCode, message: string, more?: Partial<EngineError>) => EngineError;
}

/** When the first text was saved over. */
const SAVED_AT = Date.UTC(2026, 10, 20, 15);

const join = (folder: string, name: string): string => (folder === "" ? name : `${folder}/${name}`);
const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "") || "request";

function grouped<T>(items: readonly T[], by: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(by(item));
    if (group) group.push(item);
    else groups.set(by(item), [item]);
  }
  return groups;
}

export function collectionsTwin(options: CollectionsTwinOptions): {
  calls: { [N in keyof CollectionCalls]: (input: Calls[N]["input"]) => Calls[N]["output"] };
  streams: {
    [N in keyof CollectionStreams]: (
      input: Streams[N]["input"],
      onItem: (item: Streams[N]["item"]) => void,
    ) => Promise<Streams[N]["output"]>;
  };
  listing: () => { requests: RequestSummary[]; folders: FolderSummary[] };
  /** The request with what its folders hand down in its body. */
  withDefaults: (request: RequestFile) => RequestFile;
  stop: (ticket: string) => boolean;
} {
  const { files, fail } = options;
  /** As they were committed. */
  const committed = new Map([...files].map(([path, it]) => [path, JSON.stringify(it)]));
  const stamps = new Map<string, number>([...files.keys()].map((path) => [path, 1]));
  const folders = new Map<string, { file: FolderFile; stamp: number }>([
    ["", { file: {}, stamp: 0 }],
  ]);
  const trash = new Map<string, Map<string, RequestFile>>();
  /** What was saved over, the oldest first. */
  const saved: { id: string; of: string; request: RequestFile }[] = [];
  const watching = new Map<string, { tell: (news: TreeNews) => void; stop: () => void }>();
  for (const path of [...files.keys(), options.broken.path]) ensureFolder(folderOf(path));

  function ensureFolder(path: string): void {
    if (folders.has(path)) return;
    ensureFolder(folderOf(path));
    folders.set(path, { file: {}, stamp: 0 });
  }

  function chain(folder: string): [string, FolderFile][] {
    const above = folder === "" ? [] : chain(folderOf(folder));
    return [...above, [folder, folders.get(folder)?.file ?? {}]];
  }

  function inherited(folder: string): Inherited[] {
    const found = new Map<string, Inherited>();
    for (const [from, { defaults }] of chain(folder)) {
      const values: [string, unknown][] = [
        ["/model", defaults?.model],
        ["/reasoning/effort", defaults?.effort],
        ["/instructions", defaults?.instructions],
        ["/tools", defaults?.tools],
        ["/text/format", defaults?.text_format],
      ];
      for (const [pointer, value] of values) {
        if (value !== undefined && value !== null) found.set(pointer, { pointer, value, from });
      }
    }
    return [...found.values()];
  }

  function merged(path: string, request: RequestFile): RequestFile {
    const body = structuredClone(request.body);
    for (const { pointer, value } of inherited(folderOf(path))) {
      const [first, second] = pointer.slice(1).split("/") as [string, string?];
      if (second === undefined) {
        if (!(first in body)) body[first] = value;
        continue;
      }
      const group = (body[first] ??= {});
      if (typeof group === "object" && group !== null && !(second in group)) {
        (group as Record<string, unknown>)[second] = value;
      }
    }
    return { ...request, body };
  }

  function positionOf(path: string): number | null {
    const place = folders.get(folderOf(path))?.file.order?.indexOf(nameOf(path)) ?? -1;
    return place < 0 ? null : place;
  }

  function twins(): Map<string, string[]> {
    const paths = new Map<string, string[]>();
    for (const [path, { id }] of files) paths.set(id, [...(paths.get(id) ?? []), path]);
    return paths;
  }

  function summaryOf(
    path: string,
    request: RequestFile,
    known: Map<string, string[]> = twins(),
  ): RequestSummary {
    const { body } = merged(path, request);
    const twin = known.get(request.id)?.find((other) => other !== path);
    return {
      path,
      folder: folderOf(path),
      id: request.id,
      name: request.name,
      model: asText(body["model"]),
      effort: asText(at(body, ["reasoning", "effort"])),
      tags: request.tags ?? [],
      position: positionOf(path),
      stamp: String(stamps.get(path)),
      pending: false,
      problem: null,
      notice: twin
        ? fail("id_taken", `${path} has the same id as ${twin}.`, { place: twin })
        : null,
    };
  }

  function brokenSummary(): RequestSummary {
    const { path, problem } = options.broken;
    return {
      path,
      folder: folderOf(path),
      id: path,
      name: nameOf(path),
      model: null,
      effort: null,
      tags: [],
      position: positionOf(path),
      stamp: "1",
      pending: false,
      problem,
      notice: null,
    };
  }

  /** By the folder's order, then folders first, then by name: depth first. */
  function listing(): { requests: RequestSummary[]; folders: FolderSummary[] } {
    const known = twins();
    const all = [...files].map(([path, request]) => summaryOf(path, request, known));
    all.push(brokenSummary());
    const inFolder = grouped(all, (it) => it.folder);
    const foldersIn = grouped([...folders.keys()].slice(1), folderOf);
    const listed: { requests: RequestSummary[]; folders: FolderSummary[] } = {
      requests: [],
      folders: [],
    };
    const fill = (path: string): void => {
      const { file, stamp } = folders.get(path)!;
      listed.folders.push({
        path,
        name: nameOf(path),
        position: path === "" ? null : positionOf(path),
        hasDefaults: Object.keys(file.defaults ?? {}).length > 0,
        stamp: stamp === 0 ? "" : String(stamp),
        problem: null,
      });
      const below = [
        ...(foldersIn.get(path) ?? []).map((it) => ({ key: it, name: nameOf(it), request: null })),
        ...(inFolder.get(path) ?? []).map((it) => ({ key: it.path, name: it.name, request: it })),
      ];
      below.sort(
        (a, b) =>
          (positionOf(a.key) ?? Infinity) - (positionOf(b.key) ?? Infinity) ||
          Number(a.request !== null) - Number(b.request !== null) ||
          a.name.localeCompare(b.name),
      );
      for (const item of below) {
        if (item.request) listed.requests.push(item.request);
        else fill(item.key);
      }
    };
    fill("");
    return listed;
  }

  function newsBetween(before: ReturnType<typeof listing>): TreeNews {
    const now = listing();
    const known = new Map(before.requests.map((it) => [it.path, it]));
    const there = new Set(now.requests.map((it) => it.path));
    const removed = [...known.keys()].filter((path) => !there.has(path));
    const news: TreeNews = {
      whole: false,
      changed: [
        ...removed,
        ...now.requests
          .filter((it) => known.has(it.path) && known.get(it.path)!.stamp !== it.stamp)
          .map((it) => it.path),
      ],
      removed,
      requests: now.requests.filter(
        (it) => JSON.stringify(known.get(it.path)) !== JSON.stringify(it),
      ),
      folders: JSON.stringify(before.folders) === JSON.stringify(now.folders) ? null : now.folders,
      pending: 0,
      problem: null,
    };
    for (const { tell } of watching.values()) tell(news);
    return news;
  }

  function changing<T>(change: () => T): [T, TreeNews] {
    const before = listing();
    const done = change();
    return [done, newsBetween(before)];
  }

  const below = (path: string): string[] =>
    [...files.keys()].filter((it) => it === path || it.startsWith(`${path}/`));

  function item(path: string): void {
    if ((path === "" || !folders.has(path)) && !files.has(path)) {
      throw fail("bad_input", `There is no item "${path}" in the workspace.`, { place: "path" });
    }
  }

  function isTaken(path: string): boolean {
    const lower = path.toLowerCase();
    return [...files.keys(), ...folders.keys()].some((it) => it.toLowerCase() === lower);
  }

  function needFree(path: string): void {
    if (!isTaken(path)) return;
    throw fail("name_taken", `There is something named ${nameOf(path)} in that folder already.`, {
      place: path,
    });
  }

  function freePath(folder: string, base: string): string {
    for (let n = 1; ; n += 1) {
      const path = join(folder, n === 1 ? `${base}.yaml` : `${base}-${n}.yaml`);
      if (!isTaken(path)) return path;
    }
  }

  function order(folder: string, change: (order: string[]) => string[]): void {
    const known = folders.get(folder)!;
    const before = known.file.order ?? [];
    const after = change([...before]);
    if (after.join("\n") === before.join("\n")) return;
    folders.set(folder, { file: { ...known.file, order: after }, stamp: known.stamp + 1 });
  }

  function relocate(from: string, to: string): void {
    if (from === to) return;
    for (const path of below(from)) {
      const target = to + path.slice(from.length);
      files.set(target, files.get(path)!);
      stamps.set(target, stamps.get(path) ?? 1);
      files.delete(path);
    }
    for (const [path, known] of [...folders]) {
      if (path !== from && !path.startsWith(`${from}/`)) continue;
      folders.delete(path);
      folders.set(to + path.slice(from.length), known);
    }
  }

  function carried(from: string, change: () => string): TreeChange {
    const [path, news] = changing(change);
    const moved: MovedRequest[] = below(path).map((to) => ({
      from: from + to.slice(path.length),
      to,
      stamp: String(stamps.get(to)),
    }));
    return { path, moved, news };
  }

  function made(change: () => string): TreeChange {
    const [path, news] = changing(change);
    return { path, moved: [], news };
  }

  function write(path: string, request: RequestFile): void {
    const before = files.get(path);
    if (before) saved.push({ id: `save-${saved.length + 1}`, of: before.id, request: before });
    files.set(path, structuredClone(request));
    stamps.set(path, (stamps.get(path) ?? 0) + 1);
  }

  function read(path: string): RequestFile {
    if (path === options.broken.path) throw options.broken.problem;
    const file = files.get(path);
    if (!file) throw fail("file_unreadable", `There is no file ${path}.`, { place: path });
    return file;
  }

  const opened = (path: string): Calls["read_request"]["output"] => ({
    path,
    request: structuredClone(read(path)),
    stamp: String(stamps.get(path)),
    inherited: inherited(folderOf(path)),
    inheritedProblem: null,
  });

  const changedOutside = (place: string): EngineError =>
    fail("file_changed", `${place} was changed since it was read.`, { place });

  function version(path: string, id: string | null): RequestFile {
    if (id === null) return read(path);
    const found = saved.find((it) => it.id === id && it.of === files.get(path)?.id);
    if (!found) throw fail("bad_input", `${id} is no kept version.`, { place: "version" });
    return found.request;
  }

  function search(text: string): FoundRequest[] {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const hits: FoundRequest[] = [];
    for (const request of listing().requests) {
      const file = files.get(request.path);
      const prompt = file
        ? JSON.stringify([file.body["instructions"] ?? "", file.body["input"] ?? ""])
        : "";
      const places = words.map((word): FoundRequest["foundIn"][number] | null => {
        const tag = word.startsWith("tag:") ? word.slice(4) : null;
        const tagged = request.tags.some((it) => it.toLowerCase().includes(tag ?? word));
        if (tag !== null) return tagged ? "tags" : null;
        if (request.name.toLowerCase().includes(word)) return "name";
        if (tagged) return "tags";
        if (request.folder.toLowerCase().includes(word)) return "folder";
        return prompt.toLowerCase().includes(word) ? "prompt" : null;
      });
      const found = places.filter((it) => it !== null);
      if (found.length < words.length) continue;
      const inPrompt = words[places.indexOf("prompt")];
      const place = inPrompt ? prompt.toLowerCase().indexOf(inPrompt) : -1;
      hits.push({
        request,
        foundIn: [...new Set(found)],
        excerpt: place < 0 ? null : prompt.slice(Math.max(0, place - 60), place + 60),
      });
    }
    return hits;
  }

  const calls: ReturnType<typeof collectionsTwin>["calls"] = {
    read_request: ({ path }) => opened(path),
    save_request: ({ path, request, stamp }) => {
      const anew = stamp === "" && !isTaken(path);
      if (!anew && read(path) && stamp !== String(stamps.get(path))) throw changedOutside(path);
      changing(() => write(path, request));
      return { stamp: String(stamps.get(path)), summary: summaryOf(path, request) };
    },
    create_request: ({ folder, name, like }) => {
      ensureFolder(folder);
      const path = freePath(folder, slugOf(name));
      const request: RequestFile = {
        ...(like ?? { endpoint: "responses", body: { model: "gpt-5.5", input: "" } }),
        id: options.newId(),
        name,
      };
      changing(() => write(path, request));
      return { summary: summaryOf(path, request), opened: opened(path) };
    },
    list_requests: () => listing(),
    find_requests: ({ text }) => {
      if (text.trim() === "") {
        throw fail("bad_input", "There is nothing to look for.", { place: "text" });
      }
      return { hits: search(text), more: 0 };
    },
    create_folder: ({ folder, name }) =>
      made(() => {
        const path = join(folder, name.trim());
        needFree(path);
        folders.set(path, { file: {}, stamp: 0 });
        return path;
      }),
    read_folder: ({ path }) => {
      const known = folders.get(path);
      if (!known) throw fail("bad_input", `There is no folder "${path}" in the workspace.`);
      return {
        path,
        folder: structuredClone(known.file),
        stamp: known.stamp === 0 ? "" : String(known.stamp),
        inherited: path === "" ? [] : inherited(folderOf(path)),
      };
    },
    save_folder: ({ path, folder, stamp }) => {
      const known = folders.get(path);
      if (!known) throw fail("bad_input", `There is no folder "${path}" in the workspace.`);
      if (stamp !== (known.stamp === 0 ? "" : String(known.stamp))) throw changedOutside(path);
      const [, news] = changing(() =>
        folders.set(path, { file: structuredClone(folder), stamp: known.stamp + 1 }),
      );
      return { stamp: String(known.stamp + 1), news };
    },
    move_item: ({ path, toFolder, position }) =>
      carried(path, () => {
        item(path);
        if (toFolder === path || toFolder.startsWith(`${path}/`)) {
          throw fail("bad_input", `${path} can't be moved into itself.`, { place: "toFolder" });
        }
        const target = join(toFolder, nameOf(path));
        if (target !== path) {
          needFree(target);
          order(folderOf(path), (names) => names.filter((it) => it !== nameOf(path)));
          relocate(path, target);
        }
        if (position !== null) {
          const listed = listing();
          const shown = [
            ...listed.folders.filter((it) => it.path !== "" && folderOf(it.path) === toFolder),
            ...listed.requests.filter((it) => it.folder === toFolder),
          ]
            .sort((a, b) => (a.position ?? Infinity) - (b.position ?? Infinity))
            .map((it) => nameOf(it.path))
            .filter((it) => it !== nameOf(path));
          order(toFolder, () => shown.toSpliced(position, 0, nameOf(path)));
        } else if (target === path) {
          order(toFolder, (names) => names.filter((it) => it !== nameOf(path)));
        }
        return target;
      }),
    rename_item: ({ path, name }) =>
      carried(path, () => {
        item(path);
        const file = files.get(path);
        let target = join(folderOf(path), name.trim());
        if (file) {
          const follows = nameOf(path).startsWith(slugOf(file.name));
          write(path, { ...file, name: name.trim() });
          target = follows ? freePath(folderOf(path), slugOf(name)) : path;
        } else if (target !== path) {
          needFree(target);
        }
        relocate(path, target);
        order(folderOf(path), (names) =>
          names.map((it) => (it === nameOf(path) ? nameOf(target) : it)),
        );
        return target;
      }),
    duplicate_item: ({ path }) =>
      made(() => {
        item(path);
        const file = files.get(path);
        if (file) {
          const name = `${file.name} copy`;
          const copy = freePath(folderOf(path), slugOf(name));
          write(copy, { ...file, id: options.newId(), name });
          return copy;
        }
        const copy = `${path} copy`;
        needFree(copy);
        for (const [known, { file }] of [...folders]) {
          if (known !== path && !known.startsWith(`${path}/`)) continue;
          folders.set(copy + known.slice(path.length), { file: structuredClone(file), stamp: 1 });
        }
        for (const known of below(path)) {
          write(copy + known.slice(path.length), { ...files.get(known)!, id: options.newId() });
        }
        return copy;
      }),
    delete_item: ({ path }) => {
      item(path);
      const handle = `trash-${trash.size + 1}`;
      const [, news] = changing(() => {
        trash.set(handle, new Map(below(path).map((it) => [it, files.get(it)!])));
        below(path).forEach((it) => files.delete(it));
        for (const known of [...folders.keys()]) {
          if (known === path || known.startsWith(`${path}/`)) folders.delete(known);
        }
        order(folderOf(path), (names) => names.filter((it) => it !== nameOf(path)));
      });
      return { handle, news };
    },
    restore_item: ({ handle }) => {
      const gone = trash.get(handle);
      if (!gone) throw fail("bad_input", "Nothing deleted has this handle any more.");
      trash.delete(handle);
      return made(() => {
        let first = "";
        for (const [path, request] of gone) {
          ensureFolder(folderOf(path));
          const target = isTaken(path)
            ? freePath(folderOf(path), nameOf(path).replace(/\.yaml$/, ""))
            : path;
          write(target, request);
          first ||= target;
        }
        return first;
      });
    },
    changed_items: () => ({
      git: true,
      items: [...new Set([...files.keys(), ...committed.keys()])]
        .sort()
        .flatMap((path): ChangedItem[] => {
          const [then, now] = [committed.get(path), files.get(path)];
          if (then === undefined) return [{ path, mark: "added" }];
          if (now === undefined) return [{ path, mark: "deleted" }];
          return then === JSON.stringify(now) ? [] : [{ path, mark: "changed" }];
        }),
    }),
    list_versions: ({ path }) => ({
      versions: saved
        .filter((it) => it.of === files.get(path)?.id)
        .map((it, i): Version => ({
          id: it.id,
          source: "save",
          at: SAVED_AT + i * 60_000,
          author: null,
          subject: null,
          path: null,
        }))
        .toReversed(),
      problem: null,
    }),
    read_version: ({ path, version: id }) => {
      const request = structuredClone(version(path, id));
      return { text: JSON.stringify(request, null, 2), request, problem: null };
    },
    diff_versions: ({ path, before, after }) => ({
      changes: requestDiff(version(path, before), version(path, after)),
    }),
    restore_version: ({ path, version: id, stamp }) => {
      const request = version(path, id);
      if (stamp !== String(stamps.get(path))) throw changedOutside(path);
      const [, news] = changing(() => write(path, request));
      return { stamp: String(stamps.get(path)), news };
    },
    give_new_id: ({ path }) => {
      const id = options.newId();
      const [, news] = changing(() => write(path, { ...read(path), id }));
      return { id, news };
    },
  };

  return {
    calls,
    streams: {
      watch_workspace: ({ ticket }, onItem) =>
        new Promise((resolve) => {
          const listed = listing();
          const whole: TreeNews = {
            whole: true,
            changed: [],
            removed: [],
            requests: listed.requests,
            folders: listed.folders,
            pending: 0,
            problem: null,
          };
          watching.set(ticket, { tell: onItem, stop: () => resolve({}) });
          onItem(whole);
        }),
    },
    listing,
    withDefaults: (request) => {
      const path = [...files].find(([, it]) => it.id === request.id)?.[0];
      return path === undefined ? request : merged(path, request);
    },
    stop: (ticket) => {
      const watch = watching.get(ticket);
      watching.delete(ticket);
      watch?.stop();
      return watch !== undefined;
    },
  };
}
