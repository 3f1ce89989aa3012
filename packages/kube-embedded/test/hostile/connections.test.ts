import { once } from 'node:events';
import { get } from 'node:http';
import { type Socket, connect } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { configMaps } from '@kmd/kube-client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ApiServer } from '../../src/index.js';
import { randomFrom, upTo } from '../random.js';
import { certificate, start } from '../server.js';

const at = { namespace: 'default' };
const path = '/api/v1/namespaces/default/configmaps';
const mebibyte = 1024 * 1024;
let server: ApiServer;
let sockets: Socket[];
beforeEach(async () => {
  server = await start({ insecurePort: 0 });
  sockets = [];
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await server.close();
});

async function open(): Promise<Socket> {
  const { port } = new URL(server.insecureUrl ?? '');
  const socket = connect({ host: '127.0.0.1', port: Number(port) });
  // What becomes of it is looked at, not how it ends.
  socket.on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

/** What a socket hears until it is closed, or until it heard enough. */
async function hear(socket: Socket, enough: (text: string) => boolean = () => false): Promise<string> {
  let text = '';
  const closed = Promise.withResolvers<void>();
  socket.on('close', () => closed.resolve());
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    if (enough(text)) closed.resolve();
  });
  await closed.promise;
  return text;
}

const isWell = async (): Promise<boolean> => {
  const [response] = await once(get(`${server.insecureUrl ?? ''}/readyz`), 'response');
  response.resume();
  return response.statusCode === 200;
};

const whole = (text: string): boolean => text.includes('Request entity too large: limit is 3145728');

it('refuses an object of 100 MB, said beforehand or not', async () => {
  const declared = await open();
  declared.write(
    `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${100 * mebibyte}\r\n\r\n{`,
  );
  expect(await hear(declared, whole)).toMatch(/^HTTP\/1.1 413/);
  const chunked = await open();
  const heard = hear(chunked, whole);
  chunked.write(
    `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
  );
  const chunk = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(mebibyte, 'x'), Buffer.from('\r\n')]);
  for (let sent = 0; sent < 100; sent++) if (!chunked.write(chunk)) await once(chunked, 'drain');
  expect(await heard).toMatch(/^HTTP\/1.1 413/);
  expect(await isWell()).toBe(true);
});

it('says in the words of the real server what is no HTTP, and what has too many headers', async () => {
  const garbage = await open();
  garbage.write('\x16\x03\x01 hello\r\n\r\n');
  expect(await hear(garbage)).toBe(
    'HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request',
  );
  const few = await open();
  few.write(`GET /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${`X: ${'a'.repeat(100)}\r\n`.repeat(5000)}\r\n`);
  expect(await hear(few)).toMatch(/^HTTP\/1.1 200/);
  const many = await open();
  many.write(`GET /version HTTP/1.1\r\nHost: x\r\n${`X: ${'a'.repeat(1000)}\r\n`.repeat(1100)}`);
  expect(await hear(many)).toMatch(/^HTTP\/1.1 431 Request Header Fields Too Large/);
  const path = await open();
  path.write('GET /api/%zz HTTP/1.1\r\nHost: x\r\n\r\n');
  expect(await hear(path)).toMatch(/^HTTP\/1.1 400 [^]*\r\n\r\n400 Bad Request$/);
});

it.each([
  ['OPTIONS *', /^HTTP\/1.1 200 OK\r\n[^]*Content-Length: 0\r\n/i],
  ['OPTIONS /version', /^HTTP\/1.1 405 [^]*"reason":"MethodNotAllowed"/],
  ['POST /api', /^HTTP\/1.1 405 [^]*"reason":"MethodNotAllowed"/],
  ['HEAD /api/v1', /^HTTP\/1.1 405 /],
  [`HEAD ${path}`, /^HTTP\/1.1 405 /],
  [`PROPFIND ${path}`, /^HTTP\/1.1 405 [^]*"reason":"MethodNotAllowed"/],
  [
    `FOO ${path}`,
    /^HTTP\/1.1 405 [^]*\r\n\r\n{"kind":"Status",.*"reason":"MethodNotAllowed","details":{},"code":405}\n$/,
  ],
  ['F@O /version', /^HTTP\/1.1 400 /],
  ['HEAD /apis', /^HTTP\/1.1 200 /],
  ['PROPFIND /healthz', /^HTTP\/1.1 200 [^]*\r\n\r\nok$/],
  ['POST /apis/apps', /^HTTP\/1.1 200 [^]*"kind":"APIGroup"/],
  ['OPTIONS /nope', /^HTTP\/1.1 404 [^]*404 page not found\n$/],
])('answers %s as the real server does', async (line, answer) => {
  const socket = await open();
  socket.write(`${line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  expect(await hear(socket)).toMatch(answer);
});

it.each([
  ['no host', '', 'missing required Host header'],
  ['a host that is none', 'Host: a b\r\n', 'malformed Host header'],
])('refuses a request with %s as the real server does', async (_, headers, why) => {
  const socket = await open();
  socket.write(`GET /version HTTP/1.1\r\n${headers}\r\n`);
  expect(await hear(socket)).toMatch(new RegExp(`^HTTP/1.1 400 [^]*\r\n\r\n400 Bad Request: ${why}$`));
});

/* Each is wrong in several ways: what is told first is what the real server looks at first. */
it.each([
  ['PATCH', `${path}?fieldValidation=none`, 'application/cbor', '405 '],
  ['DELETE', '/api/v1/namespaces/default/secrets/a/status', 'text/plain', '404 '],
  ['PATCH', `${path}/a?force=true`, 'application/cbor', '415 [^]*"415: Unsupported Media Type"'],
  ['POST', `${path}?fieldValidation=none`, 'text/plain', '415 [^]*the body of the request was in an unknown format'],
  ['POST', `${path}?fieldValidation=none`, 'application/json', '422 [^]*fieldValidation: Unsupported value'],
  ['PATCH', `${path}/a`, 'application/merge-patch+json', '404 [^]*configmaps ."a." not found'],
  ['GET', `${path}/..`, 'application/json', '400 [^]*Name parameter invalid: '],
])('looks at %s %s with a body of %s in the real order', async (method, target, type, answer) => {
  const socket = await open();
  socket.write(
    `${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: 1\r\n\r\n{`,
  );
  expect(await hear(socket)).toMatch(new RegExp(`^HTTP/1.1 ${answer}`));
});

it('answers in YAML who asks for it', async () => {
  const socket = await open();
  socket.write(`GET ${path}/none HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccept: application/yaml\r\n\r\n`);
  expect(await hear(socket)).toMatch(/^HTTP\/1.1 404 [^]*application\/yaml[^]*\r\n\r\napiVersion: v1\ncode: 404\n/);
});

it.each(['3.0', '2.0', '0.9'])('says that it does not speak HTTP/%s', async (version) => {
  const socket = await open();
  socket.write(`GET /version HTTP/${version}\r\nHost: x\r\n\r\n`);
  const status = '505 HTTP Version Not Supported: unsupported protocol version';
  expect(await hear(socket)).toBe(
    `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n${status}`,
  );
});

it('goes on whatever bytes come in, before TLS, in HTTP/1.1 and in HTTP/2', { timeout: 60_000 }, async () => {
  const random = randomFrom(Number(process.env['KUBE_FUZZ_SEED'] ?? 1));
  const request = Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
  );
  const damaged = (bytes: Buffer): Buffer => {
    const copy = Buffer.from(bytes);
    for (let count = upTo(random, 4); count >= 0; count--) copy[upTo(random, copy.length - 1)] = upTo(random, 255);
    return copy.subarray(0, upTo(random, copy.length));
  };
  const frame = (): Buffer => {
    const payload = Buffer.from(Array.from({ length: upTo(random, 40) }, () => upTo(random, 255)));
    const head = Buffer.from([0, 0, payload.length, upTo(random, 10), upTo(random, 255), 0, 0, 0, upTo(random, 5)]);
    return Buffer.concat([head, payload]);
  };
  const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', 'latin1');
  const { port } = server;
  for (let count = 0; count < 300; count++) {
    const plain = await open();
    plain.end(damaged(request));
    plain.resume();
    const secure = connectSecurely({
      host: '127.0.0.1',
      port,
      ca: certificate,
      ALPNProtocols: [count % 2 === 0 ? 'h2' : 'http/1.1'],
    });
    secure.on('error', () => undefined);
    sockets.push(secure);
    await once(secure, 'secureConnect');
    secure.end(count % 2 === 0 ? Buffer.concat([preface, ...Array.from({ length: 5 }, frame)]) : damaged(request));
    secure.resume();
    const raw = connect({ host: '127.0.0.1', port });
    raw.on('error', () => undefined);
    sockets.push(raw);
    await once(raw, 'connect');
    raw.end(frame());
    raw.resume();
    await Promise.all([plain, secure, raw].map((socket) => (socket.closed ? undefined : once(socket, 'close'))));
  }
  expect(await isWell()).toBe(true);
});

it('keeps little for watchers that do not read, and lets the others not wait', { timeout: 60_000 }, async () => {
  for (let name = 0; name < 20; name++) {
    await server.api.create(configMaps, {
      metadata: { name: `big-${name}`, ...at },
      data: { text: 'x'.repeat(mebibyte / 2) },
    });
  }
  const before = process.memoryUsage();
  // Each is told of ten mebibytes that are there, and takes the first kilobytes.
  const slow = await Promise.all(
    Array.from({ length: 100 }, async () => {
      const socket = await open();
      socket.write(`GET ${path}?watch=true HTTP/1.1\r\nHost: x\r\n\r\n`);
      await once(socket, 'data');
      socket.pause();
      return socket;
    }),
  );
  const reader = await open();
  reader.write(
    `GET ${path}?watch=true&resourceVersion=${(await server.api.list(configMaps, at)).metadata.resourceVersion ?? ''} HTTP/1.1\r\nHost: x\r\n\r\n`,
  );
  const seen = hear(reader, (text) => text.includes('"name":"last"'));
  await once(reader, 'data');
  await server.api.create(configMaps, { metadata: { name: 'last', ...at } });
  await seen;
  const after = process.memoryUsage();
  // A thousand mebibytes would be all; a chunk of half a mebibyte and buffers on both ends, for each, is what there may be.
  expect(after.rss - before.rss).toBeLessThan(400 * mebibyte);
  expect(slow.every((socket) => !socket.closed)).toBe(true);
});

it('holds five thousand idle watches in little memory', { timeout: 180_000 }, async () => {
  const before = process.memoryUsage().rss;
  const watches = 5000;
  const idle = await Promise.all(
    Array.from({ length: watches }, async () => {
      const socket = await open();
      socket.write(`GET ${path}?watch=true&allowWatchBookmarks=true&resourceVersion=1 HTTP/1.1\r\nHost: x\r\n\r\n`);
      await once(socket, 'data');
      return socket;
    }),
  );
  // Client and server are both in this process.
  expect((process.memoryUsage().rss - before) / watches).toBeLessThan(100 * 1024);
  const seen = Promise.all(idle.map((socket) => hear(socket, (text) => text.includes('"name":"seen"'))));
  await server.api.create(configMaps, { metadata: { name: 'seen', ...at } });
  await seen;
});
