import type { Sequence, Step } from '../sequence.js';
import { container, selector, template } from './samples.js';
import { apps, ns, pod, post } from './steps.js';

const batch = '/apis/batch/v1/namespaces/{ns}';

/** Specifications of pods as people write them badly. */
const pods: readonly (readonly [words: string, spec: Readonly<Record<string, unknown>>])[] = [
  ['ports', { containers: [{ ...container, ports: [{ containerPort: 70000, hostPort: -1, protocol: 'http' }] }] }],
  ['a name', { containers: [{ name: 'Main_1', image: ' nginx' }] }],
  ['an environment', { containers: [{ ...container, env: [{ name: '', value: 'x' }, { name: 'a=b' }] }] }],
  [
    'two values',
    {
      containers: [
        { ...container, env: [{ name: 'A', value: 'x', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }] },
      ],
    },
  ],
  ['no source', { containers: [{ ...container, env: [{ name: 'A', valueFrom: {} }] }] }],
  ['a mount', { containers: [{ ...container, volumeMounts: [{ name: 'v', mountPath: '/v' }] }] }],
  [
    'mounts',
    {
      volumes: [{ name: 'v', emptyDir: {} }],
      containers: [
        {
          ...container,
          volumeMounts: [
            { name: 'v', mountPath: '/v' },
            { name: 'v', mountPath: '/v', subPath: '../x' },
          ],
        },
      ],
    },
  ],
  ['volumes', { volumes: [{ name: 'V' }, { name: 'a', emptyDir: {}, hostPath: { path: '/x' } }, { name: 'a' }] }],
  ['resources', { containers: [{ ...container, resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } }] }],
  ['a resource', { containers: [{ ...container, resources: { limits: { gpu: '1', cpu: '-1' } } }] }],
  ['a policy', { restartPolicy: 'Sometimes', dnsPolicy: 'Nowhere' }],
  ['a deadline', { activeDeadlineSeconds: 0 }],
  ['tolerations', { tolerations: [{ operator: 'Equal' }, { key: 'a', operator: 'Odd', effect: 'Never' }] }],
  ['a toleration', { tolerations: [{ key: 'a', operator: 'Exists', value: 'b', tolerationSeconds: 5 }] }],
  ['aliases', { hostAliases: [{ ip: 'x', hostnames: ['Bad_Name'] }] }],
  ['a host', { hostname: 'Bad_Name', subdomain: 'Bad_Name' }],
  ['host ports', { hostNetwork: true, containers: [{ ...container, ports: [{ containerPort: 80, hostPort: 81 }] }] }],
  ['probes', { containers: [{ ...container, livenessProbe: { httpGet: { port: 0, path: 'x' }, periodSeconds: -1 } }] }],
  ['two probes', { containers: [{ ...container, readinessProbe: { exec: {}, tcpSocket: { port: 'http' } } }] }],
  ['a lifecycle', { containers: [{ ...container, lifecycle: { postStart: {} } }] }],
  [
    'privileges',
    { containers: [{ ...container, securityContext: { privileged: true, allowPrivilegeEscalation: false } }] },
  ],
  ['users', { securityContext: { runAsUser: -1, fsGroup: -1, supplementalGroups: [-1] } }],
  ['gates', { schedulingGates: [{ name: 'a' }, { name: 'a' }], nodeName: 'n' }],
  ['readiness gates', { readinessGates: [{ conditionType: 'not a type' }] }],
  ['init containers', { initContainers: [{ ...container, readinessProbe: { exec: { command: ['x'] } } }] }],
  ['an ephemeral one', { ephemeralContainers: [{ name: 'e', image: 'x' }] }],
  ['no account', { serviceAccountName: 'nobody' }],
  ['a class', { priorityClassName: 'nothing' }],
  ['a domain', { topologySpreadConstraints: [{ maxSkew: 0, topologyKey: '', whenUnsatisfiable: 'Maybe' }] }],
  ['an affinity', { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: {} } } }],
  [
    'an expression',
    {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'In' }] }],
          },
        },
      },
    },
  ],
  [
    'a weight',
    {
      affinity: {
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 101, podAffinityTerm: { topologyKey: '', labelSelector: {} } },
          ],
        },
      },
    },
  ],
  ['dns', { dnsPolicy: 'None' }],
  ['an os', { os: { name: 'plan9' } }],
  ['process names', { shareProcessNamespace: true, hostPID: true }],
];

const workloads: readonly Step[] = [
  post(`${apps}/deployments`, { metadata: { name: 'a' }, spec: { template } }),
  post(`${apps}/deployments`, {
    metadata: { name: 'a' },
    spec: { selector: { matchLabels: { app: 'x' } }, template },
  }),
  post(`${apps}/deployments`, { metadata: { name: 'a' }, spec: { selector } }),
  post(`${apps}/deployments`, { metadata: { name: 'a' }, spec: { selector, template, replicas: -1 } }),
  post(`${apps}/deployments`, {
    metadata: { name: 'a' },
    spec: { selector, template, strategy: { type: 'Recreate', rollingUpdate: { maxSurge: 1 } } },
  }),
  post(`${apps}/deployments`, {
    metadata: { name: 'a' },
    spec: { selector, template, progressDeadlineSeconds: 1, minReadySeconds: 2 },
  }),
  post(`${apps}/deployments`, {
    metadata: { name: 'a' },
    spec: { selector, template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } } },
  }),
  post(`${apps}/daemonsets`, {
    metadata: { name: 'a' },
    spec: { selector, template: { ...template, spec: { ...template.spec, activeDeadlineSeconds: 5 } } },
  }),
  post(`${apps}/statefulsets`, { metadata: { name: 'a' }, spec: { selector, template, serviceName: 'Bad_Name' } }),
  post(`${apps}/statefulsets`, {
    metadata: { name: 'a' },
    spec: { selector, template, podManagementPolicy: 'Odd', volumeClaimTemplates: [{ metadata: { name: 'c' } }] },
  }),
  post(`${batch}/jobs`, { metadata: { name: 'a' }, spec: { template } }),
  post(`${batch}/jobs`, {
    metadata: { name: 'a' },
    spec: {
      parallelism: -1,
      completions: -1,
      template: { spec: { containers: [container], restartPolicy: 'Never' } },
    },
  }),
  post(`${batch}/jobs`, {
    metadata: { name: 'a' },
    spec: {
      completionMode: 'Indexed',
      template: { spec: { containers: [container], restartPolicy: 'Never' } },
    },
  }),
  post(`${batch}/cronjobs`, {
    metadata: { name: 'a' },
    spec: {
      schedule: 'often',
      concurrencyPolicy: 'Odd',
      timeZone: 'Nowhere/Here',
      jobTemplate: { spec: { template: { spec: { containers: [container], restartPolicy: 'Never' } } } },
    },
  }),
  post(`${ns}/replicationcontrollers`, { metadata: { name: 'a' }, spec: { selector: { app: 'x' }, template } }),
];

const names = [
  'a deployment without a selector',
  'a deployment that does not select its pods',
  'a deployment without a template',
  'a deployment of fewer than none',
  'a deployment of two strategies',
  'a deployment with a hurried deadline',
  'a deployment of pods that end',
  'a daemon set with a deadline',
  'a stateful set of a bad service',
  'a stateful set of a bad claim',
  'a job of pods that stay',
  'a job of fewer than none',
  'an indexed job without a number',
  'a cron job that is none',
  'a controller that does not select its pods',
];

/** What real manifests get wrong, one mistake or two at a time. */
export const mistakes: readonly Sequence[] = [
  ...pods.map(([words, spec]) => ({ name: `a pod with a mistake: ${words}`, steps: [pod('p', spec)] })),
  ...workloads.map((step, index) => ({ name: names[index] ?? '', steps: [step] })),
];
