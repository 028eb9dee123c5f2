// Files, and a batch from end to end.
import { toFile } from 'openai';
import { client, collected, model, pause, refused, report } from './proof.mjs';

const { batches, files } = client;

function line(name, more) {
  const body = { model, input: 'Say hello.', ...more };
  return JSON.stringify({ custom_id: name, method: 'POST', url: '/v1/responses', body });
}

async function untilEnded(batch) {
  let now = batch;
  while (!['completed', 'failed', 'cancelled', 'expired'].includes(now.status)) {
    await pause(10);
    now = await batches.retrieve(batch.id);
  }
  return now;
}

async function begun(text) {
  const file = await files.create({ file: await toFile(Buffer.from(text), 'in.jsonl'), purpose: 'batch' });
  return batches.create({ input_file_id: file.id, endpoint: '/v1/responses', completion_window: '24h' });
}

async function rows(id) {
  const text = await (await files.content(id)).text();
  return text.trim().split('\n').map((row) => JSON.parse(row));
}

async function ran() {
  const batch = await begun([line('good'), line('bad', { temperature: 9 })].join('\n'));
  const done = await untilEnded(batch);
  const [good] = await rows(done.output_file_id);
  const [bad] = await rows(done.error_file_id);
  const [listed] = await collected(batches.list({ limit: 1 }));
  return {
    begun: batch.status,
    ended: done.status,
    counts: done.request_counts,
    good: [good.custom_id, good.response.status_code],
    bad: [bad.custom_id, bad.response.status_code],
    listed: listed.id === batch.id,
    late: await refused(() => batches.cancel(batch.id, { maxRetries: 0 })),
  };
}

async function failed() {
  const batch = await untilEnded(await begun([line('same'), line('same')].join('\n')));
  const [error] = batch.errors.data;
  return { status: batch.status, code: error.code, line: error.line };
}

async function kept() {
  const all = await collected(files.list({ purpose: 'batch' }));
  const gone = await files.delete(all[0].id);
  return {
    names: [...new Set(all.map((file) => file.filename))],
    deleted: gone.deleted,
    gone: await refused(() => files.retrieve(all[0].id)),
  };
}

await report({ ran, failed, files: kept });
