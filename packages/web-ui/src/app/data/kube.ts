import { RequestError } from './problem.js';

/**
 * Where the Kubernetes API begins: the page is served below it, by the proxy of its service. Empty on a host of its own; undefined when
 * the page did not come through an API server.
 */
export const apiRoot: string | undefined = (() => {
  const at = location.pathname.search(/\/api\/v1\/(namespaces|proxy)\//);
  return at < 0 ? undefined : location.pathname.slice(0, at);
})();

/** A request to the Kubernetes API with the browser's own credentials. Throws `RequestError` for a refusal, `TypeError` when nobody answers. */
export async function kube(path: string, init: RequestInit = {}): Promise<Response> {
  if (apiRoot === undefined)
    throw new RequestError(
      404,
      'NotFound',
      'this page was not opened through a Kubernetes API server: open /ui/ there',
    );
  const response = await fetch(`${apiRoot}/${path}`, { ...init, redirect: 'error', cache: 'no-store' });
  if (response.ok) return response;
  const text = await response.text().catch(() => '');
  let status: { reason?: unknown; message?: unknown } = {};
  try {
    status = JSON.parse(text) as typeof status;
  } catch {
    // Not Kubernetes' own words.
  }
  throw new RequestError(
    response.status,
    typeof status.reason === 'string' ? status.reason : '',
    typeof status.message === 'string' ? status.message : text.trim() || `${response.status} ${response.statusText}`,
  );
}

/** Changes an object by a merge patch. */
export const patch = (path: string, change: object): Promise<Response> =>
  kube(path, {
    method: 'PATCH',
    headers: { 'content-type': 'application/merge-patch+json' },
    body: JSON.stringify(change),
  });

/** Puts an object in the place of another, if that is still the one whose `resourceVersion` it has. */
export const replace = (path: string, object: object): Promise<Response> =>
  kube(path, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(object) });

export const remove = (path: string): Promise<Response> =>
  kube(path, {
    method: 'DELETE',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Background' }),
  });
