import { isConflict, isNotFound, pods, type KubeApi, type Logger } from '@kmd/kube-client';
import { insist } from './insist.js';

/** A pod's object is gone, or another pod has its name by now. */
export const isGone = (error: unknown): boolean => isNotFound(error) || isConflict(error);

/** Deletes a pod object at once, if it is still the same: for who knows that nothing of it runs any more. Tries until the signal aborts. */
export const deletePod = (
  { namespace, name = '', uid }: { namespace?: string; name?: string; uid?: string },
  { kube, logger, signal }: { kube: KubeApi; logger: Logger; signal: AbortSignal },
): Promise<void> =>
  insist(
    () =>
      kube.delete(pods, name, {
        namespace,
        gracePeriodSeconds: 0,
        ...(uid === undefined ? {} : { preconditions: { uid } }),
        signal,
      }),
    { logger, signal, about: { pod: `${namespace}/${name}` }, failure: 'pod could not be deleted', settles: isGone },
  );
