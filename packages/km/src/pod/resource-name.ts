/** Resources of an agent that have no name of their own in Kubernetes. Its extended resources need a domain. */
const CUSTOM = 'kmd.dev/';

/** Names on both sides, and how many of Kubernetes' units one of Mesos' has. */
const known: readonly { readonly kube: string; readonly mesos: string; readonly unit: number }[] = [
  { kube: 'cpu', mesos: 'cpus', unit: 1 },
  { kube: 'memory', mesos: 'mem', unit: 2 ** 20 },
  { kube: 'ephemeral-storage', mesos: 'disk', unit: 2 ** 20 },
  { kube: 'nvidia.com/gpu', mesos: 'gpus', unit: 1 },
];

/** What a resource of Kubernetes is called in Mesos, and how many of its units one of Mesos' has. */
export function mesosResource(kube: string): { readonly name: string; readonly unit: number } {
  const found = known.find((row) => row.kube === kube);
  if (found) return { name: found.mesos, unit: found.unit };
  return { name: kube.startsWith(CUSTOM) ? kube.slice(CUSTOM.length) : kube, unit: 1 };
}

/** The name under which Kubernetes counts a scalar of an agent: `gpus` is `nvidia.com/gpu`, `fpga` is `kmd.dev/fpga`. */
export const kubeResource = (mesos: string): string =>
  known.find((row) => row.mesos === mesos)?.kube ?? (mesos.includes('/') ? mesos : `${CUSTOM}${mesos}`);
