// Pictures.
import { client, collected, refused, report } from './proof.mjs';

const asked = { model: 'gpt-image-2', prompt: 'A lighthouse', size: '1024x1024', quality: 'low' };

async function drawn() {
  const made = await client.images.generate(asked);
  return {
    png: Buffer.from(made.data[0].b64_json, 'base64').toString('latin1', 1, 4),
    size: made.size,
    tokens: made.usage.output_tokens,
  };
}

async function grown() {
  const events = await collected(await client.images.generate({ ...asked, stream: true, partial_images: 2 }));
  return { kinds: events.map((event) => event.type), tokens: events.at(-1).usage.output_tokens };
}

async function errors() {
  return { size: await refused(() => client.images.generate({ ...asked, size: '1000x1000' })) };
}

await report({ drawn, grown, errors });
