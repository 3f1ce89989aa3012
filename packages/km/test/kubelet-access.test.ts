import { configMaps, KubeError, silentLogger } from '@kmd/kube-client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { KubeletAccess } from '../src/executor/kubelet-access.js';
import { startKubeletServer, type KubeletServer } from '../src/executor/kubelet-server.js';
import { signItself } from '../src/executor/self-signed.js';
import { askKubelet } from './ask-kubelet.js';
import { FakeKube } from './fake-kube.js';

const published = { namespace: 'kube-system', name: 'extension-apiserver-authentication' };
/** A certificate that signs itself is its own authority. */
const apiServer = signItself('kube-apiserver');
const stranger = signItself('stranger');
const paths = ['/healthz', '/pods', '/containerLogs/default/p/c'];

let kube: FakeKube;
let server: KubeletServer;

const publish = (authority: string) =>
  kube.create(configMaps, { metadata: published, data: { 'client-ca-file': authority } });
const statusOf = async (as?: Parameters<typeof askKubelet>[2], path = '/pods') =>
  (await askKubelet(server.port, path, as)).status;

beforeEach(async () => {
  kube = new FakeKube();
  const log = { ended: true, lines: [{ time: 0, text: 'a secret' }], follow: () => () => undefined };
  server = await startKubeletServer(
    '127.0.0.1',
    { pods: () => [{ metadata: { name: 'secret' } }], log: () => log },
    new KubeletAccess({ kube, node: 'agent-1', logger: silentLogger }),
  );
});
afterEach(() => server.close());

it('a stranger learns nothing, whatever he asks for', async () => {
  await publish(apiServer.cert);
  for (const path of paths) {
    for (const as of [{}, stranger, { token: 'guessed' }])
      expect(await askKubelet(server.port, path, as)).toEqual({ status: 401, body: 'Unauthorized' });
    await expect(fetch(`http://127.0.0.1:${server.port}${path}`)).rejects.toThrow();
  }
});

it("who has a certificate of the API server's authority may read what he has the right to", async () => {
  await publish(apiServer.cert);
  const asked: unknown[] = [];
  kube.may = (...question) => asked.push(question) === 1;
  expect(await askKubelet(server.port, '/containerLogs/default/p/c', apiServer)).toEqual({
    status: 200,
    body: 'a secret\n',
  });
  const about = { verb: 'get', version: 'v1', resource: 'nodes', subresource: 'proxy', name: 'agent-1' };
  expect(asked).toEqual([['kube-apiserver', about]]);
  expect(await askKubelet(server.port, '/pods', apiServer)).toEqual({
    status: 403,
    body: 'Forbidden (user=kube-apiserver, verb=get, resource=nodes, subresource=proxy)',
  });
});

it('many strangers do not make it ask many times', async () => {
  await Promise.all(Array.from({ length: 20 }, () => statusOf(stranger)));
  expect(kube.requests.filter((request) => request.startsWith('GET configmaps')).length).toBeLessThan(20);
});

it('so may who has a token', async () => {
  kube.tokens.set('t', 'prometheus');
  expect(await statusOf({ token: 't' })).toBe(200);
  kube.may = (user) => user !== 'prometheus';
  expect(await statusOf({ token: 't' })).toBe(403);
});

it('no certificate counts while the API server names no authority, and the right one soon after it does', async () => {
  expect(await statusOf(apiServer)).toBe(401);
  await publish(apiServer.cert);
  await expect.poll(() => statusOf(apiServer), { timeout: 20_000 }).toBe(200);
  expect(await statusOf(stranger)).toBe(401);
});

it('nobody is let in while the API server does not answer', async () => {
  await publish(apiServer.cert);
  expect(await statusOf(apiServer)).toBe(200);
  kube.refuse = () => new KubeError(0, 'Unreachable', 'no API server');
  expect(await statusOf(apiServer)).toBe(500);
  expect(await statusOf({ token: 't' })).toBe(401);
});
