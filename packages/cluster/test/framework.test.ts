import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureCredentials, renderKubeconfig } from '@kmd/kube-bootstrap';
import { createKubeClient, deployments, pods, type KubeClient } from '@kmd/kube-client';
import { startApiServer, startControllers, type ApiServer, type Controllers } from '@kmd/kube-embedded';
import type { FrameworkState } from '@kmd/km';
import { startMesos, type Mesos } from '@kmd/mesos-embedded';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { attachFramework } from '../src/framework/attach.js';
import type { AttachOptions, Found } from '../src/framework/options.js';

let directory: string;
let kubeconfig: string;
let mesos: Mesos;
let server: ApiServer;
let controllers: Controllers;
let kube: KubeClient;
/** Where agents fetch the executor: it must be known before it is listened on. */
let port: number;

beforeAll(async () => {
  port = await freePort();
  directory = await mkdtemp(join(tmpdir(), 'kmd-framework-'));
  const credentials = await ensureCredentials({
    dir: join(directory, 'auth'),
    serviceCidr: '10.10.10.0/24',
    dnsDomain: 'cluster.local',
  });
  server = await startApiServer({ port: 0, tls: credentials.apiserver, tokens: credentials.tokens });
  controllers = startControllers({ api: server.api });
  mesos = await startMesos({
    agents: [1, 2].map((n) => ({ resources: 'cpus:4;mem:1280;ports:[31000-31099]', hostname: `agent-${n}` })),
    workDir: join(directory, 'mesos'),
  });
  kubeconfig = join(directory, 'kubeconfig');
  await writeFile(
    kubeconfig,
    renderKubeconfig({
      context: 'mine',
      cluster: { server: server.url, caData: credentials.ca.cert },
      user: { token: credentials.token },
    }),
  );
  kube = createKubeClient({ server: server.url, ca: credentials.ca.cert, token: credentials.token });
});

afterAll(async () => {
  kube?.close();
  await mesos?.close();
  await controllers?.close();
  await server?.close();
  await rm(directory, { recursive: true, force: true });
});

const options = (): AttachOptions => ({
  mesosMaster: new URL(mesos.master.url).host,
  kubeconfig,
  environment: {},
  shareCredentials: true,
  executorNode: process.execPath,
  listen: { host: '127.0.0.1', port },
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: found } = server.address() as AddressInfo;
  server.close();
  return found;
}

it('runs pods of a Kubernetes on a Mesos that it is told of; they outlive it, and the next instance knows them', async () => {
  const start = () => {
    const stop = new AbortController();
    const leading = Promise.withResolvers<Extract<FrameworkState, { state: 'leading' }>>();
    const found: Found[] = [];
    const done = attachFramework({
      ...options(),
      signal: stop.signal,
      onFound: (one) => found.push(one),
      onState: (state) => {
        if (state.state === 'leading') leading.resolve(state);
      },
    });
    done.catch(leading.reject);
    return { leading: leading.promise, found, stop: () => (stop.abort(), done) };
  };
  const running = async (wanted: number) => {
    const { items } = await kube.list(pods, { namespace: 'default' });
    const found = items.filter(({ status }) => status?.phase === 'Running');
    expect(found).toHaveLength(wanted);
    return found;
  };

  const first = start();
  const { health, url } = await first.leading;
  expect(first.found).toEqual([
    {
      mesos: { address: new URL(mesos.master.url).host, version: '1.11.0' },
      kubernetes: { address: server.url, version: expect.stringMatching(/^v1\.\d+/) },
      warnings: [],
    },
  ]);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  const labels = { app: 'web' };
  const containers = [{ name: 'web', image: 'nginx' }];
  await kube.create(deployments, {
    metadata: { name: 'web', namespace: 'default' },
    spec: { replicas: 3, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
  });
  const before = await vi.waitFor(() => running(3), { timeout: 25_000 });
  await first.stop();

  const second = start();
  expect((await second.leading).health.frameworkId).toBe(health.frameworkId);
  await kube.patch(deployments, 'web', { spec: { replicas: 4 } }, { namespace: 'default', type: 'merge' });
  const after = await vi.waitFor(() => running(4), { timeout: 25_000 });
  const uids = (all: typeof after) => all.map(({ metadata }) => metadata?.uid);
  expect(uids(after)).toEqual(expect.arrayContaining(uids(before)));
  await second.stop();
});

it.each<[string, Partial<AttachOptions>, string, RegExp]>([
  [
    'a Mesos nowhere',
    { mesosMaster: '127.0.0.1:1' },
    'StartFailed',
    /no Mesos master at 127\.0\.0\.1:1: .*ECONNREFUSED/,
  ],
  ['no address', { mesosMaster: 'ftp://mesos' }, 'InvalidSpec', /is not an address; write http/],
  ['no ZooKeeper address', { mesosMaster: 'zk://' }, 'InvalidSpec', /zk:/],
  ['no kubeconfig', { kubeconfig: '/no/such/file' }, 'InvalidSpec', /there is no kubeconfig at \/no\/such\/file/],
  ['another context', { context: 'theirs' }, 'InvalidSpec', /no context "theirs" \(mine\)/],
  [
    'executors without credentials',
    { shareCredentials: false },
    'InvalidSpec',
    /--executor-token-file.*--share-credentials/,
  ],
  ['credentials twice', { executorTokenFile: '/token' }, 'InvalidSpec', /not both/],
  ['a secret of nobody', { secretFile: '/secret' }, 'InvalidSpec', /a secret without a principal/],
  [
    'a secret that is not there',
    { principal: 'p', secretFile: '/no/such' },
    'InvalidSpec',
    /the secret \/no\/such cannot be read/,
  ],
  ['an address for nobody', { advertise: 'here' }, 'InvalidSpec', /"here" is no address for agents/],
  [
    'a port that nobody knows yet',
    { listen: { host: '127.0.0.1', port: 0 } },
    'InvalidSpec',
    /127\.0\.0\.1:0 .*--advertise/,
  ],
  ['every address', { listen: { host: '0.0.0.0', port: 10251 } }, 'InvalidSpec', /0\.0\.0\.0:10251 .*--advertise/],
  ['a program without a name', { executorUri: 'http://files/' }, 'InvalidSpec', /names no file/],
])('refuses %s, and says what to do', async (_, wrong, code, message) => {
  await expect(attachFramework({ ...options(), ...wrong })).rejects.toMatchObject({
    name: 'ClusterError',
    code,
    message: expect.stringMatching(message),
  });
});

it('says that nobody may use the API server with these credentials', async () => {
  const path = join(directory, 'wrong');
  const { ca } = await ensureCredentials({
    dir: join(directory, 'auth'),
    serviceCidr: '10.10.10.0/24',
    dnsDomain: 'cluster.local',
  });
  const entry = { context: 'c', cluster: { server: server.url, caData: ca.cert }, user: { token: 'wrong' } };
  await writeFile(path, renderKubeconfig(entry));
  await expect(attachFramework({ ...options(), kubeconfig: path })).rejects.toMatchObject({
    code: 'StartFailed',
    message: expect.stringMatching(/refuses to list nodes \(401\)/),
  });
});
