import type { JsonObject } from '../json/tree.js';
import type { Kind } from '../kinds/kind.js';
import type { Backend } from '../requests/backend.js';

export function recordUpdate(
  _backend: Backend,
  _kind: Kind,
  _old: JsonObject | undefined,
  _next: JsonObject,
  _manager: string | undefined,
  _subresource: string,
): void {}
