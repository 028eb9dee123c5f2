// What every proof with the Node SDK shares.
import OpenAI from 'openai';

export const client = new OpenAI({ adminAPIKey: process.env.OPENAI_API_KEY });
export const model = 'gpt-5.5';

/** Kinds of events, runs of the same kind once. */
export const kinds = (events) => events.map((event) => event.type).filter((kind, at, all) => kind !== all[at - 1]);

export const numbered = (events) => events.every((event, at) => event.sequence_number === at);

export const joined = (events, kind) =>
  events
    .filter((event) => event.type === kind)
    .map((event) => event.delta)
    .join('');

export async function collected(stream) {
  const events = [];
  for await (const event of stream) events.push(event);
  return events;
}

export const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** The class of the SDK's own error, with what it read from the reply. */
export async function refused(call) {
  try {
    await call();
  } catch (error) {
    return [error.constructor.name, error.status, error.code, error.param];
  }
  return null;
}

/** Runs the checks one after the other and prints what they report. */
export async function report(checks) {
  const summary = {};
  for (const [name, check] of Object.entries(checks)) summary[name] = await check();
  console.log(JSON.stringify(summary));
}
