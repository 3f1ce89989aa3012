import { type Kind, type Subresource, type Verb, groupVersion } from './kind.js';

const allVerbs: readonly Verb[] = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const rw = ['get', 'patch', 'update'];
const status: Subresource = { name: 'status', verbs: rw };
const scale: Subresource = { name: 'scale', verbs: rw, group: 'autoscaling', version: 'v1', kind: 'Scale' };
const connect = ['create', 'get'];
const proxyVerbs = ['create', 'delete', 'get', 'patch', 'update'];

interface Row {
  short?: readonly string[];
  categories?: readonly string[];
  cluster?: true;
  subresources?: readonly Subresource[];
  verbs?: readonly Verb[];
  store?: string;
  storedAs?: string;
  counted?: true;
}

function rows(group: string, version: string, table: Record<string, [kind: string, row?: Row]>): Kind[] {
  return Object.entries(table).map(([plural, [kind, row = {}]]) => ({
    group,
    version,
    plural,
    singular: kind.toLowerCase(),
    kind,
    shortNames: row.short ?? [],
    categories: row.categories ?? [],
    namespaced: row.cluster !== true,
    verbs: row.verbs ?? allVerbs,
    subresources: row.subresources ?? [],
    store: row.store ?? (group === '' ? plural : `${plural}.${group}`),
    storedAs: row.storedAs ?? groupVersion({ group, version }),
    counted: row.counted === true,
  }));
}

const all = ['all'];
const extensions = ['api-extensions'];

/** Every kind that is served: names, verbs and subresources as Kubernetes 1.33 serves them. Alphabetical, as discovery lists them. */
export const kinds: readonly Kind[] = [
  ...rows('', 'v1', {
    bindings: ['Binding', { verbs: ['create'] }],
    componentstatuses: ['ComponentStatus', { short: ['cs'], cluster: true, verbs: ['get', 'list'] }],
    configmaps: ['ConfigMap', { short: ['cm'] }],
    endpoints: ['Endpoints', { short: ['ep'] }],
    events: ['Event', { short: ['ev'] }],
    limitranges: ['LimitRange', { short: ['limits'] }],
    namespaces: [
      'Namespace',
      {
        short: ['ns'],
        cluster: true,
        verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
        subresources: [{ name: 'finalize', verbs: ['update'] }, status],
      },
    ],
    nodes: [
      'Node',
      {
        short: ['no'],
        cluster: true,
        subresources: [{ name: 'proxy', verbs: proxyVerbs, kind: 'NodeProxyOptions' }, status],
      },
    ],
    persistentvolumeclaims: ['PersistentVolumeClaim', { short: ['pvc'], subresources: [status] }],
    persistentvolumes: ['PersistentVolume', { short: ['pv'], cluster: true, subresources: [status] }],
    pods: [
      'Pod',
      {
        short: ['po'],
        counted: true,
        categories: all,
        subresources: [
          { name: 'attach', verbs: connect, kind: 'PodAttachOptions' },
          { name: 'binding', verbs: ['create'], kind: 'Binding' },
          { name: 'ephemeralcontainers', verbs: rw },
          { name: 'eviction', verbs: ['create'], group: 'policy', version: 'v1', kind: 'Eviction' },
          { name: 'exec', verbs: connect, kind: 'PodExecOptions' },
          { name: 'log', verbs: ['get'] },
          { name: 'portforward', verbs: connect, kind: 'PodPortForwardOptions' },
          { name: 'proxy', verbs: proxyVerbs, kind: 'PodProxyOptions' },
          { name: 'resize', verbs: rw },
          status,
        ],
      },
    ],
    podtemplates: ['PodTemplate', { counted: true }],
    replicationcontrollers: [
      'ReplicationController',
      { short: ['rc'], categories: all, subresources: [scale, status], counted: true },
    ],
    resourcequotas: ['ResourceQuota', { short: ['quota'], subresources: [status] }],
    secrets: ['Secret'],
    serviceaccounts: [
      'ServiceAccount',
      {
        short: ['sa'],
        subresources: [
          { name: 'token', verbs: ['create'], group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' },
        ],
      },
    ],
    services: [
      'Service',
      {
        short: ['svc'],
        categories: all,
        subresources: [{ name: 'proxy', verbs: proxyVerbs, kind: 'ServiceProxyOptions' }, status],
      },
    ],
  }),
  ...rows('apiregistration.k8s.io', 'v1', {
    apiservices: ['APIService', { categories: extensions, cluster: true, subresources: [status] }],
  }),
  ...rows('apps', 'v1', {
    controllerrevisions: ['ControllerRevision'],
    daemonsets: ['DaemonSet', { short: ['ds'], categories: all, subresources: [status], counted: true }],
    deployments: ['Deployment', { short: ['deploy'], categories: all, subresources: [scale, status], counted: true }],
    replicasets: ['ReplicaSet', { short: ['rs'], categories: all, subresources: [scale, status], counted: true }],
    statefulsets: ['StatefulSet', { short: ['sts'], categories: all, subresources: [scale, status], counted: true }],
  }),
  ...rows('events.k8s.io', 'v1', { events: ['Event', { short: ['ev'], store: 'events', storedAs: 'v1' }] }),
  ...rows('authentication.k8s.io', 'v1', {
    selfsubjectreviews: ['SelfSubjectReview', { cluster: true, verbs: ['create'] }],
    tokenreviews: ['TokenReview', { cluster: true, verbs: ['create'] }],
  }),
  ...rows('authorization.k8s.io', 'v1', {
    localsubjectaccessreviews: ['LocalSubjectAccessReview', { verbs: ['create'] }],
    selfsubjectaccessreviews: ['SelfSubjectAccessReview', { cluster: true, verbs: ['create'] }],
    selfsubjectrulesreviews: ['SelfSubjectRulesReview', { cluster: true, verbs: ['create'] }],
    subjectaccessreviews: ['SubjectAccessReview', { cluster: true, verbs: ['create'] }],
  }),
  ...rows('autoscaling', 'v2', {
    horizontalpodautoscalers: [
      'HorizontalPodAutoscaler',
      { short: ['hpa'], categories: all, subresources: [status], storedAs: 'autoscaling/v2' },
    ],
  }),
  ...rows('autoscaling', 'v1', {
    horizontalpodautoscalers: [
      'HorizontalPodAutoscaler',
      { short: ['hpa'], categories: all, subresources: [status], storedAs: 'autoscaling/v2' },
    ],
  }),
  ...rows('batch', 'v1', {
    cronjobs: ['CronJob', { short: ['cj'], categories: all, subresources: [status], counted: true }],
    jobs: ['Job', { categories: all, subresources: [status], counted: true }],
  }),
  ...rows('certificates.k8s.io', 'v1', {
    certificatesigningrequests: [
      'CertificateSigningRequest',
      { short: ['csr'], cluster: true, subresources: [{ name: 'approval', verbs: rw }, status] },
    ],
  }),
  ...rows('networking.k8s.io', 'v1', {
    ingressclasses: ['IngressClass', { cluster: true, counted: true }],
    ingresses: ['Ingress', { short: ['ing'], subresources: [status], counted: true }],
    ipaddresses: ['IPAddress', { short: ['ip'], cluster: true }],
    networkpolicies: ['NetworkPolicy', { short: ['netpol'], counted: true }],
    servicecidrs: ['ServiceCIDR', { cluster: true, subresources: [status] }],
  }),
  ...rows('policy', 'v1', {
    poddisruptionbudgets: ['PodDisruptionBudget', { short: ['pdb'], subresources: [status], counted: true }],
  }),
  ...rows('rbac.authorization.k8s.io', 'v1', {
    clusterrolebindings: ['ClusterRoleBinding', { cluster: true }],
    clusterroles: ['ClusterRole', { cluster: true }],
    rolebindings: ['RoleBinding'],
    roles: ['Role'],
  }),
  ...rows('storage.k8s.io', 'v1', {
    csidrivers: ['CSIDriver', { cluster: true }],
    csinodes: ['CSINode', { cluster: true }],
    csistoragecapacities: ['CSIStorageCapacity'],
    storageclasses: ['StorageClass', { short: ['sc'], cluster: true }],
    volumeattachments: ['VolumeAttachment', { cluster: true, subresources: [status] }],
  }),
  ...rows('admissionregistration.k8s.io', 'v1', {
    mutatingwebhookconfigurations: [
      'MutatingWebhookConfiguration',
      { categories: extensions, cluster: true, counted: true },
    ],
    validatingadmissionpolicies: [
      'ValidatingAdmissionPolicy',
      { categories: extensions, cluster: true, subresources: [status], counted: true },
    ],
    validatingadmissionpolicybindings: [
      'ValidatingAdmissionPolicyBinding',
      { categories: extensions, cluster: true, counted: true },
    ],
    validatingwebhookconfigurations: [
      'ValidatingWebhookConfiguration',
      { categories: extensions, cluster: true, counted: true },
    ],
  }),
  ...rows('apiextensions.k8s.io', 'v1', {
    customresourcedefinitions: [
      'CustomResourceDefinition',
      { short: ['crd', 'crds'], categories: extensions, cluster: true, subresources: [status], counted: true },
    ],
  }),
  ...rows('scheduling.k8s.io', 'v1', {
    priorityclasses: ['PriorityClass', { short: ['pc'], cluster: true, counted: true }],
  }),
  ...rows('coordination.k8s.io', 'v1', { leases: ['Lease'] }),
  ...rows('node.k8s.io', 'v1', { runtimeclasses: ['RuntimeClass', { cluster: true }] }),
  ...rows('discovery.k8s.io', 'v1', { endpointslices: ['EndpointSlice', { counted: true }] }),
  ...rows('flowcontrol.apiserver.k8s.io', 'v1', {
    flowschemas: ['FlowSchema', { cluster: true, subresources: [status], counted: true }],
    prioritylevelconfigurations: [
      'PriorityLevelConfiguration',
      { cluster: true, subresources: [status], counted: true },
    ],
  }),
];

/** What is read and written through the subresource `scale`. */
export const scaleKind: Kind = {
  ...{ group: 'autoscaling', version: 'v1', plural: 'scales', singular: 'scale', kind: 'Scale' },
  ...{ shortNames: [], categories: [], namespaced: true, verbs: [], subresources: [] },
  ...{ store: 'scales.autoscaling', storedAs: 'autoscaling/v1', counted: false },
};

const byPath = new Map(kinds.map((kind) => [`${groupVersion(kind)}/${kind.plural}`, kind]));

/** The kind served at a group, a version and a plural name. */
export const findKind = (group: string, version: string, plural: string): Kind | undefined =>
  byPath.get(`${groupVersion({ group, version })}/${plural}`);

/** The kind that stands first for a store: the form its objects are kept in. */
export const storedKind = (kind: Kind): Kind =>
  kinds.find((other) => other.store === kind.store && groupVersion(other) === kind.storedAs) ?? kind;
