import {
  type DeleteOptions,
  type KubeApi,
  KubeError,
  type KubeObject,
  type List,
  type ListOptions,
  type PatchOptions,
  type RequestOptions,
  type Resource,
  type WatchEvent,
  type WatchOptions,
  type WriteOptions,
} from '@kmd/kube-client';
import { insecureUser } from '../auth/authenticate.js';
import { badRequest, resourceNotServed } from '../errors.js';
import { type Json, type JsonObject, clone, isObject } from '../json/tree.js';
import { type Kind, groupVersion } from '../kinds/kind.js';
import type { Backend, WriteRequest } from './backend.js';
import { createObject } from './create.js';
import { deleteObject } from './delete.js';
import { loadLibraries } from './libraries.js';
import { patchObject } from './patch.js';
import { getObject, listObjects, watchObjects } from './read.js';
import { review } from './review.js';
import { getScale, updateScale } from './scale.js';
import { createSubresource } from './subresource.js';
import type { Target } from './target.js';
import { updateObject } from './update.js';
import { watchLifetime } from './watch-lifetime.js';

const target = (backend: Backend, resource: Resource, namespace: string | undefined, name?: string): Target => {
  const kind = backend.kinds.find(resource.group, resource.version, resource.plural);
  if (!kind) throw resourceNotServed();
  return { kind, namespace, name };
};

// The port is typed by the caller's `Resource<T>`: what is stored for a kind conforms to that kind's definition.
const out = <T>(object: JsonObject): T => clone(object) as unknown as T;

const write = (options: WriteOptions | undefined): WriteRequest => ({
  fieldValidation: 'Ignore',
  ...(options?.dryRun === undefined ? {} : { dryRun: options.dryRun }),
  ...(options?.fieldManager === undefined ? {} : { manager: options.fieldManager }),
});

/** Plain JSON of whatever a caller hands over: `undefined` fields go, dates become text. */
function json(value: unknown): Json {
  if (value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(json);
  if (typeof value === 'object' && value !== null) {
    const copy: JsonObject = {};
    for (const [key, item] of Object.entries(value)) if (item !== undefined) copy[key] = json(item);
    return copy;
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (value === null) return null;
  throw badRequest(`the object holds a ${typeof value}, which JSON has no form for`);
}

function metadataOf(object: KubeObject): { name: string | undefined; namespace: string | undefined } {
  return { name: object.metadata?.name, namespace: object.metadata?.namespace };
}

/**
 * The API of a server for callers in its own process: the same steps as over HTTP, without sockets and bytes. Objects that
 * `get`, `list` and the writes return are the caller's own; those of a watch are frozen, for all watchers share them.
 */
export function inProcessApi(backend: Backend, closed: AbortSignal): KubeApi {
  const check = (signal: AbortSignal | undefined): void => {
    signal?.throwIfAborted();
    if (closed.aborted) throw new KubeError(0, 'Unreachable', 'the API server is closed: start it again');
  };
  return {
    async get<T extends KubeObject>(resource: Resource<T>, name: string, options?: RequestOptions): Promise<T> {
      check(options?.signal);
      return out<T>(getObject(backend, target(backend, resource, options?.namespace, name)));
    },
    async list<T extends KubeObject>(resource: Resource<T>, options: ListOptions = {}): Promise<List<T>> {
      check(options.signal);
      const at = target(backend, resource, options.namespace);
      const answer = listObjects(backend, at, options);
      return {
        apiVersion: groupVersion(at.kind),
        kind: `${at.kind.kind}List`,
        metadata: {
          resourceVersion: answer.resourceVersion,
          ...(answer.continue === undefined ? {} : { continue: answer.continue }),
          ...(answer.remainingItemCount === undefined ? {} : { remainingItemCount: answer.remainingItemCount }),
        },
        items: answer.items.map((item) => out<T>(item)),
      };
    },
    watch<T extends KubeObject>(resource: Resource<T>, options: WatchOptions = {}): AsyncIterable<WatchEvent<T>> {
      return {
        [Symbol.asyncIterator]: () => watch<T>(backend, resource, options, closed, check),
      };
    },
    async create<T extends KubeObject>(resource: Resource<T>, object: T, options?: WriteOptions): Promise<T> {
      check(options?.signal);
      const { namespace } = metadataOf(object);
      const at = target(backend, resource, options?.namespace ?? namespace);
      await loadLibraries(at.kind);
      const [body, request] = [json(object), write(options)];
      return out<T>(review(backend, at, body, insecureUser, request) ?? createObject(backend, at, body, request));
    },
    async update<T extends KubeObject>(resource: Resource<T>, object: T, options?: WriteOptions): Promise<T> {
      check(options?.signal);
      const { name, namespace } = metadataOf(object);
      const at = target(backend, resource, options?.namespace ?? namespace, name);
      const subresource = options?.subresource ?? '';
      await loadLibraries(at.kind);
      const updated =
        subresource === 'scale'
          ? updateScale(backend, at, json(object), write(options))
          : updateObject(backend, at, checked(at.kind, subresource), json(object), write(options)).object;
      return out<T>(updated);
    },
    async patch<T extends KubeObject>(
      resource: Resource<T>,
      name: string,
      patch: unknown,
      options: PatchOptions,
    ): Promise<T> {
      check(options.signal);
      const at = target(backend, resource, options.namespace, name);
      const subresource = checked(at.kind, options.subresource ?? '');
      await loadLibraries(at.kind);
      const { object } = patchObject(backend, at, subresource, json(patch), {
        ...write(options),
        type: options.type,
        ...(options.force === undefined ? {} : { force: options.force }),
      });
      return out<T>(object);
    },
    async delete<T extends KubeObject>(
      resource: Resource<T>,
      name: string,
      options: DeleteOptions = {},
    ): Promise<void> {
      check(options.signal);
      deleteObject(backend, target(backend, resource, options.namespace, name), options);
    },
    async createSubresource<T extends KubeObject>(
      resource: Resource<T>,
      name: string,
      subresource: string,
      object: unknown,
      options?: WriteOptions,
    ): Promise<unknown> {
      check(options?.signal);
      const at = target(backend, resource, options?.namespace, name);
      if (subresource === 'scale') return clone(getScale(backend, at));
      return clone(createSubresource(backend, at, subresource, json(object), write(options)));
    },
  };
}

/** A subresource that is written like its object. */
function checked(kind: Kind, subresource: string): string {
  if (subresource !== '' && !kind.subresources.some((known) => known.name === subresource)) throw resourceNotServed();
  return subresource;
}

async function* watch<T extends KubeObject>(
  backend: Backend,
  resource: Resource<T>,
  options: WatchOptions,
  closed: AbortSignal,
  check: (signal: AbortSignal | undefined) => void,
): AsyncGenerator<WatchEvent<T>, void, void> {
  check(options.signal);
  const end = new AbortController();
  const signals = [closed, end.signal, ...(options.signal ? [options.signal] : [])];
  const signal = AbortSignal.any(signals);
  const timer =
    options.timeoutSeconds === undefined
      ? undefined
      : setTimeout(
          () => end.abort(),
          watchLifetime(options.timeoutSeconds, () => backend.random()),
        ).unref();
  try {
    const events = watchObjects(backend, target(backend, resource, options.namespace), options, signal);
    for await (const batch of events) {
      for (const { type, object } of batch) {
        if (signal.aborted) return;
        if (isObject(object)) yield { type, object: object as unknown as T };
      }
    }
  } finally {
    clearTimeout(timer);
    end.abort();
  }
}
