// Pictures and files in the words of both endpoints.
import { describe, expect, it } from "vitest";
import {
  detailOf,
  isInert,
  mediaName,
  partFor,
  setDetail,
  setSource,
  sourceOf,
  workspacePath,
} from "./attachments";

const PICTURE = { reference: "{{file:attachments/a.png#0123456789abcdef}}", name: "a.png" };
const ENDPOINTS = ["responses", "chat_completions"] as const;

describe.each(ENDPOINTS)("on %s", (endpoint) => {
  const picture = partFor(endpoint, { ...PICTURE, picture: true });
  const file = partFor(endpoint, { reference: "{{file:b.pdf}}", name: "b.pdf", picture: false });

  it("a part is read as it was written", () => {
    expect([sourceOf(picture), mediaName(picture)]).toEqual([PICTURE.reference, "a.png"]);
    expect([sourceOf(file), mediaName(file)]).toEqual(["{{file:b.pdf}}", "b.pdf"]);
  });

  it("a detail is set and left out again, and the rest stays", () => {
    const body = { input: [picture] };
    const low = setDetail(body, ["input", 0], "low");
    expect(detailOf((low.input as unknown[])[0])).toBe("low");
    expect(sourceOf((low.input as unknown[])[0])).toBe(PICTURE.reference);
    expect(setDetail(low, ["input", 0], null)).toEqual(body);
  });

  it("another file takes the place of one", () => {
    for (const part of [picture, file]) {
      const next = setSource({ input: [part] }, ["input", 0], "{{file:c.png}}");
      expect(sourceOf((next.input as unknown[])[0])).toBe("{{file:c.png}}");
    }
  });
});

it("an address and an id go by themselves", () => {
  expect(mediaName({ type: "input_image", image_url: "https://x.test/a.png" })).toBe(
    "https://x.test/a.png",
  );
  expect(mediaName({ type: "input_file", file_id: "file-1" })).toBe("file-1");
  expect(mediaName({ type: "input_image", image_url: "data:image/png;base64,AA==" })).toBe(
    "Picture",
  );
});

it("the name of a workspace file is read with or without its digits", () => {
  expect(workspacePath(PICTURE.reference)).toBe("attachments/a.png");
  expect(workspacePath("{{file:a#b.txt}}")).toBe("a#b.txt");
  expect(workspacePath("{{name}}")).toBeNull();
});

it("only pictures that run nothing are shown", () => {
  expect(isInert("data:image/png;base64,AA==")).toBe(true);
  expect(isInert("data:image/svg+xml;base64,AA==")).toBe(false);
  expect(isInert("https://x.test/a.png")).toBe(false);
});
