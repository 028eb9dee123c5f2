// Sealing holds for any text, chopped up in any way: nothing lost, nothing changed later, nothing long left live.
import { describe, expect, test } from "vitest";
import { append, finish, UNSEALED, type Block, type Sealed } from "./seal";
import { random } from "./test-random";

function sealAll(chunks: readonly string[]): Sealed {
  return chunks.reduce(append, UNSEALED);
}

const joined = (sealed: Sealed): string =>
  sealed.blocks.map((block) => block.text).join("") + sealed.tail;

const PIECES = [
  "A short line. ",
  "word ",
  "\n",
  "\n\n",
  "\r\n\r\n",
  "- item with some text in it\n",
  "12. a numbered item\n",
  "   continued in the item\n",
  "```sql\n",
  "```\n",
  "   ```\n",
  "~~~\n",
  "SELECT * FROM orders WHERE region = 'eu';\n",
  "# Heading\n\n",
  "> quoted\n",
  "| a | b |\n|---|---|\n| 1 | 2 |\n",
  "😀",
  "e\u0301\u200d",
  "x".repeat(70),
  "a long sentence that goes on for a while without any break in it, as models like to write. ".repeat(
    3,
  ),
];

function someText(seed: number): string {
  const next = random(seed);
  let text = "";
  const count = 5 + next(120);
  for (let i = 0; i < count; i += 1) text += PIECES[next(PIECES.length)];
  return text;
}

function chopped(text: string, seed: number): string[] {
  const next = random(seed);
  const chunks: string[] = [];
  for (let at = 0; at < text.length;) {
    const size = 1 + next([2, 9, 60, 900][next(4)] ?? 9);
    chunks.push(text.slice(at, at + size));
    at += size;
  }
  return chunks;
}

const SEEDS = Array.from({ length: 300 }, (_, i) => i * 7_919 + 1);

describe("any text in any chunks", () => {
  test("gives the same blocks and tail as the text in one piece", () => {
    for (const seed of SEEDS) {
      const text = someText(seed);
      const whole = sealAll([text]);
      for (const cut of [1, 2, 3]) {
        expect(sealAll(chopped(text, seed + cut)), `seed ${seed}, cut ${cut}`).toEqual(whole);
      }
      expect(sealAll([...text.split("")]), `seed ${seed}, one code unit at a time`).toEqual(whole);
    }
  });

  test("is kept to the letter, before and after the end", () => {
    for (const seed of SEEDS) {
      const text = someText(seed);
      const sealed = sealAll(chopped(text, seed));
      expect(joined(sealed)).toBe(text);
      const finished = finish(sealed);
      expect(finished.tail).toBe("");
      expect(joined(finished)).toBe(text);
    }
  });

  test("never changes a block that is sealed", () => {
    for (const seed of SEEDS) {
      let sealed = UNSEALED;
      for (const chunk of chopped(someText(seed), seed)) {
        const before = sealed.blocks;
        sealed = append(sealed, chunk);
        expect(sealed.blocks.slice(0, before.length).every((block, i) => block === before[i])).toBe(
          true,
        );
      }
    }
  });

  test("leaves a tail under 1 800 characters and starts each block where the one before ended", () => {
    for (const seed of SEEDS) {
      const sealed = sealAll([someText(seed).repeat(3)]);
      expect(sealed.tail.length).toBeLessThan(1_800);
      let at = 0;
      for (const block of sealed.blocks) {
        expect(block.start).toBe(at);
        expect(block.text.length).toBeLessThanOrEqual(1_800);
        at += block.text.length;
      }
    }
  });

  test("never splits a pair of surrogates", () => {
    const sealed = sealAll(["x" + "😀".repeat(4_000)]);
    for (const block of sealed.blocks) expect(block.text).not.toMatch(/[\uD800-\uDBFF]$/);
  });
});

const bare = (blocks: readonly Block[]): unknown[] =>
  blocks.map(({ text, fence, continues }) => ({ text, fence: fence?.info ?? null, continues }));

describe("where it cuts", () => {
  const paragraph = (letter: string, length: number): string => `${letter.repeat(length - 1)}.`;

  test("after a paragraph, once it is long enough to stand alone", () => {
    const [a, b] = [paragraph("a", 250), paragraph("b", 20)];
    expect(sealAll([`${a}\n\n${b}`])).toMatchObject({
      blocks: [{ start: 0, text: `${a}\n\n` }],
      tail: b,
    });
    expect(sealAll([`${b}\n\n${b}`])).toMatchObject({ blocks: [], tail: `${b}\n\n${b}` });
  });

  test("an ordinary paragraph stays whole, however long it takes", () => {
    const long = paragraph("word ", 300);
    expect(long.length).toBeLessThan(1_800);
    expect(sealAll([long])).toMatchObject({ blocks: [], tail: long });
  });

  test("not inside a list item that goes on after a blank line", () => {
    const item = `1. ${paragraph("a", 300)}\n\n   Still the first item.\n`;
    expect(sealAll([item])).toMatchObject({ blocks: [], tail: item });
    expect(sealAll([item + "2. b\n"])).toMatchObject({ blocks: [], tail: item + "2. b\n" });
    expect(sealAll([item + "\n2. b\n"])).toMatchObject({
      blocks: [{ text: item + "\n" }],
      tail: "2. b\n",
    });
  });

  test.each(["**Sorting the statements**\n\n", "## Two ways\r\n\r\n"])(
    "a heading is sealed at once, however short: %j",
    (heading) => {
      const sealed = sealAll([heading + "Checking wh"]);
      expect(sealed.blocks.map((block) => block.text)).toEqual([heading]);
      expect(sealed.tail).toBe("Checking wh");
      // Bold words that open a paragraph are no heading.
      expect(sealAll(["**Checking** which\n\nand"]).blocks).toEqual([]);
    },
  );

  test("a long list, between two items", () => {
    const items = Array.from({ length: 10 }, (_, i) => `${i + 1}. ${"w".repeat(90)}\n`);
    const sealed = sealAll([items.join("")]);
    expect(bare(sealed.blocks)).toEqual([
      { text: items.slice(0, 7).join(""), fence: null, continues: false },
    ]);
    expect(sealed.tail).toBe(items.slice(7).join(""));
  });

  test("a long fence, between two lines, and its pieces know that they are code", () => {
    const lines = Array.from({ length: 40 }, (_, i) => `line ${i} ${"c".repeat(30)}\n`).join("");
    const sealed = sealAll(["```rust\n" + lines + "```\n\nAfter."]);
    expect(sealed.blocks.map((block) => block.fence?.info ?? null)).toEqual([null, "rust", "rust"]);
    expect(sealed.blocks.map((block) => block.continues)).toEqual([false, true, true]);
    expect(sealed.blocks.every((block) => block.text.endsWith("\n"))).toBe(true);
    expect(sealed.tail).toBe("\nAfter.");
  });

  test("not at a blank line or a hyphen inside a fence", () => {
    const text = "```\n" + "a: 1\n\n- b\n".repeat(30);
    expect(sealAll([text])).toMatchObject({ blocks: [], tail: text });
  });

  test("a text with no boundary at all, in pieces of about 600", () => {
    const sealed = sealAll(["x".repeat(3_000)]);
    expect(sealed.blocks.map((block) => block.text.length)).toEqual([600, 600, 600]);
    expect(sealed.tail.length).toBe(1_200);
  });

  test("one line of ten megabytes, without reading it over and over", () => {
    const sealed = sealAll(["x".repeat(10_000_000)]);
    expect([sealed.blocks.length, sealed.tail.length]).toEqual([16_664, 1_600]);
  });

  test("a paragraph without end, behind a sentence", () => {
    const sealed = sealAll(["Ten letters. ".repeat(200)]);
    expect(sealed.blocks.every((block) => block.text.endsWith("letters. "))).toBe(true);
  });
});

describe("the end of a run", () => {
  test("puts the pieces of one fence back together", () => {
    const text = "```js\n" + "let a = 1;\n".repeat(200) + "```\n";
    expect(bare(finish(sealAll([text])).blocks)).toEqual([{ text, fence: null, continues: false }]);
  });

  test("leaves what is too long for one block in its pieces", () => {
    const finished = finish(sealAll(["y".repeat(40_000)]));
    expect(finished.blocks.length).toBeGreaterThan(2);
    expect(finished.blocks.every((block) => block.text.length <= 16_000)).toBe(true);
  });
});
