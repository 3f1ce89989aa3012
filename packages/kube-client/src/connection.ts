import type * as http from 'node:http';
import type * as https from 'node:https';
import { KubeError } from './errors.js';

export interface ConnectionOptions {
  /** `http://…` or `https://…`; a path in it is put before every request's. */
  server: string;
  /** PEM. Absent: the system's authorities. */
  ca?: string | undefined;
  /** PEM. */
  cert?: string | undefined;
  /** PEM. */
  key?: string | undefined;
  tlsServerName?: string | undefined;
  insecureSkipTlsVerify?: boolean | undefined;
  headers: Readonly<Record<string, string>>;
}

export interface Exchange {
  method: string;
  /** Path and query. */
  path: string;
  headers?: Readonly<Record<string, string>> | undefined;
  body?: string | Uint8Array | undefined;
  signal?: AbortSignal | undefined;
  /** The answer stays open: use a connection of its own that never makes other requests queue. */
  streaming?: boolean | undefined;
}

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** Idle connections are dropped after this: less than the 90 s after which an API server does so. */
const IDLE_MS = 30_000;
/** Connections for short requests: enough to keep a server busy, few enough that a burst does not open one each. */
const MAX_CONNECTIONS = 32;
/** Every pooled connection may turn out to be stale, one try each, and then a new one is used. */
const MAX_RETRIES = MAX_CONNECTIONS;

/** Requests to one server over kept-alive connections. */
export class Connection {
  readonly #base: URL;
  readonly #prefix: string;
  readonly #options: ConnectionOptions;
  readonly #short: http.Agent;
  readonly #streams: http.Agent;
  readonly #module: typeof http | typeof https;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    if (!URL.canParse(options.server) || !/^https?:$/.test(new URL(options.server).protocol))
      throw new KubeError(0, 'InvalidServer', `"${options.server}" is no API server address: give http(s)://host:port`);
    this.#base = new URL(options.server);
    this.#prefix = this.#base.pathname.replace(/\/+$/, '');
    const pool = { keepAlive: true, timeout: IDLE_MS, scheduling: 'lifo' as const, maxSockets: MAX_CONNECTIONS };
    // Taken when a client is made, and not by an import: importing node:http reads all of its exports, and one of them loads undici,
    // which takes 35 ms (Node 24), ten times what the module itself takes.
    if (this.#base.protocol === 'https:') {
      const module = process.getBuiltinModule('node:https');
      const { ca, cert, key, tlsServerName, insecureSkipTlsVerify } = options;
      const tls = {
        ...(ca && { ca }),
        ...(cert && { cert }),
        ...(key && { key }),
        ...(tlsServerName && { servername: tlsServerName }),
        ...(insecureSkipTlsVerify && { rejectUnauthorized: false }),
      };
      this.#short = new module.Agent({ ...pool, ...tls });
      this.#streams = new module.Agent(tls);
      this.#module = module;
    } else {
      const module = process.getBuiltinModule('node:http');
      this.#short = new module.Agent(pool);
      this.#streams = new module.Agent();
      this.#module = module;
    }
  }

  /** How messages name a request. */
  name(exchange: Pick<Exchange, 'method' | 'path'>): string {
    return `${exchange.method} ${this.#base.origin}${this.#prefix}${exchange.path}`;
  }

  /** The answer's head; its body is to be read, or destroyed, by the caller. Throws `KubeError` with status 0, or the signal's reason. */
  async open(exchange: Exchange): Promise<http.IncomingMessage> {
    for (let attempt = 0; ; attempt++) {
      exchange.signal?.throwIfAborted();
      const outcome = await this.#attempt(exchange);
      if (!('error' in outcome)) return outcome.response;
      exchange.signal?.throwIfAborted();
      // The server closed an idle connection while the request was on its way: only a request without effect may be sent again.
      if (outcome.reused && exchange.method === 'GET' && attempt < MAX_RETRIES) continue;
      throw this.#unreachable(outcome.error);
    }
  }

  /** The whole answer, whatever its status. */
  async send(exchange: Exchange): Promise<Answer> {
    const response = await this.open(exchange);
    try {
      return { status: response.statusCode ?? 0, headers: response.headers, body: await readText(response) };
    } catch (error) {
      exchange.signal?.throwIfAborted();
      throw this.#unreachable(error);
    }
  }

  /** The error of a connection that cannot be made, or that broke: the server's address is in its message. */
  #unreachable(cause: unknown): KubeError {
    const detail = describe(cause);
    return new KubeError(0, 'Unreachable', `the API server at ${this.#base.origin} cannot be reached: ${detail}`, {
      cause,
    });
  }

  /** The bytes of a streaming answer. Ends when the server ends it or the signal aborts; a broken connection throws. */
  async *read(response: http.IncomingMessage, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array, void, void> {
    try {
      for await (const chunk of response as AsyncIterable<Buffer>) yield chunk;
    } catch (error) {
      if (signal?.aborted) return;
      throw this.#unreachable(error);
    } finally {
      response.destroy();
    }
  }

  close(): void {
    this.#short.destroy();
    this.#streams.destroy();
  }

  #attempt(exchange: Exchange): Promise<{ response: http.IncomingMessage } | { error: unknown; reused: boolean }> {
    const { body, signal } = exchange;
    return new Promise((resolve) => {
      const request = this.#module.request({
        method: exchange.method,
        protocol: this.#base.protocol,
        host: this.#base.hostname.replace(/^\[(.*)\]$/, '$1'),
        port: this.#base.port === '' ? undefined : Number(this.#base.port),
        path: this.#prefix + exchange.path,
        agent: exchange.streaming ? this.#streams : this.#short,
        headers: {
          ...this.#options.headers,
          ...exchange.headers,
          ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
        },
        ...(signal && { signal }),
      });
      request.on('response', (response) => resolve({ response }));
      request.on('error', (error) => resolve({ error, reused: request.reusedSocket && isReset(error) }));
      // Finds out about a server that has vanished without a word, which an open watch alone would not.
      if (exchange.streaming) request.setSocketKeepAlive(true, IDLE_MS);
      request.end(body);
    });
  }
}

/** The whole body. By its events: an iterator over a short answer costs more than the answer. */
function readText(response: http.IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    response.on('error', reject);
    response.on('close', () => reject(new Error('the answer broke off')));
  });
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

const isReset = (error: unknown): boolean => codeOf(error) === 'ECONNRESET' || codeOf(error) === 'EPIPE';

/** Node reports several addresses of one host as an AggregateError whose own message is empty. */
const describe = (error: unknown): string => {
  const code = codeOf(error);
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.message === '')
    return error.errors.map((one: unknown) => describe(one)).join('; ');
  return code === undefined || error.message.includes(code) ? error.message : `${error.message} (${code})`;
};
