import { clusterRoles, ignoreNotFound, matchesLabelSelector, type ClusterRole } from '@kmd/kube-client';
import { createQueue, type Controller, type ControllerContext } from '../controller.js';
import { canonicalText, isEquivalent } from '../equality.js';
import { nameOf } from '../ownership.js';

type Rules = NonNullable<ClusterRole['rules']>;

/** The rules of all roles that a role's selectors choose, each once, selector by selector and in the order of the roles' names. */
export function aggregate(whole: ClusterRole, all: readonly ClusterRole[]): Rules {
  const sorted = all.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const rules = new Map<string, Rules[number]>();
  for (const selector of whole.aggregationRule?.clusterRoleSelectors ?? []) {
    for (const part of sorted) {
      if (nameOf(part) === nameOf(whole) || !matchesLabelSelector(selector, part.metadata?.labels)) continue;
      for (const rule of part.rules ?? []) {
        const text = canonicalText(rule);
        if (!rules.has(text)) rules.set(text, rule);
      }
    }
  }
  return [...rules.values()];
}

/** Gives cluster roles with an `aggregationRule` the rules of the roles that it selects. */
export function createClusterRoleAggregationController(context: ControllerContext): Controller {
  const { api, informers } = context;
  const name = 'clusterrole-aggregation-controller';
  const roles = informers.of(clusterRoles);
  // Any role may be a part of any other.
  const wake = () => {
    for (const role of roles.list()) if (role.aggregationRule !== undefined) queue.add(nameOf(role));
  };
  roles.subscribe({ added: wake, updated: wake, deleted: wake });

  const queue = createQueue(context, name, {
    async reconcile(key) {
      const role = roles.get(undefined, key);
      if (role?.aggregationRule === undefined) return;
      const rules = aggregate(role, roles.list());
      if (isEquivalent(role.rules, rules)) return;
      const applied = {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: { name: key },
        ...(rules.length > 0 && { rules }),
      };
      await api
        .patch(clusterRoles, key, applied, { type: 'apply', force: true, fieldManager: name })
        .catch(ignoreNotFound);
    },
  });
  return { name, queue, needs: [roles] };
}
