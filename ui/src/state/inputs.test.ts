// Values of variables at each scope, and what is asked of the engine while somebody types.
import { beforeEach, describe, expect, it, vi } from "vitest";
import { call, useHost, type Host } from "../host";
import { memoryHost } from "../host.memory";
import { Draft } from "./drafts.svelte";
import { Inputs, type ValueScope } from "./inputs.svelte";

const PATH = "migration-review/flag-locking-ddl.yaml";
let host: Host;
let inputs: Inputs;

beforeEach(async () => {
  host = memoryHost({ speed: Infinity });
  useHost(host);
  inputs = new Inputs(new Draft(await call("read_request", { path: PATH })));
});

describe("a value", () => {
  it.each<[ValueScope, string]>([
    ["request", "this request"],
    ["folder", "the folder migration-review"],
    ["workspace", "the top folder"],
    ["environment", "Staging"],
  ])("set for the %s is what the variable means", async (scope, setBy) => {
    await call("set_connection", { mode: "sample", liveBaseUrl: null, environment: "Staging" });
    await inputs.setValue("engine", "PostgreSQL", scope, "Staging");
    expect(inputs.variables?.get("engine")).toMatchObject({ value: "PostgreSQL", setBy });
  });

  it("that can't be written is refused, and what was there stays", async () => {
    await inputs.loadVariables();
    await expect(inputs.setValue("engine", "x", "environment", "No such")).rejects.toMatchObject({
      code: "bad_input",
    });
    expect(inputs.variables?.has("engine")).toBe(false);
  });
});

it("a secret has no value here, only where it is kept", async () => {
  await call("set_connection", { mode: "sample", liveBaseUrl: null, environment: "Staging" });
  await inputs.loadVariables();
  expect(inputs.variables?.get("token")).toMatchObject({
    value: null,
    secret: true,
    reference: "env:STAGING_TOKEN",
  });
});

it("the text stays here for the variables", async () => {
  const asked = vi.spyOn(host, "call");
  await inputs.loadVariables();
  const [, question] = asked.mock.calls.find(([name]) => name === "list_variables")!;
  expect(question).toMatchObject({ request: { body: {} } });
});

it("a picture is fetched once, and only one that runs nothing is shown", async () => {
  const data = btoa("\x89PNG\r\n\x1a\n");
  const taken = await inputs.attach({ name: "a.png", data, path: null });
  const asked = vi.spyOn(host, "call");
  await inputs.fetchPreview(taken.reference);
  await inputs.fetchPreview(taken.reference);
  expect(asked).toHaveBeenCalledTimes(1);
  expect(inputs.preview(taken.reference)).toBe(`data:image/png;base64,${data}`);
  expect(inputs.preview("data:image/svg+xml;base64,AA==")).toBeNull();
  expect(inputs.preview("https://x.test/a.png")).toBeNull();
});
