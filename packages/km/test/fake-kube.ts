import { randomUUID } from 'node:crypto';
import {
  KubeError,
  type DeleteOptions,
  type KubeApi,
  type KubeObject,
  type List,
  type ListOptions,
  type PatchOptions,
  type Pod,
  type RequestOptions,
  type Resource,
  type WatchEvent,
  type WatchOptions,
  type WriteOptions,
} from '@kmd/kube-client';

type Listener = (plural: string, event: WatchEvent<KubeObject>) => void;

/** What is asked in a review: whose a token is, or what somebody may. */
interface Question {
  token?: string;
  user?: string;
  resourceAttributes?: object;
}

/** RFC 7386. */
function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result: Record<string, unknown> =
    typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch))
    if (value === null) Reflect.deleteProperty(result, key);
    else if (value !== undefined) result[key] = merge(result[key], value);
  return result;
}

/** As much of an API server as the framework touches, in memory, with every request written down. */
export class FakeKube implements KubeApi {
  readonly requests: string[] = [];
  readonly #objects = new Map<string, Map<string, KubeObject>>();
  readonly #listeners = new Set<Listener>();
  /** What was told so far, for watches that begin at an earlier version. */
  readonly #told: Parameters<Listener>[] = [];
  /** A request for which this returns an error is refused with it. */
  refuse: (request: string) => KubeError | undefined = () => undefined;
  /** Milliseconds by which watches are late. */
  watchDelay = 0;
  /** Users by their tokens, for token reviews. */
  readonly tokens = new Map<string, string>();
  /** What access reviews answer. */
  may: (user: string | undefined, resource: unknown) => boolean = () => true;
  readonly #expirations = new Set<() => void>();
  #version = 0;

  async get<T extends KubeObject>(resource: Resource<T>, name: string, options: RequestOptions = {}): Promise<T> {
    this.#note('GET', resource, name);
    return this.#find(resource, options.namespace, name);
  }

  async list<T extends KubeObject>(resource: Resource<T>, options: ListOptions = {}): Promise<List<T>> {
    this.#note('LIST', resource);
    const items = [...this.#of(resource).values()].filter((object) => matches(object, options)) as T[];
    return { metadata: { resourceVersion: String(this.#version) }, items: structuredClone(items) };
  }

  async *watch<T extends KubeObject>(resource: Resource<T>, options: WatchOptions = {}): AsyncGenerator<WatchEvent<T>> {
    const queue: WatchEvent<T>[] = [];
    const since = Number(options.resourceVersion ?? 0);
    let wake: () => void = () => undefined;
    let expired = false;
    const listener: Listener = (plural, event) => {
      if (plural !== resource.plural || !matches(event.object, options)) return;
      if (Number(event.object.metadata?.resourceVersion) <= since) return;
      queue.push(structuredClone(event) as WatchEvent<T>);
      wake();
    };
    const expire = (): void => {
      expired = true;
      wake();
    };
    for (const told of this.#told) listener(...told);
    this.#listeners.add(listener);
    this.#expirations.add(expire);
    const abort = (): void => wake();
    options.signal?.addEventListener('abort', abort);
    try {
      while (!options.signal?.aborted) {
        if (expired) throw new KubeError(410, 'Expired', 'too old resource version');
        const next = queue.shift();
        if (next === undefined) await new Promise<void>((resolve) => (wake = resolve));
        else {
          if (this.watchDelay > 0) await new Promise((resolve) => setTimeout(resolve, this.watchDelay));
          yield next;
        }
      }
    } finally {
      this.#listeners.delete(listener);
      this.#expirations.delete(expire);
    }
  }

  /** Ends every watch, what it has not told yet untold: as an API server does that has forgotten the versions (410), or comes again. */
  expireWatches(): void {
    for (const expire of [...this.#expirations]) expire();
  }

  async create<T extends KubeObject>(resource: Resource<T>, object: T, options: WriteOptions = {}): Promise<T> {
    const name = object.metadata?.name ?? '';
    this.#note('CREATE', resource, name);
    const status = this.#review(object as { spec?: Question });
    if (status !== undefined) return { ...object, status };
    const namespace = resource.namespaced ? (options.namespace ?? object.metadata?.namespace ?? 'default') : undefined;
    const all = this.#of(resource);
    const key = `${namespace ?? ''}/${name}`;
    if (all.has(key)) throw new KubeError(409, 'AlreadyExists', `${resource.plural} "${name}" already exists`);
    const metadata = {
      ...object.metadata,
      ...(namespace === undefined ? {} : { namespace }),
      uid: randomUUID(),
      creationTimestamp: new Date().toISOString(),
    };
    return this.#store(resource, key, { ...object, metadata }, 'ADDED');
  }

  async update<T extends KubeObject>(resource: Resource<T>, object: T, options: WriteOptions = {}): Promise<T> {
    const name = object.metadata?.name ?? '';
    const { resourceVersion, namespace } = object.metadata ?? {};
    const current = this.#find(resource, options.namespace ?? namespace, name);
    if (resourceVersion !== undefined && resourceVersion !== current.metadata?.resourceVersion)
      throw new KubeError(409, 'Conflict', 'the object has been modified');
    return this.patch(resource, name, object, { ...options, type: 'merge' });
  }

  async patch<T extends KubeObject>(
    resource: Resource<T>,
    name: string,
    patch: unknown,
    options: PatchOptions,
  ): Promise<T> {
    this.#note(`PATCH${options.subresource ? `/${options.subresource}` : ''}`, resource, name);
    const current: KubeObject = this.#find(resource, options.namespace, name);
    const uid = (patch as KubeObject).metadata?.uid;
    if (uid !== undefined && uid !== current.metadata?.uid) throw new KubeError(409, 'Conflict', 'the uid differs');
    const next = merge(current, patch) as T;
    return this.#store(resource, `${current.metadata?.namespace ?? ''}/${name}`, next, 'MODIFIED');
  }

  async delete<T extends KubeObject>(resource: Resource<T>, name: string, options: DeleteOptions = {}): Promise<void> {
    this.#note('DELETE', resource, name);
    const object = this.#find(resource, options.namespace, name) as Pod;
    const { uid, namespace = '' } = object.metadata ?? {};
    const wanted = options.preconditions?.uid;
    if (wanted !== undefined && wanted !== uid) throw new KubeError(409, 'Conflict', 'the uid differs');
    const key = `${namespace}/${name}`;
    const grace = options.gracePeriodSeconds ?? 30;
    if (resource.plural === 'pods' && object.spec?.nodeName && grace > 0) {
      const metadata = {
        ...object.metadata,
        deletionTimestamp: new Date().toISOString(),
        deletionGracePeriodSeconds: grace,
      };
      this.#store(resource, key, { ...object, metadata }, 'MODIFIED');
      return;
    }
    this.#of(resource).delete(key);
    const metadata = { ...object.metadata, resourceVersion: String(++this.#version) };
    this.#tell(resource, { type: 'DELETED', object: { ...object, metadata } });
  }

  async createSubresource<T extends KubeObject>(
    resource: Resource<T>,
    name: string,
    subresource: string,
    body: unknown,
    options: WriteOptions = {},
  ): Promise<unknown> {
    this.#note(`POST/${subresource}`, resource, name);
    const pod = this.#find(resource, options.namespace, name) as Pod;
    const { metadata, target } = body as { metadata: KubeObject['metadata']; target: { name: string } };
    if (pod.spec?.nodeName) throw new KubeError(409, 'Conflict', `pod ${name} is already assigned to node`);
    const next = merge(pod, { metadata: { annotations: metadata?.annotations }, spec: { nodeName: target.name } });
    this.#store(resource, `${pod.metadata?.namespace ?? ''}/${name}`, next as KubeObject, 'MODIFIED');
    return { kind: 'Status', status: 'Success' };
  }

  /** The answer to a question; undefined for what is an object. */
  #review({ spec }: { spec?: Question }): object | undefined {
    if (spec?.token !== undefined) {
      const username = this.tokens.get(spec.token);
      return username === undefined ? { error: 'unknown token' } : { authenticated: true, user: { username } };
    }
    const { user, resourceAttributes } = spec ?? {};
    return resourceAttributes === undefined ? undefined : { allowed: this.may(user, resourceAttributes) };
  }

  /** Removes a pod without a word to anybody who watches. */
  forget(name: string): void {
    const all = this.#objects.get('pods');
    for (const [key, { metadata }] of all ?? []) if (metadata?.name === name) all?.delete(key);
  }

  #note(verb: string, resource: Resource, name = ''): void {
    const request = `${verb} ${resource.plural}${name === '' ? '' : `/${name}`}`;
    this.requests.push(request);
    const refusal = this.refuse(request);
    if (refusal) throw refusal;
  }

  #of(resource: Resource): Map<string, KubeObject> {
    const all = this.#objects.get(resource.plural) ?? new Map<string, KubeObject>();
    this.#objects.set(resource.plural, all);
    return all;
  }

  #find<T extends KubeObject>(resource: Resource<T>, namespace: string | undefined, name: string): T {
    const object = this.#of(resource).get(`${namespace ?? ''}/${name}`);
    if (!object) throw new KubeError(404, 'NotFound', `${resource.plural} "${name}" not found`);
    return structuredClone(object) as T;
  }

  #store<T extends KubeObject>(resource: Resource, key: string, object: T, type: 'ADDED' | 'MODIFIED'): T {
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(++this.#version) } };
    const old = this.#of(resource).get(key);
    this.#of(resource).set(key, stored);
    // A pod that comes under a selector appears to its watchers.
    const appeared = resource.plural === 'pods' && !(old as Pod | undefined)?.spec?.nodeName;
    this.#tell(resource, { type: type === 'MODIFIED' && appeared ? 'MODIFIED' : type, object: stored });
    return structuredClone(stored);
  }

  #tell(resource: Resource, event: WatchEvent<KubeObject>): void {
    this.#told.push([resource.plural, event]);
    for (const listener of [...this.#listeners]) listener(resource.plural, event);
  }
}

function matches(object: KubeObject, { namespace, fieldSelector }: ListOptions): boolean {
  if (namespace !== undefined && object.metadata?.namespace !== namespace) return false;
  const [, host] = /^spec\.nodeName=(.*)$/.exec(fieldSelector ?? '') ?? [];
  return host === undefined || (object as Pod).spec?.nodeName === host;
}
