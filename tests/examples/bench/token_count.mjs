// Counts the tokens of each file, and once more with a letter in its middle. Prints a list of
// [tokens, ms, ms of the second count] as JSON.
// Words: the folder that gpt-tokenizer is installed in, and the files.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [folder, ...files] = process.argv.slice(2);
const { countTokens } = createRequire(join(folder, "index.js"))("gpt-tokenizer/encoding/o200k_base");
countTokens("What is loaded at first is not measured.");
const counted = files.map((file) => {
  const text = readFileSync(file, "utf8");
  const middle = text.length >> 1;
  const edited = `${text.slice(0, middle)}x${text.slice(middle)}`;
  const start = performance.now();
  const tokens = countTokens(text);
  const between = performance.now();
  countTokens(edited);
  return [tokens, between - start, performance.now() - between];
});
console.log(JSON.stringify(counted));
