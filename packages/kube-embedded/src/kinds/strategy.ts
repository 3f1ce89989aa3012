import { customStrategy, definitionStrategy } from '../crd/strategy.js';
import type { Cause } from '../errors.js';
import { type JsonObject, clone, ensureObject, listAt, objectAt, setDefault, textAt } from '../json/tree.js';
import { qualityOfService } from '../pods/quality.js';
import { dropRepeatedPorts } from '../services/allocate.js';
import type { Kind } from './kind.js';
import { validatePod, validatePodUpdate } from './validation/pod.js';
import { validateConfig, validateSecret } from './validation/plain.js';
import { validateService, validateServiceUpdate } from './validation/service.js';
import {
  validateController,
  validateCronJob,
  validateJob,
  validateJobUpdate,
  validateSelected,
  validateSelectedUpdate,
} from './validation/workload.js';

/** What is particular to a kind in the life of its objects. All change their own copy in place; `old` is frozen. */
export interface Strategy {
  prepareCreate?(object: JsonObject): void;
  prepareUpdate?(object: JsonObject, old: JsonObject): void;
  validateCreate?(object: JsonObject): readonly Cause[];
  validateUpdate?(object: JsonObject, old: JsonObject): readonly Cause[];
}

const selected: Strategy = { validateCreate: validateSelected, validateUpdate: validateSelectedUpdate };

/** A job that does not choose its own selector gets one by its uid. */
function selectJobPods(job: JsonObject): void {
  const spec = ensureObject(job, 'spec');
  if (spec['manualSelector'] === true || spec['selector'] !== undefined) return;
  const uid = textAt(job, 'metadata', 'uid') ?? '';
  const name = textAt(job, 'metadata', 'name') ?? '';
  const template = objectAt(spec, 'template');
  if (!template) return;
  const labels = ensureObject(ensureObject(template, 'metadata'), 'labels');
  setDefault(labels, 'batch.kubernetes.io/controller-uid', uid);
  setDefault(labels, 'batch.kubernetes.io/job-name', name);
  setDefault(labels, 'controller-uid', uid);
  setDefault(labels, 'job-name', name);
  spec['selector'] = { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } };
}

const strategies: Readonly<Record<string, Strategy>> = {
  pods: {
    prepareCreate: (pod) => {
      pod['status'] = { phase: 'Pending', qosClass: qualityOfService(pod) };
    },
    validateCreate: validatePod,
    validateUpdate: validatePodUpdate,
  },
  namespaces: {
    prepareCreate: (object) => {
      const spec = ensureObject(object, 'spec');
      if (!listAt(spec, 'finalizers').includes('kubernetes')) {
        spec['finalizers'] = [...listAt(spec, 'finalizers'), 'kubernetes'];
      }
      object['status'] = { phase: 'Active' };
    },
    prepareUpdate: (object, old) => {
      ensureObject(object, 'spec')['finalizers'] = clone([...listAt(old, 'spec', 'finalizers')]);
    },
  },
  services: {
    prepareUpdate: dropRepeatedPorts,
    validateCreate: validateService,
    validateUpdate: validateServiceUpdate,
  },
  replicationcontrollers: { validateCreate: validateController, validateUpdate: validateController },
  'replicasets.apps': selected,
  'deployments.apps': selected,
  'daemonsets.apps': selected,
  'statefulsets.apps': selected,
  'jobs.batch': { prepareCreate: selectJobPods, validateCreate: validateJob, validateUpdate: validateJobUpdate },
  'cronjobs.batch': { validateCreate: validateCronJob, validateUpdate: validateCronJob },
  'customresourcedefinitions.apiextensions.k8s.io': definitionStrategy,
  configmaps: { validateCreate: validateConfig, validateUpdate: validateConfig },
  secrets: { validateCreate: validateSecret, validateUpdate: validateSecret },
};

const plain: Strategy = {};

export const strategyOf = (kind: Kind): Strategy => customStrategy(kind) ?? strategies[kind.store] ?? plain;
