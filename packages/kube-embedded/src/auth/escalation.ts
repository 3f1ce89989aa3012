import { forbidden, notFound } from '../errors.js';
import { type JsonObject, equal, listAt, objectsAt, textAt } from '../json/tree.js';
import type { Kind } from '../kinds/kind.js';
import type { Backend, User } from '../requests/backend.js';
import { keyOf } from '../requests/backend.js';
import { type Attributes, alwaysAllow, covers } from './authorize.js';

const group = 'rbac.authorization.k8s.io';
const roles = new Set([`roles.${group}`, `clusterroles.${group}`]);
const bindings = new Set([`rolebindings.${group}`, `clusterrolebindings.${group}`]);

const texts = (rule: JsonObject, field: string): string[] => listAt(rule, field).map(String);

/** The smallest rules that a rule is made of: one verb of one resource or one path. */
function partsOf(rule: JsonObject): JsonObject[] {
  const verbs = texts(rule, 'verbs');
  const names = texts(rule, 'resourceNames');
  const named = names.length === 0 ? [{}] : names.map((name) => ({ resourceNames: [name] }));
  const resources = texts(rule, 'apiGroups').flatMap((apiGroup) =>
    texts(rule, 'resources').flatMap((resource) =>
      verbs.flatMap((verb) =>
        named.map((about) => ({ apiGroups: [apiGroup], resources: [resource], ...about, verbs: [verb] })),
      ),
    ),
  );
  const paths = texts(rule, 'nonResourceURLs').flatMap((path) =>
    verbs.map((verb) => ({ nonResourceURLs: [path], verbs: [verb] })),
  );
  return [...resources, ...paths];
}

/** What one of those smallest rules lets somebody do. */
function attributesOf(part: JsonObject): Attributes {
  const first = (field: string): string => texts(part, field)[0] ?? '';
  if (part['nonResourceURLs'] !== undefined) return { verb: first('verbs'), path: first('nonResourceURLs') };
  const [resource = '', subresource = ''] = first('resources').split('/');
  const name = first('resourceNames');
  return { verb: first('verbs'), group: first('apiGroups'), resource, subresource, namespace: '', name };
}

/** The smallest parts of `wanted` that no rule of `held` covers. */
export const uncovered = (held: readonly JsonObject[], wanted: readonly JsonObject[]): JsonObject[] =>
  wanted.flatMap(partsOf).filter((part) => !held.some((rule) => covers(rule, attributesOf(part))));

/** The fields of a rule, and what messages call them, in their order. */
const fields = [
  ['apiGroups', 'APIGroups'],
  ['resources', 'Resources'],
  ['nonResourceURLs', 'NonResourceURLs'],
  ['resourceNames', 'ResourceNames'],
  ['verbs', 'Verbs'],
] as const;
const quoted = (items: readonly string[]): string => `[${items.map((item) => JSON.stringify(item)).join(' ')}]`;

/** Rules in words, those of one resource together. */
function describe(parts: readonly JsonObject[]): string {
  const together = Map.groupBy(parts, (part) => JSON.stringify({ ...part, verbs: [] }));
  const lines = [...together.values()].map((same) => {
    const shown: JsonObject = { ...same[0], verbs: same.flatMap((part) => listAt(part, 'verbs')) };
    const told = fields.filter(([field]) => shown[field] !== undefined);
    return `{${told.map(([field, name]) => `${name}:${quoted(texts(shown, field))}`).join(', ')}}`;
  });
  return lines.sort().join('\n');
}

/** Refuses a role, or a binding of one, by which somebody would give what he has not (Kubernetes: `ConfirmNoEscalation`). */
export function checkEscalation(
  backend: Backend,
  kind: Kind,
  next: JsonObject,
  old: JsonObject | undefined,
  user: User | undefined,
): void {
  const { authorizer, store } = backend;
  if (kind.group !== group || authorizer === alwaysAllow || !user || user.groups.includes('system:masters')) return;
  const namespace = textAt(next, 'metadata', 'namespace') ?? '';
  const name = textAt(next, 'metadata', 'name') ?? '';
  const may = (verb: string, resource: string, about: string): boolean =>
    authorizer.decide(user, { verb, group, resource, subresource: '', namespace, name: about }).allowed;
  let rules: readonly JsonObject[];
  if (roles.has(kind.store)) {
    if (old && equal(old['rules'], next['rules']) && equal(old['aggregationRule'], next['aggregationRule'])) return;
    if (may('escalate', kind.plural, old ? name : '')) return;
    rules = objectsAt(next, 'rules');
  } else if (bindings.has(kind.store)) {
    if (old && equal(old['roleRef'], next['roleRef']) && equal(old['subjects'], next['subjects'])) return;
    const role = textAt(next, 'roleRef', 'name') ?? '';
    const plural = textAt(next, 'roleRef', 'kind') === 'ClusterRole' ? 'clusterroles' : 'roles';
    if (may('bind', plural, role)) return;
    const found = store.get(`${plural}.${group}`, plural === 'roles' ? keyOf(namespace, role) : role);
    if (!found) throw notFound(kind, role);
    rules = objectsAt(found, 'rules');
  } else return;
  const own = authorizer.rulesFor(user, namespace);
  const held = [...own.resourceRules, ...own.nonResourceRules];
  const missing = uncovered(held, rules);
  if (missing.length === 0) return;
  throw forbidden(
    kind,
    name,
    `user ${JSON.stringify(user.username)} (groups=${quoted(user.groups)}) is attempting to grant RBAC permissions not currently held:\n${describe(missing)}`,
  );
}
