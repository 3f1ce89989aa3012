import type { Attributes } from '../auth/authorize.js';

const verbs: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** What a request wants to do, from its method, path and query, as the real server tells it to its authorizers. */
export function attributesOf(method: string, path: string, query: URLSearchParams): Attributes {
  const parts = path.split('/').filter((part) => part !== '');
  const nonResource: Attributes = { verb: method.toLowerCase(), path };
  const core = parts[0] === 'api' && parts.length > 2;
  const named = parts[0] === 'apis' && parts.length > 3;
  if (!core && !named) return nonResource;
  const group = core ? '' : (parts[1] ?? '');
  let rest = parts.slice(core ? 2 : 3);
  let verb = verbs[method] ?? method.toLowerCase();
  if (rest[0] === 'watch' || rest[0] === 'proxy') {
    verb = rest[0] === 'watch' ? 'watch' : verb;
    rest = rest.slice(1);
  }
  let namespace = '';
  if (rest[0] === 'namespaces' && rest.length > 1) {
    namespace = rest[1] ?? '';
    if (rest.length > 2 && rest[2] !== 'status' && rest[2] !== 'finalize') rest = rest.slice(2);
  }
  const [resource = '', inPath = '', subresource = ''] = rest;
  let name = inPath;
  if (name === '' && (verb === 'get' || verb === 'delete')) {
    const watching = query.get('watch');
    if (verb === 'delete') verb = 'deletecollection';
    else verb = watching !== null && watching !== 'false' && watching !== '0' ? 'watch' : 'list';
    // A list of one by its name may be allowed to whom only that object is.
    const selected = /^metadata\.name==?([^,=!]+)$/.exec(query.get('fieldSelector') ?? '')?.[1];
    if (selected !== undefined && verb !== 'deletecollection') name = selected;
  }
  return { verb, group, resource, subresource, namespace, name };
}
