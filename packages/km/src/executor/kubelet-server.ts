import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https';
import { createServer as createSocketServer, type Socket } from 'node:net';
import type { Pod } from '@kmd/kube-client';
import type { KubeletAccess } from './kubelet-access.js';
import type { ContainerLog, LogLine } from './pod/runtime.js';
import { signItself, type SelfSigned } from './self-signed.js';

/** What the server shows. */
export interface KubeletView {
  pods(): Pod[];
  /** Undefined: no such pod or container; null: the container has no such log. */
  log(namespace: string, pod: string, container: string, previous: boolean): ContainerLog | null | undefined;
}

/** The part of a kubelet's HTTP API that an API server asks for: health, pods, container logs. */
export interface KubeletServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens on `host` at a free port for TLS, under a certificate that it signs itself. Whoever is not let in by `access` learns nothing. */
export async function startKubeletServer(
  host: string,
  view: KubeletView,
  access: KubeletAccess,
): Promise<KubeletServer> {
  const secure = secureServer(host, access, async (request, response) => {
    const refusal = await access.refusal(request);
    if (refusal) refuse(response, refusal.status, refusal.text);
    else answer(request, response, view);
  });
  const sockets = new Set<Socket>();
  // Most executors are never asked: what TLS takes is made for the first who comes.
  const server = createSocketServer({ pauseOnConnect: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // Whoever connects and goes has said nothing worth an error.
    socket.on('error', () => socket.destroy());
    void secure().then((tls) => !socket.destroyed && tls.emit('connection', socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  server.unref();
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Gives the server that speaks TLS on connections, which asks for certificates of the authority there is at that time. */
function secureServer(
  host: string,
  access: KubeletAccess,
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): () => Promise<SecureServer> {
  let identity: SelfSigned | undefined;
  let current: { server: SecureServer; authority: string | undefined } | undefined;
  return async () => {
    const authority = await access.authority();
    if (current && current.authority === authority) return current.server;
    identity ??= signItself(host);
    // An empty list is nobody; without a list it would be the authorities of the web.
    const options = { ...identity, ca: authority ?? [], requestCert: true, rejectUnauthorized: false };
    const server = createSecureServer(options, (request, response) => void handle(request, response));
    current = { server, authority };
    return server;
  };
}

function answer(request: IncomingMessage, response: ServerResponse, view: KubeletView): void {
  const [path = '/', query = ''] = (request.url ?? '/').split('?');
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'method not allowed');
  if (path === '/healthz') return refuse(response, 200, 'ok');
  if (path === '/pods') {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items: view.pods() }));
    return;
  }
  // Names of Kubernetes need no escapes.
  const [, namespace, pod, container] = /^\/containerLogs\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  if (namespace === undefined || pod === undefined || container === undefined)
    return refuse(response, 404, '404 page not found');
  const parameters = new URLSearchParams(query);
  const previous = parameters.get('previous') === 'true';
  const log = view.log(namespace, pod, container, previous);
  if (log === undefined) return refuse(response, 404, `pod "${pod}" or its container "${container}" is not found`);
  if (log === null) {
    const which = previous ? 'previous terminated container' : 'container';
    return refuse(response, 400, `${which} "${container}" in pod "${pod}" not found`);
  }
  writeLog(response, log, parameters);
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(text);
}

/** The kubelet's own parameters: `follow`, `tailLines`, `limitBytes`, `timestamps`, `sinceSeconds`, `sinceTime`. */
function writeLog(response: ServerResponse, log: ContainerLog, query: URLSearchParams): void {
  const number = (name: string): number | undefined => {
    const value = Number(query.get(name) ?? Number.NaN);
    return Number.isFinite(value) ? value : undefined;
  };
  const timestamps = query.get('timestamps') === 'true';
  const tail = number('tailLines');
  const sinceSeconds = number('sinceSeconds');
  const sinceTime = query.get('sinceTime');
  const since = sinceSeconds === undefined ? Date.parse(sinceTime ?? '') : Date.now() - sinceSeconds * 1_000;
  let budget = number('limitBytes') ?? Number.POSITIVE_INFINITY;

  const write = ({ time, text }: LogLine): void => {
    const stamp = timestamps ? `${new Date(time).toISOString().replace('Z', '000000Z')} ` : '';
    const bytes = Buffer.from(`${stamp}${text}\n`).subarray(0, Math.max(0, budget));
    budget -= bytes.length;
    if (bytes.length > 0) response.write(bytes);
  };
  response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' });
  response.flushHeaders();
  const lines = Number.isNaN(since) ? log.lines : log.lines.filter(({ time }) => time >= since);
  for (const line of tail === undefined ? lines : lines.slice(Math.max(0, lines.length - tail))) write(line);
  if (query.get('follow') !== 'true' || budget <= 0) {
    response.end();
    return;
  }
  const stop = log.follow((line) => {
    if (line) write(line);
    if (!line || budget <= 0) response.end();
  });
  response.on('close', stop);
}
