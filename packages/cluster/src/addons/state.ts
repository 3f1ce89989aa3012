import { describeState, findAddons, lookAtAddon } from '@kmd/kube-bootstrap';
import type { KubeClient } from '@kmd/kube-client';

export interface AddonStatus {
  name: string;
  ready: boolean;
  /** `1 of 1 pods ready`, or what is missing. */
  detail: string;
  /** The folder of manifests that it was made of. */
  source?: string;
}

/**
 * The addons that a Kubernetes has, and how they are doing.
 * @param expected names of those that it should have
 */
export async function readAddons(
  kube: KubeClient,
  expected: readonly string[],
  signal: AbortSignal | undefined,
): Promise<AddonStatus[]> {
  const found = await findAddons(kube, signal);
  const states = await Promise.all(
    found.map(async ({ name, ready: parts, source }): Promise<AddonStatus> => {
      const { ok, ...state } = await lookAtAddon(kube, { ready: parts }, signal);
      return { name, ready: ok, detail: describeState(state), ...(source === undefined ? {} : { source }) };
    }),
  );
  const gone = expected.filter((name) => found.every((addon) => addon.name !== name));
  return [...states, ...gone.map((name) => ({ name, ready: false, detail: 'it is gone from the cluster' }))].sort(
    (a, b) => (a.name < b.name ? -1 : 1),
  );
}
