import { KubeError } from '@kmd/kube-client';
import { badRequest, methodNotAllowed, resourceName, resourceNotServed } from '../errors.js';
import type { Kinds } from '../crd/kinds.js';
import type { Kind } from '../kinds/kind.js';
import type { Target } from '../requests/target.js';

/** What a path below `/api/v1` or `/apis/GROUP/VERSION` names. */
export interface Route extends Target {
  readonly subresource: string;
  /** What follows a proxy's subresource. */
  readonly rest: string;
  /** The old form `/watch/…`. */
  readonly watch: boolean;
}

/** Throws 404 for what is not served. */
export function readRoute(kinds: Kinds, group: string, version: string, parts: readonly string[]): Route {
  let rest = parts;
  const watch = rest[0] === 'watch';
  if (watch) rest = rest.slice(1);
  let namespace: string | undefined;
  const third = rest[2];
  if (rest[0] === 'namespaces' && third !== undefined && third !== 'status' && third !== 'finalize') {
    namespace = rest[1];
    rest = rest.slice(2);
  }
  const [plural = '', name, subresource = ''] = rest;
  const kind = kinds.find(group, version, plural);
  if (!kind || (namespace !== undefined && !kind.namespaced)) throw resourceNotServed();
  const proxied = subresource === 'proxy';
  if (rest.length > 3 && !proxied) throw resourceNotServed();
  return { kind, namespace, name, subresource, rest: proxied ? rest.slice(3).join('/') : '', watch };
}

const methodOf: Readonly<Record<string, string>> = {
  get: 'GET',
  list: 'GET',
  watch: 'GET',
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
  deletecollection: 'DELETE',
};

/** What can be done to one object, and to all of a namespace or of a kind that has none. */
const ofOne = ['get', 'update', 'patch', 'delete'];
const ofAll = ['list', 'create', 'deletecollection'];

/** The verbs that the kind has at a path. */
function verbsAt({ kind, namespace, name, subresource, watch }: Route): readonly string[] {
  if (subresource !== '') return kind.subresources.find((known) => known.name === subresource)?.verbs ?? [];
  const has = (verbs: readonly string[]): readonly string[] =>
    verbs.filter((verb) => kind.verbs.some((known) => known === verb));
  if (watch) return has(['watch']);
  if (name !== undefined) return has(ofOne);
  // Of all namespaces together things can be read alone.
  return has(kind.namespaced && namespace === undefined ? ['list'] : ofAll);
}

/** Refuses what cannot be done at a path: 404 where nothing can, else 405. It comes before every other refusal, as the real server routes first. */
export function checkMethod(at: Route, method: string): void {
  if (at.kind.custom) {
    checkCustom(at, method);
    return;
  }
  const methods = verbsAt(at).map((verb) => methodOf[verb]);
  if (methods.length === 0) throw resourceNotServed();
  if (!methods.includes(method)) throw methodNotAllowed();
}

/** Custom resources are not routed: their server looks at what the request wants, and takes HEAD for GET. */
function checkCustom({ kind, name, subresource }: Route, method: string): void {
  if (subresource !== '' && !kind.subresources.some(({ name }) => name === subresource)) throw resourceNotServed();
  const wanted = ['GET', 'HEAD', 'PUT', 'PATCH', ...(subresource === '' ? ['POST', 'DELETE'] : [])];
  if (!wanted.includes(method)) throw notSupported(kind, method);
  if (name === undefined && method === 'PUT') throw badRequest('name must be provided');
}

const notSupported = (kind: Kind, method: string): KubeError =>
  new KubeError(
    405,
    'MethodNotAllowed',
    `${{ POST: 'create', DELETE: 'delete' }[method] ?? ''} is not supported on resources of kind "${resourceName(kind)}"`,
    {
      details: { group: kind.group, kind: kind.plural },
    },
  );
