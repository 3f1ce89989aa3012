import { badRequest } from '../errors.js';
import type { Json, JsonObject } from '../json/tree.js';
import type { Backend } from '../requests/backend.js';
import type { PatchRequest } from '../requests/patch.js';
import type { NamedTarget } from '../requests/target.js';

export function applyObject(
  _backend: Backend,
  _target: NamedTarget,
  _subresource: string,
  _patch: Json,
  _request: PatchRequest,
): { object: JsonObject; created: boolean } {
  throw badRequest('server-side apply is not served yet');
}
