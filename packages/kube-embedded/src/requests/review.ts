import type { KubeError } from '@kmd/kube-client';
import { type Attributes, alwaysAllow } from '../auth/authorize.js';
import { badRequest, invalid } from '../errors.js';
import { type Json, type JsonObject, clone, isObject, listAt, objectAt, textAt } from '../json/tree.js';
import { groupVersion } from '../kinds/kind.js';
import { conform } from '../schema/conform.js';
import { definitionFor } from '../schema/definition.js';
import { invalidShown } from '../kinds/validation/field.js';
import { recordUpdate } from '../patch/managers.js';
import { type Backend, type WriteRequest, type User, stamp } from './backend.js';
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

/** Of these nothing of what was asked comes back. */
const aboutOneself = new Set(['selfsubjectreviews', 'selfsubjectrulesreviews']);

const questions = new Set([
  'selfsubjectreviews',
  'tokenreviews',
  'localsubjectaccessreviews',
  'selfsubjectaccessreviews',
  'selfsubjectrulesreviews',
  'subjectaccessreviews',
]);

/** Answers the kinds that are questions. Undefined for kinds that are objects. */
export function review(
  backend: Backend,
  target: Target,
  received: Json,
  user: User,
  { manager, warnings = [] }: WriteRequest,
): JsonObject | undefined {
  const { kind } = target;
  const refuse = (field: string, shown: string, why: string): KubeError =>
    invalid({ group: kind.group, kind: '' }, '', [invalidShown(field, shown, why)]);
  const known = questions.has(kind.plural) ? definitionFor(kind) : undefined;
  if (!known) return undefined;
  const { object: body, unknown } = conform(isObject(received) ? received : {}, known, kind.kind, kind.version);
  warnings.push(...unknown.map((path) => `unknown field "${path}"`));
  const spec = objectAt(body, 'spec') ?? {};
  const answer = (status: JsonObject): JsonObject => {
    const object: JsonObject = {
      kind: kind.kind,
      apiVersion: groupVersion(kind),
      metadata: {
        ...(target.namespace === undefined ? {} : { namespace: target.namespace }),
        creationTimestamp: kind.plural === 'selfsubjectreviews' ? stamp(backend.now()) : null,
      },
      ...(body['spec'] === undefined ? {} : { spec: aboutOneself.has(kind.plural) ? {} : clone(spec) }),
    };
    if (!aboutOneself.has(kind.plural)) recordUpdate(backend, kind, undefined, object, manager, '');
    return { ...object, status };
  };
  const about = ['resourceAttributes', 'nonResourceAttributes'].filter((field) => spec[field] !== undefined);
  const access = (who: Pick<User, 'username' | 'groups'>, namespace?: string): JsonObject => {
    if (about.length !== 1) {
      const why = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
      throw refuse('spec.resourceAttributes', '"null"', why);
    }
    if (kind.plural !== 'selfsubjectaccessreviews' && who.username === '' && who.groups.length === 0) {
      throw refuse('spec.user', '""', 'at least one of user or group must be specified');
    }
    const { allowed, reason } = backend.authorizer.decide(who, attributesIn(spec, namespace));
    const said = backend.authorizer === alwaysAllow ? '' : reason;
    return answer({ allowed, ...(said === '' ? {} : { reason: said }) });
  };
  const subject = { username: textAt(spec, 'user') ?? '', groups: texts(spec, 'groups') };
  switch (kind.plural) {
    case 'selfsubjectreviews':
      return answer({ userInfo: userInfo(user) });
    case 'tokenreviews': {
      if ((textAt(spec, 'token') ?? '') === '') throw badRequest('token is required for TokenReview in authentication');
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
