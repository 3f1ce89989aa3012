import { configMaps, deployments, events, pods, services, type Resource } from '@kmd/kube-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestCluster, type TestCluster } from '../src/controllers/testing/cluster.js';
import { persistentVolumeClaims } from '../src/controllers/volumes/kinds.js';

const at = { namespace: 'default' };
const core = (plural: string, kind: string): Resource<{ metadata: object; spec?: object }> => ({
  group: '',
  version: 'v1',
  plural,
  kind,
  namespaced: true,
});
const quotas = core('resourcequotas', 'ResourceQuota');
const ranges = core('limitranges', 'LimitRange');
const storageClasses: Resource<{ metadata: object; provisioner: string }> = {
  group: 'storage.k8s.io',
  version: 'v1',
  plural: 'storageclasses',
  kind: 'StorageClass',
  namespaced: false,
};
let cluster: TestCluster;
beforeEach(async () => {
  cluster = await startTestCluster({ kubelet: false });
});
afterEach(() => cluster.close());

const pod = (name: string, resources: object = {}) => ({
  metadata: { name, ...at },
  spec: { containers: [{ name: 'c', image: 'i', resources }] },
});
const refused = (work: Promise<unknown>) =>
  work.then(
    () => 'not refused',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
const used = async (name: string) => {
  const { status } = (await cluster.api.get(quotas, name, at)) as { status?: { used?: object } };
  return status?.used;
};

describe('a resource quota', () => {
  it('counts objects, and refuses the one too many', async () => {
    await cluster.api.create(quotas, {
      metadata: { name: 'q', ...at },
      spec: { hard: { configmaps: '1', 'count/deployments.apps': '0', pods: '1' } },
    });
    await cluster.api.create(configMaps, { metadata: { name: 'a', ...at } });
    expect(await refused(cluster.api.create(configMaps, { metadata: { name: 'b', ...at } }))).toBe(
      'configmaps "b" is forbidden: exceeded quota: q, requested: configmaps=1, used: configmaps=1, limited: configmaps=1',
    );
    await expect.poll(() => used('q')).toEqual({ configmaps: '1', 'count/deployments.apps': '0', pods: '0' });
    await cluster.api.delete(configMaps, 'a', at);
    await expect.poll(() => used('q')).toMatchObject({ configmaps: '0' });
    await cluster.api.create(configMaps, { metadata: { name: 'b', ...at } });
  });

  it('adds up what pods ask for, and wants them to say it', async () => {
    await cluster.api.create(quotas, {
      metadata: { name: 'compute', ...at },
      spec: { hard: { 'requests.cpu': '1', 'limits.memory': '1Gi' } },
    });
    expect(await refused(cluster.api.create(pods, pod('silent')))).toBe(
      'pods "silent" is forbidden: failed quota: compute: must specify limits.memory for: c; requests.cpu for: c',
    );
    await cluster.api.create(pods, pod('a', { requests: { cpu: '600m' }, limits: { memory: '512Mi' } }));
    expect(
      await refused(cluster.api.create(pods, pod('b', { requests: { cpu: '500m' }, limits: { memory: '768Mi' } }))),
    ).toBe(
      'pods "b" is forbidden: exceeded quota: compute, requested: limits.memory=768Mi,requests.cpu=500m, used: limits.memory=512Mi,requests.cpu=600m, limited: limits.memory=1Gi,requests.cpu=1',
    );
    await expect.poll(() => used('compute')).toEqual({ 'requests.cpu': '600m', 'limits.memory': '512Mi' });
    // A pod that has ended takes nothing.
    await cluster.api.patch(
      pods,
      'a',
      { status: { phase: 'Failed' } },
      { type: 'merge', subresource: 'status', ...at },
    );
    await cluster.api.create(pods, pod('b', { requests: { cpu: '500m' }, limits: { memory: '768Mi' } }));
  });

  it('has in its status what was taken, from the moment of the write', async () => {
    await cluster.api.create(quotas, {
      metadata: { name: 'q', ...at },
      spec: { hard: { configmaps: '2', 'requests.cpu': '1' } },
    });
    await expect.poll(() => used('q')).toEqual({ configmaps: '0', 'requests.cpu': '0' });
    await cluster.api.create(configMaps, { metadata: { name: 'a', ...at } }, { dryRun: true });
    expect(await used('q')).toMatchObject({ configmaps: '0' });
    await cluster.api.create(configMaps, { metadata: { name: 'a', ...at } });
    expect(await used('q')).toMatchObject({ configmaps: '1' });
    await cluster.api.create(pods, pod('a', { requests: { cpu: '300m' } }));
    expect(await used('q')).toMatchObject({ 'requests.cpu': '300m' });
  });

  it('is held against changes that take more, and not against others', async () => {
    await cluster.api.create(services, {
      metadata: { name: 's', ...at },
      spec: { type: 'NodePort', ports: [{ port: 80 }] },
    });
    await cluster.api.create(quotas, { metadata: { name: 'q', ...at }, spec: { hard: { 'services.nodeports': '2' } } });
    await expect.poll(() => used('q')).toEqual({ 'services.nodeports': '1' });
    const ports = (...numbers: number[]) =>
      cluster.api.patch(
        services,
        's',
        { spec: { ports: numbers.map((port) => ({ name: `p${port}`, port })) } },
        { type: 'merge', ...at },
      );
    await ports(80, 81);
    expect(await used('q')).toEqual({ 'services.nodeports': '2' });
    expect(await refused(ports(80, 81, 82))).toBe(
      'services "s" is forbidden: exceeded quota: q, requested: services.nodeports=1, used: services.nodeports=2, limited: services.nodeports=2',
    );
    await ports(82, 83);
    await ports(82);
    await expect.poll(() => used('q')).toEqual({ 'services.nodeports': '1' });
  });

  it('is held against pods that come into its scope or are resized, not against the rest of their changes', async () => {
    const spec = { activeDeadlineSeconds: 60 };
    await cluster.api.create(pods, pod('a', { requests: { cpu: '1' } }));
    await cluster.api.create(pods, pod('silent'));
    for (const [name, hard, scopes] of [
      ['ending', { pods: '0' }, ['Terminating']],
      ['cpu', { 'requests.cpu': '2' }, []],
    ] as const)
      await cluster.api.create(quotas, { metadata: { name, ...at }, spec: { hard, scopes } });
    await cluster.api.patch(pods, 'silent', { metadata: { labels: { a: 'b' } } }, { type: 'merge', ...at });
    expect(await refused(cluster.api.patch(pods, 'a', { spec }, { type: 'merge', ...at }))).toBe(
      'pods "a" is forbidden: exceeded quota: ending, requested: pods=1, used: pods=0, limited: pods=0',
    );
    const resize = (cpu: string) => {
      const containers = [{ name: 'c', resources: { requests: { cpu } } }];
      return cluster.api.patch(
        pods,
        'a',
        { spec: { containers } },
        { type: 'strategic', subresource: 'resize', ...at },
      );
    };
    expect(await refused(resize('3'))).toBe(
      'pods "a" is forbidden: exceeded quota: cpu, requested: requests.cpu=2, used: requests.cpu=1, limited: requests.cpu=2',
    );
    await resize('2');
  });

  it('of a scope is for its pods alone, and a deployment tells of what is refused', async () => {
    await cluster.api.create(quotas, {
      metadata: { name: 'best', ...at },
      spec: { hard: { pods: '0' }, scopes: ['BestEffort'] },
    });
    await cluster.api.create(pods, pod('asks', { requests: { cpu: '1' } }));
    await cluster.api.create(deployments, {
      metadata: { name: 'web', ...at },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
      },
    });
    await expect
      .poll(async () => (await cluster.api.list(events, at)).items.map(({ message }) => message).join())
      .toContain('exceeded quota: best, requested: pods=1, used: pods=0, limited: pods=0');
  });
});

describe('a limit range', () => {
  it('fills in what containers leave out, and says so', async () => {
    await cluster.api.create(ranges, {
      metadata: { name: 'l', ...at },
      spec: {
        limits: [{ type: 'Container', default: { cpu: '500m', memory: '64Mi' }, defaultRequest: { cpu: '100m' } }],
      },
    });
    const made = await cluster.api.create(pods, pod('p', { limits: { memory: '128Mi' } }));
    expect(made.spec?.containers[0]?.resources).toEqual({
      limits: { cpu: '500m', memory: '128Mi' },
      requests: { cpu: '100m', memory: '128Mi' },
    });
    expect(made.metadata?.annotations).toEqual({
      'kubernetes.io/limit-ranger': 'LimitRanger plugin set: cpu request for container c; cpu limit for container c',
    });
    expect(made.status?.qosClass).toBe('Burstable');
  });

  it('refuses what is out of its range', async () => {
    await cluster.api.create(ranges, {
      metadata: { name: 'l', ...at },
      spec: {
        limits: [
          { type: 'Container', min: { cpu: '100m' }, max: { cpu: '1' } },
          { type: 'Pod', max: { memory: '1Gi' } },
          { type: 'PersistentVolumeClaim', max: { storage: '1Gi' } },
        ],
      },
    });
    const memory = { memory: '64Mi' };
    const ask = (cpu: string) =>
      refused(cluster.api.create(pods, pod('p', { requests: { cpu, ...memory }, limits: { cpu, ...memory } })));
    expect(await ask('2')).toBe('pods "p" is forbidden: maximum cpu usage per Container is 1, but limit is 2');
    expect(await ask('50m')).toBe('pods "p" is forbidden: minimum cpu usage per Container is 100m, but request is 50m');
    expect(await refused(cluster.api.create(pods, pod('p')))).toBe(
      'pods "p" is forbidden: maximum memory usage per Pod is 1Gi.  No limit is specified',
    );
    const claim = {
      metadata: { name: 'c', ...at },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } } },
    };
    expect(await refused(cluster.api.create(persistentVolumeClaims, claim))).toBe(
      'persistentvolumeclaims "c" is forbidden: maximum storage usage per PersistentVolumeClaim is 1Gi, but request is 2Gi',
    );
    expect(await ask('1')).toBe('not refused');
  });
});

describe('a claim without a storage class', () => {
  it('gets the default one', async () => {
    await cluster.api.create(storageClasses, {
      metadata: { name: 'fast', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      provisioner: 'none',
    });
    const claim = await cluster.api.create(persistentVolumeClaims, {
      metadata: { name: 'c', ...at },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    });
    expect(claim.spec).toMatchObject({ storageClassName: 'fast' });
  });
});
