// Whatever a model writes ends up as words on the page: nothing runs, loads, navigates or styles.
import { describe, expect, test } from "vitest";
import { renderMarkdown } from "./markdown";

function html(text: string, fence: Parameters<typeof renderMarkdown>[0]["fence"] = null): string {
  const root = document.createElement("div");
  root.append(renderMarkdown({ text, fence }));
  return root.innerHTML.replace(/>\n+</g, "><").trim();
}

describe("what Markdown is for", () => {
  test.each([
    [
      "a paragraph",
      "Plain *words* and **more**.",
      "<p>Plain <em>words</em> and <strong>more</strong>.</p>",
    ],
    [
      "a list keeps its number",
      "3. three\n4. four",
      '<ol start="3"><li>three</li><li>four</li></ol>',
    ],
    ["code", "Use `a < b`.", "<p>Use <code>a &lt; b</code>.</p>"],
    ["a fence", "```sql\nSELECT 1;\n```", "<pre><code>SELECT 1;</code></pre>"],
    ["a fence that is still open", "```sql\nSELECT 1;", "<pre><code>SELECT 1;</code></pre>"],
    ["tasks", "- [x] done\n- [ ] open", "<ul><li>☑ done</li><li>☐ open</li></ul>"],
    [
      "a table",
      "| a |\n|---|\n| 1 |",
      "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>",
    ],
    [
      "a link is words with an address beside them",
      "[the docs](https://example.org/a?b=1&c=2)",
      '<p><span role="link" tabindex="0" title="https://example.org/a?b=1&amp;c=2" data-href="https://example.org/a?b=1&amp;c=2">the docs</span></p>',
    ],
  ])("%s", (_, text, expected) => {
    expect(html(text)).toBe(expected);
  });

  test("a piece from inside a fence is code, without the fence's own indent, up to where it closes", () => {
    const fence = { marker: "```", indent: 3, info: "sh" };
    expect(html("   ls -l\n     cd ..\n", fence)).toBe("<pre><code>ls -l\n  cd ..</code></pre>");
    expect(html("   ls\n   ```\n", fence)).toBe("<pre><code>ls</code></pre>");
    expect(html("   ```\n", fence)).toBe("");
    expect(html("   # not a heading", fence)).toBe("<pre><code># not a heading</code></pre>");
  });
});

const HOSTILE: [string, string][] = [
  ["a script", "<script>top.ran = 1</script>"],
  ["a script in a paragraph", "Hello <script src=https://evil.example/x.js></script> you"],
  ["an image that fails", '<img src=x onerror="top.ran = 1">'],
  ["an image of Markdown's own", "![pixel](https://evil.example/pixel.png)"],
  ["an image that is a link", "[![a](https://evil.example/a.png)](https://evil.example)"],
  ["an svg", '<svg onload="top.ran=1"><use href="data:x"/></svg>'],
  ["an iframe", "<iframe src='https://evil.example'></iframe>"],
  ["a style", "<style>* { display: none }</style><p style='position:fixed;inset:0'>x</p>"],
  ["a base", "<base href='https://evil.example/'>"],
  ["a meta refresh", '<meta http-equiv="refresh" content="0;url=https://evil.example">'],
  ["a form", "<form action='https://evil.example'><input name=key><button>Go</button></form>"],
  ["a link element", "<link rel=stylesheet href=https://evil.example/x.css>"],
  ["a script link", "[click](javascript:top.ran=1)"],
  [
    "a script link in disguise",
    "[click](java&#115;cript&colon;top.ran=1) [b](\u0001javascript:1) <javascript:alert(1)>",
  ],
  ["a data link", "[click](data:text/html,<script>1</script>)"],
  ["a file link", "[passwd](file:///etc/passwd)"],
  [
    "a link with a scheme of its own",
    "[x](rheostat://set-key) [y](vscode://x) [z](//evil.example)",
  ],
  ["an autolink with handlers", 'https://example.org/"onmouseover="top.ran=1'],
  ["a title that breaks out", "[a](https://e.org '\"><img src=x onerror=top.ran=1>')"],
  ["a fence whose name breaks out", '```"><img/src=x/onerror=top.ran=1>\ncode\n```'],
  ["clobbering ids", '<a id="body" name="cookie">x</a> <form id=attributes>'],
  [
    "mutation through math",
    "<math><mtext><table><mglyph><style><!--</style><img src=x onerror=top.ran=1>",
  ],
  ["a comment and a doctype", "<!-- <img src=x onerror=top.ran=1> --><!doctype html>"],
  ["a custom element", "<x-part onclick=top.ran=1>hi</x-part>"],
  ["an html block inside a quote", "> <video src=x onerror=top.ran=1>"],
  ["ANSI codes and control letters", "\u001b[31mred\u001b[0m \u0000 \u0007"],
  ["right to left override and zero widths", "abc\u202Etxt.exe\u202C a\u200d\u200d\u200db"],
];

describe("what a model might write to break out", () => {
  test.each(HOSTILE)("%s stays inert", (_, text) => {
    const root = document.createElement("div");
    root.append(renderMarkdown({ text, fence: null }));
    const allowed =
      "P,BR,HR,H1,H2,H3,H4,H5,H6,UL,OL,LI,BLOCKQUOTE,PRE,CODE,EM,STRONG,DEL,SPAN,TABLE,THEAD,TBODY,TR,TH,TD".split(
        ",",
      );
    for (const element of root.querySelectorAll("*")) {
      expect(allowed).toContain(element.nodeName);
      for (const { name } of element.attributes) {
        expect(["start", "title", "role", "tabindex", "data-href", "data-image"]).toContain(name);
      }
      const target = element.getAttribute("data-href");
      if (target !== null) expect(target).toMatch(/^(https?:\/\/|mailto:)/i);
    }
  });

  test("raw HTML is shown, not swallowed", () => {
    const root = document.createElement("div");
    root.append(
      renderMarkdown({
        text: 'Before\n\n<img src=x onerror="go()">\n\nafter <b>bold</b>',
        fence: null,
      }),
    );
    expect(root.textContent).toContain('<img src=x onerror="go()">');
    expect(root.textContent).toContain("<b>bold</b>");
  });

  test("a link that can't be opened still shows its target", () => {
    expect(html("[a](javascript:top.ran=1)")).toBe(
      '<p><span title="javascript:top.ran=1">a</span></p>',
    );
  });
});

describe("what a model might write to wear the window out", () => {
  test.each([
    ["quotes in quotes", "> ".repeat(900) + "deep"],
    ["lists in lists", "- ".repeat(900) + "deep"],
    [
      "a staircase of lists",
      Array.from({ length: 200 }, (_, i) => "  ".repeat(i) + "- x").join("\n"),
    ],
    ["brackets", "[".repeat(16_000)],
    ["emphasis", "*_".repeat(8_000)],
    ["backquotes", "`".repeat(16_000)],
    ["angle brackets", "<".repeat(16_000)],
    ["one long line", "x".repeat(16_000)],
  ])("%s become shallow text", (_, text) => {
    const root = document.createElement("div");
    root.append(renderMarkdown({ text, fence: null }));
    let depth = 0;
    for (const element of root.querySelectorAll("*")) {
      let above = 0;
      for (let at: Element | null = element; at !== null && at !== root; at = at.parentElement)
        above += 1;
      depth = Math.max(depth, above);
    }
    expect(depth).toBeLessThanOrEqual(80);
    expect(root.textContent?.replace(/\s/g, "").length).toBeGreaterThan(0);
  });
});
