// Only what changed crosses, and what the engine makes of it is the text.
import { expect, it } from "vitest";
import { LongInputs, type Crossing } from "./long-inputs";
import { random } from "./test-random";
import { spliced } from "./text-splice";

/** The other side of the way. */
class Engine {
  #kept = { name: "", text: "" };

  take({ input, after, keep }: Crossing): string {
    if (after) expect(after.name).toBe(this.#kept.name);
    const text = after ? spliced(this.#kept.text, after.splices) : input!;
    if (keep !== null) this.#kept = { name: keep, text };
    return text;
  }
}

const LONG = "Long. ".repeat(5_000);

it("sends a long input whole, and then what changed of it", () => {
  const [inputs, engine] = [new LongInputs(), new Engine()];
  const first = inputs.send("look", LONG);
  expect([engine.take(first), first.after]).toEqual([LONG, null]);
  inputs.answered("look", first, true);
  const next = inputs.send("look", `${LONG}!`);
  expect(next.after?.splices.map((it) => it.insert)).toEqual(["!"]);
  expect(engine.take(next)).toBe(`${LONG}!`);
  inputs.answered("look", next, true);
  // Another command knows nothing of it, and an input of a few words goes as it is.
  expect(inputs.send("count", LONG).input).toBe(LONG);
  expect(inputs.send("look", "Short")).toEqual({ input: "Short", after: null, keep: null });
  // The same again is no change at all.
  expect(inputs.send("look", `${LONG}!`).after?.splices).toEqual([]);
});

it("builds on nothing that is not certain to be kept", () => {
  const inputs = new LongInputs();
  const first = inputs.send("look", LONG);
  expect(inputs.send("look", `${LONG}?`)).toEqual({
    input: `${LONG}?`,
    after: null,
    keep: null,
  });
  inputs.answered("look", first, false);
  expect(inputs.send("look", `${LONG}!`).after).toBeNull();
});

it("keeps both halves of a character together", () => {
  const next = random(11);
  const letters = ["a", "é", "漢", "😀", "😁", "🙀", "\u{10000}", "\u{1F001}"];
  const some = (count: number) =>
    Array.from({ length: count }, () => letters[next(letters.length)]).join("");
  const [encoder, decoder] = [new TextEncoder(), new TextDecoder()];
  const [inputs, engine] = [new LongInputs(), new Engine()];
  let text = some(16_000);
  for (let round = 0; round < 500; round++) {
    const points = [...text.slice(0, 40)];
    points.splice(next(points.length), next(3), some(next(3)));
    text = points.join("") + text.slice(40);
    // As `JSON.stringify` writes it: half a character that stands alone is spelled out.
    const sent = inputs.send("look", JSON.stringify(text));
    // A half would not come through.
    for (const { insert } of sent.after?.splices ?? []) {
      expect(decoder.decode(encoder.encode(insert))).toBe(insert);
    }
    expect(engine.take(sent)).toBe(JSON.stringify(text));
    inputs.answered("look", sent, true);
    if (round > 0)
      expect(sent.after!.splices.flatMap((it) => [...it.insert]).length).toBeLessThan(100);
  }
});
