import { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { KubeError, type Logger } from '@kmd/kube-client';
import { alwaysAllow, refusal } from '../auth/authorize.js';
import { actingUser } from '../auth/impersonate.js';
import type { Authenticate } from '../auth/authenticate.js';
import { resourceNotServed, statusOf } from '../errors.js';
import type { Backend } from '../requests/backend.js';
import { findKind } from '../kinds/table.js';
import { proxyToService } from '../services/proxy.js';
import { attributesOf } from './attributes.js';
import { isCrossSiteWrite } from './cross-site.js';
import { type Exchange, type Reply, inYaml, isWantedInYaml, jsonReply, signalOf, textReply } from './exchange.js';
import { handleGeneral } from './general.js';
import { readRequestPath } from './request-path.js';
import { handleResource } from './resources.js';

export interface ListenerOptions {
  readonly backend: Backend;
  readonly authenticate: Authenticate;
  readonly logger: Logger;
  /** Of the client of a watch, in milliseconds. */
  readonly patience: number;
  /** `host:port`, as `/api` tells it. */
  serverAddress(): string;
}

/** Answers HTTP requests: who asks, what about, and every failure as a `Status`. */
export function createListener(options: ListenerOptions): RequestListener {
  return (request, response) => {
    answer(options, request, response).catch((error: unknown) => {
      options.logger.error({ err: error, url: request.url }, 'answer failed');
      response.destroy();
    });
  };
}

const ignore = (): void => undefined;

async function answer(options: ListenerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // A client that breaks off is no failure of the server.
  response.on('error', ignore);
  request.on('error', ignore);
  let signal: AbortSignal | undefined;
  try {
    if (request.method === 'OPTIONS' && request.url === '*') {
      // Go's net/http answers by itself, and the real server never hears of it.
      send(request, response, { status: 200, body: '' });
      return;
    }
    const known = options.authenticate(request);
    if (!known) {
      request.resume();
      send(request, response, unauthorized());
      return;
    }
    if (isCrossSiteWrite(request))
      throw new KubeError(403, 'Forbidden', 'a page of another site may not change what this server has');
    const target = readRequestPath(request.url ?? '/');
    if (!target) {
      send(request, response, textReply(400, '400 Bad Request', { connection: 'close' }));
      return;
    }
    const { authorizer } = options.backend;
    const user = actingUser(request, known, authorizer);
    const exchange: Exchange = {
      method: request.method ?? 'GET',
      ...target,
      request,
      response,
      user,
      patience: options.patience,
      get signal() {
        return (signal ??= signalOf(response));
      },
    };
    if (authorizer !== alwaysAllow) {
      const attributes = attributesOf(exchange.method, exchange.path, exchange.query);
      if (!authorizer.decide(user, attributes).allowed) throw refusal(user, attributes);
    }
    const reply = await route(options, exchange);
    if (reply) await tell(request, response, reply);
  } catch (error) {
    if (response.destroyed) return;
    if (!(error instanceof KubeError)) options.logger.error({ err: error, url: request.url }, 'request failed');
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const status = statusOf(error);
    const code = error instanceof KubeError && error.status >= 400 ? error.status : 500;
    await tell(request, response, jsonReply(code, status));
  }
}

async function route(options: ListenerOptions, exchange: Exchange): Promise<Reply | undefined> {
  const { backend } = options;
  const general = handleGeneral(backend, exchange, options.serverAddress());
  if (general) return general;
  const parts = exchange.path.split('/').slice(1);
  if (!parts.includes('proxy')) while (parts.at(-1) === '') parts.pop();
  if (parts[0] === 'api' && parts[1] === 'v1' && parts[2] === 'proxy')
    return oldProxy(backend, exchange, parts.slice(3));
  if (parts[0] === 'api' && parts.length > 2)
    return handleResource(backend, exchange, '', parts[1] ?? '', parts.slice(2));
  // Of a group that is served every path is answered as one of objects.
  const served = parts[0] === 'apis' && parts[1] !== '' && backend.kinds.list().some(({ group }) => group === parts[1]);
  if (served && parts.length > 3)
    return handleResource(backend, exchange, parts[1] ?? '', parts[2] ?? '', parts.slice(3));
  if (parts[0] === 'api' || served) throw resourceNotServed();
  return textReply(404, '404 page not found\n');
}

/** `/api/v1/proxy/namespaces/NS/services/NAME/…`, the form of 2015. */
function oldProxy(backend: Backend, exchange: Exchange, parts: readonly string[]): Promise<Reply | undefined> {
  const [word, namespace = '', plural = '', name = ''] = parts;
  const kind = findKind('', 'v1', plural);
  if (word !== 'namespaces' || !kind) throw resourceNotServed();
  return proxyToService(backend, exchange, { kind, namespace, name }, parts.slice(4).join('/'));
}

/** As the 2015 server answers everyone whom it does not know. */
const unauthorized = (): Reply =>
  textReply(401, 'Unauthorized\n', { 'www-authenticate': 'Basic realm="kubernetes-master"' });

/** Sends a reply, at once if its client takes it as it is. */
async function tell(request: IncomingMessage, response: ServerResponse, reply: Reply): Promise<void> {
  if (isWantedInYaml(reply, request.headers.accept)) send(request, response, await inYaml(reply));
  else send(request, response, reply);
}

function send(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  const { body } = reply;
  for (const [name, value] of Object.entries(reply.headers ?? {})) {
    response.setHeader(name, typeof value === 'string' ? value : [...value]);
  }
  response.setHeader('cache-control', 'no-cache, private');
  response.setHeader('content-length', Buffer.byteLength(body));
  response.writeHead(reply.status);
  response.end(request.method === 'HEAD' ? undefined : body);
  // What was not read of a refused body is not worth reading; but a client that still sends when its connection is closed does not hear why.
  if (!request.complete) request.resume();
}
