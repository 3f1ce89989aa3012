import type { ServerResponse } from 'node:http';
import type { SchedulerHealth } from './health.js';

/** Where the scheduler answers HTTP. */
export interface ListenOptions {
  /** Default `127.0.0.1`: nobody is asked who he is, so think before you open it. */
  readonly host?: string | undefined;
  /** Default 10251, the original's; 0 takes a free one. */
  readonly port?: number | undefined;
  /** Paths of files by the names under which `/static/NAME` serves them: what agents fetch. */
  readonly files?: Readonly<Record<string, string>> | undefined;
}

export interface StatusView {
  /** Undefined: this instance stands by while another one leads. */
  health(): SchedulerHealth | undefined;
  metrics(): string;
  /** One line a task. */
  tasks(): string;
  /** One line a waiting pod. */
  queue(): string;
  /** Asks the master anew about tasks; false while there is no subscription. */
  reconcile(kind: 'explicit' | 'implicit'): boolean;
}

export interface StatusServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves `/healthz` (200 `ok`, or 500 once the framework has ended), `/readyz` (503 until the master accepted the framework), `/metrics`, and the
 * original's `/debug/…` (spec B25). Rejects when the address cannot be had.
 */
export async function startStatusServer(
  { host = '127.0.0.1', port = 10251, files = {} }: ListenOptions,
  view: StatusView,
): Promise<StatusServer> {
  const { createServer } = await import('node:http');
  const server = createServer((request, response) => {
    const [pathname = '/'] = (request.url ?? '/').split('?');
    const file = Object.entries(files).find(([name]) => pathname === `/static/${encodeURIComponent(name)}`)?.[1];
    if (file !== undefined) {
      void sendFile(file, response);
      return;
    }
    const [status, text] = answer(pathname, view);
    const type = text.startsWith('# ') ? 'text/plain; version=0.0.4; charset=utf-8' : 'text/plain; charset=utf-8';
    response.writeHead(status, { 'content-type': type });
    response.end(text);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  server.unref();
  const address = server.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function sendFile(path: string, response: ServerResponse): Promise<void> {
  try {
    const { readFile } = await import('node:fs/promises');
    const content = await readFile(path);
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': content.length });
    response.end(content);
  } catch (error) {
    response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(`the file cannot be read: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}

function answer(path: string, view: StatusView): [status: number, text: string] {
  switch (path) {
    case '/healthz': {
      const failure = view.health()?.failure;
      return failure ? [500, `${failure.message}\n`] : [200, 'ok'];
    }
    case '/readyz':
      return view.health()?.subscribed ? [200, 'ok'] : [503, 'not subscribed to the Mesos master\n'];
    case '/metrics':
      return [200, view.metrics()];
    case '/debug/registry/tasks':
      return [200, view.tasks()];
    case '/debug/scheduler/podqueue':
      return [200, view.queue()];
    case '/debug/actions/requestExplicit':
      return view.reconcile('explicit') ? [204, ''] : [503, 'not subscribed to the Mesos master\n'];
    case '/debug/actions/requestImplicit':
      return view.reconcile('implicit') ? [204, ''] : [503, 'not subscribed to the Mesos master\n'];
    default:
      return [404, '404 page not found\n'];
  }
}
