// JSON as coloured pieces, so that it can be drawn as text and never as markup.

export type TokenKind = "key" | "str" | "num" | "kw" | "punct" | "space";

export interface JsonToken {
  kind: TokenKind;
  text: string;
}

// A string that is not closed yet goes to the end of its line.
const TOKEN =
  /(?<str>"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$))|(?<num>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<kw>true|false|null)|(?<space>\s+)|(?<punct>[^\s"])/g;
const COLON = /\s*:/y;

/** The pieces of a line of JSON, and where they stand in it. */
export function* tokensOf(line: string): Generator<{ kind: TokenKind; from: number; to: number }> {
  for (const match of line.matchAll(TOKEN)) {
    const { str, num, kw, space } = match.groups!;
    const [from, to] = [match.index, match.index + match[0].length];
    COLON.lastIndex = to;
    let kind: TokenKind = "punct";
    if (str !== undefined) kind = COLON.test(line) ? "key" : "str";
    else if (num !== undefined) kind = "num";
    else if (kw !== undefined) kind = "kw";
    else if (space !== undefined) kind = "space";
    yield { kind, from, to };
  }
}

/** The pieces of pretty-printed JSON, by line. */
export function jsonLines(json: string): JsonToken[][] {
  return json
    .split("\n")
    .map((line) =>
      [...tokensOf(line)].map(({ kind, from, to }) => ({ kind, text: line.slice(from, to) })),
    );
}
