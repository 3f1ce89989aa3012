import { badRequest } from '../errors.js';
import type { Kind } from '../kinds/kind.js';

/** What a request is about. */
export interface Target {
  readonly kind: Kind;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

/** A target with its namespace (where the kind has one) and its name. */
export interface NamedTarget {
  readonly kind: Kind;
  /** Empty for kinds of the whole cluster. */
  readonly namespace: string;
  readonly name: string;
}

export function named(target: Target): NamedTarget {
  const { kind, namespace, name } = target;
  if (name === undefined || name === '') throw badRequest('name must be provided');
  if (kind.namespaced && (namespace === undefined || namespace === '')) {
    throw badRequest('namespace is required: an empty namespace may not be set when a resource name is provided');
  }
  return { kind, namespace: kind.namespaced ? (namespace ?? '') : '', name };
}
