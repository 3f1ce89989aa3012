import type { IncomingMessage } from 'node:http';
import { KubeError, type PatchType } from '@kmd/kube-client';
import { badRequest, methodNotAllowed, unsupportedMediaType } from '../errors.js';
import { goQuoted } from '../json/go.js';
import { type JsonObject, textAt } from '../json/tree.js';
import { type Kind, groupVersion } from '../kinds/kind.js';
import { scaleKind, storedKind } from '../kinds/table.js';
import { bindByName } from '../pods/binding.js';
import { streamPodLog } from '../pods/log.js';
import { noStream } from '../pods/stream.js';
import { patchTypeOf, patchTypesOf } from '../patch/types.js';
import type { Backend, WriteRequest } from '../requests/backend.js';
import { createObject } from '../requests/create.js';
import { type Spoken, checkKind } from '../requests/decode.js';
import { deleteCollection, deleteObject } from '../requests/delete.js';
import { loadLibraries } from '../requests/libraries.js';
import { patchObject } from '../requests/patch.js';
import { checkMatch, getObject, listObjects, watchObjects } from '../requests/read.js';
import { review } from '../requests/review.js';
import { getScale, updateScale } from '../requests/scale.js';
import { createSubresource } from '../requests/subresource.js';
import type { Target } from '../requests/target.js';
import { updateObject } from '../requests/update.js';
import { watchLifetime } from '../requests/watch-lifetime.js';
import { proxyToService } from '../services/proxy.js';
import { checkAccept, chooseForm, chooseStreamForm } from './accept.js';
import { type Body, checkObjectType, isEmpty, mediaTypeOf, parseObject, parsePatch, receive } from './body.js';
import { type Exchange, type Reply, jsonReply } from './exchange.js';
import { deleteRequest, flag, listRequest, writeRequest } from './options.js';
import { type IncludeObject, type Presenter, presenter } from './present.js';
import { type Route, checkMethod, readRoute } from './route.js';
import { warn } from './warnings.js';
import { streamWatch } from './watch-stream.js';

/** What is said of kinds that are on their way out. */
function deprecation({ kind }: Target): readonly string[] {
  if (kind.store === 'endpoints')
    return ['v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice'];
  return kind.store === 'componentstatuses' ? ['v1 ComponentStatus is deprecated in v1.19+'] : [];
}

const preserved =
  'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning';

/** What a table's rows are to hold. Throws 400. */
function includes(value: string | null): IncludeObject {
  if (value === 'None' || value === 'Object' || value === 'Metadata') return value;
  if (value === null || value === '') return 'Metadata';
  throw badRequest(
    `Unable to convert to Table as requested: includeObject: Invalid value: ${goQuoted(value)}: must be 'Metadata', 'Object', 'None', or empty`,
  );
}

/** The kind of what is read and written at a path. */
const spoken = ({ kind, subresource }: Route): Kind => (subresource === 'scale' ? scaleKind : kind);

/** The kind of what is sent to a path. */
function sentTo({ kind, subresource }: Route): Spoken {
  const known = kind.subresources.find(({ name }) => name === subresource);
  if (known?.kind === undefined) return kind;
  const { group, version } = { ...kind, ...known };
  return { group, version, kind: known.kind };
}

/** Writes objects as the client wants to have them. */
function shownTo(
  backend: Backend,
  { request, query }: Exchange,
  at: Route,
  form = chooseForm(request.headers.accept),
): Presenter {
  const include = form.form === 'table' ? includes(query.get('includeObject')) : 'Metadata';
  return presenter(spoken(at), form, include, () => backend.now());
}

/** Answers a request for objects. Answers nothing when it streamed its answer. */
export async function handleResource(
  backend: Backend,
  exchange: Exchange,
  group: string,
  version: string,
  parts: readonly string[],
): Promise<Reply | undefined> {
  const at = readRoute(backend.kinds, group, version, parts);
  const { method, request } = exchange;
  if (at.subresource === 'proxy') return proxyToService(backend, exchange, at, at.rest);
  checkMethod(at, method);
  if (method === 'PATCH') checkPatchType(at, request);
  if (at.kind.custom === undefined && at.subresource !== 'log') {
    checkAccept(request.headers.accept, method === 'GET' && at.name === undefined);
  }
  if (method === 'GET' || method === 'HEAD') return read(backend, exchange, at);
  await loadLibraries(at.kind);
  const warnings: string[] = [...deprecation(at)];
  try {
    return await write(backend, exchange, at, warnings);
  } finally {
    // Refusals carry them as well.
    warn(exchange.response, warnings);
  }
}

async function write(backend: Backend, exchange: Exchange, at: Route, warnings: string[]): Promise<Reply> {
  const { method, request, query } = exchange;
  const shown = shownTo(backend, exchange, at);
  const reply = (status: number, object: JsonObject): Reply =>
    jsonReply(
      status,
      (object['kind'] === spoken(at).kind ? shown : shownTo(backend, exchange, at, { form: 'object' })).object(object),
    );
  switch (method) {
    case 'POST': {
      checkObjectType(request);
      const body = await receive(request);
      return reply(201, await create(backend, exchange, at, body, writeRequest(exchange, method, warnings)));
    }
    case 'PUT': {
      const body = await receive(request);
      const asked = writeRequest(exchange, method, warnings);
      checkObjectType(request);
      const { value, duplicates } = await parseObject(
        body,
        spoken(at).kind,
        spoken(at).custom && groupVersion(at.kind),
      );
      if (at.subresource === 'scale') checkKind(value, scaleKind);
      const updated =
        at.subresource === 'scale'
          ? { object: updateScale(backend, at, value, asked), created: false }
          : updateObject(backend, at, at.subresource, value, { ...asked, duplicates });
      return reply(updated.created ? 201 : 200, updated.object);
    }
    case 'PATCH': {
      const type = checkPatchType(at, request);
      const body = await receive(request);
      const asked = writeRequest(exchange, method, warnings);
      // What is not there is told before what is wrong with its patch.
      if (type !== 'apply') getObject(backend, at);
      const patch = await parsePatch(body, type);
      const { object, created } = patchObject(backend, at, at.subresource, patch, {
        ...asked,
        type,
        force: flag(query.get('force')),
      });
      return reply(created ? 201 : 200, object);
    }
    default:
      return remove(backend, exchange, at, reply, warnings);
  }
}

/** Refuses (415) a patch of a type that the kind does not take. */
function checkPatchType({ kind }: Route, request: IncomingMessage): PatchType {
  const type = patchTypeOf(mediaTypeOf(request));
  if (kind.custom && (type === undefined || type === 'strategic')) throw unsupportedMediaType(patchTypesOf(kind));
  if (type === undefined)
    throw new KubeError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', { details: {} });
  return type;
}

async function create(
  backend: Backend,
  exchange: Exchange,
  at: Route,
  body: Body,
  request: WriteRequest,
): Promise<JsonObject> {
  if (['exec', 'attach', 'portforward'].includes(at.subresource)) {
    throw noStream(getObject(backend, at), at.subresource);
  }
  const sent = sentTo(at);
  const { value, duplicates } = await parseObject(body, sent.kind, sent.custom && groupVersion(sent));
  checkKind(value, sent);
  if (at.subresource !== '') return createSubresource(backend, at, at.subresource, value, request);
  if (at.kind.plural === 'bindings') return bindByName(backend, at, value, request);
  const answered = review(backend, at, value, exchange.user, request);
  return answered ?? createObject(backend, at, value, { ...request, duplicates });
}

async function remove(
  backend: Backend,
  exchange: Exchange,
  at: Route,
  reply: (status: number, object: JsonObject) => Reply,
  warnings: string[],
): Promise<Reply> {
  const chosen = at.name === undefined ? listRequest(exchange.query) : undefined;
  if (chosen) checkMatch(chosen, false);
  const body = await receive(exchange.request);
  if (!isEmpty(body)) checkObjectType(exchange.request);
  const request = await deleteRequest(exchange, body);
  const unsaid = request.propagationPolicy === undefined && request.orphanDependents === undefined;
  if (storedKind(at.kind).store === 'jobs.batch' && unsaid) warnings.push(preserved);
  if (chosen) {
    const items = deleteCollection(backend, at, chosen, request);
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

const askedVersion = ({ query }: Exchange): string | undefined => query.get('resourceVersion') ?? undefined;

async function read(backend: Backend, exchange: Exchange, at: Route): Promise<Reply | undefined> {
  const { query } = exchange;
  if (at.subresource !== '') return readSubresource(backend, exchange, at);
  warn(exchange.response, deprecation(at));
  const watching = at.watch || (at.name === undefined && flag(query.get('watch')));
  if (watching)
    return watch(
      backend,
      exchange,
      at,
      shownTo(backend, exchange, at, chooseStreamForm(exchange.request.headers.accept)),
    );
  const shown = shownTo(backend, exchange, at);
  if (at.name !== undefined) return jsonReply(200, shown.object(getObject(backend, at, askedVersion(exchange))));
  return jsonReply(200, shown.list(listObjects(backend, at, listRequest(query))));
}

async function watch(backend: Backend, exchange: Exchange, at: Route, shown: Presenter): Promise<undefined> {
  const { query } = exchange;
  const list = listRequest(query, at.name);
  const end = new AbortController();
  const timer = setTimeout(
    () => end.abort(),
    watchLifetime(list.timeoutSeconds, () => backend.random()),
  ).unref();
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
  switch (at.subresource) {
    case 'status':
    case 'ephemeralcontainers':
    case 'resize':
      return jsonReply(200, shownTo(backend, exchange, at).object(getObject(backend, at, askedVersion(exchange))));
    case 'scale':
      getObject(backend, at, askedVersion(exchange));
      return jsonReply(200, shownTo(backend, exchange, at).object(getScale(backend, at)));
    case 'log':
      return streamPodLog(backend, exchange, at);
    case 'exec':
    case 'attach':
    case 'portforward':
      throw noStream(getObject(backend, at), at.subresource);
    default:
      throw methodNotAllowed();
  }
}
