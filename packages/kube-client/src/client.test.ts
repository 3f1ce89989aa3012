import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { WatchEvent } from './api.js';
import { createKubeClient, type KubeClient } from './client.js';
import type { KubeError } from './errors.js';
import { deployments, pods } from './resources.js';
import type { Pod } from './index.js';

interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

/** A server that answers with what `answer` does, and a client of it. */
async function serve(
  answer: (seen: Seen, response: ServerResponse) => void,
  options: { token?: string; basic?: { username: string; password: string }; path?: string } = {},
): Promise<{ api: KubeClient; seen: Seen[]; server: Server; url: string }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const one = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
      seen.push(one);
      answer(one, response);
    });
  });
  const url = await listen(server);
  const { path = '', ...credentials } = options;
  const api = createKubeClient({ server: url + path, userAgent: 'test', ...credentials });
  closers.push(() => api.close());
  return { api, seen, server, url };
}

/** Something a test waits for. */
function signal(): { raised: Promise<void>; raise: () => void } {
  let raise: () => void = () => undefined;
  const raised = new Promise<void>((resolve) => (raise = resolve));
  return { raised, raise: () => raise() };
}

const json = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

const failure = async (promise: Promise<unknown>): Promise<KubeError> => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toHaveProperty('name', 'KubeError');
  return error as KubeError;
};

async function collect<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of iterable) all.push(one);
  return all;
}

describe('requests', () => {
  it('sends each verb as the API server routes it', async () => {
    const { api, seen } = await serve((_, response) => json(response, 200, { metadata: { name: 'a' } }));
    const pod: Pod = { metadata: { name: 'a', namespace: 'ns' } };
    await api.get(pods, 'a', { namespace: 'ns' });
    await api.create(pods, pod, { dryRun: true, fieldManager: 'me' });
    await api.update(pods, pod, { subresource: 'status' });
    await api.delete(pods, 'a', { namespace: 'ns', gracePeriodSeconds: 0, propagationPolicy: 'Background' });
    await api.createSubresource(pods, 'a', 'binding', { target: { name: 'n1' } }, { namespace: 'ns' });
    expect(seen.map(({ method, url, body }) => [method, url, body === '' ? null : JSON.parse(body)])).toEqual([
      ['GET', '/api/v1/namespaces/ns/pods/a', null],
      ['POST', '/api/v1/namespaces/ns/pods?dryRun=All&fieldManager=me', { apiVersion: 'v1', kind: 'Pod', ...pod }],
      ['PUT', '/api/v1/namespaces/ns/pods/a/status', { apiVersion: 'v1', kind: 'Pod', ...pod }],
      [
        'DELETE',
        '/api/v1/namespaces/ns/pods/a',
        { apiVersion: 'v1', kind: 'DeleteOptions', gracePeriodSeconds: 0, propagationPolicy: 'Background' },
      ],
      ['POST', '/api/v1/namespaces/ns/pods/a/binding', { target: { name: 'n1' } }],
    ]);
    expect(seen[0]?.headers).toMatchObject({ 'user-agent': 'test', accept: 'application/json' });
  });

  it.each([
    ['json', 'application/json-patch+json'],
    ['merge', 'application/merge-patch+json'],
    ['strategic', 'application/strategic-merge-patch+json'],
    ['apply', 'application/apply-patch+yaml'],
  ] as const)('sends a %s patch as %s', async (type, contentType) => {
    const { api, seen } = await serve((_, response) => json(response, 200, {}));
    await api.patch(deployments, 'd', { spec: {} }, { namespace: 'ns', type, fieldManager: 'kmd', force: true });
    expect(seen[0]).toMatchObject({
      method: 'PATCH',
      url: '/apis/apps/v1/namespaces/ns/deployments/d?force=true&fieldManager=kmd',
      headers: { 'content-type': contentType },
      body: '{"spec":{}}',
    });
  });

  it('authenticates by token or by user and password', async () => {
    const token = await serve((_, response) => json(response, 200, {}), { token: 't0k' });
    await token.api.get(pods, 'a', { namespace: 'ns' });
    expect(token.seen[0]?.headers.authorization).toBe('Bearer t0k');
    const basic = await serve((_, response) => json(response, 200, {}), {
      basic: { username: 'admin', password: 'ä:b' },
    });
    await basic.api.get(pods, 'a', { namespace: 'ns' });
    expect(basic.seen[0]?.headers.authorization).toBe(`Basic ${Buffer.from('admin:ä:b').toString('base64')}`);
  });

  it('keeps the path of the server address', async () => {
    const { api, seen } = await serve((_, response) => json(response, 200, {}), { path: '/clusters/c1/' });
    await api.get(pods, 'a', { namespace: 'ns' });
    expect(seen[0]?.url).toBe('/clusters/c1/api/v1/namespaces/ns/pods/a');
  });

  it('says of listed objects what they are, and takes null for an empty list', async () => {
    const { api } = await serve(({ url }, response) =>
      json(response, 200, {
        metadata: { resourceVersion: '7' },
        items: url.includes('none') ? null : [{ metadata: { name: 'a' } }],
      }),
    );
    expect((await api.list(deployments)).items).toEqual([
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' } },
    ]);
    expect((await api.list(deployments, { labelSelector: 'none' })).items).toEqual([]);
  });

  it('gives the raw answer of request(), refusals included', async () => {
    const { api, seen } = await serve((_, response) => response.writeHead(418, { 'x-a': 'b' }).end('short and stout'));
    const answer = await api.request('POST', '/pot?x=1', { body: 'water', contentType: 'text/plain' });
    expect(answer).toMatchObject({ status: 418, body: 'short and stout', headers: { 'x-a': 'b' } });
    expect(seen[0]).toMatchObject({
      method: 'POST',
      url: '/pot?x=1',
      body: 'water',
      headers: { 'content-type': 'text/plain' },
    });
  });

  it('reuses one connection for one request after another', async () => {
    const { api, server } = await serve((_, response) => json(response, 200, {}));
    let connections = 0;
    server.on('connection', () => connections++);
    for (let i = 0; i < 5; i++) await api.get(pods, 'a', { namespace: 'ns' });
    expect(connections).toBe(1);
  });

  it('sends a GET again when the kept connection turns out to be closed, and never a POST', async () => {
    const used = new Set<unknown>();
    const { api, seen } = await serve((_, response) => {
      // The second request of every connection meets a server that has just given it up.
      if (used.has(response.socket)) return response.socket?.resetAndDestroy();
      used.add(response.socket);
      return json(response, 200, { metadata: { name: 'a' } });
    });
    await api.get(pods, 'a', { namespace: 'ns' });
    await api.get(pods, 'a', { namespace: 'ns' });
    expect(seen.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET']);
    expect(await failure(api.create(pods, { metadata: { namespace: 'ns' } }))).toMatchObject({ code: 'Unreachable' });
    expect(seen).toHaveLength(4);
  });

  it('comes back when a busy server says when', async () => {
    let asked = 0;
    const { api } = await serve((_, response) => {
      if (++asked < 3) response.writeHead(429, { 'retry-after': '0' }).end();
      else json(response, 200, { metadata: { name: 'a' } });
    });
    await api.get(pods, 'a', { namespace: 'ns' });
    expect(asked).toBe(3);
  });

  it('stops at the signal with its reason', async () => {
    const arrived = signal();
    const { api } = await serve(() => arrived.raise());
    const stop = new AbortController();
    const request = api.get(pods, 'a', { namespace: 'ns', signal: stop.signal });
    await arrived.raised;
    const reason = new Error('enough');
    stop.abort(reason);
    await expect(request).rejects.toBe(reason);
    await expect(api.get(pods, 'a', { signal: stop.signal })).rejects.toBe(reason);
  });
});

describe('refusals', () => {
  it('keeps reason, message and details of the Status', async () => {
    const { api } = await serve((_, response) =>
      json(response, 404, {
        kind: 'Status',
        status: 'Failure',
        message: 'pods "a" not found',
        reason: 'NotFound',
        details: { name: 'a', kind: 'pods' },
        code: 404,
      }),
    );
    expect(await failure(api.get(pods, 'a', { namespace: 'ns' }))).toMatchObject({
      status: 404,
      code: 'NotFound',
      message: 'pods "a" not found',
      details: { name: 'a', kind: 'pods' },
    });
  });

  it('names request and status of an answer that is no Status', async () => {
    const { api, url } = await serve((_, response) => response.writeHead(503).end('<h1>down</h1>'));
    const error = await failure(api.get(pods, 'a', { namespace: 'ns' }));
    expect(error).toMatchObject({ status: 503, code: 'ServiceUnavailable' });
    expect(error.message).toBe(`GET ${url}/api/v1/namespaces/ns/pods/a answered 503: <h1>down</h1>`);
  });

  it('says so when a good answer is no JSON', async () => {
    const { api } = await serve((_, response) => response.end('welcome'));
    expect(await failure(api.list(pods))).toMatchObject({ status: 200, code: 'InvalidResponse' });
  });

  it('names the address of a server that cannot be reached', async () => {
    const server = createServer();
    const url = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const api = createKubeClient({ server: url });
    const error = await failure(api.list(pods));
    expect(error).toMatchObject({ status: 0, code: 'Unreachable' });
    expect(error.message).toContain(url);
    expect(error.message).toContain('ECONNREFUSED');
    expect(error.cause).toBeInstanceOf(Error);
  });

  it('refuses an address that is none', () => {
    expect(() => createKubeClient({ server: '127.0.0.1:6443' })).toThrow(
      /"127\.0\.0\.1:6443" is no API server address/,
    );
  });
});

describe('watch', () => {
  const event = (type: string, name: string): string => `${JSON.stringify({ type, object: { metadata: { name } } })}\n`;

  it('delivers events however the bytes are cut, and ends when the server ends it', async () => {
    const { api, seen } = await serve((_, response) => {
      const bytes = Buffer.from(event('ADDED', 'grün-€-😀') + event('BOOKMARK', 'b') + event('DELETED', 'c'));
      response.writeHead(200);
      for (const byte of bytes) response.write(Buffer.of(byte));
      response.end();
    });
    const events = await collect(
      api.watch(pods, { namespace: 'ns', resourceVersion: '5', allowWatchBookmarks: true, timeoutSeconds: 9 }),
    );
    expect(events.map(({ type, object }) => [type, object.metadata?.name])).toEqual([
      ['ADDED', 'grün-€-😀'],
      ['BOOKMARK', 'b'],
      ['DELETED', 'c'],
    ]);
    expect(seen[0]?.url).toBe(
      '/api/v1/namespaces/ns/pods?watch=true&resourceVersion=5&allowWatchBookmarks=true&timeoutSeconds=9',
    );
  });

  it('delivers each event as soon as it has come, and ends at the signal', async () => {
    const closed = signal();
    const { api } = await serve((_, response) => {
      response.on('close', () => closed.raise());
      response.write(event('ADDED', 'a'));
    });
    const stop = new AbortController();
    const names: (string | undefined)[] = [];
    for await (const { object } of api.watch(pods, { signal: stop.signal })) {
      names.push(object.metadata?.name);
      stop.abort();
    }
    expect(names).toEqual(['a']);
    await closed.raised;
    expect(await collect(api.watch(pods, { signal: stop.signal }))).toEqual([]);
  });

  it('closes the connection when the consumer leaves', async () => {
    const closed = signal();
    const { api } = await serve((_, response) => {
      response.on('close', () => closed.raise());
      response.write(event('ADDED', 'a') + event('ADDED', 'b'));
    });
    for await (const one of api.watch(pods)) {
      expect(one.object.metadata?.name).toBe('a');
      break;
    }
    await closed.raised;
  });

  it('throws what an ERROR event says', async () => {
    const { api } = await serve((_, response) => {
      const object = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version: 1 (9)' };
      response.end(event('ADDED', 'a') + `${JSON.stringify({ type: 'ERROR', object })}\n`);
    });
    const events: WatchEvent<Pod>[] = [];
    const error = await failure(
      (async () => {
        for await (const one of api.watch(pods, { resourceVersion: '1' })) events.push(one);
      })(),
    );
    expect(events).toHaveLength(1);
    expect(error).toMatchObject({ status: 410, code: 'Expired', message: 'too old resource version: 1 (9)' });
  });

  it('throws the refusal of the watch itself', async () => {
    const { api } = await serve((_, response) =>
      json(response, 403, { kind: 'Status', code: 403, reason: 'Forbidden', message: 'no' }),
    );
    expect(await failure(collect(api.watch(pods)))).toMatchObject({ status: 403, code: 'Forbidden', message: 'no' });
  });

  it('throws when the connection breaks, and for a line that is no event', async () => {
    const broken = await serve((_, response) => {
      response.write(event('ADDED', 'a'), () => response.socket?.resetAndDestroy());
    });
    expect(await failure(collect(broken.api.watch(pods)))).toMatchObject({ status: 0, code: 'Unreachable' });
    const strange = await serve((_, response) => response.end('{"type":"ADDED"}\n'));
    expect(await failure(collect(strange.api.watch(pods)))).toMatchObject({ code: 'InvalidResponse' });
  });
});
