import type { Deployment, ReplicaSet } from '@kmd/kube-client';
import { isDeleting, nameOf, uidOf } from '../ownership.js';
import { findNewReplicaSet, makeReplicaSet, oldestFirst, refreshReplicaSet, revisionOf } from './revision.js';
import {
  describeScaling,
  isActiveSet,
  isRolling,
  isScaled,
  planNewSize,
  planProportions,
  planScaleDown,
  scaleTo,
  sizeOf,
  type Scaling,
} from './scaling.js';
import {
  computeRolloutStatus,
  countReplicas,
  findCondition,
  hasDeadline,
  isComplete,
  makeCondition,
  notePause,
  reason,
  setCondition,
  type DeploymentCondition,
  type DeploymentStatus,
} from './status.js';

/** One step of a deployment: what to do, in this order, and the status to write afterwards. */
export interface DeploymentPlan {
  create?: ReplicaSet;
  /** Replica sets as they are to be. */
  update: ReplicaSet[];
  /** Messages of `ScalingReplicaSet` events for the two above, by name of the replica set. */
  scaled: Map<string, string>;
  /** Old revisions beyond the history limit. */
  remove: ReplicaSet[];
  /** The deployment's own revision annotation, when it has to change. */
  revision?: string;
  status: DeploymentStatus;
  /** Milliseconds after which lack of progress is to be looked for. */
  recheckAfter?: number;
}

export interface DeploymentView {
  deployment: Deployment;
  /** Those that it manages. */
  replicaSets: readonly ReplicaSet[];
  /** Whether pods of this replica set exist that have not ended; asked for by the Recreate strategy. */
  hasLivePods(replicaSet: ReplicaSet): boolean;
  /** Milliseconds since the epoch. */
  now: number;
}

/** The step that brings a deployment nearer to what it wants. Pure: the same view gives the same plan. */
export function planDeployment(view: DeploymentView): DeploymentPlan {
  const { deployment, replicaSets, now } = view;
  const conditions = deployment.status?.conditions ?? [];
  if (isDeleting(deployment)) {
    const newSet = findNewReplicaSet(deployment, replicaSets);
    return { ...nothing(), status: countReplicas(deployment, replicaSets, newSet, conditions, now) };
  }
  const step = new Step(view, notePause(deployment, conditions, now));
  // Sizes are shared out between replica sets in a rolling update only: Recreate has one with pods at a time.
  if (deployment.spec?.paused === true || (isRolling(deployment) && isScaled(deployment, replicaSets))) step.scale();
  else if (isRolling(deployment)) step.roll();
  else step.recreate();
  return step.finish();
}

const nothing = (): Omit<DeploymentPlan, 'status'> => ({ update: [], scaled: new Map(), remove: [] });

/** The state of one planning: replica sets as they will be, and why. */
class Step {
  readonly #view: DeploymentView;
  readonly #before: readonly ReplicaSet[];
  readonly #sets: Map<string, ReplicaSet>;
  readonly #scaled = new Map<string, string>();
  readonly #revision: number;
  #conditions: DeploymentCondition[];
  #newName: string | undefined;
  #create = false;
  #inRollout = false;
  #remove: ReplicaSet[] = [];

  constructor(view: DeploymentView, conditions: DeploymentCondition[]) {
    this.#view = view;
    this.#conditions = conditions;
    this.#before = view.replicaSets;
    this.#sets = new Map(view.replicaSets.map((replicaSet) => [nameOf(replicaSet), replicaSet]));
    const newSet = findNewReplicaSet(view.deployment, view.replicaSets);
    const newUid = newSet && uidOf(newSet);
    this.#revision = 1 + Math.max(0, ...this.#before.filter((set) => uidOf(set) !== newUid).map(revisionOf));
    if (newSet !== undefined) this.#takeFound(newSet);
  }

  /** Paused, or scaled since the last time: sizes follow the deployment's, and no rollout goes on. */
  scale(): void {
    this.#resize(planProportions(this.#view.deployment, this.#newSet, this.#old));
    if (this.#view.deployment.spec?.paused === true) this.#forgetHistory();
  }

  roll(): void {
    this.#inRollout = true;
    const newSet = this.#newSet ?? this.#makeNew();
    const { deployment } = this.#view;
    const grown = this.#resize([{ replicaSet: newSet, replicas: planNewSize(deployment, this.#all, newSet) }]);
    // One step at a time: what the new set lacks now bounds what the old ones may lose.
    if (grown || this.#create) return;
    if (this.#resize(planScaleDown(deployment, this.#newSet ?? newSet, this.#old))) return;
    if (isComplete(deployment, deployment.status ?? {})) this.#forgetHistory();
  }

  recreate(): void {
    this.#inRollout = true;
    const { deployment, hasLivePods } = this.#view;
    if (this.#resize(this.#old.filter(isActiveSet).map((replicaSet) => ({ replicaSet, replicas: 0 })))) return;
    if (this.#old.some(hasLivePods)) return;
    const newSet = this.#newSet ?? this.#makeNew();
    this.#resize([{ replicaSet: newSet, replicas: planNewSize(deployment, this.#all, newSet) }]);
    if (isComplete(deployment, deployment.status ?? {})) this.#forgetHistory();
  }

  finish(): DeploymentPlan {
    const { deployment, now } = this.#view;
    const newSet = this.#newSet;
    const removed = new Set(this.#remove);
    const { status, recheckAfter } = this.#inRollout
      ? computeRolloutStatus(deployment, this.#all, newSet, this.#conditions, now)
      : { status: countReplicas(deployment, this.#all, newSet, this.#conditions, now), recheckAfter: undefined };
    const revision = newSet && String(revisionOf(newSet));
    return {
      ...(this.#create && newSet !== undefined && { create: newSet }),
      update: this.#before.flatMap((before) => {
        const after = this.#sets.get(nameOf(before));
        return after === undefined || after === before || removed.has(before) ? [] : [after];
      }),
      scaled: this.#scaled,
      remove: this.#remove,
      ...(revision !== undefined && revision !== String(revisionOf(deployment)) && { revision }),
      status,
      ...(recheckAfter !== undefined && { recheckAfter }),
    };
  }

  get #newSet(): ReplicaSet | undefined {
    return this.#newName === undefined ? undefined : this.#sets.get(this.#newName);
  }

  get #all(): ReplicaSet[] {
    return [...this.#sets.values()];
  }

  get #old(): ReplicaSet[] {
    return this.#all.filter((replicaSet) => nameOf(replicaSet) !== this.#newName);
  }

  #takeFound(found: ReplicaSet): void {
    const { deployment, now } = this.#view;
    this.#newName = nameOf(found);
    this.#sets.set(this.#newName, refreshReplicaSet(deployment, found, this.#revision));
    if (hasDeadline(deployment) && findCondition(this.#conditions, 'Progressing') === undefined) {
      this.#progress(reason.setFound, `Found new replica set "${this.#newName}"`, now);
    }
  }

  #makeNew(): ReplicaSet {
    const { deployment, now } = this.#view;
    const made = makeReplicaSet(deployment, this.#revision);
    this.#newName = nameOf(made);
    this.#create = true;
    this.#sets.set(this.#newName, made);
    if (hasDeadline(deployment)) this.#progress(reason.setCreated, `Created new replica set "${this.#newName}"`, now);
    return made;
  }

  #progress(why: string, message: string, now: number): void {
    this.#conditions = setCondition(this.#conditions, makeCondition(now, 'Progressing', 'True', why, message));
  }

  /** Answers whether any size changes. */
  #resize(scalings: readonly Scaling[]): boolean {
    let resized = false;
    for (const scaling of scalings) {
      const { replicaSet, replicas } = scaling;
      const from = sizeOf(replicaSet);
      this.#sets.set(nameOf(replicaSet), scaleTo(this.#view.deployment, scaling));
      if (from === replicas) continue;
      this.#scaled.set(nameOf(replicaSet), describeScaling(replicaSet, from, replicas));
      resized = true;
    }
    return resized;
  }

  /** Lets the oldest revisions go that are beyond the limit and empty. */
  #forgetHistory(): void {
    const limit = this.#view.deployment.spec?.revisionHistoryLimit;
    if (limit === undefined) return;
    const kept = this.#old.filter((replicaSet) => !isDeleting(replicaSet));
    this.#remove = kept
      .toSorted((a, b) => revisionOf(a) - revisionOf(b) || oldestFirst(a, b))
      .slice(0, Math.max(0, kept.length - limit))
      .filter(
        ({ status, spec, metadata }) =>
          (status?.replicas ?? 0) === 0 &&
          spec?.replicas === 0 &&
          (metadata?.generation ?? 0) <= (status?.observedGeneration ?? 0),
      );
  }
}
