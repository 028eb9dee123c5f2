// What becomes of a request's variables and files in copied code, in words.
import type { CopyPlaceholders } from "../contract/ipc";

/** `a`, `a and b`, `a, b and c`; more than some are counted. */
function listed(names: readonly string[], many: string): string {
  if (names.length > 4) return `${names.length} ${many}`;
  return [names.slice(0, -1).join(", "), names.at(-1) ?? ""].filter(Boolean).join(" and ");
}

const verb = (names: readonly string[], one: string, more: string): string =>
  names.length === 1 ? one : more;

/** A sentence for each kind that there is. */
export function fillWords(it: CopyPlaceholders, filled: boolean): string[] {
  const words: string[] = [];
  const { values, secrets, files, unset } = it;
  if (!filled) {
    const names = [...values, ...secrets.map((secret) => secret.name), ...unset];
    if (names.length > 0) {
      words.push(
        `${listed(names, "variables")} ${verb(names, "stays", "stay")} in double braces. The API gets them as text unless something puts values in.`,
      );
    }
    if (files.length > 0) {
      words.push(
        `${listed(files, "files")} ${verb(files, "is", "are")} named and not read: the code does not run as it is.`,
      );
    }
    return words;
  }
  if (values.length > 0) {
    words.push(
      `${listed(values, "variables")} ${verb(values, "has its value", "have their values")} of now.`,
    );
  }
  for (const { name, variable } of secrets) {
    words.push(`${name} is a secret: the code reads it from ${variable} where it runs.`);
  }
  if (files.length > 0) {
    words.push(
      `${listed(files, "files")} ${verb(files, "is read from its place", "are read from their places")} on this computer when the code runs.`,
    );
  }
  if (unset.length > 0) {
    words.push(
      `${listed(unset, "variables")} ${verb(unset, "has no value and stays", "have no value and stay")} in double braces.`,
    );
  }
  return words;
}
