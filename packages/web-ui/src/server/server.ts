import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, sep } from 'node:path';
import { createMasterClient, type EndpointOptions } from '@kmd/mesos-client';
import { MesosFeed } from './mesos-feed.js';

export interface UiServerOptions {
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** Folder with the page. */
  assets: string;
  mesosMaster: EndpointOptions['master'];
  /** Shown in the page's title. */
  clusterName?: string | undefined;
}

export interface UiServer {
  url: string;
  close(): Promise<void>;
}

/** Pages that follow Mesos at a time. */
const MAX_STREAMS = 256;
/** A page that has not read for so many milliseconds is let go: it comes back when it is awake. */
const STALLED = 30_000;

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

/** Nothing from elsewhere, nothing inline, never inside another page. */
const safety = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/**
 * Serves the page, and at `mesos` the state of Mesos as lines of JSON (`MesosUpdate`). It only reads, and asks nobody who he is: it stands
 * behind the API server's service proxy, which does.
 */
export async function startUiServer(options: UiServerOptions): Promise<UiServer> {
  const closing = new AbortController();
  const client = createMasterClient({ master: options.mesosMaster });
  const feed = new MesosFeed({ client });
  let streams = 0;
  const server = createServer({ requestTimeout: 30_000 }, (request, response) => {
    // The rest of a path is a name to be looked up, never an address to be parsed: `//host` is no host here.
    const [pathname = '/'] = (request.url ?? '/').split('?', 1);
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return answer(response, 405, 'only GET and HEAD are answered here\n', { allow: 'GET, HEAD' });
    if (pathname === '/healthz') return answer(response, 200, 'ok');
    if (pathname === '/mesos') {
      if (request.headers['sec-fetch-site'] === 'cross-site')
        return answer(response, 403, 'this is not for pages of other sites\n');
      if (streams >= MAX_STREAMS)
        return answer(response, 503, 'too many pages look at Mesos at once: close some\n', { 'retry-after': '5' });
      streams += 1;
      void stream(request, response).finally(() => (streams -= 1));
      return;
    }
    void sendFile(options, pathname, response);
  });

  async function stream(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    response.writeHead(200, { ...safety, 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
    response.flushHeaders();
    if (request.method === 'HEAD') return void response.end();
    const signal = AbortSignal.any([gone.signal, closing.signal]);
    await feed
      .read(async (update) => {
        if (response.write(`${JSON.stringify(update)}\n`)) return;
        await once(response, 'drain', { signal: AbortSignal.any([signal, AbortSignal.timeout(STALLED)]) });
      }, signal)
      .catch(() => response.destroy());
    response.end();
  }

  server.listen(options.port, options.host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${options.host}:${port}`,
    async close() {
      closing.abort();
      server.close();
      server.closeAllConnections();
      client.close();
      await once(server, 'close');
    },
  };
}

function answer(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { ...safety, 'content-type': 'text/plain; charset=utf-8', ...headers });
  response.end(text);
}

async function sendFile(
  { assets, clusterName }: UiServerOptions,
  path: string,
  response: ServerResponse,
): Promise<void> {
  if (path === '/config.json') {
    const body = JSON.stringify({ cluster: clusterName ?? '' });
    response.writeHead(200, { ...safety, 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(body);
    return;
  }
  const name = normalize(path === '/' ? '/index.html' : safeDecode(path));
  const file = join(assets, name);
  const content = file.startsWith(assets + sep) ? await readFile(file).catch(() => undefined) : undefined;
  if (content === undefined) return answer(response, 404, 'there is no such page\n');
  response.writeHead(200, {
    ...safety,
    'content-type': types[extname(file)] ?? 'application/octet-stream',
    'content-length': content.length,
    // Names of assets hold a checksum of their content.
    'cache-control': name.startsWith(`${sep}assets${sep}`) ? 'max-age=31536000, immutable' : 'no-cache',
  });
  response.end(content);
}

function safeDecode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
