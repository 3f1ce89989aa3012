import type { Sequence, Step } from '../sequence.js';
import { ns, patch, pod, post } from './steps.js';

const rbac = '/apis/rbac.authorization.k8s.io/v1';
const here = `${rbac}/namespaces/{ns}`;
const group = 'rbac.authorization.k8s.io';

/** Who signs in beside the administrator; none may do anything at first. */
export const users = [
  { token: 'jane-token', user: 'jane', groups: ['dev', 'test'] },
  { token: 'john-token', user: 'john', groups: ['dev'] },
] as const;

const as = (step: Step, who: 'jane' | 'john' = 'jane'): Step => ({ ...step, as: `${who}-token` });
/** The first request that a new binding lets somebody make, or one that is gone no more. */
const settled = (step: Step, settles: number): Step => ({ ...step, settles });
const role = (name: string, ...rules: readonly Record<string, unknown>[]): Step =>
  post(`${here}/roles`, { metadata: { name }, rules });
const bind = (name: string, subject: Readonly<Record<string, unknown>>, ref: Readonly<Record<string, unknown>>): Step =>
  post(`${here}/rolebindings`, { metadata: { name }, subjects: [subject], roleRef: { apiGroup: group, ...ref } });
const jane = { kind: 'User', name: 'jane', apiGroup: group };
const pods = { apiGroups: [''], resources: ['pods'] };

const allowed = (attributes: Readonly<Record<string, unknown>>): Step =>
  post('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { spec: { resourceAttributes: attributes } });

/** Who may do what, by roles and their bindings. */
export const access: readonly Sequence[] = [
  {
    name: 'nobody may anything',
    steps: [
      as({ path: `${ns}/pods` }),
      as({ path: `${ns}/pods/x` }),
      as({ path: '/api/v1/nodes' }),
      as({ path: '/api/v1/pods' }),
      as({ path: `${ns}/pods`, query: { watch: 'true' } }),
      as(pod('x')),
      as(patch(`${ns}/pods/x`, {})),
      as({ method: 'DELETE', path: `${ns}/pods` }),
      as({ method: 'DELETE', path: `${ns}/pods/x` }),
      as({ path: '/apis/apps/v1/namespaces/{ns}/deployments/x/scale' }),
      as(post(`${ns}/pods/x/eviction`, {})),
      as({ path: '/nothing' }),
      as({ path: '/metrics' }),
    ],
  },
  {
    name: 'what everybody signed in may',
    steps: [
      as({ path: '/api' }),
      as({ path: '/version' }),
      as({ path: '/healthz' }),
      as({ path: '/apis/batch' }),
      as(post('/apis/authentication.k8s.io/v1/selfsubjectreviews', {})),
      as(allowed({ verb: 'get', resource: 'pods', namespace: '{ns}' })),
      as(
        post('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
          spec: { nonResourceAttributes: { verb: 'get', path: '/api/v1' } },
        }),
      ),
      as(post('/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', { spec: { namespace: '{ns}' } })),
      as(post('/apis/authorization.k8s.io/v1/subjectaccessreviews', { spec: { user: 'x' } })),
    ],
  },
  {
    name: 'a role of a namespace',
    steps: [
      role('reader', { ...pods, verbs: ['get', 'list'] }),
      bind('reads', jane, { kind: 'Role', name: 'reader' }),
      pod('a'),
      settled(as({ path: `${ns}/pods/a` }), 200),
      as({ path: `${ns}/pods/a` }, 'john'),
      as({ path: '/api/v1/namespaces/default/pods' }),
      as({ path: `${ns}/pods/a/status` }),
      as({ path: `${ns}/pods`, query: { watch: '1' } }),
      as({ method: 'DELETE', path: `${ns}/pods/a` }),
      as(allowed({ verb: 'list', resource: 'pods', namespace: '{ns}' })),
      as(allowed({ verb: 'list', resource: 'pods' })),
      as(post('/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', { spec: { namespace: '{ns}' } })),
      post('/apis/authorization.k8s.io/v1/subjectaccessreviews', {
        spec: { user: 'jane', resourceAttributes: { verb: 'get', resource: 'pods', namespace: '{ns}' } },
      }),
      post('/apis/authorization.k8s.io/v1/subjectaccessreviews', {
        spec: { groups: ['system:masters'], resourceAttributes: { verb: 'get', resource: 'pods' } },
      }),
      { method: 'DELETE', path: `${here}/rolebindings/reads` },
      settled(as({ path: `${ns}/pods/a` }), 403),
    ],
  },
  {
    name: 'a role for a name, a subresource, a group',
    steps: [
      role(
        'some',
        { ...pods, verbs: ['get', 'delete'], resourceNames: ['a'] },
        { apiGroups: [''], resources: ['pods/status', '*/scale'], verbs: ['*'] },
      ),
      bind('some', { kind: 'Group', name: 'test', apiGroup: group }, { kind: 'Role', name: 'some' }),
      pod('a'),
      pod('b'),
      settled(as({ path: `${ns}/pods/a` }), 200),
      as({ path: `${ns}/pods/b` }),
      as({ path: `${ns}/pods` }),
      as({ path: `${ns}/pods`, query: { fieldSelector: 'metadata.name=a' } }),
      as(patch(`${ns}/pods/b/status`, { status: { message: 'x' } })),
      as({ path: `${ns}/replicationcontrollers/x/scale` }),
      as({ method: 'DELETE', path: `${ns}/pods/a` }, 'john'),
    ],
  },
  {
    name: 'a role of the cluster, here and everywhere',
    steps: [
      post(`${rbac}/clusterroles`, {
        metadata: { name: '{ns}' },
        rules: [
          { apiGroups: ['*'], resources: ['configmaps'], verbs: ['*'] },
          { nonResourceURLs: ['/metrics', '/logs/*'], verbs: ['get'] },
        ],
      }),
      bind('here', jane, { kind: 'ClusterRole', name: '{ns}' }),
      settled(as({ path: `${ns}/configmaps` }), 200),
      as({ path: '/api/v1/configmaps' }),
      as({ path: '/logs/x' }),
      post(`${rbac}/clusterrolebindings`, {
        metadata: { name: '{ns}' },
        subjects: [{ kind: 'User', name: 'john', apiGroup: group }],
        roleRef: { apiGroup: group, kind: 'ClusterRole', name: '{ns}' },
      }),
      settled(
        as({ path: '/api/v1/configmaps', query: { limit: '1', fieldSelector: 'metadata.name=none' } }, 'john'),
        200,
      ),
      as({ path: '/logs/x' }, 'john'),
      as(post('/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', { spec: { namespace: '{ns}' } })),
    ],
  },
  {
    name: 'nobody gives more than he has',
    steps: [
      role(
        'granter',
        { ...pods, verbs: ['get', 'list'] },
        { apiGroups: [group], resources: ['roles', 'rolebindings'], verbs: ['create', 'get', 'update', 'patch'] },
      ),
      bind('grants', jane, { kind: 'Role', name: 'granter' }),
      settled(as(role('fine', { ...pods, verbs: ['get'] })), 201),
      as(role('more', { ...pods, verbs: ['get', 'delete'] })),
      as(role('other', { apiGroups: ['apps'], resources: ['deployments', 'replicasets'], verbs: ['get'] })),
      as(patch(`${here}/roles/fine`, { rules: [{ ...pods, verbs: ['*'] }] })),
      as(patch(`${here}/roles/fine`, { metadata: { labels: { a: 'b' } } })),
      as(bind('mine', jane, { kind: 'Role', name: 'fine' })),
      as(bind('all', jane, { kind: 'ClusterRole', name: 'cluster-admin' })),
      as(bind('none', jane, { kind: 'ClusterRole', name: 'nobody-{ns}' })),
      role('binder', { apiGroups: [group], resources: ['clusterroles'], verbs: ['bind'], resourceNames: ['view'] }),
      bind('binds', jane, { kind: 'Role', name: 'binder' }),
      settled(
        as(bind('view', { kind: 'User', name: 'john', apiGroup: group }, { kind: 'ClusterRole', name: 'view' })),
        201,
      ),
      role('escalator', { apiGroups: [group], resources: ['roles'], verbs: ['escalate'] }),
      bind('escalates', jane, { kind: 'Role', name: 'escalator' }),
      settled(as(role('everything', { apiGroups: ['*'], resources: ['*'], verbs: ['*'] })), 201),
    ],
  },
  {
    name: 'an account of a service',
    steps: [
      post(`${ns}/serviceaccounts`, { metadata: { name: 'robot' } }),
      role('reader', { ...pods, verbs: ['get', 'list'] }),
      bind('robot', { kind: 'ServiceAccount', name: 'robot', namespace: '{ns}' }, { kind: 'Role', name: 'reader' }),
      { path: `${ns}/pods`, headers: { 'impersonate-user': 'system:serviceaccount:{ns}:robot' }, settles: 200 },
      post('/apis/authorization.k8s.io/v1/subjectaccessreviews', {
        spec: {
          user: 'system:serviceaccount:{ns}:robot',
          resourceAttributes: { verb: 'get', resource: 'pods', namespace: '{ns}' },
        },
      }),
      post(`/apis/authorization.k8s.io/v1/namespaces/{ns}/localsubjectaccessreviews`, {
        spec: {
          user: 'system:serviceaccount:{ns}:default',
          resourceAttributes: { verb: 'get', resource: 'pods', namespace: '{ns}' },
        },
      }),
      bind(
        'all',
        { kind: 'Group', name: 'system:serviceaccounts:{ns}', apiGroup: group },
        { kind: 'Role', name: 'reader' },
      ),
      { path: `${ns}/pods`, headers: { 'impersonate-user': 'system:serviceaccount:{ns}:default' }, settles: 200 },
      post('/apis/authorization.k8s.io/v1/subjectaccessreviews', {
        spec: {
          user: 'system:serviceaccount:{ns}:default',
          groups: ['system:serviceaccounts', 'system:serviceaccounts:{ns}'],
          resourceAttributes: { verb: 'list', resource: 'pods', namespace: '{ns}' },
        },
      }),
    ],
  },
  {
    name: 'the roles of the beginning',
    steps: [
      'cluster-admin',
      'admin',
      'edit',
      'view',
      'system:aggregate-to-admin',
      'system:aggregate-to-edit',
      'system:aggregate-to-view',
      'system:basic-user',
      'system:discovery',
      'system:monitoring',
      'system:public-info-viewer',
      'system:service-account-issuer-discovery',
    ].map((name) => ({ path: `${rbac}/clusterroles/${name}` })),
  },
  {
    name: 'the bindings of the beginning',
    steps: [
      'cluster-admin',
      'system:basic-user',
      'system:discovery',
      'system:monitoring',
      'system:public-info-viewer',
      'system:service-account-issuer-discovery',
    ].map((name) => ({ path: `${rbac}/clusterrolebindings/${name}` })),
  },
  {
    name: 'an aggregated role',
    steps: [
      post(`${rbac}/clusterroles`, {
        metadata: { name: '{ns}-part', labels: { 'example.com/part-of': '{ns}' } },
        rules: [{ ...pods, verbs: ['get'] }],
      }),
      post(`${rbac}/clusterroles`, {
        metadata: { name: '{ns}-whole' },
        aggregationRule: { clusterRoleSelectors: [{ matchLabels: { 'example.com/part-of': '{ns}' } }] },
        rules: [],
      }),
      post(`${rbac}/clusterroles`, {
        metadata: { name: '{ns}-bad' },
        aggregationRule: { clusterRoleSelectors: [] },
        rules: [],
      }),
    ],
  },
  {
    name: 'a user in the place of another',
    steps: [
      role('reader', { ...pods, verbs: ['get', 'list'] }),
      bind('reads', jane, { kind: 'Role', name: 'reader' }),
      { path: `${ns}/pods`, headers: { 'impersonate-user': 'jane' }, settles: 200 },
      { path: `${ns}/configmaps`, headers: { 'impersonate-user': 'jane' } },
      { path: `${ns}/pods`, headers: { 'impersonate-user': 'nobody' } },
      { path: `${ns}/configmaps`, headers: { 'impersonate-user': 'x', 'impersonate-group': 'system:masters' } },
      { path: `${ns}/pods`, headers: { 'impersonate-group': 'system:masters' } },
      as({ path: `${ns}/pods`, headers: { 'impersonate-user': 'john' } }),
      {
        ...post('/apis/authentication.k8s.io/v1/selfsubjectreviews', {}),
        headers: { 'impersonate-user': 'jane', 'impersonate-group': 'a', 'impersonate-extra-scopes': 'b' },
      },
      {
        ...post('/apis/authentication.k8s.io/v1/selfsubjectreviews', {}),
        headers: { 'impersonate-user': 'system:serviceaccount:{ns}:default' },
      },
      role('pretender', { apiGroups: [''], resources: ['users'], verbs: ['impersonate'] }),
      bind('pretends', jane, { kind: 'Role', name: 'pretender' }),
      as({ path: `${ns}/pods`, headers: { 'impersonate-user': 'john' } }),
    ],
  },
];
