import { KubeError } from '@kmd/kube-client';
import { type Cause, badRequest, invalidOptions, notFound, unsorted } from '../errors.js';
import { goQuoted } from '../json/go.js';
import { jsonProblem } from '../json/scan.js';
import { type JsonObject, objectAt, textAt } from '../json/tree.js';
import { serve } from '../kinds/conversion.js';
import { type Kind, groupVersion } from '../kinds/kind.js';
import { emptyOf } from '../kinds/empty.js';
import { forbiddenField, unsupported } from '../kinds/validation/field.js';
import type { Listing } from '../storage/store.js';
import { type Sighting, follow } from '../storage/watch.js';
import { parseLabelSelector } from '../storage/label-selector.js';
import { parseFieldSelector } from '../storage/selector.js';
import { type Backend, keyOf } from './backend.js';
import { type Target, named } from './target.js';
import { componentStatuses } from './component-statuses.js';

export interface ListRequest {
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly limit?: number | undefined;
  /** How long a watch lives. */
  readonly timeoutSeconds?: number | undefined;
  readonly continue?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly resourceVersionMatch?: string | undefined;
  readonly sendInitialEvents?: boolean | undefined;
}

export interface ListAnswer {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
  /** Frozen and shared: copy before changing. */
  readonly items: readonly JsonObject[];
}

export interface WatchRequest {
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly resourceVersionMatch?: string | undefined;
  readonly allowWatchBookmarks?: boolean | undefined;
  readonly sendInitialEvents?: boolean | undefined;
}

export type WatchSighting = Sighting | { readonly type: 'BOOKMARK'; readonly object: JsonObject };

/**
 * One object, frozen, in the form its kind is served. Throws 404.
 * @param version as a list takes it: what is there is told, if the store has come so far
 */
export function getObject(backend: Backend, target: Target, version?: string): JsonObject {
  const { kind, namespace, name } = named(target);
  // Events are not cached by the real server, and refused by what stores them.
  const refuse = kind.store === 'events' ? invalidVersion : unsorted;
  checkReached(backend, parseVersion(version, refuse));
  if (kind.store === 'componentstatuses') {
    const found = componentStatuses().find((status) => textAt(status, 'metadata', 'name') === name);
    if (!found) throw notFound({ group: '', plural: 'componentstatus' }, name);
    return found;
  }
  const found = backend.store.get(kind.store, keyOf(namespace, name));
  if (!found) throw notFound(kind, name);
  return serve(found, kind);
}

/** @param refuse how lists and watches refuse what is no version, each in its own way */
function parseVersion(text: string | undefined, refuse: (why: string) => KubeError): number | undefined {
  if (text === undefined || text === '') return undefined;
  const shown = goQuoted(text);
  const why = !/^\d+$/.test(text) ? 'invalid syntax' : BigInt(text) >= 2n ** 64n ? 'value out of range' : undefined;
  if (why !== undefined)
    throw refuse(`resourceVersion: Invalid value: ${shown}: strconv.ParseUint: parsing ${shown}: ${why}`);
  return Number(text);
}

const invalidVersion = (why: string): KubeError => badRequest(`invalid resource version: ${why}`);

/** Refuses (504) a version that has not come yet. */
function checkReached({ store }: Backend, asked: number | undefined): void {
  if (asked === undefined || asked <= store.version) return;
  throw new KubeError(504, 'Timeout', `Too large resource version: ${asked}, current: ${store.version}`, {
    details: {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
  });
}

const matches = ['Exact', 'NotOlderThan', ''];

/** The rules of `resourceVersionMatch` and `sendInitialEvents`. Throws 422. */
export function checkMatch(request: ListRequest, watching: boolean): void {
  const match = request.resourceVersionMatch ?? '';
  const version = request.resourceVersion ?? '';
  const causes: Cause[] = [];
  const forbid = (field: string, why: string): void => void causes.push(forbiddenField(field, why));
  if (watching) {
    if (request.sendInitialEvents === undefined) {
      if (match !== '') {
        forbid(
          'resourceVersionMatch',
          'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
        );
      }
    } else if (match !== 'NotOlderThan') {
      forbid('resourceVersionMatch', 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
    }
  } else {
    if (match !== '') {
      if (version === '')
        forbid('resourceVersionMatch', 'resourceVersionMatch is forbidden unless resourceVersion is provided');
      if ((request.continue ?? '') !== '')
        forbid('resourceVersionMatch', 'resourceVersionMatch is forbidden when continue is provided');
      if (!matches.includes(match)) causes.push(unsupported('resourceVersionMatch', match, matches));
      if (match === 'Exact' && version === '0') {
        forbid('resourceVersionMatch', 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
      }
    }
    if (request.sendInitialEvents !== undefined) forbid('sendInitialEvents', 'sendInitialEvents is forbidden for list');
  }
  if (causes.length > 0) throw invalidOptions('ListOptions', causes);
}

/** The place after which a continued list goes on, and the version of its first page. */
interface Continuation {
  readonly version: number;
  readonly after: string;
}

function readContinuation(token: string): Continuation {
  const bytes = Buffer.from(token, 'base64url');
  // Letter by letter as the real decoder reads it.
  const problem = jsonProblem(bytes.toString('latin1'));
  if (problem !== undefined) throw badRequest(`invalid continue token: continue key is not valid: ${problem}`);
  try {
    const parsed: unknown = JSON.parse(bytes.toString('utf8'));
    if (typeof parsed === 'object' && parsed !== null && 'rv' in parsed && 'after' in parsed) {
      const { rv, after } = parsed;
      if (typeof rv === 'number' && typeof after === 'string') return { version: rv, after };
    }
  } catch {
    // Not a token of this server.
  }
  throw badRequest(
    'invalid continue token: continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)',
  );
}

const keyed = (object: JsonObject): string =>
  keyOf(textAt(object, 'metadata', 'namespace'), textAt(object, 'metadata', 'name') ?? '');

/** The objects of a kind as they were at a version, from what is kept of the changes since. Throws 410 when they are no longer kept. */
function listAt(backend: Backend, kind: Kind, namespace: string | undefined, version: number): Listing {
  const log = backend.store.log(kind.store);
  const { objects } = backend.store.list(kind.store, namespace);
  let place: number;
  try {
    place = log.placeAfter(version);
  } catch (cause) {
    throw new KubeError(410, 'Expired', 'The resourceVersion for the provided list is too old.', { cause });
  }
  if (place === log.end) return { version, objects };
  const found = new Map(objects.map((object) => [keyed(object), object]));
  for (let at = log.end - 1; at >= place; at--) {
    const change = log.read(at);
    if (!change) continue;
    if (namespace !== undefined && textAt(change.object, 'metadata', 'namespace') !== namespace) continue;
    if (change.previous) found.set(keyed(change.object), change.previous);
    else found.delete(keyed(change.object));
  }
  const sorted = [...found].sort(([a], [b]) => (a < b ? -1 : 1));
  return { version, objects: sorted.map(([, object]) => object) };
}

export function listObjects(backend: Backend, target: Target, request: ListRequest): ListAnswer {
  const { kind } = target;
  const labels = parseLabelSelector(request.labelSelector);
  const fields = parseFieldSelector(request.fieldSelector, kind);
  if (kind.store === 'componentstatuses') return { resourceVersion: '', items: componentStatuses().filter(labels) };
  const namespace = target.namespace === '' ? undefined : target.namespace;
  checkMatch(request, false);
  const asked = parseVersion(request.resourceVersion, invalidVersion);
  const match = request.resourceVersionMatch;
  checkReached(backend, asked);
  const continuation =
    request.continue === undefined || request.continue === '' ? undefined : readContinuation(request.continue);
  const past = continuation?.version ?? (match === 'Exact' ? asked : undefined);
  const listing =
    past === undefined ? backend.store.list(kind.store, namespace) : listAt(backend, kind, namespace, past);
  let items = listing.objects.filter((object) => labels(object) && fields.matches(object));
  if (continuation) items = items.filter((object) => keyed(object) > continuation.after);
  const version = String(continuation?.version ?? listing.version);
  const limit = request.limit ?? 0;
  if (limit > 0 && items.length > limit) {
    const page = items.slice(0, limit);
    const last = page.at(-1);
    const token: Record<string, unknown> = { rv: Number(version), after: last ? keyed(last) : '' };
    const whole = (request.labelSelector ?? '') === '' && (request.fieldSelector ?? '') === '';
    return {
      resourceVersion: version,
      continue: Buffer.from(JSON.stringify(token)).toString('base64url'),
      ...(whole ? { remainingItemCount: items.length - limit } : {}),
      items: page.map((object) => serve(object, kind)),
    };
  }
  return { resourceVersion: version, items: items.map((object) => serve(object, kind)) };
}

/** What tells a watcher that it has seen all that there was, and what an empty list of it would look like. */
function initialEventsEnd(kind: Kind): JsonObject {
  const empty = { kind: `${kind.kind}List`, apiVersion: groupVersion(kind), metadata: {}, items: null };
  return {
    'k8s.io/initial-events-end': 'true',
    'kubernetes.io/initial-events-list-blueprint': Buffer.from(`${JSON.stringify(empty)}\n`).toString('base64'),
  };
}

/** Every minute a watcher that asked for bookmarks learns how far it has come. */
const bookmarkMilliseconds = 60_000;

/**
 * Starts a watch: what is refused is refused here, before the first event. The objects are frozen and shared. Throws 410
 * (`Expired`), at once or later, when changes that the watcher has not seen are no longer kept.
 */
export function watchObjects(
  backend: Backend,
  target: Target,
  request: WatchRequest,
  signal: AbortSignal,
): AsyncGenerator<readonly WatchSighting[], void, void> {
  const { kind } = target;
  const labels = parseLabelSelector(request.labelSelector);
  const fields = parseFieldSelector(request.fieldSelector, kind);
  const namespace = target.namespace === '' ? undefined : target.namespace;
  checkMatch(request, true);
  const asked = parseVersion(request.resourceVersion, unsorted);
  const matching = (object: JsonObject): boolean =>
    (namespace === undefined || textAt(object, 'metadata', 'namespace') === namespace) &&
    labels(object) &&
    fields.matches(object);
  const log = backend.store.log(kind.store);
  const initial = request.sendInitialEvents ?? (asked === undefined || asked === 0);
  const place = initial || asked === undefined || asked === 0 ? log.end : log.placeAfter(asked);
  const version = backend.store.version;
  const existing = initial ? backend.store.list(kind.store, namespace).objects.filter(matching) : [];
  return run(backend, target, request, signal, {
    log,
    place,
    version,
    existing,
    matches: matching,
    topic: fields.topic,
  });
}

async function* run(
  backend: Backend,
  { kind }: Target,
  request: WatchRequest,
  signal: AbortSignal,
  start: {
    log: ReturnType<Backend['store']['log']>;
    place: number;
    version: number;
    existing: readonly JsonObject[];
    matches: (object: JsonObject) => boolean;
    topic: string | undefined;
  },
): AsyncGenerator<readonly WatchSighting[], void, void> {
  const bookmark = (version: number, notes: JsonObject = {}): WatchSighting => {
    const { metadata, ...empty } = emptyOf(kind);
    const annotations = { ...objectAt(metadata, 'annotations'), ...notes };
    const own = { resourceVersion: String(version), creationTimestamp: null };
    return {
      type: 'BOOKMARK',
      object: {
        kind: kind.kind,
        apiVersion: groupVersion(kind),
        metadata: Object.keys(annotations).length === 0 ? own : { ...own, annotations },
        ...empty,
      },
    };
  };
  if (start.existing.length > 0) {
    yield start.existing.map((object) => ({ type: 'ADDED', object: serve(object, kind) }) as const);
  }
  if (request.sendInitialEvents === true && request.allowWatchBookmarks === true) {
    yield [bookmark(start.version, initialEventsEnd(kind))];
  }
  const tick = request.allowWatchBookmarks === true ? bookmarkMilliseconds : undefined;
  for await (const batch of follow(start.log, start.place, start.matches, signal, { tick, topic: start.topic })) {
    // Nothing of the kind is unseen when a batch is empty, so the bookmark may say the newest version.
    yield batch.length === 0
      ? [bookmark(backend.store.version)]
      : batch.map(({ type, object }) => ({ type, object: serve(object, kind) }));
  }
}
