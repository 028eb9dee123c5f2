// The forecast beside Run, without a page.
import { beforeEach, describe, expect, it } from "vitest";
import type { CountTokensOutput } from "../contract/ipc";
import { call, useHost, type Host } from "../host";
import { engineError, memoryHost } from "../host.memory";
import { Forecast } from "./forecast.svelte";

const PATH = "migration-review/flag-locking-ddl.yaml";
const read = async () => (await call("read_request", { path: PATH })).request;

beforeEach(() => useHost(memoryHost({ speed: Infinity })));

describe("a forecast", () => {
  it("holds the worst case and an estimate of the input", async () => {
    const forecast = new Forecast();
    await forecast.ask(await read());
    expect(forecast.run?.worstCost).toBeGreaterThan(0);
    expect(forecast.tokens?.texts).toBeGreaterThan(0);
    expect(forecast.tokens?.exact).toBeNull();
  });

  it("takes no answer to a request that was edited meanwhile", async () => {
    const waiting: (() => void)[] = [];
    const memory = memoryHost({ speed: Infinity });
    useHost({
      ...memory,
      call: (async (name: "count_tokens", input: never) => {
        if (name === "count_tokens") await new Promise<void>((done) => waiting.push(done));
        return memory.call(name, input);
      }) as Host["call"],
    });
    const request = await read();
    const longer = { ...request, body: { ...request.body, input: "x".repeat(4000) } };
    const forecast = new Forecast();
    const first = forecast.ask(request);
    const second = forecast.ask(longer);
    waiting[1]!();
    await second;
    waiting[0]!();
    await first;
    expect((forecast.tokens as CountTokensOutput | null)?.texts).toBeGreaterThan(900);
  });

  it("counts exactly on demand, and says why it can't", async () => {
    const request = await read();
    const forecast = new Forecast();
    await forecast.countExactly(request);
    expect(forecast.exact).toMatchObject({ of: request, sample: true });
    const memory = memoryHost();
    useHost({
      ...memory,
      call: (async () => {
        throw engineError("key_missing", "Live has no API key.");
      }) as Host["call"],
    });
    await forecast.countExactly(request);
    expect(forecast.exactFault?.message).toBe("Live has no API key.");
    await forecast.ask(request);
    expect([forecast.run, forecast.fault?.code]).toEqual([null, "key_missing"]);
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
    const forecast = new Forecast(({ name, calls }) => {
      asked.push(`${name}: ${calls}`);
      return Promise.resolve((confirmed = answer));
    });
    await forecast.countExactly(request);
    expect([forecast.exact, forecast.exactFault, forecast.counting]).toEqual([null, null, false]);
    answer = true;
    await forecast.countExactly(request);
    expect(forecast.exact?.of).toBe(request);
    const question = `${request.name}: 1 call that counts its tokens`;
    expect(asked).toEqual([question, question]);
  });
});
