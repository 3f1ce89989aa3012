import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Version } from './batch.js';
import { kube } from './kube.js';
import { linesOf } from './lines.js';
import { problemOf, RequestError, type Problem } from './problem.js';
import { Retry } from './retry.js';

/** What every object of Kubernetes has, as far as the page looks. */
export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata?: {
    name?: string;
    namespace?: string;
    uid?: string;
    creationTimestamp?: string;
    deletionTimestamp?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    resourceVersion?: string;
    ownerReferences?: { kind: string; name: string; uid: string; controller?: boolean }[];
    generation?: number;
    managedFields?: { time?: string }[];
  };
}

interface WatchEvent<T> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: T & { code?: number; reason?: string; message?: string };
}

/** After the last view that wanted it has gone, a watch goes on for so many milliseconds: going back costs nothing. */
const LINGER = 15_000;
/** A watch in which nothing comes for so many milliseconds may be dead, as after a laptop's sleep: another goes on from its place. */
const SILENCE = 100_000;
/** A page of a list that takes so many milliseconds does not come. */
const SLOW = 60_000;
/** A watch that lived for so many milliseconds was a good one: the next attempt comes soon. */
const GOOD = 5_000;
/** Of a list: the first page is for the eyes, the rest for the wire. */
const FIRST_PAGE = 200;
const PAGE = 2000;

/** All objects of one kind, kept current by a watch for as long as a view wants them. */
export class Collection<T extends KubeObject> {
  /** False until the first list is whole. */
  readonly complete = signal(false);
  /** Undefined while all is well. */
  readonly problem = signal<Problem | undefined>(undefined);
  readonly #path: string;
  readonly #items = new Map<string, T>();
  readonly #version = new Version();
  #users = 0;
  #stop: AbortController | undefined;
  #linger: ReturnType<typeof setTimeout> | undefined;
  #list: { version: number; items: T[] } | undefined;

  /** `path` without a leading slash: `api/v1/pods`. */
  constructor(path: string) {
    this.#path = path;
  }

  /** The objects; whoever reads them is drawn anew when they change. */
  get all(): readonly T[] {
    const version = this.#version.current;
    if (this.#list?.version !== version) this.#list = { version, items: [...this.#items.values()] };
    return this.#list.items;
  }

  /** Wants the objects until the function that it gives is called. */
  want(): () => void {
    this.#users += 1;
    clearTimeout(this.#linger);
    if (this.#stop === undefined) {
      this.#stop = new AbortController();
      void this.#follow(this.#stop.signal);
    }
    return () => {
      this.#users -= 1;
      if (this.#users > 0) return;
      this.#linger = setTimeout(() => {
        this.#stop?.abort();
        this.#stop = undefined;
      }, LINGER);
    };
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const retry = new Retry();
    let version: string | undefined;
    while (!signal.aborted) {
      const begun = performance.now();
      try {
        version ??= await this.#load(signal);
        version = await this.#watch(version, signal);
      } catch (error) {
        if (signal.aborted) return;
        // The server has forgotten what came after, or something went wrong there: everything is read again.
        const expired = error instanceof RequestError && error.status === 410;
        if (expired || (error instanceof RequestError && error.status >= 500)) version = undefined;
        if (!expired) this.problem.value = problemOf(error);
      }
      // However it ends, it does not begin anew at once: a server that ends each watch right away is asked ever less often.
      if (performance.now() - begun > GOOD) retry.reset();
      await retry.wait(signal);
    }
  }

  /** Lists page by page, the first being shown at once, and gives the version from which to watch. */
  async #load(signal: AbortSignal): Promise<string> {
    const seen = new Set<string>();
    let next = '';
    for (;;) {
      const more = next === '' ? '' : `&continue=${encodeURIComponent(next)}`;
      const response = await kube(`${this.#path}?limit=${next === '' ? FIRST_PAGE : PAGE}${more}`, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(SLOW)]),
      });
      const list = (await response.json()) as {
        apiVersion?: string;
        kind?: string;
        metadata?: { continue?: string; resourceVersion?: string };
        items?: T[] | null;
      };
      const kind = list.kind?.replace(/List$/, '');
      for (const item of list.items ?? []) {
        // A list names its kind once.
        if (kind !== undefined) item.kind ??= kind;
        if (list.apiVersion !== undefined) item.apiVersion ??= list.apiVersion;
        const key = keyOf(item);
        seen.add(key);
        this.#items.set(key, item);
      }
      this.#version.grow();
      next = list.metadata?.continue ?? '';
      if (next !== '') continue;
      for (const key of this.#items.keys()) if (!seen.has(key)) this.#items.delete(key);
      this.complete.value = true;
      return list.metadata?.resourceVersion ?? '';
    }
  }

  /** Takes in what changes until the stream ends, and gives the version from which to go on. */
  async #watch(from: string, signal: AbortSignal): Promise<string> {
    const query = `watch=true&allowWatchBookmarks=true&resourceVersion=${encodeURIComponent(from)}`;
    const silence = new AbortController();
    let watchdog = setTimeout(() => silence.abort(), SILENCE);
    let version = from;
    try {
      const { body } = await kube(`${this.#path}?${query}`, { signal: AbortSignal.any([signal, silence.signal]) });
      this.problem.value = undefined;
      if (body === null) return version;
      for await (const line of linesOf(body)) {
        clearTimeout(watchdog);
        watchdog = setTimeout(() => silence.abort(), SILENCE);
        const { type, object } = JSON.parse(line) as WatchEvent<T>;
        if (type === 'ERROR') throw new RequestError(object.code ?? 500, object.reason ?? '', object.message ?? line);
        version = object.metadata?.resourceVersion ?? version;
        if (type === 'BOOKMARK') continue;
        if (type === 'DELETED') this.#items.delete(keyOf(object));
        else this.#items.set(keyOf(object), object);
        this.#version.grow();
      }
    } catch (error) {
      if (error instanceof RequestError || signal.aborted) throw error;
      // A broken or half stream: what was seen counts, and the next watch goes on from there.
      if (!silence.signal.aborted) this.problem.value = problemOf(error);
    } finally {
      clearTimeout(watchdog);
    }
    return version;
  }
}

const keyOf = ({ metadata = {} }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name ?? ''}`;

/** Wants a collection for as long as the component is shown. */
export function useCollection<T extends KubeObject>(collection: Collection<T>): Collection<T> {
  useEffect(() => collection.want(), [collection]);
  return collection;
}
