import { nodes as nodeResource, type Node, type Pod } from '@kmd/kube-client';
import { runAll } from '../batch.js';
import type { Controller, ControllerContext } from '../controller.js';
import { isEquivalent } from '../equality.js';
import { OwnerIndex } from '../informers.js';
import { controllerReference, isDeleting, keyOf, nameOf, namespaceOf, uidOf } from '../ownership.js';
import { ownPods } from '../owned-pods.js';
import { untilNextAvailable } from '../replication/plan.js';
import { podFromTemplate } from '../replication/kinds.js';
import { currentRevision, hashOf, pruneRevisions } from '../revisions.js';
import { matchesSelector } from '../selector.js';
import { controllerRevisions, daemonSets, type DaemonSet } from '../workloads.js';
import { specForNode } from './placement.js';
import { planDaemonSet } from './plan.js';

/** Waits before a pod that ended is replaced on its node, in milliseconds: doubled each time. */
const firstBackoff = 1000;
const longestBackoff = 15 * 60_000;

export const hashLabel = 'controller-revision-hash';

export function podOfDaemonSet(daemonSet: DaemonSet, node: string, hash: string): Pod {
  const template = daemonSet.spec?.template ?? {};
  const reference = controllerReference(daemonSets, daemonSet);
  const pod = podFromTemplate(template, `${nameOf(daemonSet)}-`, namespaceOf(daemonSet), reference);
  const spec = specForNode(template, node);
  const generation = daemonSet.metadata?.annotations?.['deprecated.daemonset.template.generation'];
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      labels: {
        ...pod.metadata?.labels,
        [hashLabel]: hash,
        ...(generation !== undefined && { 'pod-template-generation': generation }),
      },
    },
    ...(spec && { spec }),
  };
}

/** Keeps a pod of each daemon set on every node that it is for. */
export function createDaemonSetController(context: ControllerContext, podOwners: OwnerIndex<Pod>): Controller {
  const { api, informers, clock } = context;
  const name = 'daemonset-controller';
  const nodes = informers.of(nodeResource);
  const revisions = informers.of(controllerRevisions);
  const revisionOwners = new OwnerIndex(revisions);
  const events = context.recorder(name);
  const backoffs = new Map<string, { delay: number; until: number }>();

  const owned = ownPods<DaemonSet>(context, podOwners, {
    name,
    resource: daemonSets,
    matches: (daemonSet, labels) => matchesSelector(daemonSet.spec?.selector, labels),
    async reconcile(daemonSet, pods, counted) {
      if (isDeleting(daemonSet) || daemonSet.spec === undefined) return;
      const known = revisionOwners.ownedBy(uidOf(daemonSet));
      const { update, all } = await currentRevision(
        api,
        daemonSets,
        daemonSet,
        daemonSet.spec.template,
        known,
        hashLabel,
      );
      const hash = hashOf(update);
      const now = clock.now();
      const plan = planDaemonSet(daemonSet, nodes.list(), pods, hash, now);
      if (counted) {
        await runAll(plan.delete, (pod) => owned.remove(daemonSet, pod));
        await replaceEnded(daemonSet, plan.ended, now);
        await runAll(plan.create, (node) => owned.create(daemonSet, podOfDaemonSet(daemonSet, node, hash)));
      }
      if (!isEquivalent(withoutZeros(daemonSet.status), withoutZeros(plan.status))) {
        await owned.writeStatus(daemonSet, { ...plan.status, ...collisions(daemonSet) });
      }
      const live = new Set(pods.map((pod) => pod.metadata?.labels?.[hashLabel]));
      const limit = daemonSet.spec.revisionHistoryLimit ?? 10;
      await pruneRevisions(api, all, (revision) => revision === update || live.has(hashOf(revision)), limit);
      const wait = untilNextAvailable(pods, daemonSet.spec.minReadySeconds ?? 0, now);
      if (wait !== undefined) owned.queue.addAfter(keyOf(daemonSet), wait);
    },
  });

  async function replaceEnded(
    daemonSet: DaemonSet,
    ended: readonly { pod: Pod; node: string }[],
    now: number,
  ): Promise<void> {
    await runAll(ended, async ({ pod, node }) => {
      const key = `${uidOf(daemonSet)} ${node}`;
      const backoff = backoffs.get(key);
      if (backoff !== undefined && backoff.until > now) {
        owned.queue.addAfter(keyOf(daemonSet), backoff.until - now);
        return;
      }
      // Who stayed up for twice the longest wait begins anew.
      const again = backoff !== undefined && now - backoff.until < 2 * longestBackoff;
      const delay = again ? Math.min(backoff.delay * 2, longestBackoff) : firstBackoff;
      backoffs.set(key, { delay, until: now + delay });
      const failed = pod.status?.phase === 'Failed';
      events.record(daemonSet, {
        type: failed ? 'Warning' : 'Normal',
        reason: failed ? 'FailedDaemonPod' : 'SucceededDaemonPod',
        message: `Found ${failed ? 'failed' : 'succeeded'} daemon pod ${namespaceOf(pod)}/${nameOf(pod)} on node ${node}, will try to ${failed ? 'kill' : 'delete'} it`,
      });
      await owned.remove(daemonSet, pod);
    });
  }

  const wakeAll = () => {
    for (const daemonSet of owned.owners.list()) owned.queue.add(keyOf(daemonSet));
  };
  const placing = (node: Node) => [node.metadata?.labels, node.spec?.taints, node.spec?.unschedulable];
  nodes.subscribe({
    added: wakeAll,
    updated(node, old) {
      if (!isEquivalent(placing(node), placing(old))) wakeAll();
    },
    deleted: wakeAll,
  });
  owned.owners.subscribe({
    deleted(daemonSet) {
      for (const key of [...backoffs.keys()]) if (key.startsWith(`${uidOf(daemonSet)} `)) backoffs.delete(key);
    },
  });
  return { name, queue: owned.queue, needs: [...owned.needs, nodes, revisions] };
}

const withoutZeros = (status: DaemonSet['status']) =>
  Object.fromEntries(Object.entries(status ?? {}).filter(([key, value]) => value !== 0 && key !== 'collisionCount'));
const collisions = ({ status }: DaemonSet) =>
  status?.collisionCount === undefined ? {} : { collisionCount: status.collisionCount };
