import { type ClientRequest, type IncomingMessage, type RequestOptions, request as requestPlainly } from 'node:http';
import { request as requestSecurely } from 'node:https';
import { KubeError } from '@kmd/kube-client';
import { type Cause, badRequest, invalid, notFound } from '../errors.js';
import { type JsonObject, numberAt, objectsAt, textAt } from '../json/tree.js';
import type { Exchange, Reply } from '../http/exchange.js';
import { findKind } from '../kinds/table.js';
import { invalidValue } from '../kinds/validation/field.js';
import type { Backend, ClientCertificate } from '../requests/backend.js';
import { getObject } from '../requests/read.js';
import type { Target } from '../requests/target.js';

/** Query parameters that the kubelet's own path knows. */
const passed = ['follow', 'previous', 'sinceSeconds', 'sinceTime', 'timestamps', 'tailLines', 'limitBytes'];

/** The container asked for, or the only one, or the one an annotation makes the default. */
function containerOf(pod: JsonObject, asked: string | null): string {
  const name = textAt(pod, 'metadata', 'name') ?? '';
  const names = [...objectsAt(pod, 'spec', 'initContainers'), ...objectsAt(pod, 'spec', 'containers')].map(
    (container) => textAt(container, 'name') ?? '',
  );
  if (asked !== null && asked !== '') {
    if (!names.includes(asked)) throw badRequest(`container ${asked} is not valid for pod ${name}`);
    return asked;
  }
  const main = objectsAt(pod, 'spec', 'containers').map((container) => textAt(container, 'name') ?? '');
  if (main.length === 1) return main[0] ?? '';
  const preferred = textAt(pod, 'metadata', 'annotations', 'kubectl.kubernetes.io/default-container');
  if (preferred !== undefined && main.includes(preferred)) return preferred;
  throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${main.join(' ')}]`);
}

/** Numbers that are counts of something. Throws 422. */
function checkOptions(name: string, query: URLSearchParams): void {
  const causes = [
    ['tailLines', 0],
    ['limitBytes', 1],
    ['sinceSeconds', 1],
  ].flatMap(([key = '', least = 0]): Cause[] => {
    const value = query.get(String(key));
    if (value === null || !/^-?\d+$/.test(value) || Number(value) >= Number(least)) return [];
    return [invalidValue(String(key), Number(value), `must be greater than ${least === 0 ? 'or equal to ' : ''}0`)];
  });
  if (causes.length > 0) throw invalid({ group: '', kind: 'PodLogOptions' }, name, causes);
}

/** Where a node's kubelet listens: its internal address and the port it reports. */
function kubeletOf(node: JsonObject): { host: string; port: number } | undefined {
  const addresses = objectsAt(node, 'status', 'addresses');
  const address =
    addresses.find((item) => item['type'] === 'InternalIP') ?? addresses.find((item) => item['type'] === 'Hostname');
  const port = numberAt(node, 'status', 'daemonEndpoints', 'kubeletEndpoint', 'Port');
  const host = textAt(address, 'address');
  return host === undefined || port === undefined ? undefined : { host, port };
}

/** Asks a kubelet. As by kube-apiserver without `--kubelet-certificate-authority`, nobody asks who signed its certificate. */
function askKubelet(
  client: ClientCertificate | undefined,
  options: RequestOptions,
  answered: (answer: IncomingMessage) => void,
): ClientRequest {
  if (client === undefined) return requestPlainly(options, answered);
  return requestSecurely({ ...options, ...client, rejectUnauthorized: false }, answered);
}

/** `pods/NAME/log`: the kubelet of the pod's node writes it, this server passes it on as it comes. */
export async function streamPodLog(backend: Backend, exchange: Exchange, target: Target): Promise<Reply | undefined> {
  const pod = getObject(backend, target);
  const name = textAt(pod, 'metadata', 'name') ?? '';
  checkOptions(name, exchange.query);
  const container = containerOf(pod, exchange.query.get('container'));
  const nodeName = textAt(pod, 'spec', 'nodeName') ?? '';
  if (nodeName === '') {
    // Nothing has run yet, so there is nothing to read: the real server answers an empty log.
    return { status: 204, body: '' };
  }
  const node = backend.store.get('nodes', nodeName);
  const nodes = findKind('', 'v1', 'nodes');
  if (!node) throw notFound(nodes ?? target.kind, nodeName);
  const kubelet = kubeletOf(node);
  if (!kubelet) {
    throw new KubeError(
      503,
      'ServiceUnavailable',
      `node ${nodeName} has not said where its kubelet listens: no logs of pod ${name} can be read`,
    );
  }
  const query = new URLSearchParams();
  for (const key of passed) {
    const value = exchange.query.get(key);
    if (value !== null) query.set(key, value);
  }
  const namespace = encodeURIComponent(textAt(pod, 'metadata', 'namespace') ?? '');
  const path = `/containerLogs/${namespace}/${encodeURIComponent(name)}/${encodeURIComponent(container)}?${query.toString()}`;
  const scheme = backend.kubeletClient === undefined ? 'http' : 'https';
  const { response, signal } = exchange;
  await new Promise<void>((resolve, reject) => {
    const upstream = askKubelet(backend.kubeletClient, { ...kubelet, path, method: 'GET', signal }, (answer) => {
      if (answer.statusCode !== 200) {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8').trim();
          const status = answer.statusCode === 404 ? 404 : answer.statusCode === 400 ? 400 : 500;
          reject(
            new KubeError(
              status,
              status === 404 ? 'NotFound' : status === 400 ? 'BadRequest' : 'InternalError',
              text === '' ? `the kubelet of node ${nodeName} answered ${String(answer.statusCode)}` : text,
            ),
          );
        });
        answer.on('error', reject);
        return;
      }
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.flushHeaders();
      answer.pipe(response);
      answer.on('end', () => resolve());
      answer.on('error', () => {
        response.end();
        resolve();
      });
      response.on('close', () => {
        answer.destroy();
        resolve();
      });
    });
    upstream.on('error', (cause) => {
      if (signal.aborted) return resolve();
      reject(
        new KubeError(
          500,
          'InternalError',
          `Get "${scheme}://${kubelet.host}:${kubelet.port}${path}": ${cause.message}`,
          {
            cause,
          },
        ),
      );
    });
    upstream.end();
  });
  return undefined;
}
