import { isAlreadyExists, type Pod } from '@kmd/kube-client';
import { runAll } from '../batch.js';
import type { Controller, ControllerContext } from '../controller.js';
import { isEquivalent } from '../equality.js';
import { OwnerIndex } from '../informers.js';
import { controllerReference, keyOf, nameOf, namespaceOf, uidOf } from '../ownership.js';
import { ownPods } from '../owned-pods.js';
import { untilNextAvailable } from '../replication/plan.js';
import { currentRevision, pruneRevisions, templateOf } from '../revisions.js';
import { matchesSelector } from '../selector.js';
import { persistentVolumeClaims, type PersistentVolumeClaim } from '../volumes/kinds.js';
import { controllerRevisions, statefulSets, type ControllerRevision, type StatefulSet } from '../workloads.js';
import { planStatefulSet, revisionLabel } from './plan.js';

const claimName = (template: PersistentVolumeClaim, pod: string): string => `${nameOf(template)}-${pod}`;

/** The pod of one ordinal: its name, host name and claims are its own, and stay the same when it is made anew. */
export function podOfStatefulSet(set: StatefulSet, ordinal: number, revision: ControllerRevision): Pod {
  const name = `${nameOf(set)}-${ordinal}`;
  const template = templateOf(revision) ?? set.spec?.template;
  const { spec } = template ?? {};
  const { labels, annotations, finalizers } = template?.metadata ?? {};
  const claims = set.spec?.volumeClaimTemplates ?? [];
  const claimed = new Set(claims.map(nameOf));
  const serviceName = set.spec?.serviceName ?? '';
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      generateName: `${nameOf(set)}-`,
      namespace: namespaceOf(set),
      ...(annotations && { annotations }),
      ...(finalizers && { finalizers }),
      ownerReferences: [controllerReference(statefulSets, set)],
      labels: {
        ...labels,
        'statefulset.kubernetes.io/pod-name': name,
        'apps.kubernetes.io/pod-index': String(ordinal),
        [revisionLabel]: nameOf(revision),
      },
    },
    ...(spec && {
      spec: {
        ...spec,
        hostname: name,
        ...(serviceName !== '' && { subdomain: serviceName }),
        volumes: [
          ...claims.map((claim) => ({
            name: nameOf(claim),
            persistentVolumeClaim: { claimName: claimName(claim, name) },
          })),
          ...(spec.volumes ?? []).filter((volume) => !claimed.has(volume.name)),
        ],
      },
    }),
  };
}

/** Keeps the numbered pods of stateful sets, and makes their claims. */
export function createStatefulSetController(context: ControllerContext, podOwners: OwnerIndex<Pod>): Controller {
  const { api, informers, clock } = context;
  const name = 'statefulset-controller';
  const revisions = informers.of(controllerRevisions);
  const revisionOwners = new OwnerIndex(revisions);
  const events = context.recorder(name);

  async function createClaims(set: StatefulSet, pod: string): Promise<void> {
    const policy = set.spec?.persistentVolumeClaimRetentionPolicy?.whenDeleted;
    await runAll(set.spec?.volumeClaimTemplates ?? [], async (template) => {
      const claim: PersistentVolumeClaim = {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: {
          name: claimName(template, pod),
          namespace: namespaceOf(set),
          labels: { ...template.metadata?.labels, ...set.spec?.selector.matchLabels },
          ...(template.metadata?.annotations && { annotations: template.metadata.annotations }),
          ...(policy === 'Delete' && {
            ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: nameOf(set), uid: uidOf(set) }],
          }),
        },
        ...(template.spec && { spec: template.spec }),
      };
      try {
        await api.create(persistentVolumeClaims, claim, { namespace: namespaceOf(set) });
        const message = `create Claim ${nameOf(claim)} Pod ${pod} in StatefulSet ${nameOf(set)} success`;
        events.record(set, { type: 'Normal', reason: 'SuccessfulCreate', message });
      } catch (error) {
        if (!isAlreadyExists(error)) throw error;
      }
    });
  }

  const owned = ownPods<StatefulSet>(context, podOwners, {
    name,
    words: {
      created: (pod, set) => `create Pod ${nameOf(pod)} in StatefulSet ${nameOf(set)} successful`,
      deleted: (pod, set) => `delete Pod ${nameOf(pod)} in StatefulSet ${nameOf(set)} successful`,
    },
    resource: statefulSets,
    matches: (set, labels) => matchesSelector(set.spec?.selector, labels),
    async reconcile(set, pods, counted) {
      if (set.spec === undefined) return;
      const known = revisionOwners.ownedBy(uidOf(set));
      const { update, all } = await currentRevision(
        api,
        statefulSets,
        set,
        set.spec.template,
        known,
        'controller.kubernetes.io/hash',
      );
      const now = clock.now();
      const plan = planStatefulSet(set, pods, nameOf(update), now);
      if (counted) {
        await runAll(plan.delete, (pod) => owned.remove(set, pod));
        await runAll(plan.create, async ({ ordinal, revision }) => {
          const wanted = all.find((item) => nameOf(item) === revision) ?? update;
          await createClaims(set, `${nameOf(set)}-${ordinal}`);
          await owned.create(set, podOfStatefulSet(set, ordinal, wanted));
        });
      }
      if (!isEquivalent(withoutZeros(set.status), withoutZeros(plan.status))) await owned.writeStatus(set, plan.status);
      const live = new Set([plan.status.currentRevision, ...pods.map((pod) => pod.metadata?.labels?.[revisionLabel])]);
      const limit = set.spec.revisionHistoryLimit ?? 10;
      await pruneRevisions(api, all, (revision) => revision === update || live.has(nameOf(revision)), limit);
      const wait = untilNextAvailable(pods, set.spec.minReadySeconds ?? 0, now);
      if (wait !== undefined) owned.queue.addAfter(keyOf(set), wait);
    },
  });
  return { name, queue: owned.queue, needs: [...owned.needs, revisions] };
}

const withoutZeros = (status: StatefulSet['status']) =>
  Object.fromEntries(Object.entries(status ?? {}).filter(([, value]) => value !== 0));
