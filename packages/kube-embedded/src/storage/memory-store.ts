import { unsorted } from '../errors.js';
import { textOf } from '../json/text.js';
import { type JsonObject, ensureObject, freeze, isObject } from '../json/tree.js';
import { EventLog } from './event-log.js';
import { topicOf } from './selector.js';
import type { Listing, Store } from './store.js';

interface Shelf {
  readonly objects: Map<string, JsonObject>;
  readonly log: EventLog;
  /** Keys in order; undefined after a key came or went. */
  keys: readonly string[] | undefined;
}

/** A write about to take effect: an object put, or (without one) a key removed. */
export interface Write {
  readonly version: number;
  readonly kind: string;
  readonly key: string;
  readonly object?: JsonObject;
}

export interface MemoryStoreOptions {
  history?: number;
  /** Called before each write takes effect; when it throws, the write does not. */
  onWrite?: (write: Write) => void;
  /** What there is at the beginning: frozen objects by kind and key. Changes before `version` are not known. */
  initial?: { readonly version: number; readonly objects: ReadonlyMap<string, ReadonlyMap<string, JsonObject>> };
}

/** The bytes of one object's JSON that are kept at most: what etcd takes in a request (its `--max-request-bytes`). */
const sizeLimit = 1.5 * 1024 * 1024;

/** A `Store` in memory. `history` is the number of changes kept for each kind (at most twice that at any moment). */
export class MemoryStore implements Store {
  readonly #shelves = new Map<string, Shelf>();
  readonly #history: number;
  readonly #onWrite: ((write: Write) => void) | undefined;
  /** Of what there was at the beginning: nothing is known of the changes before. */
  readonly #since: number;
  #version: number;

  constructor(options: MemoryStoreOptions = {}) {
    this.#history = options.history ?? 4096;
    this.#onWrite = options.onWrite;
    this.#since = this.#version = options.initial?.version ?? 0;
    for (const [kind, objects] of options.initial?.objects ?? []) {
      const shelf = this.#shelf(kind);
      for (const [key, object] of objects) shelf.objects.set(key, object);
    }
  }

  get version(): number {
    return this.#version;
  }

  get(kind: string, key: string): JsonObject | undefined {
    return this.#shelves.get(kind)?.objects.get(key);
  }

  list(kind: string, namespace?: string): Listing {
    const shelf = this.#shelf(kind);
    shelf.keys ??= [...shelf.objects.keys()].sort();
    const objects: JsonObject[] = [];
    const prefix = namespace === undefined ? '' : `${namespace}/`;
    for (const key of shelf.keys) {
      if (!key.startsWith(prefix)) continue;
      const object = shelf.objects.get(key);
      if (object) objects.push(object);
    }
    return { version: this.#version, objects };
  }

  put(kind: string, key: string, object: JsonObject): JsonObject {
    const shelf = this.#shelf(kind);
    const previous = shelf.objects.get(key);
    const version = this.#version + 1;
    const stored = freeze(withVersion(object, version));
    if (Buffer.byteLength(textOf(stored)) > sizeLimit) throw unsorted('etcdserver: request is too large');
    this.#onWrite?.({ version, kind, key, object: stored });
    this.#version = version;
    shelf.objects.set(key, stored);
    if (!previous) shelf.keys = undefined;
    shelf.log.append({ type: previous ? 'MODIFIED' : 'ADDED', version, object: stored, previous });
    return stored;
  }

  remove(kind: string, key: string): JsonObject | undefined {
    const shelf = this.#shelf(kind);
    const previous = shelf.objects.get(key);
    if (!previous) return undefined;
    const version = this.#version + 1;
    this.#onWrite?.({ version, kind, key });
    this.#version = version;
    shelf.objects.delete(key);
    shelf.keys = undefined;
    const gone = freeze(withVersion(previous, version));
    shelf.log.append({ type: 'DELETED', version, object: gone, previous });
    return gone;
  }

  /** Everything there is: kinds, keys, objects. */
  *entries(): Generator<readonly [kind: string, key: string, object: JsonObject]> {
    for (const [kind, { objects }] of this.#shelves) {
      for (const [key, object] of objects) yield [kind, key, object];
    }
  }

  log(kind: string): EventLog {
    return this.#shelf(kind).log;
  }

  #shelf(kind: string): Shelf {
    let shelf = this.#shelves.get(kind);
    if (!shelf) {
      shelf = { objects: new Map(), log: new EventLog(this.#history, this.#since, topicOf(kind)), keys: undefined };
      this.#shelves.set(kind, shelf);
    }
    return shelf;
  }
}

function withVersion(object: JsonObject, version: number): JsonObject {
  const metadata = isObject(object['metadata']) ? object['metadata'] : ensureObject(object, 'metadata');
  return { ...object, metadata: { ...metadata, resourceVersion: String(version) } };
}
