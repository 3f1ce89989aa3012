import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { configMaps, endpoints, services } from '@kmd/kube-client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ApiServer } from '../src/index.js';
import { certificate, start, token } from './server.js';

let server: ApiServer;
let session: ClientHttp2Session;

beforeEach(async () => {
  server = await start();
  session = connect(server.url, { ca: certificate });
  await once(session, 'connect');
});
afterEach(async () => {
  session.destroy();
  await server.close();
});

const path = '/api/v1/namespaces/default/configmaps';

function open(method: string, target: string, headers: Record<string, string> = {}, body?: string): ClientHttp2Stream {
  const stream = session.request({ ':method': method, ':path': target, authorization: `Bearer ${token}`, ...headers });
  stream.end(body);
  stream.setEncoding('utf8');
  return stream;
}

async function ask(...request: Parameters<typeof open>): Promise<{ status: number; body: string }> {
  const stream = open(...request);
  const [headers] = await once(stream, 'response');
  let body = '';
  for await (const chunk of stream) body += String(chunk);
  return { status: Number(headers[':status']), body };
}

it('answers over HTTP/2, the refused too', async () => {
  const body = JSON.stringify({ kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'a' }, data: { k: 'v' } });
  expect((await ask('POST', path, { 'content-type': 'application/json' }, body)).status).toBe(201);
  expect(JSON.parse((await ask('GET', `${path}/a`)).body)).toMatchObject({ data: { k: 'v' } });
  expect((await ask('GET', path, { authorization: 'Bearer wrong' })).status).toBe(401);
  expect((await ask('GET', `${path}/b`)).status).toBe(404);
  expect((await ask('POST', path, { 'content-type': 'application/json' }, 'x'.repeat(4_000_000))).status).toBe(413);
});

it('holds more watches on one connection than a browser opens of HTTP/1', async () => {
  const watches = Array.from({ length: 20 }, () => open('GET', `${path}?watch=true`));
  await Promise.all(watches.map((watch) => once(watch, 'response')));
  const seen = Promise.all(watches.map(async (watch) => String((await once(watch, 'data'))[0])));
  await server.api.create(configMaps, { metadata: { name: 'seen', namespace: 'default' } });
  for (const line of await seen) expect(line).toContain('"name":"seen"');
  for (const watch of watches) watch.close();
  expect((await ask('GET', `${path}/seen`)).status).toBe(200);
});

it('passes requests on to services', async () => {
  const upstream = createServer((request, response) => response.end(`${request.method} ${request.url}`));
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  try {
    const { port } = upstream.address() as AddressInfo;
    const metadata = { name: 'web', namespace: 'default' };
    await server.api.create(services, { metadata, spec: { ports: [{ port: 80 }] } });
    await server.api.create(endpoints, {
      metadata,
      subsets: [{ addresses: [{ ip: '127.0.0.1' }], ports: [{ port }] }],
    });
    const { status, body } = await ask('GET', '/api/v1/namespaces/default/services/web/proxy/page?a=b');
    expect([status, body]).toEqual([200, 'GET /page?a=b']);
    const bare = open('GET', '/api/v1/namespaces/default/services/web/proxy?a=b');
    const [headers] = await once(bare, 'response');
    expect([headers[':status'], headers['location']]).toEqual([
      301,
      '/api/v1/namespaces/default/services/web/proxy/?a=b',
    ]);
  } finally {
    upstream.close();
  }
});

it('ends every stream when it closes', async () => {
  const watch = open('GET', `${path}?watch=true`);
  await once(watch, 'response');
  watch.on('error', () => undefined);
  const closed = once(session, 'close');
  await server.close();
  await closed;
});
