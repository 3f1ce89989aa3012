import {
  type KubeApi,
  type Pod,
  type WatchEvent,
  configMaps,
  deployments,
  endpoints,
  namespaces,
  nodes,
  pods,
  replicaSets,
  services,
} from '@kmd/kube-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApiServer } from '../src/index.js';
import { MemoryStore } from '../src/index.js';
import { start } from './server.js';

let server: ApiServer;
let api: KubeApi;
beforeEach(async () => {
  server = await start({ store: new MemoryStore({ history: 50 }) });
  api = server.api;
});
afterEach(() => server.close());

const inDefault = { namespace: 'default' };
const pod = (name: string, more: Partial<Pod> = {}): Pod => ({
  metadata: { name, namespace: 'default', labels: { app: name } },
  spec: { containers: [{ name: 'c', image: 'busybox' }] },
  ...more,
});
const bind = (name: string, node = 'n1') =>
  api.createSubresource(
    pods,
    name,
    'binding',
    { target: { kind: 'Node', name: node }, metadata: { annotations: { 'k8s.mesosphere.io/taskId': 't1' } } },
    inDefault,
  );

async function take<T>(events: AsyncIterable<T>, count: number): Promise<T[]> {
  const taken: T[] = [];
  for await (const event of events) {
    taken.push(event);
    if (taken.length === count) break;
  }
  return taken;
}
const seen = (events: WatchEvent<Pod>[]) => events.map(({ type, object }) => `${type} ${object.metadata?.name ?? ''}`);

describe('a new cluster', () => {
  it('has its namespaces, and the service by which pods find the API server', async () => {
    const { items } = await api.list(namespaces);
    expect(items.map(({ metadata }) => metadata?.name)).toEqual([
      'default',
      'kube-node-lease',
      'kube-public',
      'kube-system',
    ]);
    expect(items[0]).toMatchObject({ spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } });
    expect((await api.get(services, 'kubernetes', inDefault)).spec).toMatchObject({
      clusterIP: '10.10.10.1',
      ports: [{ port: 443 }],
    });
    expect((await api.get(endpoints, 'kubernetes', inDefault)).subsets?.[0]?.ports?.[0]?.port).toBe(server.port);
  });
});

describe('create', () => {
  it('fills in what the real server fills in', async () => {
    const made = await api.create(
      pods,
      pod('web', { spec: { containers: [{ name: 'c', image: 'nginx', resources: { limits: { cpu: '64' } } }] } }),
    );
    expect(made).toMatchObject({
      kind: 'Pod',
      apiVersion: 'v1',
      spec: {
        restartPolicy: 'Always',
        terminationGracePeriodSeconds: 30,
        dnsPolicy: 'ClusterFirst',
        serviceAccountName: 'default',
        containers: [
          {
            terminationMessagePath: '/dev/termination-log',
            imagePullPolicy: 'Always',
            resources: { requests: { cpu: '64' } },
          },
        ],
      },
      status: { phase: 'Pending', qosClass: 'Burstable' },
    });
    expect(made.metadata?.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(made.metadata?.resourceVersion).toMatch(/^\d+$/);
    expect(made.metadata?.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  it('makes names, refuses what exists, and stores nothing on a dry run', async () => {
    const { metadata } = await api.create(pods, pod('x', { metadata: { generateName: 'web-', namespace: 'default' } }));
    expect(metadata?.name).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    await api.create(pods, pod('a'));
    await expect(api.create(pods, pod('a'))).rejects.toMatchObject({
      status: 409,
      code: 'AlreadyExists',
      message: 'pods "a" already exists',
    });
    await api.create(pods, pod('dry'), { dryRun: true });
    await expect(api.get(pods, 'dry', inDefault)).rejects.toMatchObject({
      status: 404,
      message: 'pods "dry" not found',
    });
  });

  it.each<[Pod, string]>([
    [
      pod('Bad_Name'),
      'Pod "Bad_Name" is invalid: metadata.name: Invalid value: "Bad_Name": a lowercase RFC 1123 subdomain must consist of',
    ],
    [pod('x', { spec: { containers: [] } }), 'Pod "x" is invalid: spec.containers: Required value'],
    [
      pod('x', { spec: { containers: [{ name: 'c' }] } }),
      'Pod "x" is invalid: spec.containers[0].image: Required value',
    ],
    [
      pod('x', { spec: { containers: [{ name: 'c', image: 'i', ports: [{ containerPort: 70000 }] }] } }),
      'spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive',
    ],
    [
      pod('x', { spec: { restartPolicy: 'Sometimes', containers: [{ name: 'c', image: 'i' }] } }),
      'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
    ],
    [
      pod('x', { metadata: { namespace: 'default' } }),
      'metadata.name: Required value: name or generateName is required',
    ],
  ])('refuses a bad pod as the real server words it (%#)', async (object, message) => {
    const error: unknown = await api.create(pods, object).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ status: 422, code: 'Invalid' });
    expect(String(error)).toContain(message);
  });

  it('refuses workloads whose selector does not select their own pods, and a change of selector', async () => {
    const deployment = (app: string, selected: string) => ({
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        selector: { matchLabels: { app: selected } },
        template: { metadata: { labels: { app } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
      },
    });
    await expect(api.create(deployments, deployment('a', 'b'))).rejects.toThrow(
      'Deployment.apps "web" is invalid: spec.template.metadata.labels: Invalid value: map[string]string{"app":"a"}: `selector` does not match template `labels`',
    );
    await api.create(deployments, deployment('a', 'a'));
    await expect(api.update(deployments, deployment('b', 'b'))).rejects.toThrow(
      /spec.selector: Invalid value: .*: field is immutable/,
    );
  });

  it('refuses objects in a namespace that is not there or on its way out', async () => {
    await expect(api.create(configMaps, { metadata: { name: 'x', namespace: 'nope' } })).rejects.toThrow(
      'namespaces "nope" not found',
    );
    await api.create(namespaces, { metadata: { name: 'going' } });
    await api.delete(namespaces, 'going');
    expect((await api.get(namespaces, 'going')).status?.phase).toBe('Terminating');
    await expect(api.create(configMaps, { metadata: { name: 'x', namespace: 'going' } })).rejects.toMatchObject({
      status: 403,
    });
    const going = await api.get(namespaces, 'going');
    await api.update(namespaces, { ...going, spec: { finalizers: [] } }, { subresource: 'finalize' });
    await expect(api.get(namespaces, 'going')).rejects.toMatchObject({ status: 404 });
    await expect(api.delete(namespaces, 'default')).rejects.toMatchObject({ status: 403 });
  });
});

describe('update', () => {
  it('counts generations of what is asked for, and only of that', async () => {
    const made = await api.create(replicaSets, {
      metadata: { name: 'rs', namespace: 'default' },
      spec: {
        replicas: 1,
        selector: { matchLabels: { a: 'b' } },
        template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
      },
    });
    const reported = await api.update(
      replicaSets,
      { ...made, spec: { ...made.spec!, replicas: 9 }, status: { replicas: 1 } },
      { subresource: 'status' },
    );
    expect(reported).toMatchObject({ metadata: { generation: 1 }, spec: { replicas: 1 }, status: { replicas: 1 } });
    const scaled = await api.patch(
      replicaSets,
      'rs',
      { spec: { replicas: 3 }, status: { replicas: 7 } },
      { type: 'merge', ...inDefault },
    );
    expect(scaled).toMatchObject({ metadata: { generation: 2 }, spec: { replicas: 3 }, status: { replicas: 1 } });
    const labelled = await api.patch(
      replicaSets,
      'rs',
      { metadata: { labels: { x: 'y' } } },
      { type: 'strategic', ...inDefault },
    );
    expect(labelled.metadata?.generation).toBe(2);
  });

  it('refuses an old version and an exchanged object, and writes nothing when nothing changes', async () => {
    const made = await api.create(configMaps, { metadata: { name: 'c', namespace: 'default' }, data: { a: '1' } });
    const next = await api.update(configMaps, { ...made, data: { a: '2' } });
    await expect(api.update(configMaps, { ...made, data: { a: '3' } })).rejects.toThrow(
      'Operation cannot be fulfilled on configmaps "c": the object has been modified; please apply your changes to the latest version and try again',
    );
    await expect(
      api.update(configMaps, { ...next, metadata: { ...next.metadata, uid: 'other' } }),
    ).rejects.toMatchObject({ code: 'Conflict' });
    expect((await api.update(configMaps, next)).metadata?.resourceVersion).toBe(next.metadata?.resourceVersion);
    const unversioned = { name: 'c', namespace: 'default' };
    expect((await api.update(configMaps, { ...next, metadata: unversioned, data: { a: '4' } })).data).toEqual({
      a: '4',
    });
  });

  it('hands out copies, so that nobody changes what is stored', async () => {
    const made = await api.create(configMaps, { metadata: { name: 'c', namespace: 'default' }, data: { a: '1' } });
    made.data = { a: 'changed' };
    const { items } = await api.list(configMaps, inDefault);
    items[0]!.data!['a'] = 'changed';
    expect((await api.get(configMaps, 'c', inDefault)).data).toEqual({ a: '1' });
  });

  it('lets a pod change its image and nothing else', async () => {
    await api.create(pods, pod('p'));
    const image = [{ op: 'replace', path: '/spec/containers/0/image', value: 'other' }];
    expect((await api.patch(pods, 'p', image, { type: 'json', ...inDefault })).spec?.containers[0]?.image).toBe(
      'other',
    );
    await expect(
      api.patch(pods, 'p', { spec: { restartPolicy: 'Never' } }, { type: 'strategic', ...inDefault }),
    ).rejects.toThrow(/Pod "p" is invalid: spec: Forbidden: pod updates may not change fields other than/);
  });
});

describe('binding', () => {
  it('sets the node once, with the annotations of the binding', async () => {
    await api.create(pods, pod('p'));
    await bind('p');
    expect(await api.get(pods, 'p', inDefault)).toMatchObject({
      metadata: { annotations: { 'k8s.mesosphere.io/taskId': 't1' } },
      spec: { nodeName: 'n1' },
      status: { conditions: [{ type: 'PodScheduled', status: 'True' }] },
    });
    await expect(bind('p', 'n2')).rejects.toMatchObject({
      code: 'Conflict',
      message: expect.stringContaining('pod p is already assigned to node "n1"'),
    });
    await expect(bind('nope')).rejects.toMatchObject({ status: 404 });
    expect((await api.list(pods, { fieldSelector: 'spec.nodeName=n1' })).items).toHaveLength(1);
    expect((await api.list(pods, { fieldSelector: 'spec.nodeName=' })).items).toHaveLength(0);
  });
});

describe('delete', () => {
  it('takes an unbound pod at once, and gives a bound one its grace', async () => {
    await api.create(pods, pod('unbound'));
    await api.delete(pods, 'unbound', inDefault);
    await expect(api.get(pods, 'unbound', inDefault)).rejects.toMatchObject({ status: 404 });
    await api.create(pods, pod('bound'));
    await bind('bound');
    await api.delete(pods, 'bound', { ...inDefault, gracePeriodSeconds: 10 });
    const going = await api.get(pods, 'bound', inDefault);
    expect(going.metadata).toMatchObject({ deletionGracePeriodSeconds: 10 });
    expect(going.metadata?.deletionTimestamp).toBeDefined();
    // Hurried, never slowed.
    await api.delete(pods, 'bound', { ...inDefault, gracePeriodSeconds: 60 });
    expect((await api.get(pods, 'bound', inDefault)).metadata?.deletionGracePeriodSeconds).toBe(10);
    await api.delete(pods, 'bound', { ...inDefault, gracePeriodSeconds: 0 });
    await expect(api.get(pods, 'bound', inDefault)).rejects.toMatchObject({ status: 404 });
  });

  it('waits for finalizers, and leaves the garbage collector its own', async () => {
    const made = await api.create(configMaps, {
      metadata: { name: 'c', namespace: 'default', finalizers: ['kmd.test/hold'] },
    });
    await expect(api.delete(configMaps, 'c', { ...inDefault, preconditions: { uid: 'other' } })).rejects.toMatchObject({
      code: 'Conflict',
    });
    await api.delete(configMaps, 'c', { ...inDefault, propagationPolicy: 'Foreground' });
    const held = await api.get(configMaps, 'c', inDefault);
    expect(held.metadata?.finalizers).toEqual(['kmd.test/hold', 'foregroundDeletion']);
    await expect(
      api.update(configMaps, {
        ...held,
        metadata: { ...held.metadata, finalizers: [...(held.metadata?.finalizers ?? []), 'kmd.test/more'] },
      }),
    ).rejects.toThrow(/no new finalizers can be added if the object is being deleted/);
    await api.update(configMaps, { ...held, metadata: { ...held.metadata, finalizers: [] } });
    await expect(api.get(configMaps, 'c', inDefault)).rejects.toMatchObject({ status: 404 });
    expect(made.metadata?.deletionTimestamp).toBeUndefined();
  });
});

describe('watch', () => {
  it('begins with what exists, goes on with what changes, and shares frozen objects', async () => {
    await api.create(pods, pod('a'));
    const end = new AbortController();
    const events = take(api.watch(pods, { ...inDefault, signal: end.signal }), 5);
    await api.create(pods, pod('b'));
    await api.patch(pods, 'a', { metadata: { labels: { x: 'y' } } }, { type: 'merge', ...inDefault });
    await api.delete(pods, 'b', inDefault);
    const got = await events;
    expect(seen(got)).toEqual(['ADDED a', 'ADDED b', 'MODIFIED a', 'MODIFIED b', 'DELETED b']);
    expect(Object.isFrozen(got[0]?.object.spec)).toBe(true);
  });

  it('continues a list without a gap, and answers 410 for a version long gone', async () => {
    const { metadata } = await api.list(pods);
    await api.create(pods, pod('a'));
    const version = metadata.resourceVersion ?? '';
    expect(seen(await take(api.watch(pods, { resourceVersion: version }), 1))).toEqual(['ADDED a']);
    for (let count = 0; count < 120; count++) {
      await api.patch(pods, 'a', { metadata: { labels: { count: String(count) } } }, { type: 'merge', ...inDefault });
    }
    await expect(take(api.watch(pods, { resourceVersion: version }), 1)).rejects.toMatchObject({
      status: 410,
      code: 'Expired',
    });
  });

  it('ends with the signal, its time, and the server', async () => {
    const end = new AbortController();
    const bySignal = take(api.watch(pods, { signal: end.signal }), 1);
    const byTime = take(api.watch(pods, { timeoutSeconds: 0.01 }), 1);
    const byServer = take(api.watch(pods), 1);
    end.abort();
    expect(await bySignal).toEqual([]);
    expect(await byTime).toEqual([]);
    await server.close();
    expect(await byServer).toEqual([]);
    await expect(api.list(pods)).rejects.toMatchObject({ code: 'Unreachable' });
  });

  it('reaches five hundred pods changed ten times each, in order', async () => {
    const roomy = await start();
    const watched = take(roomy.api.watch(pods, inDefault), 5500);
    for (let index = 0; index < 500; index++) await roomy.api.create(pods, pod(`p${index}`));
    for (let round = 1; round <= 10; round++) {
      for (let index = 0; index < 500; index++) {
        await roomy.api.patch(
          pods,
          `p${index}`,
          { status: { message: String(round) } },
          { type: 'strategic', subresource: 'status', ...inDefault },
        );
      }
    }
    const events = await watched;
    const versions = events.map(({ object }) => Number(object.metadata?.resourceVersion));
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect(events.at(-1)?.object.status?.message).toBe('10');
    await roomy.close();
  });
});

describe('list', () => {
  it('goes page by page through all, in order', async () => {
    for (const name of ['c', 'a', 'e', 'b', 'd']) await api.create(pods, pod(name));
    const names: string[] = [];
    let next: string | undefined;
    do {
      const page = await api.list(pods, { ...inDefault, limit: 2, continue: next });
      names.push(...page.items.map(({ metadata }) => metadata?.name ?? ''));
      next = page.metadata.continue;
    } while (next !== undefined);
    expect(names).toEqual(['a', 'b', 'c', 'd', 'e']);
    // Later pages show what the first one would have: neither what came since nor what went.
    const first = await api.list(pods, { ...inDefault, limit: 2 });
    const whole = (await api.list(pods, inDefault)).items;
    const version = first.metadata.resourceVersion ?? '';
    await api.delete(pods, whole.at(-1)?.metadata?.name ?? '', { ...inDefault, gracePeriodSeconds: 0 });
    await api.create(pods, pod('zzz'));
    await api.patch(
      pods,
      whole[2]?.metadata?.name ?? '',
      { metadata: { labels: { new: '1' } } },
      { ...inDefault, type: 'merge' },
    );
    const rest = await api.list(pods, { ...inDefault, limit: 100, continue: first.metadata.continue });
    expect([...first.items, ...rest.items]).toEqual(whole);
    expect(rest.metadata.resourceVersion).toBe(version);
    const exact = await api.list(pods, { ...inDefault, resourceVersion: version, resourceVersionMatch: 'Exact' });
    expect(exact.items).toEqual(whole);
    await expect(api.list(pods, { limit: 2, continue: 'nonsense' })).rejects.toMatchObject({ status: 400 });
  });
});

describe('services', () => {
  const service = (name: string, spec: object) => ({
    metadata: { name, namespace: 'default' },
    spec: { ports: [{ port: 80 }], ...spec },
  });

  it('are given addresses and node ports, and keep them', async () => {
    const made = await api.create(services, service('a', { type: 'NodePort' }));
    expect(made.spec).toMatchObject({ clusterIP: '10.10.10.17', clusterIPs: ['10.10.10.17'], ipFamilies: ['IPv4'] });
    expect(made.spec?.ports?.[0]).toMatchObject({ targetPort: 80, protocol: 'TCP', nodePort: 30086 });
    const changed = await api.update(services, service('a', { type: 'NodePort', selector: { x: 'y' } }));
    expect(changed.spec).toMatchObject({ clusterIP: '10.10.10.17', ports: [{ nodePort: 30086 }] });
    await expect(api.update(services, service('a', { clusterIP: '10.10.10.99' }))).rejects.toThrow(
      /may not change once set/,
    );
  });

  it('are given what they ask for, when it is free and in range', async () => {
    expect((await api.create(services, service('dns', { clusterIP: '10.10.10.10' }))).spec?.clusterIP).toBe(
      '10.10.10.10',
    );
    await expect(api.create(services, service('b', { clusterIP: '10.10.10.10' }))).rejects.toThrow(
      /provided IP is already allocated/,
    );
    await expect(api.create(services, service('b', { clusterIP: '10.9.0.1' }))).rejects.toThrow(
      /does not match the current range/,
    );
    expect((await api.create(services, service('h', { clusterIP: 'None' }))).spec?.clusterIP).toBe('None');
    await expect(
      api.create(services, service('c', { type: 'NodePort', ports: [{ port: 1, nodePort: 80 }] })),
    ).rejects.toThrow(/provided port is not in the valid range/);
  });
});

describe('server-side apply', () => {
  const config = (data: Record<string, string>) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'c' },
    data,
  });
  const apply = (manager: string, data: Record<string, string>, force = false) =>
    api.patch(configMaps, 'c', config(data), { type: 'apply', fieldManager: manager, force, ...inDefault });

  it('makes, changes, and takes away what is no longer applied', async () => {
    expect((await apply('one', { a: '1', b: '1' })).metadata?.managedFields).toMatchObject([
      { manager: 'one', operation: 'Apply', fieldsV1: { 'f:data': { 'f:a': {}, 'f:b': {} } } },
    ]);
    expect((await apply('two', { b: '1', c: '1' })).data).toEqual({ a: '1', b: '1', c: '1' });
    // What another manager applies too stays.
    expect((await apply('one', {})).data).toEqual({ b: '1', c: '1' });
  });

  it('refuses to change what another manager has, unless by force', async () => {
    await apply('one', { a: '1' });
    await expect(apply('two', { a: '2' })).rejects.toMatchObject({
      code: 'Conflict',
      message: 'Apply failed with 1 conflict: conflict with "one": .data.a',
      details: { causes: [{ reason: 'FieldManagerConflict', field: '.data.a' }] },
    });
    const forced = await apply('two', { a: '2' }, true);
    expect(forced.data).toEqual({ a: '2' });
    expect(forced.metadata?.managedFields?.map(({ manager }) => manager)).toEqual(['two']);
  });

  it('lets a plain write take a field over', async () => {
    await apply('one', { a: '1', b: '1' });
    await api.patch(configMaps, 'c', { data: { a: '2' } }, { type: 'merge', fieldManager: 'hand', ...inDefault });
    await expect(apply('one', { a: '1', b: '1' })).rejects.toThrow(/conflict with "hand" using v1: \.data\.a/);
  });
});

describe('nodes', () => {
  it('take a status patch that merges conditions by type', async () => {
    await api.create(nodes, {
      metadata: { name: 'n1' },
      status: { conditions: [{ type: 'Ready', status: 'Unknown' }], capacity: { cpu: '4' } },
    });
    expect((await api.get(nodes, 'n1')).status).toMatchObject({ capacity: { cpu: '4' }, allocatable: { cpu: '4' } });
    const status = (type: string, value: string) => ({ status: { conditions: [{ type, status: value }] } });
    await api.patch(nodes, 'n1', status('Ready', 'True'), { type: 'strategic', subresource: 'status' });
    const { status: after } = await api.patch(nodes, 'n1', status('DiskPressure', 'False'), {
      type: 'strategic',
      subresource: 'status',
    });
    expect(after?.conditions?.map(({ type, status }) => [type, status])).toEqual([
      ['DiskPressure', 'False'],
      ['Ready', 'True'],
    ]);
  });
});
