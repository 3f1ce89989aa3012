import { oneOf, upTo } from '../random.js';

/** One request as a client sends it, and what it is about. */
export interface FuzzedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

type Random = () => number;

const methods = [
  'GET',
  'GET',
  'POST',
  'POST',
  'PUT',
  'PATCH',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
];
const words = [
  'api',
  'apis',
  'v1',
  'apps',
  'batch',
  'namespaces',
  'default',
  'pods',
  'services',
  'deployments',
  'configmaps',
  'nodes',
  'a',
  'status',
  'scale',
  'binding',
  'eviction',
  'log',
  'proxy',
  'token',
  'exec',
  'finalize',
  'watch',
  'openapi',
  'v2',
  'v3',
  'metrics',
  'healthz',
  'version',
  'apiextensions.k8s.io',
  'customresourcedefinitions',
  'rbac.authorization.k8s.io',
  'clusterroles',
  '',
  '.',
  '..',
  '%2e%2e',
  '%2F',
  '%00',
  '%ff',
  '%',
  'ü',
  '__proto__',
  'constructor',
  'a'.repeat(300),
  '*',
  '~',
  ':80',
  'https:a:b',
];
const prefixes = [
  '/api/v1/namespaces/fuzz/configmaps',
  '/api/v1/namespaces/fuzz/pods',
  '/apis/apps/v1/namespaces/fuzz/deployments',
  '/api/v1/namespaces/fuzz/services',
  '/api/v1/nodes',
  '/api/v1/namespaces',
  '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  '/apis/fuzz.example.com/v1/namespaces/fuzz/things',
  '/apis/batch/v1/namespaces/fuzz/jobs',
  '/api/v1/namespaces/fuzz/endpoints',
  '/apis/autoscaling/v1/namespaces/fuzz/horizontalpodautoscalers',
  '/apis/events.k8s.io/v1/namespaces/fuzz/events',
  '/apis/authorization.k8s.io/v1/subjectaccessreviews',
  '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  '/api/v1/namespaces/fuzz/secrets',
  '/apis/policy/v1/namespaces/fuzz/poddisruptionbudgets',
  '/apis/networking.k8s.io/v1/namespaces/fuzz/ingresses',
  '/api/v1/namespaces/fuzz/pods/a/binding',
  '/api/v1/namespaces/fuzz/pods/a/eviction',
  '/apis/apps/v1/namespaces/fuzz/deployments/a/scale',
  '/api/v1/namespaces/fuzz/pods/a/status',
  '/api/v1/namespaces/fuzz/serviceaccounts/a/token',
  '/apis/apps/v1/namespaces/fuzz/statefulsets',
  '/api/v1/namespaces/fuzz/resourcequotas',
  '/api/v1/namespaces/fuzz/limitranges',
  '/apis/batch/v1/namespaces/fuzz/cronjobs',
  '/api/v1/persistentvolumes',
  '/apis/storage.k8s.io/v1/storageclasses',
];
const parameters = [
  'labelSelector',
  'fieldSelector',
  'limit',
  'continue',
  'resourceVersion',
  'resourceVersionMatch',
  'timeoutSeconds',
  'dryRun',
  'fieldManager',
  'fieldValidation',
  'force',
  'gracePeriodSeconds',
  'propagationPolicy',
  'orphanDependents',
  'includeObject',
  'pretty',
  'container',
  'tailLines',
  'sinceTime',
  'allowWatchBookmarks',
  'sendInitialEvents',
  '__proto__',
];
const values = [
  '',
  '0',
  '1',
  '-1',
  'true',
  'false',
  'All',
  'abc',
  'a=b',
  'a in (b,c)',
  '!a',
  'a notin ()',
  'a>1',
  'a=b=c',
  '((((',
  'metadata.name=a',
  'spec.nodeName!=',
  'metadata.name=a,',
  '\\,\\=',
  '99999999999999999999',
  '9'.repeat(400),
  'eyJydiI6MX0',
  'eyJydiI6MSwiYWZ0ZXIiOiIifQ',
  'eyJydiI6LTEsImFmdGVyIjoiXHUwMDAwIn0',
  'Exact',
  'NotOlderThan',
  'Orphan',
  'Foreground',
  'Strict',
  'NaN',
  '1e9',
  '0x10',
  '\u0000',
  'ü',
  'a'.repeat(5000),
  'None',
  'Object',
];
const types = [
  'application/json',
  'application/json',
  'application/json;charset=utf-8',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
  'application/apply-patch+yaml',
  'application/cbor',
  'text/plain',
  '',
  ';;;',
];
const accepts = [
  'application/json',
  '*/*',
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
  'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
  ';;,,;q=x',
  'application/json;as=Nothing;g=meta.k8s.io;v=v9',
];

/** Values where others are expected. */
const odd: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  -1e-308,
  2 ** 53,
  2 ** 31,
  '',
  'a',
  '\u0000',
  '\ud800',
  '-1',
  '1.5Gi',
  '1e99999',
  '0x10',
  [],
  [[]],
  [null],
  {},
  { a: {} },
  { '': '' },
  { name: 'a' },
  [{ name: 'a' }, { name: 'a' }],
  ['a', 'a'],
  'a'.repeat(70_000),
  { $patch: 'delete' },
  { $patch: 'replace' },
  { '$setElementOrder/containers': [1] },
  { '$deleteFromPrimitiveList/finalizers': ['a'] },
  { $retainKeys: [null] },
  JSON.parse('{"__proto__":{"polluted":true}}'),
  JSON.parse('{"constructor":{"prototype":{"polluted":true}}}'),
  { matchLabels: null, matchExpressions: [{ operator: 'In' }] },
  'now',
  '2026-11-23T10:00:00Z',
];

const container = {
  name: 'c',
  image: 'i',
  ports: [{ containerPort: 80 }],
  env: [{ name: 'A', value: 'b' }],
  resources: { requests: { cpu: '1' } },
};
const template = {
  metadata: { labels: { app: 'a' } },
  spec: { containers: [container], volumes: [{ name: 'v', emptyDir: {} }] },
};
const selector = { matchLabels: { app: 'a' } };
const meta = {
  name: 'a',
  namespace: 'fuzz',
  labels: { app: 'a' },
  annotations: { a: 'b' },
  ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'a', uid: 'b' }],
  managedFields: [
    {
      manager: 'm',
      operation: 'Apply',
      apiVersion: 'v1',
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:data': { 'f:a': {} } },
    },
  ],
};
const schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: { size: { type: 'integer', default: 1, minimum: 0 }, name: { type: 'string', pattern: '^(a+)+$' } },
    },
  },
};

/** Objects of many kinds, all of their fields worth changing. */
const objects: readonly unknown[] = [
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: meta,
    data: { a: 'b' },
    binaryData: { c: 'aGk=' },
    immutable: false,
  },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: meta,
    spec: template.spec,
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: meta,
    spec: { replicas: 1, selector, template, strategy: { rollingUpdate: { maxSurge: '25%', maxUnavailable: 1 } } },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: meta,
    spec: {
      serviceName: 'a',
      selector,
      template,
      volumeClaimTemplates: [{ metadata: { name: 'v' }, spec: { accessModes: ['ReadWriteOnce'] } }],
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: meta,
    spec: { type: 'NodePort', selector: { app: 'a' }, ports: [{ port: 80, targetPort: 'http', nodePort: 30001 }] },
  },
  {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'a' },
    spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] },
    status: { capacity: { cpu: '1' } },
  },
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'fuzz' }, spec: { finalizers: ['kubernetes'] } },
  {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: meta,
    spec: { template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } }, completions: 1 },
  },
  {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: meta,
    spec: { schedule: '*/5 * * * *', jobTemplate: { spec: { template } } },
  },
  {
    apiVersion: 'autoscaling/v1',
    kind: 'HorizontalPodAutoscaler',
    metadata: meta,
    spec: { maxReplicas: 2, scaleTargetRef: { kind: 'Deployment', name: 'a' }, targetCPUUtilizationPercentage: 50 },
  },
  {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'things.fuzz.example.com' },
    spec: {
      group: 'fuzz.example.com',
      scope: 'Namespaced',
      names: { plural: 'things', kind: 'Thing' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: schema },
          subresources: { status: {}, scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' } },
          additionalPrinterColumns: [{ name: 'S', type: 'integer', jsonPath: '.spec.size' }],
        },
      ],
    },
  },
  {
    apiVersion: 'fuzz.example.com/v1',
    kind: 'Thing',
    metadata: meta,
    spec: { size: 2, name: 'aaaa' },
    status: { size: 1 },
  },
  {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: meta,
    type: 'kubernetes.io/basic-auth',
    data: { username: 'YQ==' },
    stringData: { password: 'b' },
  },
  {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: meta,
    subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 80 }] }],
  },
  {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: meta,
    deleteOptions: { gracePeriodSeconds: 0, preconditions: { uid: 'a' } },
  },
  { apiVersion: 'v1', kind: 'Binding', metadata: meta, target: { kind: 'Node', name: 'a' } },
  { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: meta, spec: { replicas: 3 } },
  {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    propagationPolicy: 'Foreground',
    preconditions: { resourceVersion: '1' },
    gracePeriodSeconds: 0,
  },
  {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { audiences: ['a'], expirationSeconds: 600, boundObjectRef: { kind: 'Pod', name: 'a' } },
  },
  {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: { user: 'a', groups: ['b'], resourceAttributes: { verb: 'get', resource: 'pods' } },
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'a' },
    rules: [{ verbs: ['*'], resources: ['*'], apiGroups: ['*'] }],
    aggregationRule: { clusterRoleSelectors: [selector] },
  },
  {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: meta,
    spec: { hard: { pods: '5', 'requests.cpu': '1' }, scopes: ['BestEffort'] },
  },
  {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: meta,
    spec: { limits: [{ type: 'Container', max: { cpu: '2' }, default: { cpu: '1' } }] },
  },
  { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: meta, spec: { minAvailable: '50%', selector } },
  {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: meta,
    eventTime: '2026-11-23T10:00:00.000000Z',
    action: 'a',
    reason: 'b',
    reportingController: 'c/d',
    reportingInstance: 'e',
    type: 'Normal',
    regarding: { kind: 'Pod', name: 'a', namespace: 'fuzz' },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: meta,
    spec: {
      rules: [
        {
          host: 'a.b',
          http: {
            paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'a', port: { number: 80 } } } }],
          },
        },
      ],
    },
  },
  [
    { op: 'add', path: '/data/x', value: 'y' },
    { op: 'copy', from: '/data', path: '/metadata/annotations/z' },
    { op: 'remove', path: '/metadata/labels/app' },
    { op: 'move', from: '/spec', path: '/status' },
    { op: 'test', path: '/spec/containers/0/name', value: 'c' },
    { op: 'replace', path: '', value: null },
  ],
];

/** A copy with some of its values, keys and parts changed. */
function distort(random: Random, value: unknown): unknown {
  if (random() < 0.03) return oneOf(random, odd);
  if (Array.isArray(value)) {
    const items = value.map((item) => distort(random, item));
    if (random() < 0.05) items.push(oneOf(random, odd));
    if (random() < 0.05) items.splice(0, 1);
    return items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [
    random() < 0.01
      ? oneOf(random, ['__proto__', 'constructor', '', 'a/b/c', '$patch', 'unknown', key.toUpperCase()])
      : key,
    distort(random, item),
  ]);
  return Object.fromEntries(entries.filter(() => random() > 0.02));
}

/** Some bytes of a body changed, cut or said twice. */
function damage(random: Random, body: Buffer): Buffer {
  const bytes = Buffer.from(body);
  for (let count = upTo(random, 3); count >= 0 && bytes.length > 0; count--)
    bytes[upTo(random, bytes.length - 1)] = upTo(random, 255);
  if (random() < 0.3) return bytes.subarray(0, upTo(random, bytes.length));
  return random() < 0.2 ? Buffer.concat([bytes, bytes]) : bytes;
}

const bombs: readonly Buffer[] = [
  Buffer.from('['.repeat(100_000)),
  Buffer.from('{"a":'.repeat(50_000)),
  Buffer.from(
    `a: &a [${'x,'.repeat(9)}x]\n${['b', 'c', 'd', 'e', 'f', 'g', 'h'].map((key, index) => `${key}: &${key} [${`*${'abcdefg'[index] ?? 'a'},`.repeat(9)}]\n`).join('')}`,
  ),
  Buffer.from(
    `{"metadata":{"name":"a"},"data":{${Array.from({ length: 20_000 }, (_, index) => `"k${index}":""`).join()}}}`,
  ),
  Buffer.from('- '.repeat(5000)),
  Buffer.concat([Buffer.from([0x6b, 0x38, 0x73, 0x00]), Buffer.alloc(1000, 0xff)]),
  Buffer.concat([
    Buffer.from([0x6b, 0x38, 0x73, 0x00]),
    Buffer.from('0a0f0a0276311209436f6e6669674d617012ffffffff0f', 'hex'),
  ]),
  Buffer.from(JSON.stringify(Array.from({ length: 40 }, () => ({ op: 'copy', from: '/data', path: '/data/again' })))),
  Buffer.from(JSON.stringify(Array.from({ length: 10_001 }, () => ({ op: 'test', path: '', value: 1 })))),
  Buffer.from(''),
  Buffer.from('null'),
  Buffer.from('\ufeff{}'),
];

/** Where a kind's objects are; of those that are left out anywhere will do. */
const places: Readonly<Record<string, string>> = {
  ConfigMap: '/api/v1/namespaces/fuzz/configmaps',
  Pod: '/api/v1/namespaces/fuzz/pods',
  Deployment: '/apis/apps/v1/namespaces/fuzz/deployments',
  StatefulSet: '/apis/apps/v1/namespaces/fuzz/statefulsets',
  Service: '/api/v1/namespaces/fuzz/services',
  Node: '/api/v1/nodes',
  Job: '/apis/batch/v1/namespaces/fuzz/jobs',
  CronJob: '/apis/batch/v1/namespaces/fuzz/cronjobs',
  CustomResourceDefinition: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  Thing: '/apis/fuzz.example.com/v1/namespaces/fuzz/things',
  Secret: '/api/v1/namespaces/fuzz/secrets',
  ResourceQuota: '/api/v1/namespaces/fuzz/resourcequotas',
  LimitRange: '/api/v1/namespaces/fuzz/limitranges',
  Ingress: '/apis/networking.k8s.io/v1/namespaces/fuzz/ingresses',
};

/** Mostly where the object belongs, so that it gets past the first look. */
function fuzzPath(random: Random, method: string, object: unknown): string {
  const place = places[String(Object(object).kind)];
  if (place !== undefined && random() < 0.6) return method === 'POST' ? place : `${place}/a`;
  if (random() < 0.8)
    return oneOf(random, prefixes) + oneOf(random, ['', '', '/a', '/a', '/a/status', `/${oneOf(random, words)}`]);
  return `/${Array.from({ length: upTo(random, 8) }, () => oneOf(random, words)).join('/')}`;
}

/** A request that no friendly client sends. */
export function fuzzRequest(random: Random): FuzzedRequest {
  const query = Array.from(
    { length: random() < 0.5 ? 0 : upTo(random, 3) },
    () => `${oneOf(random, parameters)}=${random() < 0.9 ? encodeURIComponent(oneOf(random, values)) : '%zz;'}`,
  );
  const method = oneOf(random, methods);
  const object = oneOf(random, objects);
  const path = fuzzPath(random, method, object);
  const headers: Record<string, string> = {
    accept: random() < 0.7 ? 'application/json' : oneOf(random, accepts),
    'user-agent': random() < 0.1 ? 'ü/'.repeat(200) : 'fuzz',
  };
  let body: Buffer | undefined;
  if (method !== 'GET' && method !== 'HEAD' && method !== 'TRACE') {
    headers['content-type'] = method !== 'PATCH' && random() < 0.5 ? 'application/json' : oneOf(random, types);
    const text = Buffer.from(JSON.stringify(random() < 0.3 ? object : distort(random, object)));
    const kind = random();
    body = kind < 0.05 ? oneOf(random, bombs) : kind < 0.25 ? damage(random, text) : text;
    headers['content-length'] = String(body.length);
  }
  return {
    method,
    path: `${path}${query.length === 0 ? '' : `?${query.join('&')}`}`.replace(/[^\x21-\x7e]/g, encodeURIComponent),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, Buffer.from(value).toString('latin1')]),
    ),
    body,
  };
}
