import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startUiServer, type UiServer } from './server.js';

let folder: string;
let server: UiServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kmd-ui-server-'));
  await mkdir(join(folder, 'app', 'assets'), { recursive: true });
  await mkdir(join(folder, 'app-secret'));
  await writeFile(join(folder, 'app', 'index.html'), '<p>page</p>');
  await writeFile(join(folder, 'app', 'assets', 'index-1.js'), 'export {};');
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await writeFile(join(folder, 'app-secret', 'a.txt'), 'secret');
  server = await startUiServer({
    host: '127.0.0.1',
    port: 0,
    assets: join(folder, 'app'),
    // Nobody listens there.
    mesosMaster: 'http://127.0.0.1:9',
    clusterName: 'two',
  });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

/** Sends bytes as they are: a client's library would tidy paths up. Gives the whole answer. */
function raw(request: string): Promise<string> {
  const { port } = new URL(server.url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(request);
  return text(socket);
}
const get = (path: string): Promise<string> => raw(`GET ${path} HTTP/1.1\r\nHost: ui\r\nConnection: close\r\n\r\n`);

it('serves the page under a policy that trusts nothing inline and nobody else', async () => {
  const response = await fetch(server.url);
  expect([response.status, await response.text()]).toEqual([200, '<p>page</p>']);
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy.split('; ')).toEqual(
    expect.arrayContaining(["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'none'"]),
  );
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(response.headers.get('cache-control')).toBe('no-cache');
  const asset = await fetch(`${server.url}/assets/index-1.js`);
  expect(asset.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(asset.headers.get('cache-control')).toContain('immutable');
  expect(await (await fetch(`${server.url}/config.json`)).json()).toEqual({ cluster: 'two' });
});

it.each([
  '/../secret.txt',
  '/assets/../../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/%2e%2e%2fapp-secret%2fa.txt',
  '/assets/..%5c..%5csecret.txt',
  '//secret.txt',
  '//',
  '//[',
  '/%',
  '/%00',
  '/index.html%00.js',
  '/assets',
  'http://[/',
  'secret.txt',
])('gives nothing for %s, and goes on', async (path) => {
  const answer = await get(path);
  expect(answer).toMatch(/^HTTP\/1.1 40[04]/);
  expect(answer).not.toContain('secret');
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
});

it('only reads', async () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])
    expect((await fetch(server.url, { method })).status).toBe(405);
  expect((await fetch(server.url, { method: 'HEAD' })).status).toBe(200);
});

it('refuses headers of any size', async () => {
  const response = await fetch(server.url, { headers: { x: 'x'.repeat(20 * 1024) } });
  expect(response.status).toBe(431);
});

it('tells pages of other sites nothing of Mesos', async () => {
  const answer = await raw(
    'GET /mesos HTTP/1.1\r\nHost: ui\r\nSec-Fetch-Site: cross-site\r\nConnection: close\r\n\r\n',
  );
  expect(answer).toMatch(/^HTTP\/1.1 403/);
});

it('says in the stream that the master does not answer', async () => {
  const stop = new AbortController();
  const response = await fetch(`${server.url}/mesos`, { signal: stop.signal });
  expect(response.headers.get('content-type')).toBe('application/x-ndjson');
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const line = (await reader?.read())?.value ?? '';
  expect(JSON.parse(line)).toMatchObject({ type: 'lost', error: expect.stringContaining('127.0.0.1:9') });
  stop.abort();
});
