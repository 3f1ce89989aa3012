import type { Sequence } from '../sequence.js';
import { type Sample, apiVersionOf, collection, container, nameIn, samples, selector, template } from './samples.js';

type Spec = Readonly<Record<string, unknown>>;

const pod = (spec: Spec): Spec => ({ spec: { containers: [container], ...spec } });
const inContainer = (more: Spec): Spec => pod({ containers: [{ ...container, ...more }] });
const deployment = (spec: Spec): Spec => ({ spec: { selector, template, ...spec } });
const service = (spec: Spec): Spec => ({ spec: { ports: [{ port: 80 }], ...spec } });
const job = (spec: Spec): Spec => ({
  spec: { template: { spec: { containers: [container], restartPolicy: 'Never' } }, ...spec },
});
const cron = (spec: Spec): Spec => ({ spec: { schedule: '* * * * *', jobTemplate: job({}), ...spec } });
const claim = (spec: Spec): Spec => ({
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
});
const volume = (spec: Spec): Spec => ({
  spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/x' }, ...spec },
});
const scaler = (spec: Spec): Spec => ({
  spec: { maxReplicas: 5, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, ...spec },
});
const ingress = (path: Spec): Spec => ({
  spec: {
    rules: [
      {
        http: {
          paths: [
            { path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } }, ...path },
          ],
        },
      },
    ],
  },
});
const role = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' };

/** What is wrong with objects of a kind, or odd enough to be worth a look: a sequence each. */
const tables: Readonly<Record<string, Readonly<Record<string, Spec>>>> = {
  pods: {
    'no spec': {},
    'no containers': pod({ containers: [] }),
    'a container without a name': pod({ containers: [{ image: 'x' }] }),
    'a container without an image': pod({ containers: [{ name: 'x' }] }),
    'a container named badly': pod({ containers: [{ name: 'Not OK', image: 'x' }] }),
    'two containers of one name': pod({ containers: [container, container] }),
    'an image with spaces': inContainer({ image: ' x ' }),
    'a restart policy that is none': pod({ restartPolicy: 'Sometimes' }),
    'a DNS policy that is none': pod({ dnsPolicy: 'Nope' }),
    'a pull policy that is none': inContainer({ imagePullPolicy: 'Perhaps' }),
    'a port too large': inContainer({ ports: [{ containerPort: 70000 }] }),
    'a port without a number': inContainer({ ports: [{ name: 'http' }] }),
    'a port named badly': inContainer({ ports: [{ containerPort: 80, name: 'Bad_Name_That_Is_Long' }] }),
    'a protocol that is none': inContainer({ ports: [{ containerPort: 80, protocol: 'tcp' }] }),
    'two ports of one name': inContainer({
      ports: [
        { containerPort: 80, name: 'a' },
        { containerPort: 81, name: 'a' },
      ],
    }),
    'an environment variable without a name': inContainer({ env: [{ value: 'x' }] }),
    'an environment variable with = in its name': inContainer({ env: [{ name: 'a=b', value: 'x' }] }),
    'a variable with two sources': inContainer({
      env: [{ name: 'A', value: 'x', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
    }),
    'a variable from a field that is none': inContainer({
      env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.nope' } } }],
    }),
    'a mount of no volume': inContainer({ volumeMounts: [{ name: 'nope', mountPath: '/x' }] }),
    'a mount without a path': pod({
      volumes: [{ name: 'v' }],
      containers: [{ ...container, volumeMounts: [{ name: 'v' }] }],
    }),
    'two mounts of one path': pod({
      volumes: [{ name: 'v' }],
      containers: [
        {
          ...container,
          volumeMounts: [
            { name: 'v', mountPath: '/x' },
            { name: 'v', mountPath: '/x' },
          ],
        },
      ],
    }),
    'two volumes of one name': pod({ volumes: [{ name: 'v' }, { name: 'v' }] }),
    'a volume of two kinds': pod({ volumes: [{ name: 'v', emptyDir: {}, hostPath: { path: '/x' } }] }),
    'a volume without a name': pod({ volumes: [{ emptyDir: {} }] }),
    'a secret volume without a name': pod({ volumes: [{ name: 'v', secret: {} }] }),
    'a request over its limit': inContainer({ resources: { limits: { cpu: '1' }, requests: { cpu: '2' } } }),
    'a resource that is none': inContainer({ resources: { limits: { nonsense: '1' } } }),
    'a negative resource': inContainer({ resources: { limits: { cpu: '-1' } } }),
    'a quantity that is none': inContainer({ resources: { limits: { cpu: 'lots' } } }),
    'a probe of two kinds': inContainer({ livenessProbe: { httpGet: { port: 80 }, exec: { command: ['x'] } } }),
    'a probe of no kind': inContainer({ livenessProbe: { periodSeconds: 1 } }),
    'a probe of a negative period': inContainer({ livenessProbe: { httpGet: { port: 80 }, periodSeconds: -1 } }),
    'a liveness probe that must succeed twice': inContainer({
      livenessProbe: { httpGet: { port: 80 }, successThreshold: 2 },
    }),
    'a negative grace period': pod({ terminationGracePeriodSeconds: -1 }),
    'an active deadline of zero': pod({ activeDeadlineSeconds: 0 }),
    'a node selector named badly': pod({ nodeSelector: { 'not ok': 'x' } }),
    'a toleration without a key': pod({ tolerations: [{ operator: 'Equal', value: 'x' }] }),
    'a toleration of an effect that is none': pod({ tolerations: [{ key: 'a', effect: 'Nope' }] }),
    'a host name badly written': pod({ hostname: 'Not OK' }),
    'an affinity of an operator that is none': pod({
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'Like' }] }],
          },
        },
      },
    }),
    'a priority class that is none': pod({ priorityClassName: 'nope' }),
    'a service account that is none': pod({ serviceAccountName: 'nope' }),
    'a host network with two ports alike': pod({
      hostNetwork: true,
      containers: [
        { ...container, ports: [{ containerPort: 80 }] },
        { name: 'b', image: 'x', ports: [{ containerPort: 80 }] },
      ],
    }),
    'an init container of the same name': pod({ initContainers: [container] }),
    'a topology spread without a key': pod({ topologySpreadConstraints: [{ maxSkew: 0, whenUnsatisfiable: 'Never' }] }),
    'a text for a number': pod({ terminationGracePeriodSeconds: 'long' }),
    'an object for a list': pod({ containers: {} }),
    'a pull secret without a name': pod({ imagePullSecrets: [{}] }),
    'a run-as user below zero': pod({ securityContext: { runAsUser: -1 } }),
  },
  services: {
    'no ports': { spec: {} },
    'a port of zero': service({ ports: [{ port: 0 }] }),
    'two ports without names': service({ ports: [{ port: 80 }, { port: 81 }] }),
    'two ports of one name': service({
      ports: [
        { port: 80, name: 'a' },
        { port: 81, name: 'a' },
      ],
    }),
    'two ports of one number': service({
      ports: [
        { port: 80, name: 'a' },
        { port: 80, name: 'b' },
      ],
    }),
    'a type that is none': service({ type: 'Nope' }),
    'an affinity that is none': service({ sessionAffinity: 'Nope' }),
    'an address outside the range': service({ clusterIP: '1.2.3.4' }),
    'an address that is none': service({ clusterIP: 'x' }),
    'a headless node port': service({ type: 'NodePort', clusterIP: 'None' }),
    'an external name without one': service({ type: 'ExternalName' }),
    'a node port outside the range': service({ type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] }),
    'a node port of a cluster address': service({ ports: [{ port: 80, nodePort: 30080 }] }),
    'a target port named badly': service({ ports: [{ port: 80, targetPort: 'Not OK' }] }),
    'a protocol that is none': service({ ports: [{ port: 80, protocol: 'tcp' }] }),
    'a selector named badly': service({ selector: { 'not ok': 'x' } }),
    'an external address that is none': service({ externalIPs: ['x'] }),
    'a source range that is none': service({ type: 'LoadBalancer', loadBalancerSourceRanges: ['x'] }),
    'a traffic policy without a node port': service({ externalTrafficPolicy: 'Local' }),
    'an internal policy that is none': service({ internalTrafficPolicy: 'Nope' }),
    'a family policy that is none': service({ ipFamilyPolicy: 'Nope' }),
    'IPv6 where there is none': service({ ipFamilies: ['IPv6'] }),
    'both families': service({ ipFamilyPolicy: 'PreferDualStack' }),
  },
  deployments: {
    'no spec': {},
    'no selector': { spec: { template } },
    'no template': { spec: { selector } },
    'an empty selector': deployment({ selector: {} }),
    'a selector of something else': deployment({ selector: { matchLabels: { app: 'other' } } }),
    'negative replicas': deployment({ replicas: -1 }),
    'replicas as text': deployment({ replicas: '3' }),
    'a strategy that is none': deployment({ strategy: { type: 'Nope' } }),
    'a recreation that rolls': deployment({ strategy: { type: 'Recreate', rollingUpdate: { maxSurge: 1 } } }),
    'neither surge nor unavailable': deployment({ strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }),
    'a surge that is no percentage': deployment({ strategy: { rollingUpdate: { maxSurge: 'x' } } }),
    'more than all unavailable': deployment({ strategy: { rollingUpdate: { maxUnavailable: '150%' } } }),
    'a restart policy other than Always': deployment({
      template: { ...template, spec: { containers: [container], restartPolicy: 'Never' } },
    }),
    'a deadline below the minimum': deployment({ minReadySeconds: 10, progressDeadlineSeconds: 5 }),
    'a negative history': deployment({ revisionHistoryLimit: -1 }),
    'a selector operator that is none': deployment({
      selector: { matchExpressions: [{ key: 'app', operator: 'Like', values: ['x'] }] },
    }),
    'an active deadline in the template': deployment({
      template: { ...template, spec: { containers: [container], activeDeadlineSeconds: 5 } },
    }),
  },
  replicasets: {
    'no selector': { spec: { template } },
    'negative replicas': deployment({ replicas: -1 }),
    'an empty template': { spec: { selector } },
  },
  replicationcontrollers: {
    'no spec': {},
    'no template': { spec: { selector: { app: 'x' } } },
    'another selector': { spec: { selector: { app: 'x' }, template } },
    'negative replicas': { spec: { template, replicas: -1 } },
  },
  statefulsets: {
    'no selector': { spec: { template, serviceName: 'x' } },
    'a management policy that is none': deployment({ podManagementPolicy: 'Nope' }),
    'an update strategy that is none': deployment({ updateStrategy: { type: 'Nope' } }),
    'a negative partition': deployment({ updateStrategy: { rollingUpdate: { partition: -1 } } }),
    'a retention policy that is none': deployment({ persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Nope' } }),
    claims: deployment({ volumeClaimTemplates: [{ metadata: { name: 'data' }, ...claim({}) }] }),
    'a negative first ordinal': deployment({ ordinals: { start: -1 } }),
  },
  daemonsets: {
    'no selector': { spec: { template } },
    'an update strategy that is none': deployment({ updateStrategy: { type: 'Nope' } }),
    'nothing unavailable': deployment({ updateStrategy: { rollingUpdate: { maxUnavailable: 0 } } }),
    'another selector': deployment({ selector: { matchLabels: { app: 'other' } } }),
  },
  jobs: {
    'no template': { spec: {} },
    'a restart policy of Always': job({ template: { spec: { containers: [container] } } }),
    'negative parallelism': job({ parallelism: -1 }),
    'a negative back-off': job({ backoffLimit: -1 }),
    'a completion mode that is none': job({ completionMode: 'Nope' }),
    'indexed without completions': job({ completionMode: 'Indexed' }),
    'a selector of its own': job({ selector }),
    'a manual selector': job({
      manualSelector: true,
      selector,
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [container], restartPolicy: 'Never' } },
    }),
    'a negative deadline': job({ activeDeadlineSeconds: -1 }),
    'a negative time to live': job({ ttlSecondsAfterFinished: -1 }),
    'a pod failure policy': job({
      podFailurePolicy: { rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [1] } }] },
    }),
    'a replacement policy that is none': job({ podReplacementPolicy: 'Nope' }),
  },
  cronjobs: {
    'no schedule': { spec: { jobTemplate: job({}) } },
    'a schedule of six fields': cron({ schedule: '* * * * * *' }),
    'a schedule out of range': cron({ schedule: '61 * * * *' }),
    'a schedule by name': cron({ schedule: '@hourly' }),
    'a schedule with a time zone': cron({ schedule: 'TZ=UTC * * * * *' }),
    'a time zone that is none': cron({ timeZone: 'Nowhere/Land' }),
    'a concurrency policy that is none': cron({ concurrencyPolicy: 'Nope' }),
    'a negative deadline': cron({ startingDeadlineSeconds: -1 }),
    'a negative history': cron({ successfulJobsHistoryLimit: -1 }),
    'a template that restarts always': cron({
      jobTemplate: { spec: { template: { spec: { containers: [container] } } } },
    }),
    'a name too long': { ...cron({}), metadata: { name: 'x'.repeat(60) } },
  },
  horizontalpodautoscalers: {
    'no maximum': { spec: { scaleTargetRef: { kind: 'Deployment', name: 'x' } } },
    'a minimum over the maximum': scaler({ minReplicas: 9 }),
    'a minimum of zero': scaler({ minReplicas: 0 }),
    'no target': { spec: { maxReplicas: 3 } },
    'a target without a name': scaler({ scaleTargetRef: { kind: 'Deployment' } }),
    'a utilization of zero': scaler({ targetCPUUtilizationPercentage: 0 }),
    'a utilization': scaler({ targetCPUUtilizationPercentage: 60 }),
  },
  ingresses: {
    'no spec': {},
    'no rules': { spec: { ingressClassName: 'x' } },
    'a path type that is none': ingress({ pathType: 'Nope' }),
    'no path type': ingress({ pathType: undefined }),
    'a relative path': ingress({ path: 'x' }),
    'a backend without a service': ingress({ backend: {} }),
    'a port without number or name': ingress({ backend: { service: { name: 'x' } } }),
    'a host badly written': { spec: { rules: [{ host: 'Not OK' }] } },
    'a host with a wildcard': {
      spec: { rules: [{ host: '*.example.com' }], tls: [{ hosts: ['*.example.com'], secretName: 's' }] },
    },
    'a class badly written': {
      spec: { ingressClassName: 'Not OK', defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
    },
  },
  networkpolicies: {
    'no spec': {},
    'a policy type that is none': { spec: { podSelector: {}, policyTypes: ['Nope'] } },
    'a port out of range': { spec: { podSelector: {}, ingress: [{ ports: [{ port: 70000 }] }] } },
    'a block that is none': { spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: 'x' } }] }] } },
    'an empty peer': { spec: { podSelector: {}, ingress: [{ from: [{}] }] } },
    'an end port before its port': { spec: { podSelector: {}, ingress: [{ ports: [{ port: 80, endPort: 79 }] }] } },
  },
  poddisruptionbudgets: {
    'both limits': { spec: { minAvailable: 1, maxUnavailable: 1, selector } },
    'neither limit': { spec: { selector } },
    'a negative limit': { spec: { minAvailable: -1 } },
    'a limit that is no percentage': { spec: { minAvailable: 'x' } },
    'an eviction policy that is none': { spec: { minAvailable: 1, unhealthyPodEvictionPolicy: 'Nope' } },
  },
  configmaps: {
    'a key that is none': { data: { 'not ok/': 'x' } },
    'a key twice': { data: { a: 'x' }, binaryData: { a: 'AAE=' } },
    'binary data that is none': { binaryData: { a: 'not base64!' } },
    'too much data': { data: { a: 'x'.repeat(1024 * 1024 + 1) } },
    'numbers for texts': { data: { a: 1 } },
    'immutable data': { data: { a: 'x' }, immutable: true },
  },
  secrets: {
    'a key that is none': { data: { 'not ok/': 'AAE=' } },
    'data that is no base64': { data: { a: 'not base64!' } },
    'a TLS secret without keys': { type: 'kubernetes.io/tls' },
    'a docker secret without its key': { type: 'kubernetes.io/dockerconfigjson' },
    'a docker secret that is no JSON': {
      type: 'kubernetes.io/dockerconfigjson',
      stringData: { '.dockerconfigjson': '{' },
    },
    'a basic-auth secret without keys': { type: 'kubernetes.io/basic-auth' },
    'an SSH secret without its key': { type: 'kubernetes.io/ssh-auth' },
    'a token of no account': { type: 'kubernetes.io/service-account-token' },
    'a type of its own': { type: 'example.com/x', stringData: { a: 'b' } },
  },
  persistentvolumeclaims: {
    'no spec': {},
    'no access mode': claim({ accessModes: [] }),
    'an access mode that is none': claim({ accessModes: ['Nope'] }),
    'no size': claim({ resources: {} }),
    'a size below zero': claim({ resources: { requests: { storage: '-1Gi' } } }),
    'a volume mode that is none': claim({ volumeMode: 'Nope' }),
    'a storage class badly written': claim({ storageClassName: 'Not OK' }),
  },
  persistentvolumes: {
    'no spec': {},
    'no source': volume({ hostPath: undefined }),
    'no capacity': volume({ capacity: {} }),
    'no access mode': volume({ accessModes: [] }),
    'a reclaim policy that is none': volume({ persistentVolumeReclaimPolicy: 'Nope' }),
    'two sources': volume({ nfs: { server: 'x', path: '/x' } }),
    'a path that goes back': volume({ hostPath: { path: '/x/../y' } }),
  },
  namespaces: {
    'a name with a dot': { metadata: { name: 'a.b' } },
    'finalizers of its own': { metadata: { name: 'fin-{ns}' }, spec: { finalizers: ['example.com/x'] } },
  },
  nodes: {
    'a taint of an effect that is none': { spec: { taints: [{ key: 'a', effect: 'Nope' }] } },
    'a pod network that is none': { spec: { podCIDR: 'x' } },
    'two taints alike': {
      spec: {
        taints: [
          { key: 'a', effect: 'NoSchedule' },
          { key: 'a', effect: 'NoSchedule' },
        ],
      },
    },
  },
  roles: {
    'a rule without verbs': { rules: [{ apiGroups: [''], resources: ['pods'] }] },
    'a rule without resources': { rules: [{ apiGroups: [''], verbs: ['get'] }] },
    'a rule about paths': { rules: [{ nonResourceURLs: ['/x'], verbs: ['get'] }] },
    'a rule without groups': { rules: [{ resources: ['pods'], verbs: ['get'] }] },
  },
  clusterroles: {
    'resources and paths': {
      rules: [{ apiGroups: [''], resources: ['pods'], nonResourceURLs: ['/x'], verbs: ['get'] }],
    },
    'an aggregation': { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] } },
  },
  rolebindings: {
    'no role': {},
    'a role of another group': { roleRef: { apiGroup: 'x', kind: 'Role', name: 'r' } },
    'a role of another kind': { roleRef: { ...role, kind: 'Nope' } },
    'a subject of another kind': { roleRef: role, subjects: [{ kind: 'Nope', name: 'x' }] },
    'a subject without a name': { roleRef: role, subjects: [{ kind: 'User' }] },
    'an account in another namespace': {
      roleRef: role,
      subjects: [{ kind: 'ServiceAccount', name: 'x', namespace: 'other' }],
    },
  },
  clusterrolebindings: {
    'a role of a namespace': { roleRef: role },
    'an account without a namespace': {
      roleRef: { ...role, kind: 'ClusterRole' },
      subjects: [{ kind: 'ServiceAccount', name: 'x' }],
    },
  },
  storageclasses: {
    'no provisioner': {},
    'a reclaim policy that is none': { provisioner: 'x', reclaimPolicy: 'Nope' },
    'a binding mode that is none': { provisioner: 'x', volumeBindingMode: 'Nope' },
    'everything said': {
      provisioner: 'x',
      reclaimPolicy: 'Retain',
      volumeBindingMode: 'WaitForFirstConsumer',
      allowVolumeExpansion: true,
    },
  },
  priorityclasses: {
    'no value': {},
    'a value too large': { value: 2000000000 },
    'a preemption policy that is none': { value: 1, preemptionPolicy: 'Nope' },
    'a name of the system': { value: 1, metadata: { name: 'system-{ns}' } },
  },
  leases: {
    'a negative duration': { spec: { leaseDurationSeconds: -1 } },
    'negative transitions': { spec: { leaseTransitions: -1 } },
    'a time that is none': { spec: { renewTime: 'yesterday' } },
  },
  endpointslices: {
    'no address type': { endpoints: [] },
    'an address type that is none': { addressType: 'Nope' },
    'an address that is none': { addressType: 'IPv4', endpoints: [{ addresses: ['x'] }] },
    'an endpoint without addresses': { addressType: 'IPv4', endpoints: [{ addresses: [] }] },
    'two ports without names': { addressType: 'IPv4', ports: [{ port: 80 }, { port: 81 }] },
  },
  endpoints: {
    'an address that is none': { subsets: [{ addresses: [{ ip: 'x' }], ports: [{ port: 80 }] }] },
    'no addresses': { subsets: [{ ports: [{ port: 80 }] }] },
    'a port of zero': { subsets: [{ addresses: [{ ip: '10.1.1.1' }], ports: [{ port: 0 }] }] },
    'a loopback address': { subsets: [{ addresses: [{ ip: '127.0.0.1' }], ports: [{ port: 80 }] }] },
  },
  limitranges: {
    'a type that is none': { spec: { limits: [{ type: 'nope/' }] } },
    'a minimum over the maximum': { spec: { limits: [{ type: 'Container', min: { cpu: '2' }, max: { cpu: '1' } }] } },
    'a default for pods': { spec: { limits: [{ type: 'Pod', default: { cpu: '1' } }] } },
    'a request over its limit': {
      spec: { limits: [{ type: 'Container', default: { cpu: '1' }, defaultRequest: { cpu: '2' } }] },
    },
  },
  resourcequotas: {
    'a resource that is none': { spec: { hard: { nonsense: '1' } } },
    'a negative amount': { spec: { hard: { pods: '-1' } } },
    'half a pod': { spec: { hard: { pods: '1500m' } } },
    'a scope that is none': { spec: { hard: { pods: '1' }, scopes: ['Nope'] } },
  },
  events: {
    'another namespace': { involvedObject: { kind: 'Pod', name: 'x', namespace: 'other' } },
    'no involved object': { reason: 'x' },
  },
  ingressclasses: {
    'no controller': { spec: {} },
    'a controller badly written': { spec: { controller: 'x' } },
    'parameters of a namespace': {
      spec: { controller: 'example.com/x', parameters: { kind: 'X', name: 'x', scope: 'Namespace' } },
    },
  },
  csidrivers: { 'an odd policy': { spec: { fsGroupPolicy: 'Nope' } } },
  serviceaccounts: { 'secrets and pull secrets': { secrets: [{ name: 'x' }], imagePullSecrets: [{ name: 'y' }] } },
};

const namespaces: Sample = {
  group: '',
  version: 'v1',
  plural: 'namespaces',
  kind: 'Namespace',
  cluster: true,
  rest: {},
};

/** A create of each, looked at once more where it was taken. */
export const refused: readonly Sequence[] = Object.entries(tables).flatMap(([plural, table]) => {
  const sample = [...samples, namespaces].find((one) => one.plural === plural);
  if (sample === undefined) throw new Error(`no sample of ${plural}`);
  const whole = { apiVersion: apiVersionOf(sample), kind: sample.kind, metadata: { name: nameIn(sample, 'one') } };
  return Object.entries(table).map(([words, rest]) => ({
    name: `${plural}: ${words}`,
    steps: [{ method: 'POST', path: collection(sample), body: { ...whole, ...rest } } as const],
  }));
});
