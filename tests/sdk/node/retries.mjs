// What the SDK does about failures that pass, and about those that do not.
import { client, model, refused, report } from './proof.mjs';

const ask = (input) => client.responses.create({ model, input, reasoning: { effort: 'none' } });

async function recovered() {
  const statuses = [];
  for (const text of ['limited once', 'broken once']) statuses.push((await ask(text)).status);
  return statuses;
}

async function errors() {
  const texts = ['always limited', 'no credit left', 'always broken', 'always busy', 'not served here'];
  const classes = {};
  for (const text of texts) classes[text] = await refused(() => ask(text));
  return classes;
}

await report({ recovered, errors });
