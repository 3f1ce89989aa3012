import type { Attributes } from '../auth/authorize.js';
import { type Json, type JsonObject, clone, isObject, listAt, objectAt, textAt } from '../json/tree.js';
import { groupVersion } from '../kinds/kind.js';
import type { Backend, User } from './backend.js';
import type { Target } from './target.js';

const userInfo = (user: User): JsonObject => ({
  username: user.username,
  ...(user.uid === '' ? {} : { uid: user.uid }),
  groups: [...user.groups],
  ...(user.extra === undefined
    ? {}
    : { extra: Object.fromEntries(Object.entries(user.extra).map(([key, values]) => [key, [...values]])) }),
});

const texts = (value: Json | undefined, ...path: string[]): string[] =>
  listAt(value, ...path).filter((item) => typeof item === 'string');

/** What an access review asks about. */
function attributesIn(spec: JsonObject, namespace: string | undefined): Attributes {
  const path = objectAt(spec, 'nonResourceAttributes');
  if (path) return { verb: textAt(path, 'verb') ?? '', path: textAt(path, 'path') ?? '' };
  const about = objectAt(spec, 'resourceAttributes');
  const part = (field: string): string => textAt(about, field) ?? '';
  return {
    verb: part('verb'),
    group: part('group'),
    resource: part('resource'),
    subresource: part('subresource'),
    namespace: namespace ?? part('namespace'),
    name: part('name'),
  };
}

/** Answers the kinds that are questions. Undefined for kinds that are objects. */
export function review(backend: Backend, target: Target, received: Json, user: User): JsonObject | undefined {
  const { kind } = target;
  const body = isObject(received) ? received : {};
  const spec = objectAt(body, 'spec') ?? {};
  const answer = (status: JsonObject): JsonObject => ({
    kind: kind.kind,
    apiVersion: groupVersion(kind),
    metadata: { creationTimestamp: null },
    ...(body['spec'] === undefined ? {} : { spec: clone(spec) }),
    status,
  });
  const access = (who: Pick<User, 'username' | 'groups'>, namespace?: string): JsonObject => {
    const { allowed, reason } = backend.authorizer.decide(who, attributesIn(spec, namespace));
    return answer({ allowed, ...(reason === '' ? {} : { reason }) });
  };
  const subject = { username: textAt(spec, 'user') ?? '', groups: texts(spec, 'groups') };
  switch (kind.plural) {
    case 'selfsubjectreviews':
      return answer({ userInfo: userInfo(user) });
    case 'tokenreviews': {
      // Tokens of the token file stay the server's own: only those of service accounts are vouched for.
      const asked = texts(spec, 'audiences');
      const audiences = asked.length > 0 ? asked : undefined;
      const checked = backend.tokens.check(textAt(spec, 'token') ?? '', backend.now(), audiences);
      if (!checked) return answer({ user: {}, error: 'invalid bearer token' });
      return answer({ authenticated: true, user: userInfo(checked.user), audiences: [...checked.audiences] });
    }
    case 'selfsubjectaccessreviews':
      return access(user);
    case 'subjectaccessreviews':
      return access(subject);
    case 'localsubjectaccessreviews':
      return access(subject, target.namespace);
    case 'selfsubjectrulesreviews': {
      const rules = backend.authorizer.rulesFor(user, textAt(spec, 'namespace') ?? '');
      return answer({
        resourceRules: rules.resourceRules.map((rule) => clone(rule)),
        nonResourceRules: rules.nonResourceRules.map((rule) => clone(rule)),
        incomplete: false,
      });
    }
    default:
      return undefined;
  }
}
