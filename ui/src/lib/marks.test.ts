// Marks fall on the words a reader sees, across tags, and come off without a trace.
import { describe, expect, test } from "vitest";
import { mark, unmark, visibleText, type Mark } from "./marks";

function page(html: string): HTMLElement {
  const root = document.createElement("div");
  root.innerHTML = html;
  return root;
}

const at = (root: HTMLElement, words: string, kind: Mark["kind"] = "added"): Mark => {
  const start = visibleText(root).indexOf(words);
  return { start, end: start + words.length, kind };
};

describe("visible text", () => {
  test("has a line feed between blocks and none for the markup's own", () => {
    const root = page(
      "<p>One <em>two</em></p>\n<ol>\n<li>three</li>\n<li><p>four</p></li>\n</ol>\n<pre><code>a\nb</code></pre>",
    );
    expect(visibleText(root)).toBe("One two\nthree\nfour\na\nb");
  });

  test("is empty where there is nothing to read", () => {
    expect(visibleText(page("<p></p>\n<hr>"))).toBe("");
  });
});

describe("marks", () => {
  test("wrap the words they name, in every text node they touch", () => {
    const root = page("<p>The <code>UPDATE</code> touches every row.</p>");
    mark(root, [at(root, "UPDATE touches")]);
    expect(root.innerHTML).toBe(
      '<p>The <code><mark class="added">UPDATE</mark></code><mark class="added"> touches</mark> every row.</p>',
    );
  });

  test("may overlap: the shared words carry both", () => {
    const root = page("<p>one two three</p>");
    mark(root, [at(root, "one two"), at(root, "two three", "wrong")]);
    expect(root.innerHTML).toBe(
      '<p><mark class="added">one </mark><mark class="added wrong">two</mark><mark class="wrong"> three</mark></p>',
    );
  });

  test("span blocks without touching the space between them", () => {
    const root = page("<p>one</p>\n<p>two</p>");
    mark(root, [at(root, "one\ntwo")]);
    expect(root.innerHTML).toBe(
      '<p><mark class="added">one</mark></p>\n<p><mark class="added">two</mark></p>',
    );
  });

  test("come off and leave what was there", () => {
    const html = "<p>The <code>UPDATE</code> touches every row.</p>";
    const root = page(html);
    mark(root, [at(root, "UPDATE touches"), at(root, "row", "wrong")]);
    unmark(root);
    expect(root.innerHTML).toBe(html);
    expect(root.querySelector("p")?.childNodes.length).toBe(3);
  });

  test("never move what a reader sees", () => {
    const root = page("<p>a b c d</p><ul><li>e f</li></ul>");
    const before = visibleText(root);
    for (let start = 0; start < before.length; start += 1) {
      for (let end = start + 1; end <= before.length; end += 1) {
        mark(root, [{ start, end, kind: "added" }]);
        expect(visibleText(root)).toBe(before);
        expect([...root.querySelectorAll("mark")].map((it) => it.textContent).join("")).toBe(
          before.slice(start, end).replaceAll("\n", ""),
        );
        unmark(root);
      }
    }
  });

  test("hold what looks like markup as text", () => {
    const root = page("<p>&lt;img src=x&gt; end</p>");
    mark(root, [at(root, "<img src=x>", "wrong")]);
    expect(root.innerHTML).toBe('<p><mark class="wrong">&lt;img src=x&gt;</mark> end</p>');
  });
});
