import { container } from '../sequences/samples.js';
import { ns, patch, post } from '../sequences/steps.js';
import { list, one, pod, running } from './looks.js';
import type { Story } from './story.js';

const slices = '/apis/discovery.k8s.io/v1/namespaces/{ns}/endpointslices';
const service = (name: string, spec: Readonly<Record<string, unknown>>) =>
  post(`${ns}/services`, { metadata: { name }, spec: { selector: { app: 'web' }, ...spec } });
/** Real slices leave out pods of nodes that are none. */
const node = post('/api/v1/nodes', { metadata: { name: 'node-{ns}' } });
const member = (name: string, more: Readonly<Record<string, unknown>> = {}) =>
  post(`${ns}/pods`, {
    metadata: { name, labels: { app: 'web' } },
    spec: {
      nodeName: 'node-{ns}',
      containers: [{ ...container, ports: [{ name: 'http', containerPort: 8080 }] }],
      ...more,
    },
  });
const done = (name: string, status: Readonly<Record<string, unknown>>) =>
  patch(`${ns}/pods/${name}/status`, { status });
const hasSubsets = (found: { subsets?: readonly unknown[] }): boolean => (found.subsets ?? []).length > 0;
const hasEndpoints = (count: number) => (found: { endpoints?: readonly unknown[] | null }) =>
  (found.endpoints ?? []).length === count;

/** Who stands behind a service. */
export const storiesOfNetwork: readonly Story[] = [
  {
    name: 'endpoints of ready and other pods',
    steps: [
      node,
      service('plain', { ports: [{ name: 'web', port: 80, targetPort: 'http' }] }),
      list(slices, 1),
      member('a'),
      member('b'),
      done('a', running('10.2.0.1')),
      done('b', running('10.2.0.2', false)),
      one(`${ns}/endpoints/plain`, (found) => JSON.stringify(found).includes('10.2.0.2')),
      list(slices, 1, hasEndpoints(2)),
      { method: 'DELETE', path: `${ns}/pods/a` },
      one(`${ns}/endpoints/plain`, (found) => !JSON.stringify(found).includes('10.2.0.1')),
      list(slices, 1, (found) => JSON.stringify(found).includes('"terminating":true')),
      { method: 'DELETE', path: `${ns}/pods/a`, query: { gracePeriodSeconds: '0' } },
      list(slices, 1, hasEndpoints(1)),
    ],
  },
  {
    name: 'endpoints of a headless service',
    steps: [
      node,
      service('plain', { clusterIP: 'None' }),
      member('a', { hostname: 'first', subdomain: 'plain' }),
      done('a', running('10.2.0.1')),
      one(`${ns}/endpoints/plain`, hasSubsets),
      list(slices, 1, hasEndpoints(1)),
    ],
  },
  {
    name: 'endpoints of what is not ready, published',
    steps: [
      node,
      service('plain', { publishNotReadyAddresses: true, ports: [{ port: 80, protocol: 'UDP' }] }),
      member('a'),
      done('a', running('10.2.0.1', false)),
      one(`${ns}/endpoints/plain`, hasSubsets),
      list(slices, 1, hasEndpoints(1)),
    ],
  },
  {
    name: 'endpoints by hand are mirrored',
    steps: [
      post(`${ns}/services`, { metadata: { name: 'plain' }, spec: { ports: [{ port: 80 }] } }),
      post(`${ns}/endpoints`, {
        metadata: { name: 'plain' },
        subsets: [{ addresses: [{ ip: '10.3.0.1' }, { ip: '10.3.0.2' }], ports: [{ port: 8080 }] }],
      }),
      list(slices, 1, hasEndpoints(2)),
      patch(`${ns}/endpoints/plain`, { subsets: [{ addresses: [{ ip: '10.3.0.1' }], ports: [{ port: 8080 }] }] }),
      list(slices, 1, hasEndpoints(1)),
      { method: 'DELETE', path: `${ns}/endpoints/plain` },
      list(slices, 0),
    ],
  },
  {
    name: 'a service goes, and all of it',
    steps: [
      node,
      service('plain', { ports: [{ port: 80 }] }),
      member('a'),
      done('a', running('10.2.0.1')),
      list(slices, 1, hasEndpoints(1)),
      patch(`${ns}/services/plain`, { spec: { ports: [{ port: 81, targetPort: 8081 }] } }),
      list(slices, 1, (found) => JSON.stringify(found).includes('8081')),
      { method: 'DELETE', path: `${ns}/services/plain` },
      list(slices, 0),
      list(`${ns}/endpoints`, 0),
    ],
  },
  {
    name: 'a pod behind two services ends',
    steps: [
      node,
      service('plain', { ports: [{ port: 80 }] }),
      service('one', {
        ports: [
          { name: 'a', port: 80, targetPort: 8080 },
          { name: 'b', port: 81, targetPort: 8081 },
        ],
      }),
      member('a'),
      list(`${ns}/pods`, 1),
      pod('4.items.0', running('10.2.0.1')),
      list(slices, 2, hasEndpoints(1)),
      pod('4.items.0', { phase: 'Succeeded' }),
      list(slices, 2, hasEndpoints(0)),
      list(`${ns}/endpoints`, 2),
    ],
  },
];
