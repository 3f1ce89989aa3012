import type { JsonObject } from '../json/tree.js';
import type { EventLog } from './event-log.js';

/** Objects of one kind in the order of their keys, and the version the listing stands for. */
export interface Listing {
  readonly version: number;
  readonly objects: readonly JsonObject[];
}

/**
 * Where objects are kept. Objects in it are frozen: readers share them. Keys are `NAMESPACE/NAME`, or `NAME` for kinds of the
 * whole cluster. A write makes the next version, sets it as the object's `metadata.resourceVersion` and appends to the
 * kind's log. Existence and versions are checked by the caller, in the same turn of the event loop.
 */
export interface Store {
  /** The version of the latest write of any kind. */
  readonly version: number;
  get(kind: string, key: string): JsonObject | undefined;
  /** All objects of a kind, or those of one namespace. */
  list(kind: string, namespace?: string): Listing;
  /** Stores (a new or changed object) and returns it with its version, frozen. Throws 500 for one that etcd would not take: more than 1.5 MiB. */
  put(kind: string, key: string, object: JsonObject): JsonObject;
  /** Removes an object and returns it as its watchers see it go. */
  remove(kind: string, key: string): JsonObject | undefined;
  log(kind: string): EventLog;
}
