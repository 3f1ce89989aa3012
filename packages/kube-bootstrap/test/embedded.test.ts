import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createEventRecorder,
  createInformer,
  createKubeClient,
  deployments,
  events,
  pods,
  services,
  waitFor,
  type KubeClient,
  type Pod,
} from '@kmd/kube-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  deployAddons,
  dnsAddon,
  readAddonFolder,
  waitForAddon,
  type Credentials,
  validateCluster,
} from '../src/index.js';
import { startEmbeddedServer, type EmbeddedServer } from './embedded-server.js';

let embedded: EmbeddedServer;
let api: KubeClient;

beforeAll(async () => {
  embedded = await startEmbeddedServer();
  ({ api } = embedded);
});
afterAll(() => embedded.close());

const dns = dnsAddon({ clusterIp: '10.10.10.10', domain: 'cluster.local' });

describe('on the embedded API server', () => {
  it.each([
    ['token', ({ token }) => ({ token })],
    ['password', () => ({ basic: { username: 'admin', password: 'admin' } })],
    ['certificate', ({ admin: { cert, key } }) => ({ cert, key })],
  ] satisfies [string, (credentials: Credentials) => object][])(
    'the admin is let in by %s, and nobody without',
    async (_, login) => {
      const { server, credentials } = embedded;
      const at = { server: server.url, ca: credentials.ca.cert };
      const client = createKubeClient({ ...at, ...login(credentials) });
      const stranger = createKubeClient({ ...at, token: 'guess' });
      try {
        expect((await client.list(services, { namespace: 'default' })).items).toBeInstanceOf(Array);
        await expect(stranger.list(services)).rejects.toMatchObject({ status: 401, code: 'Unauthorized' });
      } finally {
        client.close();
        stranger.close();
      }
    },
  );

  it('the DNS addon is deployed, a second time without a change, and awaited until its pod is ready', async () => {
    await deployAddons(api, [dns]);
    expect((await api.get(services, 'kube-dns', { namespace: 'kube-system' })).spec?.clusterIP).toBe('10.10.10.10');
    const before = await api.get(deployments, 'coredns', { namespace: 'kube-system' });
    await deployAddons(api, [dns]);
    const after = await api.get(deployments, 'coredns', { namespace: 'kube-system' });
    expect(after.metadata?.generation).toBe(before.metadata?.generation);

    // A scheduler's and a kubelet's part, played by the test: say why not, then run the pod.
    const recorder = createEventRecorder(api, { component: 'scheduler' });
    const told: string[] = [];
    const readyAt = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
    const play = async ({ missing }: { missing: string[] }): Promise<void> => {
      told.push(missing.join());
      const [pod] = (await api.list(pods, { namespace: 'kube-system', labelSelector: 'k8s-app=kube-dns' })).items;
      if (pod === undefined) return;
      if (!missing.join().includes('no offer'))
        return recorder.record(pod, { type: 'Warning', reason: 'FailedScheduling', message: 'no offer fits' });
      const name = pod.metadata?.name ?? '';
      await api.createSubresource(pods, name, 'binding', { target: { name: 'n1' } }, { namespace: 'kube-system' });
      const status: Pod['status'] = {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: readyAt }],
      };
      await api.patch(pods, name, { status }, { namespace: 'kube-system', type: 'strategic', subresource: 'status' });
    };
    const plays: Promise<void>[] = [];
    await waitForAddon(api, dns, { timeout: 20_000, onProgress: (progress) => void plays.push(play(progress)) });
    await Promise.allSettled(plays);
    expect(told.some((line) => line.endsWith('Pending (no offer fits)'))).toBe(true);
    expect(told.at(-1)).toBe('');
    expect((await api.list(events, { namespace: 'kube-system' })).items.map(({ reason }) => reason)).toContain(
      'FailedScheduling',
    );
  });

  it('an addon from a folder of manifests is applied in an order that works, and found ready', async () => {
    const folder = join(embedded.folder, 'extra');
    await mkdir(folder);
    await writeFile(
      join(folder, '1-workloads.yaml'),
      `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: extra}
spec:
  replicas: 1
  selector: {matchLabels: {app: extra-web}}
  template:
    metadata: {labels: {app: extra-web}}
    spec: {containers: [{name: c, image: i}]}
---
# nothing here
---
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: extra}, data: {a: b}}
- {apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web, namespace: extra}, spec: {minAvailable: 1}}
`,
    );
    await writeFile(
      join(folder, '2-namespace.json'),
      JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'extra' } }),
    );
    await writeFile(join(folder, 'notes.txt'), 'not a manifest');
    const addon = await readAddonFolder(folder);
    expect(addon).toMatchObject({
      name: 'extra',
      ready: [{ namespace: 'extra', labelSelector: 'app=extra-web', replicas: 1 }],
    });
    await deployAddons(api, [addon]);
    await deployAddons(api, [addon]);
    const [pod] = await waitFor(api, pods, { labelSelector: 'app=extra-web' }, (list) => list.length === 1, {
      namespace: 'extra',
      timeout: 20_000,
    });
    const status = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
    const at = { namespace: 'extra' };
    await api.patch(pods, pod?.metadata?.name ?? '', { status }, { type: 'merge', subresource: 'status', ...at });
    await waitForAddon(api, addon, { timeout: 20_000 });
    const { checks } = await validateCluster(api, { nodes: 0, addons: [addon] });
    expect(checks).toContainEqual({ name: 'addon extra', ok: true, detail: '1 of 1 pods ready' });
    await writeFile(join(folder, '3-bad.yaml'), 'a: [1');
    await expect(readAddonFolder(folder)).rejects.toMatchObject({
      code: 'ADDON_FOLDER',
      message: expect.stringMatching(/3-bad\.yaml:1:/),
    });
    await expect(readAddonFolder(join(embedded.folder, 'none'))).rejects.toMatchObject({ code: 'ADDON_FOLDER' });
  });

  it('a test pod is had running and removed, or its state is told', async () => {
    const { server } = embedded;
    const stop = new AbortController();
    const lost = await validateCluster(api, { nodes: 0, pod: { timeout: 300 } });
    expect(lost.checks).toContainEqual({
      name: 'test pod',
      ok: false,
      detail: expect.stringMatching(/^not running after 0.3 s: kmd-validation-[0-9a-f]{8} Pending/),
    });
    const informer = createInformer(server.api, pods, { labelSelector: 'app=kmd-validation' });
    informer.subscribe({
      added: ({ metadata }) => {
        const name = metadata?.name ?? '';
        const at = { namespace: 'default' };
        const status = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
        void server.api
          .createSubresource(pods, name, 'binding', { target: { kind: 'Node', name: 'n1' } }, at)
          .then(() => server.api.patch(pods, name, { status }, { type: 'merge', subresource: 'status', ...at }));
      },
    });
    const running = informer.run(stop.signal);
    try {
      const { ok, checks } = await validateCluster(api, { nodes: 0, pod: {} });
      expect({ ok, checks }).toEqual({
        ok: true,
        checks: [
          { name: 'API server', ok: true, detail: expect.stringMatching(/^v1\./) },
          { name: 'nodes', ok: true, detail: expect.stringMatching(/of 0 ready/) },
          { name: 'test pod', ok: true, detail: 'ran on n1, and was removed' },
        ],
      });
      expect((await api.list(pods, { labelSelector: 'app=kmd-validation' })).items).toEqual([]);
    } finally {
      stop.abort();
      await running;
    }
  });

  it.each([
    ['over HTTP', () => api],
    ['in its own process', () => embedded.server.api],
  ])('an informer follows what changes %s', async (_, choose) => {
    const kube = choose();
    const heard: string[] = [];
    const informer = createInformer(kube, pods, { namespace: 'default' });
    informer.subscribe({
      added: ({ metadata }) => heard.push(`+${metadata?.name}`),
      updated: ({ metadata }) => heard.push(`~${metadata?.name}`),
      deleted: ({ metadata }) => heard.push(`-${metadata?.name}`),
    });
    const stop = new AbortController();
    const running = informer.run(stop.signal);
    await informer.synced;
    const pod: Pod = {
      metadata: { name: 'p', namespace: 'default' },
      spec: { containers: [{ name: 'c', image: 'i' }] },
    };
    await kube.create(pods, pod);
    await kube.patch(pods, 'p', { metadata: { labels: { a: 'b' } } }, { namespace: 'default', type: 'merge' });
    await kube.delete(pods, 'p', { namespace: 'default', gracePeriodSeconds: 0 });
    await waitFor(kube, pods, 'p', (one) => one === undefined, { namespace: 'default', timeout: 20_000 });
    // The same events travel on two watches: this one may be a little later.
    await new Promise<void>((resolve) => {
      if (heard.includes('-p')) resolve();
      else informer.subscribe({ deleted: () => resolve() });
    });
    expect(heard[0]).toBe('+p');
    expect(heard).toContain('~p');
    expect(heard.at(-1)).toBe('-p');
    stop.abort();
    await running;
  });
});
