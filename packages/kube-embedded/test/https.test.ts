import { type IncomingMessage, createServer, request as httpRequest } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { configMaps, createKubeClient, endpoints, namespaces, nodes, pods, services } from '@kmd/kube-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiServer, startApiServer } from '../src/index.js';
import { certificate, pem, start, token } from './server.js';

let server: ApiServer;
beforeAll(async () => {
  server = await start({ insecurePort: 0 });
});
afterAll(() => server.close());

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

function ask(
  method: string,
  path: string,
  options: { headers?: Record<string, string>; body?: string | Buffer; anonymous?: true } = {},
): Promise<Answer> {
  const headers = { ...(options.anonymous ? {} : { authorization: `Bearer ${token}` }), ...options.headers };
  return new Promise((resolve, reject) => {
    const sent = request(server.url + path, { method, headers, ca: certificate, agent: false }, (response) => {
      text(response).then(
        (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        reject,
      );
    });
    sent.on('error', reject);
    sent.end(options.body);
  });
}
const get = async (path: string, accept = 'application/json'): Promise<unknown> =>
  JSON.parse((await ask('GET', path, { headers: { accept } })).body);
const post = (path: string, object: object | string, type = 'application/json'): Promise<Answer> =>
  ask('POST', path, {
    headers: { 'content-type': type },
    body: typeof object === 'string' ? object : JSON.stringify(object),
  });

describe('a browser', () => {
  const write = (site: string, method = 'POST', path = '/api/v1/namespaces/default/configmaps') =>
    ask(method, path, {
      headers: { 'sec-fetch-site': site },
      body: JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'written-' } }),
    });

  it.each(['cross-site', 'same-site'])('writes nothing for a page that is %s', async (site) => {
    // Without a content type, which a page may leave out, the body would be taken for JSON.
    expect(await write(site)).toMatchObject({ status: 403, body: expect.stringContaining('page of another site') });
    expect((await write(site, 'DELETE', '/api/v1/namespaces/default/configmaps/none')).status).toBe(403);
  });

  it.each(['same-origin', 'none'])('writes for a page that is %s', async (site) => {
    expect((await write(site)).status).toBe(201);
  });

  it('may follow a link from anywhere', async () => {
    expect((await ask('GET', '/ui', { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(301);
  });
});

describe('authentication', () => {
  it.each(['/api', '/healthz', '/version', '/ui', '/nonsense'])(
    'refuses everyone it does not know on %s',
    async (path) => {
      for (const headers of [
        {},
        { authorization: 'Bearer nope' },
        { authorization: `Basic ${btoa('admin:wrong')}` },
        { authorization: 'Basic !!' },
      ]) {
        const answer = await ask('GET', path, { anonymous: true, headers: headers as Record<string, string> });
        expect(answer).toMatchObject({ status: 401, body: 'Unauthorized\n' });
        expect(answer.headers).toMatchObject({
          'content-type': 'text/plain; charset=utf-8',
          'www-authenticate': 'Basic realm="kubernetes-master"',
          'x-content-type-options': 'nosniff',
        });
      }
    },
  );

  it('takes a token, and a name with its password, and says who that is', async () => {
    const who = async (authorization: string) => {
      const { body } = await ask('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
        headers: { authorization, 'content-type': 'application/json' },
        body: '{}',
      });
      return (JSON.parse(body) as { status: { userInfo: unknown } }).status.userInfo;
    };
    expect(await who(`Bearer ${token}`)).toEqual({
      username: 'cluster-admin',
      uid: 'cluster-admin',
      groups: ['system:masters', 'system:authenticated'],
    });
    expect(await who(`Basic ${btoa('admin:admin')}`)).toMatchObject({ username: 'admin' });
  });

  it('takes a client certificate of its authority, and no other', async () => {
    const own = await start({ clientCa: pem('client-ca.crt') });
    const who = (cert: string, key: string): Promise<Answer> =>
      new Promise((resolve, reject) => {
        const sent = request(
          `${own.url}/apis/authentication.k8s.io/v1/selfsubjectreviews`,
          { method: 'POST', ca: certificate, cert, key, agent: false, headers: { 'content-type': 'application/json' } },
          (response) => {
            text(response).then(
              (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
              reject,
            );
          },
        );
        sent.on('error', reject);
        sent.end('{}');
      });
    const known = await who(pem('client.crt'), pem('client.key'));
    expect(JSON.parse(known.body)).toMatchObject({
      status: {
        userInfo: { username: 'kubernetes-admin', groups: ['system:masters', 'devs', 'system:authenticated'] },
      },
    });
    // The server's own certificate is signed by itself, not by the authority.
    expect((await who(pem('server.crt'), pem('server.key'))).status).toBe(401);
    await own.close();
  });

  it('asks nobody on the insecure port', async () => {
    const body = await new Promise<string>((resolve, reject) => {
      httpRequest(`${server.insecureUrl ?? ''}/healthz`, (response) => text(response).then(resolve, reject))
        .on('error', reject)
        .end();
    });
    expect(body).toBe('ok');
  });
});

describe('discovery', () => {
  it('lists every kind with its names, plainly and aggregated', async () => {
    expect(await get('/api/v1')).toMatchObject({
      kind: 'APIResourceList',
      resources: expect.arrayContaining([
        expect.objectContaining({
          name: 'pods',
          singularName: 'pod',
          shortNames: ['po'],
          namespaced: true,
          kind: 'Pod',
        }),
      ]),
    });
    expect(
      await get('/apis', 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json'),
    ).toMatchObject({
      kind: 'APIGroupDiscoveryList',
      items: expect.arrayContaining([expect.objectContaining({ metadata: expect.objectContaining({ name: 'apps' }) })]),
    });
    expect(await get('/version')).toMatchObject({
      major: '1',
      minor: '33',
      gitVersion: expect.stringMatching(/^v1\.33\.\d+-kmd/),
    });
  });

  it('describes itself in OpenAPI, with all references leading somewhere', async () => {
    const { paths } = (await get('/openapi/v3')) as { paths: Record<string, { serverRelativeURL: string }> };
    expect(Object.keys(paths)).toContain('apis/apps/v1');
    for (const { serverRelativeURL } of Object.values(paths)) {
      const { body } = await ask('GET', serverRelativeURL);
      const { components } = JSON.parse(body) as { components: { schemas: object } };
      const references = new Set(
        [...body.matchAll(/#\/components\/schemas\/([\w.-]+)/g)].map(([, name]) => name ?? ''),
      );
      expect([...references].filter((name) => !(name in components.schemas))).toEqual([]);
    }
  });

  it('redirects to the UI as the original did', async () => {
    expect(await ask('GET', '/ui')).toMatchObject({ status: 301, headers: { location: '/ui/' } });
    const next = await ask('GET', '/ui/');
    expect(next).toMatchObject({
      status: 307,
      headers: { location: '/api/v1/proxy/namespaces/kube-system/services/kubernetes-dashboard' },
    });
    const last = await ask('GET', next.headers.location ?? '');
    expect(last.status).toBe(404);
    expect(JSON.parse(last.body)).toMatchObject({
      kind: 'Status',
      reason: 'NotFound',
      details: { name: 'kubernetes-dashboard' },
    });
  });
});

describe('objects over HTTP', () => {
  const path = '/api/v1/namespaces/default/configmaps';

  it('answers refusals with a Status', async () => {
    const { status, body } = await ask('GET', `${path}/nope`);
    expect(status).toBe(404);
    expect(JSON.parse(body)).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'configmaps "nope" not found',
      reason: 'NotFound',
      details: { name: 'nope', kind: 'configmaps' },
      code: 404,
    });
  });

  it.each<[string, Promise<Answer> | (() => Promise<Answer>), number]>([
    ['JSON that is none', () => post(path, '{"metadata":'), 400],
    ['another kind', () => post(path, { kind: 'Pod', metadata: { name: 'x' } }), 400],
    ['another namespace', () => post(path, { metadata: { name: 'x', namespace: 'other' } }), 400],
    ['a wrong type', () => post(path, { metadata: { name: 'x' }, data: { a: 1 } }), 400],
    ['a body too deep', () => post(path, '['.repeat(100_000)), 400],
    ['a type it does not know', () => post(path, 'x', 'application/cbor'), 415],
    [
      'a patch type it does not know',
      () => ask('PATCH', `${path}/x`, { body: '{}', headers: { 'content-type': 'application/json' } }),
      415,
    ],
    ['a body too large', () => post(path, { metadata: { name: 'x' }, data: { a: 'x'.repeat(3 * 1024 * 1024) } }), 413],
    ['an answer it cannot write', () => ask('GET', path, { headers: { accept: 'image/png' } }), 406],
    ['a verb that is not there', () => ask('PUT', path, { body: '{}' }), 405],
    ['a kind that is not there', () => ask('GET', '/api/v1/nonsense'), 404],
    ['a bad selector', () => ask('GET', `${path}?labelSelector=a%3Db%3Dc`), 400],
    ['a version that is none', () => ask('GET', `${path}?resourceVersion=abc`), 400],
    ['entering a pod that is not there', () => ask('POST', '/api/v1/namespaces/default/pods/x/exec'), 404],
  ])('refuses %s', async (_what, asked, status) => {
    const answer = await (typeof asked === 'function' ? asked() : asked);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ kind: 'Status', status: 'Failure', code: status });
  });

  it('warns of unknown fields, refuses them when asked to, and is silent when asked to be', async () => {
    const object = (name: string) => ({ metadata: { name, nam: 'x' }, data: {}, extra: 1 });
    const warned = await post(path, object('warned'));
    expect(warned.status).toBe(201);
    expect(warned.headers['warning']).toBe(
      '299 - "unknown field \\"metadata.nam\\"", 299 - "unknown field \\"extra\\""',
    );
    const strict = await post(`${path}?fieldValidation=Strict`, object('strict'));
    expect(strict.status).toBe(400);
    expect(strict.body).toContain('strict decoding error: unknown field \\"metadata.nam\\", unknown field \\"extra\\"');
    expect((await post(`${path}?fieldValidation=Ignore`, object('ignored'))).headers['warning']).toBeUndefined();
  });

  it('prints tables, and only the metadata, when asked', async () => {
    await server.api.create(pods, {
      metadata: { name: 'shown', namespace: 'default' },
      spec: { containers: [{ name: 'c', image: 'i' }] },
    });
    const table = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
    expect(await get('/api/v1/namespaces/default/pods?fieldSelector=metadata.name%3Dshown', table)).toMatchObject({
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      columnDefinitions: [
        { name: 'Name', format: 'name' },
        { name: 'Ready' },
        { name: 'Status' },
        { name: 'Restarts' },
        { name: 'Age' },
        { name: 'IP', priority: 1 },
        { name: 'Node' },
        { name: 'Nominated Node' },
        { name: 'Readiness Gates' },
      ],
      rows: [
        {
          cells: [
            'shown',
            '0/1',
            'Pending',
            '0',
            expect.stringMatching(/^\d+s$/),
            '<none>',
            '<none>',
            '<none>',
            '<none>',
          ],
          object: { kind: 'PartialObjectMetadata' },
        },
      ],
    });
    const partial = (await get(
      '/api/v1/namespaces/default/pods/shown',
      'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
    )) as object;
    expect(partial).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'shown' } });
    expect(partial).not.toHaveProperty('spec');
  });

  it('streams a watch with its initial events and the bookmark after them', async () => {
    const path =
      '/api/v1/namespaces?watch=1&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan&timeoutSeconds=1';
    const { status, body } = await ask('GET', path);
    expect(status).toBe(200);
    const events = body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; object: { metadata: { annotations?: object } } });
    expect(events.map(({ type }) => type)).toEqual(['ADDED', 'ADDED', 'ADDED', 'ADDED', 'BOOKMARK']);
    expect(events.at(-1)?.object.metadata.annotations).toMatchObject({ 'k8s.io/initial-events-end': 'true' });
  });

  it('serves the client of this workspace, watch included', async () => {
    const client = createKubeClient({ server: server.url, ca: certificate, token });
    const end = new AbortController();
    const first = (async () => {
      for await (const event of client.watch(configMaps, {
        namespace: 'default',
        fieldSelector: 'metadata.name=live',
        signal: end.signal,
      }))
        return event;
      return undefined;
    })();
    await client.create(configMaps, { metadata: { name: 'live', namespace: 'default' }, data: { a: 'b' } });
    expect(await first).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'live' }, data: { a: 'b' } } });
    end.abort();
    await client.delete(configMaps, 'live', { namespace: 'default' });
    await expect(client.get(configMaps, 'live', { namespace: 'default' })).rejects.toMatchObject({ code: 'NotFound' });
    client.close();
  });

  it('keeps events under both of their kinds', async () => {
    const event = {
      metadata: { name: 'e', namespace: 'default' },
      involvedObject: { kind: 'Pod', name: 'x' },
      reason: 'Test',
      message: 'hello',
      type: 'Normal',
    };
    expect((await post('/api/v1/namespaces/default/events', event)).status).toBe(201);
    expect(await get('/apis/events.k8s.io/v1/namespaces/default/events/e')).toMatchObject({
      apiVersion: 'events.k8s.io/v1',
      note: 'hello',
      regarding: { kind: 'Pod', name: 'x' },
    });
  });
});

describe('what others answer', () => {
  it('passes a pod log on from the kubelet of its node as it comes', async () => {
    const asked: string[] = [];
    let more: () => void = () => undefined;
    const kubelet = createServer((incoming, response) => {
      asked.push(incoming.url ?? '');
      response.write('one\n');
      more = () => response.end('two\n');
    });
    await new Promise<void>((resolve) => kubelet.listen(0, '127.0.0.1', resolve));
    const { port } = kubelet.address() as AddressInfo;
    const { api } = server;
    await api.create(nodes, {
      metadata: { name: 'n1' },
      status: {
        addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
        daemonEndpoints: { kubeletEndpoint: { Port: port } },
      },
    });
    await api.create(pods, {
      metadata: { name: 'logged', namespace: 'default' },
      spec: { nodeName: 'n1', containers: [{ name: 'c', image: 'i' }] },
    });
    const chunks: string[] = [];
    await new Promise<void>((resolve, reject) => {
      const path = '/api/v1/namespaces/default/pods/logged/log?follow=true&tailLines=5';
      request(
        server.url + path,
        { ca: certificate, agent: false, headers: { authorization: `Bearer ${token}` } },
        (response) => {
          response.setEncoding('utf8').on('data', (chunk: string) => {
            chunks.push(chunk);
            // The second line is written only when the first has arrived.
            if (chunks.length === 1) more();
          });
          response.on('end', resolve);
        },
      )
        .on('error', reject)
        .end();
    });
    expect(chunks.join('')).toBe('one\ntwo\n');
    expect(asked).toEqual(['/containerLogs/default/logged/c?follow=true&tailLines=5']);
    expect((await ask('GET', '/api/v1/namespaces/default/pods/logged/log?container=nope')).status).toBe(400);
    await new Promise((resolve) => kubelet.close(resolve));
    expect((await ask('GET', '/api/v1/namespaces/default/pods/logged/log')).status).toBe(500);
  });

  it('proxies to an endpoint of a service, without the credentials', async () => {
    const seen: IncomingMessage['headers'][] = [];
    const backend = createServer((incoming, response) => {
      seen.push(incoming.headers);
      response.end(`${incoming.method ?? ''} ${incoming.url ?? ''}`);
    });
    await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
    const { port } = backend.address() as AddressInfo;
    const { api } = server;
    await api.create(services, {
      metadata: { name: 'ui', namespace: 'kube-system' },
      spec: { ports: [{ name: 'http', port: 80 }] },
    });
    const base = '/api/v1/namespaces/kube-system/services/ui/proxy';
    await api.create(endpoints, { metadata: { name: 'ui', namespace: 'kube-system' } });
    expect((await ask('GET', `${base}/`)).status).toBe(503);
    await api.patch(
      endpoints,
      'ui',
      { subsets: [{ addresses: [{ ip: '127.0.0.1' }], ports: [{ name: 'http', port }] }] },
      { type: 'merge', namespace: 'kube-system' },
    );
    expect((await ask('GET', `${base}/a%20b?c=d`)).body).toBe('GET /a%20b?c=d');
    expect((await ask('POST', '/api/v1/proxy/namespaces/kube-system/services/ui:80/x')).body).toBe('POST /x');
    expect(seen.every((headers) => headers.authorization === undefined)).toBe(true);
    await new Promise((resolve) => backend.close(resolve));
  });
});

describe('the server', () => {
  it('says which port is taken, and leaves nothing behind', async () => {
    await expect(start({ port: server.port })).rejects.toMatchObject({
      code: 'PortTaken',
      message: expect.stringContaining(String(server.port)),
    });
    await expect(startApiServer({ port: 0, tls: { cert: 'x', key: 'y' } })).rejects.toMatchObject({
      code: 'InvalidCertificate',
    });
  });

  it('ends watches and frees its port when it closes', async () => {
    const own = await start();
    const ended = new Promise<void>((resolve, reject) => {
      request(
        `${own.url}/api/v1/namespaces?watch=1`,
        { ca: certificate, agent: false, headers: { authorization: `Bearer ${token}` } },
        (response) => {
          response.on('data', () => void own.close());
          response.on('close', resolve);
          response.on('error', () => resolve());
        },
      )
        .on('error', reject)
        .end();
    });
    await ended;
    await own.close();
    const again = await start({ port: own.port });
    expect((await again.api.list(namespaces)).items).toHaveLength(4);
    await again.close();
  });
});
