import { describe, expect, it } from 'vitest';
import { AGENT_ID } from './annotation.js';
import { labelPatch, makeNode, measureCapacity, readyCondition, type NodeFacts } from './node.js';

const facts: NodeFacts = {
  hostname: 'agent-1',
  ip: '10.0.0.1',
  agentId: 'x-S0',
  attributes: [{ name: 'rack', type: 'TEXT', text: { value: 'r1' } }],
  total: [
    { name: 'cpus', type: 'SCALAR', scalar: { value: 3 }, role: '*' },
    { name: 'cpus', type: 'SCALAR', scalar: { value: 1 }, role: 'public' },
    { name: 'mem', type: 'SCALAR', scalar: { value: 1280 }, role: '*' },
  ],
  executor: { cpus: 1.25, mem: 192 },
};

it("measures capacity as the agent's total over all roles without the executor", () => {
  // The recorded agent: 4 cpu and 1280 MB with an executor of 1.25 and 192; the original cut 2750m to whole cpus.
  expect(measureCapacity(facts.total, facts.executor)).toEqual({ cpu: '2750m', memory: '1088Mi', pods: '110' });
  expect(measureCapacity([], facts.executor)).toEqual({ cpu: '0', memory: '0Mi', pods: '110' });
});

it('shows GPUs, disk and custom scalars of the agent as resources of the node', () => {
  const scalar = (name: string, value: number) => ({ name, type: 'SCALAR' as const, scalar: { value } });
  const total = [scalar('disk', 1000), scalar('gpus', 2), scalar('fpga', 1.5), scalar('example.com/tpu', 4)];
  expect(measureCapacity(total, { cpus: 0, mem: 0, disk: 100 })).toMatchObject({
    'ephemeral-storage': '900Mi',
    'nvidia.com/gpu': '2',
    'kmd.dev/fpga': '1',
    'example.com/tpu': '4',
  });
});

describe('labelPatch', () => {
  const node = makeNode(facts);
  const labels = node.metadata?.labels ?? {};

  it('is nothing for a current node', () => {
    expect(labelPatch(node, labels, 'x-S0')).toBeUndefined();
  });

  it('replaces attribute labels as a set and keeps all others', () => {
    const old = {
      metadata: { ...node.metadata, labels: { ...labels, mine: 'kept', 'k8s.mesosphere.io/attribute-old': '1' } },
    };
    expect(labelPatch(old, { ...labels, 'k8s.mesosphere.io/attribute-rack': 'r2' }, 'x-S0')).toEqual({
      metadata: {
        labels: { 'k8s.mesosphere.io/attribute-rack': 'r2', 'k8s.mesosphere.io/attribute-old': null },
        annotations: { [AGENT_ID]: 'x-S0' },
      },
    });
  });

  it('notices an agent that came back under a new id', () => {
    expect(labelPatch(node, labels, 'x-S9')).toEqual({ metadata: { labels: {}, annotations: { [AGENT_ID]: 'x-S9' } } });
  });

  it("leaves an executor's word on its system alone", () => {
    const told = { metadata: { ...node.metadata, labels: { ...labels, 'kubernetes.io/arch': 's390x' } } };
    expect(labelPatch(told, labels, 'x-S0')).toBeUndefined();
  });
});

it('keeps the time of the last transition while the status stays', () => {
  const before = [{ type: 'Ready', status: 'True', lastTransitionTime: '2020-01-01T00:00:00Z' }] as const;
  expect(readyCondition('True', 'r', 'm', before).lastTransitionTime).toBe('2020-01-01T00:00:00Z');
  expect(readyCondition('Unknown', 'r', 'm', before).lastTransitionTime).not.toBe('2020-01-01T00:00:00Z');
});
