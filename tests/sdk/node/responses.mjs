// Runs the official Node SDK against the address in OPENAI_BASE_URL and prints what came of it as JSON.
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { client, collected, joined, kinds, model, numbered, refused, report } from './proof.mjs';

async function created() {
  const { data, response } = await client.responses
    .create({ model, input: 'Say hello.', reasoning: { effort: 'low' } })
    .withResponse();
  assert.equal(data._request_id, response.headers.get('x-request-id'));
  assert.equal(data.usage.total_tokens, data.usage.input_tokens + data.usage.output_tokens);
  return {
    status: data.status,
    items: data.output.map((item) => item.type),
    sample: response.headers.get('x-rheostat-sample'),
    opening: data.output_text.split('. ')[0],
  };
}

async function streamed() {
  const stream = await client.responses.create({
    model,
    input: 'Say hello.',
    stream: true,
    reasoning: { effort: 'medium', summary: 'auto' },
  });
  const events = await collected(stream);
  const end = events.at(-1).response;
  assert.equal(joined(events, 'response.output_text.delta'), end.output.at(-1).content[0].text);
  return { kinds: kinds(events), numbered: numbered(events) };
}

/** The SDK's own accumulator throws on an event that is out of place. */
async function accumulated() {
  const stream = client.responses.stream({ model, input: 'Say hello.', reasoning: { effort: 'low', summary: 'auto' } });
  let deltas = '';
  stream.on('response.output_text.delta', (event) => (deltas += event.delta));
  const final = await stream.finalResponse();
  return { status: final.status, equal: deltas === final.output_text };
}

async function incomplete() {
  const response = await client.responses.create({
    model,
    input: 'Say hello.',
    reasoning: { effort: 'high' },
    max_output_tokens: 16,
  });
  return { status: response.status, why: response.incomplete_details.reason, text: response.output_text };
}

async function structured() {
  const response = await client.responses.parse({
    model,
    input: 'Extract.',
    text: {
      format: {
        type: 'json_schema',
        name: 'person',
        strict: true,
        schema: {
          type: 'object',
          properties: { name: { type: 'string' }, age: { type: 'integer', minimum: 0, maximum: 150 } },
          required: ['name', 'age'],
          additionalProperties: false,
        },
      },
    },
  });
  const value = JSON.parse(response.output_text);
  assert.equal(typeof value.name, 'string');
  assert.ok(Number.isInteger(value.age) && value.age >= 0 && value.age <= 150);
  return { keys: Object.keys(value) };
}

async function called() {
  const tools = [
    {
      type: 'function',
      name: 'get_weather',
      strict: true,
      parameters: {
        type: 'object',
        properties: { city: { type: 'string' } },
        required: ['city'],
        additionalProperties: false,
      },
    },
  ];
  const input = [{ role: 'user', content: 'How is the weather?' }];
  const stream = await client.responses.create({ model, input, tools, stream: true });
  const events = await collected(stream);
  const call = events.at(-1).response.output.at(-1);
  assert.equal(joined(events, 'response.function_call_arguments.delta'), call.arguments);
  const answer = await client.responses.create({
    model,
    tools,
    input: [
      ...input,
      ...events.at(-1).response.output,
      { type: 'function_call_output', call_id: call.call_id, output: 'sunny' },
    ],
  });
  return {
    name: call.name,
    arguments: Object.keys(JSON.parse(call.arguments)),
    kinds: kinds(events),
    then: answer.output.at(-1).type,
  };
}

async function models() {
  const ids = [];
  for await (const entry of client.models.list()) ids.push(entry.id);
  return { first: ids[0], one: (await client.models.retrieve('gpt-5.5-pro')).id };
}

async function errors() {
  const ask = (body) => client.responses.create({ model, input: 'hi', ...body });
  return {
    key: await refused(() => new OpenAI({ apiKey: 'sk-invalid-0123456789' }).responses.create({ model, input: 'hi' })),
    effort: await refused(() => ask({ reasoning: { effort: 'minimal' } })),
    temperature: await refused(() => ask({ temperature: 0.2, stream: true })),
    model: await refused(() => ask({ model: 'gpt-none' })),
    page: await refused(() =>
      client.responses.create({ model, input: 'hi' }, { headers: { origin: 'https://evil.example' } }),
    ),
  };
}

await report({ created, streamed, accumulated, incomplete, structured, called, models, errors });
