import type { IncomingHttpHeaders } from 'node:http';
import type {
  DeleteOptions,
  KubeApi,
  KubeObject,
  List,
  ListOptions,
  PatchOptions,
  PatchType,
  RequestOptions,
  Resource,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from './api.js';
import { systemClock, type Clock } from './clock.js';
import { Connection, type Answer, type Exchange } from './connection.js';
import { KubeError } from './errors.js';
import { LineDecoder } from './line-decoder.js';
import { errorFromAnswer, errorFromStatus } from './status.js';
import { resourcePath, withKind, type RequestTarget } from './url.js';

export interface KubeClientOptions {
  /** Address of the API server, for instance `https://127.0.0.1:6443`. */
  server: string;
  /** Certificate authority of the server, PEM. Absent: the authorities that Node trusts. */
  ca?: string | undefined;
  /** Bearer token. */
  token?: string | undefined;
  basic?: { username: string; password: string } | undefined;
  /** Client certificate and its key, PEM. */
  cert?: string | undefined;
  key?: string | undefined;
  /** The name that the server's certificate is held against, when it is not the one in its address. */
  tlsServerName?: string | undefined;
  /** Believe any certificate: whoever answers reads the credentials. */
  insecureSkipTlsVerify?: boolean | undefined;
  userAgent?: string | undefined;
  clock?: Clock | undefined;
}

export interface RawRequestOptions {
  /** Text and bytes go out as they are, everything else as JSON. */
  body?: unknown;
  /** Default for a body: `application/json`. */
  contentType?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** A `KubeApi` over HTTP(S). */
export interface KubeClient extends KubeApi {
  /** Any request; `path` begins with a slash and may have a query. Does not throw for a refusal: look at `status`. */
  request(
    method: string,
    path: string,
    options?: RawRequestOptions,
  ): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }>;
  /** Drops all connections; open watches end with an error. */
  close(): void;
}

const patchTypes: Readonly<Record<PatchType, string>> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  // JSON is YAML: the only media type of server-side apply that every server since 1.16 takes.
  apply: 'application/apply-patch+yaml',
};

/** A server that is too busy says when to come back; client-go follows at most ten times. */
const MAX_RETRY_AFTER = 10;

/**
 * A client of one API server, over kept-alive connections. Every refusal is a `KubeError` with the reason of the server's `Status` as
 * its `code`; a server that cannot be reached is one with status 0 and code `Unreachable`; an aborted signal rejects with its reason.
 *
 * ```ts
 * const api = createKubeClient({ server: 'https://127.0.0.1:6443', ca, token });
 * const { items } = await api.list(pods, { namespace: 'default' });
 * api.close();
 * ```
 */
export function createKubeClient(options: KubeClientOptions): KubeClient {
  return new HttpKubeClient(options);
}

class HttpKubeClient implements KubeClient {
  readonly #connection: Connection;
  readonly #clock: Clock;

  constructor(options: KubeClientOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#connection = new Connection({
      server: options.server,
      ca: options.ca,
      cert: options.cert,
      key: options.key,
      tlsServerName: options.tlsServerName,
      insecureSkipTlsVerify: options.insecureSkipTlsVerify,
      headers: { accept: 'application/json', 'user-agent': options.userAgent ?? 'kmd', ...authorization(options) },
    });
  }

  get<T extends KubeObject>(resource: Resource<T>, name: string, options: RequestOptions = {}): Promise<T> {
    const { namespace, signal } = options;
    return this.#call<T>({ method: 'GET', path: resourcePath(resource, { namespace, name }), signal });
  }

  async list<T extends KubeObject>(resource: Resource<T>, options: ListOptions = {}): Promise<List<T>> {
    const { namespace, signal, ...query } = options;
    const list = await this.#call<List<T>>({
      method: 'GET',
      path: resourcePath(resource, { namespace, query: { ...query } }),
      signal,
    });
    // A list names its kind once; an object that is taken out of it should still say what it is. `null` is Go's empty list.
    list.items = (list.items ?? []).map((item) => withKind(resource, item));
    return list;
  }

  async *watch<T extends KubeObject>(
    resource: Resource<T>,
    options: WatchOptions = {},
  ): AsyncGenerator<WatchEvent<T>, void, void> {
    const { namespace, signal, ...rest } = options;
    if (signal?.aborted) return;
    const path = resourcePath(resource, { namespace, query: { watch: true, ...rest } });
    const exchange: Exchange = { method: 'GET', path, signal, streaming: true };
    const what = this.#connection.name(exchange);
    const response = await this.#connection.open(exchange).catch((error: unknown) => {
      if (signal?.aborted) return undefined;
      throw error;
    });
    if (response === undefined) return;
    const status = response.statusCode ?? 0;
    if (status !== 200) throw errorFromAnswer(status, await text(this.#connection.read(response, signal)), what);
    const lines = new LineDecoder();
    for await (const chunk of this.#connection.read(response, signal))
      for (const line of lines.push(chunk)) yield watchEvent<T>(line, what);
    const last = lines.end();
    if (last !== '' && !signal?.aborted) yield watchEvent<T>(last, what);
  }

  create<T extends KubeObject>(resource: Resource<T>, object: T, options: WriteOptions = {}): Promise<T> {
    const namespace = options.namespace ?? object.metadata?.namespace;
    return this.#write<T>('POST', resource, { namespace }, withKind(resource, object), options);
  }

  update<T extends KubeObject>(resource: Resource<T>, object: T, options: WriteOptions = {}): Promise<T> {
    const name = object.metadata?.name;
    if (name === undefined) throw new KubeError(0, 'Invalid', `a ${resource.kind} to update needs metadata.name`);
    const namespace = options.namespace ?? object.metadata?.namespace;
    const { subresource } = options;
    return this.#write<T>('PUT', resource, { namespace, name, subresource }, withKind(resource, object), options);
  }

  patch<T extends KubeObject>(resource: Resource<T>, name: string, patch: unknown, options: PatchOptions): Promise<T> {
    const { namespace, subresource, type, force } = options;
    const target = { namespace, name, subresource, query: { force } };
    return this.#write<T>('PATCH', resource, target, patch, options, patchTypes[type]);
  }

  async delete<T extends KubeObject>(resource: Resource<T>, name: string, options: DeleteOptions = {}): Promise<void> {
    const { namespace, signal, ...rest } = options;
    const body = JSON.stringify({ apiVersion: 'v1', kind: 'DeleteOptions', ...rest });
    const path = resourcePath(resource, { namespace, name });
    await this.#call({ method: 'DELETE', path, signal, body, headers: { 'content-type': 'application/json' } });
  }

  createSubresource<T extends KubeObject>(
    resource: Resource<T>,
    name: string,
    subresource: string,
    object: unknown,
    options: WriteOptions = {},
  ): Promise<unknown> {
    const { namespace } = options;
    return this.#write('POST', resource, { namespace, name, subresource }, object, options);
  }

  request(method: string, path: string, options: RawRequestOptions = {}): Promise<Answer> {
    const { body, contentType = 'application/json', signal } = options;
    if (body === undefined) return this.#connection.send({ method, path, signal });
    const bytes = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
    return this.#connection.send({ method, path, signal, body: bytes, headers: { 'content-type': contentType } });
  }

  close(): void {
    this.#connection.close();
  }

  #write<T>(
    method: string,
    resource: Resource,
    target: RequestTarget,
    body: unknown,
    { dryRun, fieldManager, signal }: WriteOptions,
    contentType = 'application/json',
  ): Promise<T> {
    const query = { ...target.query, dryRun: dryRun ? 'All' : undefined, fieldManager };
    return this.#call<T>({
      method,
      path: resourcePath(resource, { ...target, query }),
      signal,
      body: JSON.stringify(body),
      headers: { 'content-type': contentType },
    });
  }

  /** The answer's object. That it has the shape of its kind is the API server's word. */
  async #call<T>(exchange: Exchange): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      const answer = await this.#connection.send(exchange);
      if (answer.status >= 200 && answer.status <= 299) return parse(answer, this.#connection.name(exchange)) as T;
      // A server that is too busy has done nothing, and says when to come back.
      const seconds = Number.parseInt(answer.headers['retry-after'] ?? '', 10);
      const busy = (answer.status === 429 || answer.status >= 500) && seconds >= 0;
      if (!busy || attempt === MAX_RETRY_AFTER)
        throw errorFromAnswer(answer.status, answer.body, this.#connection.name(exchange));
      await this.#clock.sleep(seconds * 1000, exchange.signal);
    }
  }
}

function authorization({ token, basic }: KubeClientOptions): Record<string, string> {
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  if (basic === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${basic.username}:${basic.password}`).toString('base64')}` };
}

function parse(answer: Answer, what: string): unknown {
  if (answer.body === '') return undefined;
  try {
    return JSON.parse(answer.body);
  } catch (cause) {
    const message = `${what} answered ${answer.status} with something that is no JSON: ${answer.body.slice(0, 200)}`;
    throw new KubeError(answer.status, 'InvalidResponse', message, { cause });
  }
}

function watchEvent<T>(line: string, what: string): WatchEvent<T> {
  const event = parse({ status: 200, headers: {}, body: line }, what);
  if (typeof event !== 'object' || event === null || !('type' in event) || !('object' in event))
    throw new KubeError(200, 'InvalidResponse', `${what} sent a line that is no watch event: ${line.slice(0, 200)}`);
  if (event.type === 'ERROR')
    throw (
      errorFromStatus(event.object, 500, what) ??
      new KubeError(500, 'InternalError', `${what} sent an error: ${line.slice(0, 200)}`)
    );
  return event as WatchEvent<T>;
}

async function text(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString('utf8');
}
