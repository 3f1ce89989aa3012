import {
  apiVersionOf,
  createInformer,
  type Informer,
  type KubeApi,
  type KubeObject,
  type Logger,
  type Resource,
} from '@kmd/kube-client';
import { controllerOf, namespaceOf, uidOf } from './ownership.js';

/** One informer for each kind, shared by all controllers: a kind is listed and watched once however many look at it. */
export class Informers {
  readonly #api: KubeApi;
  readonly #logger: Logger | undefined;
  readonly #byKind = new Map<string, Informer<KubeObject>>();

  #signal: AbortSignal | undefined;

  constructor(api: KubeApi, logger?: Logger) {
    this.#api = api;
    this.#logger = logger;
  }

  of<T extends KubeObject>(resource: Resource<T>): Informer<T> {
    const key = `${apiVersionOf(resource)}/${resource.plural}`;
    let informer = this.#byKind.get(key);
    if (informer === undefined) {
      const created: unknown = createInformer(this.#api, resource, { logger: this.#logger });
      informer = created as Informer<KubeObject>;
      this.#byKind.set(key, informer);
      // Kinds that come up later are followed from then on.
      if (this.#signal) void informer.run(this.#signal);
    }
    // The key names the kind, and the kind fixes the type.
    return informer as unknown as Informer<T>;
  }

  /** Lists and watches every kind that was asked for, until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    this.#signal = signal;
    await Promise.all(Array.from(this.#byKind.values(), (informer) => informer.run(signal)));
  }

  get synced(): Promise<void> {
    return Promise.all(Array.from(this.#byKind.values(), ({ synced }) => synced)).then(() => undefined);
  }
}

/** Objects of an informer by keys that are computed from each: a lookup instead of a walk over everything. */
export class Index<T extends KubeObject> {
  readonly #objects = new Map<string, Map<string, T>>();
  /** Under which keys an object stands, by its uid: the last state told may have other keys than the one that is kept. */
  readonly #keys = new Map<string, readonly string[]>();
  readonly #keysOf: (object: T) => readonly string[];

  /** Must be made before other handlers subscribe that look things up in it. */
  constructor(informer: Informer<T>, keysOf: (object: T) => readonly string[]) {
    this.#keysOf = keysOf;
    informer.subscribe({
      added: (object) => this.#put(object),
      updated: (object) => {
        this.#remove(object);
        this.#put(object);
      },
      deleted: (object) => this.#remove(object),
    });
  }

  get(key: string): T[] {
    return [...(this.#objects.get(key)?.values() ?? [])];
  }

  #put(object: T): void {
    const keys = this.#keysOf(object);
    this.#keys.set(uidOf(object), keys);
    for (const key of keys) {
      let objects = this.#objects.get(key);
      if (objects === undefined) this.#objects.set(key, (objects = new Map<string, T>()));
      objects.set(uidOf(object), object);
    }
  }

  #remove(object: T): void {
    for (const key of this.#keys.get(uidOf(object)) ?? []) {
      const objects = this.#objects.get(key);
      objects?.delete(uidOf(object));
      if (objects?.size === 0) this.#objects.delete(key);
    }
    this.#keys.delete(uidOf(object));
  }
}

/** Objects by the uid of their controller; those without one by their namespace. */
export class OwnerIndex<T extends KubeObject> {
  readonly #index: Index<T>;

  constructor(informer: Informer<T>) {
    this.#index = new Index(informer, (object) => {
      const controller = controllerOf(object);
      return [controller === undefined ? `orphan of ${namespaceOf(object)}` : `owned by ${controller.uid}`];
    });
  }

  ownedBy(uid: string): T[] {
    return this.#index.get(`owned by ${uid}`);
  }

  orphansIn(namespace: string): T[] {
    return this.#index.get(`orphan of ${namespace}`);
  }
}
