import type { Sequence, Step } from '../sequence.js';
import { container, selector, template } from './samples.js';
import { apps, ns, patch, pod, post, strategic, table } from './steps.js';

const apply = 'application/apply-patch+yaml';
const leases = '/apis/coordination.k8s.io/v1/namespaces/{ns}/leases';
const batch = '/apis/batch/v1/namespaces/{ns}';

const applied = (path: string, body: unknown, manager: string, force = true): Step => ({
  method: 'PATCH',
  path,
  type: apply,
  query: { fieldManager: manager, ...(force ? { force: 'true' } : {}) },
  body,
});

const release = (revision: number, status: string): Record<string, unknown> => ({
  apiVersion: 'v1',
  kind: 'Secret',
  type: 'helm.sh/release.v1',
  metadata: {
    name: `sh.helm.release.v1.web.v${revision}`,
    labels: { name: 'web', owner: 'helm', status, version: String(revision) },
  },
  data: { release: 'H4sIAAAAAAAA' },
});

const mine = { labelSelector: 'owner=helm,name=web' };

/** What programs ask that manage a cluster: helm, operators, @kubernetes/client-node. */
export const clients: readonly Sequence[] = [
  {
    name: 'a release of helm, installed, upgraded, rolled back',
    steps: [
      post(`${ns}/secrets`, release(1, 'pending-install')),
      { path: `${ns}/secrets`, query: mine },
      { path: `${ns}/services/web` },
      post(`${ns}/services`, {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: {
          name: 'web',
          labels: { 'app.kubernetes.io/managed-by': 'Helm', 'helm.sh/chart': 'web-1.0.0' },
          annotations: { 'meta.helm.sh/release-name': 'web', 'meta.helm.sh/release-namespace': '{ns}' },
        },
        spec: { type: 'ClusterIP', ports: [{ port: 80, targetPort: 'http', protocol: 'TCP', name: 'http' }] },
      }),
      { method: 'PUT', path: `${ns}/secrets/sh.helm.release.v1.web.v1`, body: release(1, 'deployed') },
      patch(`${ns}/services/web`, { spec: { $setElementOrder: null, type: 'NodePort' } }, strategic),
      patch(
        `${ns}/services/web`,
        {
          spec: {
            '$setElementOrder/ports': [{ port: 80 }, { port: 443 }],
            ports: [{ port: 443, name: 'https', targetPort: 'https' }],
          },
        },
        strategic,
      ),
      post(`${ns}/secrets`, release(2, 'pending-upgrade')),
      { path: `${ns}/secrets`, query: { labelSelector: 'owner=helm,status in (deployed,superseded)' } },
      { path: `${ns}/secrets`, query: { fieldSelector: 'type=helm.sh/release.v1' } },
      { method: 'DELETE', path: `${ns}/services/web`, query: { propagationPolicy: 'Background' } },
      { method: 'DELETE', path: `${ns}/secrets`, query: mine },
    ],
  },
  {
    name: 'a hook of helm, and tests',
    steps: [
      post(`${batch}/jobs`, {
        metadata: {
          name: 'web-migrate',
          annotations: { 'helm.sh/hook': 'pre-install', 'helm.sh/hook-delete-policy': 'hook-succeeded' },
        },
        spec: {
          backoffLimit: 0,
          ttlSecondsAfterFinished: 100,
          template: { spec: { restartPolicy: 'Never', containers: [container] } },
        },
      }),
      patch(`${batch}/jobs/web-migrate`, { spec: { suspend: true } }, strategic),
      patch(`${batch}/jobs/web-migrate/status`, {
        status: { succeeded: 1, conditions: [{ type: 'Complete', status: 'True' }], completionTime: null },
      }),
      { method: 'DELETE', path: `${batch}/jobs/web-migrate`, query: { propagationPolicy: 'Foreground' } },
    ],
  },
  {
    name: 'leaders are elected by leases',
    steps: [
      { path: `${leases}/leader` },
      post(leases, {
        metadata: { name: 'leader' },
        spec: {
          holderIdentity: 'one',
          leaseDurationSeconds: 15,
          acquireTime: '2026-01-01T00:00:00.000000Z',
          renewTime: '2026-01-01T00:00:00.000000Z',
          leaseTransitions: 0,
        },
      }),
      {
        method: 'PUT',
        path: `${leases}/leader`,
        body: {
          metadata: { name: 'leader', resourceVersion: '{1.metadata.resourceVersion}' },
          spec: { holderIdentity: 'one', leaseDurationSeconds: 15, renewTime: '2026-01-01T00:00:05.123456Z' },
        },
      },
      {
        method: 'PUT',
        path: `${leases}/leader`,
        body: {
          metadata: { name: 'leader', resourceVersion: '{1.metadata.resourceVersion}' },
          spec: { holderIdentity: 'two', leaseDurationSeconds: 15, renewTime: '2026-01-01T00:00:06Z' },
        },
      },
      { method: 'PUT', path: `${leases}/leader`, body: { metadata: { name: 'leader' }, spec: { holderIdentity: '' } } },
      patch(`${leases}/leader`, { spec: { leaseDurationSeconds: 0 } }),
      patch(`${leases}/leader`, { spec: { renewTime: 'yesterday' } }),
      patch(`${leases}/leader`, { spec: { leaseTransitions: -1 } }),
      { path: leases, accept: table },
    ],
  },
  {
    name: 'an operator owns what it applies',
    steps: [
      post(`${ns}/configmaps`, { metadata: { name: 'owner' } }),
      applied(
        `${apps}/deployments/web`,
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: {
            name: 'web',
            ownerReferences: [
              {
                apiVersion: 'v1',
                kind: 'ConfigMap',
                name: 'owner',
                uid: '{0.metadata.uid}',
                controller: true,
                blockOwnerDeletion: true,
              },
            ],
          },
          spec: { replicas: 1, selector, template },
        },
        'operator',
      ),
      applied(
        `${apps}/deployments/web`,
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'web' },
          spec: {
            selector,
            template: {
              ...template,
              spec: {
                containers: [
                  {
                    ...container,
                    env: [{ name: 'A', value: '1' }],
                    ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'UDP' }],
                  },
                ],
              },
            },
          },
        },
        'operator',
      ),
      patch(`${apps}/deployments/web/scale`, { spec: { replicas: 4 } }),
      applied(
        `${apps}/deployments/web`,
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'web' },
          spec: { replicas: 2, template: { spec: { containers: [{ name: 'main', image: 'nginx:2' }] } } },
        },
        'autoscaler',
        false,
      ),
      applied(
        `${apps}/deployments/web/status`,
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'web' },
          status: { observedGeneration: 1, conditions: [{ type: 'Available', status: 'True' }] },
        },
        'operator',
      ),
      patch(`${apps}/deployments/web`, { metadata: { finalizers: ['example.com/operator'] } }),
      { method: 'DELETE', path: `${apps}/deployments/web`, body: { preconditions: { uid: '{1.metadata.uid}' } } },
      patch(
        `${apps}/deployments/web`,
        [{ op: 'remove', path: '/metadata/finalizers/0' }],
        'application/json-patch+json',
      ),
      { path: `${apps}/deployments/web` },
    ],
  },
  {
    name: 'a client of Node patches in its own ways',
    steps: [
      pod('a'),
      patch(
        `${ns}/pods/a`,
        [{ op: 'add', path: '/metadata/labels', value: { a: 'b' } }],
        'application/json-patch+json',
      ),
      patch(`${ns}/pods/a`, { metadata: { labels: { c: 'd' } } }, strategic),
      { method: 'PATCH', path: `${ns}/pods/a`, type: 'application/json', body: { metadata: {} } },
      { method: 'PUT', path: `${ns}/pods/a/status`, body: { metadata: { name: 'a' }, status: { phase: 'Running' } } },
      post(`${ns}/pods/a/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'a' } }),
      { path: `${ns}/pods`, query: { limit: '1', pretty: 'true' } },
      { path: `${ns}/pods/a`, query: { resourceVersion: '0' } },
    ],
  },
];
