import type { Cause } from '../../errors.js';
import { type JsonObject, equal, listAt, objectAt, objectsAt, textAt } from '../../json/tree.js';
import { goOwners, goTexts } from '../../json/go.js';
import type { Kind } from '../kind.js';
import { forbiddenField, invalidShown, invalidValue, required } from './field.js';
import { type NameRule, dns1035Label, dnsLabel, dnsSubdomain, labelText, pathSegment, qualified } from './name.js';

/** Kinds whose names keep another rule than that of a DNS subdomain. */
const nameRules: Readonly<Record<string, NameRule>> = {
  namespaces: dnsLabel,
  services: dns1035Label,
  'roles.rbac.authorization.k8s.io': pathSegment,
  'rolebindings.rbac.authorization.k8s.io': pathSegment,
  'clusterroles.rbac.authorization.k8s.io': pathSegment,
  'clusterrolebindings.rbac.authorization.k8s.io': pathSegment,
  'poddisruptionbudgets.policy': pathSegment,
  'statefulsets.apps': dnsLabel,
  events: pathSegment,
};

/** Events of events.k8s.io keep the usual rules, those of the core group their own. */
const isView = (kind: Kind): boolean => kind.group === 'events.k8s.io';

const standardFinalizers = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);
const annotationsLimit = 256 * 1024;

export function validateLabels(labels: JsonObject | undefined, field: string): Cause[] {
  const causes: Cause[] = [];
  for (const [key, value] of Object.entries(labels ?? {})) {
    for (const problem of qualified(key)) causes.push(invalidValue(field, key, problem));
    for (const problem of labelText(String(value))) causes.push(invalidValue(field, value, problem));
  }
  return causes;
}

export function validateMetadata(kind: Kind, object: JsonObject): Cause[] {
  const metadata = objectAt(object, 'metadata') ?? {};
  const causes: Cause[] = [];
  const name = textAt(metadata, 'name') ?? '';
  if (name === '') causes.push(required('metadata.name', 'name or generateName is required'));
  else {
    const rule = isView(kind) ? dnsSubdomain : (nameRules[kind.store] ?? dnsSubdomain);
    for (const problem of rule(name)) causes.push(invalidValue('metadata.name', name, problem));
  }
  causes.push(...validateLabels(objectAt(metadata, 'labels'), 'metadata.labels'));
  let size = 0;
  for (const [key, value] of Object.entries(objectAt(metadata, 'annotations') ?? {})) {
    for (const problem of qualified(key.toLowerCase())) causes.push(invalidValue('metadata.annotations', key, problem));
    size += key.length + String(value).length;
  }
  if (size > annotationsLimit) {
    causes.push({
      reason: 'FieldValueTooLong',
      field: 'metadata.annotations',
      message: `Too long: may not be more than ${annotationsLimit} bytes`,
    });
  }
  objectsAt(metadata, 'ownerReferences').forEach((owner) => {
    for (const part of ['apiVersion', 'kind', 'name', 'uid']) {
      if ((textAt(owner, part) ?? '') === '') {
        causes.push(
          invalidValue(
            `metadata.ownerReferences.${part}`,
            '',
            `${part === 'apiVersion' ? 'version' : part} must not be empty`,
          ),
        );
      }
    }
  });
  const owners = objectsAt(metadata, 'ownerReferences');
  const [first, second] = owners
    .filter((owner) => owner['controller'] === true)
    .map((owner) => `${textAt(owner, 'kind') ?? ''}/${textAt(owner, 'name') ?? ''}`);
  if (second !== undefined) {
    const why = `Only one reference can have Controller set to true. Found "true" in references for ${first ?? ''} and ${second}`;
    causes.push(invalidShown('metadata.ownerReferences', goOwners(owners), why));
  }
  for (const [index, finalizer] of listAt(metadata, 'finalizers').entries()) {
    for (const problem of qualified(String(finalizer))) {
      causes.push(invalidValue('metadata.finalizers', finalizer, problem));
    }
    const name = String(finalizer);
    const own = !kind.custom && kind.group !== 'apiextensions.k8s.io';
    if (own && !name.includes('/') && !standardFinalizers.has(name)) {
      const why = 'name is neither a standard finalizer name nor is it fully qualified';
      causes.push(invalidValue(`metadata.finalizers[${index}]`, name, why));
    }
  }
  return causes;
}

/** What makes an object the one it is does not change. */
export function identityCauses(kind: Kind, old: JsonObject, next: JsonObject): Cause[] {
  const uid = textAt(next, 'metadata', 'uid') ?? '';
  if (uid === '' || uid === textAt(old, 'metadata', 'uid')) return [];
  return told(kind, [invalidValue('metadata.uid', uid, 'field is immutable')]);
}

/** Kinds whose own rules do not look at changes of metadata: only the server itself does. */
const once = new Set([
  'limitranges',
  'events',
  'persistentvolumes',
  'poddisruptionbudgets.policy',
  'csinodes.storage.k8s.io',
  'volumeattachments.storage.k8s.io',
  'endpointslices.discovery.k8s.io',
]);

/** What both the server and the kind's own rules look at is told twice. */
const told = (kind: Kind, causes: readonly Cause[]): Cause[] =>
  (once.has(kind.store) && !isView(kind)) || kind.custom ? [...causes] : [...causes, ...causes];

/** While an object is on its way out no finalizer may join those that hold it. */
export const validateMetadataUpdate = (kind: Kind, old: JsonObject, next: JsonObject): Cause[] =>
  told(kind, metadataChanges(old, next));

function metadataChanges(old: JsonObject, next: JsonObject): Cause[] {
  if (textAt(old, 'metadata', 'deletionTimestamp') === undefined) return [];
  const before = listAt(old, 'metadata', 'finalizers');
  const added = listAt(next, 'metadata', 'finalizers').filter((item) => !before.some((other) => equal(other, item)));
  if (added.length === 0) return [];
  return [
    forbiddenField(
      'metadata.finalizers',
      `no new finalizers can be added if the object is being deleted, found new finalizers ${goTexts(added)}`,
    ),
  ];
}
