// JSON as coloured pieces, so that it can be drawn as text and never as markup.

export type TokenKind = "key" | "str" | "num" | "kw" | "punct" | "space";

export interface JsonToken {
  kind: TokenKind;
  text: string;
}

const TOKEN =
  /(?<str>"(?:[^"\\]|\\.)*")|(?<num>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<kw>true|false|null)|(?<space>\s+)|(?<punct>[^\s"])/g;

/** The pieces of pretty-printed JSON, by line. */
export function jsonLines(json: string): JsonToken[][] {
  return json.split("\n").map((line) => {
    const tokens: JsonToken[] = [];
    for (const match of line.matchAll(TOKEN)) {
      const groups = match.groups!;
      const text = match[0];
      const isKey =
        groups.str !== undefined && /^\s*:/.test(line.slice((match.index ?? 0) + text.length));
      const kind = isKey
        ? "key"
        : (Object.keys(groups).find((name) => groups[name] !== undefined) as TokenKind);
      tokens.push({ kind, text });
    }
    return tokens;
  });
}
