// Every failure has words in the house's voice, and a report holds what support needs.
import { describe, expect, it } from "vitest";
import { engineError } from "../host.memory";
import { ACT_NAMES, COPY, report } from "./error-copy";

describe.each(Object.entries(COPY))("%s", (_code, copy) => {
  it("has a title of at most eight words, in sentence case", () => {
    expect(copy.title.split(" ").length).toBeLessThanOrEqual(8);
    expect(copy.title).toMatch(/^[A-Z][^.!]*$/);
  });

  it("speaks plainly: full sentences, no exclamation marks, no pleading", () => {
    expect(copy.hint ?? "Fine.").toMatch(/\.$/);
    expect(`${copy.title} ${copy.hint}`).not.toMatch(/!|oops|please|sorry/i);
  });

  it("offers only actions that have a name, each once", () => {
    expect(copy.acts).toEqual([...new Set(copy.acts)]);
    expect(copy.acts.map((act) => ACT_NAMES[act])).not.toContain(undefined);
  });
});

it("reports what is known and leaves out what is not", () => {
  const error = engineError("rate_limited", "Too many requests.", {
    httpStatus: 429,
    requestId: "req_1",
  });
  expect(report(error)).toBe(
    "Code: rate_limited\nMessage: Too many requests.\nHTTP status: 429\nRequest ID: req_1",
  );
});
