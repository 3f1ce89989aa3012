import type { Sequence } from '../sequence.js';
import { container, selector } from './samples.js';
import { ns, patch, pod, post, table } from './steps.js';

/** Namespaces, and what is below an object: binding, eviction, tokens, reviews. */
export const subresources: readonly Sequence[] = [
  {
    name: 'all namespaces at once',
    steps: [
      pod('a', {}, { labels: { seq: '{ns}' } }),
      { path: '/api/v1/pods', query: { labelSelector: 'seq={ns}' } },
      post('/api/v1/pods', { metadata: { name: 'x' } }),
      post('/api/v1/pods', { metadata: { name: 'b', namespace: '{ns}' }, spec: { containers: [container] } }),
      { path: '/api/v1/pods', query: { fieldSelector: 'metadata.namespace={ns}' }, accept: table },
    ],
  },
  {
    name: 'a namespace that is none',
    steps: [
      post('/api/v1/namespaces/nothing/pods', { metadata: { name: 'x' }, spec: { containers: [container] } }),
      post('/api/v1/namespaces/nothing/configmaps', { metadata: { name: 'x' } }),
      { path: '/api/v1/namespaces/nothing/pods' },
      { path: '/api/v1/namespaces/nothing' },
    ],
  },
  {
    name: 'a namespace on its way out',
    steps: [
      post('/api/v1/namespaces', { metadata: { name: 'out-{ns}' } }),
      post('/api/v1/namespaces/out-{ns}/configmaps', { metadata: { name: 'x' } }),
      { method: 'DELETE', path: '/api/v1/namespaces/out-{ns}' },
      post('/api/v1/namespaces/out-{ns}/configmaps', { metadata: { name: 'y' } }),
      { path: '/api/v1/namespaces/out-{ns}' },
      { method: 'DELETE', path: '/api/v1/namespaces/out-{ns}' },
      {
        method: 'PUT',
        path: '/api/v1/namespaces/out-{ns}/finalize',
        body: { metadata: { name: 'out-{ns}' }, spec: { finalizers: [] } },
      },
      { path: '/api/v1/namespaces/out-{ns}' },
    ],
  },
  {
    name: 'namespaces that stay',
    steps: [
      { method: 'DELETE', path: '/api/v1/namespaces/default' },
      { method: 'DELETE', path: '/api/v1/namespaces/kube-system' },
    ],
  },
  {
    name: 'a namespace in a table',
    steps: [
      { path: '/api/v1/namespaces/{ns}' },
      { path: '/api/v1/namespaces/{ns}', accept: table },
      patch('/api/v1/namespaces/{ns}', { spec: { finalizers: [] } }),
      patch('/api/v1/namespaces/{ns}/status', { status: { phase: 'Terminating' } }),
    ],
  },
  {
    name: 'a pod is bound',
    steps: [
      pod('a'),
      post('/api/v1/nodes', { metadata: { name: 'node-{ns}' } }),
      post(`${ns}/pods/a/binding`, {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { name: 'a' },
        target: { kind: 'Node', name: 'node-{ns}' },
      }),
      { path: `${ns}/pods/a` },
      post(`${ns}/pods/a/binding`, { metadata: { name: 'a' }, target: { kind: 'Node', name: 'other' } }),
      post(`${ns}/pods/nobody/binding`, { metadata: { name: 'nobody' }, target: { kind: 'Node', name: 'x' } }),
      { path: `${ns}/pods`, query: { fieldSelector: 'spec.nodeName=node-{ns}' } },
      { path: `${ns}/pods`, query: { fieldSelector: 'status.phase!=Pending' } },
    ],
  },
  {
    name: 'a bound pod is deleted',
    steps: [
      pod('a', { nodeName: 'some-node' }),
      { method: 'DELETE', path: `${ns}/pods/a` },
      { method: 'DELETE', path: `${ns}/pods/a`, query: { gracePeriodSeconds: '5' } },
      { path: `${ns}/pods/a`, accept: table },
      {
        method: 'DELETE',
        path: `${ns}/pods/a`,
        body: { apiVersion: 'v1', kind: 'DeleteOptions', gracePeriodSeconds: 0 },
      },
      { path: `${ns}/pods/a` },
    ],
  },
  {
    name: 'delete options in bad form',
    steps: [
      pod('a'),
      { method: 'DELETE', path: `${ns}/pods/a`, body: { gracePeriodSeconds: 'x' } },
      { method: 'DELETE', path: `${ns}/pods/a`, query: { gracePeriodSeconds: 'x' } },
      { method: 'DELETE', path: `${ns}/pods/a`, body: '[]' },
      { method: 'DELETE', path: `${ns}/pods/a`, body: { kind: 'Pod', apiVersion: 'v1' } },
      { method: 'DELETE', path: `${ns}/pods/a`, query: { gracePeriodSeconds: '-1' } },
      { method: 'DELETE', path: `${ns}/pods/a`, query: { dryRun: 'All' } },
      { path: `${ns}/pods/a` },
    ],
  },
  {
    name: 'a pod is evicted',
    steps: [
      pod('a', {}, { labels: { app: 'web' } }),
      pod('b', {}, { labels: { app: 'web' } }),
      post('/apis/policy/v1/namespaces/{ns}/poddisruptionbudgets', {
        metadata: { name: 'p' },
        spec: { minAvailable: 1, selector },
      }),
      post(`${ns}/pods/a/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'a' } }),
      patch(`${ns}/pods/b/status`, { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } }),
      post(`${ns}/pods/b/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'b' } }),
      post(`${ns}/pods/nobody/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'nobody' } }),
      post(`${ns}/pods/b/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'other' } }),
    ],
  },
  {
    name: 'tokens of an account',
    steps: [
      post(`${ns}/serviceaccounts/default/token`, {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: {},
      }),
      post(`${ns}/serviceaccounts/default/token`, { spec: { expirationSeconds: 5 } }),
      post(`${ns}/serviceaccounts/default/token`, { spec: { audiences: ['a'], expirationSeconds: 7200 } }),
      post(`${ns}/serviceaccounts/nobody/token`, { spec: {} }),
      post(`${ns}/serviceaccounts/default/token`, {
        spec: { boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'nobody' } },
      }),
      post('/apis/authentication.k8s.io/v1/tokenreviews', { spec: { token: '{0.status.token}' } }),
      post('/apis/authentication.k8s.io/v1/tokenreviews', { spec: { token: 'nonsense' } }),
      post('/apis/authentication.k8s.io/v1/tokenreviews', { spec: {} }),
    ],
  },
  {
    name: 'reviews of access',
    steps: [
      post('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
        spec: { resourceAttributes: { verb: 'get', resource: 'pods' } },
      }),
      post('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { spec: {} }),
      post('/apis/authorization.k8s.io/v1/subjectaccessreviews', {
        spec: { user: 'u', nonResourceAttributes: { verb: 'get', path: '/' } },
      }),
      post('/apis/authorization.k8s.io/v1/subjectaccessreviews', {
        spec: { nonResourceAttributes: { verb: 'get', path: '/' } },
      }),
      post('/apis/authentication.k8s.io/v1/selfsubjectreviews', {}),
      post('/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', { spec: { namespace: '{ns}' } }),
      post('/apis/authorization.k8s.io/v1/namespaces/{ns}/localsubjectaccessreviews', {
        spec: {
          namespace: '{ns}',
          user: 'u',
          resourceAttributes: { verb: 'get', resource: 'pods', namespace: '{ns}' },
        },
      }),
    ],
  },
];
