import type { Namespace, Resource } from '@kmd/kube-client';
import { toApiTime } from '../api-time.js';

type Condition = NonNullable<NonNullable<Namespace['status']>['conditions']>[number];

/** What is left of one kind in a namespace. */
export interface Remains {
  resource: Resource;
  count: number;
  /** Those of each object, repeated. */
  finalizers: string[];
}

/** The resource as the messages name it: `pods.`, `deployments.apps`. */
const titleOf = ({ plural, group }: Resource): string => `${plural}.${group}`;

/**
 * The conditions that say why a namespace is still there, with the real controller's types, reasons and messages; nothing when those that stand
 * say so already. A namespace that was emptied at once gets none: it is gone before anyone reads them.
 */
export function planConditions(
  current: readonly Condition[],
  remains: readonly Remains[],
  failures: readonly unknown[],
  now: number,
): Condition[] | undefined {
  const left = remains.filter(({ count }) => count > 0);
  const finalizers = new Map<string, number>();
  for (const name of left.flatMap((rest) => rest.finalizers)) finalizers.set(name, (finalizers.get(name) ?? 0) + 1);
  if (current.length === 0 && left.length === 0 && failures.length === 0) return undefined;

  const failureText = failures
    .map((failure) => (failure instanceof Error ? failure.message : String(failure)))
    .join(', ');
  const leftText = left.map(({ resource, count }) => `${titleOf(resource)} has ${count} resource instances`).join(', ');
  const finalizerText = Array.from(finalizers, ([name, count]) => `${name} in ${count} resource instances`).join(', ');
  const wanted = [
    describe(
      'NamespaceDeletionDiscoveryFailure',
      false,
      'ResourcesDiscovered',
      'All resources successfully discovered',
    ),
    describe(
      'NamespaceDeletionGroupVersionParsingFailure',
      false,
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ),
    failures.length > 0
      ? describe(
          'NamespaceDeletionContentFailure',
          true,
          'ContentDeletionFailed',
          `Failed to delete all resource types, ${failures.length} remaining: ${failureText}`,
        )
      : describe(
          'NamespaceDeletionContentFailure',
          false,
          'ContentDeleted',
          'All content successfully deleted, may be waiting on finalization',
        ),
    left.length > 0
      ? describe('NamespaceContentRemaining', true, 'SomeResourcesRemain', `Some resources are remaining: ${leftText}`)
      : describe('NamespaceContentRemaining', false, 'ContentRemoved', 'All content successfully removed'),
    finalizers.size > 0
      ? describe(
          'NamespaceFinalizersRemaining',
          true,
          'SomeFinalizersRemain',
          `Some content in the namespace has finalizers remaining: ${finalizerText}`,
        )
      : describe(
          'NamespaceFinalizersRemaining',
          false,
          'ContentHasNoFinalizers',
          'All content-preserving finalizers finished',
        ),
  ];
  let changed = false;
  const next = wanted.map((condition): Condition => {
    const before = current.find(({ type }) => type === condition.type);
    if (
      before?.status === condition.status &&
      before.reason === condition.reason &&
      before.message === condition.message
    )
      return before;
    changed = true;
    const since = before?.status === condition.status ? before.lastTransitionTime : undefined;
    return { ...condition, lastTransitionTime: since ?? toApiTime(now) };
  });
  const types = new Set(next.map(({ type }) => type));
  return changed ? [...current.filter(({ type }) => !types.has(type)), ...next] : undefined;
}

const describe = (type: string, status: boolean, reason: string, message: string) => ({
  type,
  status: status ? 'True' : 'False',
  reason,
  message,
});
