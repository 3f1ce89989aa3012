import { isNotFound, nodes as nodeResource, pods as podResource, type Pod } from '@kmd/kube-client';
import { toApiTime } from '../api-time.js';
import { runAll } from '../batch.js';
import { createQueue, type Controller, type ControllerContext } from '../controller.js';
import type { Index } from '../informers.js';
import { nameOf, namespaceOf, uidOf } from '../ownership.js';

/** How long a node must have been gone before its pods are, in milliseconds: one that registers anew keeps them. */
const quarantine = 40_000;

/** Deletes pods whose node is gone: nobody else would ever end them. */
export function createPodGarbageCollector(context: ControllerContext, podsByNode: Index<Pod>): Controller {
  const { api, informers, clock } = context;
  const nodes = informers.of(nodeResource);
  const pods = informers.of(podResource);
  /** Since when each node is known to be missing. */
  const missing = new Map<string, number>();

  const consider = (pod: Pod) => {
    const node = pod.spec?.nodeName ?? '';
    if (node !== '' && !missing.has(node) && nodes.get(undefined, node) === undefined) queue.add(node);
  };
  pods.subscribe({ added: consider, updated: consider });
  nodes.subscribe({
    added: (node) => missing.delete(nameOf(node)),
    deleted: (node) => queue.add(nameOf(node)),
  });

  async function reconcile(node: string): Promise<void> {
    const orphans = podsByNode.get(node);
    if (nodes.get(undefined, node) !== undefined || orphans.length === 0) {
      missing.delete(node);
      return;
    }
    const since = missing.get(node) ?? clock.now();
    missing.set(node, since);
    const wait = since + quarantine - clock.now();
    if (wait > 0) {
      queue.addAfter(node, wait);
      return;
    }
    if (await isPresent(node)) {
      missing.delete(node);
      return;
    }
    await runAll(orphans, (pod) => end(pod));
    missing.delete(node);
  }

  /** The cache may be behind. */
  const isPresent = (node: string): Promise<boolean> =>
    api.get(nodeResource, node).then(
      () => true,
      (error: unknown) => {
        if (isNotFound(error)) return false;
        throw error;
      },
    );

  async function end(pod: Pod): Promise<void> {
    const namespace = namespaceOf(pod);
    try {
      if (pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed') {
        const condition = {
          type: 'DisruptionTarget',
          status: 'True',
          reason: 'DeletionByPodGC',
          message: 'PodGC: node no longer exists',
          lastTransitionTime: toApiTime(clock.now()),
        };
        const conditions = [...(pod.status?.conditions ?? []).filter(({ type }) => type !== condition.type), condition];
        await api.patch(
          podResource,
          nameOf(pod),
          { status: { phase: 'Failed', conditions } },
          { type: 'merge', namespace, subresource: 'status' },
        );
      }
      await api.delete(podResource, nameOf(pod), {
        namespace,
        gracePeriodSeconds: 0,
        preconditions: { uid: uidOf(pod) },
      });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  const name = 'pod-garbage-collector-controller';
  const queue = createQueue(context, name, { reconcile });
  return { name, queue, needs: [nodes, pods] };
}
