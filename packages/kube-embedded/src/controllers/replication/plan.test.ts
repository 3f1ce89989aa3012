import { describe, expect, it } from 'vitest';
import { makePod, makeSet } from '../testing/objects.js';
import { computeReplicaStatus, isSameReplicaStatus, planReplicas, untilNextAvailable } from './plan.js';

const pods = (count: number) => Array.from({ length: count }, (_, index) => makePod({ name: `p${index}`, node: 'n' }));
const now = Date.parse('2026-01-01T00:00:10Z');

describe('planReplicas', () => {
  it.each([
    [3, 0, 3, 0],
    [3, 3, 0, 0],
    [3, 1, 2, 0],
    [1, 3, 0, 2],
    [0, 3, 0, 3],
    [600, 0, 500, 0],
    [0, 600, 0, 500],
  ])('wants %i, has %i: creates %i, deletes %i', (wanted, present, create, remove) => {
    const plan = planReplicas(wanted, pods(present));
    expect([plan.create, plan.delete.length]).toEqual([create, remove]);
  });

  it('deletes where pods of the same deployment crowd, those of its other replica sets counted', () => {
    const own = [makePod({ name: 'a', node: 'n1' }), makePod({ name: 'b', node: 'n2' })];
    const related = [...own, makePod({ name: 'c', node: 'n2' })];
    expect(planReplicas(1, own, related).delete.map(({ metadata }) => metadata?.name)).toEqual(['b']);
  });
});

describe('computeReplicaStatus', () => {
  const owner = makeSet({ name: 'rs', replicas: 3 });

  it('counts active pods: all, with the template’s labels, ready, available', () => {
    const labels = { app: 'web', 'pod-template-hash': 'rs' };
    const status = computeReplicaStatus(
      { ...owner, spec: { selector: {}, ...owner.spec, minReadySeconds: 10 } },
      [
        makePod({ name: 'a', labels }),
        makePod({ name: 'b', labels, since: '2026-01-01T00:00:05Z' }),
        makePod({ name: 'c', phase: 'Pending' }),
        makePod({ name: 'd', phase: 'Failed' }),
        makePod({ name: 'e', deleting: true }),
      ],
      now,
    );
    expect(status).toEqual({
      replicas: 3,
      fullyLabeledReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 1,
      observedGeneration: 1,
    });
  });

  it('tells a failure once, and takes it back when it is over', () => {
    const failed = computeReplicaStatus(owner, [], now, { reason: 'FailedCreate', message: 'quota' });
    expect(failed.conditions).toEqual([
      {
        type: 'ReplicaFailure',
        status: 'True',
        reason: 'FailedCreate',
        message: 'quota',
        lastTransitionTime: '2026-01-01T00:00:10Z',
      },
    ]);
    const later = computeReplicaStatus({ ...owner, status: failed }, [], now + 60_000, {
      reason: 'FailedCreate',
      message: 'quota',
    });
    expect(isSameReplicaStatus(failed, later)).toBe(true);
    expect(computeReplicaStatus({ ...owner, status: failed }, [], now).conditions).toBeUndefined();
  });
});

it('waits for the pod that is available next', () => {
  const some = [
    makePod({ since: '2026-01-01T00:00:04Z' }),
    makePod({ since: '2026-01-01T00:00:08Z' }),
    makePod({ ready: false }),
  ];
  expect(untilNextAvailable(some, 10, now)).toBe(4000);
  expect(untilNextAvailable(some, 0, now)).toBeUndefined();
});
