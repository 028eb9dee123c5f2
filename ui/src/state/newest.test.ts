// Whatever comes in whatever order, the last state is asked about, and never two at a time.
import { expect, it } from "vitest";
import { Newest } from "./newest";

function slow() {
  const asked: number[] = [];
  const answers: (() => void)[] = [];
  const newest = new Newest<{ n: number }>(({ n }) => {
    asked.push(n);
    return new Promise<void>((done) => answers.push(done));
  });
  return { asked, answers, newest };
}

const turn = () => new Promise<void>((done) => setTimeout(done));

it("skips what was passed while an answer was under way", async () => {
  const { asked, answers, newest } = slow();
  newest.soon({ n: 1 });
  await turn();
  newest.soon({ n: 2 });
  newest.soon({ n: 3 });
  await turn();
  expect(asked).toEqual([1]);
  answers[0]!();
  await turn();
  expect(asked).toEqual([1, 3]);
});

it("asks at once, and not about what was called off", async () => {
  const { asked, answers, newest } = slow();
  newest.soon({ n: 1 });
  expect(asked).toEqual([1]);
  newest.soon({ n: 2 })();
  answers[0]!();
  await turn();
  expect(asked).toEqual([1]);
  newest.soon({ n: 3 });
  expect(asked).toEqual([1, 3]);
});
