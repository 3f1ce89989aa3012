import { type JsonObject, ensureObject, equal, objectsAt, textAt } from '../json/tree.js';

/**
 * Owners that are named twice are kept once, with a warning. Changes `object`.
 *
 * @param when what the warning says of the time; patches are looked at when they have been carried out
 */
export function dropRepeatedOwners(object: JsonObject, warnings: string[] | undefined, when = ''): void {
  const owners = objectsAt(object, 'metadata', 'ownerReferences');
  const isRepeated = (owner: JsonObject, index: number): boolean =>
    owners.slice(0, index).some((other) => equal(other, owner));
  const repeated = owners.filter(isRepeated);
  if (repeated.length === 0) return;
  const uids = repeated.map((owner) => textAt(owner, 'uid') ?? '').join(', ');
  warnings?.push(
    `.metadata.ownerReferences contains duplicate entries${when}; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${uids}`,
  );
  const metadata = ensureObject(object, 'metadata');
  metadata['ownerReferences'] = owners.filter((owner, index) => !isRepeated(owner, index));
}

export const afterAdmission = ' after mutating admission happens';
