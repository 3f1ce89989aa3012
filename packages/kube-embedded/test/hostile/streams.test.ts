import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import { connect as connectSecurely } from 'node:tls';
import { configMaps } from '@kmd/kube-client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ApiServer } from '../../src/index.js';
import { certificate, start, token } from '../server.js';

const path = '/api/v1/namespaces/default/configmaps';
const mebibyte = 1024 * 1024;
let server: ApiServer;
let sessions: ClientHttp2Session[];
beforeEach(async () => {
  server = await start();
  sessions = [];
});
afterEach(async () => {
  for (const session of sessions) session.destroy();
  await server.close();
});

async function open(): Promise<ClientHttp2Session> {
  const session = connect(server.url, { ca: certificate });
  sessions.push(session);
  session.on('error', () => undefined);
  await once(session, 'connect');
  return session;
}

function ask(session: ClientHttp2Session, target: string, headers: Record<string, string> = {}): ClientHttp2Stream {
  const stream = session.request({ ':path': target, authorization: `Bearer ${token}`, ...headers });
  stream.on('error', () => undefined);
  return stream;
}

/** Resolves when a stream has said a text. */
async function hear(stream: ClientHttp2Stream, text: string): Promise<void> {
  let heard = '';
  for await (const chunk of stream.iterator({ destroyOnReturn: false }))
    if ((heard += String(chunk)).includes(text)) return;
}

/** Whether the server still answers, on a connection of its own. */
async function isWell(): Promise<boolean> {
  const stream = ask(await open(), '/readyz');
  const [headers] = await once(stream, 'response');
  stream.resume();
  return headers[':status'] === 200;
}

/** A frame (RFC 9113, section 4.1). */
function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

// `GET https://x/` by the static table of HPACK, and the code CANCEL.
const headers = Buffer.from([0x82, 0x84, 0x87, 0x41, 0x01, 0x78]);
const cancel = Buffer.from([0, 0, 0, 8]);

it('ends a connection that opens streams and resets them at once', { timeout: 60_000 }, async () => {
  const { port } = server;
  const socket = connectSecurely({ host: '127.0.0.1', port, ca: certificate, ALPNProtocols: ['h2'] });
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  const before = process.memoryUsage().rss;
  const ended = new Promise((resolve) => socket.once('close', resolve));
  socket.resume();
  socket.write(Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame(4, 0, 0, Buffer.alloc(0))]));
  // CVE-2023-44487: each costs the server a request, and the client nothing.
  for (let stream = 1; stream < 40_000 && socket.writable; stream += 2) {
    const request = Buffer.concat([frame(1, 5, stream, headers), frame(3, 0, stream, cancel)]);
    if (!socket.write(request)) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), ended]);
  }
  await ended;
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * mebibyte);
  expect(await isWell()).toBe(true);
});

it('holds a thousand watches on one connection', { timeout: 60_000 }, async () => {
  const session = await open();
  const watches = Array.from({ length: 1000 }, () => ask(session, `${path}?watch=true`));
  await Promise.all(watches.map((watch) => once(watch, 'response')));
  const seen = Promise.all(watches.map((watch) => hear(watch, '"name":"seen"')));
  await server.api.create(configMaps, { metadata: { name: 'seen', namespace: 'default' } });
  await seen;
  expect(await isWell()).toBe(true);
});

it('refuses headers beyond a mebibyte, and goes on', async () => {
  const session = await open();
  const stream = ask(
    session,
    path,
    Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`x-${at}`, 'a'.repeat(60_000)])),
  );
  const status = await new Promise((resolve) => {
    stream.on('response', (headers) => resolve(headers[':status']));
    stream.on('close', () => resolve(undefined));
  });
  expect([431, undefined]).toContain(status);
  expect(await isWell()).toBe(true);
});
