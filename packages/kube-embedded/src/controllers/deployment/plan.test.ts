import type { Deployment, ReplicaSet } from '@kmd/kube-client';
import { describe, expect, it } from 'vitest';
import { makeDeployment, makeSet } from '../testing/objects.js';
import { planDeployment } from './plan.js';
import { hashTemplate } from './revision.js';

const now = Date.parse('2026-01-01T00:10:00Z');
const plan = (deployment: Deployment, replicaSets: ReplicaSet[], livePods = false) =>
  planDeployment({ deployment, replicaSets, hasLivePods: () => livePods, now });
const updates = ({ update }: ReturnType<typeof plan>) =>
  Object.fromEntries(update.map(({ metadata, spec }) => [metadata?.name, spec?.replicas]));
const progress = ({ status }: ReturnType<typeof plan>) => status.conditions?.find(({ type }) => type === 'Progressing');
const progressing = (reason: string, lastUpdateTime = '2026-01-01T00:00:00Z', status = 'True') => ({
  conditions: [{ type: 'Progressing', status, reason, lastUpdateTime, lastTransitionTime: '2026-01-01T00:00:00Z' }],
});

describe('a new deployment', () => {
  const result = plan(makeDeployment({}, {}), []);
  const hash = hashTemplate(makeDeployment().spec?.template);

  it('gets a replica set of its name and the template’s hash, at full size', () => {
    expect(result.create?.metadata).toMatchObject({
      name: `web-${hash}`,
      labels: { app: 'web', 'pod-template-hash': hash },
      annotations: {
        'deployment.kubernetes.io/revision': '1',
        'deployment.kubernetes.io/desired-replicas': '3',
        'deployment.kubernetes.io/max-replicas': '4',
      },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'uid-web', controller: true }],
    });
    expect(result.create?.spec).toMatchObject({
      replicas: 3,
      selector: { matchLabels: { app: 'web', 'pod-template-hash': hash } },
      template: { metadata: { labels: { app: 'web', 'pod-template-hash': hash } } },
    });
    expect([...result.scaled.values()]).toEqual([`Scaled up replica set web-${hash} from 0 to 3`]);
    expect(result.revision).toBe('1');
  });

  it('says that it was made and that nothing is available yet', () => {
    expect(progress(result)).toMatchObject({
      status: 'True',
      reason: 'NewReplicaSetCreated',
      message: `Created new replica set "web-${hash}"`,
    });
    expect(result.status).toMatchObject({
      observedGeneration: 1,
      replicas: 0,
      updatedReplicas: 0,
      unavailableReplicas: 3,
    });
    expect(result.status.conditions).toContainEqual(
      expect.objectContaining({
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      }),
    );
    expect(result.recheckAfter).toBe(600_000);
  });
});

describe('a rolling update', () => {
  const old = makeSet({ name: 'old', replicas: 3, image: 'i:1', desired: 3, max: 4 });

  it('begins with a new set of the surge’s size and keeps the old one', () => {
    const counts = { replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3 };
    const result = plan(makeDeployment({}, { ...counts, ...progressing('NewReplicaSetAvailable') }), [old]);
    expect(result.create?.spec?.replicas).toBe(1);
    expect(result.create?.metadata?.annotations?.['deployment.kubernetes.io/revision']).toBe('2');
    expect(result.update).toEqual([]);
    expect(progress(result)?.reason).toBe('NewReplicaSetCreated');
  });

  it('scales the old set down as the new one’s pods become available', () => {
    const newSet = makeSet({ name: 'new', replicas: 1, image: 'i:2', revision: 2, desired: 3, max: 4 });
    const result = plan(makeDeployment({}, progressing('ReplicaSetUpdated')), [old, newSet]);
    expect(updates(result)).toEqual({ old: 2 });
    expect(result.scaled.get('old')).toBe('Scaled down replica set old from 3 to 2');
  });

  it('is complete when all pods are of the new set and available', () => {
    const newSet = makeSet({ name: 'new', replicas: 3, image: 'i:2', revision: 2, desired: 3, max: 4 });
    const result = plan(makeDeployment({}, progressing('ReplicaSetUpdated')), [
      makeSet({ name: 'old', replicas: 0 }),
      newSet,
    ]);
    expect(result.update).toEqual([]);
    expect(progress(result)).toMatchObject({
      status: 'True',
      reason: 'NewReplicaSetAvailable',
      message: 'ReplicaSet "new" has successfully progressed.',
    });
    expect(result.status).toMatchObject({
      replicas: 3,
      updatedReplicas: 3,
      availableReplicas: 3,
      unavailableReplicas: 0,
    });
    expect(result.recheckAfter).toBeUndefined();
  });

  it('is reported as hanging when the deadline has passed without progress', () => {
    const newSet = makeSet({ name: 'new', replicas: 3, available: 0, image: 'i:2', desired: 3, max: 4 });
    const counts = { replicas: 3, updatedReplicas: 3, unavailableReplicas: 3 };
    const early = plan(
      makeDeployment({ progressDeadlineSeconds: 601 }, { ...counts, ...progressing('ReplicaSetUpdated') }),
      [newSet],
    );
    expect(progress(early)?.reason).toBe('ReplicaSetUpdated');
    expect(early.recheckAfter).toBe(1000);
    const late = plan(makeDeployment({}, { ...counts, ...progressing('ReplicaSetUpdated') }), [newSet]);
    expect(progress(late)).toMatchObject({
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
      message: 'ReplicaSet "new" has timed out progressing.',
    });
  });

  it('shows why a replica set cannot make pods', () => {
    const newSet = makeSet({ name: 'new', replicas: 3, actual: 0, image: 'i:2', desired: 3, max: 4 });
    const condition = {
      type: 'ReplicaFailure',
      status: 'True',
      reason: 'FailedCreate',
      message: 'quota',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    };
    const failing: ReplicaSet = { ...newSet, status: { replicas: 0, ...newSet.status, conditions: [condition] } };
    const { status } = plan(makeDeployment(), [failing]);
    expect(status.conditions).toContainEqual({ ...condition, lastUpdateTime: '2026-01-01T00:00:00Z' });
  });
});

describe('a rollback', () => {
  it('takes the old replica set up again under a new revision, and remembers the one it had', () => {
    const back = makeSet({ name: 'back', replicas: 0, image: 'i:2', revision: 1 });
    const current = makeSet({ name: 'current', replicas: 3, image: 'i:3', revision: 2, desired: 3, max: 4 });
    const result = plan(makeDeployment({}, progressing('NewReplicaSetAvailable')), [back, current]);
    expect(result.create).toBeUndefined();
    expect(updates(result)).toEqual({ back: 1 });
    expect(result.update[0]?.metadata?.annotations).toMatchObject({
      'deployment.kubernetes.io/revision': '3',
      'deployment.kubernetes.io/revision-history': '1',
    });
    expect(result.revision).toBe('3');
  });
});

describe('Recreate', () => {
  const deployment = makeDeployment({ strategy: { type: 'Recreate' } });
  const oldSet = (replicas: number) => makeSet({ name: 'old', replicas, image: 'i:1' });

  it('first scales everything old to zero', () => {
    const result = plan(deployment, [oldSet(3)], true);
    expect(updates(result)).toEqual({ old: 0 });
    expect(result.create).toBeUndefined();
  });
  it('waits until the last old pod is gone', () => {
    const result = plan(deployment, [oldSet(0)], true);
    expect([result.create, result.update]).toEqual([undefined, []]);
  });
  it('then makes the new set at full size', () => {
    expect(plan(deployment, [oldSet(0)], false).create?.spec?.replicas).toBe(3);
  });
});

describe('pausing', () => {
  it('keeps a new template from being rolled out and says so', () => {
    const old = makeSet({ name: 'old', replicas: 3, desired: 3, max: 4 });
    const result = plan(makeDeployment({ paused: true }, progressing('NewReplicaSetAvailable')), [old]);
    expect([result.create, result.update]).toEqual([undefined, []]);
    expect(progress(result)).toMatchObject({
      status: 'Unknown',
      reason: 'DeploymentPaused',
      message: 'Deployment is paused',
    });
  });
  it('says when it is resumed', () => {
    const old = makeSet({ name: 'old', replicas: 3, image: 'i:2', available: 2, desired: 3, max: 4 });
    const status = { replicas: 3, updatedReplicas: 3, readyReplicas: 2, availableReplicas: 2 };
    const result = plan(
      makeDeployment({}, { ...status, ...progressing('DeploymentPaused', '2026-01-01T00:00:00Z', 'Unknown') }),
      [old],
    );
    expect(progress(result)).toMatchObject({
      status: 'Unknown',
      reason: 'DeploymentResumed',
      message: 'Deployment is resumed',
    });
  });
  it('does not keep it from being scaled', () => {
    const old = makeSet({ name: 'old', replicas: 3, desired: 3, max: 4 });
    expect(updates(plan(makeDeployment({ paused: true, replicas: 5 }), [old]))).toEqual({ old: 5 });
  });
});

it('scales in the middle of a rollout without hastening it', () => {
  const old = makeSet({ name: 'old', replicas: 8, image: 'i:1', desired: 10, max: 13 });
  const newSet = makeSet({ name: 'new', replicas: 5, available: 0, image: 'i:2', revision: 2, desired: 10, max: 13 });
  const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } } as const;
  const result = plan(makeDeployment({ replicas: 15, strategy }), [old, newSet]);
  expect(updates(result)).toEqual({ old: 11, new: 7 });
});

it('keeps as many empty old revisions as the limit says, the newest', () => {
  const olds = [1, 2, 3, 4].map((revision) =>
    makeSet({ name: `r${revision}`, replicas: 0, image: `i:old${revision}`, revision }),
  );
  const newSet = makeSet({ name: 'new', replicas: 3, image: 'i:2', revision: 5, desired: 3, max: 4 });
  const complete = {
    replicas: 3,
    updatedReplicas: 3,
    availableReplicas: 3,
    observedGeneration: 1,
    ...progressing('NewReplicaSetAvailable'),
  };
  const result = plan(makeDeployment({ revisionHistoryLimit: 2 }, complete), [...olds, newSet]);
  expect(result.remove.map(({ metadata }) => metadata?.name)).toEqual(['r1', 'r2']);
});

it('changes nothing of a deployment that is being deleted', () => {
  const deployment = makeDeployment({ replicas: 9 });
  const result = plan(
    { ...deployment, metadata: { ...deployment.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } },
    [],
  );
  expect([result.create, result.update, result.remove]).toEqual([undefined, [], []]);
});

describe('hashTemplate', () => {
  it('is made of ten safe characters at most, and stable', () => {
    const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
    const hash = hashTemplate(template);
    expect(hash).toMatch(/^[bcdf456789]{1,10}$/);
    expect(hashTemplate({ spec: template.spec, metadata: { ...template.metadata, creationTimestamp: null } })).toBe(
      hash,
    );
    expect(hashTemplate(template, 1)).not.toBe(hash);
    expect(hashTemplate({ ...template, spec: { containers: [{ name: 'c', image: 'j' }] } })).not.toBe(hash);
  });
});
