import type { KubeObject, Resource } from './api.js';
import { KubeError } from './errors.js';

/** What a request is about; together with the kind it makes the path. */
export interface RequestTarget {
  namespace?: string | undefined;
  name?: string | undefined;
  subresource?: string | undefined;
  /** Left out where undefined. */
  query?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
}

/**
 * Path and query of a request, as the API server routes them: `/api/v1/…` for the core group and `/apis/GROUP/VERSION/…` for all
 * others, `namespaces/NAMESPACE` before the plural of a namespaced kind when a namespace is given (without: all of them). Throws a
 * `KubeError` (code `Invalid`) for names that no object can have.
 */
export function resourcePath(resource: Resource, target: RequestTarget = {}): string {
  const segments = resource.group === '' ? ['api', resource.version] : ['apis', resource.group, resource.version];
  if (resource.namespaced && target.namespace) segments.push('namespaces', target.namespace);
  segments.push(resource.plural);
  if (target.name !== undefined) segments.push(target.name);
  // No object has such a name, and the path would mean another one: a whole collection, or its parent.
  for (const segment of segments)
    if (segment === '' || segment === '.' || segment === '..')
      throw new KubeError(
        0,
        'Invalid',
        `"${segment}" is no name in a request about ${resource.plural}: give the object's name`,
      );
  const path = `/${segments.map(encodeSegment).join('/')}`;
  // A subresource may have a path of its own, for instance `proxy/healthz`.
  const subresource = target.subresource ? `/${target.subresource.split('/').map(encodeSegment).join('/')}` : '';
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(target.query ?? {})) if (value !== undefined) query.set(key, String(value));
  const text = query.toString();
  return text === '' ? path + subresource : `${path}${subresource}?${text}`;
}

/** As Go's url.PathEscape has it: the colon of `system:coredns` stays. */
const encodeSegment = (segment: string): string => encodeURIComponent(segment).replaceAll('%3A', ':');

/** `apiVersion` of a kind's objects: `v1`, `apps/v1`. */
export const apiVersionOf = (resource: Resource): string =>
  resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;

/** The object with its `apiVersion` and `kind`, which items of a list lack. */
export const withKind = <T extends KubeObject>(resource: Resource<T>, object: T): T =>
  object.kind !== undefined && object.apiVersion !== undefined
    ? object
    : { ...object, apiVersion: apiVersionOf(resource), kind: resource.kind };
