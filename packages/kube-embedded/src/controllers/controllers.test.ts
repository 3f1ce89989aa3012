import {
  configMaps,
  deployments,
  endpoints,
  endpointSlices,
  events,
  isNotFound,
  leases,
  namespaces,
  nodes,
  pods,
  replicaSets,
  replicationControllers,
  secrets,
  serviceAccounts,
  services,
  type Deployment,
  type Node,
  type Pod,
} from '@kmd/kube-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { controllerOf, nameOf } from './ownership.js';
import { ManualClock } from './testing/manual-clock.js';
import { startTestCluster, type TestCluster } from './testing/cluster.js';

let cluster: TestCluster;
afterEach(() => cluster.close());

const template = (app: string, image = 'i:1', annotations: Record<string, string> = {}) => ({
  metadata: { labels: { app }, annotations },
  spec: { containers: [{ name: 'c', image, ports: [{ name: 'http', containerPort: 8080 }] }] },
});
const deployment = (replicas: number, spec: Partial<NonNullable<Deployment['spec']>> = {}): Deployment => ({
  metadata: { name: 'web', namespace: 'default' },
  spec: { replicas, selector: { matchLabels: { app: 'web' } }, template: template('web'), ...spec },
});
const isRolledOut = (replicas: number) => (object: Deployment | undefined) =>
  object?.status?.observedGeneration === object?.metadata?.generation &&
  object?.status?.availableReplicas === replicas &&
  object.status.updatedReplicas === replicas &&
  object.status.replicas === replicas;
const progressReason = (object: Deployment | undefined) =>
  object?.status?.conditions?.find(({ type }) => type === 'Progressing')?.reason;
const absent = (object: unknown) => object === undefined;
const patchDeployment = (spec: object) =>
  cluster.api.patch(deployments, 'web', { spec }, { type: 'merge', namespace: 'default' });
const imagesOf = (list: Pod[]) => list.map(({ spec }) => spec?.containers[0]?.image);

describe('with pods that run', () => {
  beforeEach(async () => {
    cluster = await startTestCluster();
  });

  describe('a deployment', () => {
    it('comes up, and says so in conditions and events', async () => {
      await cluster.api.create(deployments, deployment(3));
      await cluster.until(deployments, 'web', (object) => progressReason(object) === 'NewReplicaSetAvailable');
      const web = await cluster.api.get(deployments, 'web', { namespace: 'default' });
      expect(web.metadata?.annotations?.['deployment.kubernetes.io/revision']).toBe('1');
      expect(web.status).toMatchObject({ replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3 });
      const list = await cluster.podsOf('app=web');
      const [set] = (await cluster.api.list(replicaSets, { namespace: 'default' })).items;
      expect(list.map((pod) => controllerOf(pod)?.uid)).toEqual(Array.from({ length: 3 }, () => set?.metadata?.uid));
      expect(list.every((pod) => nameOf(pod).startsWith(`${set?.metadata?.name ?? ''}-`))).toBe(true);
      await cluster.controllers.close();
      const told = (await cluster.api.list(events, { namespace: 'default' })).items;
      expect(told.map(({ reason, message }) => `${reason ?? ''}: ${message ?? ''}`).sort()).toEqual([
        `ScalingReplicaSet: Scaled up replica set ${set?.metadata?.name ?? ''} from 0 to 3`,
        ...list.map((pod) => `SuccessfulCreate: Created pod: ${nameOf(pod)}`).sort(),
      ]);
    });

    it('scales up and down', async () => {
      await cluster.api.create(deployments, deployment(1));
      await cluster.until(deployments, 'web', isRolledOut(1));
      await patchDeployment({ replicas: 4 });
      await cluster.until(deployments, 'web', isRolledOut(4));
      await patchDeployment({ replicas: 2 });
      await cluster.until(deployments, 'web', isRolledOut(2));
      expect(await cluster.podsOf('app=web')).toHaveLength(2);
    });

    it('rolls a new template out, never below its minimum nor above its maximum', async () => {
      await cluster.api.create(
        deployments,
        deployment(4, { strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } } }),
      );
      await cluster.until(deployments, 'web', isRolledOut(4));
      const ready: number[] = [];
      const wanted: number[] = [];
      const stops = [
        cluster.follow(pods, 'app=web', (list) => {
          const active = list.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
          ready.push(active.filter(({ status }) => status?.phase === 'Running').length);
        }),
        // The maximum bounds what the replica sets want together: they work apart, so that one may create before the other deletes.
        cluster.follow(replicaSets, 'app=web', (list) => {
          wanted.push(list.reduce((sum, { spec }) => sum + (spec?.replicas ?? 0), 0));
        }),
      ];
      await patchDeployment({ template: template('web', 'i:2') });
      await cluster.until(
        deployments,
        'web',
        (object) => object?.metadata?.annotations?.['deployment.kubernetes.io/revision'] === '2',
      );
      await cluster.until(deployments, 'web', isRolledOut(4));
      for (const stop of stops) stop();
      expect(imagesOf(await cluster.podsOf('app=web'))).toEqual(['i:2', 'i:2', 'i:2', 'i:2']);
      expect(ready.length).toBeGreaterThan(8);
      expect(Math.min(...ready)).toBeGreaterThanOrEqual(3);
      expect(Math.max(...wanted)).toBe(5);
    });

    it('goes back to an old template with its old replica set', async () => {
      await cluster.api.create(deployments, deployment(2));
      await cluster.until(deployments, 'web', isRolledOut(2));
      const revision = (wanted: string) => (object: Deployment | undefined) =>
        object?.metadata?.annotations?.['deployment.kubernetes.io/revision'] === wanted && isRolledOut(2)(object);
      await patchDeployment({ template: template('web', 'i:2') });
      await cluster.until(deployments, 'web', revision('2'));
      await patchDeployment({ template: template('web', 'i:1') });
      await cluster.until(deployments, 'web', revision('3'));
      const sets = (await cluster.api.list(replicaSets, { namespace: 'default' })).items;
      expect(sets).toHaveLength(2);
      const active = sets.find(({ spec }) => spec?.replicas === 2);
      expect(active?.metadata?.annotations?.['deployment.kubernetes.io/revision-history']).toBe('1');
      expect(imagesOf(await cluster.podsOf('app=web'))).toEqual(['i:1', 'i:1']);
    });

    it('under Recreate never has pods of two templates', async () => {
      await cluster.api.create(deployments, deployment(3, { strategy: { type: 'Recreate' } }));
      await cluster.until(deployments, 'web', isRolledOut(3));
      const mixes = new Set<string>();
      const stop = cluster.follow(pods, 'app=web', (list) => {
        mixes.add([...new Set(imagesOf(list))].sort().join());
      });
      await patchDeployment({ template: template('web', 'i:2') });
      await cluster.until(
        deployments,
        'web',
        (object) =>
          object?.metadata?.annotations?.['deployment.kubernetes.io/revision'] === '2' && isRolledOut(3)(object),
      );
      stop();
      expect([...mixes]).toEqual(expect.arrayContaining(['i:1', '', 'i:2']));
      expect([...mixes]).not.toContain('i:1,i:2');
    });

    it('is complete only when its pods are ready', async () => {
      const never = { template: template('web', 'i:1', { 'test/ready': 'no' }) };
      await cluster.api.create(deployments, deployment(2, never));
      await cluster.until(
        deployments,
        'web',
        (object) => object?.status?.unavailableReplicas === 2 && object.status.replicas === 2,
      );
      const web = await cluster.api.get(deployments, 'web', { namespace: 'default' });
      expect(web.status?.conditions?.find(({ type }) => type === 'Available')?.status).toBe('False');
      expect(progressReason(web)).not.toBe('NewReplicaSetAvailable');
    });

    it('takes its replica sets and pods with it when it is deleted', async () => {
      await cluster.api.create(deployments, deployment(3));
      await cluster.until(deployments, 'web', isRolledOut(3));
      const [pod] = await cluster.podsOf('app=web');
      await cluster.api.delete(deployments, 'web', { namespace: 'default', propagationPolicy: 'Background' });
      await cluster.until(pods, nameOf(pod ?? {}), absent);
      expect((await cluster.api.list(replicaSets, { namespace: 'default' })).items).toEqual([]);
    });

    it('goes last when it is deleted in the foreground', async () => {
      await cluster.api.create(deployments, deployment(2));
      await cluster.until(deployments, 'web', isRolledOut(2));
      await cluster.api.delete(deployments, 'web', { namespace: 'default', propagationPolicy: 'Foreground' });
      await cluster.until(deployments, 'web', absent);
      expect(await cluster.podsOf('app=web')).toEqual([]);
      expect((await cluster.api.list(replicaSets, { namespace: 'default' })).items).toEqual([]);
    });

    it('leaves its replica set behind when asked to, and takes it again when it comes back', async () => {
      await cluster.api.create(deployments, deployment(2));
      await cluster.until(deployments, 'web', isRolledOut(2));
      const before = (await cluster.podsOf('app=web')).map(nameOf);
      const [set] = (await cluster.api.list(replicaSets, { namespace: 'default' })).items;
      await cluster.api.delete(deployments, 'web', { namespace: 'default', propagationPolicy: 'Orphan' });
      await cluster.until(deployments, 'web', absent);
      await cluster.until(
        replicaSets,
        nameOf(set ?? {}),
        (object) => (object?.metadata?.ownerReferences ?? []).length === 0,
      );
      await cluster.api.create(deployments, deployment(2));
      await cluster.until(deployments, 'web', isRolledOut(2));
      expect((await cluster.podsOf('app=web')).map(nameOf)).toEqual(before);
      expect((await cluster.api.list(replicaSets, { namespace: 'default' })).items).toHaveLength(1);
    });
  });

  describe('a replication controller', () => {
    const controller = (replicas: number) => ({
      metadata: { name: 'rc', namespace: 'default' },
      spec: { replicas, selector: { app: 'rc' }, template: template('rc') },
    });
    const has =
      (replicas: number) => (object: { status?: { availableReplicas?: number; replicas?: number } } | undefined) =>
        (object?.status?.availableReplicas ?? 0) === replicas && object?.status?.replicas === replicas;

    it('replaces a pod that is deleted', async () => {
      await cluster.api.create(replicationControllers, controller(2));
      await cluster.until(replicationControllers, 'rc', has(2));
      const [victim] = await cluster.podsOf('app=rc');
      await cluster.api.delete(pods, nameOf(victim ?? {}), { namespace: 'default' });
      const now = await cluster.untilList(
        pods,
        'app=rc',
        (items) => items.length === 2 && items.every(({ metadata }) => metadata?.uid !== victim?.metadata?.uid),
      );
      expect(now.map((pod) => controllerOf(pod)?.name)).toEqual(['rc', 'rc']);
    });

    it('takes a pod that matches, and lets go of one that matches no more', async () => {
      const orphan = {
        metadata: { name: 'orphan', namespace: 'default', labels: { app: 'rc' } },
        spec: template('rc').spec,
      };
      await cluster.api.create(pods, orphan);
      await cluster.api.create(replicationControllers, controller(2));
      await cluster.until(replicationControllers, 'rc', has(2));
      expect(controllerOf(await cluster.api.get(pods, 'orphan', { namespace: 'default' }))?.name).toBe('rc');
      await cluster.api.patch(
        pods,
        'orphan',
        { metadata: { labels: { app: 'other' } } },
        { type: 'merge', namespace: 'default' },
      );
      await cluster.until(pods, 'orphan', (pod) => pod !== undefined && controllerOf(pod) === undefined);
      await cluster.until(replicationControllers, 'rc', has(2));
      expect(await cluster.podsOf('app=rc')).toHaveLength(2);
    });

    it('goes to zero', async () => {
      await cluster.api.create(replicationControllers, controller(3));
      await cluster.until(replicationControllers, 'rc', has(3));
      await cluster.api.patch(
        replicationControllers,
        'rc',
        { spec: { replicas: 0 } },
        { type: 'merge', namespace: 'default' },
      );
      await cluster.until(replicationControllers, 'rc', has(0));
      expect(await cluster.podsOf('app=rc')).toEqual([]);
    });
  });

  it('tells a service’s endpoints in both forms, and forgets them with it', async () => {
    await cluster.api.create(services, {
      metadata: { name: 'web', namespace: 'default' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http' }] },
    });
    await cluster.until(endpoints, 'web', (object) => object !== undefined && (object.subsets ?? []).length === 0);
    await cluster.api.create(deployments, deployment(2));
    await cluster.until(endpoints, 'web', (object) => object?.subsets?.[0]?.addresses?.length === 2);
    const { subsets } = await cluster.api.get(endpoints, 'web', { namespace: 'default' });
    expect(subsets?.[0]?.ports).toEqual([{ port: 8080, protocol: 'TCP' }]);
    const slices = await cluster.untilList(
      endpointSlices,
      'kubernetes.io/service-name=web',
      (items) =>
        items.length === 1 &&
        (items[0]?.endpoints ?? []).filter(({ conditions }) => conditions?.ready === true).length === 2,
    );
    await cluster.api.delete(services, 'web', { namespace: 'default' });
    await cluster.until(endpoints, 'web', absent);
    await cluster.until(endpointSlices, nameOf(slices[0] ?? {}), absent);
  });

  it('leaves the endpoints of a service without a selector alone', async () => {
    await cluster.api.create(services, {
      metadata: { name: 'ext', namespace: 'default' },
      spec: { ports: [{ port: 80 }] },
    });
    const subsets = [{ addresses: [{ ip: '192.0.2.1' }], ports: [{ port: 80 }] }];
    await cluster.api.create(endpoints, { metadata: { name: 'ext', namespace: 'default' }, subsets });
    // Something that needs the same queue: when it is through, the service before it was looked at.
    await cluster.api.create(services, {
      metadata: { name: 'later', namespace: 'default' },
      spec: { selector: { app: 'none' }, ports: [{ port: 80 }] },
    });
    await cluster.until(endpoints, 'later', (object) => object !== undefined);
    expect((await cluster.api.get(endpoints, 'ext', { namespace: 'default' })).subsets?.[0]?.addresses).toEqual([
      { ip: '192.0.2.1' },
    ]);
  });

  it('empties a namespace that is deleted, then lets it go', async () => {
    await cluster.api.create(namespaces, { metadata: { name: 'team' } });
    await cluster.api.create(deployments, { ...deployment(2), metadata: { name: 'web', namespace: 'team' } });
    await cluster.api.create(secrets, { metadata: { name: 's', namespace: 'team' } });
    await cluster.until(namespaces, 'team', (object) => object?.status?.phase === 'Active');
    await cluster.api.delete(namespaces, 'team');
    await cluster.until(namespaces, 'team', absent);
    for (const resource of [pods, replicaSets, deployments, secrets, serviceAccounts]) {
      expect((await cluster.api.list<object>(resource, { namespace: 'team' })).items).toEqual([]);
    }
  });

  it('lets a namespace with a finalizer in it wait, and says what for', async () => {
    await cluster.api.create(namespaces, { metadata: { name: 'team' } });
    await cluster.api.create(configMaps, {
      metadata: { name: 'kept', namespace: 'team', finalizers: ['example.org/keep'] },
    });
    await cluster.api.delete(namespaces, 'team');
    await cluster.until(
      namespaces,
      'team',
      (object) =>
        object?.status?.conditions?.some(
          ({ message }) => message?.includes('example.org/keep in 1 resource instances') === true,
        ) ?? false,
    );
    await cluster.api.patch(
      configMaps,
      'kept',
      { metadata: { finalizers: null } },
      { type: 'merge', namespace: 'team' },
    );
    await cluster.until(namespaces, 'team', absent);
  });

  it('collects what names an owner that never was', async () => {
    await cluster.api.create(configMaps, {
      metadata: {
        name: 'lost',
        namespace: 'default',
        ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'nobody', uid: 'no-such-uid' }],
      },
    });
    await cluster.until(configMaps, 'lost', absent);
  });

  it('keeps a service account in every namespace', async () => {
    await cluster.until(serviceAccounts, 'default', (object) => object !== undefined);
    const { metadata } = await cluster.api.get(serviceAccounts, 'default', { namespace: 'default' });
    await cluster.api.delete(serviceAccounts, 'default', { namespace: 'default' });
    await cluster.until(
      serviceAccounts,
      'default',
      (object) => object !== undefined && object.metadata?.uid !== metadata?.uid,
    );
  });

  it('creates exactly as many pods as wanted, 500 of them', async () => {
    await cluster.api.create(deployments, deployment(500));
    await cluster.until(deployments, 'web', isRolledOut(500));
    expect(await cluster.podsOf('app=web')).toHaveLength(500);
  });
});

it('publishes the root certificate, and puts it right when it is changed', async () => {
  cluster = await startTestCluster({ kubelet: false, rootCa: 'PEM' });
  const name = 'kube-root-ca.crt';
  await cluster.until(configMaps, name, (object) => object?.data?.['ca.crt'] === 'PEM');
  await cluster.api.patch(configMaps, name, { data: { 'ca.crt': 'other' } }, { type: 'merge', namespace: 'default' });
  await cluster.until(configMaps, name, (object) => object?.data?.['ca.crt'] === 'PEM');
});

describe('with time that the test moves', () => {
  const clock = new ManualClock();
  const bound = (name: string, node: string): Pod => ({
    metadata: { name, namespace: 'default' },
    spec: { ...template('x').spec, nodeName: node },
  });
  const postStatus = (lastHeartbeatTime: string) => {
    const conditions = [{ type: 'Ready', status: 'True', lastHeartbeatTime }];
    return cluster.api.patch(nodes, 'n', { status: { conditions } }, { type: 'merge', subresource: 'status' });
  };
  beforeEach(async () => {
    cluster = await startTestCluster({ kubelet: false, clock });
    await cluster.api.create(nodes, { metadata: { name: 'n' } });
    await postStatus('2026-01-01T00:00:00Z');
    await clock.advance(0);
  });

  it('deletes the pods of a node that has been gone for 40 s', async () => {
    await cluster.api.create(pods, bound('stray', 'gone'));
    await clock.advance(0);
    await clock.advance(39_000);
    expect(
      (await cluster.api.get(pods, 'stray', { namespace: 'default' })).metadata?.deletionTimestamp,
    ).toBeUndefined();
    await clock.advance(1_000);
    await cluster.until(pods, 'stray', absent);
  });

  it('marks a node that has been silent for 40 s, deletes its pods 5 minutes later, and welcomes it back', async () => {
    await cluster.api.create(pods, bound('there', 'n'));
    await clock.advance(0);
    await clock.advance(39_000);
    const ready = (object: Node | undefined) =>
      object?.status?.conditions?.find(({ type }) => type === 'Ready')?.status;
    expect(ready(await cluster.api.get(nodes, 'n'))).toBe('True');
    await clock.advance(1_000);
    await cluster.until(nodes, 'n', (object) => ready(object) === 'Unknown' && object?.spec?.taints?.length === 2);
    // The controller hears of its own write after this test may.
    await clock.advance(0);
    await clock.advance(300_000);
    await cluster.until(pods, 'there', (pod) => pod?.metadata?.deletionTimestamp !== undefined);
    await postStatus('2026-01-01T00:10:00Z');
    await cluster.until(nodes, 'n', (object) => ready(object) === 'True' && (object?.spec?.taints ?? []).length === 0);
  });

  it('counts a renewed lease as a sign of life', async () => {
    await cluster.api.create(namespaces, { metadata: { name: 'kube-node-lease' } });
    await clock.advance(0);
    await clock.advance(30_000);
    const lease = {
      metadata: { name: 'n', namespace: 'kube-node-lease' },
      spec: { renewTime: '2026-01-01T00:00:30.000000Z' },
    };
    await cluster.api.create(leases, lease);
    await clock.advance(0);
    await clock.advance(39_000);
    const { status, spec } = await cluster.api.get(nodes, 'n');
    expect([status?.conditions?.[0]?.status, spec?.taints]).toEqual(['True', undefined]);
  });

  it('reports a rollout that makes no progress when its deadline has passed', async () => {
    await cluster.api.create(deployments, deployment(1, { progressDeadlineSeconds: 60 }));
    await cluster.until(deployments, 'web', (object) => progressReason(object) === 'NewReplicaSetCreated');
    await cluster.untilList(pods, 'app=web', (list) => list.length === 1);
    // The paced queues wake in between.
    for (let step = 0; step < 5; step++) await clock.advance(100);
    await clock.advance(61_000);
    await clock.advance(1_000);
    await cluster.until(deployments, 'web', (object) => progressReason(object) === 'ProgressDeadlineExceeded');
  });
});

it('leaves nothing at work after it was closed', async () => {
  cluster = await startTestCluster({ kubelet: false });
  await cluster.controllers.close();
  await cluster.api.create(deployments, deployment(1));
  await new Promise((resolve) => setImmediate(resolve));
  expect((await cluster.api.list(replicaSets, { namespace: 'default' })).items).toEqual([]);
  await expect(cluster.api.get(pods, 'none', { namespace: 'default' })).rejects.toSatisfy(isNotFound);
});
