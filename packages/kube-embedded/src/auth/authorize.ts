import { KubeError } from '@kmd/kube-client';
import { resourceName } from '../errors.js';
import { type JsonObject, listAt, objectsAt, textAt } from '../json/tree.js';
import { type User, keyOf } from '../requests/backend.js';
import type { Store } from '../storage/store.js';

/** What somebody wants to do: with objects, or with a path that is none of theirs. */
export type Attributes =
  | {
      readonly verb: string;
      readonly group: string;
      readonly resource: string;
      readonly subresource: string;
      /** Empty: all namespaces, or a kind of the whole cluster. */
      readonly namespace: string;
      readonly name: string;
    }
  | { readonly verb: string; readonly path: string };

export interface Decision {
  readonly allowed: boolean;
  readonly reason: string;
}

export interface Rules {
  readonly resourceRules: readonly JsonObject[];
  readonly nonResourceRules: readonly JsonObject[];
}

/** Who asks: as much of a user as roles are given to. */
export type Subject = Pick<User, 'username' | 'groups'>;

/** Who may do what. */
export interface Authorizer {
  decide(user: Subject, attributes: Attributes): Decision;
  /** All that a user may do in a namespace, for `kubectl auth can-i --list`. */
  rulesFor(user: Subject, namespace: string): Rules;
}

const everything: Rules = {
  resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
};

/** Everybody may do everything, as in 2015. */
export const alwaysAllow: Authorizer = {
  decide: () => ({ allowed: true, reason: 'AlwaysAllow' }),
  rulesFor: () => everything,
};

const has = (rule: JsonObject, field: string, ...values: string[]): boolean =>
  listAt(rule, field).some((item) => item === '*' || values.some((value) => item === value));

function coversPath(rule: JsonObject, path: string): boolean {
  return listAt(rule, 'nonResourceURLs').some(
    (item) =>
      item === '*' ||
      item === path ||
      (typeof item === 'string' && item.endsWith('*') && path.startsWith(item.slice(0, -1))),
  );
}

/** Whether a rule of a role lets somebody do this. */
export function covers(rule: JsonObject, attributes: Attributes): boolean {
  if (!has(rule, 'verbs', attributes.verb)) return false;
  if ('path' in attributes) return coversPath(rule, attributes.path);
  const { group, resource, subresource, name } = attributes;
  const combined = subresource === '' ? resource : `${resource}/${subresource}`;
  const wanted = subresource === '' ? [resource] : [combined, `*/${subresource}`];
  const names = listAt(rule, 'resourceNames');
  return (
    has(rule, 'apiGroups', group) &&
    has(rule, 'resources', ...wanted) &&
    (names.length === 0 || (name !== '' && names.includes(name)))
  );
}

function isSubject(subject: JsonObject, user: Subject, namespace: string): boolean {
  const name = textAt(subject, 'name') ?? '';
  switch (textAt(subject, 'kind')) {
    case 'User':
      return name === user.username;
    case 'Group':
      return user.groups.includes(name);
    case 'ServiceAccount':
      return user.username === `system:serviceaccount:${textAt(subject, 'namespace') ?? namespace}:${name}`;
    default:
      return false;
  }
}

/** A subject of a binding in words: `Group "dev"`, `ServiceAccount "robot/default"`. */
function describe(subject: JsonObject): string {
  const name = textAt(subject, 'name') ?? '';
  const kind = textAt(subject, 'kind') ?? '';
  return `${kind} "${kind === 'ServiceAccount' ? `${name}/${textAt(subject, 'namespace') ?? ''}` : name}"`;
}

const rbac = (plural: string): string => `${plural}.rbac.authorization.k8s.io`;

/** Roles and their bindings decide (`--authorization-mode=RBAC`); members of `system:masters` may do everything. */
export function roleBased(store: Store): Authorizer {
  function* rulesOf(user: Subject, namespace: string): Generator<readonly [JsonObject, string]> {
    const bindings = [
      ...store.list(rbac('clusterrolebindings')).objects.map((binding) => [binding, ''] as const),
      ...(namespace === ''
        ? []
        : store.list(rbac('rolebindings'), namespace).objects.map((binding) => [binding, namespace] as const)),
    ];
    for (const [binding, home] of bindings) {
      const subject = objectsAt(binding, 'subjects').find((one) => isSubject(one, user, home));
      if (!subject) continue;
      const role = textAt(binding, 'roleRef', 'name') ?? '';
      const ofCluster = textAt(binding, 'roleRef', 'kind') === 'ClusterRole';
      const found = ofCluster ? store.get(rbac('clusterroles'), role) : store.get(rbac('roles'), keyOf(home, role));
      const bindingName = textAt(binding, 'metadata', 'name') ?? '';
      const reason =
        home === ''
          ? `RBAC: allowed by ClusterRoleBinding "${bindingName}" of ${ofCluster ? 'ClusterRole' : 'Role'} "${role}" to ${describe(subject)}`
          : `RBAC: allowed by RoleBinding "${bindingName}/${home}" of ${ofCluster ? 'ClusterRole' : 'Role'} "${role}" to ${describe(subject)}`;
      for (const rule of objectsAt(found, 'rules')) yield [rule, reason];
    }
  }
  return {
    decide(user, attributes) {
      if (user.groups.includes('system:masters')) return { allowed: true, reason: '' };
      const namespace = 'path' in attributes ? '' : attributes.namespace;
      for (const [rule, reason] of rulesOf(user, namespace)) {
        if (covers(rule, attributes)) return { allowed: true, reason };
      }
      return { allowed: false, reason: '' };
    },
    rulesFor(user, namespace) {
      if (user.groups.includes('system:masters')) return everything;
      const all = [...rulesOf(user, namespace)].map(([rule]) => rule);
      return {
        resourceRules: all.filter((rule) => listAt(rule, 'resources').length > 0),
        nonResourceRules: all.filter((rule) => listAt(rule, 'nonResourceURLs').length > 0),
      };
    },
  };
}

/** The refusal in the words of the real server. */
export function refusal(user: User, attributes: Attributes): KubeError {
  if ('path' in attributes) {
    const message = `forbidden: User "${user.username}" cannot ${attributes.verb} path "${attributes.path}"`;
    return new KubeError(403, 'Forbidden', message, { details: {} });
  }
  const { verb, group, resource, subresource, namespace, name } = attributes;
  const what = subresource === '' ? resource : `${resource}/${subresource}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const subject = `${resourceName({ group, plural: resource })}${name === '' ? '' : ` "${name}"`}`;
  const message = `${subject} is forbidden: User "${user.username}" cannot ${verb} resource "${what}" in API group "${group}" ${where}`;
  return new KubeError(403, 'Forbidden', message, {
    details: { ...(name === '' ? {} : { name }), ...(group === '' ? {} : { group }), kind: resource },
  });
}
