import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { type Socket, connect } from 'node:net';
import { configMaps } from '@kmd/kube-client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ApiServer } from '../../src/index.js';
import { certificate, start } from '../server.js';

const at = { namespace: 'default' };
const path = '/api/v1/namespaces/default/configmaps';
const short = { handshake: 200, headersTime: 500, requestTime: 700, idle: 200, check: 50, patience: 200 };
let server: ApiServer;
let sockets: Socket[];
beforeEach(async () => {
  server = await start({ insecurePort: 0, limits: short });
  sockets = [];
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await server.close();
});

async function open(port = Number(new URL(server.insecureUrl ?? '').port)): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port });
  socket.on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

/** Resolves when the server has let a connection go; its own end is left open, as by a peer that vanished. */
const letGo = async (socket: Socket): Promise<void> => {
  socket.resume();
  if (socket.closed) return;
  // With or without an error, which `once` would throw.
  await new Promise((resolve) => socket.once('close', resolve));
};

it('lets go of clients that send their headers a byte at a time', async () => {
  const slow = await Promise.all(Array.from({ length: 50 }, () => open()));
  const dribbles = slow.map((socket) => {
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nX: `);
    const dribble = setInterval(() => socket.write('x'), 20);
    return letGo(socket).finally(() => clearInterval(dribble));
  });
  await Promise.all(dribbles);
});

it.each([
  ['nothing', ''],
  ['half a request line', 'GET /ver'],
  ['half a body', `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{`],
  ['one request', 'GET /version HTTP/1.1\r\nHost: x\r\n\r\n'],
])('lets go of a client that sends %s and is not heard of again', async (_, bytes) => {
  const socket = await open();
  socket.write(bytes);
  await letGo(socket);
});

it('lets go of a client that begins no TLS, and of one of HTTP/2 that asks nothing', async () => {
  await letGo(await open(server.port));
  const session = connectHttp2(server.url, { ca: certificate });
  await once(session, 'close');
});

it('keeps a watch that is quiet for longer than any of these times', async () => {
  const { resourceVersion = '' } = (await server.api.list(configMaps, at)).metadata;
  const watcher = await open();
  watcher.write(`GET ${path}?watch=true&resourceVersion=${resourceVersion} HTTP/1.1\r\nHost: x\r\n\r\n`);
  await once(watcher, 'data');
  // A client that is let go for its silence began after the watch.
  const silent = await open();
  silent.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n`);
  await letGo(silent);
  await server.api.create(configMaps, { metadata: { name: 'seen', ...at } });
  const [event] = await once(watcher, 'data');
  expect(String(event)).toContain('"name":"seen"');
});
