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
    managedFields?: unknown;
  };
}

interface WatchEvent<T> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: T & { code?: number; reason?: string; message?: string };
}

/** After the last view that wanted it has gone, a watch goes on for so many milliseconds: going back costs nothing. */
const LINGER = 15_000;
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
      try {
        version ??= await this.#load(signal);
        this.problem.value = undefined;
        retry.reset();
        version = await this.#watch(version, signal);
      } catch (error) {
        if (signal.aborted) return;
        // The server has forgotten what came after: everything is read again.
        if (error instanceof RequestError && error.status === 410) {
          version = undefined;
          continue;
        }
        this.problem.value = problemOf(error);
        if (error instanceof RequestError && error.status >= 500) version = undefined;
        await retry.wait(signal);
      }
    }
  }

  /** Lists page by page, the first being shown at once, and gives the version from which to watch. */
  async #load(signal: AbortSignal): Promise<string> {
    const seen = new Set<string>();
    let next = '';
    for (;;) {
      const more = next === '' ? '' : `&continue=${encodeURIComponent(next)}`;
      const response = await kube(`${this.#path}?limit=${next === '' ? FIRST_PAGE : PAGE}${more}`, { signal });
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

  async #watch(from: string, signal: AbortSignal): Promise<string> {
    const query = `watch=true&allowWatchBookmarks=true&resourceVersion=${encodeURIComponent(from)}`;
    const { body } = await kube(`${this.#path}?${query}`, { signal });
    let version = from;
    if (body === null) return version;
    try {
      for await (const line of linesOf(body)) {
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
      this.problem.value = problemOf(error);
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
