import {
  ignoreNotFound,
  isNotFound,
  leases as leaseResource,
  nodes as nodeResource,
  pods as podResource,
  type Node,
  type Pod,
} from '@kmd/kube-client';
import { runAll } from '../batch.js';
import { createQueue, type Controller, type ControllerContext } from '../controller.js';
import type { Index } from '../informers.js';
import { nameOf, namespaceOf, uidOf } from '../ownership.js';
import { planEvictions, planSilence, planTaints } from './plan.js';

/** How long a node may be silent, in milliseconds; one that has never posted anything gets longer (the 2015 cluster's figures too). */
const grace = 40_000;
const startupGrace = 60_000;
const leaseNamespace = 'kube-node-lease';

/**
 * Marks nodes whose heartbeat (their Lease, or the time in their Ready condition) has not changed for 40 s, taints nodes that are cordoned, not ready or
 * short of something, and deletes the pods that do not tolerate a silent one long enough.
 */
export function createNodeLifecycleController(context: ControllerContext, podsByNode: Index<Pod>): Controller {
  const { api, informers, clock } = context;
  const name = 'node-lifecycle-controller';
  const nodes = informers.of(nodeResource);
  const leases = informers.of(leaseResource);
  const pods = informers.of(podResource);
  const events = context.recorder('node-controller');
  /** The last heartbeat of each node and when it was seen here: clocks of nodes are not compared with this one. */
  const heartbeats = new Map<string, { text: string; seen: number }>();

  nodes.subscribe({
    added(node) {
      tell(node, 'RegisteredNode', 'Registered Node', 'in');
      queue.add(nameOf(node));
    },
    updated: (node) => queue.add(nameOf(node)),
    deleted(node) {
      tell(node, 'RemovingNode', 'Removing Node', 'from');
      heartbeats.delete(nameOf(node));
    },
  });
  const addHolder = (lease: { metadata?: { name?: string; namespace?: string } }) => {
    if (namespaceOf(lease) === leaseNamespace) queue.add(nameOf(lease));
  };
  leases.subscribe({ added: addHolder, updated: addHolder });
  pods.subscribe({
    added(pod) {
      const node = nodes.get(undefined, pod.spec?.nodeName ?? '');
      if ((node?.spec?.taints ?? []).length > 0) queue.add(nameOf(node ?? {}));
    },
  });

  function tell(node: Node, reason: string, what: string, where: string): void {
    const name = nameOf(node);
    events.record(node, { type: 'Normal', reason, message: `Node ${name} event: ${what} ${name} ${where} Controller` });
  }

  /** Milliseconds for which the node may still be silent. */
  function patienceWith(node: Node, now: number): number {
    const renewed = leases.get(leaseNamespace, nameOf(node))?.spec?.renewTime ?? '';
    const posted = node.status?.conditions?.find(({ type }) => type === 'Ready')?.lastHeartbeatTime ?? '';
    const text = `${renewed} ${posted}`;
    let heartbeat = heartbeats.get(nameOf(node));
    if (heartbeat?.text !== text) {
      heartbeat = { text, seen: now };
      heartbeats.set(nameOf(node), heartbeat);
    }
    return heartbeat.seen + (text === ' ' ? startupGrace : grace) - now;
  }

  async function reconcile(nodeName: string): Promise<void> {
    let node = nodes.get(undefined, nodeName);
    if (node === undefined) return;
    const now = clock.now();
    const patience = patienceWith(node, now);
    const silence = patience <= 0 ? planSilence(node, now) : undefined;
    try {
      if (silence !== undefined) {
        node = await api.update(
          nodeResource,
          { ...node, status: { ...node.status, conditions: silence } },
          { subresource: 'status' },
        );
        const message = `Node ${nodeName} status is now: NodeNotReady`;
        events.record(node, { type: 'Normal', reason: 'NodeNotReady', message });
      }
      const taints = planTaints(node, now);
      if (taints !== undefined) {
        const { resourceVersion } = node.metadata ?? {};
        const patch = { metadata: { resourceVersion }, spec: { taints: taints.length > 0 ? taints : null } };
        node = await api.patch(nodeResource, nodeName, patch, { type: 'merge' });
      }
    } catch (error) {
      if (isNotFound(error)) return;
      throw error;
    }
    const { evict, next } = planEvictions(podsByNode.get(nodeName), node.spec?.taints ?? [], clock.now());
    await runAll(evict, async (pod) => {
      const message = `Marking for deletion Pod ${namespaceOf(pod)}/${nameOf(pod)}`;
      events.record(pod, { type: 'Normal', reason: 'TaintManagerEviction', message });
      await api
        .delete(podResource, nameOf(pod), { namespace: namespaceOf(pod), preconditions: { uid: uidOf(pod) } })
        .catch(ignoreNotFound);
    });
    const waits = [...(patience > 0 ? [patience] : []), ...(next === undefined ? [] : [next])];
    if (waits.length > 0) queue.addAfter(nodeName, Math.min(...waits));
  }

  const queue = createQueue(context, name, { reconcile });
  return { name, queue, needs: [nodes, leases, pods] };
}
