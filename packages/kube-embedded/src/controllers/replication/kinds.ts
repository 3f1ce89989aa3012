import {
  replicaSets,
  replicationControllers,
  type Pod,
  type ReplicaSet,
  type ReplicationController,
  type Resource,
} from '@kmd/kube-client';
import { matchesMap, matchesSelector, type Labels } from '../selector.js';

export type PodTemplate = NonNullable<NonNullable<ReplicaSet['spec']>['template']>;
export type ReplicaStatus = NonNullable<ReplicaSet['status']>;

/** A kind that keeps a number of pods alive. Both have the same spec and status but for the selector. */
export interface ReplicationKind<T extends ReplicaSet | ReplicationController = ReplicaSet | ReplicationController> {
  readonly resource: Resource<T>;
  /** Source of its events, as the real controllers name themselves. */
  readonly component: string;
  matches(owner: T, labels: Labels | undefined): boolean;
}

export const replicaSetKind: ReplicationKind<ReplicaSet> = {
  resource: replicaSets,
  component: 'replicaset-controller',
  matches: (owner, labels) => matchesSelector(owner.spec?.selector, labels),
};

/** An absent selector stands for the labels of the template (API default). */
export const replicationControllerKind: ReplicationKind<ReplicationController> = {
  resource: replicationControllers,
  component: 'replication-controller',
  matches: (owner, labels) => matchesMap(owner.spec?.selector ?? owner.spec?.template?.metadata?.labels, labels),
};

export const replicasWanted = (owner: ReplicaSet | ReplicationController): number => owner.spec?.replicas ?? 1;

/** The pod that a template describes, without a name: the server completes `generateName`. */
export const podFromTemplate = (
  template: PodTemplate | undefined,
  generateName: string,
  namespace: string,
  owner: NonNullable<NonNullable<Pod['metadata']>['ownerReferences']>[number],
): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    generateName,
    namespace,
    ...(template?.metadata?.labels && { labels: template.metadata.labels }),
    ...(template?.metadata?.annotations && { annotations: template.metadata.annotations }),
    ...(template?.metadata?.finalizers && { finalizers: template.metadata.finalizers }),
    ownerReferences: [owner],
  },
  ...(template?.spec && { spec: template.spec }),
});
