import { type JsonObject, clone, ensureObject, equal, listAt, objectAt, objectsAt, textAt } from '../json/tree.js';
import type { Kind } from '../kinds/kind.js';
import { type Backend } from '../requests/backend.js';
import { createObject } from '../requests/create.js';
import { deleteObject } from '../requests/delete.js';
import { updateObject } from '../requests/update.js';
import { type DefaultRole, defaultBindings, defaultClusterRoles } from './default-roles.js';
import { uncovered } from './escalation.js';

const group = 'rbac.authorization.k8s.io';
const autoupdate = 'rbac.authorization.kubernetes.io/autoupdate';
const labels = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
const annotations = { [autoupdate]: 'true' };
const partLabel = (whole: string): JsonObject => ({ [`rbac.authorization.k8s.io/aggregate-to-${whole}`]: 'true' });

function roleOf(name: string, { rules, partOf, aggregated }: DefaultRole): JsonObject {
  const selectors = aggregated === undefined ? undefined : [{ matchLabels: partLabel(aggregated) }];
  return {
    metadata: { name, labels: { ...labels, ...(partOf === undefined ? {} : partLabel(partOf)) }, annotations },
    ...(selectors === undefined ? {} : { aggregationRule: { clusterRoleSelectors: selectors } }),
    ...(rules === undefined ? {} : { rules: [...rules] }),
  };
}

const bindingOf = (name: string, groups: readonly string[]): JsonObject => ({
  metadata: { name, labels, annotations },
  roleRef: { apiGroup: group, kind: 'ClusterRole', name },
  subjects: groups.map((member) => ({ apiGroup: group, kind: 'Group', name: member })),
});

/** Adds the expected items to a list that lacks them. */
function complete(object: JsonObject, field: string, missing: readonly JsonObject[]): void {
  if (missing.length > 0) object[field] = [...listAt(object, field), ...missing];
}

const lacking = (found: readonly JsonObject[], expected: readonly JsonObject[]): JsonObject[] =>
  expected.filter((wanted) => !found.some((item) => equal(item, wanted)));

/** What was found with all that is expected of it; what somebody added stays (Kubernetes: `reconciliation`). */
function reconciled(found: JsonObject, expected: JsonObject): JsonObject {
  const next = clone(found);
  const metadata = ensureObject(next, 'metadata');
  for (const field of ['labels', 'annotations']) {
    metadata[field] = { ...objectAt(expected, 'metadata', field), ...objectAt(found, 'metadata', field) };
  }
  complete(next, 'rules', uncovered(objectsAt(found, 'rules'), objectsAt(expected, 'rules')));
  complete(next, 'subjects', lacking(objectsAt(found, 'subjects'), objectsAt(expected, 'subjects')));
  const selectors = ['aggregationRule', 'clusterRoleSelectors'] as const;
  if (expected['aggregationRule'] === undefined) delete next['aggregationRule'];
  else {
    const missing = lacking(objectsAt(found, ...selectors), objectsAt(expected, ...selectors));
    complete(ensureObject(next, 'aggregationRule'), 'clusterRoleSelectors', missing);
  }
  return next;
}

/**
 * Gives a cluster with RBAC the roles and bindings that it begins with. What an earlier start made is brought up to date, unless its annotation
 * `rbac.authorization.kubernetes.io/autoupdate` is `false`.
 */
export function ensureFirstRoles(backend: Backend, roles: Kind, bindings: Kind): void {
  const request = { manager: 'kube-apiserver' };
  const ensure = (kind: Kind, name: string, expected: JsonObject): void => {
    const target = { kind, namespace: undefined };
    const found = backend.store.get(kind.store, name);
    if (!found) createObject(backend, target, expected, request);
    else if (textAt(found, 'metadata', 'annotations', autoupdate) === 'false') return;
    else if (expected['roleRef'] !== undefined && !equal(expected['roleRef'], found['roleRef'])) {
      // Of what role a binding is cannot be changed.
      deleteObject(backend, { ...target, name }, {});
      createObject(backend, target, expected, request);
    } else updateObject(backend, { ...target, name }, '', reconciled(found, expected), request);
  };
  for (const [name, role] of Object.entries(defaultClusterRoles)) ensure(roles, name, roleOf(name, role));
  for (const [name, groups] of Object.entries(defaultBindings)) ensure(bindings, name, bindingOf(name, groups));
}
