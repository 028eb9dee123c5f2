// Turns a model's Markdown into inert markup: no HTML of its own, nothing loaded, nothing that navigates.
import DOMPurify from "dompurify";
import { Marked, type Tokens } from "marked";
import type { Block, Fence } from "./seal";

const TAGS = [
  ...[
    "p",
    "br",
    "hr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "blockquote",
    "pre",
    "code",
  ],
  ...["em", "strong", "del", "span", "table", "thead", "tbody", "tr", "th", "td"],
];
const ATTRIBUTES = ["start", "title", "role", "tabindex", "data-href", "data-image"];

/** What a browser may be asked to open, once the reader has seen where it leads. */
const OPENABLE = /^(?:https?:\/\/|mailto:)/i;

/** Deeper nesting is no prose; laying it out would cost more than it tells. */
const DEEPEST = 24;

const ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char);
}

/** A link is a word with an address in a data attribute: only the app can follow it. */
function linkTo(href: string, inner: string): string {
  const target = escaped(href);
  if (!OPENABLE.test(href)) return `<span title="${target}">${inner}</span>`;
  return `<span role="link" tabindex="0" title="${target}" data-href="${target}">${inner}</span>`;
}

const marked = new Marked({
  gfm: true,
  breaks: false,
  async: false,
  renderer: {
    html: ({ text }: Tokens.HTML | Tokens.Tag) => escaped(text),
    image: ({ href, text }: Tokens.Image) =>
      linkTo(href, `<span data-image="">${escaped(text === "" ? "image" : text)}</span>`),
    link({ href, tokens }: Tokens.Link) {
      return linkTo(href, this.parser.parseInline(tokens));
    },
    checkbox: ({ checked }: Tokens.Checkbox) => (checked ? "\u2611 " : "\u2610 "),
    code: ({ text }: Tokens.Code) => `<pre><code>${escaped(text)}</code></pre>`,
  },
});

/** How deep quotes and lists nest on the deepest line, by their marks and by how far it is indented. */
function tooDeep(text: string): boolean {
  for (const line of text.split("\n")) {
    const lead = /^[ \t>*+\-\d.)]*/.exec(line)?.[0] ?? "";
    const marks = lead.match(/>|[*+-](?=\s)|[.)](?=\s)/g)?.length ?? 0;
    if (marks > DEEPEST || (/^\s*(?:[*+-]|\d+[.)])\s/.test(line) && lead.length > 4 * DEEPEST))
      return true;
  }
  return false;
}

/** Runs of brackets or emphasis marks long enough to make a parser backtrack are not prose either. */
function hostile(text: string): boolean {
  return /[[\]()*_~`<!]{200}/.test(text) || tooDeep(text);
}

function pre(text: string): string {
  return `<pre><code>${escaped(text)}</code></pre>`;
}

/** A piece from within a fence: code up to the line that closes it, prose after. */
function fencePiece(text: string, fence: Fence): string {
  const lines = text.split("\n");
  const closing = lines.findIndex((line) => {
    const bare = line.trim();
    return (
      bare.length >= fence.marker.length && bare === fence.marker.charAt(0).repeat(bare.length)
    );
  });
  const code = (closing === -1 ? lines : lines.slice(0, closing)).map((line) =>
    line.slice(0, fence.indent).trim() === "" ? line.slice(fence.indent) : line,
  );
  const rest = closing === -1 ? "" : lines.slice(closing + 1).join("\n");
  const body = code.join("\n").replace(/\n$/, "");
  return (body === "" ? "" : pre(body)) + (rest.trim() === "" ? "" : parsed(rest));
}

function parsed(text: string): string {
  if (hostile(text)) return `<p>${escaped(text)}</p>`;
  try {
    return marked.parse(text, { async: false });
  } catch {
    // Text that the parser chokes on is still text.
    return `<p>${escaped(text)}</p>`;
  }
}

/** The markup of one block, for mounting once. Each call gives nodes of its own. */
export function renderMarkdown(block: Pick<Block, "text" | "fence">): DocumentFragment {
  const html = block.fence === null ? parsed(block.text) : fencePiece(block.text, block.fence);
  return DOMPurify.sanitize(html, {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ATTRIBUTES,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
}
