// A growing text on the page: finished blocks are left alone, the tail is plain, marks come at the end.
import { render } from "@testing-library/svelte";
import { flushSync } from "svelte";
import { describe, expect, test, vi } from "vitest";
import { visibleText, type Mark } from "../../lib/marks";
import { StreamedText } from "../../state/runs.svelte";
import StreamText from "../../parts/StreamText.svelte";

const PARAGRAPH =
  "Some **bold** words of a paragraph that is long enough to be sealed by itself. ".repeat(4);

function page(text: StreamedText, more: Record<string, unknown> = {}) {
  const { container, rerender } = render(StreamText, { text, kind: "markdown", ...more });
  return {
    rerender,
    root: container.querySelector<HTMLElement>(".stream")!,
    blocks: () => [...container.querySelectorAll<HTMLElement>(".block")],
  };
}

describe("streamed text", () => {
  test("the tail is plain until its block is finished, then Markdown", () => {
    const text = new StreamedText(0);
    const { blocks } = page(text);
    flushSync(() => text.append(PARAGRAPH));
    expect(blocks().map((it) => it.innerHTML)).toEqual([PARAGRAPH]);
    flushSync(() => text.append("\n\nThe **next"));
    expect(blocks().map((it) => it.querySelectorAll("strong").length)).toEqual([4, 0]);
    expect(blocks()[1]?.textContent).toBe("The **next");
    flushSync(() => {
      text.append("**.");
      text.finish();
    });
    expect(blocks().map((it) => it.querySelectorAll("strong").length)).toEqual([4, 1]);
  });

  test("what is sealed is never touched again", () => {
    const text = new StreamedText(0, `${PARAGRAPH}\n\n${PARAGRAPH}\n\nT`);
    const { blocks } = page(text);
    const before = blocks().slice(0, 2);
    const inside = before.map((it) => it.firstChild);
    for (let i = 0; i < 50; i += 1) flushSync(() => text.append(`word ${i} and more of it, `));
    flushSync(() => text.append(`\n\n${PARAGRAPH}\n\nEnd`));
    expect(blocks().length).toBeGreaterThan(3);
    expect(blocks().slice(0, 2)).toEqual(before);
    expect(
      blocks()
        .slice(0, 2)
        .map((it) => it.firstChild),
    ).toEqual(inside);
  });

  test("a list that was cut goes on counting", () => {
    const items = Array.from({ length: 12 }, (_, i) => `${i + 1}. ${"w".repeat(90)}\n`).join("");
    const text = new StreamedText(0, items);
    text.finish();
    const { root } = page(text);
    const second = root.querySelectorAll("ol")[1];
    expect([second?.getAttribute("start"), second?.style.counterReset]).toEqual(["8", "item 7"]);
  });

  test("code and plain text are kept as written", () => {
    const text = new StreamedText(0, '{"a": "**b**"}');
    text.finish();
    const { root, blocks } = page(text, { kind: "code" });
    expect(root.querySelectorAll("strong").length).toBe(0);
    expect(blocks().map((it) => it.textContent)).toEqual(['{"a": "**b**"}']);
  });

  test("hostile text becomes no element of its own", () => {
    const text = new StreamedText(0, '<img src=x onerror="go()">\n\n<script>go()</script>');
    text.finish();
    const { root } = page(text);
    expect(root.querySelectorAll("img, script").length).toBe(0);
    expect(root.textContent).toContain("<script>go()</script>");
  });

  test("marks wait for the end, follow their places, and come off again", async () => {
    const text = new StreamedText(0, "One `two` three");
    const marks: Mark[] = [{ start: 4, end: 13, kind: "added" }];
    const { root, rerender } = page(text, { marks });
    expect(root.querySelectorAll("mark").length).toBe(0);
    flushSync(() => text.finish());
    expect([...root.querySelectorAll("mark.added")].map((it) => it.textContent)).toEqual([
      "two",
      " three",
    ]);
    await rerender({ marks: [{ start: 0, end: 3, kind: "wrong" }] });
    expect([...root.querySelectorAll("mark")].map((it) => [it.className, it.textContent])).toEqual([
      ["wrong", "One"],
    ]);
    await rerender({ marks: [] });
    expect(root.querySelectorAll("mark").length).toBe(0);
    expect(visibleText(root)).toBe("One two three");
  });

  test("a link is handed over, with its true address, by press and by key", () => {
    const text = new StreamedText(0, "[the docs](https://example.org/a)");
    text.finish();
    const onlink = vi.fn();
    const { root } = page(text, { onlink });
    const link = root.querySelector<HTMLElement>("[data-href]");
    link?.click();
    link?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    link?.dispatchEvent(new KeyboardEvent("keydown", { key: "a", bubbles: true }));
    expect(onlink.mock.calls).toEqual([["https://example.org/a"], ["https://example.org/a"]]);
    expect(root.querySelectorAll("a[href]").length).toBe(0);
  });
});
