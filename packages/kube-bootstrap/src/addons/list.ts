import { listAll, services, type KubeApi } from '@kmd/kube-client';
import type { Readiness } from './addon.js';
import { listInventories } from './inventory.js';

/** An addon that is in a cluster, by what the cluster remembers of it. */
export interface InstalledAddon {
  name: string;
  ready: readonly Readiness[];
  /** The folder that it was read from; absent for an addon of kmd's own. */
  source?: string | undefined;
}

/** The addons that `deployAddons` put into a cluster, by name. */
export async function listAddons(api: KubeApi, signal?: AbortSignal): Promise<InstalledAddon[]> {
  return (await listInventories(api, signal)).map(({ addon, ready, source }) => ({
    name: addon,
    ready,
    ...(source === undefined ? {} : { source }),
  }));
}

/** What other tools deploy for the same ends: found by the service that has had its name since 2015. */
const wellKnown = [
  { name: 'dns', service: 'kube-dns' },
  { name: 'ui', service: 'kubernetes-dashboard' },
];

/**
 * The addons of any cluster: those that `deployAddons` put into it, and the DNS and the dashboard that another tool did, which count as working with one
 * pod.
 */
export async function findAddons(api: KubeApi, signal?: AbortSignal): Promise<InstalledAddon[]> {
  const namespace = 'kube-system';
  const [own, found] = await Promise.all([listAddons(api, signal), listAll(api, services, { namespace, signal })]);
  const others = wellKnown.filter(
    ({ name, service }) =>
      own.every((addon) => addon.name !== name) && found.items.some(({ metadata }) => metadata?.name === service),
  );
  return [
    ...own,
    ...others.map(({ name, service }) => ({
      name,
      ready: [{ namespace, labelSelector: `k8s-app=${service}`, replicas: 1 }],
    })),
  ];
}
