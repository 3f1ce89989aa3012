import type { Sequence } from '../sequence.js';
import { container, selector, template } from './samples.js';
import { apps, ns, patch, pod, post, strategic, table } from './steps.js';
import { definitions, thingsOf, type Schema } from './things.js';

const crd = (spec: Schema = {}): Record<string, unknown> =>
  thingsOf(
    {
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
    {
      version: { additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }] },
      spec,
    },
  );

/** Kinds of their own: rich objects, what may change, what is given by quotas, limits and classes. */
export const kinds: readonly Sequence[] = [
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
    name: 'a quota is held against changes',
    steps: [
      post(`${ns}/services`, { metadata: { name: 's' }, spec: { ports: [{ port: 80 }] } }),
      pod('a'),
      post(`${ns}/resourcequotas`, {
        metadata: { name: 'q' },
        spec: { hard: { 'services.nodeports': '0', services: '2' } },
      }),
      patch(`${ns}/resourcequotas/q/status`, {
        status: {
          hard: { 'services.nodeports': '0', services: '2' },
          used: { 'services.nodeports': '0', services: '1' },
        },
      }),
      post(`${ns}/resourcequotas`, {
        metadata: { name: 'r' },
        spec: { hard: { pods: '0' }, scopes: ['Terminating'] },
      }),
      patch(`${ns}/resourcequotas/r/status`, { status: { hard: { pods: '0' }, used: { pods: '0' } } }),
      patch(`${ns}/services/s`, { metadata: { labels: { a: 'b' } } }),
      patch(`${ns}/services/s`, { spec: { type: 'NodePort' } }),
      post(`${ns}/services`, { metadata: { name: 't' }, spec: { ports: [{ port: 80 }] } }),
      post(`${ns}/services`, { metadata: { name: 'u' }, spec: { ports: [] } }),
      post(`${ns}/services`, { metadata: { name: 'u' }, spec: { ports: [{ port: 80 }] } }),
      patch(`${ns}/pods/a`, { metadata: { labels: { a: 'b' } } }),
      patch(`${ns}/pods/a`, { spec: { activeDeadlineSeconds: 60 } }),
      { path: `${ns}/resourcequotas/q` },
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
  {
    name: 'a definition is accepted',
    steps: [
      post(definitions, crd()),
      { path: '/apis/{ns}.example.com/v1/namespaces/{ns}/things', settles: 200 },
      { path: `${definitions}/things.{ns}.example.com` },
      {
        path: definitions,
        query: {
          watch: 'true',
          timeoutSeconds: '5',
          fieldSelector: 'metadata.name=things.{ns}.example.com',
          resourceVersion: '{0.metadata.resourceVersion}',
        },
        events: 2,
      },
      patch(`${definitions}/things.{ns}.example.com`, { metadata: { labels: { a: 'b' } } }),
      { method: 'DELETE', path: `${definitions}/things.{ns}.example.com` },
    ],
  },
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
];
