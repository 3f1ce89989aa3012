import { expect, it } from 'vitest';
import { readParts } from './parts.js';
import { servicesOf, type Known } from './health.js';

const NOW = Date.UTC(2026, 5, 1);
const well: Known = {
  now: NOW,
  kubernetes: { problem: undefined, complete: true },
  parts: new Map([['etcd', true]]),
  workloads: [],
  mesos: { problem: undefined, complete: true, version: '1.11.0' },
  frameworks: [{ name: 'Kubernetes', connected: true }] as never,
  agents: [{ active: true }] as never,
};
const tones = (known: Known): Record<string, string> =>
  Object.fromEntries(servicesOf(known).map(({ name, tone }) => [name, tone]));
const all = {
  'API server': 'good',
  Store: 'good',
  Controllers: 'good',
  Scheduler: 'good',
  'Mesos master': 'good',
  Agents: 'good',
};

it('finds a healthy cluster healthy', () => {
  expect(tones(well)).toEqual(all);
});

it.each([
  [
    'the API server is out of reach',
    { kubernetes: { problem: { kind: 'unreachable', message: 'x' }, complete: true } },
    { 'API server': 'bad', Store: 'busy', Controllers: 'busy' },
  ],
  [
    'somebody may not see the pods',
    { kubernetes: { problem: { kind: 'forbidden', message: 'x' }, complete: false } },
    { 'API server': 'busy', Store: 'busy', Controllers: 'busy' },
  ],
  ['the API server has lost its store', { parts: new Map([['etcd', false]]) }, { Store: 'bad' }],
  ['the scheduler has not subscribed', { frameworks: [] }, { Scheduler: 'bad' }],
  ['the scheduler is not connected', { frameworks: [{ name: 'Kubernetes', connected: false }] }, { Scheduler: 'bad' }],
  [
    'nothing is known yet',
    { mesos: { problem: undefined, complete: false, version: '' }, frameworks: [], agents: [] },
    { Scheduler: 'busy', 'Mesos master': 'busy', Agents: 'busy' },
  ],
  ['an agent does not answer', { agents: [{ active: true }, { active: false }] }, { Agents: 'bad' }],
  ['no agent is there', { agents: [] }, { Agents: 'bad' }],
])('sees that %s', (_what, known, seen) => {
  expect(tones({ ...well, ...(known as Partial<Known>) })).toEqual({ ...all, ...seen });
});

it('sees that the controllers stand still by a change that they have not seen', () => {
  const changed = (ago: number): Known => ({
    ...well,
    workloads: [
      {
        metadata: {
          name: 'web',
          namespace: 'default',
          generation: 3,
          creationTimestamp: '2020-01-01T00:00:00Z',
          managedFields: [{ time: new Date(NOW - ago).toISOString() }],
        },
        status: { observedGeneration: 2 },
      },
    ],
  });
  expect(tones(changed(1_000))['Controllers']).toBe('good');
  expect(tones(changed(20_000))['Controllers']).toBe('bad');
});

it('counts an add-on as healthy when its pods are ready', () => {
  const dns = (readyReplicas: number): Known => ({
    ...well,
    workloads: [
      { metadata: { name: 'coredns', namespace: 'kube-system' }, spec: { replicas: 1 }, status: { readyReplicas } },
    ],
  });
  expect(tones(dns(1))['coredns']).toBe('good');
  expect(tones(dns(0))['coredns']).toBe('bad');
});

it('reads what the API server says of its parts', () => {
  const text = '[+]ping ok\n[-]etcd failed: reason withheld\n[+]poststarthook/x ok\nreadyz check failed\n';
  expect([...readParts(text)]).toEqual([
    ['ping', true],
    ['etcd', false],
    ['poststarthook/x', true],
  ]);
});
