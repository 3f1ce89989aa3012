import { describe, expect, it } from 'vitest';
import { makeDeployment, makeSet, type ReplicaSetShape } from '../testing/objects.js';
import { isScaled, planNewSize, planProportions, planScaleDown, resolveFenceposts, type Scaling } from './scaling.js';

const rolling = (maxSurge: number | string, maxUnavailable: number | string) =>
  ({ type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } }) as const;
const sizes = (scalings: Scaling[]) =>
  Object.fromEntries(scalings.map(({ replicaSet, replicas }) => [replicaSet.metadata?.name, replicas]));

describe('resolveFenceposts', () => {
  it.each<[number, number | string, number | string, { surge: number; unavailable: number }]>([
    [2, '0%', '1%', { surge: 0, unavailable: 1 }],
    [1, '0%', '1%', { surge: 0, unavailable: 1 }],
    [2, '1%', '25%', { surge: 1, unavailable: 0 }],
    [1, '1%', '0%', { surge: 1, unavailable: 0 }],
    [10, '25%', '25%', { surge: 3, unavailable: 2 }],
    [3, 1, 0, { surge: 1, unavailable: 0 }],
    [4, '100%', '50%', { surge: 4, unavailable: 2 }],
  ])('%i replicas, surge %s, unavailable %s', (replicas, surge, unavailable, expected) => {
    expect(resolveFenceposts(makeDeployment({ replicas, strategy: rolling(surge, unavailable) }))).toEqual(expected);
  });

  it('knows neither under Recreate', () => {
    expect(resolveFenceposts(makeDeployment({ strategy: { type: 'Recreate' } }))).toEqual({ surge: 0, unavailable: 0 });
  });
});

describe('planNewSize', () => {
  it.each([
    { wanted: 10, surge: 0, old: 10, now: 0, expected: 0 },
    { wanted: 10, surge: 2, old: 10, now: 0, expected: 2 },
    { wanted: 10, surge: 2, old: 5, now: 0, expected: 7 },
    { wanted: 10, surge: 2, old: 10, now: 2, expected: 2 },
    { wanted: 10, surge: 2, old: 2, now: 8, expected: 10 },
    { wanted: 2, surge: 1, old: 0, now: 5, expected: 2 },
  ])('$wanted wanted, surge $surge, $old old, $now new', ({ wanted, surge, old, now, expected }) => {
    const newSet = makeSet({ name: 'new', replicas: now });
    const all = [makeSet({ name: 'old', replicas: old }), newSet];
    expect(planNewSize(makeDeployment({ replicas: wanted, strategy: rolling(surge, 0) }), all, newSet)).toBe(expected);
  });
});

describe('planScaleDown', () => {
  it.each<{
    title: string;
    unavailable: number;
    newSet: [number, number];
    old: Record<string, [number, number]>;
    expected: Record<string, number>;
  }>([
    {
      title: 'nothing while the new pods are not available',
      unavailable: 0,
      newSet: [3, 0],
      old: { a: [10, 10] },
      expected: {},
    },
    { title: 'as many as became available', unavailable: 0, newSet: [3, 3], old: { a: [10, 10] }, expected: { a: 7 } },
    { title: 'what may be lacking', unavailable: 2, newSet: [0, 0], old: { a: [10, 10] }, expected: { a: 8 } },
    {
      title: 'unhealthy ones first, in the oldest set first',
      unavailable: 2,
      newSet: [0, 0],
      old: { a: [8, 8], b: [2, 0] },
      expected: { b: 0 },
    },
    {
      title: 'nothing when a node was lost and the new pods crash',
      unavailable: 2,
      newSet: [5, 0],
      old: { a: [8, 7] },
      expected: {},
    },
    {
      // Status of a has not come after its last scaling down, from 10 to 9.
      title: 'nothing while a status still counts pods that are being ended',
      unavailable: 1,
      newSet: [1, 0],
      old: { a: [9, 10] },
      expected: {},
    },
    {
      title: 'what is there, and not what an old status counts',
      unavailable: 1,
      newSet: [2, 1],
      old: { a: [9, 10] },
      expected: { a: 8 },
    },
    {
      title: 'crashing old pods after a rollback',
      unavailable: 2,
      newSet: [8, 8],
      old: { b: [5, 0] },
      expected: { b: 0 },
    },
  ])('$title', ({ unavailable, newSet, old, expected }) => {
    const deployment = makeDeployment({ replicas: 10, strategy: rolling(3, unavailable) });
    const sets = Object.entries(old).map(([name, [replicas, available]]) => makeSet({ name, replicas, available }));
    const current = makeSet({ name: 'new', replicas: newSet[0], available: newSet[1] });
    expect(sizes(planScaleDown(deployment, current, sets))).toEqual(expected);
  });
});

describe('planProportions', () => {
  const plan = (replicas: number, shapes: ReplicaSetShape[], strategy = rolling(3, 2)) => {
    const [newSet, ...old] = shapes.map(makeSet);
    return sizes(planProportions(makeDeployment({ replicas, strategy }), newSet, old));
  };
  it('gives one active replica set everything', () => {
    expect(
      plan(5, [
        { name: 'new', replicas: 3 },
        { name: 'old', replicas: 0 },
      ]),
    ).toEqual({ new: 5 });
  });
  it('gives an active old one everything when the new one is empty', () => {
    expect(
      plan(5, [
        { name: 'new', replicas: 0 },
        { name: 'old', replicas: 3 },
      ]),
    ).toEqual({ old: 5 });
  });
  it('empties the old ones when the new one has all', () => {
    expect(
      plan(5, [
        { name: 'new', replicas: 5, desired: 5 },
        { name: 'old', replicas: 2, desired: 5 },
      ]),
    ).toEqual({ old: 0 });
  });
  it('shares growth in proportion, what is left over to the largest', () => {
    // The example of the Kubernetes documentation: 10 → 15 with surge 3 in the middle of a rollout.
    const shapes = [
      { name: 'new', replicas: 5, desired: 10, max: 13 },
      { name: 'old', replicas: 8, desired: 10, max: 13 },
    ];
    expect(plan(15, shapes)).toEqual({ old: 11, new: 7 });
  });
  it('shares shrinking in proportion', () => {
    const shapes = [
      { name: 'new', replicas: 5, desired: 10, max: 13 },
      { name: 'old', replicas: 8, desired: 10, max: 13 },
    ];
    expect(plan(5, shapes)).toEqual({ old: 5, new: 3 });
  });
  it('goes to zero everywhere', () => {
    const shapes = [
      { name: 'new', replicas: 5, desired: 10, max: 13 },
      { name: 'old', replicas: 8, desired: 10, max: 13 },
    ];
    expect(plan(0, shapes)).toEqual({ old: 0, new: 0 });
  });
});

it('sees a scaling by the number that the replica sets recorded', () => {
  const deployment = makeDeployment({ replicas: 3 });
  expect(isScaled(deployment, [makeSet({ name: 'a', replicas: 2, desired: 3 })])).toBe(false);
  expect(isScaled(deployment, [makeSet({ name: 'a', replicas: 2, desired: 2 })])).toBe(true);
  expect(isScaled(deployment, [makeSet({ name: 'a', replicas: 0, desired: 2 })])).toBe(false);
  expect(isScaled(deployment, [makeSet({ name: 'a', replicas: 2 })])).toBe(false);
});
