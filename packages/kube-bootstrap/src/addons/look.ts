import { events, listAll, pods, type Event, type KubeApi, type Pod } from '@kmd/kube-client';
import { readinessOf, type Addon, type Readiness } from './addon.js';
import { describePod, isReady } from './pod-state.js';

/** How an addon is doing. */
export interface AddonState {
  /** Pods that run and are ready. */
  ready: number;
  wanted: number;
  /** One line for each pod that is not ready, and why; or that there is none yet. */
  missing: string[];
}

/** What the pods of one part of an addon amount to. `all` are its events: they say why a pod has no node. */
export function judgePods({ replicas }: Readiness, found: readonly Pod[], all: readonly Event[]): AddonState {
  const present = found.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
  const unready = present.filter((pod) => !isReady(pod));
  const missing = unready.map((pod) => describePod(pod, all));
  const absent = replicas - present.length;
  if (absent > 0) missing.push(present.length === 0 ? 'no pod yet' : `${absent} more pod(s) to be made`);
  return { ready: present.length - unready.length, wanted: replicas, missing };
}

/** Looks once how an addon is doing. */
export async function lookAtAddon(
  api: KubeApi,
  addon: Pick<Addon, 'ready'>,
  signal?: AbortSignal,
): Promise<AddonState & { ok: boolean }> {
  const parts = await Promise.all(
    readinessOf(addon).map(async (part) => {
      const { namespace, labelSelector } = part;
      const { items } = await listAll(api, pods, { namespace, labelSelector, signal });
      const calm = judgePods(part, items, []);
      if (calm.missing.length === 0) return calm;
      // Only now is anybody interested in reasons.
      return judgePods(part, items, (await listAll(api, events, { namespace, signal })).items);
    }),
  );
  return {
    ok: parts.every(({ ready, wanted }) => ready >= wanted),
    ready: parts.reduce((sum, { ready }) => sum + ready, 0),
    wanted: parts.reduce((sum, { wanted }) => sum + wanted, 0),
    missing: parts.flatMap(({ missing }) => missing),
  };
}

/** `1 of 2 pods ready: coredns-x Pending (no offer fits)`; `deployed` where there is no pod to look at. */
export function describeState({ ready, wanted, missing }: AddonState): string {
  if (wanted === 0) return 'deployed';
  const detail = `${ready} of ${wanted} pods ready`;
  return missing.length === 0 ? detail : `${detail}: ${missing.join('; ')}`;
}
