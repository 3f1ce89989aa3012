import type { Node } from '@kmd/kube-client';
import { describe, expect, it } from 'vitest';
import { makePod } from '../testing/objects.js';
import { planEvictions, planSilence, planTaints } from './plan.js';

const now = Date.parse('2026-01-01T01:00:00Z');
const node = (ready?: string, taints: NonNullable<Node['spec']>['taints'] = []): Node => ({
  metadata: { name: 'n' },
  spec: { taints },
  status: {
    conditions:
      ready === undefined
        ? []
        : [
            { type: 'Ready', status: ready, reason: 'KubeletReady', lastHeartbeatTime: '2026-01-01T00:00:00Z' },
            { type: 'DiskPressure', status: 'False' },
            { type: 'NetworkUnavailable', status: 'False' },
          ],
  },
});
const taint = (effect: string, key = 'node.kubernetes.io/unreachable') => ({
  key,
  effect,
  timeAdded: '2026-01-01T00:58:00Z',
});

describe('planSilence', () => {
  it('says Unknown of all that the node’s agent posts, and keeps the last heartbeat', () => {
    expect(planSilence(node('True'), now)).toEqual([
      {
        type: 'Ready',
        status: 'Unknown',
        reason: 'NodeStatusUnknown',
        message: 'Kubelet stopped posting node status.',
        lastHeartbeatTime: '2026-01-01T00:00:00Z',
        lastTransitionTime: '2026-01-01T01:00:00Z',
      },
      expect.objectContaining({ type: 'DiskPressure', status: 'Unknown' }),
      { type: 'NetworkUnavailable', status: 'False' },
    ]);
  });
  it('tells a node that never posted anything', () => {
    expect(planSilence(node(), now)).toMatchObject([
      { type: 'Ready', status: 'Unknown', reason: 'NodeStatusNeverUpdated' },
    ]);
  });
  it('says so once', () => {
    expect(planSilence(node('Unknown'), now)).toBeUndefined();
  });
});

describe('planTaints', () => {
  const effects = (subject: Node) => planTaints(subject, now)?.map(({ key, effect }) => `${key}:${effect}`);
  const mine = { key: 'mine', effect: 'NoSchedule' };
  it.each([
    ['True', [], undefined],
    [undefined, [mine], undefined],
    ['True', [mine, taint('NoSchedule'), taint('NoExecute')], ['mine:NoSchedule']],
    [
      'Unknown',
      [mine],
      ['mine:NoSchedule', 'node.kubernetes.io/unreachable:NoSchedule', 'node.kubernetes.io/unreachable:NoExecute'],
    ],
    ['Unknown', [taint('NoSchedule'), taint('NoExecute')], undefined],
    [
      'False',
      [taint('NoExecute')],
      ['node.kubernetes.io/not-ready:NoSchedule', 'node.kubernetes.io/not-ready:NoExecute'],
    ],
  ])('Ready %s with %j', (ready, taints, expected) => {
    expect(effects(node(ready, taints))).toEqual(expected);
  });
  const cordon = 'node.kubernetes.io/unschedulable';
  it('come and go with the cordon, whatever is known of the node', () => {
    expect(effects({ ...node(), spec: { unschedulable: true, taints: [mine] } })).toEqual([
      'mine:NoSchedule',
      `${cordon}:NoSchedule`,
    ]);
    expect(effects({ ...node(), spec: { taints: [taint('NoSchedule', cordon), mine] } })).toEqual(['mine:NoSchedule']);
  });
  it('say what the node is short of', () => {
    const short = { ...node('True'), status: { conditions: [{ type: 'MemoryPressure', status: 'True' }] } };
    expect(effects(short)).toEqual(['node.kubernetes.io/memory-pressure:NoSchedule']);
  });
});

describe('planEvictions', () => {
  const toleration = (tolerationSeconds?: number) => ({
    spec: {
      tolerations: [
        {
          key: 'node.kubernetes.io/unreachable',
          operator: 'Exists',
          effect: 'NoExecute',
          ...(tolerationSeconds !== undefined && { tolerationSeconds }),
        },
      ],
    },
  });
  const plan = (pods: ReturnType<typeof makePod>[], taints = [taint('NoSchedule'), taint('NoExecute')]) => {
    const { evict, next } = planEvictions(pods, taints, now);
    return { evict: evict.map(({ metadata }) => metadata?.name), next };
  };
  it('lets a pod stay for five minutes, unless it says otherwise', () => {
    expect(plan([makePod()])).toEqual({ evict: [], next: 180_000 });
    expect(plan([makePod(toleration(60))])).toEqual({ evict: ['p'], next: undefined });
    expect(plan([makePod(toleration(150))])).toEqual({ evict: [], next: 30_000 });
    expect(plan([makePod(toleration())])).toEqual({ evict: [], next: undefined });
  });
  it('leaves alone what is being deleted, and nodes that are ready', () => {
    expect(plan([makePod({ deleting: true })])).toEqual({ evict: [], next: undefined });
    expect(plan([makePod()], [])).toEqual({ evict: [], next: undefined });
    expect(plan([makePod()], [taint('NoExecute', 'mine')])).toEqual({ evict: [], next: undefined });
  });
});
