// `node check.mjs FILE`: validates a configuration by promptfoo's own schema, runs it against OPENAI_BASE_URL, and
// prints what came of each assertion.
import { readFileSync } from "node:fs";
import { createRequire, register } from "node:module";

// The results' database is an optional package; nothing here keeps results.
const stub = "data:text/javascript,export function createClient() { throw new Error('there is no database'); }";
const hook = `export function resolve(specifier, context, next) {
  return specifier === "@libsql/client" ? { url: ${JSON.stringify(stub)}, shortCircuit: true } : next(specifier, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hook)}`, import.meta.url);

const { evaluate, UnifiedConfigSchema } = await import("promptfoo");
const { load } = createRequire(createRequire(import.meta.url).resolve("promptfoo"))("js-yaml");
const config = load(readFileSync(process.argv[2], "utf8"));
UnifiedConfigSchema.parse(structuredClone(config));
const run = await evaluate(
  { ...config, writeLatestResults: false },
  { cache: false, maxConcurrency: 1, showProgressBar: false },
);
const summary = await run.toEvaluateSummary();
const results = summary.results.map((one) => ({
  label: one.provider.label,
  asked: one.prompt.raw,
  answer: one.response?.output ?? null,
  assertions: (one.gradingResult?.componentResults ?? []).map((it) => [it.assertion.type, it.pass]),
}));
process.stdout.write(`${JSON.stringify(results)}\n`, () => process.exit(0));
