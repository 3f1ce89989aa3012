import type { EndpointSlice } from '@kmd/kube-client';
import { describe, expect, it } from 'vitest';
import { makePod, makeService, type PodShape } from '../testing/objects.js';
import { findBackends } from './addresses.js';
import { planSlices } from './slices.js';

const service = makeService({ ports: [{ port: 80 }] });
const ipOf = (n: number) => `10.0.${n >> 8}.${n & 255}`;
const podsOf = (numbers: number[], shape: PodShape = {}) =>
  numbers.map((n) => makePod({ name: `p${n}`, ip: ipOf(n), node: 'n', ...shape }));
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
const plan = (numbers: number[], current: EndpointSlice[] = [], of = service) =>
  planSlices(of, findBackends(of, podsOf(numbers)), current);
/** As the server would have it. */
const named = (slices: EndpointSlice[]) =>
  slices.map((slice, index) => ({
    ...slice,
    metadata: { ...slice.metadata, name: `web-${index}`, uid: `uid-${index}` },
  }));

describe('planSlices', () => {
  it('makes slices of a hundred endpoints, owned by the service and labelled with its name', () => {
    const { create } = plan(range(0, 250));
    expect(create.map(({ endpoints }) => endpoints.length)).toEqual([100, 100, 50]);
    expect(create[0]).toMatchObject({
      metadata: {
        generateName: 'web-',
        labels: {
          tier: 'front',
          'kubernetes.io/service-name': 'web',
          'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
        },
        ownerReferences: [{ kind: 'Service', name: 'web', controller: true }],
      },
      addressType: 'IPv4',
      ports: [{ name: '', port: 80, protocol: 'TCP' }],
    });
  });
  it('writes nothing when nothing changes', () => {
    const current = named(plan(range(0, 150)).create);
    expect(plan(range(0, 150), current)).toEqual({ create: [], update: [], remove: [] });
  });
  it('changes only the slice that a pod left, and fills it with a new one', () => {
    const current = named(plan(range(0, 150)).create);
    const { create, update, remove } = plan([...range(1, 150), 200], current);
    expect([create, remove]).toEqual([[], []]);
    expect(update.map(({ metadata, endpoints }) => [metadata?.name, endpoints.length])).toEqual([['web-0', 100]]);
  });
  it('removes slices that are empty, and keeps the last one to say so', () => {
    const current = named(plan(range(0, 150)).create);
    const firstSlice = new Set(current[0]?.endpoints.flatMap(({ addresses }) => addresses));
    const remaining = range(0, 150).filter((n) => firstSlice.has(ipOf(n)));
    expect(plan(remaining, current).remove.map(({ metadata }) => metadata?.name)).toEqual(['web-1']);
    const none = plan([], current);
    expect(none.create).toEqual([]);
    expect(none.update.map(({ endpoints }) => endpoints)).toEqual([[]]);
    expect(none.remove).toHaveLength(1);
    expect(plan([], named(none.update))).toEqual({ create: [], update: [], remove: [] });
  });
  it('makes an empty slice for a service without pods', () => {
    expect(plan([]).create.map(({ endpoints }) => endpoints)).toEqual([[]]);
  });
  it('makes new slices when the ports change', () => {
    const current = named(plan([1]).create);
    const { create, remove } = plan([1], current, makeService({ ports: [{ port: 81 }] }));
    expect(create.map(({ ports }) => ports?.[0]?.port)).toEqual([81]);
    expect(remove).toHaveLength(1);
  });
  it('shows a terminating pod as serving and not ready', () => {
    const backends = findBackends(service, podsOf([1], { deleting: true }));
    expect(planSlices(service, backends, []).create[0]?.endpoints[0]?.conditions).toEqual({
      ready: false,
      serving: true,
      terminating: true,
    });
  });
});
