import { forbidden } from '../errors.js';
import { type JsonObject, equal, objectAt, textAt } from '../json/tree.js';
import type { Kind } from '../kinds/kind.js';
import type { Backend, User } from '../requests/backend.js';

/**
 * Who approves a request for a certificate needs the verb `approve` on its signer, or on all of its domain (`kubernetes.io/*`); who writes what came of it, `sign`.
 * Throws 403.
 */
export function checkSigner(
  { authorizer }: Backend,
  kind: Kind,
  subresource: string,
  next: JsonObject,
  old: JsonObject,
  user: User | undefined,
): void {
  if (!user || kind.kind !== 'CertificateSigningRequest' || !['approval', 'status'].includes(subresource)) return;
  if (subresource === 'status' && equal(objectAt(next, 'status'), objectAt(old, 'status'))) return;
  const verb = subresource === 'approval' ? 'approve' : 'sign';
  const signer = textAt(old, 'spec', 'signerName') ?? '';
  const may = (name: string): boolean =>
    authorizer.decide(user, { verb, group: kind.group, resource: 'signers', subresource: '', namespace: '', name })
      .allowed;
  if (may(signer) || may(`${signer.split('/')[0] ?? ''}/*`)) return;
  const why = `user not permitted to ${verb} requests with signerName ${JSON.stringify(signer)}`;
  throw forbidden(kind, textAt(old, 'metadata', 'name') ?? '', why);
}
