import {
  Agent,
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { relative } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { boundDelay } from '../delay.js';
import { UnreachableError } from './errors.js';
import type { Transport, TransportRequest, TransportResponse } from './transport.js';

/** TLS of `https` masters and agents: PEM texts. */
export interface TlsOptions {
  ca?: string | undefined;
  cert?: string | undefined;
  key?: string | undefined;
  servername?: string | undefined;
}

/** How the connections of a transport are made. */
export interface NodeTransportOptions {
  tls?: TlsOptions | undefined;
  /** Send over this unix socket, whatever the URL's host. */
  socketPath?: string | undefined;
}

/** Transport over node:http and, loaded when first needed, node:https. */
export function createNodeTransport(options: NodeTransportOptions = {}): Transport {
  return new NodeTransport(options);
}

interface Protocol {
  request: (url: URL, options: RequestOptions, onResponse: (response: IncomingMessage) => void) => ClientRequest;
  createAgent: () => Agent;
}

class NodeTransport implements Transport {
  readonly #options: NodeTransportOptions;
  readonly #agents = new Map<string, Agent>();
  #https: Promise<Protocol> | undefined;

  constructor(options: NodeTransportOptions) {
    this.#options = options;
  }

  async send(outgoing: TransportRequest): Promise<TransportResponse> {
    const protocol = outgoing.url.protocol === 'https:' ? await (this.#https ??= this.#loadHttps()) : http;
    outgoing.signal?.throwIfAborted();
    return this.#exchange(protocol, outgoing);
  }

  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
    this.#agents.clear();
  }

  #exchange(protocol: Protocol, outgoing: TransportRequest): Promise<TransportResponse> {
    const { url, headers, body, connection, timeout, signal } = outgoing;
    const { socketPath } = this.#options;
    const whole = typeof body === 'string' || body instanceof Uint8Array;
    return new Promise((resolve, reject) => {
      const options: RequestOptions = {
        method: 'POST',
        // A list of pairs keeps the spelling; Node adds Host and Connection by itself.
        headers: {
          ...headers,
          ...(whole ? { 'Content-Length': String(Buffer.byteLength(body)) } : { 'Transfer-Encoding': 'chunked' }),
        },
        agent: connection === 'own' ? false : this.#agentFor(protocol, url, connection),
        ...(socketPath === undefined ? {} : { socketPath: shorten(socketPath) }),
      };
      const request = protocol.request(url, options, (response) => {
        settle();
        resolve(new NodeResponse(request, response, url, signal));
      });
      const onAbort = () => request.destroy();
      const giveUp = () => request.destroy(new UnreachableError(url, `no answer within ${timeout / 1000} s`));
      const timer = timeout > 0 ? setTimeout(giveUp, boundDelay(timeout)) : undefined;
      const settle = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      request.on('error', (error) => {
        settle();
        if (signal?.aborted) reject(signal.reason instanceof Error ? signal.reason : error);
        else
          reject(
            error instanceof UnreachableError
              ? error
              : new UnreachableError(url, error.message, { cause: error, reused: request.reusedSocket }),
          );
      });
      signal?.addEventListener('abort', onAbort, { once: true });
      if (whole) request.end(body);
      // An answer may come before the body has ended: then the rest is not wanted, and the error is no news.
      else pipeline(Readable.from(body, { objectMode: false }), request).catch(() => undefined);
    });
  }

  #agentFor(protocol: Protocol, url: URL, connection: string): Agent {
    const key = `${url.origin} ${connection}`;
    const agent = this.#agents.get(key) ?? protocol.createAgent();
    this.#agents.set(key, agent);
    return agent;
  }

  async #loadHttps(): Promise<Protocol> {
    const https = await import('node:https');
    const tls = Object.fromEntries(Object.entries(this.#options.tls ?? {}).filter(([, value]) => value !== undefined));
    return {
      request: (url, options, onResponse) => https.request(url, { ...options, ...tls }, onResponse),
      createAgent: () => new https.Agent({ keepAlive: true, maxSockets: 1, ...tls }),
    };
  }
}

const http: Protocol = {
  request: httpRequest,
  createAgent: () => new Agent({ keepAlive: true, maxSockets: 1 }),
};

/** A unix socket's path may have 107 bytes; sandboxes are deeper, and Mesos' own executors take the way from where they are. */
function shorten(path: string): string {
  return Buffer.byteLength(path) < 108 ? path : relative(process.cwd(), path);
}

class NodeResponse implements TransportResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly #request: ClientRequest;
  readonly #response: IncomingMessage;
  readonly #url: URL;
  readonly #signal: AbortSignal | undefined;

  constructor(request: ClientRequest, response: IncomingMessage, url: URL, signal: AbortSignal | undefined) {
    this.status = response.statusCode ?? 0;
    this.headers = Object.fromEntries(
      Object.entries(response.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
    );
    this.#request = request;
    this.#response = response;
    this.#url = url;
    this.#signal = signal;
    // A reset after the last byte was read has no listener otherwise.
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    // Nothing is to come, as after most calls: the connection is free without anybody's reading.
    if (this.#isEmpty) response.resume();
  }

  get #isEmpty(): boolean {
    return this.headers['content-length'] === '0';
  }

  get body(): AsyncIterable<Uint8Array> {
    return this.#read();
  }

  abort(): void {
    this.#request.destroy();
  }

  async *#read(): AsyncGenerator<Uint8Array> {
    if (this.#isEmpty) return;
    const onAbort = () => this.abort();
    if (this.#signal?.aborted) this.abort();
    this.#signal?.addEventListener('abort', onAbort, { once: true });
    try {
      for await (const chunk of this.#response) yield chunk;
    } catch (error) {
      this.#signal?.throwIfAborted();
      throw new UnreachableError(
        this.#url,
        `the answer broke off: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      );
    } finally {
      this.#signal?.removeEventListener('abort', onAbort);
    }
    this.#signal?.throwIfAborted();
  }
}
