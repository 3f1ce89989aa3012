import { container, selector, template } from '../sequences/samples.js';
import { apps, ns, patch, post } from '../sequences/steps.js';
import { gone, list, one, pod, running, status } from './looks.js';
import type { Body, Story } from './story.js';

const budgets = '/apis/policy/v1/namespaces/{ns}/poddisruptionbudgets';
const pods = `${ns}/pods`;
const remove = (path: string, propagationPolicy?: string) =>
  ({
    method: 'DELETE',
    path,
    ...(propagationPolicy === undefined ? {} : { query: { propagationPolicy } }),
  }) as const;
const set = (replicas: number) =>
  post(`${apps}/replicasets`, { metadata: { name: 'one' }, spec: { replicas, selector, template } });
const bare = (name: string, more: Readonly<Record<string, unknown>> = {}) =>
  post(pods, { metadata: { name, labels: { app: 'web' } }, spec: { containers: [container], ...more } });
const config = (name: string, metadata: Readonly<Record<string, unknown>> = {}) =>
  post(`${ns}/configmaps`, { metadata: { name, ...metadata } });

const roles = '/apis/rbac.authorization.k8s.io/v1/clusterroles';
const part = (name: string, resource: string, ...verbs: string[]) =>
  post(roles, {
    metadata: { name: `{ns}-${name}`, labels: { 'example.com/part-of': '{ns}' } },
    rules: [{ apiGroups: [''], resources: [resource], verbs }],
  });
const whole = (...resources: string[]) => ({
  ...one(`${roles}/{ns}-whole`, ({ rules }) => {
    return String((rules ?? []).flatMap((rule) => rule.resources)) === String(resources);
  }),
  view: ({ rules }: Body) => rules,
});

/** What a cluster keeps in order: namespaces, accounts, roles, owners, budgets, quotas. */
export const storiesOfAccess: readonly Story[] = [
  {
    name: 'a role is put together from others',
    steps: [
      part('b', 'pods', 'get', 'list'),
      post(roles, {
        metadata: { name: '{ns}-whole' },
        aggregationRule: { clusterRoleSelectors: [{ matchLabels: { 'example.com/part-of': '{ns}' } }] },
        rules: [],
      }),
      whole('pods'),
      part('a', 'configmaps', 'get'),
      part('c', 'pods', 'get', 'list'),
      whole('configmaps', 'pods'),
      patch(`${roles}/{ns}-whole`, { rules: [] }),
      whole('configmaps', 'pods'),
      remove(`${roles}/{ns}-b`),
      remove(`${roles}/{ns}-a`),
      whole('pods'),
      remove(`${roles}/{ns}-c`),
      whole(),
    ],
  },
  {
    name: 'what a namespace begins with',
    steps: [
      list(`${ns}/serviceaccounts`, 1),
      {
        ...one(`${ns}/configmaps/kube-root-ca.crt`, (found) => found.data !== undefined),
        view: ({ metadata, data }) => ({ metadata, keys: Object.keys(data ?? {}) }),
      },
      remove(`${ns}/serviceaccounts/default`),
      list(`${ns}/serviceaccounts`, 1),
    ],
  },
  {
    name: 'a namespace goes',
    steps: [
      set(1),
      config('kept', { finalizers: ['example.com/wait'] }),
      config('plain'),
      list(pods, 1),
      remove('/api/v1/namespaces/{ns}'),
      one('/api/v1/namespaces/{ns}', (found) =>
        JSON.stringify(found).includes('NamespaceFinalizersRemaining","status":"True'),
      ),
      list(pods, 0),
      list(`${ns}/configmaps`, 1),
      patch(`${ns}/configmaps/kept`, { metadata: { finalizers: null } }),
      gone('/api/v1/namespaces/{ns}'),
    ],
  },
  {
    name: 'an owner goes, and what it owns after it',
    steps: [set(2), list(pods, 2), remove(`${apps}/replicasets/one`, 'Background'), list(pods, 0)],
  },
  {
    name: 'an owner goes after what it owns',
    steps: [
      config('owner'),
      config('owned', {
        finalizers: ['example.com/wait'],
        ownerReferences: [
          { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: '{0.metadata.uid}', blockOwnerDeletion: true },
        ],
      }),
      remove(`${ns}/configmaps/owner`, 'Foreground'),
      one(`${ns}/configmaps/owned`, (found) => found.metadata?.deletionTimestamp !== undefined),
      one(`${ns}/configmaps/owner`, (found) => found.metadata?.deletionTimestamp !== undefined),
      patch(`${ns}/configmaps/owned`, { metadata: { finalizers: null } }),
      gone(`${ns}/configmaps/owner`),
      gone(`${ns}/configmaps/owned`),
    ],
  },
  {
    name: 'an owner goes, and what it owns stays',
    steps: [
      set(2),
      list(pods, 2),
      remove(`${apps}/replicasets/one`, 'Orphan'),
      gone(`${apps}/replicasets/one`),
      list(pods, 2, (item) => (item.metadata?.ownerReferences ?? []).length === 0),
    ],
  },
  {
    name: 'an owner that never was',
    steps: [
      config('orphan', {
        ownerReferences: [
          { apiVersion: 'v1', kind: 'ConfigMap', name: 'nobody', uid: '00000000-0000-4000-8000-000000000000' },
        ],
      }),
      gone(`${ns}/configmaps/orphan`),
    ],
  },
  {
    name: 'a budget by number',
    steps: [
      bare('a'),
      bare('b'),
      post(budgets, { metadata: { name: 'one' }, spec: { minAvailable: 1, selector } }),
      status(`${budgets}/one`, { expectedPods: 2 }),
      patch(`${pods}/a/status`, { status: running('10.1.0.1') }),
      patch(`${pods}/b/status`, { status: running('10.1.0.2') }),
      status(`${budgets}/one`, { currentHealthy: 2, disruptionsAllowed: 1 }),
    ],
  },
  {
    name: 'a budget by share',
    steps: [
      set(3),
      list(pods, 3),
      post(budgets, { metadata: { name: 'one' }, spec: { maxUnavailable: '34%', selector } }),
      status(`${budgets}/one`, { expectedPods: 3 }),
      pod('1.items.0', running('10.1.0.1')),
      pod('1.items.1', running('10.1.0.2')),
      pod('1.items.2', running('10.1.0.3')),
      status(`${budgets}/one`, { currentHealthy: 3 }),
      patch(`${budgets}/one`, { spec: { maxUnavailable: 0 } }),
      status(`${budgets}/one`, { observedGeneration: 2 }),
    ],
  },
  {
    name: 'a budget by share of pods without owner',
    steps: [
      bare('a'),
      post(budgets, { metadata: { name: 'one' }, spec: { maxUnavailable: '50%', selector } }),
      one(`${budgets}/one`, (found) => JSON.stringify(found).includes('SyncFailed')),
    ],
  },
  {
    name: 'what a quota says is used',
    steps: [
      post(`${ns}/resourcequotas`, {
        metadata: { name: 'one' },
        spec: {
          hard: { pods: '2', 'requests.cpu': '1', services: '1', configmaps: '5', 'count/replicasets.apps': '3' },
        },
      }),
      one(`${ns}/resourcequotas/one`, (found) => found.status?.['used'] !== undefined),
      bare('a', { containers: [{ ...container, resources: { requests: { cpu: '250m' } } }] }),
      one(`${ns}/resourcequotas/one`, (found) => JSON.stringify(found.status).includes('250m')),
      bare('b', { containers: [{ ...container, resources: { requests: { cpu: '1' } } }] }),
      bare('c'),
      set(0),
      one(`${ns}/resourcequotas/one`, (found) =>
        JSON.stringify(found.status?.['used']).includes('"count/replicasets.apps":"1"'),
      ),
      { method: 'DELETE', path: `${pods}/a`, query: { gracePeriodSeconds: '0' } },
      one(`${ns}/resourcequotas/one`, (found) => JSON.stringify(found.status?.['used']).includes('"pods":"0"')),
    ],
  },
];
