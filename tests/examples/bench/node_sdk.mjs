// Reads the bench's stream with OpenAI's Node SDK and prints the seconds of every run as JSON.
// Words: the folder that the SDK is installed in, the base URL, the events to expect, the runs.
import { createRequire } from "node:module";
import { join } from "node:path";

const [folder, baseURL, events, runs] = process.argv.slice(2);
const { default: OpenAI } = createRequire(join(folder, "index.js"))("openai");
const client = new OpenAI({ apiKey: "sk-bench", baseURL, maxRetries: 0 });

async function read() {
  const start = performance.now();
  const stream = await client.responses.create({ model: "gpt-5.5", input: "count", stream: true });
  let seen = 0;
  for await (const event of stream) seen += event.type ? 1 : 0;
  if (seen !== Number(events)) throw new Error(`${seen} of ${events} events`);
  return (performance.now() - start) / 1000;
}

await read();
const times = [];
for (let run = 0; run < Number(runs); run += 1) times.push(await read());
console.log(JSON.stringify(times));
