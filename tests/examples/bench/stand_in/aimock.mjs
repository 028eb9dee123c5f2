// Serves aimock until its input ends, and prints where.
// Words: the folder that it is installed in, its options and its fixtures as JSON.
import { createRequire } from "node:module";
import { join } from "node:path";

const [folder, options, fixtures] = process.argv.slice(2);
const { LLMock } = createRequire(join(folder, "index.js"))("@copilotkit/aimock");
const mock = new LLMock({ port: 0, logLevel: "silent", ...JSON.parse(options) });
for (const fixture of JSON.parse(fixtures)) mock.addFixture(fixture);
await mock.start();
console.log(mock.url);
process.stdin.resume().on("end", () => process.exit());
