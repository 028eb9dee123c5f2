// Writes files of other tools into the folder OUT, by those tools' own packages: `node samples.mjs OUT`.
// Reports what each of the tools is, and that what has no writer among them is accepted by a reader.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(import.meta.url);
const { stringifyCollection, stringifyEnvironment, stringifyRequest } = require("@usebruno/filestore");
const { brunoToOpenCollection, insomniaToBruno } = require("@usebruno/converters");
const { Collection, VariableScope } = require("postman-collection");
const har = require("har-validator");

const out = process.argv[2];
// A key that must not come out of an import.
const KEY = "sk-test-planted0123456789abcdef";
const body = (name) =>
  JSON.stringify({ model: "gpt-5.5", input: `Greet ${name}`, reasoning: { effort: "low" } }, null, 2);

function save(path, text) {
  const file = join(out, path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
}

// Bruno, in both of its formats.
const item = {
  type: "http-request",
  name: "Greet",
  seq: 1,
  request: {
    method: "POST",
    url: "{{base_url}}/v1/responses",
    headers: [{ name: "X-Team", value: "a", enabled: true }],
    params: [],
    auth: { mode: "bearer", bearer: { token: KEY } },
    body: { mode: "json", json: body("{{name}}") },
    script: { req: "bru.setVar('a', 1)" },
    vars: {},
    assertions: [{ name: "res.status", value: "eq 200", enabled: true }],
    tests: "",
    docs: "",
  },
};
const environment = {
  name: "Local",
  variables: [
    { name: "name", value: "Ada", enabled: true, secret: false, type: "text" },
    { name: "api_key", value: KEY, enabled: true, secret: true, type: "text" },
  ],
};
const marker = { version: "1", name: "Bruno", type: "collection" };
for (const [format, ending] of [
  ["bru", "bru"],
  ["yml", "yml"],
]) {
  const folder = `bruno-${format}`;
  save(`${folder}/Talk/greet.${ending}`, stringifyRequest(item, { format }));
  save(`${folder}/environments/Local.${ending}`, stringifyEnvironment(environment, { format }));
}
save("bruno-bru/bruno.json", JSON.stringify(marker));
save("bruno-yml/opencollection.yml", stringifyCollection({}, marker, { format: "yml" }));
const bundled = brunoToOpenCollection({
  name: "Bundled",
  version: "1",
  items: [{ type: "folder", name: "Talk", items: [item] }],
  environments: [environment],
});
save("bundled.json", JSON.stringify(bundled));

// Postman.
const collection = new Collection({
  info: { name: "Postman" },
  variable: [{ key: "base_url", value: "https://api.openai.com" }],
  item: [
    {
      name: "Talk",
      item: [
        {
          name: "Greet",
          request: {
            method: "POST",
            url: "{{base_url}}/v1/responses",
            header: [{ key: "Authorization", value: `Bearer ${KEY}` }],
            body: { mode: "raw", raw: body("{{name}}") },
          },
        },
      ],
    },
  ],
}).toJSON();
collection.info.schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";
save("postman.json", JSON.stringify(collection));
const scope = new VariableScope({
  name: "Local",
  values: [
    { key: "name", value: "Ada" },
    { key: "api_key", value: KEY, type: "secret" },
  ],
}).toJSON();
save("postman-environment.json", JSON.stringify({ ...scope, name: "Local", _postman_variable_scope: "environment" }));

// Yaak, through its command line, in a data folder of its own. Its programs are a package per system, and the
// registry keeps the one for Linux.
const yaakProgram =
  `${process.platform}-${process.arch}` === "linux-x64" ? require.resolve("@yaakapp/cli-linux-x64/bin/yaak") : null;
if (yaakProgram) {
  chmodSync(yaakProgram, 0o755);
  // The last word of what it says is the id of what it made.
  const yaak = (...words) => {
    const options = { encoding: "utf8" };
    return execFileSync(yaakProgram, ["--data-dir", join(out, ".yaak"), ...words], options).trim().split(/\s+/).at(-1);
  };
  const workspace = yaak("workspace", "create", "--name", "Yaak");
  const folder = yaak("folder", "create", workspace, "--name", "Talk");
  const request = {
    name: "Greet",
    folderId: folder,
    method: "POST",
    url: "${[ base_url ]}/v1/responses",
    bodyType: "application/json",
    body: { text: body("${[ name ]}") },
    authenticationType: "bearer",
    authentication: { token: KEY },
  };
  yaak("request", "create", workspace, "--json", JSON.stringify(request));
  yaak("export", join(out, "yaak.json"), workspace);
}

// HAR has no writer here; it is made by hand and held against its published schema.
const archive = {
  log: {
    version: "1.2",
    creator: { name: "samples", version: "1" },
    entries: [
      {
        startedDateTime: "2026-01-01T00:00:00.000Z",
        time: 1,
        request: {
          method: "POST",
          url: "https://api.openai.com/v1/responses",
          httpVersion: "HTTP/2",
          cookies: [],
          headers: [{ name: "authorization", value: `Bearer ${KEY}` }],
          queryString: [],
          postData: { mimeType: "application/json", text: body("Ada") },
          headersSize: -1,
          bodySize: -1,
        },
        response: {
          status: 200,
          statusText: "OK",
          httpVersion: "HTTP/2",
          cookies: [],
          headers: [],
          content: { size: 0, mimeType: "text/plain" },
          redirectURL: "",
          headersSize: -1,
          bodySize: -1,
        },
        cache: {},
        timings: { send: 0, wait: 1, receive: 0 },
      },
    ],
  },
};
const validHar = await har.har(archive).then(Boolean);
save("session.har", JSON.stringify(archive));

// Insomnia has none either: the hand-made file is given to another tool's reader.
const insomnia = `type: collection.insomnia.rest/5.0
name: Insomnia
meta:
  id: wrk_0
collection:
  - name: Talk
    meta:
      id: fld_0
    children:
      - url: "{{ _.base_url }}/v1/responses"
        name: Greet
        meta:
          id: req_0
        method: POST
        body:
          mimeType: application/json
          text: |-
${body("{{ _.name }}").replace(/^/gm, "            ")}
        authentication:
          type: bearer
          token: ${KEY}
environments:
  name: Base Environment
  meta:
    id: env_0
  data:
    name: Ada
    api_key: ${KEY}
`;
const read = insomniaToBruno(insomnia);
const readItem = read.items[0].items[0];
save("insomnia.yaml", insomnia);

console.log(
  JSON.stringify({
    yaak: yaakProgram !== null,
    bundled: bundled.opencollection,
    validHar,
    insomnia: [read.items[0].name, readItem.name, readItem.request.body.mode, read.environments[0].variables.length],
  }),
);
