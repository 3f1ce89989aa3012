import { isNotFound, nodes, pods, type Pod } from '@kmd/kube-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nameOf } from './ownership.js';
import { ShiftedClock } from './testing/shifted-clock.js';
import { startTestCluster, type TestCluster } from './testing/cluster.js';
import { persistentVolumeClaims } from './volumes/kinds.js';
import {
  controllerRevisions,
  cronJobs,
  daemonSets,
  jobs,
  podDisruptionBudgets,
  statefulSets,
  type DaemonSet,
  type Job,
  type StatefulSet,
} from './workloads.js';

let cluster: TestCluster;
afterEach(() => cluster.close());
const at = { namespace: 'default' };
const template = (app: string, image = 'i:1', spec: object = {}) => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: 'c', image }], ...spec },
});
const images = (list: Pod[]) => list.map(({ spec }) => spec?.containers[0]?.image);
const isTrue = (object: { status?: { conditions?: { type: string; status: string }[] } } | undefined, type: string) =>
  object?.status?.conditions?.some((item) => item.type === type && item.status === 'True') === true;

/** Ends the running pods of a job as their containers would. */
async function endPods(selector: string, phase: 'Succeeded' | 'Failed', count = Infinity): Promise<void> {
  const running = (await cluster.podsOf(selector)).filter(
    ({ status, metadata }) => status?.phase === 'Running' && !metadata?.deletionTimestamp,
  );
  for (const pod of running.slice(0, count)) {
    await cluster.api.patch(pods, nameOf(pod), { status: { phase } }, { type: 'merge', subresource: 'status', ...at });
  }
}
const runningPods = (selector: string, count: number) =>
  cluster.untilList(
    pods,
    selector,
    (list) => list.filter(({ status }) => status?.phase === 'Running').length === count,
  );

describe('a stateful set', () => {
  const set = (spec: Partial<NonNullable<StatefulSet['spec']>> = {}): StatefulSet => ({
    metadata: { name: 'db', ...at },
    spec: {
      replicas: 3,
      serviceName: 'db',
      selector: { matchLabels: { app: 'db' } },
      template: template('db'),
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        },
      ],
      ...spec,
    },
  });
  beforeEach(async () => {
    cluster = await startTestCluster();
  });

  it('makes its pods in order, each when the one before is ready, with claims of their own', async () => {
    const seen: string[] = [];
    const stop = cluster.follow(pods, 'app=db', (list) => {
      for (const pod of list) if (!seen.includes(nameOf(pod))) seen.push(nameOf(pod));
    });
    await cluster.api.create(statefulSets, set());
    await cluster.until(statefulSets, 'db', (object) => object?.status?.availableReplicas === 3);
    stop();
    expect(seen).toEqual(['db-0', 'db-1', 'db-2']);
    const pod = await cluster.api.get(pods, 'db-1', at);
    expect(pod.spec).toMatchObject({ hostname: 'db-1', subdomain: 'db' });
    expect(pod.metadata?.labels).toMatchObject({ 'apps.kubernetes.io/pod-index': '1' });
    expect((await cluster.api.list(persistentVolumeClaims, at)).items.map(nameOf)).toEqual([
      'data-db-0',
      'data-db-1',
      'data-db-2',
    ]);
  });

  it('replaces pods of an old template from the last to the partition, and keeps both revisions', async () => {
    await cluster.api.create(statefulSets, set({ volumeClaimTemplates: [] }));
    await cluster.until(statefulSets, 'db', (object) => object?.status?.availableReplicas === 3);
    const change = {
      spec: { template: template('db', 'i:2'), updateStrategy: { rollingUpdate: { partition: 1 } } },
    };
    await cluster.api.patch(statefulSets, 'db', change, { type: 'merge', ...at });
    await cluster.until(
      statefulSets,
      'db',
      (object) => object?.status?.updatedReplicas === 2 && object.status.readyReplicas === 3,
    );
    const list = (await cluster.podsOf('app=db')).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
    expect(images(list)).toEqual(['i:1', 'i:2', 'i:2']);
    await cluster.api.patch(
      statefulSets,
      'db',
      { spec: { updateStrategy: { rollingUpdate: { partition: 0 } } } },
      { type: 'merge', ...at },
    );
    await cluster.until(
      statefulSets,
      'db',
      (object) =>
        object?.status?.currentRevision === object?.status?.updateRevision && object?.status?.updatedReplicas === 3,
    );
    expect((await cluster.api.list(controllerRevisions, at)).items.map(({ revision }) => revision).sort()).toEqual([
      1, 2,
    ]);
  });

  it('goes down from the last, and makes a lost pod anew under its name', async () => {
    await cluster.api.create(statefulSets, set({ volumeClaimTemplates: [] }));
    await cluster.until(statefulSets, 'db', (object) => object?.status?.availableReplicas === 3);
    const before = await cluster.api.get(pods, 'db-0', at);
    await cluster.api.delete(pods, 'db-0', at);
    await cluster.until(
      pods,
      'db-0',
      (pod) => pod !== undefined && pod.metadata?.uid !== before.metadata?.uid && pod.status?.phase === 'Running',
    );
    await cluster.api.patch(statefulSets, 'db', { spec: { replicas: 1 } }, { type: 'merge', ...at });
    await cluster.untilList(pods, 'app=db', (list) => list.length === 1 && nameOf(list[0]!) === 'db-0');
  });
});

describe('a daemon set', () => {
  const set = (spec: Partial<NonNullable<DaemonSet['spec']>> = {}): DaemonSet => ({
    metadata: { name: 'agent', ...at },
    spec: { selector: { matchLabels: { app: 'agent' } }, template: template('agent'), ...spec },
  });
  const addNode = (name: string, labels: Record<string, string> = {}, taints: { key: string; effect: string }[] = []) =>
    cluster.api.create(nodes, { metadata: { name, labels }, spec: { taints } });
  const target = ({ spec }: Pod) =>
    spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms[0]?.matchFields?.[0]
      ?.values?.[0];
  /** Binds each pod to the node it is for, and runs it: the test's own kubelet takes them all to one. */
  async function place(): Promise<void> {
    for (const pod of await cluster.podsOf('app=agent')) {
      if (pod.spec?.nodeName !== undefined) continue;
      const name = target(pod);
      await cluster.api.createSubresource(pods, nameOf(pod), 'binding', { target: { kind: 'Node', name } }, at);
      const status = {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: new Date().toISOString() }],
      };
      await cluster.api.patch(pods, nameOf(pod), { status }, { type: 'merge', subresource: 'status', ...at });
    }
  }
  beforeEach(async () => {
    cluster = await startTestCluster({ kubelet: false });
    await Promise.all(['n1', 'n2', 'n3'].map((name) => addNode(name, { disk: name === 'n3' ? 'slow' : 'fast' })));
  });

  it('has a pod on every node that it is for, as nodes come and change', async () => {
    await addNode('tainted', { disk: 'fast' }, [{ key: 'own', effect: 'NoSchedule' }]);
    await cluster.api.create(
      daemonSets,
      set({ template: template('agent', 'i:1', { nodeSelector: { disk: 'fast' } }) }),
    );
    const first = await cluster.untilList(pods, 'app=agent', (list) => list.length === 2);
    expect(first.map(target).sort()).toEqual(['n1', 'n2']);
    expect(first[0]?.spec?.tolerations).toContainEqual({
      key: 'node.kubernetes.io/unschedulable',
      operator: 'Exists',
      effect: 'NoSchedule',
    });
    await place();
    await cluster.until(daemonSets, 'agent', (object) => object?.status?.numberAvailable === 2);
    await addNode('n4', { disk: 'fast' });
    await cluster.untilList(pods, 'app=agent', (list) => list.some((pod) => target(pod) === 'n4'));
    await cluster.api.patch(nodes, 'n4', { metadata: { labels: { disk: 'slow' } } }, { type: 'merge' });
    await cluster.untilList(pods, 'app=agent', (list) => list.length === 2);
  });

  it('rolls a new template out, one node at a time', async () => {
    await cluster.api.create(daemonSets, set());
    await cluster.untilList(pods, 'app=agent', (list) => list.length === 3);
    await place();
    await cluster.until(daemonSets, 'agent', (object) => object?.status?.numberAvailable === 3);
    await cluster.api.patch(
      daemonSets,
      'agent',
      { spec: { template: template('agent', 'i:2') } },
      { type: 'merge', ...at },
    );
    for (let done = 0; done < 3; done++) {
      const going = await cluster.untilList(pods, 'app=agent', (list) =>
        list.some((pod) => pod.metadata?.deletionTimestamp),
      );
      const leaving = going.filter((pod) => pod.metadata?.deletionTimestamp);
      expect(leaving).toHaveLength(1);
      await cluster.api.delete(pods, nameOf(leaving[0]!), { ...at, gracePeriodSeconds: 0 });
      await cluster.untilList(
        pods,
        'app=agent',
        (list) => images(list).filter((image) => image === 'i:2').length === done + 1,
      );
      await place();
    }
    await cluster.until(
      daemonSets,
      'agent',
      (object) => object?.status?.updatedNumberScheduled === 3 && object.status.numberAvailable === 3,
    );
  });
});

describe('a job', () => {
  const job = (spec: Partial<NonNullable<Job['spec']>> = {}): Job => ({
    metadata: { name: 'sum', ...at },
    spec: { template: template('sum', 'i:1', { restartPolicy: 'Never' }), ...spec },
  });

  it('runs so many pods at once until enough have succeeded, and lets go of them', async () => {
    cluster = await startTestCluster();
    await cluster.api.create(jobs, job({ parallelism: 2, completions: 3 }));
    await runningPods('app=sum', 2);
    await endPods('app=sum', 'Succeeded');
    await runningPods('app=sum', 1);
    await endPods('app=sum', 'Succeeded');
    await cluster.until(jobs, 'sum', (object) => isTrue(object, 'Complete'));
    const { status } = await cluster.api.get(jobs, 'sum', at);
    expect(status).toMatchObject({ succeeded: 3, ready: 0, uncountedTerminatedPods: {} });
    expect(status?.active).toBeUndefined();
    expect(status?.completionTime).toBeDefined();
    const left = await cluster.untilList(pods, 'app=sum', (list) =>
      list.every(({ metadata }) => !metadata?.finalizers),
    );
    expect(left).toHaveLength(3);
  });

  it('gives every index one pod', async () => {
    cluster = await startTestCluster();
    await cluster.api.create(jobs, job({ completionMode: 'Indexed', parallelism: 3, completions: 3 }));
    const list = await runningPods('app=sum', 3);
    expect(list.map(({ spec }) => spec?.hostname).sort()).toEqual(['sum-0', 'sum-1', 'sum-2']);
    await endPods('app=sum', 'Succeeded');
    await cluster.until(jobs, 'sum', (object) => isTrue(object, 'Complete'));
    expect((await cluster.api.get(jobs, 'sum', at)).status?.completedIndexes).toBe('0-2');
  });

  it('waits longer before each new attempt, and gives up after the limit', async () => {
    const clock = new ShiftedClock();
    cluster = await startTestCluster({ clock });
    await cluster.api.create(jobs, job({ backoffLimit: 1 }));
    await runningPods('app=sum', 1);
    await endPods('app=sum', 'Failed');
    await cluster.until(jobs, 'sum', (object) => object?.status?.failed === 1);
    expect(await cluster.podsOf('app=sum')).toHaveLength(1);
    await expect.poll(() => clock.sleeping.some((delay) => delay > 5000 && delay <= 10_000)).toBe(true);
    clock.advance(10_000);
    await runningPods('app=sum', 1);
    await endPods('app=sum', 'Failed');
    await cluster.until(jobs, 'sum', (object) => isTrue(object, 'Failed'));
    const { status } = await cluster.api.get(jobs, 'sum', at);
    expect(status?.conditions?.find(({ type }) => type === 'Failed')).toMatchObject({ reason: 'BackoffLimitExceeded' });
    expect(status?.failed).toBe(2);
  });

  it('is suspended and resumed', async () => {
    cluster = await startTestCluster();
    await cluster.api.create(jobs, job({ suspend: true }));
    await cluster.until(jobs, 'sum', (object) => isTrue(object, 'Suspended'));
    expect(await cluster.podsOf('app=sum')).toEqual([]);
    await cluster.api.patch(jobs, 'sum', { spec: { suspend: false } }, { type: 'merge', ...at });
    await runningPods('app=sum', 1);
    await cluster.until(jobs, 'sum', (object) => !isTrue(object, 'Suspended'));
  });

  it('takes its pods with it, finalizers and all', async () => {
    cluster = await startTestCluster();
    await cluster.api.create(jobs, job({ parallelism: 2 }));
    await runningPods('app=sum', 2);
    await cluster.api.delete(jobs, 'sum', { ...at, propagationPolicy: 'Background' });
    await cluster.untilList(pods, 'app=sum', (list) => list.length === 0);
  });

  it('goes when its time after the end is over', async () => {
    cluster = await startTestCluster();
    await cluster.api.create(jobs, job({ ttlSecondsAfterFinished: 0 }));
    await runningPods('app=sum', 1);
    await endPods('app=sum', 'Succeeded');
    await cluster.until(jobs, 'sum', (object) => object === undefined);
    await cluster.untilList(pods, 'app=sum', (list) => list.length === 0);
  });
});

describe('a cron job', () => {
  it('makes a job each time, and keeps as many of the ended as it says', async () => {
    const clock = new ShiftedClock();
    cluster = await startTestCluster({ clock });
    await cluster.api.create(cronJobs, {
      metadata: { name: 'tick', ...at },
      spec: {
        schedule: '* * * * *',
        successfulJobsHistoryLimit: 1,
        jobTemplate: { spec: { template: template('tick', 'i:1', { restartPolicy: 'Never' }) } },
      },
    });
    const untilMinute = () =>
      expect.poll(() => clock.sleeping.some((delay) => delay <= 60_100 && delay > 1000)).toBe(true);
    await untilMinute();
    clock.advance(60_100);
    await cluster.until(cronJobs, 'tick', (object) => object?.status?.lastScheduleTime !== undefined);
    const [first] = await cluster.untilList(jobs, '', (list) => list.length === 1);
    expect(nameOf(first!)).toMatch(/^tick-\d+$/);
    await runningPods('app=tick', 1);
    await endPods('app=tick', 'Succeeded');
    await cluster.until(cronJobs, 'tick', (object) => object?.status?.lastSuccessfulTime !== undefined);
    clock.advance(60_100);
    await runningPods('app=tick', 1);
    await endPods('app=tick', 'Succeeded');
    // The first of the two is one too many.
    const [last] = await cluster.untilList(
      jobs,
      '',
      (list) => list.length === 1 && list[0]?.metadata?.uid !== first?.metadata?.uid && isTrue(list[0], 'Complete'),
    );
    expect(nameOf(last!)).not.toBe(nameOf(first!));
  });
});

describe('a disruption budget', () => {
  it('lets so many pods be evicted and no more', async () => {
    cluster = await startTestCluster();
    await cluster.api.create(podDisruptionBudgets, {
      metadata: { name: 'keep', ...at },
      spec: { selector: { matchLabels: { app: 'db' } }, minAvailable: 2 },
    });
    for (const name of ['a', 'b', 'c']) {
      await cluster.api.create(pods, {
        metadata: { name, labels: { app: 'db' }, ...at },
        spec: { containers: [{ name: 'c', image: 'i' }] },
      });
    }
    await cluster.until(podDisruptionBudgets, 'keep', (object) => object?.status?.disruptionsAllowed === 1);
    const evict = (name: string) =>
      cluster.api.createSubresource(pods, name, 'eviction', { metadata: { name, ...at } }, at);
    await evict('a');
    await expect(evict('b')).rejects.toMatchObject({
      status: 429,
      message: "Cannot evict pod as it would violate the pod's disruption budget.",
    });
    await expect(cluster.api.get(pods, 'b', at).then(nameOf)).resolves.toBe('b');
    await expect.poll(() => cluster.api.get(pods, 'a', at).then(() => false, isNotFound)).toBe(true);
  });
});
