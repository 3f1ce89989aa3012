import { methodNotAllowed, resourceNotServed } from '../errors.js';
import { type JsonObject } from '../json/tree.js';
import { bindPod } from '../pods/binding.js';
import { evictPod } from '../pods/eviction.js';
import type { Backend, WriteRequest } from './backend.js';
import { createToken } from './token-request.js';
import type { Target } from './target.js';

/** POST to a subresource that does something. */
export function createSubresource(
  backend: Backend,
  target: Target,
  subresource: string,
  received: unknown,
  request: WriteRequest,
): JsonObject {
  const known = target.kind.subresources.find((sub) => sub.name === subresource);
  if (!known) throw resourceNotServed();
  if (!known.verbs.includes('create')) throw methodNotAllowed();
  if (subresource === 'binding') return bindPod(backend, target, received, request);
  if (subresource === 'token') return createToken(backend, target, received, request);
  if (subresource === 'eviction') return evictPod(backend, target, received, request);
  throw methodNotAllowed();
}
