import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configMaps, services } from '@kmd/kube-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Cluster,
  createCluster,
  disableAddon,
  enableAddon,
  listAddonStates,
  openCluster,
  validateKubernetes,
} from '../src/index.js';

const home = mkdtempSync(join(tmpdir(), 'kmd-addons-'));
const environment = {
  ...process.env,
  KMD_HOME: home,
  HOME: home,
  KUBECONFIG: join(home, 'kubeconfig'),
  NUM_NODES: '1',
};
const target = { cluster: 'demo', environment };
const folder = join(home, 'web');
const web = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: c, image: i, resources: {requests: {cpu: 10m, memory: 16Mi}}}]}
`;

describe('addons of a cluster', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await createCluster({
      environment: { ...environment, ENABLE_CLUSTER_UI: 'false' },
      runtime: 'embedded',
      name: 'demo',
      apiPort: 0,
      mesosPort: 0,
      kubeconfig: false,
    });
    mkdirSync(folder);
    writeFileSync(join(folder, 'web.yaml'), web);
  });
  afterAll(async () => {
    await cluster?.down();
    rmSync(home, { recursive: true, force: true });
  });
  const states = async () =>
    (await listAddonStates(target)).map(({ name, enabled, ready, detail }) => [name, enabled, ready, detail]);

  it('are those that the variables asked for', async () => {
    expect(await states()).toEqual([
      ['dns', true, true, '1 of 1 pods ready'],
      ['ui', false, false, ''],
    ]);
  });

  it('come and go, and a stop and a start leave them so', async () => {
    expect(await enableAddon(target, folder)).toEqual({ name: 'web' });
    await enableAddon(target, 'ui');
    expect(await disableAddon(target, 'dns')).toEqual({ result: 'disabled' });
    expect(await disableAddon(target, 'dns')).toEqual({ result: 'none' });
    const expected = [
      ['dns', false, false, ''],
      ['ui', true, true, '1 of 1 pods ready'],
      ['web', true, true, '2 of 2 pods ready'],
    ];
    expect(await states()).toEqual(expected);
    expect((await openCluster('demo', { environment }).status()).addons).toEqual([
      { name: 'ui', ready: true, detail: '1 of 1 pods ready' },
      { name: 'web', ready: true, detail: '2 of 2 pods ready', source: folder },
    ]);
    const { stop, start } = openCluster('demo', { environment });
    await stop();
    await expect(listAddonStates(target)).rejects.toMatchObject({ code: 'NotRunning' });
    const steps: string[] = [];
    await start({
      onProgress: (event) => void (event.type === 'step' && event.phase === 'end' && steps.push(event.step)),
    });
    expect(steps).toEqual(expect.arrayContaining(['addon-ui', 'addon-web']));
    expect(steps).not.toContain('addon-dns');
    expect(await states()).toEqual(expected);
    await disableAddon(target, 'web');
    await enableAddon(target, 'dns');
    expect((await states()).map(([name, enabled]) => [name, enabled])).toEqual([
      ['dns', true],
      ['ui', true],
    ]);
  });

  it('that cannot be are told so', async () => {
    await expect(enableAddon(target, join(home, 'none'))).rejects.toMatchObject({
      code: 'InvalidSpec',
      message: expect.stringMatching(/give dns, ui or a folder/) as string,
    });
    await expect(disableAddon(target, 'web')).rejects.toMatchObject({ code: 'InvalidSpec' });
    writeFileSync(join(folder, 'web.yaml'), 'apiVersion: v1\nkind: Pond\nmetadata: {name: p}\n');
    await expect(enableAddon(target, folder)).rejects.toMatchObject({ code: 'InvalidSpec' });
  });

  it('are validated with the rest, in a cluster of our own and by a kubeconfig', async () => {
    const own = await validateKubernetes(target);
    expect(own.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(own.checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'service apiserver',
        'agents',
        'API server',
        'nodes',
        'test pod',
        'addon dns',
        'addon ui',
      ]),
    );
    const elsewhere = { kubeconfig: cluster.kubeconfig, environment };
    const any = await validateKubernetes(elsewhere, { nodes: 2, pod: false });
    expect(any.ok).toBe(false);
    expect(any.checks).toContainEqual({ name: 'nodes', ok: false, detail: '1 of 2 ready' });
    await disableAddon(elsewhere, 'dns');
    const missing = await validateKubernetes(target, { pod: false });
    expect(missing.checks).toContainEqual({ name: 'addon dns', ok: false, detail: 'it is gone from the cluster' });
    await expect(enableAddon(elsewhere, 'dns')).rejects.toMatchObject({
      message: expect.stringMatching(/set DNS_SERVER_IP/) as string,
    });
    await enableAddon({ ...elsewhere, environment: { ...environment, DNS_SERVER_IP: '10.10.10.11' } }, 'dns');
    const client = cluster.connect();
    expect((await client.get(services, 'kube-dns', { namespace: 'kube-system' })).spec?.clusterIP).toBe('10.10.10.11');
    expect((await client.get(configMaps, 'kmd-addon-dns', { namespace: 'kube-system' })).data?.['addon']).toBe('dns');
    client.close();
  });
});
