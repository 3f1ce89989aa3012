import { type KubeApi, type Pod, pods, waitFor } from '@kmd/kube-client';

/**
 * Waits until no pod of the cluster's life before this one counts as running: the framework finds that their tasks are gone and removes them, and their
 * controllers make others. Until then a status would speak of pods that are no more.
 * @param begun when the cluster was started again
 */
export async function awaitFreshPods(
  kube: KubeApi,
  begun: Date,
  options: { signal: AbortSignal; waitingFor(what: string): void },
): Promise<void> {
  // Times of pods are whole seconds.
  const second = Math.floor(begun.getTime() / 1000) * 1000;
  await waitFor(
    kube,
    pods,
    {},
    (found) => {
      const old = found.filter((pod) => ranBefore(pod, second));
      if (old.length > 0) options.waitingFor(old.map(({ metadata }) => metadata?.name).join(', '));
      return old.length === 0;
    },
    { signal: options.signal },
  );
}

function ranBefore({ spec, status }: Pod, time: number): boolean {
  if (!spec?.nodeName || status?.phase === 'Succeeded' || status?.phase === 'Failed') return false;
  return status?.startTime !== undefined && Date.parse(status.startTime) < time;
}
