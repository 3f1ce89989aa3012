import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodes } from '@kmd/kube-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Cluster,
  ClusterError,
  createCluster,
  listClusters,
  openCluster,
  type ProgressEvent,
} from '../src/index.js';

const home = mkdtempSync(join(tmpdir(), 'kmd-cluster-'));
const environment = { ...process.env, KMD_HOME: home, HOME: home, KUBECONFIG: join(home, 'kubeconfig'), NUM_NODES: '' };
const quiet = {
  environment,
  runtime: 'embedded',
  apiPort: 0,
  mesosPort: 0,
  kubeconfig: false,
  background: false,
} as const;
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('createCluster', () => {
  let cluster: Cluster;
  const events: ProgressEvent[] = [];
  beforeAll(async () => {
    cluster = await createCluster({ ...quiet, name: 'demo', onProgress: (event) => events.push(event) });
  });
  afterAll(() => cluster?.down());

  it('brings a cluster up that can be used at once', async () => {
    const kube = cluster.connect();
    expect((await kube.list(nodes)).items.map(({ metadata }) => metadata?.name).sort()).toEqual([
      'mesosslave-1',
      'mesosslave-2',
    ]);
    kube.close();
    expect(cluster.created).toBe(true);
    expect(existsSync(cluster.kubeconfig)).toBe(true);
    expect(existsSync(environment.KUBECONFIG)).toBe(false);
  });

  it('ends every step that it starts', () => {
    const steps = (phase: string) =>
      events.flatMap((event) => (event.type === 'step' && event.phase === phase ? [event.step] : []));
    expect(steps('start').sort()).toEqual(['addon-dns', 'agents', 'credentials', 'nodes', 'services']);
    expect(steps('end').sort()).toEqual(steps('start').sort());
  });

  it('returns a running cluster as it is', async () => {
    const again = await createCluster({ ...quiet, name: 'demo', agents: 5 });
    expect(again.created).toBe(false);
    expect(again.record).toEqual(cluster.record);
  });

  it('can be found by another process', async () => {
    expect(listClusters(environment)).toMatchObject([{ name: 'demo', state: 'running', agents: 2 }]);
    const status = await openCluster('demo', { environment }).status();
    expect(status).toMatchObject({ state: 'running', problems: [], addons: [{ name: 'dns', ready: true }] });
  });

  it('has logs', async () => {
    const services = new Set<string>();
    for await (const { service } of cluster.logs()) services.add(service);
    expect([...services]).toEqual(expect.arrayContaining(['kmd', 'apiserver', 'mesosmaster1', 'scheduler']));
  });

  it('has certificates that openssl accepts', () => {
    const { auth } = cluster.paths;
    const output = execFileSync(
      'openssl',
      ['verify', '-CAfile', join(auth, 'root-ca.crt'), join(auth, 'apiserver.crt')],
      { encoding: 'utf8' },
    );
    expect(output).toContain('OK');
  });
});

describe('createCluster that fails', () => {
  it('rejects with a code and leaves nothing', async () => {
    const failed = createCluster({ ...quiet, name: 'bad', environment: { ...environment, MESOS_RESOURCES: 'cpus:x' } });
    await expect(failed).rejects.toBeInstanceOf(ClusterError);
    await expect(failed).rejects.toMatchObject({ code: 'InvalidSpec' });
    expect(existsSync(join(home, 'clusters', 'bad', 'cluster.json'))).toBe(false);
  });

  it('ends what it started when cancelled', async () => {
    const controller = new AbortController();
    const failed = createCluster({
      ...quiet,
      name: 'cancelled',
      signal: controller.signal,
      onProgress: (event) => {
        if (event.type === 'step' && event.step === 'services' && event.phase === 'end') controller.abort();
      },
    });
    await expect(failed).rejects.toMatchObject({ code: 'Interrupted' });
    expect(listClusters(environment).map(({ name }) => name)).not.toContain('cancelled');
  });

  it('times out by name', async () => {
    await expect(createCluster({ ...quiet, name: 'slow', timeout: 1 })).rejects.toMatchObject({ code: 'Timeout' });
  });
});

describe('openCluster', () => {
  it('says that there is none', async () => {
    await expect(openCluster('none', { environment }).status()).rejects.toMatchObject({ code: 'NotRunning' });
    expect(await openCluster('none', { environment }).down()).toEqual({ result: 'none' });
  });
});
