import type { Event, Pod } from '@kmd/kube-client';

/** Running, and ready for requests by its own account. */
export const isReady = ({ status }: Pod): boolean =>
  status?.phase === 'Running' &&
  (status.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True');

/** A pod's state as `kubectl get pods` would put it, and the reason in the words of whoever knows it. */
export function describePod(pod: Pod, all: readonly Event[]): string {
  const { name = '?', uid } = pod.metadata ?? {};
  const { phase = 'Unknown', containerStatuses = [], conditions = [] } = pod.status ?? {};
  const scheduled = conditions.find(({ type }) => type === 'PodScheduled');
  const waiting = containerStatuses.find(({ state }) => state?.waiting?.reason !== undefined)?.state?.waiting;
  const failure = all
    .filter(({ involvedObject, reason }) => involvedObject.uid === uid && reason === 'FailedScheduling')
    .sort((a, b) => timeOf(a).localeCompare(timeOf(b)))
    .at(-1);
  const why =
    // Once the pod has a place, why it had none is over.
    (pod.spec?.nodeName === undefined ? failure?.message : undefined) ??
    (scheduled?.status === 'False' ? scheduled.message : undefined) ??
    (waiting ? [waiting.reason, waiting.message].filter(Boolean).join(': ') : undefined) ??
    (phase === 'Running' ? 'not ready' : undefined);
  return `${name} ${phase}${why === undefined ? '' : ` (${why})`}`;
}

const timeOf = ({ lastTimestamp, eventTime, metadata }: Event): string =>
  String(lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '');
