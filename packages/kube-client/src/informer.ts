import type { KubeApi, KubeObject, Resource } from './api.js';
import { createBackoff } from './backoff.js';
import { systemClock, type Clock } from './clock.js';
import { isExpired } from './errors.js';
import { silentLogger, type Logger } from './logger.js';
import { listAll } from './pages.js';
import { withKind } from './url.js';

export interface InformerOptions {
  /** Absent: all namespaces. */
  namespace?: string | undefined;
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
  /** Failures are logged at `warn`, handlers that throw at `error`. */
  logger?: Logger | undefined;
  /** Told of every failed list and watch, before the informer tries again. */
  onError?: ((error: unknown) => void) | undefined;
  clock?: Clock | undefined;
  /** Uniform in [0, 1). */
  random?: (() => number) | undefined;
}

/** Called synchronously, in the order of the server's events. Objects are shared: do not change them. */
export interface InformerHandlers<T> {
  added?(object: T): void;
  updated?(object: T, old: T): void;
  /** With the last state known. */
  deleted?(object: T): void;
}

/** A local copy of a part of the API server's objects that follows every change. */
export interface Informer<T> {
  /** Lists and watches until `signal` aborts; failures are retried. Call it once. */
  run(signal: AbortSignal): Promise<void>;
  /** Resolves when the first list is in; rejects when the informer is stopped before. */
  readonly synced: Promise<void>;
  /** `namespace` is undefined for kinds without. */
  get(namespace: string | undefined, name: string): T | undefined;
  list(): T[];
  /** Existing objects are told as `added` at once. Returns how to stop it. */
  subscribe(handlers: InformerHandlers<T>): () => void;
}

/** Full-jitter bounds between failures, in milliseconds. */
const BACKOFF = { first: 100, max: 10_000 };
/** A watch shorter than this without an event was not worth having: back off before the next. Milliseconds. */
const SHORT_WATCH = 1_000;
/** A watch ends after one to two times this, as client-go's do, so that load spreads over servers. Seconds. */
const WATCH_TIMEOUT = 300;
/** A server that has not ended a watch so long after its time is frozen, or gone without a word. Seconds. */
const WATCH_PATIENCE = 30;

/**
 * Keeps a copy of the objects of one kind by list and watch, over any `KubeApi`.
 *
 * ```ts
 * const informer = createInformer(api, pods, { namespace: 'default' });
 * informer.subscribe({ added: (pod) => console.log(pod.metadata?.name) });
 * const stop = new AbortController();
 * const running = informer.run(stop.signal);
 * await informer.synced;
 * ```
 */
export function createInformer<T extends KubeObject>(
  api: KubeApi,
  resource: Resource<T>,
  options: InformerOptions = {},
): Informer<T> {
  return new ListAndWatch(api, resource, options);
}

const keyOf = (namespace: string | undefined, name: string | undefined): string => `${namespace ?? ''}/${name ?? ''}`;
const keyOfObject = ({ metadata }: KubeObject): string => keyOf(metadata?.namespace, metadata?.name);

/** The same handlers may be subscribed twice. */
interface Subscriber<T> {
  readonly handlers: InformerHandlers<T>;
}

class ListAndWatch<T extends KubeObject> implements Informer<T> {
  readonly synced: Promise<void>;
  readonly #api: KubeApi;
  readonly #resource: Resource<T>;
  readonly #options: InformerOptions;
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #objects = new Map<string, T>();
  readonly #subscribers = new Set<Subscriber<T>>();
  #resolveSynced: () => void = () => undefined;
  #rejectSynced: (reason: unknown) => void = () => undefined;
  #started = false;

  constructor(api: KubeApi, resource: Resource<T>, options: InformerOptions) {
    this.#api = api;
    this.#resource = resource;
    this.#options = options;
    this.#logger = options.logger ?? silentLogger;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.synced = new Promise((resolve, reject) => {
      this.#resolveSynced = resolve;
      this.#rejectSynced = reject;
    });
    // Whoever awaits it hears of the rejection; nobody has to.
    this.synced.catch(() => undefined);
  }

  get(namespace: string | undefined, name: string): T | undefined {
    return this.#objects.get(keyOf(namespace, name));
  }

  list(): T[] {
    return [...this.#objects.values()];
  }

  subscribe(handlers: InformerHandlers<T>): () => void {
    const subscriber = { handlers };
    this.#subscribers.add(subscriber);
    for (const object of this.list()) this.#tell('added', subscriber, () => handlers.added?.(object));
    return () => void this.#subscribers.delete(subscriber);
  }

  async run(signal: AbortSignal): Promise<void> {
    if (this.#started) throw new Error(`the informer of ${this.#resource.plural} runs already: make another one`);
    this.#started = true;
    const backoff = createBackoff({ ...BACKOFF, random: this.#random });
    /** Undefined: list first. */
    let version: string | undefined;
    let expired = false;
    while (!signal.aborted) {
      try {
        version ??= await this.#relist(signal);
        const began = this.#clock.now();
        const before = version;
        version = await this.#follow(version, signal, () => {
          backoff.reset();
          expired = false;
        });
        if (signal.aborted) break;
        if (version !== before || this.#clock.now() - began >= SHORT_WATCH) continue;
      } catch (error) {
        if (signal.aborted) break;
        this.#options.onError?.(error);
        version = undefined;
        // An expired version is nobody's failure: list again at once, but not in a circle.
        if (isExpired(error) && !expired) {
          expired = true;
          continue;
        }
        this.#logger.warn({ err: error, resource: this.#resource.plural }, 'list and watch failed, trying again');
      }
      await this.#clock.sleep(backoff.next(), signal);
    }
    this.#rejectSynced(signal.reason);
  }

  /** Makes the copy equal to the server's list, telling the differences. Returns the list's version. */
  async #relist(signal: AbortSignal): Promise<string> {
    const { namespace, labelSelector, fieldSelector } = this.#options;
    const list = await listAll(this.#api, this.#resource, { namespace, labelSelector, fieldSelector, signal });
    const present = new Set(list.items.map(keyOfObject));
    for (const [key, object] of this.#objects) if (!present.has(key)) this.#remove(key, object);
    for (const object of list.items) this.#put(object);
    this.#resolveSynced();
    return list.metadata.resourceVersion ?? '';
  }

  /** Watches from `version` until the server ends the watch. Returns the last version seen. */
  async #follow(version: string, signal: AbortSignal, alive: () => void): Promise<string> {
    const { namespace, labelSelector, fieldSelector } = this.#options;
    const timeoutSeconds = Math.round(WATCH_TIMEOUT * (1 + this.#random()));
    const stop = new AbortController();
    const end = (): void => stop.abort();
    signal.addEventListener('abort', end);
    const timer = setTimeout(end, (timeoutSeconds + WATCH_PATIENCE) * 1_000);
    timer.unref();
    let last = version;
    try {
      const events = this.#api.watch(this.#resource, {
        namespace,
        labelSelector,
        fieldSelector,
        resourceVersion: version,
        allowWatchBookmarks: true,
        timeoutSeconds,
        signal: stop.signal,
      });
      for await (const { type, object } of events) {
        if (signal.aborted) break;
        alive();
        if (type === 'DELETED') {
          const key = keyOfObject(object);
          if (this.#objects.has(key)) this.#remove(key, object);
        } else if (type !== 'BOOKMARK') this.#put(object);
        last = object.metadata?.resourceVersion ?? last;
      }
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
    }
    return last;
  }

  #put(item: T): void {
    const object = withKind(this.#resource, item);
    const key = keyOfObject(object);
    const old = this.#objects.get(key);
    if (old !== undefined && old.metadata?.uid !== object.metadata?.uid) {
      // Deleted and made anew while nobody watched: another object of the same name.
      this.#remove(key, old);
      return this.#put(object);
    }
    this.#objects.set(key, object);
    if (old === undefined) this.#tellAll('added', (handlers) => handlers.added?.(object));
    else if (old.metadata?.resourceVersion !== object.metadata?.resourceVersion)
      this.#tellAll('updated', (handlers) => handlers.updated?.(object, old));
  }

  #remove(key: string, item: T): void {
    const object = withKind(this.#resource, item);
    this.#objects.delete(key);
    this.#tellAll('deleted', (handlers) => handlers.deleted?.(object));
  }

  #tellAll(event: string, tell: (handlers: InformerHandlers<T>) => void): void {
    for (const subscriber of [...this.#subscribers]) this.#tell(event, subscriber, () => tell(subscriber.handlers));
  }

  #tell(event: string, subscriber: Subscriber<T>, tell: () => void): void {
    // An earlier handler may have ended this subscription.
    if (!this.#subscribers.has(subscriber)) return;
    try {
      tell();
    } catch (error) {
      // One handler's fault must stop neither the others nor the watch.
      this.#logger.error({ err: error, resource: this.#resource.plural, event }, 'a handler of an informer failed');
    }
  }
}
