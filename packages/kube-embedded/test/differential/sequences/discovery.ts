import type { Sequence } from '../sequence.js';
import { merge, ns } from './steps.js';

/** Groups and versions that both serve. */
const groups = [
  'admissionregistration.k8s.io/v1',
  'apiregistration.k8s.io/v1',
  'apiextensions.k8s.io/v1',
  'apps/v1',
  'authentication.k8s.io/v1',
  'authorization.k8s.io/v1',
  'autoscaling/v1',
  'autoscaling/v2',
  'batch/v1',
  'certificates.k8s.io/v1',
  'coordination.k8s.io/v1',
  'discovery.k8s.io/v1',
  'events.k8s.io/v1',
  'flowcontrol.apiserver.k8s.io/v1',
  'networking.k8s.io/v1',
  'node.k8s.io/v1',
  'policy/v1',
  'rbac.authorization.k8s.io/v1',
  'scheduling.k8s.io/v1',
  'storage.k8s.io/v1',
];

/** What the server says of itself: discovery, health, and paths and methods that are none. */
export const discovery: readonly Sequence[] = [
  ...groups.flatMap((version) => [
    { name: `discovery of ${version}`, steps: [{ path: `/apis/${version}` }] },
    { name: `discovery of the group ${version}`, steps: [{ path: `/apis/${version.split('/')[0] ?? ''}` }] },
  ]),
  { name: 'discovery of v1', steps: [{ path: '/api/v1' }] },
  { name: 'discovery of the core', steps: [{ path: '/api' }] },
  { name: 'discovery of all groups', steps: [{ path: '/apis' }] },
  {
    name: 'aggregated discovery of the core',
    steps: [
      { path: '/api', accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json' },
    ],
  },
  {
    name: 'aggregated discovery of the groups',
    steps: [
      {
        path: '/apis',
        accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json',
      },
    ],
  },
  {
    name: 'aggregated discovery, beta',
    steps: [
      {
        path: '/api',
        accept: 'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json',
      },
    ],
  },
  {
    name: 'discovery of what is not there',
    steps: [
      { path: '/apis/nothing.example.com' },
      { path: '/apis/nothing.example.com/v1' },
      { path: '/apis/apps/v9' },
      { path: '/api/v9' },
    ],
  },
  {
    name: 'paths that are none',
    steps: [
      { path: '/nothing' },
      { path: '/api/v1/nothing' },
      { path: '/apis/apps/v1/nothing' },
      { path: '/apis/apps/v1/namespaces/{ns}/nothing/x' },
      { path: '/api/v1/namespaces/{ns}/pods/x/nothing' },
      { path: '/api/v1/namespaces/{ns}/pods/x/log/more' },
      { path: '/api/v1/namespaces/{ns}/nodes' },
      { path: '/api/v1//pods' },
    ],
  },
  {
    name: 'health',
    steps: [
      { path: '/healthz' },
      { path: '/livez' },
      { path: '/readyz' },
      { path: '/healthz/ping' },
      { path: '/healthz/nothing' },
      { path: '/version' },
    ],
  },
  {
    name: 'methods that are none',
    steps: [
      { method: 'PUT', path: `${ns}/pods` },
      { method: 'PATCH', path: `${ns}/pods`, type: merge, body: {} },
      { method: 'POST', path: `${ns}/pods/x/status`, body: {} },
      { method: 'DELETE', path: `${ns}/pods/x/status` },
      { method: 'POST', path: '/api/v1/componentstatuses', body: {} },
      { method: 'OPTIONS', path: `${ns}/pods` },
      { method: 'DELETE', path: '/api/v1/namespaces' },
    ],
  },
  { name: 'component statuses', steps: [{ path: '/api/v1/componentstatuses/nothing' }] },
  { name: 'open id', steps: [{ path: '/.well-known/openid-configuration' }] },
];
