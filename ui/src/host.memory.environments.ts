// The environments and keys of the engine in memory: enough of each for the window to be drawn and tested against.
import { escapeKey } from "./lib/json-pointer";
import type {
  Calls,
  Connection,
  EngineError,
  EnvironmentFile,
  EnvironmentSummary,
  ErrorCode,
  KeyLabel,
  ListedVariable,
  RequestFile,
  RunEnvironment,
  VariableUse,
} from "./contract/ipc";

type Names =
  | "list_environments"
  | "read_environment"
  | "save_environment"
  | "delete_environment"
  | "confirm_production"
  | "list_variables"
  | "set_connection"
  | "set_key"
  | "forget_key"
  | "check_key"
  | "codex_status"
  | "use_codex_key";

type Twin = { [Name in Names]: (input: Calls[Name]["input"]) => Calls[Name]["output"] };

interface Options {
  /** The texts that the folders above a request hand down, the nearest one last. */
  folders: (request: RequestFile) => { folder: string; variables: Record<string, unknown> }[];
  fail: (
    code: ErrorCode,
    message: string,
    more?: Partial<Pick<EngineError, "hint" | "place">>,
  ) => EngineError;
  keychain?: KeychainTwin;
  codex?: CodexTwin;
}

/** A keychain that is not simply there. */
export type KeychainTwin = "missing" | "locked";
export type CodexTwin = "api_key" | "chat_gpt" | "expired";

const SAMPLE_URL = "http://127.0.0.1:49152/v1";
const CODEX_KEY = "sk-proj…c0de";
const USUAL_URL = "https://api.openai.com/v1";

/** Without an environment keys are kept under this. */
const NO_ENVIRONMENT = "";

export interface EnvironmentsTwin {
  calls: Twin;
  connection: () => Connection;
  /** Throws where a live call may not go out. */
  mayGoOut: () => void;
  /** The same whatever the mode: for what goes to the live API on Mock too. */
  isConfirmed: () => void;
  /** The key that a live call would send. */
  keyNow: () => KeyLabel | null;
  onRecord: () => RunEnvironment | undefined;
  /** Puts a deleted environment back; its path, or null for a handle of something else. */
  restore: (handle: string) => string | null;
  /** A new file, under a name that is free; its path. */
  add: (name: string, variables: Record<string, string>) => string;
  remove: (path: string) => void;
}

export function environmentsTwin({ fail, keychain, codex, folders }: Options): EnvironmentsTwin {
  const files = new Map<string, EnvironmentFile>([
    [
      "environments/staging.yaml",
      {
        id: "0199b3c0-0000-7000-8000-0000000000e1",
        name: "Staging",
        color: "amber",
        variables: { tenant: "acme-test", token: { secret: "env:STAGING_TOKEN" } },
      },
    ],
    [
      "environments/production.yaml",
      {
        id: "0199b3c0-0000-7000-8000-0000000000e2",
        name: "Production",
        color: "red",
        production: true,
        limits: { per_day: "20.00" },
        variables: { tenant: "acme" },
      },
    ],
  ]);
  const stamps = new Map([...files.keys()].map((path) => [path, 1]));
  const deleted = new Map<string, [string, EnvironmentFile]>();
  const keys = new Map<string, KeyLabel>();
  const confirmed = new Set<string>();
  let mode: Connection["mode"] = "sample";
  let typedUrl = USUAL_URL;
  let active: string | null = null;

  function named(asked: string): [string, EnvironmentFile] {
    const found = [...files].find(([, file]) => file.id === asked || file.name === asked);
    if (found) return found;
    const names = [...files.values()].map((file) => file.name).join(", ");
    throw fail("bad_input", `There is no environment called "${asked}".`, {
      place: "environment",
      hint: `There are: ${names}.`,
    });
  }

  const current = (): EnvironmentFile | null => (active === null ? null : named(active)[1]);

  const UNREAD: KeyLabel = { source: "keychain", masked: "", kept: "keychain", note: null };
  /** What has been looked up; before that a keychain is only where a key may be. */
  const looked = new Set<string>();

  /** What may be said of a key without asking for it. */
  function label(whose: string): KeyLabel | null {
    const known = keys.get(whose) ?? null;
    if (known || whose === NO_ENVIRONMENT || looked.has(whose)) return known;
    const reference = named(whose)[1].key;
    if (reference?.startsWith("env:")) {
      return { ...UNREAD, source: "environment", kept: reference.slice("env:".length) };
    }
    if (reference?.startsWith("command:")) return { ...UNREAD, source: "command", kept: reference };
    return UNREAD;
  }

  const locked = () =>
    fail("keychain_locked", "The keychain is locked or said no: it was dismissed.", {
      hint: "Unlock it and try again, or keep the key for this session only.",
      place: "keychain",
    });

  /** The key itself, looked for where it is. */
  function find(whose: string): KeyLabel | null {
    if (!keys.has(whose) && keychain === "locked") throw locked();
    looked.add(whose);
    return keys.get(whose) ?? null;
  }
  const account = (asked: string | null | undefined): string =>
    asked ? named(asked)[1].id : (active ?? NO_ENVIRONMENT);

  function connection(): Connection {
    const file = current();
    const liveBaseUrl = file ? (file.base_url ?? USUAL_URL) : typedUrl;
    return {
      mode,
      baseUrl: mode === "live" ? liveBaseUrl : SAMPLE_URL,
      liveBaseUrl,
      key: label(active ?? NO_ENVIRONMENT),
      environment: file && {
        id: file.id,
        name: file.name,
        color: file.color,
        production: file.production ?? false,
        confirmed: !file.production || confirmed.has(file.id),
        problem: null,
      },
    };
  }

  const summary = (path: string, file: EnvironmentFile): EnvironmentSummary => ({
    path,
    id: file.id,
    name: file.name,
    color: file.color,
    production: file.production ?? false,
    problem: null,
  });

  function checkStamp(path: string, stamp: string | null): void {
    if (String(stamps.get(path)) !== stamp) {
      throw fail("file_changed", `${path} was changed outside Rheostat since it was opened.`);
    }
  }

  function meanings(request: RequestFile): Map<string, ListedVariable> {
    const known = new Map<string, ListedVariable>();
    for (const [name, value] of Object.entries(request.variables ?? {})) {
      const setBy = "this request";
      known.set(name, { name, value, scope: "request", setBy, secret: false, reference: null });
    }
    for (const { folder, variables } of folders(request)) {
      const setBy = folder === "" ? "the top folder" : `the folder ${folder}`;
      for (const [name, value] of Object.entries(variables)) {
        if (typeof value !== "string") continue;
        known.set(name, { name, value, scope: "folder", setBy, secret: false, reference: null });
      }
    }
    const file = current();
    for (const [name, value] of Object.entries(file?.variables ?? {})) {
      const secret = typeof value === "object";
      known.set(name, {
        name,
        value: secret ? null : value,
        scope: "environment",
        setBy: file?.name ?? "",
        secret,
        reference: secret ? value.secret : null,
      });
    }
    return known;
  }

  function uses(
    value: unknown,
    pointer: string,
    known: Map<string, ListedVariable>,
  ): VariableUse[] {
    if (typeof value === "string") {
      return [...value.matchAll(/(?<!\\)\{\{ *([\p{L}_][\p{L}\p{N}_.-]*) *\}\}/gu)].map(
        ([, name = ""]) => ({ pointer, name, scope: known.get(name)?.setBy ?? null }),
      );
    }
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) =>
      uses(inner, `${pointer}/${escapeKey(key)}`, known),
    );
  }

  const calls: Twin = {
    list_environments: () => ({
      environments: [...files]
        .map(([path, file]) => summary(path, file))
        .sort((a, b) => a.name.localeCompare(b.name)),
      active,
    }),
    read_environment: ({ environment }) => {
      const [path, file] = named(environment);
      return {
        path,
        environment: structuredClone(file),
        stamp: String(stamps.get(path)),
        key: label(file.id),
      };
    },
    save_environment: ({ path: known, environment, stamp }) => {
      if (environment.name.trim() === "") {
        throw fail("bad_input", "This can't be saved: name is empty.", { place: "name" });
      }
      const text = JSON.stringify(environment);
      if (/sk-[\w-]{16,}/.test(text)) {
        throw fail(
          "bad_input",
          "This can't be saved: it holds an API key, and a file of the workspace is no place for one.",
          { place: "key" },
        );
      }
      const file = structuredClone(environment);
      const isTaken = [...files.values()].some((it) => it.name === file.name.trim());
      if (known === null && isTaken) {
        throw fail("bad_input", `There is an environment called ${file.name} already.`, {
          place: "name",
        });
      }
      if (known === null) file.id = `environment-${files.size + 1}`;
      else if (files.has(known) || stamp !== null) checkStamp(known, stamp);
      const path = known ?? `environments/${file.name.toLowerCase().replace(/\W+/g, "-")}.yaml`;
      files.set(path, file);
      const next = (stamps.get(path) ?? 0) + 1;
      stamps.set(path, next);
      return {
        path,
        stamp: String(next),
        summary: summary(path, file),
        connection: connection(),
      };
    },
    delete_environment: ({ path, stamp }) => {
      checkStamp(path, stamp);
      if (files.get(path)?.id === active) {
        active = null;
        mode = "sample";
      }
      const file = files.get(path);
      files.delete(path);
      const handle = file ? `deleted-${path}` : null;
      if (file && handle) deleted.set(handle, [path, file]);
      return { handle, connection: connection() };
    },
    confirm_production: () => {
      if (active !== null) confirmed.add(active);
      return { connection: connection() };
    },
    list_variables: ({ request }) => {
      const known = meanings(request);
      return { variables: [...known.values()], uses: uses(request.body, "", known) };
    },
    set_connection: ({ mode: asked, liveBaseUrl, environment }) => {
      if (liveBaseUrl !== null && !/^https?:\/\//.test(liveBaseUrl)) {
        throw fail("bad_input", "The address must begin with https:// or http://.");
      }
      if (environment === "") active = null;
      else if (environment) active = named(environment)[1].id;
      typedUrl = liveBaseUrl ?? typedUrl;
      mode = asked;
      if (mode === "live" && keychain !== "locked") looked.add(active ?? NO_ENVIRONMENT);
      return { connection: connection() };
    },
    set_key: ({ key, keep, environment }) => {
      const whose = account(environment);
      const asksKeychain = key !== null && keep !== undefined && keep !== "session";
      if (asksKeychain && keychain === "locked") throw locked();
      const inKeychain = asksKeychain && keychain !== "missing";
      if (key === null) keys.delete(whose);
      else {
        keys.set(whose, {
          source: inKeychain ? "keychain" : "session",
          masked: `${key.slice(0, 7)}…${key.slice(-4)}`,
          kept: inKeychain ? "keychain" : "memory",
          note:
            asksKeychain && !inKeychain
              ? "This system's keychain can't be used: no Secret Service answers."
              : null,
        });
      }
      return { connection: connection() };
    },
    forget_key: ({ environment }) => {
      keys.delete(account(environment));
      return { connection: connection() };
    },
    check_key: ({ environment }) => {
      let key: KeyLabel | null = null;
      let problem: EngineError | null = null;
      try {
        key = find(account(environment));
        if (!key) problem = fail("key_missing", "Live needs an API key, and there is none.");
      } catch (locked) {
        problem = locked as EngineError;
      }
      const refused = key?.masked.startsWith("sk-inva") ?? false;
      if (refused) problem = fail("key_rejected", "Incorrect API key provided.");
      const accepted = key !== null && !refused;
      const limit = { limit: "500", remaining: "499", reset: "120ms" };
      return {
        verdict: accepted ? "accepted" : refused ? "rejected" : "missing",
        baseUrl: connection().liveBaseUrl,
        key,
        model: "gpt-5.5",
        models: accepted ? 42 : null,
        limits: accepted ? [{ of: "requests", ...limit }] : [],
        organization: null,
        problem,
      };
    },
    codex_status: ({ consent }) => {
      const signedIn = consent ? (codex ?? null) : null;
      const chat = signedIn === "chat_gpt" || signedIn === "expired";
      return {
        state: consent ? (codex ?? "signed_out") : "not_asked",
        path: "/home/ada/.codex/auth.json",
        key: signedIn === "api_key" ? CODEX_KEY : null,
        email: chat ? "ada@example.com" : null,
        accountId: chat ? "acct-0001" : null,
        plan: chat ? "plus" : null,
        expiresAt: chat ? Date.UTC(2026, 10, signedIn === "expired" ? 20 : 28, 12) : null,
        lastRefresh: null,
        can:
          signedIn === "api_key"
            ? ["Use its API key here until Rheostat closes."]
            : chat
              ? ["Use the plan through Codex itself: codex exec, or codex app-server."]
              : [],
        cannot: chat
          ? [
              "Its tokens are for Codex itself. OpenAI asks for a platform API key for calls to the API, so Rheostat sends them nowhere.",
            ]
          : consent && !signedIn
            ? [
                "Codex may keep its sign-in in the system's keychain instead, which Rheostat does not read.",
              ]
            : [],
        remarks: [],
        problem: null,
      };
    },
    use_codex_key: ({ consent, environment }) => {
      if (!consent) throw fail("bad_input", "The Codex sign-in is read only where you say so.");
      if (codex !== "api_key") {
        throw fail("key_missing", "The Codex sign-in holds no API key.");
      }
      keys.set(account(environment), {
        source: "session",
        masked: CODEX_KEY,
        kept: "memory",
        note: "It is the API key of the Codex sign-in, for this session.",
      });
      return { connection: connection() };
    },
  };

  function isConfirmed(): void {
    const { environment } = connection();
    if (!environment || environment.confirmed) return;
    throw fail(
      "confirm_production",
      `${environment.name} is production, and this is the first live call of the session.`,
      { place: "environment" },
    );
  }

  return {
    calls,
    connection,
    mayGoOut: () => {
      if (mode === "live") isConfirmed();
    },
    isConfirmed,
    keyNow: () => find(active ?? NO_ENVIRONMENT),
    onRecord: () => {
      const file = mode === "live" ? current() : null;
      return file ? { id: file.id, name: file.name } : undefined;
    },
    add: (name, variables) => {
      const base = `environments/${name.toLowerCase().replace(/\W+/g, "-")}`;
      let path = `${base}.yaml`;
      for (let n = 2; files.has(path); n++) path = `${base}-${n}.yaml`;
      files.set(path, { id: `environment-${path}`, name, color: "grey", variables });
      stamps.set(path, 1);
      return path;
    },
    remove: (path) => {
      files.delete(path);
    },
    restore: (handle) => {
      const found = deleted.get(handle);
      if (!found) return null;
      files.set(...found);
      return found[0];
    },
  };
}
