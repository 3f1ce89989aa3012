import {
  isConflict,
  isNotFound,
  pods as podResource,
  type KubeObject,
  type Pod,
  type Resource,
} from '@kmd/kube-client';
import { createQueue, type Controller, type ControllerContext } from '../controller.js';
import { isDeleting, keyOf, nameOf, namespaceOf, splitKey } from '../ownership.js';
import { persistentVolumeClaims, persistentVolumes } from './kinds.js';

const claimFinalizer = 'kubernetes.io/pvc-protection';
const volumeFinalizer = 'kubernetes.io/pv-protection';

/** Lets go of claims and volumes that are to be deleted once nobody uses them: a claim, a pod that was put on a node; a volume, its claim. */
export function createProtectionControllers(context: ControllerContext): readonly Controller[] {
  const { api, informers } = context;
  const claims = informers.of(persistentVolumeClaims);
  const pods = informers.of(podResource);

  const protect = <T extends KubeObject>(
    name: string,
    resource: Resource<T>,
    finalizer: string,
    isUsed: (object: T) => boolean,
  ): Controller => {
    const objects = informers.of(resource);
    const consider = (object: T): void => {
      if (isDeleting(object)) queue.add(keyOf(object));
    };
    objects.subscribe({ added: consider, updated: consider });
    const queue = createQueue(context, name, {
      async reconcile(key) {
        const at = splitKey(key);
        const object = objects.get(at.namespace === '' ? undefined : at.namespace, at.name);
        const finalizers = object?.metadata?.finalizers ?? [];
        if (!object || !isDeleting(object) || !finalizers.includes(finalizer) || isUsed(object)) return;
        const metadata = { ...object.metadata, finalizers: finalizers.filter((other) => other !== finalizer) };
        await api.update(resource, { ...object, metadata }).catch((error: unknown) => {
          if (!isConflict(error) && !isNotFound(error)) throw error;
        });
      },
    });
    return { name, queue, needs: [objects, pods] };
  };

  const uses = (pod: Pod, claim: KubeObject): boolean =>
    pod.spec?.nodeName !== undefined &&
    namespaceOf(pod) === namespaceOf(claim) &&
    (pod.spec.volumes ?? []).some(({ persistentVolumeClaim: used }) => used?.claimName === nameOf(claim));
  const ofClaims = protect(
    'persistentvolumeclaim-protection-controller',
    persistentVolumeClaims,
    claimFinalizer,
    (claim) => pods.list().some((pod) => uses(pod, claim)),
  );
  pods.subscribe({
    deleted(pod) {
      for (const claim of claims.list()) if (isDeleting(claim) && uses(pod, claim)) ofClaims.queue.add(keyOf(claim));
    },
  });
  const ofVolumes = protect(
    'persistentvolume-protection-controller',
    persistentVolumes,
    volumeFinalizer,
    ({ status }) => status?.phase === 'Bound',
  );
  return [ofClaims, ofVolumes];
}
