import { type Json, type JsonObject, clone, isObject, objectAt } from '../json/tree.js';
import { groupVersion } from '../kinds/kind.js';
import type { User } from './backend.js';
import type { Target } from './target.js';

const userInfo = (user: User): JsonObject => ({
  username: user.username,
  ...(user.uid === '' ? {} : { uid: user.uid }),
  groups: [...user.groups],
});

/** Answers the kinds that are questions. Authorization is AlwaysAllow, as it was in 2015, and says so. Undefined for kinds that are objects. */
export function review({ kind }: Target, received: Json, user: User): JsonObject | undefined {
  const body = isObject(received) ? received : {};
  const answer = (status: JsonObject): JsonObject => ({
    kind: kind.kind,
    apiVersion: groupVersion(kind),
    metadata: { creationTimestamp: null },
    ...(body['spec'] === undefined ? {} : { spec: clone(objectAt(body, 'spec') ?? {}) }),
    status,
  });
  switch (kind.plural) {
    case 'selfsubjectreviews':
      return answer({ userInfo: userInfo(user) });
    case 'tokenreviews':
      // The tokens that a server accepts stay its own: another's are not vouched for.
      return answer({ user: {} });
    case 'selfsubjectaccessreviews':
    case 'subjectaccessreviews':
    case 'localsubjectaccessreviews':
      return answer({ allowed: true, reason: 'AlwaysAllow' });
    case 'selfsubjectrulesreviews':
      return answer({
        resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
        nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
        incomplete: false,
      });
    default:
      return undefined;
  }
}
