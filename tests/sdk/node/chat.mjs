// Chat Completions.
import assert from 'node:assert/strict';
import { client, collected, model, refused, report } from './proof.mjs';

const { completions } = client.chat;
const messages = [{ role: 'user', content: 'Say hello.' }];

const object = (properties) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
const tools = [
  {
    type: 'function',
    function: { name: 'get_weather', strict: true, parameters: object({ city: { type: 'string' } }) },
  },
];

async function whole() {
  const { data, response } = await completions.create({ model, messages }).withResponse();
  assert.equal(data.usage.total_tokens, data.usage.prompt_tokens + data.usage.completion_tokens);
  return {
    finish: data.choices[0].finish_reason,
    opening: data.choices[0].message.content.split('. ')[0],
    reasoned: data.usage.completion_tokens_details.reasoning_tokens > 0,
    sample: response.headers.get('x-rheostat-sample'),
  };
}

async function streamed() {
  const stream = await completions.create({
    model,
    messages,
    stream: true,
    stream_options: { include_usage: true },
  });
  const chunks = await collected(stream);
  const text = chunks.flatMap((chunk) => chunk.choices).map((choice) => choice.delta.content ?? '');
  const made = await completions.create({ model, messages });
  assert.deepEqual(chunks.at(-1).usage, made.usage);
  return {
    equal: text.join('') === made.choices[0].message.content,
    finish: chunks.at(-2).choices[0].finish_reason,
    usage: true,
    last: chunks.at(-1).choices.length,
  };
}

/** The SDK's own accumulator throws on a chunk that is out of place. */
async function accumulated() {
  const final = await completions.stream({ model, messages, tools }).finalChatCompletion();
  const call = final.choices[0].message.tool_calls[0];
  return { name: call.function.name, arguments: Object.keys(JSON.parse(call.function.arguments)) };
}

async function called() {
  const first = await completions.create({ model, messages, tools });
  const { message } = first.choices[0];
  const [call] = message.tool_calls;
  const answer = { role: 'tool', tool_call_id: call.id, content: 'sunny' };
  const second = await completions.create({ model, messages: [...messages, message, answer], tools });
  return {
    finish: first.choices[0].finish_reason,
    name: call.function.name,
    then: second.choices[0].finish_reason,
  };
}

async function structured() {
  const schema = object({ name: { type: 'string' }, age: { type: 'integer' } });
  const made = await completions.parse({
    model,
    messages,
    response_format: { type: 'json_schema', json_schema: { name: 'person', strict: true, schema } },
  });
  return { keys: Object.keys(JSON.parse(made.choices[0].message.content)) };
}

async function errors() {
  const ask = (body) => refused(() => completions.create({ model, messages, ...body }));
  return {
    pro: await ask({ model: 'gpt-5.5-pro' }),
    max_tokens: await ask({ max_tokens: 100 }),
    effort: await ask({ tools, reasoning_effort: 'high' }),
    temperature: await ask({ temperature: 0.2 }),
  };
}

await report({ whole, streamed, accumulated, called, structured, errors });
