import { type KubeApi, type Node, nodes, waitFor } from '@kmd/kube-client';

/** Waits, by watching, until every agent is a Kubernetes node that is ready. Resolves to a line for the reader. */
export async function awaitNodes(
  kube: KubeApi,
  names: readonly string[],
  options: { signal: AbortSignal; waitingFor(what: string): void },
): Promise<string> {
  await waitFor(
    kube,
    nodes,
    {},
    (found) => {
      const ready = new Set(found.filter(isReady).map(({ metadata }) => metadata?.name));
      const missing = names.filter((name) => !ready.has(name));
      if (missing.length > 0) options.waitingFor(missing.join(', '));
      return missing.length === 0;
    },
    { signal: options.signal },
  );
  return `${names.length} ready`;
}

function isReady(node: Node): boolean {
  return (node.status?.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True');
}
