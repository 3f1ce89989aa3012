import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configMaps, createKubeClient, type KubeObject, nodes, pods, type Resource, waitFor } from '@kmd/kube-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type Cluster,
  ClusterError,
  createCluster,
  listClusters,
  openCluster,
  type ProgressEvent,
} from '../src/index.js';
import { choosePort } from '../src/up/ports.js';

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

  it('gives volumes to those who claim some', async () => {
    interface Claim extends KubeObject {
      spec?: object;
      status?: { phase?: string };
    }
    const claims: Resource<Claim> = {
      group: '',
      version: 'v1',
      plural: 'persistentvolumeclaims',
      kind: 'PersistentVolumeClaim',
      namespaced: true,
    };
    const kube = cluster.connect();
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
    await kube.create(claims, { metadata: { name: 'data', namespace: 'default' }, spec });
    const isBound = (claim: Claim | undefined): boolean => claim?.status?.phase === 'Bound';
    await waitFor(kube, claims, 'data', isBound, { namespace: 'default', timeout: 20_000 });
    kube.close();
  });

  it('ends every step that it starts', () => {
    const steps = (phase: string) =>
      events.flatMap((event) => (event.type === 'step' && event.phase === phase ? [event.step] : []));
    expect(steps('start').sort()).toEqual(['addon-dns', 'addon-ui', 'agents', 'credentials', 'nodes', 'services']);
    expect(steps('end').sort()).toEqual(steps('start').sort());
  });

  it('returns a running cluster as it is', async () => {
    const again = await createCluster({ ...quiet, name: 'demo', agents: 5 });
    expect(again.created).toBe(false);
    expect(again.record).toEqual(cluster.record);
  });

  it('can be found by another process', async () => {
    expect(await listClusters(environment)).toMatchObject([{ name: 'demo', state: 'running', agents: 2 }]);
    const status = await openCluster('demo', { environment }).status();
    expect(status).toMatchObject({
      state: 'running',
      problems: [],
      addons: [
        { name: 'dns', ready: true },
        { name: 'ui', ready: true },
      ],
    });
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

describe('createCluster with options', () => {
  const names: string[] = [];
  afterAll(() => Promise.all(names.map((name) => openCluster(name, { environment }).down())));
  const create = (name: string, options: Parameters<typeof createCluster>[0]) => {
    names.push(name);
    return createCluster({ ...quiet, name, ...options });
  };

  it('takes an override of the topology', async () => {
    const file = join(home, 'override.yaml');
    writeFileSync(
      file,
      'services:\n  mesosslave:\n    scale: 3\n    environment:\n      MESOS_RESOURCES: cpus:2;mem:700;ports:[9000-9010]\n      MESOS_ATTRIBUTES: zone:a\n',
    );
    const cluster = await create('overridden', { files: [file] });
    const { agents } = await cluster.status();
    expect(agents.map(({ hostname, cpus, mem }) => [hostname, cpus, mem])).toEqual([
      ['mesosslave-1', 2, 700],
      ['mesosslave-2', 4, 1340],
      ['mesosslave-3', 2, 700],
    ]);
    const kube = cluster.connect();
    const [node] = (await kube.list(nodes)).items;
    expect(node?.metadata?.labels).toMatchObject({ 'k8s.mesosphere.io/attribute-zone': 'a' });
    kube.close();
  });

  it('runs the executors of all agents in the background process when asked', async () => {
    const cluster = await create('shared', { agents: 3, executors: 'shared' });
    const [pid] = [cluster.record.runtime === 'embedded' ? cluster.record.process.pid : 0];
    const kube = cluster.connect();
    const names = ['one', 'two', 'three'];
    for (const name of names)
      await kube.create(pods, {
        metadata: { name, namespace: 'default' },
        spec: { containers: [{ name: 'main', image: 'hollow', resources: { requests: { cpu: '2' } } }] },
      });
    const nodeOf = async (name: string) => {
      const { spec, status } = await kube.get(pods, name, { namespace: 'default' });
      return status?.phase === 'Running' ? spec?.nodeName : undefined;
    };
    const places = await vi.waitUntil(
      async () => {
        const found = await Promise.all(names.map(nodeOf));
        return found.every((node) => node !== undefined) && found;
      },
      { timeout: 30_000 },
    );
    expect(new Set(places).size).toBeGreaterThan(1);
    const children = execFileSync('ps', ['--ppid', String(pid), '-o', 'args='], { encoding: 'utf8' });
    expect(children).not.toContain('executor');
    kube.close();
  });

  it('sets the password, and opens the plain HTTP port, only when asked', async () => {
    const { port } = await choosePort({ host: '127.0.0.1', wanted: 0, fixed: false, what: 'test', option: '' });
    const cluster = await create('insecure', { agents: 1, insecurePort: port, adminPassword: 'swordfish' });
    expect(cluster.record).toMatchObject({
      insecureApiServer: `http://127.0.0.1:${port}`,
      user: { name: 'admin', password: 'swordfish' },
    });
    const { status } = await fetch(`http://127.0.0.1:${port}/api/v1/nodes`);
    expect(status).toBe(200);
    const login = async (password: string) => {
      const kube = createKubeClient({
        server: cluster.record.apiServer,
        ca: readFileSync(join(cluster.paths.auth, 'root-ca.crt'), 'utf8'),
        basic: { username: 'admin', password },
      });
      try {
        return (await kube.request('GET', '/api/v1/nodes')).status;
      } finally {
        kube.close();
      }
    };
    expect([await login('swordfish'), await login('admin')]).toEqual([200, 401]);
  });

  it('says that it takes the embedded runtime where an engine answers, too', async () => {
    const engine = createServer((request, response) => {
      response.setHeader('Content-Type', 'application/json');
      response.end(request.url === '/_ping' ? 'OK' : JSON.stringify({ Version: '28.0.1', ApiVersion: '1.48' }));
    });
    await new Promise<void>((resolve) => engine.listen(0, '127.0.0.1', resolve));
    const host = `tcp://127.0.0.1:${(engine.address() as AddressInfo).port}`;
    const notes: string[] = [];
    const cluster = await create('engine', {
      runtime: 'auto',
      agents: 1,
      environment: { ...environment, DOCKER_HOST: host },
      onProgress: (event) => {
        if (event.type === 'note') notes.push(event.message);
      },
    });
    engine.close();
    expect(cluster.record.runtime).toBe('embedded');
    expect(notes).toEqual([expect.stringContaining(`A Docker Engine answers at ${host}`)]);
  });

  it('keeps what was started when a step fails and it shall', async () => {
    writeFileSync(join(home, 'broken-kubeconfig'), '- not a kubeconfig');
    const failed = create('kept', {
      agents: 1,
      kubeconfig: join(home, 'broken-kubeconfig'),
      retain: true,
      background: true,
    });
    await expect(failed).rejects.toMatchObject({ code: 'InvalidSpec' });
    expect(await listClusters(environment)).toContainEqual(
      expect.objectContaining({ name: 'kept', state: 'starting' }),
    );
    await expect(createCluster({ ...quiet, name: 'kept' })).rejects.toMatchObject({ code: 'Busy' });
    expect(await openCluster('kept', { environment }).down()).toEqual({ result: 'stopped' });
  });

  it('ends with the process that made it, unless it runs in the background', async () => {
    const cluster = await create('short', { agents: 1 });
    if (cluster.record.runtime !== 'embedded') throw new Error('not the embedded runtime');
    expect(cluster.record.process.pid).not.toBe(process.pid);
    const script = `
      import { createCluster } from '@kmd/cluster';
      const { record } = await createCluster({ name: 'shorter', agents: 1, runtime: 'embedded', apiPort: 0, mesosPort: 0, kubeconfig: false, background: false });
      console.log(record.process.pid);
      process.exit();`;
    const pid = Number(
      execFileSync(process.execPath, ['--input-type=module', '-e', script], {
        cwd: import.meta.dirname,
        env: environment,
        encoding: 'utf8',
      }),
    );
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow(), { timeout: 10_000 });
    await openCluster('shorter', { environment }).down();
  });
});

describe('a cluster between up and down', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await createCluster({ ...quiet, name: 'life', agents: 1, background: true });
  });
  afterAll(() => cluster?.down());

  it('has more and fewer agents', async () => {
    expect(await cluster.scale({ agents: 3 })).toEqual({ before: 1, agents: 3 });
    expect((await cluster.status()).agents.map(({ hostname }) => hostname)).toHaveLength(3);
    expect(await cluster.scale({ agents: 2 })).toEqual({ before: 3, agents: 2 });
    const { agents, nodes: found } = await cluster.status();
    expect(agents.map(({ hostname }) => hostname)).toEqual(['mesosslave-1', 'mesosslave-2']);
    expect(found.map(({ name }) => name)).toEqual(['mesosslave-1', 'mesosslave-2']);
    // Pods of addons that were on the third agent are made anew.
    await vi.waitFor(async () => expect((await cluster.status()).state).toBe('running'), { timeout: 20_000 });
    await expect(cluster.scale({ agents: 0 })).rejects.toMatchObject({ code: 'InvalidSpec' });
  });

  it('is stopped, and started with its objects, agents and address', async () => {
    let kube = cluster.connect();
    await kube.create(configMaps, { metadata: { name: 'kept', namespace: 'default' }, data: { a: '1' } });
    const before = (await kube.list(pods)).items.map(({ metadata }) => metadata?.uid);
    expect(before.length).toBeGreaterThan(0);
    kube.close();
    expect(await cluster.stop()).toEqual({ result: 'stopped' });
    expect(await cluster.stop()).toEqual({ result: 'already' });
    expect(await cluster.status()).toMatchObject({ state: 'stopped' });
    await expect(cluster.scale({ agents: 3 })).rejects.toMatchObject({ code: 'NotRunning' });

    const again = await cluster.start();
    expect(again.created).toBe(true);
    expect(again.record).toMatchObject({ apiServer: cluster.record.apiServer, agents: 2, phase: 'ready' });
    kube = again.connect();
    expect((await kube.get(configMaps, 'kept', { namespace: 'default' })).data).toEqual({ a: '1' });
    const after = (await kube.list(pods)).items;
    expect(after.map(({ metadata }) => metadata?.uid)).not.toEqual(expect.arrayContaining(before));
    kube.close();
    expect(await again.status()).toMatchObject({ state: 'running' });
  });

  it('is started by createCluster, too', async () => {
    await cluster.stop();
    const again = await createCluster({ ...quiet, name: 'life', agents: 7, background: true });
    expect(again.record.agents).toBe(2);
  });

  it('cannot be started where another program has its port, and is still there then', async () => {
    await cluster.stop();
    const server = createServer();
    await new Promise<void>((resolve) =>
      server.listen(Number(new URL(cluster.record.apiServer).port), '127.0.0.1', resolve),
    );
    await expect(cluster.start()).rejects.toMatchObject({ code: 'PortTaken' });
    await new Promise((resolve) => server.close(resolve));
    expect((await cluster.start()).created).toBe(true);
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
    expect((await listClusters(environment)).map(({ name }) => name)).not.toContain('cancelled');
  });

  it('says what it waited for when the time is over', async () => {
    const failed = createCluster({
      ...quiet,
      name: 'small',
      agents: 1,
      timeout: 10_000,
      environment: { ...environment, MESOS_RESOURCES: 'cpus:1.05;mem:512' },
    });
    await expect(failed).rejects.toMatchObject({
      code: 'Timeout',
      message: expect.stringMatching(/after 10 s, at: Deploy addon dns \(waiting for .*coredns.*cpus/s) as string,
    });
    expect((await listClusters(environment)).map(({ name }) => name)).not.toContain('small');
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
