import { type JsonObject, ensureObject, freeze, isObject } from '../json/tree.js';
import { EventLog } from './event-log.js';
import type { Listing, Store } from './store.js';

interface Shelf {
  readonly objects: Map<string, JsonObject>;
  readonly log: EventLog;
  /** Keys in order; undefined after a key came or went. */
  keys: readonly string[] | undefined;
}

/** A `Store` in memory. `history` is the number of changes kept for each kind (at most twice that at any moment). */
export class MemoryStore implements Store {
  readonly #shelves = new Map<string, Shelf>();
  readonly #history: number;
  #version = 0;

  constructor(options: { history?: number } = {}) {
    this.#history = options.history ?? 4096;
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
    const version = ++this.#version;
    const stored = freeze(withVersion(object, version));
    shelf.objects.set(key, stored);
    if (!previous) shelf.keys = undefined;
    shelf.log.append({ type: previous ? 'MODIFIED' : 'ADDED', version, object: stored, previous });
    return stored;
  }

  remove(kind: string, key: string): JsonObject | undefined {
    const shelf = this.#shelf(kind);
    const previous = shelf.objects.get(key);
    if (!previous) return undefined;
    const version = ++this.#version;
    shelf.objects.delete(key);
    shelf.keys = undefined;
    const gone = freeze(withVersion(previous, version));
    shelf.log.append({ type: 'DELETED', version, object: gone, previous });
    return gone;
  }

  log(kind: string): EventLog {
    return this.#shelf(kind).log;
  }

  #shelf(kind: string): Shelf {
    let shelf = this.#shelves.get(kind);
    if (!shelf) {
      shelf = { objects: new Map(), log: new EventLog(this.#history, 0), keys: undefined };
      this.#shelves.set(kind, shelf);
    }
    return shelf;
  }
}

function withVersion(object: JsonObject, version: number): JsonObject {
  const metadata = isObject(object['metadata']) ? object['metadata'] : ensureObject(object, 'metadata');
  return { ...object, metadata: { ...metadata, resourceVersion: String(version) } };
}
