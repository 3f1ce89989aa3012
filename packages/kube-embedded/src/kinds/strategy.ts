import { customStrategy, definitionStrategy } from '../crd/strategy.js';
import type { Cause } from '../errors.js';
import {
  type JsonObject,
  clone,
  drop,
  ensureObject,
  equal,
  listAt,
  objectAt,
  objectsAt,
  setDefault,
  textAt,
} from '../json/tree.js';
import { syncAppArmor } from '../pods/app-armor.js';
import { qualityOfService } from '../pods/quality.js';
import { dropTypeFields } from '../services/allocate.js';
import { templateGeneration } from './defaults/workload.js';
import type { User } from '../requests/backend.js';
import type { Kind } from './kind.js';
import {
  validateBinding,
  validateBindingUpdate,
  validateLease,
  validatePriorityClass,
  validatePriorityClassUpdate,
  validateRole,
} from './validation/access.js';
import { validateApproval, validateCertificateRequest, validateCertificateStatus } from './validation/certificate.js';
import { validateCronJob } from './validation/cron-job.js';
import { validateEvent, validateNewEvent, validateNewEventUpdate } from './validation/event.js';
import { validateJob, validateJobUpdate } from './validation/job.js';
import {
  validateEndpoints,
  validateIngress,
  validateIngressClass,
  validateNetworkPolicy,
  validateSlice,
} from './validation/network.js';
import { validateNewPod, validatePodTemplate, validatePodUpdate } from './validation/pod.js';
import { validateBudget, validateLimits, validateNode, validateQuota, validateScaler } from './validation/policy.js';
import {
  validateAttachment,
  validateCapacity,
  validateClaim,
  validateDriver,
  validateStorageClass,
  validateStorageClassUpdate,
  validateVolume,
} from './validation/storage.js';
import { validateConfig, validateSecret } from './validation/plain.js';
import { validateService, validateServiceUpdate } from './validation/service.js';
import { forbiddenField, invalidValue } from './validation/field.js';
import {
  validateController,
  validateRevision,
  validateSelected,
  validateSelectedUpdate,
} from './validation/workload.js';

/** What is particular to a kind in the life of its objects. All change their own copy in place; `old` is frozen. */
export interface Strategy {
  /**
   * @param user who asks; nobody when it is a part of this process
   * @param warn takes what the answer is to warn of
   */
  prepareCreate?(object: JsonObject, user: User | undefined, warn: (text: string) => void): void;
  prepareUpdate?(object: JsonObject, old: JsonObject): void;
  validateCreate?(object: JsonObject): readonly Cause[];
  validateUpdate?(object: JsonObject, old: JsonObject, warn: (text: string) => void): readonly Cause[];
  /** Of the first deletion. */
  prepareDelete?(object: JsonObject, old: JsonObject, time: string): void;
  /** Of a write of the status. */
  prepareStatus?(object: JsonObject, old: JsonObject, time: string): void;
  validateStatus?(object: JsonObject, old: JsonObject, warn: (text: string) => void): readonly Cause[];
  validateApproval?(object: JsonObject, old: JsonObject): readonly Cause[];
  /** The last touch before an object is kept. */
  complete?(object: JsonObject): void;
}

const selected: Strategy = { validateCreate: validateSelected, validateUpdate: validateSelectedUpdate };

/** A job that does not choose its own selector gets one by its uid. */
function selectJobPods(job: JsonObject): void {
  const spec = ensureObject(job, 'spec');
  if (spec['manualSelector'] === true) return;
  const uid = textAt(job, 'metadata', 'uid') ?? '';
  const name = textAt(job, 'metadata', 'name') ?? '';
  const template = objectAt(spec, 'template');
  if (!template) return;
  const labels = ensureObject(ensureObject(template, 'metadata'), 'labels');
  setDefault(labels, 'batch.kubernetes.io/controller-uid', uid);
  setDefault(labels, 'batch.kubernetes.io/job-name', name);
  setDefault(labels, 'controller-uid', uid);
  setDefault(labels, 'job-name', name);
  const selected = ensureObject(ensureObject(spec, 'selector'), 'matchLabels');
  setDefault(selected, 'batch.kubernetes.io/controller-uid', uid);
}

function setTemplateGeneration(object: JsonObject, generation: number): void {
  ensureObject(ensureObject(object, 'metadata'), 'annotations')[templateGeneration] = String(generation);
}

const both = (validate: (object: JsonObject, old?: JsonObject) => readonly Cause[]): Strategy => ({
  validateCreate: validate,
  validateUpdate: validate,
});

const bindings = (namespaced: boolean): Strategy => ({
  validateCreate: validateBinding(namespaced),
  validateUpdate: validateBindingUpdate(namespaced),
});

const strategies: Readonly<Record<string, Strategy>> = {
  pods: {
    prepareCreate: (pod, _user, warn) => {
      syncAppArmor(pod, warn);
      pod['status'] = { phase: 'Pending', qosClass: qualityOfService(pod) };
      const gates = objectsAt(pod, 'spec', 'schedulingGates');
      if (gates.length > 0) {
        const condition = {
          type: 'PodScheduled',
          status: 'False',
          lastProbeTime: null,
          lastTransitionTime: textAt(pod, 'metadata', 'creationTimestamp') ?? null,
          reason: 'SchedulingGated',
          message: 'Scheduling is blocked due to non-empty scheduling gates',
        };
        ensureObject(pod, 'status')['conditions'] = [condition];
      }
    },
    validateCreate: validateNewPod,
    validateUpdate: validatePodUpdate,
    prepareStatus: (pod, old) => {
      ensureObject(pod, 'status')['qosClass'] = textAt(old, 'status', 'qosClass') ?? qualityOfService(pod);
    },
  },
  namespaces: {
    prepareCreate: (object) => {
      const spec = ensureObject(object, 'spec');
      if (!listAt(spec, 'finalizers').includes('kubernetes')) {
        spec['finalizers'] = [...listAt(spec, 'finalizers'), 'kubernetes'];
      }
      object['status'] = { phase: 'Active' };
    },
    validateStatus: (object) => {
      const phase = textAt(object, 'status', 'phase') ?? '';
      const going = textAt(object, 'metadata', 'deletionTimestamp') !== undefined;
      const wanted = going ? 'Terminating' : 'Active';
      if (phase === wanted || (!going && phase === '')) return [];
      const when = going ? 'not empty' : 'empty';
      return [invalidValue('status.Phase', phase, `may only be '${wanted}' if \`deletionTimestamp\` is ${when}`)];
    },
    prepareUpdate: (object, old) => {
      ensureObject(object, 'spec')['finalizers'] = clone([...listAt(old, 'spec', 'finalizers')]);
    },
  },
  services: {
    prepareUpdate: dropTypeFields,
    validateCreate: validateService,
    validateUpdate: validateServiceUpdate,
    validateStatus: (object) =>
      textAt(object, 'spec', 'type') !== 'LoadBalancer' &&
      listAt(object, 'status', 'loadBalancer', 'ingress').length > 0
        ? [forbiddenField('status.loadBalancer.ingress', "may only be used when `spec.type` is 'LoadBalancer'")]
        : [],
  },
  replicationcontrollers: { validateCreate: validateController, validateUpdate: validateController },
  'replicasets.apps': selected,
  'deployments.apps': selected,
  'daemonsets.apps': {
    ...selected,
    prepareCreate: (object) => {
      setTemplateGeneration(object, 1);
    },
    prepareUpdate: (object, old) => {
      const before = Number(textAt(old, 'metadata', 'annotations', templateGeneration) ?? '0');
      const changed = !equal(objectAt(object, 'spec', 'template'), objectAt(old, 'spec', 'template'));
      setTemplateGeneration(object, before + (changed ? 1 : 0));
    },
    prepareStatus: (object, old) => {
      setTemplateGeneration(object, Number(textAt(old, 'metadata', 'annotations', templateGeneration) ?? '1'));
    },
  },
  'statefulsets.apps': selected,
  'jobs.batch': {
    complete: (job) => {
      // A job without labels has those of its pods.
      const metadata = ensureObject(job, 'metadata');
      const labels = objectAt(job, 'spec', 'template', 'metadata', 'labels');
      if (labels && Object.keys(objectAt(metadata, 'labels') ?? {}).length === 0) metadata['labels'] = clone(labels);
    },
    prepareCreate: selectJobPods,
    validateCreate: validateJob,
    validateUpdate: validateJobUpdate,
  },
  'cronjobs.batch': { validateCreate: validateCronJob, validateUpdate: validateCronJob },
  'customresourcedefinitions.apiextensions.k8s.io': definitionStrategy,
  configmaps: both(validateConfig),
  secrets: both(validateSecret),
  endpoints: both(validateEndpoints),
  events: both(validateEvent),
  'events.events.k8s.io': { validateCreate: validateNewEvent, validateUpdate: validateNewEventUpdate },
  limitranges: {
    ...both(validateLimits),
    prepareCreate: (object) => {
      // One without a name has that of its identifier.
      const metadata = ensureObject(object, 'metadata');
      if ((textAt(metadata, 'name') ?? '') === '') metadata['name'] = textAt(metadata, 'uid') ?? '';
    },
  },
  nodes: both(validateNode),
  persistentvolumeclaims: { validateCreate: validateClaim },
  persistentvolumes: {
    ...both(validateVolume),
    prepareCreate: (object) => {
      const time = textAt(object, 'metadata', 'creationTimestamp') ?? null;
      object['status'] = { phase: 'Pending', lastPhaseTransitionTime: time };
    },
    prepareStatus: (object, old, time) => {
      const status = ensureObject(object, 'status');
      const same = textAt(status, 'phase') === textAt(old, 'status', 'phase');
      const before = objectAt(old, 'status')?.['lastPhaseTransitionTime'];
      if (status['lastPhaseTransitionTime'] === undefined || !same) {
        status['lastPhaseTransitionTime'] = same ? (before ?? time) : time;
      }
    },
  },
  podtemplates: both(validatePodTemplate),
  'controllerrevisions.apps': both(validateRevision),
  'csistoragecapacities.storage.k8s.io': both(validateCapacity),
  'volumeattachments.storage.k8s.io': both(validateAttachment),
  resourcequotas: both(validateQuota),
  'horizontalpodautoscalers.autoscaling': both(validateScaler),
  'ingressclasses.networking.k8s.io': both(validateIngressClass),
  'ingresses.networking.k8s.io': both(validateIngress),
  'networkpolicies.networking.k8s.io': both(validateNetworkPolicy),
  'poddisruptionbudgets.policy': both(validateBudget),
  'clusterrolebindings.rbac.authorization.k8s.io': bindings(false),
  'clusterroles.rbac.authorization.k8s.io': both(validateRole(false)),
  'rolebindings.rbac.authorization.k8s.io': bindings(true),
  'roles.rbac.authorization.k8s.io': both(validateRole(true)),
  'csidrivers.storage.k8s.io': both(validateDriver),
  'storageclasses.storage.k8s.io': {
    validateCreate: validateStorageClass,
    validateUpdate: validateStorageClassUpdate,
  },
  'priorityclasses.scheduling.k8s.io': {
    validateCreate: validatePriorityClass,
    validateUpdate: validatePriorityClassUpdate,
  },
  'certificatesigningrequests.certificates.k8s.io': {
    prepareCreate: (request, user) => {
      const spec = ensureObject(request, 'spec');
      for (const field of ['username', 'uid', 'groups', 'extra']) drop(spec, field);
      if (!user) return;
      spec['username'] = user.username;
      if (user.uid !== '') spec['uid'] = user.uid;
      spec['groups'] = [...user.groups];
      if (user.extra) spec['extra'] = JSON.parse(JSON.stringify(user.extra));
    },
    prepareUpdate: (request, old) => {
      request['spec'] = clone(objectAt(old, 'spec') ?? {});
    },
    validateCreate: validateCertificateRequest,
    validateStatus: validateCertificateStatus,
    validateApproval,
  },
  'leases.coordination.k8s.io': both(validateLease),
  'endpointslices.discovery.k8s.io': both(validateSlice),
};

const plain: Strategy = {};

/** Of a kind as it is asked for: a view of another's objects may have rules of its own. */
export const strategyOf = (kind: Kind): Strategy =>
  customStrategy(kind) ?? strategies[`${kind.plural}.${kind.group}`] ?? strategies[kind.store] ?? plain;
