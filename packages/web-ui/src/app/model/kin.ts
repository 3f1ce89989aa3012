import type { KubeObject } from '../data/collection.js';
import type { Pod } from './pod.js';

const ownerOf = ({ metadata }: KubeObject): string | undefined =>
  metadata?.ownerReferences?.find(({ controller }) => controller)?.uid;

/** The pods that belong to an object: those it owns, itself or by what it owns; those that a service chooses; those of a node or namespace. */
export function podsOf(
  kind: string,
  { metadata = {}, spec }: KubeObject & { spec?: { selector?: unknown } },
  pods: readonly Pod[],
  between: readonly KubeObject[],
): Pod[] {
  switch (kind) {
    case 'nodes':
      return pods.filter((pod) => pod.spec?.nodeName === metadata.name);
    case 'namespaces':
      return pods.filter((pod) => pod.metadata?.namespace === metadata.name);
    case 'services': {
      const wanted = Object.entries((spec?.selector ?? {}) as Record<string, string>);
      if (wanted.length === 0) return [];
      return pods.filter(
        (pod) =>
          pod.metadata?.namespace === metadata.namespace &&
          wanted.every(([key, value]) => pod.metadata?.labels?.[key] === value),
      );
    }
    default: {
      const owners = new Set([metadata.uid]);
      for (const one of between) if (ownerOf(one) === metadata.uid) owners.add(one.metadata?.uid);
      owners.delete(undefined);
      return pods.filter((pod) => owners.has(ownerOf(pod)));
    }
  }
}
