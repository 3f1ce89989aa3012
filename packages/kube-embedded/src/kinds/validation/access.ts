import type { Cause } from '../../errors.js';
import { goTexts } from '../../json/go.js';
import { type JsonObject, equal, listAt, objectsAt, textAt } from '../../json/tree.js';
import { invalidShown, invalidValue, required, unsupported } from './field.js';

const group = 'rbac.authorization.k8s.io';

/** Rules of roles; those of a namespace are not about paths. */
export const validateRole =
  (namespaced: boolean) =>
  (role: JsonObject): Cause[] => [
    ...aggregation(role),
    ...objectsAt(role, 'rules').flatMap((rule, index) => {
      const here = `rules[${index}]`;
      const count = (field: string): number => listAt(rule, field).length;
      const causes: Cause[] = [];
      if (count('verbs') === 0) causes.push(required(`${here}.verbs`, 'verbs must contain at least one value'));
      if (count('nonResourceURLs') > 0) {
        const paths = goTexts(listAt(rule, 'nonResourceURLs'));
        const about = `${here}.nonResourceURLs`;
        if (namespaced) causes.push(invalidShown(about, paths, 'namespaced rules cannot apply to non-resource URLs'));
        if (count('apiGroups') + count('resources') + count('resourceNames') > 0) {
          causes.push(invalidShown(about, paths, 'rules cannot apply to both regular resources and non-resource URLs'));
        }
        return causes;
      }
      if (count('apiGroups') === 0) {
        causes.push(required(`${here}.apiGroups`, 'resource rules must supply at least one api group'));
      }
      if (count('resources') === 0) {
        causes.push(required(`${here}.resources`, 'resource rules must supply at least one resource'));
      }
      return causes;
    }),
  ];

/** A role that is put together says of which others. */
const aggregation = (role: JsonObject): Cause[] =>
  role['aggregationRule'] === undefined || listAt(role, 'aggregationRule', 'clusterRoleSelectors').length > 0
    ? []
    : [
        required(
          'aggregationRule.clusterRoleSelectors',
          'at least one clusterRoleSelector required if aggregationRule is non-nil',
        ),
      ];

const subjectKinds = ['ServiceAccount', 'User', 'Group'];

/** Whom a role is given to, and which it is. */
export const validateBinding =
  (namespaced: boolean) =>
  (binding: JsonObject): Cause[] => {
    const causes: Cause[] = [];
    const role = (field: string): string => textAt(binding, 'roleRef', field) ?? '';
    if (role('apiGroup') !== group) causes.push(unsupported('roleRef.apiGroup', role('apiGroup'), [group]));
    const kinds = namespaced ? ['Role', 'ClusterRole'] : ['ClusterRole'];
    if (!kinds.includes(role('kind'))) causes.push(unsupported('roleRef.kind', role('kind'), kinds));
    if (role('name') === '') causes.push(required('roleRef.name'));
    objectsAt(binding, 'subjects').forEach((subject, index) => {
      const here = `subjects[${index}]`;
      const kind = textAt(subject, 'kind') ?? '';
      const wanted = kind === 'ServiceAccount' ? '' : group;
      const given = textAt(subject, 'apiGroup') ?? '';
      if ((textAt(subject, 'name') ?? '') === '') causes.push(required(`${here}.name`));
      if (!subjectKinds.includes(kind)) causes.push(unsupported(`${here}.kind`, kind, subjectKinds));
      else if (given !== wanted) causes.push(unsupported(`${here}.apiGroup`, given, [wanted]));
      if (kind === 'ServiceAccount' && !namespaced && (textAt(subject, 'namespace') ?? '') === '') {
        causes.push(required(`${here}.namespace`));
      }
    });
    return causes;
  };

/** The role of a binding stays what it is. */
export const validateBindingUpdate =
  (namespaced: boolean) =>
  (binding: JsonObject, old: JsonObject): Cause[] => [
    ...validateBinding(namespaced)(binding),
    ...(equal(binding['roleRef'], old['roleRef'])
      ? []
      : [
          invalidShown(
            'roleRef',
            `rbac.RoleRef{${['apiGroup', 'kind', 'name']
              .map((field) => {
                const name = field === 'apiGroup' ? 'APIGroup' : field.charAt(0).toUpperCase() + field.slice(1);
                return `${name}:${JSON.stringify(textAt(binding, 'roleRef', field) ?? '')}`;
              })
              .join(', ')}}`,
            'cannot change roleRef',
          ),
        ]),
  ];

/** What a priority class may be. */
export function validatePriorityClass(object: JsonObject): Cause[] {
  const causes: Cause[] = [];
  const name = textAt(object, 'metadata', 'name') ?? '';
  const value = typeof object['value'] === 'number' ? object['value'] : 0;
  if (name.startsWith('system-') && !['system-cluster-critical', 'system-node-critical'].includes(name)) {
    causes.push({
      reason: 'FieldValueForbidden',
      field: 'metadata.name',
      message: `Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: ${name} is not a known system priority class`,
    });
  } else if (!name.startsWith('system-') && value > 1_000_000_000) {
    causes.push({
      reason: 'FieldValueForbidden',
      field: 'value',
      message: 'Forbidden: maximum allowed value of a user defined priority is 1000000000',
    });
  }
  const policies = ['PreemptLowerPriority', 'Never'];
  const policy = textAt(object, 'preemptionPolicy') ?? '';
  if (!policies.includes(policy)) causes.push(unsupported('preemptionPolicy', policy, policies));
  return causes;
}

export function validatePriorityClassUpdate(object: JsonObject, old: JsonObject): Cause[] {
  const causes = validatePriorityClass(object);
  if (object['value'] !== old['value']) {
    causes.push({
      reason: 'FieldValueForbidden',
      field: 'value',
      message: 'Forbidden: may not be changed in an update.',
    });
  }
  return causes;
}

export function validateLease(lease: JsonObject): Cause[] {
  const causes: Cause[] = [];
  const spec = lease['spec'];
  const number = (field: string): number | undefined => {
    const found = typeof spec === 'object' && spec !== null && !Array.isArray(spec) ? spec[field] : undefined;
    return typeof found === 'number' ? found : undefined;
  };
  const duration = number('leaseDurationSeconds');
  const transitions = number('leaseTransitions');
  if (duration !== undefined && duration <= 0) {
    causes.push(invalidValue('spec.leaseDurationSeconds', duration, 'must be greater than 0'));
  }
  if (transitions !== undefined && transitions < 0) {
    causes.push(invalidValue('spec.leaseTransitions', transitions, 'must be greater than or equal to 0'));
  }
  return causes;
}
