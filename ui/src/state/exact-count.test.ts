// The exact count of an input, without a page.
import { beforeEach, describe, expect, it } from "vitest";
import { call, useHost, type Host } from "../host";
import { engineError, memoryHost } from "../host.memory";
import { ExactCount } from "./exact-count.svelte";

const PATH = "migration-review/flag-locking-ddl.yaml";
const read = async () => (await call("read_request", { path: PATH })).request;

beforeEach(() => useHost(memoryHost({ speed: Infinity })));

describe("an exact count", () => {
  it("is asked for on demand, and says why it can't", async () => {
    const request = await read();
    const exact = new ExactCount();
    await exact.ask(request);
    expect(exact.count).toMatchObject({ of: request, sample: true });
    const memory = memoryHost();
    useHost({
      ...memory,
      call: (async () => {
        throw engineError("key_missing", "Live has no API key.");
      }) as Host["call"],
    });
    await exact.ask(request);
    expect(exact.fault?.message).toBe("Live has no API key.");
  });

  it("asks about production, and counts after a yes only", async () => {
    const memory = memoryHost();
    useHost(memory);
    const request = await read();
    let confirmed = false;
    useHost({
      ...memory,
      call: (async (name: "count_tokens", input: never) => {
        if (!confirmed) throw engineError("confirm_production", "Production is production.");
        return memory.call(name, input);
      }) as Host["call"],
    });
    const asked: string[] = [];
    let answer = false;
    const exact = new ExactCount(({ name, calls }) => {
      asked.push(`${name}: ${calls}`);
      return Promise.resolve((confirmed = answer));
    });
    await exact.ask(request);
    expect([exact.count, exact.fault, exact.counting]).toEqual([null, null, false]);
    answer = true;
    await exact.ask(request);
    expect(exact.count?.of).toBe(request);
    const question = `${request.name}: 1 call that counts its tokens`;
    expect(asked).toEqual([question, question]);
  });
});
