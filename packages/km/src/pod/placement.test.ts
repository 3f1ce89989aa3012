import type { Node, Pod } from '@kmd/kube-client';
import { describe, expect, it } from 'vitest';
import { forbidsNode } from './placement.js';

const node = (extra: Partial<NonNullable<Node['spec']>> = {}): Node => ({
  metadata: { name: 'agent-1', labels: { rack: '2', gen: '2011' } },
  spec: extra,
});
const pod = (spec: Partial<NonNullable<Pod['spec']>>): Pod => ({ spec: { containers: [], ...spec } });
const affinity = (key: string, operator: string, values?: string[]) =>
  pod({
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key, operator, ...(values ? { values } : {}) }] }],
        },
      },
    },
  } as Partial<NonNullable<Pod['spec']>>);

describe('forbidsNode', () => {
  const tainted = node({ taints: [{ key: 'dedicated', value: 'db', effect: 'NoSchedule' }] });
  it.each<[string, Pod, Node, boolean]>([
    ['nothing asked', pod({}), node(), true],
    ['node name', pod({ nodeName: 'agent-1' }), node(), true],
    ['another node name', pod({ nodeName: 'agent-2' }), node(), false],
    ['a node name overrides a cordon', pod({ nodeName: 'agent-1' }), node({ unschedulable: true }), true],
    ['selector that matches', pod({ nodeSelector: { rack: '2' } }), node(), true],
    ['selector with another value', pod({ nodeSelector: { rack: '1' } }), node(), false],
    ['selector without such a label', pod({ nodeSelector: { zone: 'a' } }), node(), false],
    ['cordon', pod({}), node({ unschedulable: true }), false],
    ['taint', pod({}), tainted, false],
    ['taint tolerated by value', pod({ tolerations: [{ key: 'dedicated', value: 'db' }] }), tainted, true],
    ['another value tolerated', pod({ tolerations: [{ key: 'dedicated', value: 'x' }] }), tainted, false],
    ['taint tolerated by key', pod({ tolerations: [{ key: 'dedicated', operator: 'Exists' }] }), tainted, true],
    ['everything tolerated', pod({ tolerations: [{ operator: 'Exists' }] }), tainted, true],
    ['a preference is none', pod({}), node({ taints: [{ key: 'a', effect: 'PreferNoSchedule' }] }), true],
    ['affinity In', affinity('rack', 'In', ['1', '2']), node(), true],
    ['affinity NotIn', affinity('rack', 'NotIn', ['2']), node(), false],
    ['affinity Exists', affinity('zone', 'Exists'), node(), false],
    ['affinity DoesNotExist', affinity('zone', 'DoesNotExist'), node(), true],
    ['affinity Gt', affinity('gen', 'Gt', ['2010']), node(), true],
    ['affinity Lt', affinity('gen', 'Lt', ['2010']), node(), false],
  ])('%s', (_, given, on, allowed) => {
    expect(forbidsNode(given, on) === undefined).toBe(allowed);
  });

  it('says why in the words of the pod', () => {
    expect(forbidsNode(pod({ nodeSelector: { rack: '1' } }), node())).toBe('without label rack=1 (node selector)');
    expect(forbidsNode(pod({}), tainted)).toBe('with taint dedicated=db:NoSchedule that is not tolerated');
  });
});
