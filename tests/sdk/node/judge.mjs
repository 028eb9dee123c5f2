// Judges samples by generated Zod schemas: reads {file, name, samples} one after the other from
// stdin, and prints for each list which samples are taken.
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";

const cases = JSON.parse(await text(process.stdin));
const taken = [];
for (const { file, name, samples } of cases) {
  const module = await import(pathToFileURL(file));
  taken.push(samples.map((sample) => module[name].safeParse(JSON.parse(sample)).success));
}
console.log(JSON.stringify(taken));
