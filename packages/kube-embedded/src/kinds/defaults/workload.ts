import {
  type JsonObject,
  clone,
  ensureObject,
  listAt,
  objectAt,
  objectsAt,
  setDefault,
  textAt,
} from '../../json/tree.js';
import { podSpecDefaults, templateDefaults } from './pod.js';

function claimDefaults(claim: JsonObject): void {
  setDefault(ensureObject(claim, 'spec'), 'volumeMode', 'Filesystem');
}

function jobSpecDefaults(spec: JsonObject): void {
  if (spec['completions'] === undefined && spec['parallelism'] === undefined) spec['completions'] = 1;
  setDefault(spec, 'parallelism', 1);
  setDefault(spec, 'backoffLimit', spec['backoffLimitPerIndex'] === undefined ? 6 : 2147483647);
  setDefault(spec, 'completionMode', 'NonIndexed');
  setDefault(spec, 'suspend', false);
  setDefault(spec, 'podReplacementPolicy', spec['podFailurePolicy'] === undefined ? 'TerminatingOrFailed' : 'Failed');
  setDefault(spec, 'manualSelector', false);
}

function labelFromTemplate(object: JsonObject): JsonObject | undefined {
  const labels = objectAt(object, 'spec', 'template', 'metadata', 'labels');
  const metadata = ensureObject(object, 'metadata');
  if (labels && Object.keys(objectAt(metadata, 'labels') ?? {}).length === 0) metadata['labels'] = clone(labels);
  return labels;
}

function rolling(spec: JsonObject, field: string, values: JsonObject): void {
  const strategy = ensureObject(spec, field);
  setDefault(strategy, 'type', 'RollingUpdate');
  if (strategy['type'] !== 'RollingUpdate') return;
  const update = ensureObject(strategy, 'rollingUpdate');
  for (const [name, value] of Object.entries(values)) setDefault(update, name, value);
}

export const templateGeneration = 'deprecated.daemonset.template.generation';

export const workloadDefaults: Readonly<Record<string, (object: JsonObject) => void>> = {
  replicationcontrollers: (object) => {
    const spec = ensureObject(object, 'spec');
    const labels = labelFromTemplate(object);
    if (labels && Object.keys(objectAt(spec, 'selector') ?? {}).length === 0) spec['selector'] = clone(labels);
    setDefault(spec, 'replicas', 1);
    templateDefaults(object);
  },
  'replicasets.apps': (object) => {
    setDefault(ensureObject(object, 'spec'), 'replicas', 1);
    templateDefaults(object);
  },
  'deployments.apps': (object) => {
    const spec = ensureObject(object, 'spec');
    setDefault(spec, 'replicas', 1);
    templateDefaults(object);
    rolling(spec, 'strategy', { maxUnavailable: '25%', maxSurge: '25%' });
    setDefault(spec, 'revisionHistoryLimit', 10);
    setDefault(spec, 'progressDeadlineSeconds', 600);
  },
  'daemonsets.apps': (object) => {
    // How often the template changed, as it was told before there were generations.
    setDefault(ensureObject(ensureObject(object, 'metadata'), 'annotations'), templateGeneration, '0');
    const spec = ensureObject(object, 'spec');
    templateDefaults(object);
    rolling(spec, 'updateStrategy', { maxUnavailable: 1, maxSurge: 0 });
    setDefault(spec, 'revisionHistoryLimit', 10);
  },
  'statefulsets.apps': (object) => {
    const spec = ensureObject(object, 'spec');
    setDefault(spec, 'podManagementPolicy', 'OrderedReady');
    rolling(spec, 'updateStrategy', { partition: 0 });
    const retention = ensureObject(spec, 'persistentVolumeClaimRetentionPolicy');
    setDefault(retention, 'whenDeleted', 'Retain');
    setDefault(retention, 'whenScaled', 'Retain');
    setDefault(spec, 'replicas', 1);
    setDefault(spec, 'revisionHistoryLimit', 10);
    templateDefaults(object);
    for (const claim of objectsAt(spec, 'volumeClaimTemplates')) {
      setDefault(claim, 'apiVersion', 'v1');
      setDefault(claim, 'kind', 'PersistentVolumeClaim');
      claimDefaults(claim);
      setDefault(ensureObject(claim, 'status'), 'phase', 'Pending');
    }
  },
  'jobs.batch': (object) => {
    jobSpecDefaults(ensureObject(object, 'spec'));
    labelFromTemplate(object);
    templateDefaults(object);
  },
  'cronjobs.batch': (object) => {
    const spec = ensureObject(object, 'spec');
    setDefault(spec, 'concurrencyPolicy', 'Allow');
    setDefault(spec, 'suspend', false);
    setDefault(spec, 'successfulJobsHistoryLimit', 3);
    setDefault(spec, 'failedJobsHistoryLimit', 1);
    const job = ensureObject(ensureObject(spec, 'jobTemplate'), 'spec');
    podSpecDefaults(ensureObject(ensureObject(job, 'template'), 'spec'));
  },
  'horizontalpodautoscalers.autoscaling': (object) => {
    const spec = ensureObject(object, 'spec');
    setDefault(spec, 'minReplicas', 1);
    if (listAt(spec, 'metrics').length === 0) {
      spec['metrics'] = [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
      ];
    }
  },
  persistentvolumeclaims: (object) => {
    claimDefaults(object);
    setDefault(ensureObject(object, 'status'), 'phase', 'Pending');
  },
  persistentvolumes: (object) => {
    const spec = ensureObject(object, 'spec');
    setDefault(spec, 'persistentVolumeReclaimPolicy', 'Retain');
    setDefault(spec, 'volumeMode', 'Filesystem');
    const path = objectAt(spec, 'hostPath');
    if (path && textAt(path, 'type') === undefined) path['type'] = '';
    setDefault(ensureObject(object, 'status'), 'phase', 'Pending');
  },
};
