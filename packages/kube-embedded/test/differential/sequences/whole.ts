import type { Sequence, Step } from '../sequence.js';
import { container, selector, template } from './samples.js';

const merge = 'application/merge-patch+json';
const strategic = 'application/strategic-merge-patch+json';
const table = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
const ns = '/api/v1/namespaces/{ns}';
const apps = '/apis/apps/v1/namespaces/{ns}';
const pod = (
  name: string,
  spec: Readonly<Record<string, unknown>> = {},
  metadata: Readonly<Record<string, unknown>> = {},
): Step => ({
  method: 'POST',
  path: `${ns}/pods`,
  body: { apiVersion: 'v1', kind: 'Pod', metadata: { name, ...metadata }, spec: { containers: [container], ...spec } },
});
const post = (path: string, body: unknown, more: Partial<Step> = {}): Step => ({ method: 'POST', path, body, ...more });
const patch = (path: string, body: unknown, type = merge): Step => ({ method: 'PATCH', path, body, type });

/** Groups and versions that both serve. */
const groups = [
  'apiextensions.k8s.io/v1',
  'apps/v1',
  'authentication.k8s.io/v1',
  'authorization.k8s.io/v1',
  'autoscaling/v1',
  'autoscaling/v2',
  'batch/v1',
  'coordination.k8s.io/v1',
  'discovery.k8s.io/v1',
  'events.k8s.io/v1',
  'networking.k8s.io/v1',
  'policy/v1',
  'rbac.authorization.k8s.io/v1',
  'scheduling.k8s.io/v1',
  'storage.k8s.io/v1',
];

const crd = (spec: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'things.{ns}.example.com' },
  spec: {
    group: '{ns}.example.com',
    names: { plural: 'things', kind: 'Thing' },
    scope: 'Namespaced',
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                required: ['size'],
                properties: {
                  size: { type: 'integer', minimum: 1 },
                  color: { type: 'string', enum: ['red', 'blue'], default: 'red' },
                },
              },
              status: { type: 'object', properties: { ready: { type: 'boolean' } } },
            },
          },
        },
        subresources: { status: {} },
        additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }],
      },
    ],
    ...spec,
  },
});
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** Stories of their own: discovery, subresources, errors of the protocol, kinds together. */
export const whole: readonly Sequence[] = [
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
  {
    name: 'strategic merges',
    steps: [
      post(`${apps}/deployments`, {
        metadata: { name: 'd' },
        spec: {
          selector,
          template: {
            ...template,
            spec: {
              containers: [
                container,
                {
                  name: 'b',
                  image: 'b',
                  env: [
                    { name: 'A', value: '1' },
                    { name: 'B', value: '2' },
                  ],
                },
              ],
            },
          },
        },
      }),
      patch(
        `${apps}/deployments/d`,
        {
          spec: {
            template: {
              spec: {
                containers: [
                  {
                    name: 'b',
                    image: 'c',
                    env: [
                      { name: 'B', $patch: 'delete' },
                      { name: 'C', value: '3' },
                    ],
                  },
                ],
              },
            },
          },
        },
        strategic,
      ),
      patch(
        `${apps}/deployments/d`,
        { spec: { template: { spec: { containers: [{ name: 'b', $patch: 'delete' }] } } } },
        strategic,
      ),
      patch(`${apps}/deployments/d`, { spec: { template: { spec: { $setElementOrder: 1 } } } }, strategic),
      patch(
        `${apps}/deployments/d`,
        { spec: { template: { spec: { containers: [{ image: 'no-name' }] } } } },
        strategic,
      ),
      patch(`${apps}/deployments/d`, { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } }, strategic),
      patch(`${apps}/deployments/d`, { spec: { replicas: 'x' } }, strategic),
      patch(`${apps}/deployments/d`, { spec: { $patch: 'nonsense' } }, strategic),
      patch(
        `${apps}/deployments/d`,
        { spec: { template: { spec: { tolerations: [{ key: 'a', operator: 'Exists' }] } } } },
        strategic,
      ),
    ],
  },
  {
    name: 'a rich deployment',
    steps: [
      post(`${apps}/deployments`, {
        metadata: { name: 'd', labels: { app: 'web' } },
        spec: {
          replicas: 2,
          selector,
          template: {
            metadata: { labels: { app: 'web' } },
            spec: {
              containers: [
                {
                  name: 'main',
                  image: 'nginx:1.25',
                  command: ['x'],
                  args: ['y'],
                  ports: [{ containerPort: 80, name: 'http' }],
                  env: [
                    { name: 'A', value: 'b' },
                    { name: 'N', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
                    { name: 'C', valueFrom: { configMapKeyRef: { name: 'c', key: 'k' } } },
                    { name: 'R', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
                  ],
                  envFrom: [{ secretRef: { name: 's' } }],
                  resources: { limits: { cpu: 0.5, memory: '1024Mi' }, requests: { cpu: '100m' } },
                  livenessProbe: { httpGet: { port: 'http' } },
                  readinessProbe: { tcpSocket: { port: 80 } },
                  startupProbe: { grpc: { port: 81 } },
                  lifecycle: { preStop: { httpGet: { port: 80 } } },
                  volumeMounts: [
                    { name: 'e', mountPath: '/e' },
                    { name: 'c', mountPath: '/c', readOnly: true },
                  ],
                  securityContext: { runAsNonRoot: true },
                },
              ],
              initContainers: [
                {
                  name: 'init',
                  image: 'busybox@sha256:1111111111111111111111111111111111111111111111111111111111111111',
                  restartPolicy: 'Always',
                },
              ],
              volumes: [
                { name: 'e' },
                { name: 'c', configMap: { name: 'c' } },
                { name: 's', secret: { secretName: 's' } },
                { name: 'h', hostPath: { path: '/h' } },
                {
                  name: 'p',
                  projected: {
                    sources: [
                      { serviceAccountToken: { path: 't' } },
                      { downwardAPI: { items: [{ path: 'n', fieldRef: { fieldPath: 'metadata.name' } }] } },
                    ],
                  },
                },
                { name: 'pvc', persistentVolumeClaim: { claimName: 'x' } },
                { name: 'd', downwardAPI: { items: [{ path: 'l', fieldRef: { fieldPath: 'metadata.labels' } }] } },
                { name: 'n', nfs: { server: 'x', path: '/x' } },
                {
                  name: 'ep',
                  ephemeral: {
                    volumeClaimTemplate: {
                      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
                    },
                  },
                },
              ],
              nodeSelector: { disk: 'ssd' },
              tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoSchedule' }],
              affinity: {
                podAntiAffinity: {
                  preferredDuringSchedulingIgnoredDuringExecution: [
                    { weight: 1, podAffinityTerm: { labelSelector: selector, topologyKey: 'kubernetes.io/hostname' } },
                  ],
                },
              },
              topologySpreadConstraints: [
                { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: selector },
              ],
              hostAliases: [{ ip: '10.0.0.1', hostnames: ['x'] }],
              serviceAccount: 'default',
            },
          },
        },
      }),
      { path: `${apps}/deployments/d`, accept: table },
    ],
  },
  {
    name: 'a rich pod',
    steps: [
      pod('p', {
        containers: [
          {
            name: 'main',
            image: 'nginx:1.25',
            ports: [{ containerPort: 80 }],
            resources: { limits: { cpu: '1', memory: '128974848' } },
          },
          { name: 'two', image: 'registry.example.com:5000/x', resources: { limits: { cpu: '2000m', memory: '1e3' } } },
        ],
        hostNetwork: true,
        dnsConfig: { nameservers: ['10.0.0.1'], options: [{ name: 'ndots', value: '2' }] },
        overhead: undefined,
        shareProcessNamespace: true,
        preemptionPolicy: 'PreemptLowerPriority',
        readinessGates: [{ conditionType: 'example.com/x' }],
        schedulingGates: [{ name: 'example.com/g' }],
        enableServiceLinks: false,
        automountServiceAccountToken: false,
      }),
      { path: `${ns}/pods/p`, accept: table },
      patch(`${ns}/pods/p`, { spec: { containers: [{ name: 'main', image: 'other' }] } }, strategic),
      patch(`${ns}/pods/p`, { spec: { hostNetwork: false } }),
      patch(`${ns}/pods/p`, { spec: { tolerations: [] } }),
      patch(`${ns}/pods/p`, { spec: { schedulingGates: null } }),
    ],
  },
  {
    name: 'a pod may change little',
    steps: [
      pod('p'),
      patch(`${ns}/pods/p`, { spec: { nodeName: 'x' } }),
      patch(`${ns}/pods/p`, { spec: { restartPolicy: 'Never' } }),
      patch(`${ns}/pods/p`, { spec: { activeDeadlineSeconds: 10 } }),
      patch(`${ns}/pods/p`, { spec: { activeDeadlineSeconds: 20 } }),
      patch(`${ns}/pods/p`, { spec: { containers: [] } }),
      patch(`${ns}/pods/p`, { spec: { terminationGracePeriodSeconds: 1 } }),
      patch(
        `${ns}/pods/p/ephemeralcontainers`,
        { spec: { ephemeralContainers: [{ name: 'debug', image: 'busybox' }] } },
        strategic,
      ),
      { path: `${ns}/pods/p/ephemeralcontainers` },
      patch(
        `${ns}/pods/p/resize`,
        { spec: { containers: [{ name: 'main', resources: { requests: { cpu: '1' } } }] } },
        strategic,
      ),
    ],
  },
  {
    name: 'services take addresses',
    steps: [
      post(`${ns}/services`, { metadata: { name: 'a' }, spec: { ports: [{ port: 80 }], clusterIP: '10.10.10.201' } }),
      post(`${ns}/services`, { metadata: { name: 'b' }, spec: { ports: [{ port: 80 }], clusterIP: '10.10.10.201' } }),
      post(`${ns}/services`, {
        metadata: { name: 'c' },
        spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30999 }] },
      }),
      post(`${ns}/services`, {
        metadata: { name: 'd' },
        spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30999 }] },
      }),
      patch(`${ns}/services/a`, { spec: { clusterIP: '10.10.10.202' } }),
      patch(`${ns}/services/c`, { spec: { type: 'ClusterIP' } }),
      patch(`${ns}/services/c`, { spec: { type: 'ExternalName', externalName: 'x.example.com' } }),
      post(`${ns}/services`, {
        metadata: { name: 'e' },
        spec: {
          clusterIP: 'None',
          selector: { app: 'web' },
          ports: [{ port: 80, targetPort: 'http' }],
          publishNotReadyAddresses: true,
        },
      }),
      post(`${ns}/services`, {
        metadata: { name: 'f' },
        spec: {
          type: 'LoadBalancer',
          ports: [{ port: 80 }],
          sessionAffinity: 'ClientIP',
          externalTrafficPolicy: 'Local',
        },
      }),
      { path: `${ns}/services`, accept: table },
    ],
  },
  {
    name: 'an immutable config map',
    steps: [
      post(`${ns}/configmaps`, { metadata: { name: 'c' }, data: { a: 'b' }, immutable: true }),
      patch(`${ns}/configmaps/c`, { data: { a: 'c' } }),
      patch(`${ns}/configmaps/c`, { immutable: false }),
      patch(`${ns}/configmaps/c`, { metadata: { labels: { a: 'b' } } }),
    ],
  },
  {
    name: 'selectors that stay',
    steps: [
      post(`${apps}/deployments`, { metadata: { name: 'd' }, spec: { selector, template } }),
      patch(`${apps}/deployments/d`, { spec: { selector: { matchLabels: { app: 'x' } } } }),
      patch(`${apps}/deployments/d`, { spec: { template: { metadata: { labels: { app: 'x' } } } } }),
      patch(`${apps}/deployments/d`, { spec: null }),
      post(`${apps}/statefulsets`, { metadata: { name: 's' }, spec: { serviceName: 's', selector, template } }),
      patch(`${apps}/statefulsets/s`, { spec: { serviceName: 'x' } }),
      patch(`${apps}/statefulsets/s`, {
        spec: { replicas: 2, template: { spec: { containers: [{ name: 'main', image: 'y' }] } } },
      }),
      post('/apis/batch/v1/namespaces/{ns}/jobs', {
        metadata: { name: 'j' },
        spec: { template: { spec: { containers: [container], restartPolicy: 'Never' } } },
      }),
      patch('/apis/batch/v1/namespaces/{ns}/jobs/j', { spec: { completions: 3 } }),
      patch('/apis/batch/v1/namespaces/{ns}/jobs/j', {
        spec: { template: { spec: { containers: [{ name: 'main', image: 'y' }] } } },
      }),
      post('/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}/rolebindings', {
        metadata: { name: 'b' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' },
      }),
      patch('/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}/rolebindings/b', { roleRef: { name: 'x' } }),
      post(`${ns}/secrets`, { metadata: { name: 's' }, type: 'Opaque' }),
      patch(`${ns}/secrets/s`, { type: 'other' }),
    ],
  },
  {
    name: 'a quota is kept',
    steps: [
      post(`${ns}/resourcequotas`, { metadata: { name: 'q' }, spec: { hard: { pods: '1', configmaps: '1' } } }),
      patch(`${ns}/resourcequotas/q/status`, {
        status: { hard: { pods: '1', configmaps: '1' }, used: { pods: '0', configmaps: '0' } },
      }),
      pod('a'),
      pod('b'),
      post(`${ns}/configmaps`, { metadata: { name: 'a' } }),
      post(`${ns}/configmaps`, { metadata: { name: 'b' } }),
      { path: `${ns}/resourcequotas`, accept: table },
    ],
  },
  {
    name: 'limits are given',
    steps: [
      post(`${ns}/limitranges`, {
        metadata: { name: 'l' },
        spec: {
          limits: [
            {
              type: 'Container',
              default: { cpu: '1' },
              defaultRequest: { cpu: '100m' },
              max: { cpu: '2' },
              min: { cpu: '50m' },
            },
          ],
        },
      }),
      pod('a'),
      pod('b', { containers: [{ ...container, resources: { limits: { cpu: '3' } } }] }),
      pod('c', { containers: [{ ...container, resources: { limits: { cpu: '10m' } } }] }),
    ],
  },
  {
    name: 'priorities',
    steps: [
      post('/apis/scheduling.k8s.io/v1/priorityclasses', { metadata: { name: 'p-{ns}' }, value: 100 }),
      pod('a', { priorityClassName: 'p-{ns}' }),
      pod('b', { priorityClassName: 'p-{ns}', priority: 5 }),
      pod('c', { priorityClassName: 'system-node-critical' }),
      patch('/apis/scheduling.k8s.io/v1/priorityclasses/p-{ns}', { value: 5 }),
      { path: '/apis/scheduling.k8s.io/v1/priorityclasses/system-node-critical' },
    ],
  },
  { name: 'a custom resource', steps: [post(definitions, crd(), { query: { dryRun: 'All' } })] },
  ...Object.entries({
    'of another name': crd({ group: 'other.example.com' }),
    'without versions': crd({ versions: [] }),
    'without a scope': crd({ scope: '' }),
    'without a schema': crd({ versions: [{ name: 'v1', served: true, storage: true }] }),
    'with two stored versions': crd({
      versions: [
        { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } },
        { name: 'v2', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } },
      ],
    }),
    'with a schema that is none': crd({
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'nope' } } }],
    }),
    'with a schema without types': crd({
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { properties: { spec: { properties: { x: {} } } } } },
        },
      ],
    }),
    'without names': crd({ names: {} }),
  }).map(([words, body]) => ({ name: `a definition ${words}`, steps: [post(definitions, body)] })),
  {
    name: 'owners and events',
    steps: [
      post(`${ns}/configmaps`, {
        metadata: { name: 'c', ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'x' }] },
      }),
      post(`${ns}/configmaps`, {
        metadata: {
          name: 'c',
          ownerReferences: [
            { apiVersion: 'v1', kind: 'Pod', name: 'x', uid: '1', controller: true },
            { apiVersion: 'v1', kind: 'Pod', name: 'y', uid: '2', controller: true },
          ],
        },
      }),
      post(`${ns}/configmaps`, {
        metadata: {
          name: 'c',
          ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'x', uid: '1', blockOwnerDeletion: true }],
        },
      }),
      post(`${ns}/configmaps`, { metadata: { name: 'd', finalizers: ['bad finalizer'] } }),
      post(`${ns}/configmaps`, { metadata: { name: 'e', finalizers: ['plain'] } }),
      post(`${ns}/configmaps`, { metadata: { name: 'f', annotations: { a: 'x'.repeat(262145) } } }),
    ],
  },
  {
    name: 'fields of pods that select',
    steps: [
      pod('a', { restartPolicy: 'Never' }),
      { path: `${ns}/pods`, query: { fieldSelector: 'spec.restartPolicy=Never,status.phase=Pending' } },
      {
        path: `${ns}/pods`,
        query: {
          fieldSelector:
            'spec.schedulerName=default-scheduler,spec.serviceAccountName=default,status.podIP=,spec.hostNetwork=false',
        },
      },
      { path: `${ns}/pods`, query: { fieldSelector: 'spec.containers=x' } },
      { path: `${ns}/pods`, query: { fieldSelector: 'metadata.name' } },
      { path: `${ns}/pods`, query: { fieldSelector: 'a=b,,c' } },
      { path: `${ns}/secrets`, query: { fieldSelector: 'type=Opaque' } },
      { path: `${ns}/events`, query: { fieldSelector: 'involvedObject.name=x,reason=y' } },
      { path: '/api/v1/nodes', query: { fieldSelector: 'spec.unschedulable=true' } },
      { path: `${ns}/services`, query: { fieldSelector: 'spec.type=ClusterIP' } },
      { path: '/apis/batch/v1/namespaces/{ns}/jobs', query: { fieldSelector: 'status.successful=1' } },
      { path: `${apps}/replicasets`, query: { fieldSelector: 'status.replicas=0' } },
    ],
  },
  ...[
    'a==',
    '=b',
    'a=b,',
    'a in ()',
    'a notin (x',
    '!',
    'a>1',
    'a<x',
    'not a key=v',
    'a=not!ok',
    'a in (b,c),!d',
    ',',
  ].map((text) => ({
    name: `the label selector ${text}`,
    steps: [
      post(`${ns}/configmaps`, { metadata: { name: 'c', labels: { a: '5' } } }),
      { path: `${ns}/configmaps`, query: { labelSelector: text } },
    ],
  })),
  {
    name: 'versions of lists',
    steps: [
      post(`${ns}/configmaps`, { metadata: { name: 'a' } }),
      post(`${ns}/configmaps`, { metadata: { name: 'b' } }),
      {
        path: `${ns}/configmaps`,
        query: { resourceVersion: '{0.metadata.resourceVersion}', resourceVersionMatch: 'Exact' },
      },
      {
        path: `${ns}/configmaps`,
        query: { resourceVersion: '{0.metadata.resourceVersion}', resourceVersionMatch: 'NotOlderThan' },
      },
      { path: `${ns}/configmaps`, query: { resourceVersion: '0', resourceVersionMatch: 'Exact' } },
      { path: `${ns}/configmaps`, query: { resourceVersion: '1', resourceVersionMatch: 'Nope' } },
      { path: `${ns}/configmaps`, query: { resourceVersion: 'x' } },
      { path: `${ns}/configmaps`, query: { limit: '-1' } },
      { path: `${ns}/configmaps/a`, query: { resourceVersion: '0' } },
      {
        path: `${ns}/configmaps`,
        query: { limit: '1', resourceVersion: '{0.metadata.resourceVersion}', resourceVersionMatch: 'Exact' },
      },
      { path: `${ns}/configmaps`, query: { sendInitialEvents: 'true' } },
    ],
  },
  {
    name: 'old watches',
    steps: [
      post(`${ns}/configmaps`, { metadata: { name: 'a' } }),
      {
        path: '/api/v1/watch/namespaces/{ns}/configmaps',
        query: { resourceVersion: '0', timeoutSeconds: '5' },
        events: 1,
      },
      { path: '/api/v1/watch/namespaces/{ns}/configmaps/a', query: { timeoutSeconds: '5' }, events: 1 },
      { path: `${ns}/configmaps/a`, query: { watch: 'true', timeoutSeconds: '5' }, events: 1 },
      {
        path: `${ns}/configmaps`,
        query: { watch: '1', fieldSelector: 'metadata.name=a', timeoutSeconds: '5' },
        events: 1,
      },
    ],
  },
  {
    name: 'managed fields of defaults',
    steps: [
      post(
        `${apps}/deployments`,
        { metadata: { name: 'd' }, spec: { selector, template } },
        { query: { fieldManager: 'me' } },
      ),
      patch(`${apps}/deployments/d`, { spec: { replicas: 2 } }),
      patch(`${apps}/deployments/d`, { metadata: { managedFields: [{}] } }),
      patch(`${apps}/deployments/d`, {
        metadata: {
          managedFields: [
            { manager: 'x', operation: 'Nope', apiVersion: 'apps/v1', fieldsType: 'FieldsV1', fieldsV1: {} },
          ],
        },
      }),
      {
        method: 'PATCH',
        path: `${apps}/deployments/d`,
        type: 'application/apply-patch+yaml',
        query: { fieldManager: 'you' },
        body: {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'd' },
          spec: { replicas: 3, template: { spec: { containers: [{ name: 'main', image: 'other' }] } } },
        },
      },
      {
        method: 'PATCH',
        path: `${apps}/deployments/d`,
        type: 'application/apply-patch+yaml',
        query: { fieldManager: 'you', force: 'true' },
        body: 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: d\nspec:\n  replicas: 3\n',
      },
      {
        method: 'PATCH',
        path: `${apps}/deployments/d`,
        type: 'application/apply-patch+yaml',
        query: { fieldManager: 'x'.repeat(129) },
        body: { apiVersion: 'apps/v1', kind: 'Deployment' },
      },
      {
        method: 'PATCH',
        path: `${apps}/deployments/d`,
        type: 'application/apply-patch+yaml',
        query: { fieldManager: 'you' },
        body: '{not: [yaml',
      },
    ],
  },
  {
    name: 'json patches',
    steps: [
      post(`${ns}/configmaps`, { metadata: { name: 'c' }, data: { a: '1', b: '2' } }),
      ...[
        [{ op: 'replace', path: '/data/a', value: '3' }],
        [{ op: 'move', from: '/data/a', path: '/data/z' }],
        [{ op: 'copy', from: '/data/z', path: '/data/y' }],
        [{ op: 'add', path: '/data/x/y', value: '1' }],
        [{ op: 'replace', path: '/data/none', value: '1' }],
        [{ op: 'fly', path: '/data' }],
        [{ path: '/data' }],
        [{ op: 'add', path: '/data/n', value: 5 }],
        [{ op: 'remove', path: '/metadata/name' }],
        [{ op: 'add', path: '/metadata/finalizers/-', value: 'example.com/x' }],
        [],
      ].map((body) => patch(`${ns}/configmaps/c`, body, 'application/json-patch+json')),
      { path: `${ns}/configmaps/c` },
    ],
  },
  {
    name: 'duplicates and cases of fields',
    steps: [
      {
        method: 'POST',
        path: `${ns}/configmaps`,
        query: { fieldValidation: 'Strict' },
        body: '{"metadata":{"name":"x"},"data":{"a":"1","a":"2"}}',
      },
      {
        method: 'POST',
        path: `${ns}/configmaps`,
        query: { fieldValidation: 'Warn' },
        body: '{"metadata":{"name":"x"},"data":{"a":"1"},"data":{"b":"2"}}',
      },
      {
        method: 'POST',
        path: `${ns}/configmaps`,
        query: { fieldValidation: 'Strict' },
        body: { Metadata: { name: 'y' }, Data: { a: 'b' } },
      },
      post(
        `${ns}/pods`,
        {
          metadata: { name: 'z' },
          spec: {
            containers: [{ ...container, imag: 'x', ports: [{ contianerPort: 80, containerPort: 80 }] }],
            foo: {},
          },
        },
        { query: { fieldValidation: 'Strict' } },
      ),
    ],
  },
  {
    name: 'deprecated things are warned of',
    steps: [
      pod('a', {}, { annotations: { 'scheduler.alpha.kubernetes.io/critical-pod': '' } }),
      pod('b', { nodeSelector: { 'beta.kubernetes.io/os': 'linux' } }),
      pod('c', {
        containers: [
          {
            ...container,
            env: [
              { name: 'A', value: '1' },
              { name: 'A', value: '2' },
            ],
          },
        ],
      }),
      { path: `${ns}/endpoints` },
      { path: '/api/v1/componentstatuses/x' },
      post(`${ns}/services`, {
        metadata: { name: 'x' },
        spec: { ports: [{ port: 80 }], externalIPs: ['010.001.002.003'] },
      }),
    ],
  },
  {
    name: 'logs and doors',
    steps: [
      pod('a'),
      { path: `${ns}/pods/a/log` },
      { path: `${ns}/pods/nobody/log` },
      { path: `${ns}/pods/a/log`, query: { container: 'nope' } },
      { path: `${ns}/pods/a/log`, query: { tailLines: '-1' } },
      { path: `${ns}/pods/nobody/exec` },
      { path: `${ns}/services/nobody/proxy/` },
      { path: `${ns}/pods/nobody/proxy/` },
    ],
  },
  {
    name: 'updates of everything',
    steps: [
      pod('a'),
      {
        method: 'PUT',
        path: `${ns}/pods/a`,
        body: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { containers: [container] } },
      },
      { method: 'PUT', path: `${ns}/pods/a`, body: { metadata: { name: 'b' } } },
      { method: 'PUT', path: `${ns}/pods/a`, body: {} },
      post(`${ns}/services`, { metadata: { name: 's' }, spec: { ports: [{ port: 80 }] } }),
      { method: 'PUT', path: `${ns}/services/s`, body: { metadata: { name: 's' }, spec: { ports: [{ port: 81 }] } } },
      {
        method: 'PUT',
        path: `${ns}/services/s`,
        body: {
          metadata: { name: 's', resourceVersion: '{4.metadata.resourceVersion}' },
          spec: { ports: [{ port: 82 }] },
        },
      },
      { method: 'PUT', path: `${ns}/services/t`, body: { metadata: { name: 't' }, spec: { ports: [{ port: 82 }] } } },
      {
        method: 'PUT',
        path: '/apis/coordination.k8s.io/v1/namespaces/{ns}/leases/new',
        body: { metadata: { name: 'new' }, spec: {} },
      },
    ],
  },
];
