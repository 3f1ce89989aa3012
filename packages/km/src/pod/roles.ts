import type { Pod } from '@kmd/kube-client';
import { ROLES } from '../annotation.js';

/** Roles that the framework or its pods cannot be given (`code` is `InvalidRoles`). */
export class RolesError extends Error {
  override readonly name = 'RolesError';
  readonly code = 'InvalidRoles';
}

/** The framework's roles, validated: spec B5. */
export interface Roles {
  /** All of them, in order of preference; at most one beside `*`. */
  readonly framework: readonly string[];
  /** What pods without the annotation may use. */
  readonly pods: readonly string[];
  /** The role the framework subscribes with: its offers carry unreserved resources and that role's own. */
  readonly subscribed: string;
}

/**
 * Checks the framework's roles: one or two, and of two one is `*`; the pods' default roles are among them.
 * Throws {@link RolesError}.
 */
export function chooseRoles(framework: readonly string[] = ['*'], pods: readonly string[] = framework): Roles {
  const roles = [...new Set(framework)];
  if (roles.length < 1 || roles.length > 2 || (roles.length === 2 && !roles.includes('*')))
    throw new RolesError(`framework roles "${roles.join(',')}": give one role, or "*" and one more`);
  const foreign = pods.filter((role) => !roles.includes(role));
  if (foreign.length > 0 || pods.length === 0)
    throw new RolesError(
      `default pod roles "${pods.join(',')}": choose among the framework's roles ${roles.join(',')}`,
    );
  return { framework: roles, pods: [...new Set(pods)], subscribed: roles.find((role) => role !== '*') ?? '*' };
}

/**
 * The roles whose resources a pod may use, in order of preference: its annotation `k8s.mesosphere.io/roles` (unknown ones and
 * repeats dropped), else the default. Empty: nothing will ever fit it.
 */
export function rolesOf(pod: Pod, roles: Roles): readonly string[] {
  const text = pod.metadata?.annotations?.[ROLES];
  if (text === undefined) return roles.pods;
  const wanted = text.split(',').map((role) => role.trim());
  return [...new Set(wanted)].filter((role) => roles.framework.includes(role));
}
