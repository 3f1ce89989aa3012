import { goQuoted } from '../json/go.js';
import { badRequest, conflict, invalid, notFound } from '../errors.js';
import { type JsonObject, isObject, listAt, numberAt, objectAt, textAt } from '../json/tree.js';
import { invalidValue, required } from '../kinds/validation/field.js';
import type { Kind } from '../kinds/kind.js';
import { findKind } from '../kinds/table.js';
import { conform } from '../schema/conform.js';
import { definition } from '../schema/definition.js';
import { recordUpdate } from '../patch/managers.js';
import { type Backend, type WriteRequest, keyOf, stamp } from './backend.js';
import { type Target, named } from './target.js';

/** It is served below accounts alone. */
const requests: Kind = {
  group: 'authentication.k8s.io',
  version: 'v1',
  plural: 'tokenrequests',
  singular: 'tokenrequest',
  kind: 'TokenRequest',
  shortNames: [],
  categories: [],
  namespaced: true,
  verbs: ['create'],
  subresources: [],
  store: 'tokenrequests',
  storedAs: 'authentication.k8s.io/v1',
  counted: false,
};
const tokenRequest = { group: 'authentication.k8s.io', kind: 'TokenRequest' };
const anHour = 3600;

/** POST to `serviceaccounts/NAME/token`: a token that ends, for the audiences and bound to the object asked for. */
export function createToken(
  backend: Backend,
  target: Target,
  received: unknown,
  { manager }: WriteRequest,
): JsonObject {
  const { kind, namespace, name } = named(target);
  const account = backend.store.get(kind.store, keyOf(namespace, name));
  if (!account) throw notFound(kind, name);
  const known = definition('authentication.v1.TokenRequest');
  if (!isObject(received) || !known) throw badRequest('a TokenRequest must be a JSON object');
  const { object } = conform(received, known, 'TokenRequest', 'v1');
  const lifetime = numberAt(object, 'spec', 'expirationSeconds') ?? anHour;
  const field = 'spec.expirationSeconds';
  if (lifetime < 600) {
    throw invalid(tokenRequest, '', [invalidValue(field, lifetime, 'may not specify a duration less than 10 minutes')]);
  }
  if (lifetime > 2 ** 32) {
    throw invalid(tokenRequest, '', [
      invalidValue(field, lifetime, 'may not specify a duration larger than 2^32 seconds'),
    ]);
  }
  const asked = listAt(object, 'spec', 'audiences').filter((item) => typeof item === 'string');
  const audiences = asked.length > 0 ? asked : [backend.tokens.issuer];
  const reference = objectAt(object, 'spec', 'boundObjectRef');
  const bound = reference && bind(backend, namespace, reference, name);
  const now = backend.now();
  const token = backend.tokens.issue(
    {
      namespace,
      name,
      uid: textAt(account, 'metadata', 'uid') ?? '',
      audiences,
      lifetime,
      ...(bound === undefined ? {} : { bound }),
    },
    now,
  );
  const answer: JsonObject = {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name, namespace, creationTimestamp: stamp(now) },
    spec: { ...objectAt(object, 'spec'), expirationSeconds: lifetime },
  };
  recordUpdate(backend, requests, undefined, answer, manager, 'token');
  return {
    ...answer,
    spec: { audiences, expirationSeconds: lifetime, boundObjectRef: reference ?? null },
    status: { token, expirationTimestamp: stamp(new Date(now.getTime() + lifetime * 1000)) },
  };
}

function bind(
  backend: Backend,
  namespace: string,
  reference: JsonObject,
  account: string,
): { kind: string; name: string; uid: string } {
  const kind = textAt(reference, 'kind') ?? '';
  const name = textAt(reference, 'name') ?? '';
  const of = findKind('', 'v1', { Pod: 'pods', Secret: 'secrets', Node: 'nodes' }[kind] ?? '');
  if (!of) throw badRequest(`cannot bind token for serviceaccount "${account}" to type with kind "${kind}"`);
  if (name === '') throw invalid(tokenRequest, account, [required('spec.boundObjectRef.name')]);
  const found = backend.store.get(of.store, keyOf(of.namespaced ? namespace : '', name));
  if (!found) throw notFound(of, name);
  if (kind === 'Pod' && textAt(found, 'spec', 'serviceAccountName') !== account)
    throw badRequest(
      `cannot bind token for serviceaccount ${goQuoted(account)} to pod running with different serviceaccount name.`,
    );
  const uid = textAt(found, 'metadata', 'uid') ?? '';
  const asked = textAt(reference, 'uid') ?? '';
  if (asked !== '' && asked !== uid) {
    throw conflict(
      of,
      name,
      `the UID in the bound object reference (${asked}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  }
  return { kind, name, uid };
}
