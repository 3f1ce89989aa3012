import { isNotFound, KubeError, pods, type KubeApi, type Pod } from '@kmd/kube-client';
import { BINDING_HOST, TASK_ID } from '../annotation.js';

/** How often a binding is tried while the API server cannot be reached, and the pause between, in milliseconds. */
const ATTEMPTS = 6;
const PAUSE = 500;

const isPassing = (error: unknown): boolean =>
  error instanceof KubeError && (error.status === 0 || error.status >= 500);

/**
 * Tells the API server where a pod runs, with the annotations of its launch (spec B13.3). A pod that names its node itself gets only the
 * annotations. Resolves when the API server knows; throws `KubeError` when it refuses: the pod is gone, or bound to another task.
 */
export async function bindPod(kube: KubeApi, pod: Pod, signal?: AbortSignal): Promise<void> {
  const { name = '', namespace, uid, annotations = {} } = pod.metadata ?? {};
  for (let attempt = 1; ; attempt++)
    try {
      if (pod.spec?.nodeName) {
        const patch = { metadata: { uid, annotations } };
        await kube.patch(pods, name, patch, { namespace, type: 'merge', signal });
        return;
      }
      const binding = {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { name, namespace, uid, annotations },
        target: { apiVersion: 'v1', kind: 'Node', name: annotations[BINDING_HOST] ?? '' },
      };
      await kube.createSubresource(pods, name, 'binding', binding, { namespace, signal });
      return;
    } catch (error) {
      if (signal?.aborted || isNotFound(error)) throw error;
      // The answer of an earlier attempt may have been lost: then the pod bears this task's name already.
      if (!isPassing(error)) {
        if (attempt > 1 && (await isBoundTo(kube, pod))) return;
        throw error;
      }
      if (attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
}

async function isBoundTo(kube: KubeApi, { metadata }: Pod): Promise<boolean> {
  const current = await kube.get(pods, metadata?.name ?? '', { namespace: metadata?.namespace });
  return current.metadata?.annotations?.[TASK_ID] === metadata?.annotations?.[TASK_ID];
}
