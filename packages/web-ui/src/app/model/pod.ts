import type { Pod as KubePod } from '@kmd/kube-client';
import type { KubeObject } from '../data/collection.js';

export type Pod = KubePod & KubeObject;
export type Tone = 'good' | 'busy' | 'bad' | 'done' | 'idle';

export interface PodState {
  /** As kubectl's STATUS: `Running`, `CrashLoopBackOff`, `Init:0/1`, `Terminating`. */
  text: string;
  tone: Tone;
  ready: number;
  containers: number;
  restarts: number;
}

/** Reasons to wait that are nothing out of the way. */
const calm = new Set(['ContainerCreating', 'PodInitializing', 'Pending', 'Terminating']);

export const toneOfWaiting = (reason: string): Tone => (calm.has(reason) ? 'busy' : 'bad');

export function stateOf({ metadata, spec, status }: Pod): PodState {
  const all = status?.containerStatuses ?? [];
  const ready = all.filter((one) => one.ready).length;
  const containers = spec?.containers.length ?? 0;
  const restarts = all.reduce((sum, { restartCount = 0 }) => sum + restartCount, 0);
  const make = (text: string, tone: Tone): PodState => ({ text, tone, ready, containers, restarts });
  const phase = status?.phase ?? 'Pending';
  if (metadata?.deletionTimestamp !== undefined) return make('Terminating', 'busy');
  if (status?.reason) return make(status.reason, 'bad');
  const inits = status?.initContainerStatuses ?? [];
  const begun = inits.findIndex((one) => one.state?.terminated?.exitCode !== 0 && !one.started);
  if (phase === 'Pending' && begun >= 0) {
    const reason = inits[begun]?.state?.waiting?.reason;
    return reason && !calm.has(reason)
      ? make(`Init:${reason}`, 'bad')
      : make(`Init:${begun}/${spec?.initContainers?.length ?? inits.length}`, 'busy');
  }
  if (phase === 'Succeeded') return make('Completed', 'done');
  for (const { state } of all) {
    const reason = state?.waiting?.reason ?? (phase === 'Failed' ? state?.terminated?.reason : undefined);
    if (reason) return make(reason, toneOfWaiting(reason));
  }
  if (phase === 'Failed') return make('Error', 'bad');
  if (phase === 'Running')
    return make(ready === containers ? 'Running' : 'Not ready', ready === containers ? 'good' : 'busy');
  return make(phase, phase === 'Pending' ? 'busy' : 'idle');
}
