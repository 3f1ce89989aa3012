import type { Deployment, Pod, ReplicaSet, Service } from '@kmd/kube-client';

type Metadata = NonNullable<Pod['metadata']>;

export interface PodShape {
  name?: string;
  node?: string;
  phase?: string;
  ready?: boolean;
  /** When it became ready, or not ready. */
  since?: string;
  created?: string;
  restarts?: number;
  cost?: number;
  ip?: string;
  deleting?: boolean;
  labels?: Record<string, string>;
  owner?: string;
  spec?: Partial<NonNullable<Pod['spec']>>;
}

const start = '2026-01-01T00:00:00Z';

export function makePod(shape: PodShape = {}): Pod {
  const { name = 'p', node, phase = 'Running', ready = phase === 'Running', since = start, created = start } = shape;
  const metadata: Metadata = {
    name,
    namespace: 'default',
    uid: `uid-${name}`,
    creationTimestamp: created,
    labels: shape.labels ?? { app: 'web' },
    ...(shape.cost !== undefined && {
      annotations: { 'controller.kubernetes.io/pod-deletion-cost': String(shape.cost) },
    }),
    ...(shape.deleting === true && { deletionTimestamp: start }),
    ...(shape.owner !== undefined && {
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: shape.owner, uid: shape.owner, controller: true },
      ],
    }),
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: { containers: [{ name: 'c', image: 'i' }], ...(node !== undefined && { nodeName: node }), ...shape.spec },
    status: {
      phase,
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: since }],
      ...(shape.ip !== undefined && { podIP: shape.ip }),
      containerStatuses: [{ name: 'c', image: 'i', imageID: '', ready, restartCount: shape.restarts ?? 0 }],
    },
  };
}

export function makeDeployment(
  spec: Partial<NonNullable<Deployment['spec']>> = {},
  status: Deployment['status'] = {},
): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default', uid: 'uid-web', generation: 1 },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'i:2' }] } },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      ...spec,
    },
    status,
  };
}

export interface ReplicaSetShape {
  name: string;
  replicas: number;
  /** Of the status; as many as wanted by default. */
  available?: number;
  actual?: number;
  revision?: number;
  image?: string;
  /** What it recorded as the deployment's size, and the surge above it. */
  desired?: number;
  max?: number;
  created?: string;
}

export function makeSet(shape: ReplicaSetShape): ReplicaSet {
  const { name, replicas, actual = replicas, available = actual, revision = 1, image = 'i:1', created = start } = shape;
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name,
      namespace: 'default',
      uid: `uid-${name}`,
      generation: 1,
      creationTimestamp: created,
      labels: { app: 'web', 'pod-template-hash': name },
      annotations: {
        'deployment.kubernetes.io/revision': String(revision),
        ...(shape.desired !== undefined && { 'deployment.kubernetes.io/desired-replicas': String(shape.desired) }),
        ...(shape.max !== undefined && { 'deployment.kubernetes.io/max-replicas': String(shape.max) }),
      },
    },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web', 'pod-template-hash': name } },
      template: {
        metadata: { labels: { app: 'web', 'pod-template-hash': name } },
        spec: { containers: [{ name: 'c', image }] },
      },
    },
    status: { replicas: actual, readyReplicas: available, availableReplicas: available, observedGeneration: 1 },
  };
}

export function makeService(spec: Partial<NonNullable<Service['spec']>> = {}): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default', uid: 'uid-svc', labels: { tier: 'front' } },
    spec: { clusterIP: '10.10.10.7', selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http' }], ...spec },
  };
}
