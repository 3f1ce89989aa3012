import { describe, expect, it } from 'vitest';
import type { Pod } from '@kmd/kube-client';
import { kinOf } from './kin.js';

const pod = (metadata: NonNullable<Pod['metadata']> = {}, spec: Partial<NonNullable<Pod['spec']>> = {}): Pod => ({
  metadata: { namespace: 'default', ...metadata },
  spec: { containers: [{ name: 'main', image: 'hollow' }], ...spec },
});

describe('kinOf', () => {
  it('is the same for pods that ask for the same, whoever made them', () => {
    const owned = { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'u-1' }] };
    expect(kinOf(pod({ name: 'web-1', ...owned }))).toBe(kinOf(pod({ name: 'by-hand' })));
  });

  it.each<[string, Pod]>([
    ['namespace', pod({ namespace: 'other' })],
    ['labels, which others may select', pod({ labels: { app: 'web' } })],
    ['annotations, which name roles', pod({ annotations: { 'k8s.mesosphere.io/roles': 'public' } })],
    ['limits', pod({}, { containers: [{ name: 'main', resources: { limits: { cpu: '2' } } }] })],
    ['ports', pod({}, { containers: [{ name: 'main', ports: [{ containerPort: 80 }] }] })],
    ['init containers', pod({}, { initContainers: [{ name: 'first', resources: { limits: { cpu: '2' } } }] })],
    ['network', pod({}, { hostNetwork: true })],
    ['node selector', pod({}, { nodeSelector: { rack: '1' } })],
    ['tolerations', pod({}, { tolerations: [{ operator: 'Exists' }] })],
    ['affinity', pod({}, { affinity: { nodeAffinity: {} } })],
  ])('differs with the %s', (_, other) => {
    expect(kinOf(other)).not.toBe(kinOf(pod()));
  });

  it('is none of a pod that names its node', () => {
    expect(kinOf(pod({}, { nodeName: 'a-1' }))).toBeUndefined();
  });
});
