// The form of an environment's file: nothing is lost on the way there and back, and what is wrong has its field.
import { describe, expect, it } from "vitest";
import type { EnvironmentFile } from "../contract/ipc";
import { copyName, fieldAt, fileOf, formOf, isProblem, keptSaid, newRow } from "./environments";

const whole: EnvironmentFile = {
  id: "0199b3c0-0000-7000-8000-0000000000e1",
  name: "Staging",
  color: "amber",
  base_url: "https://gateway.example/v1",
  organization: "org-1",
  project: "proj_1",
  production: true,
  retries: 0,
  limits: { per_run: "0.5", per_session: "5.00", per_day: "20" },
  key: "command:op read op://Private/OpenAI/key",
  variables: { tenant: " acme ", empty: "", token: { secret: "env:TOKEN" } },
};

describe("a file", () => {
  it.each([
    whole,
    { id: "1", name: "Bare", color: "grey" } as const,
    { ...whole, key: "keychain", retries: 10 },
    { ...whole, key: "env:STAGING_KEY" },
  ])("is the same again after the form", (file) => {
    expect(fileOf(formOf(file), file.id)).toEqual(file);
  });

  it("takes amounts as people type them", () => {
    const form = { ...formOf(whole), perRun: "$1 000", perDay: "2,5", perSession: "" };
    expect(fileOf(form, "1")).toMatchObject({ limits: { per_run: "1000", per_day: "2.50" } });
  });

  it("passes over a row of variables with nothing in it", () => {
    const form = { ...formOf({ id: "1", name: "A", color: "grey" }), variables: [newRow()] };
    expect(fileOf(form, "1")).toEqual({ id: "1", name: "A", color: "grey" });
  });
});

describe("a field that is wrong", () => {
  const form = formOf(whole);
  it.each([
    [{ name: " " }, "name"],
    [{ retries: "11" }, "retries"],
    [{ retries: "-1" }, "retries"],
    [{ perDay: "five" }, "perDay"],
    [{ keyPlace: "env", keyText: " " }, "keyText"],
    [{ keyPlace: "command", keyText: "" }, "keyText"],
    [{ variables: [newRow("", "x")] }, "variables"],
    [{ variables: [newRow("a", "1"), newRow("a", "2")] }, "variables"],
    [{ variables: [{ ...newRow("a", "plain"), secret: true }] }, "variables"],
  ] as const)("%o is named", (change, field) => {
    const made = fileOf({ ...form, ...change }, "1");
    expect(isProblem(made) && made.field).toBe(field);
  });

  it("is found by the engine's place", () => {
    expect(
      [
        "name",
        "base_url",
        "limits.per_day",
        "limits",
        "variables.token",
        "key",
        "elsewhere",
        null,
      ].map(fieldAt),
    ).toEqual(["name", "baseUrl", "perDay", "perRun", "variables", "keyText", null, null]);
  });
});

it("a copy has a name of its own, whatever its letters", () => {
  expect(copyName("A", ["a"])).toBe("A copy");
  expect(copyName("A", ["A", "a COPY", "A copy 2"])).toBe("A copy 3");
});

it("where a key is kept is said plainly", () => {
  const said = (source: Parameters<typeof keptSaid>[0]["source"], masked: string, kept: string) =>
    keptSaid({ source, masked, kept, note: null });
  expect(said("keychain", "", "keychain")).toContain("when a live call needs it");
  expect(said("keychain", "sk-…4f2a", "keychain")).toBe("In the system's keychain.");
  expect(said("environment", "sk-…4f2a", "OPENAI_API_KEY")).toContain(
    "the variable OPENAI_API_KEY",
  );
  expect(said("command", "", "command:op read x")).toContain("op read x, run without a shell");
  expect(said("session", "sk-…4f2a", "memory")).toContain("this session's memory only");
});
