// A text follows its value and a value its text, piece by piece, and both say the same as a reading of the whole.
import { expect, it } from "vitest";
import { at, drop, put, type Body } from "./body";
import { memberAround, memberAt, trailTo } from "./json-members";
import { placesOf } from "./json-places";
import { toPath } from "./json-pointer";
import { respell, share, valueAfter } from "./json-respell";
import { random } from "./test-random";
import { spliced } from "./text-splice";

const TEXT = `{
  "type": "object",
  "properties": {
    "a/b~c": {"type": ["string", "null"], "enum": ["x", null, {"deep": [1, [2]]}]},
    "\\u0061\\\\\\"": { "type" : "number", "minimum": -1.5e3 },
    "12": {},
    "empty": [ ]
  },
  "required": ["a/b~c", "]", "}"],
  "open": true
}
`;

const LETTERS = ["a", "b", '"', "\\", "é", "}", "[", ",", "1", "\n"];

function anything(next: (below: number) => number, depth = 0): unknown {
  const kind = next(depth > 3 ? 5 : 8);
  const word = () => Array.from({ length: next(4) }, () => LETTERS[next(LETTERS.length)]).join("");
  if (kind < 5) return [word(), next(100), true, null, -0.5][kind];
  const members = Array.from({ length: next(5) }, () => anything(next, depth + 1));
  return kind === 5 ? members : Object.fromEntries(members.map((it) => [word(), it]));
}

/** The value with something else at one place: another value, or one more, one less, one renamed, two swapped. */
function changed(value: unknown, next: (below: number) => number): unknown {
  if (typeof value !== "object" || value === null || next(4) === 0) return anything(next, 2);
  const entries = Object.entries(value);
  const i = next(entries.length + 1);
  if (i === entries.length || next(5) === 0) entries.splice(i, 0, [`n${next(50)}`, anything(next)]);
  else {
    const how = next(6);
    const here = entries[i]!;
    if (how === 0) entries.splice(i, 1 + next(2));
    else if (how === 1) entries[i] = [`r${next(50)}`, here[1]];
    else if (how === 2 && i > 0) entries.splice(i - 1, 2, here, entries[i - 1]!);
    else entries[i] = [here[0], changed(here[1], next)];
  }
  return Array.isArray(value) ? entries.map(([, it]) => it) : Object.fromEntries(entries);
}

const spellings: ((value: unknown) => string)[] = [
  (value) => JSON.stringify(value),
  (value) => JSON.stringify(value, null, 2),
  (value) => ` ${JSON.stringify(value, null, "\t")}\n`,
];

it("finds the places that a reading of the whole finds", () => {
  const read = placesOf(TEXT);
  if (!("places" in read)) throw new Error("it is JSON");
  expect(read.places.size).toBeGreaterThan(20);
  for (const [pointer, place] of read.places) {
    expect(memberAt(TEXT, toPath(pointer)), pointer).toMatchObject(place);
    expect(trailTo(TEXT, place.start, place.to).map((it) => it.key)).toEqual([
      "",
      ...toPath(pointer),
    ]);
  }
  expect(memberAt(TEXT, ["properties", "x"])).toBeNull();
  expect(memberAt(TEXT, ["type", "0"])).toBeNull();
  expect(memberAround(TEXT, ["required", "9", "x"])).toEqual(memberAt(TEXT, ["required"]));
  expect(memberAround(TEXT, ["x"])).toEqual(memberAt(TEXT, []));
});

it("shares what is equal, and nothing whose keys stand in another order", () => {
  const before = { a: { x: 1, y: [1, 2] }, b: [{ c: 1 }, { d: 2 }] };
  const after = { a: { y: [1, 2], x: 1 }, b: [{ c: 1 }, { d: 3 }] };
  const shared = share(before, after);
  expect(JSON.stringify(shared)).toBe(JSON.stringify(after));
  expect(shared.a).not.toBe(before.a);
  expect(shared.a.y).toBe(before.a.y);
  expect(shared.b[0]).toBe(before.b[0]);
  expect(share(before, structuredClone(before))).toBe(before);
});

it("brings any text in step with any change of its value", () => {
  const next = random(7);
  for (let round = 0; round < 4000; round++) {
    const value = anything(next);
    const text = spellings[round % 3]!(value);
    const after = share(value, changed(value, next));
    const result = spliced(text, respell({ text, value }, after));
    expect(JSON.stringify(JSON.parse(result)), `${text} to ${JSON.stringify(after)}`).toBe(
      JSON.stringify(after),
    );
  }
});

it("writes what we would have written, where the text is ours", () => {
  const value = { a: { b: [1, { c: 2 }] }, d: [] as unknown[], e: "x" };
  const text = JSON.stringify(value, null, 2);
  const changes = [
    put(value, ["a", "b", 1, "c"], { deep: [1, 2] }),
    put(value, ["d"], [{ x: 1 }, 2]),
    put(value, ["a", "b"], [1, { c: 2 }, { d: [3] }]),
    { new: { first: true }, ...value },
    { a: value.a, z: value.d, e: "x" },
    { a: value.a, e: "x" },
    { a: value.a },
  ];
  for (const after of changes) {
    expect(spliced(text, respell({ text, value }, after))).toBe(JSON.stringify(after, null, 2));
  }
});

it("leaves what an edit does not touch as somebody spelled it", () => {
  const value = JSON.parse(TEXT) as unknown;
  const after = put(value, ["properties", "a/b~c", "enum", 2, "deep", 1, 0], 3);
  expect(spliced(TEXT, respell({ text: TEXT, value }, after))).toBe(TEXT.replace("[2]", "[3]"));
});

it("reads any edit as a reading of the whole would, or not at all", () => {
  const next = random(11);
  let told = 0;
  let spoiled = 0;
  for (let round = 0; round < 6000; round++) {
    const value = anything(next);
    const text = spellings[round % 3]!(value);
    const from = next(text.length + 1);
    const to = Math.min(text.length, from + next(3));
    const insert = ["", "x", '"', "1", " ", "{", "}", ",", '","', ":", '"a":1,', "\\"][next(12)]!;
    const after = text.slice(0, from) + insert + text.slice(to);
    const read = valueAfter({ text, value }, after, 1_000);
    const whole = placesOf(after);
    if ("fault" in whole) spoiled++;
    if (read === undefined) continue;
    told++;
    expect("fault" in whole, `${text} to ${after}`).toBe(false);
    expect(JSON.stringify(read), `${text} to ${after}`).toBe(JSON.stringify(JSON.parse(after)));
  }
  expect(told).toBeGreaterThan(300);
  expect(spoiled).toBeGreaterThan(300);
});

it("keeps what stands around a key that was typed", () => {
  const value = JSON.parse(TEXT) as unknown;
  const text = TEXT.replace("-1.5e3", "-1.5e34");
  const read = valueAfter({ text: TEXT, value }, text, 1_000);
  expect(read).toEqual(JSON.parse(text));
  expect(at(read, ["properties", "a/b~c"])).toBe(at(value, ["properties", "a/b~c"]));
  // Two of one name are for the reading of the whole, which says where.
  expect(
    valueAfter({ text: TEXT, value }, TEXT.replace('"open"', '"type"'), 1_000),
  ).toBeUndefined();
});

const WRITTEN = `{
  "model": "gpt-5.5", "input": "Hi",
  "reasoning": { "effort": "high", "summary": "auto" },
    "tools": [ {"type": "web_search"} ],
  "of_tomorrow": [1, 2,
     3]
}`;

it("keeps to the manner of the object that it writes in", () => {
  const body = JSON.parse(WRITTEN) as Body;
  const edit = (after: unknown) => {
    const text = spliced(WRITTEN, respell({ text: WRITTEN, value: body }, after));
    expect(JSON.parse(text)).toEqual(after);
    return text;
  };
  expect(edit(put(body, ["reasoning", "effort"], "low"))).toBe(WRITTEN.replace("high", "low"));
  expect(edit(put(body, ["reasoning", "mode"], "x"))).toBe(
    WRITTEN.replace('"auto"', '"auto", "mode": "x"'),
  );
  expect(edit(put(body, ["temperature"], 0.5))).toBe(
    WRITTEN.replace("     3]", '     3],\n  "temperature": 0.5'),
  );
  expect(edit(drop(body, ["model"]))).toBe(WRITTEN.replace('"model": "gpt-5.5", ', ""));
  expect(edit(drop(body, ["tools"]))).not.toContain("web_search");
  const small = '{"a":1,"b":[1,2]}';
  const value = JSON.parse(small) as Body;
  expect(spliced(small, respell({ text: small, value }, { ...value, c: { d: 1 } }))).toBe(
    '{"a":1,"b":[1,2],"c":{"d":1}}',
  );
});
