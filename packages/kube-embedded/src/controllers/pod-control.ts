import {
  isNotFound,
  pods as podResource,
  type EventRecorder,
  type KubeApi,
  type KubeObject,
  type Pod,
} from '@kmd/kube-client';
import { nameOf, namespaceOf, uidOf } from './ownership.js';

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** How controllers make and delete the pods of an owner: each success and failure is an event on the owner. */
export interface PodControl {
  /** Throws what the API server says; a failure that is `expected` is thrown too, and not told. */
  create(owner: KubeObject, pod: Pod, expected?: (error: unknown) => boolean): Promise<void>;
  /** Deletes this pod and no later one of its name; false when it was gone already. Throws what else the API server says. */
  remove(owner: KubeObject, pod: Pod): Promise<boolean>;
}

/** What is told of a pod that was made or deleted for an owner. */
export interface PodWords {
  created(pod: Pod, owner: KubeObject): string;
  deleted(pod: Pod, owner: KubeObject): string;
}

const usualWords: PodWords = {
  created: (pod) => `Created pod: ${nameOf(pod)}`,
  deleted: (pod) => `Deleted pod: ${nameOf(pod)}`,
};

export function createPodControl(
  api: KubeApi,
  events: Pick<EventRecorder, 'record'>,
  words: PodWords = usualWords,
): PodControl {
  const fail = (owner: KubeObject, reason: string, doing: string, error: unknown): never => {
    events.record(owner, { type: 'Warning', reason, message: `Error ${doing}: ${messageOf(error)}` });
    throw error;
  };
  return {
    async create(owner, pod, expected = () => false) {
      try {
        const created = await api.create(podResource, pod, { namespace: namespaceOf(owner) });
        events.record(owner, { type: 'Normal', reason: 'SuccessfulCreate', message: words.created(created, owner) });
      } catch (error) {
        if (expected(error)) throw error;
        fail(owner, 'FailedCreate', 'creating', error);
      }
    },
    async remove(owner, pod) {
      try {
        const preconditions = { uid: uidOf(pod) };
        await api.delete(podResource, nameOf(pod), { namespace: namespaceOf(pod), preconditions });
        events.record(owner, { type: 'Normal', reason: 'SuccessfulDelete', message: words.deleted(pod, owner) });
        return true;
      } catch (error) {
        if (isNotFound(error)) return false;
        return fail(owner, 'FailedDelete', 'deleting', error);
      }
    },
  };
}
