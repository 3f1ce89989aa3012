import type { Sequence, Step } from '../sequence.js';
import { container, selector, template } from './samples.js';
import { apps, ns, patch, pod, post } from './steps.js';

const batch = '/apis/batch/v1/namespaces/{ns}';
const networking = '/apis/networking.k8s.io/v1/namespaces/{ns}';
const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'c', uid: '11111111-1111-1111-1111-111111111111' };
const expression = { key: 'beta.kubernetes.io/os', operator: 'In', values: ['linux', '-bad-'] };

const held = (...containers: readonly Record<string, unknown>[]): Record<string, unknown> => ({
  containers: containers.map((more, index) => ({ name: `c${index}`, image: 'nginx', ...more })),
});
const deployment = (name: string, spec: Readonly<Record<string, unknown>>, metadata = {}): Step =>
  post(`${apps}/deployments`, {
    metadata: { name },
    spec: {
      selector,
      template: { metadata: { ...template.metadata, ...metadata }, spec: { ...template.spec, ...spec } },
    },
  });

/** What is taken, with a warning. */
export const warnings: readonly Sequence[] = [
  {
    name: 'old annotations and labels are warned of',
    steps: [
      pod(
        'a',
        {},
        {
          annotations: {
            'scheduler.alpha.kubernetes.io/critical-pod': '',
            'security.alpha.kubernetes.io/sysctls': 'a=b',
            'security.alpha.kubernetes.io/unsafe-sysctls': 'a=b',
            'seccomp.security.alpha.kubernetes.io/pod': 'unconfined',
            'container.seccomp.security.alpha.kubernetes.io/main': 'runtime/default',
          },
        },
      ),
      pod('b', {
        nodeSelector: { 'node-role.kubernetes.io/master': '' },
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ ...expression, values: ['linux'] }] }],
            },
            preferredDuringSchedulingIgnoredDuringExecution: [
              { weight: 1, preference: { matchExpressions: [expression] } },
            ],
          },
          podAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'zone' }],
            preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: { topologyKey: 'zone' } }],
          },
        },
        topologySpreadConstraints: [
          { maxSkew: 1, topologyKey: 'failure-domain.beta.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway' },
        ],
      }),
      deployment('d', {}, { annotations: { 'container.apparmor.security.beta.kubernetes.io/main': 'unconfined' } }),
      patch(`${apps}/deployments/d`, { spec: { replicas: 2 } }),
      patch(`${apps}/deployments/d`, { metadata: { labels: { a: 'b' } } }),
      post('/apis/storage.k8s.io/v1/storageclasses', {
        metadata: { name: '{ns}' },
        provisioner: 'x',
        allowedTopologies: [
          { matchLabelExpressions: [{ key: 'failure-domain.beta.kubernetes.io/zone', values: ['a'] }] },
        ],
      }),
    ],
  },
  {
    name: 'profiles of app armor, in fields and annotations',
    steps: [
      pod('a', {}, { annotations: { 'container.apparmor.security.beta.kubernetes.io/main': 'runtime/default' } }),
      pod('b', { securityContext: { appArmorProfile: { type: 'Localhost', localhostProfile: 'x' } } }),
      pod('c', {}, { annotations: { 'container.apparmor.security.beta.kubernetes.io/main': 'localhost/y' } }),
      pod('d', {
        containers: [{ ...container, securityContext: { appArmorProfile: { type: 'Unconfined' } } }],
      }),
    ],
  },
  {
    name: 'odd names of what makes pods are warned of',
    steps: [
      pod('a.b'),
      deployment('a.b', {}),
      post(`${apps}/replicasets`, { metadata: { name: 'a.b' }, spec: { selector, template } }),
      post(`${apps}/daemonsets`, { metadata: { name: 'a.b' }, spec: { selector, template } }),
      post(`${ns}/replicationcontrollers`, {
        metadata: { name: 'a.b' },
        spec: { selector: { app: 'web' }, template },
      }),
      post(`${batch}/jobs`, {
        metadata: { name: 'a.b' },
        spec: { template: { spec: { containers: [container], restartPolicy: 'Never' } } },
      }),
      post(`${batch}/cronjobs`, {
        metadata: { name: 'a.b' },
        spec: {
          schedule: '* * * * *',
          jobTemplate: { spec: { template: { spec: { containers: [container], restartPolicy: 'Never' } } } },
        },
      }),
    ],
  },
  {
    name: 'odd containers are warned of',
    steps: [
      pod(
        'a',
        held(
          {
            env: [
              { name: 'A', value: '1' },
              { name: 'A', value: '$(A)2' },
              { name: 'A', value: '3' },
              { name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
            ],
          },
          { resources: { limits: { memory: '100m', 'ephemeral-storage': '1.5' }, requests: { memory: '0.1Ki' } } },
        ),
      ),
      pod(
        'b',
        held(
          { ports: [{ containerPort: 80, name: 'http' }, { containerPort: 80 }] },
          { ports: [{ containerPort: 80, hostPort: 8080, name: 'http' }] },
          { ports: [{ containerPort: 80, hostPort: 8080, hostIP: '10.0.0.1' }] },
          { ports: [{ containerPort: 81, hostIP: '10.0.0.1', name: 'odd' }] },
        ),
      ),
      pod('c', { terminationGracePeriodSeconds: -1 }),
      pod('d', {
        hostAliases: [
          { ip: '10.0.0.1', hostnames: ['x'] },
          { ip: '10.0.0.1', hostnames: ['y'] },
          { ip: '010.0.0.1', hostnames: ['z'] },
        ],
        imagePullSecrets: [{ name: 'a' }, { name: 'a' }, {}],
        dnsConfig: { nameservers: ['010.0.0.1', '2001:DB8::1'] },
      }),
      patch(`${ns}/pods/a`, { metadata: { labels: { a: 'b' } } }),
      deployment('d', { imagePullSecrets: [{ name: 'a' }, { name: 'a' }] }),
    ],
  },
  {
    name: 'odd volumes are warned of',
    steps: [
      pod('a', {
        volumes: [
          { name: 'old', gitRepo: { repository: 'x' } },
          { name: 'older', flocker: { datasetName: 'x' } },
          {
            name: 'two',
            configMap: {
              name: 'c',
              items: [
                { key: 'a', path: 'x' },
                { key: 'b', path: 'x/y' },
                { key: 'c', path: 'x' },
              ],
            },
          },
          {
            name: 'many',
            projected: {
              sources: [
                { serviceAccountToken: { path: 'token' } },
                { secret: { name: 's', items: [{ key: 'k', path: 'token/x' }] } },
                { configMap: { name: 'c' } },
              ],
            },
          },
          {
            name: 'own',
            ephemeral: {
              volumeClaimTemplate: {
                spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1500m' } } },
              },
            },
          },
        ],
      }),
      post(`${ns}/persistentvolumeclaims`, {
        metadata: { name: 'c', annotations: { 'volume.beta.kubernetes.io/storage-class': 'x' } },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1500m' } } },
      }),
      post('/api/v1/persistentvolumes', {
        metadata: {
          name: '{ns}',
          annotations: {
            'volume.beta.kubernetes.io/mount-options': 'x',
            'volume.beta.kubernetes.io/storage-class': 'x',
          },
        },
        spec: {
          accessModes: ['ReadWriteOnce'],
          capacity: { storage: '1Gi' },
          nfs: { server: 'x', path: '/x' },
          persistentVolumeReclaimPolicy: 'Recycle',
        },
      }),
      post(`${apps}/statefulsets`, {
        metadata: { name: 's' },
        spec: {
          serviceName: 's',
          selector,
          template,
          revisionHistoryLimit: -1,
          volumeClaimTemplates: [
            {
              metadata: { name: 'c' },
              spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1500m' } } },
            },
          ],
        },
      }),
      patch(`${apps}/statefulsets/s`, { spec: { replicas: 2 } }),
    ],
  },
  {
    name: 'odd addresses are warned of',
    steps: [
      post(`${ns}/services`, {
        metadata: { name: 'a', annotations: { 'service.kubernetes.io/topology-aware-hints': 'auto' } },
        spec: { ports: [{ port: 80 }], externalIPs: ['010.001.002.003', '2001:DB8::1'], externalName: 'x.example.com' },
      }),
      post(`${ns}/services`, {
        metadata: { name: 'b' },
        spec: { type: 'ExternalName', externalName: 'x.example.com', externalIPs: ['10.1.2.3'] },
      }),
      post(`${ns}/services`, {
        metadata: { name: 'c' },
        spec: {
          type: 'LoadBalancer',
          loadBalancerIP: '010.1.2.3',
          ports: [{ port: 80 }],
          loadBalancerSourceRanges: ['10.1.2.3/8', '10.0.0.0/08', '2001:DB8::/32'],
        },
      }),
      patch(`${ns}/services/c/status`, { status: { loadBalancer: { ingress: [{ ip: '010.1.2.3' }] } } }),
      post(`${networking}/ingresses`, {
        metadata: { name: 'i', annotations: { 'kubernetes.io/ingress.class': 'x' } },
        spec: { defaultBackend: { service: { name: 'x', port: { number: 80 } } } },
      }),
      patch(`${networking}/ingresses/i/status`, { status: { loadBalancer: { ingress: [{ ip: '010.1.2.3' }] } } }),
      post(`${networking}/networkpolicies`, {
        metadata: { name: 'p' },
        spec: {
          podSelector: {},
          ingress: [{ from: [{ ipBlock: { cidr: '10.1.2.3/8', except: ['10.1.0.0/016'] } }] }],
          egress: [{ to: [{ ipBlock: { cidr: '::ffff:10.0.0.0/104' } }] }],
        },
      }),
      post('/apis/discovery.k8s.io/v1/namespaces/{ns}/endpointslices', {
        metadata: { name: 's' },
        addressType: 'FQDN',
        endpoints: [{ addresses: ['x.example.com'] }],
      }),
      post('/apis/discovery.k8s.io/v1/namespaces/{ns}/endpointslices', {
        metadata: { name: 't' },
        addressType: 'IPv4',
        endpoints: [{ addresses: ['010.1.2.3'] }],
      }),
      post(`${ns}/endpoints`, { metadata: { name: 'e' }, subsets: [{ addresses: [{ ip: '010.1.2.3' }] }] }),
      pod('p'),
      patch(`${ns}/pods/p/status`, { status: { podIPs: [{ ip: '010.1.2.3' }], podIP: '010.1.2.3' } }),
      post('/api/v1/nodes', { metadata: { name: '{ns}' }, spec: { podCIDR: '10.1.2.3/24', externalID: 'x' } }),
    ],
  },
  {
    name: 'keys that do not fit are warned of',
    steps: [
      ['', ''],
      ['x', 'y'],
    ].map(([certificate = '', key = ''], index) =>
      post(`${ns}/secrets`, {
        metadata: { name: `s${index}` },
        type: 'kubernetes.io/tls',
        stringData: { 'tls.crt': certificate, 'tls.key': key },
      }),
    ),
  },
  {
    name: 'owners that are named twice',
    steps: [
      post(`${ns}/configmaps`, {
        metadata: { name: 'a', ownerReferences: [owner, owner, { ...owner, controller: true }] },
      }),
      patch(`${ns}/configmaps/a`, { metadata: { ownerReferences: [owner, owner] } }),
      { method: 'PUT', path: `${ns}/configmaps/a`, body: { metadata: { name: 'a', ownerReferences: [owner, owner] } } },
    ],
  },
  {
    name: 'accounts that only mount what they name',
    steps: [
      post(`${ns}/serviceaccounts`, {
        metadata: { name: 'a', annotations: { 'kubernetes.io/enforce-mountable-secrets': 'true' } },
      }),
      patch(`${ns}/serviceaccounts/a`, { metadata: { labels: { a: 'b' } } }),
    ],
  },
  {
    name: 'refusals come with warnings too',
    steps: [
      post(`${ns}/configmaps`, { metadata: { name: 'Bad_Name' }, nonsense: 1 }, { query: { fieldValidation: 'Warn' } }),
      post(`${ns}/configmaps`, { metadata: { name: 'Bad_Name', ownerReferences: [owner, owner] } }),
      patch(`${ns}/configmaps/nobody`, { nonsense: 1 }),
      pod('a', { containers: [{ ...container, imagePullPolicy: 'Odd' }], imagePullSecrets: [{}] }),
    ],
  },
  {
    name: 'many warnings are cut',
    steps: [
      pod('a', {
        containers: [
          {
            ...container,
            env: Array.from({ length: 60 }, () => ({ name: 'A_LONG_NAME_OF_A_VARIABLE', value: '1' })),
          },
        ],
      }),
    ],
  },
];
