import type { Deployment, KubeObject, Pod, Resource } from '@kmd/kube-client';
import type { PodTemplate } from './replication/kinds.js';
import type { LabelSelector } from './selector.js';
import type { PersistentVolumeClaim } from './volumes/kinds.js';

/** The kinds that these controllers know beyond those of the client package, with the fields that they read and write. */

export interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastProbeTime?: string;
  lastTransitionTime?: string;
  observedGeneration?: number;
}

type IntOrString = number | string;

export interface DaemonSet extends KubeObject {
  spec?: {
    selector: LabelSelector;
    template: PodTemplate;
    minReadySeconds?: number;
    revisionHistoryLimit?: number;
    updateStrategy?: { type?: string; rollingUpdate?: { maxUnavailable?: IntOrString; maxSurge?: IntOrString } };
  };
  status?: {
    currentNumberScheduled: number;
    desiredNumberScheduled: number;
    numberMisscheduled: number;
    numberReady: number;
    numberAvailable?: number;
    numberUnavailable?: number;
    updatedNumberScheduled?: number;
    observedGeneration?: number;
    collisionCount?: number;
  };
}

export interface StatefulSet extends KubeObject {
  spec?: {
    replicas?: number;
    serviceName?: string;
    selector: LabelSelector;
    template: PodTemplate;
    minReadySeconds?: number;
    revisionHistoryLimit?: number;
    podManagementPolicy?: string;
    ordinals?: { start?: number };
    updateStrategy?: { type?: string; rollingUpdate?: { partition?: number; maxUnavailable?: IntOrString } };
    volumeClaimTemplates?: PersistentVolumeClaim[];
    persistentVolumeClaimRetentionPolicy?: { whenDeleted?: string; whenScaled?: string };
  };
  status?: {
    replicas: number;
    readyReplicas?: number;
    availableReplicas?: number;
    currentReplicas?: number;
    updatedReplicas?: number;
    currentRevision?: string;
    updateRevision?: string;
    observedGeneration?: number;
    collisionCount?: number;
  };
}

export interface ControllerRevision extends KubeObject {
  data?: object;
  revision: number;
}

export interface JobSpec {
  parallelism?: number;
  completions?: number;
  completionMode?: string;
  backoffLimit?: number;
  activeDeadlineSeconds?: number;
  ttlSecondsAfterFinished?: number;
  suspend?: boolean;
  selector?: LabelSelector;
  template: PodTemplate;
  podReplacementPolicy?: string;
  podFailurePolicy?: {
    rules: {
      action: string;
      onExitCodes?: { containerName?: string; operator: string; values: number[] };
      onPodConditions?: { type: string; status?: string }[];
    }[];
  };
  successPolicy?: { rules: { succeededIndexes?: string; succeededCount?: number }[] };
}

export interface JobStatus {
  active?: number;
  ready?: number;
  succeeded?: number;
  failed?: number;
  terminating?: number;
  startTime?: string;
  completionTime?: string;
  completedIndexes?: string;
  conditions?: Condition[];
  uncountedTerminatedPods?: { succeeded?: string[]; failed?: string[] };
}

export interface Job extends KubeObject {
  spec?: JobSpec;
  status?: JobStatus;
}

export interface CronJob extends KubeObject {
  spec?: {
    schedule: string;
    timeZone?: string;
    suspend?: boolean;
    concurrencyPolicy?: string;
    startingDeadlineSeconds?: number;
    successfulJobsHistoryLimit?: number;
    failedJobsHistoryLimit?: number;
    jobTemplate: {
      metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
      spec?: JobSpec;
    };
  };
  status?: {
    active?: { apiVersion?: string; kind?: string; name?: string; namespace?: string; uid?: string }[];
    lastScheduleTime?: string;
    lastSuccessfulTime?: string;
  };
}

export interface ResourceQuota extends KubeObject {
  status?: object;
}

export interface PodDisruptionBudget extends KubeObject {
  spec?: { selector?: LabelSelector; minAvailable?: IntOrString; maxUnavailable?: IntOrString };
  status?: {
    disruptionsAllowed: number;
    currentHealthy: number;
    desiredHealthy: number;
    expectedPods: number;
    disruptedPods?: Record<string, string>;
    observedGeneration?: number;
    conditions?: Condition[];
  };
}

const resource = <T extends KubeObject>(group: string, plural: string, kind: string): Resource<T> => ({
  group,
  version: 'v1',
  plural,
  kind,
  namespaced: true,
});

export const daemonSets = resource<DaemonSet>('apps', 'daemonsets', 'DaemonSet');
export const statefulSets = resource<StatefulSet>('apps', 'statefulsets', 'StatefulSet');
export const controllerRevisions = resource<ControllerRevision>('apps', 'controllerrevisions', 'ControllerRevision');
export const jobs = resource<Job>('batch', 'jobs', 'Job');
export const cronJobs = resource<CronJob>('batch', 'cronjobs', 'CronJob');
export const podDisruptionBudgets = resource<PodDisruptionBudget>(
  'policy',
  'poddisruptionbudgets',
  'PodDisruptionBudget',
);
export const resourceQuotas = resource<ResourceQuota>('', 'resourcequotas', 'ResourceQuota');

/** Anything that keeps pods of one template. */
export type Workload = DaemonSet | StatefulSet | Job | Deployment;
export type { Pod };
