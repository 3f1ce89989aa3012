import { type RequestListener, createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { TLSSocket } from 'node:tls';
import { configMaps, createKubeClient, nodes, pods, subjectAccessReviews, type KubeClient } from '@kmd/kube-client';
import { afterEach, expect, it } from 'vitest';
import type { ApiServer, ApiServerOptions } from '../src/index.js';
import { certificate, pem, start, token } from './server.js';

const ending: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

/** A server, and the log of a pod whose node's kubelet is the one given. */
async function logThrough(kubelet: Server, options: Partial<ApiServerOptions>): Promise<() => Promise<string>> {
  await new Promise<void>((resolve) => kubelet.listen(0, '127.0.0.1', resolve));
  const { port: Port } = kubelet.address() as AddressInfo;
  const server: ApiServer = await start(options);
  const client: KubeClient = createKubeClient({ server: server.url, ca: certificate, token });
  ending.push(
    () => kubelet.close(),
    server.close,
    () => client.close(),
  );
  const addresses = [{ type: 'InternalIP', address: '127.0.0.1' }];
  await client.create(nodes, {
    metadata: { name: 'n' },
    status: { addresses, daemonEndpoints: { kubeletEndpoint: { Port } } },
  });
  const spec = { nodeName: 'n', containers: [{ name: 'c', image: 'i' }] };
  await client.create(pods, { metadata: { name: 'p', namespace: 'default' }, spec });
  return async () => {
    const { status, body } = await client.request('GET', '/api/v1/namespaces/default/pods/p/log');
    return `${status} ${body}`;
  };
}

/** Tells who asks. */
const who: RequestListener = ({ socket }, response) => {
  const known = socket instanceof TLSSocket && socket.authorized;
  response.end(known ? socket.getPeerCertificate().subject.CN : 'a stranger');
};

it('shows a kubelet the certificate that it was given for that, whoever signed that of the kubelet', async () => {
  const asking = { ca: pem('client-ca.crt'), requestCert: true, rejectUnauthorized: false };
  const kubelet = createSecureServer({ cert: certificate, key: pem('server.key'), ...asking }, who);
  const kubeletClient = { cert: pem('client.crt'), key: pem('client.key') };
  expect(await (await logThrough(kubelet, { kubeletClient }))()).toMatch(/^200 (?!a stranger)./);
});

it('asks over plain HTTP when it was given none', async () => {
  expect(await (await logThrough(createServer(who), {}))()).toBe('200 a stranger');
});

it('publishes whose client certificates it takes, for those who stand behind it', async () => {
  const find = async (options: Partial<ApiServerOptions>) => {
    const server = await start(options);
    ending.push(server.close);
    const name = 'extension-apiserver-authentication';
    const { items } = await server.api.list(configMaps, { namespace: 'kube-system' });
    return items.find(({ metadata }) => metadata?.name === name)?.data;
  };
  expect(await find({ clientCa: pem('client-ca.crt') })).toEqual({ 'client-ca-file': pem('client-ca.crt') });
  expect(await find({})).toBeUndefined();
});

it("answers a caller's questions in its own process too", async () => {
  const server = await start({ authorization: 'RBAC' });
  ending.push(server.close);
  const resourceAttributes = { verb: 'get', resource: 'nodes', subresource: 'proxy', name: 'n' };
  const ask = async (subject: object) =>
    (await server.api.create(subjectAccessReviews, { spec: { ...subject, resourceAttributes } })).status?.allowed;
  expect(await ask({ user: 'somebody' })).toBe(false);
  expect(await ask({ user: 'kube-apiserver', groups: ['system:masters'] })).toBe(true);
});
