import { KubeError } from '@kmd/kube-client';
import { type Cause, badRequest, invalidOptions, methodNotAllowed, resourceNotServed } from '../errors.js';
import { type JsonObject, textAt } from '../json/tree.js';
import type { Kinds } from '../crd/kinds.js';
import { loadRegexps } from '../cel/regexp.js';
import { usesRegexps } from '../crd/pattern.js';
import type { Kind } from '../kinds/kind.js';
import { scaleKind, storedKind } from '../kinds/table.js';
import { forbiddenField, required, tooLong, unsupported } from '../kinds/validation/field.js';
import { bindByName } from '../pods/binding.js';
import { streamPodLog } from '../pods/log.js';
import type { Backend, WriteRequest } from '../requests/backend.js';
import { createObject } from '../requests/create.js';
import {
  type DeleteRequest,
  deleteCollection,
  deleteObject,
  dryRunCauses,
  readDeleteOptions,
} from '../requests/delete.js';
import { patchObject } from '../requests/patch.js';
import { type ListRequest, getObject, listObjects, watchObjects } from '../requests/read.js';
import { review } from '../requests/review.js';
import { getScale, updateScale } from '../requests/scale.js';
import { createSubresource } from '../requests/subresource.js';
import type { Target } from '../requests/target.js';
import { updateObject } from '../requests/update.js';
import { proxyToService } from '../services/proxy.js';
import { type Form, chooseForm } from './accept.js';
import { bringsPatch, readObject, readOptions, readPatch } from './body.js';
import { type Exchange, type Reply, jsonReply } from './exchange.js';
import { type IncludeObject, type Presenter, presenter } from './present.js';
import { warn } from './warnings.js';
import { streamWatch } from './watch-stream.js';

/** What a path below `/api/v1` or `/apis/GROUP/VERSION` names. */
interface Route extends Target {
  readonly subresource: string;
  /** What follows a proxy's subresource. */
  readonly rest: string;
  /** The old form `/watch/…`. */
  readonly watch: boolean;
}

function route(kinds: Kinds, group: string, version: string, parts: readonly string[]): Route {
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

const flag = (value: string | null): boolean => value !== null && value !== 'false' && value !== '0';

const wholeNumber = (value: string | null): number | undefined => {
  if (value === null || value === '') return undefined;
  if (!/^-?\d+$/.test(value)) throw badRequest(`strconv.ParseInt: parsing "${value}": invalid syntax`);
  return Number(value);
};

function listRequest(query: URLSearchParams, name?: string): ListRequest {
  const one = (key: string): string | undefined => query.get(key) ?? undefined;
  const fields = name === undefined ? one('fieldSelector') : `metadata.name=${name}`;
  return {
    labelSelector: one('labelSelector'),
    fieldSelector: fields,
    limit: wholeNumber(query.get('limit')),
    continue: one('continue'),
    resourceVersion: one('resourceVersion'),
    resourceVersionMatch: one('resourceVersionMatch'),
    ...(query.get('sendInitialEvents') === null ? {} : { sendInitialEvents: flag(query.get('sendInitialEvents')) }),
  };
}

const optionKinds = { POST: 'CreateOptions', PUT: 'UpdateOptions', PATCH: 'PatchOptions' } as const;
const validations = ['', 'Ignore', 'Strict', 'Warn'] as const;
const managerLimit = 128;

function writeRequest({ method, query, request, user }: Exchange, warnings: string[]): WriteRequest {
  const dryRun = query.getAll('dryRun');
  const manager = query.get('fieldManager') ?? '';
  const validation = validations.find((known) => known === (query.get('fieldValidation') ?? ''));
  const causes: Cause[] = [];
  if (method === 'PATCH') {
    const applies = (request.headers['content-type'] ?? '').startsWith('application/apply-patch+');
    if (applies && manager === '') causes.push(required('fieldManager', 'is required for apply patch'));
    if (!applies && query.get('force') !== null) {
      causes.push(forbiddenField('force', 'may not be specified for non-apply patch'));
    }
  }
  if (Buffer.byteLength(manager) > managerLimit) causes.push(tooLong('fieldManager', managerLimit));
  causes.push(...dryRunCauses(dryRun));
  if (validation === undefined)
    causes.push(unsupported('fieldValidation', query.get('fieldValidation') ?? '', validations));
  if (causes.length > 0) {
    throw invalidOptions(
      method === 'POST' || method === 'PUT' || method === 'PATCH' ? optionKinds[method] : 'DeleteOptions',
      causes,
    );
  }
  // A client that does not name its manager is known by the first part of its user agent.
  const agent = (request.headers['user-agent'] ?? 'unknown').split('/')[0] ?? 'unknown';
  return {
    dryRun: dryRun.length > 0,
    manager: manager === '' ? agent.slice(0, managerLimit) : manager,
    fieldValidation: validation === undefined || validation === '' ? 'Warn' : validation,
    warnings,
    user,
  };
}

async function deleteRequest({ query, request }: Exchange): Promise<DeleteRequest> {
  const body = readDeleteOptions(await readOptions(request));
  const policy = query.get('propagationPolicy');
  const grace = wholeNumber(query.get('gracePeriodSeconds'));
  const orphan = query.get('orphanDependents');
  return {
    ...body,
    ...(policy === null ? {} : { propagationPolicy: policy }),
    ...(grace === undefined ? {} : { gracePeriodSeconds: grace }),
    ...(orphan === null ? {} : { orphanDependents: flag(orphan) }),
    ...(query.getAll('dryRun').includes('All') ? { dryRun: true } : {}),
  };
}

/** Whether a write of this sort is one that the kind has. */
function takes({ kind, name, subresource }: Route, method: string): boolean {
  if (method === 'POST') return kind.verbs.includes('create') && (name === undefined || subresource !== '');
  if (method === 'PUT') return kind.verbs.includes('update') && name !== undefined;
  if (method === 'PATCH') return kind.verbs.includes('patch') && name !== undefined;
  return kind.verbs.includes(name === undefined ? 'deletecollection' : 'delete');
}

/** What is said of kinds that are on their way out. */
function deprecation({ kind }: Target): readonly string[] {
  if (kind.store === 'endpoints')
    return ['v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice'];
  return kind.store === 'componentstatuses' ? ['v1 ComponentStatus is deprecated in v1.19+'] : [];
}

const preserved =
  'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning';

const includes = (value: string | null): IncludeObject => (value === 'None' || value === 'Object' ? value : 'Metadata');

/** The kind of what is read and written at a path. */
const spoken = ({ kind, subresource }: Route): Kind => (subresource === 'scale' ? scaleKind : kind);

/** Writes objects as the client wants to have them. */
const shownTo = (backend: Backend, { request, query }: Exchange, at: Route, form?: Form): Presenter =>
  presenter(spoken(at), form ?? chooseForm(request.headers.accept), includes(query.get('includeObject')), () =>
    backend.now(),
  );

/** Answers a request for objects. Answers nothing when it streamed its answer. */
export async function handleResource(
  backend: Backend,
  exchange: Exchange,
  group: string,
  version: string,
  parts: readonly string[],
): Promise<Reply | undefined> {
  const at = route(backend.kinds, group, version, parts);
  const { method } = exchange;
  if (at.subresource === 'proxy') return proxyToService(backend, exchange, at, at.rest);
  if (method === 'GET') return read(backend, exchange, at);
  if (usesRegexps(at.kind)) await loadRegexps();
  const taken = takes(at, method) && (method !== 'PATCH' || bringsPatch(exchange.request));
  const warnings: string[] = taken ? [...deprecation(at)] : [];
  try {
    return await write(backend, exchange, at, warnings);
  } finally {
    // Refusals carry them as well.
    warn(exchange.response, warnings);
  }
}

async function write(backend: Backend, exchange: Exchange, at: Route, warnings: string[]): Promise<Reply> {
  const { method } = exchange;
  const request = writeRequest(exchange, warnings);
  const reply = (status: number, object: JsonObject): Reply => {
    const form = object['kind'] === spoken(at).kind ? undefined : ({ form: 'object' } as const);
    return jsonReply(status, shownTo(backend, exchange, at, form).object(object));
  };
  switch (method) {
    case 'POST':
      if (at.kind.namespaced && at.namespace === undefined) throw methodNotAllowed();
      return reply(201, await create(backend, exchange, at, request));
    case 'PUT': {
      const subresource = written(at);
      const expected = at.subresource === 'scale' ? 'Scale' : at.kind.kind;
      const { value: body, duplicates } = await readObject(exchange.request, expected);
      const updated =
        at.subresource === 'scale'
          ? { object: updateScale(backend, at, body, request), created: false }
          : updateObject(backend, at, subresource, body, { ...request, duplicates });
      return reply(updated.created ? 201 : 200, updated.object);
    }
    case 'PATCH': {
      const { type, patch } = await readPatch(exchange.request);
      const { object, created } = patchObject(backend, at, written(at), patch, {
        ...request,
        type,
        force: flag(exchange.query.get('force')),
      });
      return reply(created ? 201 : 200, object);
    }
    case 'DELETE':
      return remove(backend, exchange, at, reply, warnings);
    default:
      throw methodNotAllowed();
  }
}

/** The subresource of a write, refused when the kind has none of that name or does not let it be written. */
function written(at: Route): string {
  if (at.name === undefined) throw methodNotAllowed();
  if (at.subresource === '') return '';
  const known = at.kind.subresources.find((sub) => sub.name === at.subresource);
  if (!known) throw resourceNotServed();
  if (!known.verbs.includes('update')) throw methodNotAllowed();
  return at.subresource;
}

async function create(backend: Backend, exchange: Exchange, at: Route, request: WriteRequest): Promise<JsonObject> {
  if (at.name !== undefined && at.subresource === '') throw methodNotAllowed();
  if (['exec', 'attach', 'portforward'].includes(at.subresource)) {
    getObject(backend, at);
    throw noStream(at.subresource);
  }
  const bodyKind =
    at.subresource === '' ? undefined : at.kind.subresources.find(({ name }) => name === at.subresource)?.kind;
  const { value: body, duplicates } = await readObject(exchange.request, bodyKind ?? at.kind.kind);
  if (at.subresource !== '') return createSubresource(backend, at, at.subresource, body, request);
  if (at.kind.plural === 'bindings') return bindByName(backend, at, body, request);
  const answered = review(backend, at, body, exchange.user, request);
  return answered ?? createObject(backend, at, body, { ...request, duplicates });
}

const noStream = (what: string): KubeError =>
  new KubeError(
    501,
    'NotImplemented',
    `pods/${what} is not served: pods of this cluster run without containers to enter; read their output with kubectl logs`,
  );

function remove(
  backend: Backend,
  exchange: Exchange,
  at: Route,
  reply: (status: number, object: JsonObject) => Reply,
  warnings: string[],
): Promise<Reply> {
  if (at.subresource !== '') throw methodNotAllowed();
  return deleteRequest(exchange).then((request) => {
    const unsaid = request.propagationPolicy === undefined && request.orphanDependents === undefined;
    if (storedKind(at.kind).store === 'jobs.batch' && unsaid) warnings.push(preserved);
    if (at.name === undefined) {
      const items = deleteCollection(backend, at, listRequest(exchange.query), request);
      const shown = shownTo(backend, exchange, at, { form: 'object' });
      return jsonReply(200, shown.list({ resourceVersion: String(backend.store.version), items }));
    }
    const { object, gone } = deleteObject(backend, at, request);
    if (!gone || returnsDeleted.has(storedKind(at.kind).store)) return reply(200, object);
    return jsonReply(200, {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: {
        name: at.name,
        ...(at.kind.group === '' ? {} : { group: at.kind.group }),
        kind: at.kind.plural,
        uid: textAt(object, 'metadata', 'uid') ?? '',
      },
    });
  });
}

/** Kinds whose deletion answers with the object itself rather than with a `Status`. */
const returnsDeleted = new Set([
  'namespaces',
  'persistentvolumeclaims',
  'persistentvolumes',
  'pods',
  'podtemplates',
  'resourcequotas',
  'serviceaccounts',
  'services',
  'csidrivers.storage.k8s.io',
  'csinodes.storage.k8s.io',
  'storageclasses.storage.k8s.io',
  'volumeattachments.storage.k8s.io',
]);

async function read(backend: Backend, exchange: Exchange, at: Route): Promise<Reply | undefined> {
  const { query } = exchange;
  if (at.subresource !== '') return readSubresource(backend, exchange, at);
  const shown = shownTo(backend, exchange, at);
  warn(exchange.response, deprecation(at));
  const watching = at.watch || (at.name === undefined && flag(query.get('watch')));
  if (at.name !== undefined && !at.kind.verbs.includes('get')) throw resourceNotServed();
  if (!watching && at.name !== undefined) return jsonReply(200, shown.object(getObject(backend, at)));
  if (watching) return watch(backend, exchange, at, shown);
  if (!at.kind.verbs.includes('list')) throw methodNotAllowed();
  return jsonReply(200, shown.list(listObjects(backend, at, listRequest(query))));
}

async function watch(backend: Backend, exchange: Exchange, at: Route, shown: Presenter): Promise<undefined> {
  const { query } = exchange;
  if (!at.kind.verbs.includes('watch')) throw methodNotAllowed();
  const list = listRequest(query, at.name);
  const end = new AbortController();
  const seconds = wholeNumber(query.get('timeoutSeconds'));
  // Unasked, a watch ends after half an hour to an hour, as the real server's do.
  const lifetime = seconds ?? 1800 + Math.floor(backend.random() * 1800);
  const timer = setTimeout(() => end.abort(), lifetime * 1000).unref();
  exchange.signal.addEventListener('abort', () => end.abort(), { once: true });
  try {
    const events = watchObjects(
      backend,
      at,
      {
        ...list,
        allowWatchBookmarks: flag(query.get('allowWatchBookmarks')),
      },
      end.signal,
    );
    await streamWatch(exchange.response, shown, events, end.signal, exchange.patience);
  } finally {
    clearTimeout(timer);
    end.abort();
  }
  return undefined;
}

function readSubresource(backend: Backend, exchange: Exchange, at: Route): Promise<Reply | undefined> | Reply {
  const known = at.kind.subresources.find((sub) => sub.name === at.subresource);
  if (!known) throw resourceNotServed();
  switch (at.subresource) {
    case 'status':
    case 'ephemeralcontainers':
    case 'resize':
      return jsonReply(200, shownTo(backend, exchange, at).object(getObject(backend, at)));
    case 'scale':
      return jsonReply(200, shownTo(backend, exchange, at).object(getScale(backend, at)));
    case 'log':
      return streamPodLog(backend, exchange, at);
    case 'exec':
    case 'attach':
    case 'portforward':
      getObject(backend, at);
      throw noStream(at.subresource);
    default:
      throw methodNotAllowed();
  }
}
