// Background responses, resumed streams, chains of turns, their items and their tokens.
import assert from 'node:assert/strict';
import { client, collected, kinds, model, numbered, pause, refused, report } from './proof.mjs';

const { responses } = client;

async function polled() {
  const begun = await responses.create({ model, input: 'Say hello.', background: true });
  let now = begun;
  while (['queued', 'in_progress'].includes(now.status)) {
    await pause(10);
    now = await responses.retrieve(begun.id);
  }
  assert.ok(now.output_text);
  const again = await responses.cancel(begun.id);
  return { begun: begun.status, ended: now.status, cancelled: again.status };
}

async function resumed() {
  const stream = await responses.create({
    model,
    input: 'Say hello.',
    background: true,
    stream: true,
    reasoning: { effort: 'none' },
  });
  const seen = [];
  for await (const event of stream) {
    seen.push(event);
    if (event.sequence_number === 5) break;
  }
  const { id } = seen[0].response;
  const rest = await collected(await responses.retrieve(id, { stream: true, starting_after: 5 }));
  const whole = await responses.retrieve(id);
  return {
    kinds: kinds([...seen, ...rest]),
    numbered: numbered([...seen, ...rest]),
    whole: rest.at(-1).response.output[0].content[0].text === whole.output_text,
  };
}

async function continued() {
  const first = await responses.create({ model, input: 'Say hello.' });
  const more = { model, input: 'Again.', previous_response_id: first.id };
  const second = await responses.create(more);
  const items = await collected(responses.inputItems.list(second.id, { limit: 1, order: 'asc' }));
  const counted = await responses.inputTokens.count(more);
  assert.equal(counted.object, 'response.input_tokens');
  return {
    items: items.map((item) => item.type),
    counted: counted.input_tokens === second.usage.input_tokens,
  };
}

async function removed() {
  const made = await responses.create({ model, input: 'Say hello.', reasoning: { effort: 'none' } });
  await responses.delete(made.id);
  const unkept = await responses.create({ model, input: 'Say it.', store: false });
  return {
    deleted: await refused(() => responses.retrieve(made.id)),
    unkept: await refused(() => responses.retrieve(unkept.id)),
    before: await refused(() => responses.create({ model, input: 'More.', previous_response_id: made.id })),
  };
}

await report({ polled, resumed, continued, removed });
