import { describe, expect, it } from 'vitest';
import { countByNode, isActive, isAvailable, rankForDeletion } from './pod-state.js';
import { makePod, type PodShape } from './testing/objects.js';

describe('rankForDeletion', () => {
  // The first of each pair goes first.
  const pairs: [string, PodShape, PodShape][] = [
    ['unassigned before assigned', { phase: 'Running' }, { phase: 'Pending', node: 'n' }],
    ['Pending before Unknown', { phase: 'Pending', node: 'n' }, { phase: 'Unknown', node: 'n' }],
    ['Unknown before Running', { phase: 'Unknown', node: 'n' }, { phase: 'Running', node: 'n' }],
    ['not ready before ready', { node: 'n', ready: false }, { node: 'n' }],
    ['low deletion cost first', { node: 'n', cost: -5 }, { node: 'n', created: '2026-01-02T00:00:00Z' }],
    ['the crowded node first', { node: 'full' }, { node: 'n', created: '2026-01-02T00:00:00Z' }],
    ['ready for a shorter time first', { node: 'n', since: '2026-01-01T01:00:00Z' }, { node: 'n', restarts: 3 }],
    ['more restarts first', { node: 'n', restarts: 2 }, { node: 'n', created: '2026-01-02T00:00:00Z' }],
    ['younger first', { node: 'n', created: '2026-01-02T00:00:00Z' }, { node: 'n' }],
  ];
  it.each(pairs)('%s', (_rule, first, second) => {
    const [a, b] = [makePod({ name: 'first', ...first }), makePod({ name: 'second', ...second })];
    const crowding = new Map([
      ['full', 2],
      ['n', 1],
    ]);
    expect(rankForDeletion([a, b], crowding)).toEqual([a, b]);
    expect(rankForDeletion([b, a], crowding)).toEqual([a, b]);
  });
});

describe('isAvailable', () => {
  const now = Date.parse('2026-01-01T00:00:10Z');
  it.each([
    ['ready, no minimum', makePod(), 0, true],
    ['not ready', makePod({ ready: false }), 0, false],
    ['ready for exactly the minimum', makePod(), 10, true],
    ['ready for less', makePod(), 11, false],
  ])('%s', (_case, pod, minReadySeconds, expected) => {
    expect(isAvailable(pod, minReadySeconds, now)).toBe(expected);
  });
});

it.each([
  ['Running', {}, true],
  ['Pending', { phase: 'Pending' }, true],
  ['Succeeded', { phase: 'Succeeded' }, false],
  ['Failed', { phase: 'Failed' }, false],
  ['being deleted', { deleting: true }, false],
])('isActive: %s', (_case, shape, expected) => {
  expect(isActive(makePod(shape))).toBe(expected);
});

it('counts pods by node and leaves out those without', () => {
  const pods = [makePod({ node: 'a' }), makePod({ node: 'a' }), makePod({ node: 'b' }), makePod()];
  expect(countByNode(pods)).toEqual(
    new Map([
      ['a', 2],
      ['b', 1],
    ]),
  );
});
