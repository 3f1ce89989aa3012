import type { Node, Pod, PodSpec } from '@kmd/kube-client';
import { describe, expect, it } from 'vitest';
import type { Neighbourhood } from './neighbour.js';
import { spreadRules } from './spread.js';

type Constraint = NonNullable<PodSpec['topologySpreadConstraints']>[number];

const node = (name: string, labels: Record<string, string>, spec: Node['spec'] = {}): Node => ({
  metadata: { name, labels },
  spec,
});
const [a1, a2, b1, c1, nowhere] = [
  node('a1', { zone: 'a', disk: 'ssd' }),
  node('a2', { zone: 'a' }),
  node('b1', { zone: 'b', disk: 'ssd' }),
  node('c1', { zone: 'c' }, { taints: [{ key: 'old', effect: 'NoSchedule' }] }),
  node('nowhere', {}),
];
const nodes = [a1, a2, b1, c1, nowhere];
const web = (spec: Partial<PodSpec> = {}, extra: Pod['metadata'] = {}): Pod => ({
  metadata: { name: 'web', namespace: 'default', labels: { app: 'web', rev: '2' }, ...extra },
  spec: { containers: [], ...spec },
});
const constraint = (extra: Partial<Constraint> = {}): Constraint => ({
  maxSkew: 1,
  topologyKey: 'zone',
  whenUnsatisfiable: 'DoNotSchedule',
  labelSelector: { matchLabels: { app: 'web' } },
  ...extra,
});
const hood = (...neighbours: [Pod, Node][]): Neighbourhood => ({
  nodes,
  neighbours: neighbours.map(([pod, there]) => ({ pod, node: there })),
  namespaceLabels: () => undefined,
});
const allowed = (extra: Partial<Constraint>, spec: Partial<PodSpec>, neighbourhood: Neighbourhood) => {
  const rules = spreadRules(web({ ...spec, topologySpreadConstraints: [constraint(extra)] }), neighbourhood);
  return nodes
    .filter((there) => rules.every(({ forbids }) => forbids?.(there) === undefined))
    .map(({ metadata }) => metadata?.name);
};

describe('topology spread', () => {
  const one = hood([web(), a1]);
  it.each<[string, Partial<Constraint>, Partial<PodSpec>, Neighbourhood, string[]]>([
    ['the first pod goes to any node with a domain', {}, {}, hood(), ['a1', 'a2', 'b1', 'c1']],
    ['the second goes to another domain', {}, {}, one, ['b1', 'c1']],
    ['max skew 2 allows two in one domain', { maxSkew: 2 }, {}, one, ['a1', 'a2', 'b1', 'c1']],
    ['tainted nodes count, by default', {}, {}, hood([web(), a1], [web(), b1]), ['c1']],
    [
      '… unless taints are honoured',
      { nodeTaintsPolicy: 'Honor' },
      {},
      hood([web(), a1], [web(), b1]),
      ['a1', 'a2', 'b1', 'c1'],
    ],
    [
      'nodes that the pod cannot go to do not count',
      {},
      { nodeSelector: { disk: 'ssd' } },
      hood([web(), a1], [web(), b1]),
      ['a1', 'a2', 'b1', 'c1'],
    ],
    [
      '… unless that is ignored',
      { nodeAffinityPolicy: 'Ignore' },
      { nodeSelector: { disk: 'ssd' } },
      hood([web(), a1], [web(), b1]),
      ['c1'],
    ],
    [
      'as long as there are fewer domains than wanted, none counts as full',
      { minDomains: 4 },
      {},
      hood([web(), a1], [web(), b1], [web(), c1]),
      [],
    ],
    [
      'pods of another revision do not count',
      { matchLabelKeys: ['rev'] },
      {},
      hood([web({}, { labels: { app: 'web', rev: '1' } }), a1]),
      ['a1', 'a2', 'b1', 'c1'],
    ],
    [
      'nor do those of another namespace',
      {},
      {},
      hood([web({}, { namespace: 'other' }), a1]),
      ['a1', 'a2', 'b1', 'c1'],
    ],
    [
      'nor those on their way out',
      {},
      {},
      hood([web({}, { deletionTimestamp: '2026-01-01T00:00:00Z' }), a1]),
      ['a1', 'a2', 'b1', 'c1'],
    ],
    [
      'a selector that is not for the pod itself does not count it',
      { labelSelector: { matchLabels: { app: 'db' } } },
      {},
      one,
      ['a1', 'a2', 'b1', 'c1'],
    ],
  ])('%s', (_, extra, spec, neighbourhood, expected) => {
    expect(allowed(extra, spec, neighbourhood)).toEqual(expected);
  });

  it('may be broken when it says so, at a cost for each pod too many', () => {
    const given = web({ topologySpreadConstraints: [constraint({ whenUnsatisfiable: 'ScheduleAnyway' })] });
    const [rule] = spreadRules(given, hood([web(), a1], [web(), a2], [web(), b1]));
    expect(rule?.forbids).toBeUndefined();
    expect([a1, b1, c1].map((there) => rule?.cost?.(there))).toEqual([200, 100, 0]);
  });
});
