import { isAlreadyExists, ignoreNotFound, type KubeApi, type KubeObject, type Resource } from '@kmd/kube-client';
import { runAll } from './batch.js';
import { hashTemplate } from './deployment/revision.js';
import { isEquivalent } from './equality.js';
import { controllerReference, controllerOf, nameOf, namespaceOf, uidOf } from './ownership.js';
import type { PodTemplate } from './replication/kinds.js';
import { controllerRevisions, type ControllerRevision } from './workloads.js';

export interface Revisions {
  /** The revision of the template as it stands. */
  readonly update: ControllerRevision;
  /** All revisions of the owner, this one among them. */
  readonly all: readonly ControllerRevision[];
}

/** The patch that brings a template back: what `kubectl rollout undo` sends. */
const dataOf = (template: PodTemplate): object => ({ spec: { template: { ...template, $patch: 'replace' } } });

/** The template that a revision keeps. */
export function templateOf(revision: ControllerRevision): PodTemplate | undefined {
  const data: unknown = revision.data;
  if (typeof data !== 'object' || data === null || !('spec' in data)) return undefined;
  const { spec } = data;
  if (typeof spec !== 'object' || spec === null || !('template' in spec)) return undefined;
  const { template } = spec;
  if (typeof template !== 'object' || template === null) return undefined;
  return Object.fromEntries(Object.entries(template).filter(([key]) => key !== '$patch'));
}

/** The hash at the end of a revision's name. */
export const hashOf = (revision: ControllerRevision): string =>
  nameOf(revision).slice(nameOf(revision).lastIndexOf('-') + 1);

/** Finds or makes the revision of the owner's template; one that was used before becomes the newest again. */
export async function currentRevision<T extends KubeObject>(
  api: KubeApi,
  resource: Resource<T>,
  owner: T,
  template: PodTemplate,
  known: readonly ControllerRevision[],
  hashLabel: string,
): Promise<Revisions> {
  const namespace = namespaceOf(owner);
  const data = dataOf(template);
  const newest = Math.max(0, ...known.map(({ revision }) => revision));
  const same = known.filter((revision) => isEquivalent(revision.data, data)).sort((a, b) => b.revision - a.revision)[0];
  if (same?.revision === newest) return { update: same, all: known };
  if (same !== undefined) {
    const update = await api.update(controllerRevisions, { ...same, revision: newest + 1 }, { namespace });
    return { update, all: known.map((revision) => (revision === same ? update : revision)) };
  }
  for (let collisions = 0; ; collisions++) {
    const hash = hashTemplate(template, collisions);
    const name = `${nameOf(owner)}-${hash}`;
    const made: ControllerRevision = {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {
        name,
        namespace,
        labels: { ...template.metadata?.labels, [hashLabel]: hash },
        ...(owner.metadata?.annotations && { annotations: owner.metadata.annotations }),
        ownerReferences: [controllerReference(resource, owner)],
      },
      data,
      revision: newest + 1,
    };
    try {
      const update = await api.create(controllerRevisions, made, { namespace });
      return { update, all: [...known, update] };
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      const existing = await api.get(controllerRevisions, name, { namespace });
      // This controller's own, which the cache does not show yet.
      if (controllerOf(existing)?.uid === uidOf(owner) && isEquivalent(existing.data, data)) {
        return { update: existing, all: [...known, existing] };
      }
    }
  }
}

/** Deletes the oldest revisions that no pod has, but for so many. */
export async function pruneRevisions(
  api: KubeApi,
  revisions: readonly ControllerRevision[],
  isLive: (revision: ControllerRevision) => boolean,
  limit: number,
): Promise<void> {
  const old = revisions.filter((revision) => !isLive(revision)).sort((a, b) => a.revision - b.revision);
  await runAll(old.slice(0, Math.max(0, old.length - limit)), (revision) =>
    api.delete(controllerRevisions, nameOf(revision), { namespace: namespaceOf(revision) }).catch(ignoreNotFound),
  );
}
