import type { ObjectMeta } from 'kubernetes-types/meta/v1.js';

/** Any Kubernetes object as JSON: what every stored kind has in common. */
export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata?: ObjectMeta;
}

/** A kind that an API server serves: where it lives, and (only for the compiler) the shape of its objects. */
export interface Resource<T extends KubeObject = KubeObject> {
  /** API group; the empty string is the core group, served below `/api`. */
  readonly group: string;
  readonly version: string;
  /** Plural name as in the URL, for instance `pods`. */
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Never set: carries `T` for type inference. */
  readonly __object?: T;
}

export interface List<T> {
  apiVersion?: string;
  kind?: string;
  metadata: { resourceVersion?: string; continue?: string; remainingItemCount?: number };
  items: T[];
}

/** One event of a watch. An `ERROR` event is not delivered: the iteration throws a `KubeError` (410 for an expired version). */
export interface WatchEvent<T> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  object: T;
}

export interface RequestOptions {
  /** Namespace of a namespaced resource. Required for single objects; absent on `list` and `watch` means all namespaces. */
  namespace?: string | undefined;
  signal?: AbortSignal | undefined;
}

export interface ListOptions extends RequestOptions {
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
  /** Objects a page at most; the answer's `metadata.continue` asks for the next page. */
  limit?: number | undefined;
  continue?: string | undefined;
  resourceVersion?: string | undefined;
  resourceVersionMatch?: 'Exact' | 'NotOlderThan' | undefined;
}

export interface WatchOptions extends RequestOptions {
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
  /** Start after this version; absent or "0": begin with ADDED events of what exists. */
  resourceVersion?: string | undefined;
  allowWatchBookmarks?: boolean | undefined;
  /** Seconds after which the server ends the watch. */
  timeoutSeconds?: number | undefined;
}

export interface WriteOptions extends RequestOptions {
  /** Validate and answer, store nothing. */
  dryRun?: boolean | undefined;
  fieldManager?: string | undefined;
  /** Write this subresource instead of the object itself, for instance `status`. */
  subresource?: string | undefined;
}

/** Media types of PATCH: RFC 6902, RFC 7386, Kubernetes' strategic merge, server-side apply. */
export type PatchType = 'json' | 'merge' | 'strategic' | 'apply';

export interface PatchOptions extends WriteOptions {
  type: PatchType;
  /** Server-side apply: take over fields that other managers own. */
  force?: boolean | undefined;
}

export interface DeleteOptions extends RequestOptions {
  gracePeriodSeconds?: number | undefined;
  propagationPolicy?: 'Orphan' | 'Background' | 'Foreground' | undefined;
  preconditions?: { uid?: string; resourceVersion?: string } | undefined;
}

/**
 * The Kubernetes API as the rest of this workspace uses it. `createKubeClient` speaks it over HTTP(S) to any API server; the
 * embedded API server offers the same in its own process. Every refusal is a `KubeError`.
 */
export interface KubeApi {
  get<T extends KubeObject>(resource: Resource<T>, name: string, options?: RequestOptions): Promise<T>;
  list<T extends KubeObject>(resource: Resource<T>, options?: ListOptions): Promise<List<T>>;
  watch<T extends KubeObject>(resource: Resource<T>, options?: WatchOptions): AsyncIterable<WatchEvent<T>>;
  create<T extends KubeObject>(resource: Resource<T>, object: T, options?: WriteOptions): Promise<T>;
  /** PUT: the object's name and namespace come from its metadata; `metadata.resourceVersion`, when set, must be current. */
  update<T extends KubeObject>(resource: Resource<T>, object: T, options?: WriteOptions): Promise<T>;
  patch<T extends KubeObject>(resource: Resource<T>, name: string, patch: unknown, options: PatchOptions): Promise<T>;
  /** Deletes one object; resolves to the object (deletion under way) or to nothing more than it being gone. */
  delete<T extends KubeObject>(resource: Resource<T>, name: string, options?: DeleteOptions): Promise<void>;
  /** POST to a subresource, for instance a `Binding` to `pods/NAME/binding`. */
  createSubresource<T extends KubeObject>(
    resource: Resource<T>,
    name: string,
    subresource: string,
    object: unknown,
    options?: WriteOptions,
  ): Promise<unknown>;
}
