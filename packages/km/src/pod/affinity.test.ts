import type { Node, Pod, PodSpec } from '@kmd/kube-client';
import { describe, expect, it } from 'vitest';
import { affinityRules, exclusionRules, isExclusive } from './affinity.js';
import type { Neighbourhood, NodeRule } from './neighbour.js';

const HOST = 'kubernetes.io/hostname';
const node = (name: string, zone?: string): Node => ({
  metadata: { name, labels: { [HOST]: name, ...(zone === undefined ? {} : { zone }) } },
});
const [a1, a2, b1, nowhere] = [node('a1', 'a'), node('a2', 'a'), node('b1', 'b'), node('nowhere')];
const nodes = [a1, a2, b1, nowhere];
const pod = (app: string, affinity?: PodSpec['affinity'], namespace = 'default'): Pod => ({
  metadata: { name: app, namespace, labels: { app } },
  spec: { containers: [], ...(affinity ? { affinity } : {}) },
});
const term = (app: string, topologyKey = 'zone', extra = {}) => ({
  labelSelector: { matchLabels: { app } },
  topologyKey,
  ...extra,
});
const near = (...terms: ReturnType<typeof term>[]): PodSpec['affinity'] => ({
  podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms },
});
const apart = (...terms: ReturnType<typeof term>[]): PodSpec['affinity'] => ({
  podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms },
});
const hood = (...neighbours: [Pod, Node][]): Neighbourhood => ({
  nodes,
  neighbours: neighbours.map(([other, there]) => ({ pod: other, node: there })),
  namespaceLabels: (name) => ({ team: name }),
});
const allowed = (rules: readonly NodeRule[]): (string | undefined)[] =>
  nodes
    .filter((there) => rules.every(({ forbids }) => forbids?.(there) === undefined))
    .map(({ metadata }) => metadata?.name);
const costs = (rules: readonly NodeRule[]): number[] =>
  nodes.map((there) => rules.reduce((sum, { cost }) => sum + (cost?.(there) ?? 0), 0));

describe('pod affinity', () => {
  it.each<[string, PodSpec['affinity'], Neighbourhood, string[]]>([
    ["the domain of a pod it names, not only that pod's node", near(term('db')), hood([pod('db'), a1]), ['a1', 'a2']],
    ['nowhere, while there is no such pod', near(term('db')), hood([pod('cache'), a1]), []],
    [
      'anywhere with a domain for the first of pods that want to be together',
      near(term('web')),
      hood(),
      ['a1', 'a2', 'b1'],
    ],
    ['beside the first for those after it', near(term('web')), hood([pod('web'), b1]), ['b1']],
    [
      'where all terms hold, of pods that all terms name',
      near(term('db'), term('db', HOST)),
      hood([pod('db'), a2]),
      ['a2'],
    ],
    ['not for pods of other namespaces', near(term('db')), hood([pod('db', undefined, 'other'), a1]), []],
    [
      'for pods of namespaces that are named',
      near(term('db', 'zone', { namespaces: ['other'] })),
      hood([pod('db', undefined, 'other'), a1], [pod('db'), b1]),
      ['a1', 'a2'],
    ],
    [
      'for pods of namespaces that are selected',
      near(term('db', 'zone', { namespaceSelector: { matchLabels: { team: 'other' } } })),
      hood([pod('db', undefined, 'other'), a1], [pod('db'), b1]),
      ['a1', 'a2'],
    ],
    [
      'an empty namespace selector takes all namespaces',
      near(term('db', 'zone', { namespaceSelector: {} })),
      hood([pod('db', undefined, 'other'), b1]),
      ['b1'],
    ],
  ])('%s', (_, affinity, neighbourhood, expected) => {
    expect(allowed(affinityRules(pod('web', affinity), neighbourhood))).toEqual(expected);
  });

  it('says what is missing, alike for all nodes', () => {
    const [rule] = affinityRules(pod('web', near(term('db'))), hood());
    expect(rule?.forbids?.(a1)).toBe('without a pod that the pod affinity asks for (zone)');
  });

  it('costs the weight of each preference that a node does not meet', () => {
    const web = pod('web', {
      podAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 30, podAffinityTerm: term('cache') }],
      },
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 10, podAffinityTerm: term('batch', HOST) }],
      },
    });
    expect(costs(affinityRules(web, hood([pod('cache'), a1], [pod('batch'), a2])))).toEqual([0, 10, 30, 30]);
  });
});

describe('pod anti-affinity', () => {
  it('keeps out of the domain of pods it names; a node without the domain is free', () => {
    const rules = affinityRules(pod('web', apart(term('web'))), hood([pod('web'), a1]));
    expect(allowed(rules)).toEqual(['b1', 'nowhere']);
  });

  it('of a pod that runs already holds for those that come', () => {
    const loner = pod('loner', apart(term('web', HOST)));
    const labels = (): undefined => undefined;
    expect(isExclusive(loner)).toBe(true);
    expect(allowed(exclusionRules(pod('web'), [{ pod: loner, node: a1 }], labels))).toEqual(['a2', 'b1', 'nowhere']);
    expect(exclusionRules(pod('db'), [{ pod: loner, node: a1 }], labels)).toEqual([]);
  });
});
