import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { Readable, type Duplex } from 'node:stream';
import type { FindLogin } from '../registry/registry-auth.js';
import { EngineError, errorOfStatus } from './engine-error.js';

/** Where an engine is: a socket, a host and a port with PEM texts when it speaks TLS, or whatever `dial` opens a connection to. */
export type EngineAddress =
  | { readonly socketPath: string }
  | {
      readonly host: string;
      readonly port: number;
      readonly tls?: {
        readonly ca?: string;
        readonly cert?: string;
        readonly key?: string;
        /** False takes any certificate. */
        readonly rejectUnauthorized?: boolean;
      };
    }
  | {
      /** For messages. */
      readonly name: string;
      readonly dial: () => Duplex;
    };

/** One call. A value of `query` that is an object is sent as JSON, as the engine's filters and arguments are; undefined ones are left out. */
export interface EngineCall {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  /** Without the version: `/containers/json`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | object | undefined>>;
  /** Sent as JSON, big integers with all their digits; a stream or bytes are sent as they are, as an archive. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly signal?: AbortSignal | undefined;
}

/** An open way to an engine. Connections are kept and used again; none keeps a process alive while nothing is asked. */
export interface EngineConnection {
  /**
   * Asks, and reads the whole answer: JSON as a value, nothing as `undefined`.
   * @throws EngineError, or the signal's reason
   */
  ask(call: EngineCall): Promise<unknown>;
  /** Asks, and gives the body of the answer as it comes. The signal ends the stream too. @throws EngineError */
  open(call: EngineCall): Promise<Readable>;
  /** Asks for a connection of its own, as attaching and exec do (`tcp`), or a session of BuildKit (`h2c`). @throws EngineError */
  upgrade(call: EngineCall & { readonly protocol?: 'tcp' | 'h2c' }): Promise<Duplex>;
  /** The version of the API in use, such as `1.41`: the newer of what both sides know. */
  apiVersion(): Promise<string>;
  /** Whether BuildKit is the builder that the engine prefers; it may have it all the same when not. */
  prefersBuildkit(): Promise<boolean>;
  /** Credentials of registries, for pulls and builds. */
  readonly findLogin?: FindLogin;
  close(): void;
}

/** The newest version of the API that this library knows of; 1.41 is the oldest it was tried with (Docker 20.10). */
const newestApi = '1.51';

/** Whether version `a` of the API is below `b`. */
export function isOlderApi(a: string, b: string): boolean {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number);
  const [majorB = 0, minorB = 0] = b.split('.').map(Number);
  return majorA === majorB ? minorA < minorB : majorA < majorB;
}

function printQuery(query: EngineCall['query']): string {
  const entries = Object.entries(query ?? {}).flatMap(([key, value]): [string, string][] =>
    value === undefined ? [] : [[key, typeof value === 'object' ? JSON.stringify(value) : String(value)]],
  );
  return entries.length === 0 ? '' : `?${new URLSearchParams(entries).toString()}`;
}

/** JSON, in which whole numbers of any size keep their digits: the engine counts bytes in 64 bits. */
function printJson(body: unknown): string {
  const mark = '\u0001';
  const text = JSON.stringify(body, (_key, value: unknown) =>
    typeof value === 'bigint' ? `${mark}${value}${mark}` : value,
  );
  return text.replace(/"\\u0001(-?\d+)\\u0001"/g, '$1');
}

async function readText(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function saidIn(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string') {
      return value.message;
    }
  } catch {
    // Not JSON: an engine behind a proxy may answer in plain words.
  }
  return text.trim();
}

/** Where a request goes, and the headers that it has for that. */
function placeOf(address: EngineAddress): RequestOptions & { servername?: string; headers: Record<string, string> } {
  // An engine at a socket has no name. Node looks at the header for one of a TLS server, which takes milliseconds, unless it is told that there is none.
  if ('socketPath' in address) {
    return { socketPath: address.socketPath, servername: '', headers: { host: 'docker' } };
  }
  if ('dial' in address) return { servername: '', headers: { host: 'docker' } };
  const { host, port, tls } = address;
  return { host, port, ...tls, headers: {} };
}

function printAddress(address: EngineAddress): string {
  if ('socketPath' in address) return `unix://${address.socketPath}`;
  return 'dial' in address ? address.name : `${address.host}:${address.port}`;
}

/**
 * Opens a way to an engine. Nothing is asked until the first call.
 * @example
 * const engine = connectEngine({ socketPath: '/var/run/docker.sock' });
 * await engine.ask({ path: '/version' });
 */
export function connectEngine(
  address: EngineAddress,
  { findLogin }: { readonly findLogin?: FindLogin } = {},
): EngineConnection {
  const tls = 'tls' in address ? address.tls : undefined;
  // Not imported, which would evaluate every export of the module: 40 ms of each process.
  const { Agent, request: send } = process.getBuiltinModule(tls === undefined ? 'node:http' : 'node:https');
  const agent = new Agent({ keepAlive: true });
  if ('dial' in address) agent.createConnection = address.dial;
  // A connection that is handed over is none of the agent's.
  const alone = 'dial' in address ? { createConnection: address.dial, agent: undefined } : { agent: false };
  const place = placeOf(address);
  const shown = printAddress(address);
  let pinged: ReturnType<typeof ping> | undefined;

  function start(call: EngineCall, prefix: string, extra: RequestOptions): ClientRequest {
    const { body, headers, signal } = call;
    const raw = body instanceof Readable || body instanceof Uint8Array;
    const json = body === undefined || raw ? undefined : Buffer.from(printJson(body));
    const options: RequestOptions = {
      ...place,
      agent,
      method: call.method ?? 'GET',
      path: `${prefix}${call.path}${printQuery(call.query)}`,
      ...extra,
      headers: {
        ...place.headers,
        ...(raw && { 'content-type': 'application/x-tar' }),
        ...(json !== undefined && { 'content-type': 'application/json', 'content-length': json.length }),
        ...headers,
        ...extra.headers,
      },
    };
    if (signal !== undefined) {
      signal.throwIfAborted();
      options.signal = signal;
    }
    const request = send(options);
    if (body instanceof Readable) {
      // An engine that refuses early answers, and closes, while the body is still on its way: the answer is what counts.
      body.on('error', (error) => request.destroy(error));
      request.on('close', () => body.destroy());
      body.pipe(request);
    } else {
      request.end(raw ? body : json);
    }
    return request;
  }

  function failure(call: EngineCall, error: Error): unknown {
    if (call.signal?.aborted === true) return call.signal.reason;
    if (!('code' in error) || typeof error.code !== 'string' || error.name === 'ContextError') return error;
    const why =
      error.code === 'ECONNREFUSED' || error.code === 'ENOENT'
        ? 'no engine answers there; is it running?'
        : error.code === 'EACCES'
          ? 'permission denied; is this user in the group that owns the socket?'
          : `the connection broke (${error.message})`;
    return new EngineError('engine-unreachable', `${call.method ?? 'GET'} ${call.path} at ${shown}: ${why}`, {
      cause: error,
    });
  }

  async function respond(call: EngineCall, prefix: string): Promise<IncomingMessage> {
    const request = start(call, prefix, {});
    try {
      return await new Promise<IncomingMessage>((resolve, reject) => {
        request.on('response', resolve);
        request.on('error', reject);
      });
    } catch (error) {
      // A connection that was kept may have ended meanwhile, as when the engine started again: what only asks is asked once more.
      const { method = 'GET', signal } = call;
      if (request.reusedSocket && method === 'GET' && signal?.aborted !== true) return respond(call, prefix);
      throw error instanceof Error ? failure(call, error) : error;
    }
  }

  async function answer(call: EngineCall, prefix: string): Promise<IncomingMessage> {
    const response = await respond(call, prefix);
    const status = response.statusCode ?? 0;
    if (status < 400) return response;
    throw errorOfStatus(status, `${call.method ?? 'GET'} ${call.path}`, saidIn(await readText(response)));
  }

  const ping = (): Promise<{ version: string; buildkit: boolean }> => {
    pinged ??= answer({ path: '/_ping' }, '').then((response) => {
      response.resume();
      const { headers } = response;
      const theirs = headers['api-version'];
      if (typeof theirs !== 'string') throw new EngineError('engine-unreachable', `${shown} is no Docker Engine`);
      return {
        version: isOlderApi(theirs, newestApi) ? theirs : newestApi,
        buildkit: headers['builder-version'] === '2',
      };
    });
    // A failure is not kept: the engine may answer later.
    pinged.catch(() => (pinged = undefined));
    return pinged;
  };
  const apiVersion = async (): Promise<string> => (await ping()).version;

  return {
    ...(findLogin !== undefined && { findLogin }),
    apiVersion,
    prefersBuildkit: async () => (await ping()).buildkit,
    async ask(call) {
      const response = await answer(call, `/v${await apiVersion()}`);
      let text: string;
      try {
        text = await readText(response);
      } catch (error) {
        throw error instanceof Error ? failure(call, error) : error;
      }
      if (text === '') return undefined;
      if (!(response.headers['content-type'] ?? '').includes('json')) return text;
      try {
        return JSON.parse(text);
      } catch (cause) {
        throw new EngineError('engine-unreachable', `${call.path}: the engine's answer is not JSON`, { cause });
      }
    },
    async open(call) {
      const response = await answer(call, `/v${await apiVersion()}`);
      const { signal } = call;
      if (signal !== undefined) {
        const end = (): void => void response.destroy(signal.reason instanceof Error ? signal.reason : undefined);
        signal.addEventListener('abort', end, { once: true });
        response.once('close', () => signal.removeEventListener('abort', end));
        if (signal.aborted) end();
      }
      return response;
    },
    async upgrade(call) {
      const prefix = `/v${await apiVersion()}`;
      const request = start(call, prefix, {
        ...alone,
        headers: { connection: 'Upgrade', upgrade: call.protocol ?? 'tcp' },
      });
      return new Promise((resolve, reject) => {
        request.on('upgrade', (_response, socket, head) => {
          if (head.length > 0) socket.unshift(head);
          resolve(socket);
        });
        request.on('response', (response) => {
          const refuse = (text: string): void =>
            reject(errorOfStatus(response.statusCode ?? 0, `${call.method ?? 'GET'} ${call.path}`, saidIn(text)));
          readText(response).then(refuse, reject);
        });
        request.on('error', (error) => reject(failure(call, error)));
      });
    },
    close() {
      agent.destroy();
    },
  };
}
