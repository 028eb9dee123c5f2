// An environment's file as a form: every field as it is typed, and back, without losing what was not touched.
import type { EnvironmentColor, EnvironmentFile, KeyLabel, VariableValue } from "../contract/ipc";
import { readDollars, writeDollars } from "./dollars";

/** Where the key is: nothing said, or one of the three references. */
export type KeyPlace = "usual" | "keychain" | "env" | "command";

export interface VariableRow {
  /** Tells rows apart while their names change. */
  row: number;
  name: string;
  secret: boolean;
  /** A text, or where the secret is: `env:NAME` or `command:op read ...`. */
  value: string;
}

export interface EnvironmentForm {
  name: string;
  color: EnvironmentColor;
  baseUrl: string;
  organization: string;
  project: string;
  production: boolean;
  retries: string;
  perRun: string;
  perSession: string;
  perDay: string;
  keyPlace: KeyPlace;
  /** The variable's name, or the command. */
  keyText: string;
  variables: readonly VariableRow[];
}

export type FormField = Exclude<keyof EnvironmentForm, "color" | "production" | "keyPlace">;

/** What is wrong with a field, before the engine is asked. */
export interface FormProblem {
  field: FormField;
  text: string;
}

export const COLORS: readonly { value: EnvironmentColor; label: string }[] = [
  { value: "grey", label: "Grey" },
  { value: "red", label: "Red" },
  { value: "amber", label: "Amber" },
  { value: "green", label: "Green" },
  { value: "blue", label: "Blue" },
  { value: "violet", label: "Violet" },
];

const MOST_RETRIES = 10;
const PLAIN_AMOUNT = /^\d{1,7}(\.\d{1,9})?$/;
let rows = 0;

export function newRow(name = "", value: VariableValue = ""): VariableRow {
  const secret = typeof value === "object";
  return { row: ++rows, name, secret, value: secret ? value.secret : value };
}

export function formOf(file: EnvironmentFile): EnvironmentForm {
  const key = file.key ?? "";
  const [keyPlace, keyText]: [KeyPlace, string] = key.startsWith("env:")
    ? ["env", key.slice("env:".length)]
    : key.startsWith("command:")
      ? ["command", key.slice("command:".length)]
      : [key === "keychain" ? "keychain" : "usual", ""];
  return {
    name: file.name,
    color: file.color,
    baseUrl: file.base_url ?? "",
    organization: file.organization ?? "",
    project: file.project ?? "",
    production: file.production ?? false,
    retries: file.retries === undefined ? "" : String(file.retries),
    perRun: file.limits?.per_run ?? "",
    perSession: file.limits?.per_session ?? "",
    perDay: file.limits?.per_day ?? "",
    keyPlace,
    keyText,
    variables: Object.entries(file.variables ?? {}).map(([name, value]) => newRow(name, value)),
  };
}

/** The file that the form stands for, or what is wrong with a field of it. */
export function fileOf(form: EnvironmentForm, id: string): EnvironmentFile | FormProblem {
  const problem = firstProblem(form);
  if (problem) return problem;
  const file: EnvironmentFile = { id, name: form.name.trim(), color: form.color };
  const set = (field: "base_url" | "organization" | "project", text: string) => {
    if (text.trim() !== "") file[field] = text.trim();
  };
  set("base_url", form.baseUrl);
  set("organization", form.organization);
  set("project", form.project);
  if (form.production) file.production = true;
  if (form.retries.trim() !== "") file.retries = Number(form.retries.trim());
  const limits: NonNullable<EnvironmentFile["limits"]> = {};
  for (const [field, text] of [
    ["per_run", form.perRun],
    ["per_session", form.perSession],
    ["per_day", form.perDay],
  ] as const) {
    const nanos = readDollars(text);
    if (nanos === null || nanos === undefined) continue;
    // What the file can say as it stands is not spelled anew.
    limits[field] = PLAIN_AMOUNT.test(text) ? text : writeDollars(nanos);
  }
  if (Object.keys(limits).length > 0) file.limits = limits;
  if (form.keyPlace === "keychain") file.key = "keychain";
  else if (form.keyPlace !== "usual") file.key = `${form.keyPlace}:${form.keyText.trim()}`;
  const variables = form.variables.filter((it) => it.name.trim() !== "");
  if (variables.length > 0) {
    file.variables = Object.fromEntries(
      variables.map((it) => [it.name.trim(), it.secret ? { secret: it.value.trim() } : it.value]),
    );
  }
  return file;
}

export function isProblem(made: EnvironmentFile | FormProblem): made is FormProblem {
  return "field" in made;
}

function firstProblem(form: EnvironmentForm): FormProblem | null {
  if (form.name.trim() === "") return { field: "name", text: "Give the environment a name." };
  const retries = form.retries.trim();
  if (retries !== "" && !(/^\d{1,2}$/.test(retries) && Number(retries) <= MOST_RETRIES)) {
    return {
      field: "retries",
      text: `Use a whole number from 0 to ${MOST_RETRIES}, or leave it empty.`,
    };
  }
  for (const field of ["perRun", "perSession", "perDay"] as const) {
    if (readDollars(form[field]) === undefined) {
      return { field, text: "Type an amount in dollars, such as 5 or 0.50." };
    }
  }
  if (form.keyPlace === "env" && form.keyText.trim() === "") {
    return { field: "keyText", text: "Name the variable, such as STAGING_KEY." };
  }
  if (form.keyPlace === "command" && form.keyText.trim() === "") {
    return { field: "keyText", text: "Type the command, such as op read op://Private/OpenAI/key." };
  }
  const seen = new Set<string>();
  for (const { name, value, secret } of form.variables) {
    const given = name.trim();
    if (given === "") {
      if (value.trim() === "") continue;
      return { field: "variables", text: "A variable with a value has no name." };
    }
    if (seen.has(given)) {
      return { field: "variables", text: `There are two variables called ${given}.` };
    }
    seen.add(given);
    if (secret && !/^(env|command):/.test(value.trim())) {
      return {
        field: "variables",
        text: `Say where the secret ${given} is: env:NAME or command:op read ...`,
      };
    }
  }
  return null;
}

/** The field that the engine's place names; null for the form as a whole. */
export function fieldAt(place: string | null): FormField | null {
  const at = (place ?? "").split(/[.:[/]/)[0] ?? "";
  const known: Record<string, FormField> = {
    name: "name",
    base_url: "baseUrl",
    organization: "organization",
    project: "project",
    retries: "retries",
    key: "keyText",
    variables: "variables",
  };
  if (place?.startsWith("limits")) {
    return place.endsWith("per_day")
      ? "perDay"
      : place.endsWith("per_session")
        ? "perSession"
        : "perRun";
  }
  return known[at] ?? null;
}

/** Where a key is kept, as a sentence. */
export function keptSaid(label: KeyLabel): string {
  switch (label.source) {
    case "session":
      return "In this session's memory only. It is gone when Rheostat closes.";
    case "environment":
      return `From the variable ${label.kept} of the system, read at the start. Never copied anywhere.`;
    case "command":
      return `Printed by ${label.kept.replace(/^command:/, "")}, run without a shell. Held in this session's memory only.`;
    case "keychain":
      return label.masked === ""
        ? "Looked up in the system's keychain when a live call needs it."
        : "In the system's keychain.";
  }
}

/** A name for a copy that no other environment has. */
export function copyName(name: string, taken: readonly string[]): string {
  const lower = taken.map((it) => it.toLowerCase());
  for (let n = 1; ; n++) {
    const next = n === 1 ? `${name} copy` : `${name} copy ${n}`;
    if (!lower.includes(next.toLowerCase())) return next;
  }
}
