// Responses over a WebSocket.
import { ResponsesWS } from 'openai/resources/responses/ws';
import { client, kinds, model, numbered, report } from './proof.mjs';

const ENDS = ['response.completed', 'response.incomplete', 'response.failed', 'error'];

function turn(socket, body) {
  return new Promise((done) => {
    const events = [];
    const hear = (event) => {
      events.push(event);
      if (!ENDS.includes(event.type)) return;
      socket.off('event', hear);
      done(events);
    };
    socket.on('event', hear);
    socket.send({ type: 'response.create', model, reasoning: { effort: 'none' }, ...body });
  });
}

async function spoken() {
  const socket = new ResponsesWS(client);
  // Without a listener of its own, an error frame would end the process.
  socket.on('error', () => {});
  const first = await turn(socket, { input: 'Say hello.', store: false });
  const { id } = first.at(-1).response;
  const second = await turn(socket, {
    input: 'Again.',
    store: false,
    previous_response_id: id,
    stream_id: 'main',
  });
  const loaded = await turn(socket, { instructions: 'Be brief.', generate: false });
  const [error] = await turn(socket, { input: 'More.', previous_response_id: 'resp_gone' });
  socket.close();
  return {
    kinds: kinds(first),
    numbered: numbered(first) && numbered(second),
    before: second.at(-1).response.previous_response_id === id,
    lane: second.at(-1).stream_id,
    loaded: [kinds(loaded), loaded.at(-1).response.output.length],
    error: [error.status, error.error.code],
  };
}

await report({ spoken });
