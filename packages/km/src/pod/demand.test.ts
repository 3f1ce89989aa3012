import type { Pod } from '@kmd/kube-client';
import { describe, expect, it } from 'vitest';
import { limitContainer, measurePod } from './demand.js';

type Container = NonNullable<Pod['spec']>['containers'][number];
const container = (limits?: Record<string, string>, requests?: Record<string, string>, extra = {}): Container => ({
  name: 'c',
  image: 'i',
  resources: { ...(limits ? { limits } : {}), ...(requests ? { requests } : {}) },
  ...extra,
});
const pod = (containers: Container[], initContainers: Container[] = []): Pod => ({
  spec: { containers, initContainers },
});

describe('measurePod', () => {
  it.each<[string, Pod, number, number]>([
    ['no request, no limit: the default', pod([container()]), 0.25, 64],
    ['request only: the limit is the request', pod([container(undefined, { cpu: '1', memory: '100Mi' })]), 1, 100],
    ['limit only', pod([container({ cpu: '500m', memory: '1Gi' })]), 0.5, 1024],
    ['the limit counts, not the request', pod([container({ cpu: '2' }, { cpu: '1' })]), 2, 64],
    ['at least 0.01 cpu and 32 MB: limit 16Mi counts 32', pod([container({ cpu: '1m', memory: '16Mi' })]), 0.01, 32],
    ['containers add up', pod([container(), container({ cpu: '1', memory: '128Mi' })]), 1.25, 192],
    ['a larger init container decides', pod([container()], [container({ cpu: '2', memory: '32Mi' })]), 2, 64],
    ['init containers run one by one', pod([container()], [container({ cpu: '1' }), container({ cpu: '1' })]), 1, 64],
    [
      'a sidecar runs beside the containers, and beside later init containers',
      pod([container()], [container({ cpu: '1' }, undefined, { restartPolicy: 'Always' }), container({ cpu: '2' })]),
      3,
      128,
    ],
  ])('%s', (_, given, cpus, mem) => {
    expect(measurePod(given)).toEqual({ cpus, mem });
  });

  it('takes other defaults', () => {
    expect(measurePod(pod([container()]), { cpus: 1, mem: 256 })).toEqual({ cpus: 1, mem: 256 });
  });
});

it('writes the limits that count into a container, and keeps smaller requests', () => {
  expect(limitContainer(container()).resources).toEqual({
    limits: { cpu: '250m', memory: '64Mi' },
    requests: { cpu: '250m', memory: '64Mi' },
  });
  const limited = limitContainer(container({ cpu: '2', 'example.com/gpu': '1' }, { cpu: '1' })).resources;
  expect(limited?.limits).toEqual({ cpu: '2', memory: '64Mi', 'example.com/gpu': '1' });
  expect(limited?.requests).toEqual({ cpu: '1', memory: '64Mi' });
});
