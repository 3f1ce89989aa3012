import type { IncomingMessage } from 'node:http';
import { KubeError } from '@kmd/kube-client';
import type { User } from '../requests/backend.js';
import { type Attributes, type Authorizer, refusal } from './authorize.js';
import { serviceAccountUser } from './service-account-tokens.js';

const extraPrefix = 'impersonate-extra-';

/** The values of a header that may be sent more than once, over HTTP/1.1 and HTTP/2 alike. */
const valuesOf = ({ rawHeaders }: IncomingMessage, name: string): readonly string[] =>
  rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Who a request is to be taken for: its user, or whom the `Impersonate-…` headers name, each of which the user must be allowed to impersonate. Throws 403
 * where he is not, and 500 for groups without a user, as the real server does.
 */
export function actingUser(request: IncomingMessage, user: User, authorizer: Authorizer): User {
  if (!Object.keys(request.headers).some((header) => header.startsWith('impersonate-'))) return user;
  const [name] = valuesOf(request, 'impersonate-user');
  const groups = valuesOf(request, 'impersonate-group');
  const [uid] = valuesOf(request, 'impersonate-uid');
  const extras = Object.keys(request.headers).filter((header) => header.startsWith(extraPrefix));
  if (name === undefined || name === '') {
    if (groups.length + extras.length === 0 && uid === undefined) return user;
    throw new KubeError(500, 'InternalError', 'groups, extra or a uid are to be impersonated without a user');
  }
  const check = (resource: string, about: Partial<Exclude<Attributes, { path: string }>>): void => {
    const attributes = { verb: 'impersonate', group: '', resource, subresource: '', namespace: '', name: '', ...about };
    if (!authorizer.decide(user, attributes).allowed) throw refusal(user, attributes);
  };
  const [, namespace, account] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name) ?? [];
  if (namespace !== undefined && account !== undefined) check('serviceaccounts', { namespace, name: account });
  else check('users', { name });
  for (const member of groups) check('groups', { name: member });
  const extra: Record<string, readonly string[]> = {};
  for (const header of extras) {
    const key = decode(header.slice(extraPrefix.length));
    for (const value of valuesOf(request, header)) {
      check('userextras', { group: 'authentication.k8s.io', subresource: key, name: value });
    }
    extra[key] = valuesOf(request, header);
  }
  if (uid !== undefined) check('uids', { group: 'authentication.k8s.io', name: uid });
  const own =
    groups.length === 0 && namespace !== undefined
      ? serviceAccountUser(namespace, account ?? '', '').groups.filter((member) => member !== 'system:authenticated')
      : groups;
  const known = own.some((member) => member === 'system:authenticated' || member === 'system:unauthenticated');
  return {
    username: name,
    uid: uid ?? '',
    groups: known || name === 'system:anonymous' ? own : [...own, 'system:authenticated'],
    ...(extras.length === 0 ? {} : { extra }),
  };
}
