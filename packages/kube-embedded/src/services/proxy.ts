import { request as httpRequest } from 'node:http';
import { KubeError } from '@kmd/kube-client';
import { badRequest, notFound, resourceNotServed } from '../errors.js';
import { type JsonObject, numberAt, objectsAt, textAt } from '../json/tree.js';
import { type Exchange, type Reply, textReply } from '../http/exchange.js';
import { encodePath } from '../http/request-path.js';
import { findKind } from '../kinds/table.js';
import { type Backend, keyOf } from '../requests/backend.js';
import { type Target, named } from '../requests/target.js';

interface Place {
  readonly host: string;
  readonly port: number;
}

/** `[http:]NAME[:PORT]` as the proxy's paths have it. */
function split(name: string): { name: string; port: string } {
  const parts = name.split(':');
  if (parts.length === 3) {
    if (parts[0] === 'https') throw badRequest('the proxy speaks http to pods: ask for http:NAME:PORT');
    return { name: parts[1] ?? '', port: parts[2] ?? '' };
  }
  return { name: parts[0] ?? '', port: parts[1] ?? '' };
}

function serviceEndpoint(backend: Backend, target: Target): Place {
  const at = named(target);
  const { name, port } = split(at.name);
  const service = backend.store.get('services', keyOf(at.namespace, name));
  const endpoints = backend.store.get('endpoints', keyOf(at.namespace, name));
  const endpointKind = findKind('', 'v1', 'endpoints') ?? at.kind;
  if (!service && !endpoints) throw notFound(at.kind, name);
  if (!endpoints) throw notFound(endpointKind, name);
  const ports = objectsAt(service, 'spec', 'ports');
  // A number names the service's port, a word the port of that name, nothing the only one.
  const chosen =
    port === ''
      ? ports[0]
      : ports.find((item) => textAt(item, 'name') === port || String(numberAt(item, 'port')) === port);
  if (service && !chosen) throw badRequest(`service "${name}" has no port "${port}"`);
  const portName = service ? (textAt(chosen, 'name') ?? '') : port;
  const places = objectsAt(endpoints, 'subsets').flatMap((subset) => {
    const number = objectsAt(subset, 'ports').find((item) => (textAt(item, 'name') ?? '') === portName);
    const portNumber = numberAt(number, 'port');
    if (portNumber === undefined) return [];
    return objectsAt(subset, 'addresses').map((address) => ({ host: textAt(address, 'ip') ?? '', port: portNumber }));
  });
  const place = places[Math.floor(backend.random() * places.length)];
  if (!place) throw new KubeError(503, 'ServiceUnavailable', `no endpoints available for service "${name}"`);
  return place;
}

function podPlace(backend: Backend, target: Target): Place {
  const at = named(target);
  const { name, port } = split(at.name);
  const pod: JsonObject | undefined = backend.store.get('pods', keyOf(at.namespace, name));
  if (!pod) throw notFound(at.kind, name);
  const first = objectsAt(pod, 'spec', 'containers').flatMap((container) => objectsAt(container, 'ports'))[0];
  const number = port === '' ? (numberAt(first, 'containerPort') ?? 80) : Number(port);
  const host = textAt(pod, 'status', 'podIP') ?? '';
  if (host === '') throw badRequest(`address not allowed: pod "${name}" has no address yet`);
  return { host, port: number };
}

const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** `services/NAME/proxy/…` and `pods/NAME/proxy/…`: passes the request on to an endpoint over HTTP, and its answer back. */
export async function proxyToService(
  backend: Backend,
  exchange: Exchange,
  target: Target,
  rest: string,
): Promise<Reply | undefined> {
  const place =
    target.kind.store === 'services'
      ? serviceEndpoint(backend, target)
      : target.kind.store === 'pods'
        ? podPlace(backend, target)
        : undefined;
  if (!place) throw resourceNotServed();
  const { request, response, signal } = exchange;
  const query = exchange.query.toString();
  // Relative links of a page work only below a slash (apimachinery's UpgradeAwareHandler).
  if (rest === '' && !exchange.path.endsWith('/'))
    return textReply(301, '', { location: `${encodePath(exchange.path)}/${query === '' ? '' : `?${query}`}` });
  const path = `/${encodePath(rest)}${query === '' ? '' : `?${query}`}`;
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    // The caller's credentials are for this server, not for what runs in a pod.
    const own = name === 'authorization' || name === 'host' || name.startsWith(':');
    if (value === undefined || hopByHop.has(name) || own) continue;
    headers[name] = value;
  }
  await new Promise<void>((resolve, reject) => {
    const upstream = httpRequest({ ...place, path, method: exchange.method, headers, signal }, (answer) => {
      const kept = Object.entries(answer.headers).filter(([name]) => !hopByHop.has(name));
      response.writeHead(answer.statusCode ?? 502, Object.fromEntries(kept));
      answer.pipe(response);
      answer.on('end', () => resolve());
      answer.on('error', () => {
        response.destroy();
        resolve();
      });
    });
    upstream.on('error', (cause) => {
      if (response.headersSent || signal.aborted) return resolve();
      reject(
        new KubeError(
          503,
          'ServiceUnavailable',
          `error trying to reach service: dial tcp ${place.host}:${place.port}: ${cause.message}`,
          { cause },
        ),
      );
    });
    request.pipe(upstream);
  });
  return undefined;
}
