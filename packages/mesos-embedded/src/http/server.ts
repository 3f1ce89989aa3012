import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

import { loadCodec, type Codec } from '@kmd/mesos-client';

import { AddressInUseError, ListenError } from '../errors.js';
import { Reply } from './reply.js';

/** One request, its body read whole. */
export interface HttpRequest {
  readonly method: string;
  /** Decoded, without a trailing slash and without the process prefix (`/master`, `/slave(1)`). */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The body as it comes, of a request that streams (application/recordio); `body` is empty then. */
  readonly incoming?: AsyncIterable<unknown> | undefined;
  /** Reads and writes protobuf, where the headers speak of it; holds what was sent against its message. */
  readonly protobuf?: Codec | undefined;
  /** Who asks, once authenticated. */
  principal?: string | undefined;
  /** Fires when the peer has gone away. */
  readonly socket: IncomingMessage['socket'];
}

export type Handler = (request: HttpRequest, reply: Reply) => void | Promise<void>;

/** Paths to handlers. As in libprocess a request goes to the longest registered prefix of its path, by segments. */
export type Routes = ReadonlyMap<string, Handler>;

export interface Listener {
  readonly host: string;
  readonly port: number;
  /** Ends every connection and frees the port. */
  close(): Promise<void>;
}

/** What a test does to a listener. */
export interface HttpFaults {
  /** Milliseconds that every request waits for. */
  delay: number;
  /** Nothing is there yet: every request is answered 404, as before Mesos has started its process. */
  absent: boolean;
}

const maximumBody = 64 * 1024 * 1024;

/**
 * Listens on `host:port` (0: a free port) and serves `routes`, each also below `/prefix`.
 *
 * @throws {AddressInUseError} when the port is taken, {@link ListenError} for any other refusal of the system.
 */
export async function listen(options: {
  host: string;
  port: number;
  prefix: string;
  routes: Routes;
  /** Endpoints of libprocess itself, which are not below the prefix. */
  shared?: Routes;
  /** Requests to wait for, and answers to hold back; for tests. */
  faults?: HttpFaults;
}): Promise<Listener> {
  const { host, prefix, routes, shared = new Map<string, Handler>(), faults } = options;
  const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, noDelay: true }, (request, response) => {
    void serve(request, response, { prefix, routes, shared, faults });
  });
  // libprocess closes a connection that sends no HTTP without a word (trace 21-errors-operator/25).
  server.on('clientError', (_error, socket) => socket.destroy());
  const port = await bind(server, host, options.port);
  return {
    host,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function bind(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new AddressInUseError(host, port, { cause: error })
          : new ListenError(host, port, { cause: error }),
      );
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(isInternet(address) ? address.port : port);
    });
  });
}

function isInternet(address: string | AddressInfo | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  site: { prefix: string; routes: Routes; shared: Routes; faults: HttpFaults | undefined },
): Promise<void> {
  const reply = new Reply(response, request.method ?? 'GET', request.headers['accept-encoding']);
  response.on('error', () => undefined);
  const { socket } = request;
  const streams = request.headers['content-type'] === 'application/recordio';
  let body: Buffer;
  try {
    body = streams ? Buffer.alloc(0) : await readBody(request);
  } catch (error) {
    // What cannot be unpacked is told; a body that is too large, or breaks off, ends the connection.
    if (request.complete)
      reply.text(400, `Failed to decompress the body: ${error instanceof Error ? error.message : ''}`);
    else socket.destroy();
    return;
  }
  try {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (site.faults !== undefined && site.faults.delay > 0) await wait(site.faults.delay);
    const whole = trim(decodeURIComponent(url.pathname));
    const path = strip(whole, site.prefix);
    const handler = site.faults?.absent === true ? undefined : (find(site.shared, whole) ?? find(site.routes, path));
    if (handler === undefined) {
      reply.text(404, '404 Not Found.');
      return;
    }
    await handler(
      {
        method: request.method ?? 'GET',
        path,
        query: url.searchParams,
        headers: request.headers,
        body,
        ...(body.length > 0 || speaksProtobuf(request.headers)
          ? { protobuf: await loadCodec({ contentType: 'protobuf' }) }
          : {}),
        ...(streams ? { incoming: request } : {}),
        socket: request.socket,
      },
      reply,
    );
  } catch (error) {
    reply.text(500, error instanceof Error ? error.message : String(error));
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const body = await collect(request);
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body, { maxOutputLength: maximumBody }) : body;
}

/** By its events: an iterator over a short body costs more than the body. */
function collect(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > maximumBody) request.destroy(new RangeError('the request body is larger than 64 MiB'));
      else chunks.push(chunk);
    });
    request.on('end', () => {
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
    });
    request.on('error', reject);
    request.on('close', () => {
      reject(new Error('the request broke off'));
    });
  });
}

function speaksProtobuf(headers: IncomingHttpHeaders): boolean {
  const { accept, 'content-type': type, 'message-accept': messages, 'message-content-type': message } = headers;
  return [accept, type, messages, message].some((header) => String(header ?? '').includes('protobuf'));
}

function trim(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

function strip(path: string, prefix: string): string {
  if (path === prefix) return '/';
  return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

function find(routes: Routes, path: string): Handler | undefined {
  for (let prefix = path; prefix !== ''; prefix = prefix.slice(0, prefix.lastIndexOf('/'))) {
    const handler = routes.get(prefix);
    if (handler !== undefined) return handler;
  }
  return undefined;
}
