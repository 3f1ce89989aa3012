import { ignoreNotFound, nodes as nodeResource } from '@kmd/kube-client';
import { createQueue, type Controller, type ControllerContext } from '../controller.js';
import { nameOf } from '../ownership.js';
import { Lifetime } from './lifetime.js';

const annotation = 'node.alpha.kubernetes.io/ttl';

/** Tells kubelets, in an annotation of their nodes, for how long they may keep secrets and config maps before they ask again. */
export function createNodeTtlController(context: ControllerContext): Controller {
  const name = 'ttl-controller';
  const nodes = context.informers.of(nodeResource);
  const lifetime = new Lifetime();
  let count = 0;
  let seconds = 0;
  nodes.subscribe({
    added(node) {
      seconds = lifetime.at(++count);
      queue.add(nameOf(node));
    },
    updated: (node) => queue.add(nameOf(node)),
    deleted: () => void (seconds = lifetime.at(--count)),
  });

  async function reconcile(node: string): Promise<void> {
    const found = nodes.get(undefined, node);
    if (!found || found.metadata?.annotations?.[annotation] === String(seconds)) return;
    const patch = { metadata: { annotations: { [annotation]: String(seconds) } } };
    await context.api.patch(nodeResource, node, patch, { type: 'strategic' }).catch(ignoreNotFound);
  }

  const queue = createQueue(context, name, { reconcile });
  return { name, queue, needs: [nodes] };
}
