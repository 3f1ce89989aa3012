import { badRequest } from '../errors.js';
import { goQuoted } from '../json/go.js';
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

/** What a name may not be or hold, which stands in a path (apimachinery's `IsValidPathSegmentName`). */
function segmentProblems(name: string): readonly string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  return ['/', '%'].filter((sign) => name.includes(sign)).map((sign) => `may not contain '${sign}'`);
}

export function named(target: Target): NamedTarget {
  const { kind, namespace, name } = target;
  if (name === undefined || name === '') throw badRequest('name must be provided');
  const problems = segmentProblems(name);
  if (problems.length > 0) throw badRequest(`Name parameter invalid: ${goQuoted(name)}: ${problems.join(';')}`);
  if (kind.namespaced && (namespace === undefined || namespace === '')) {
    throw badRequest('namespace is required: an empty namespace may not be set when a resource name is provided');
  }
  return { kind, namespace: kind.namespaced ? (namespace ?? '') : '', name };
}
