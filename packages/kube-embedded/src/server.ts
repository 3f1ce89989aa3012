import { randomUUID } from 'node:crypto';
import { type Server, createServer } from 'node:http';
import { type Server as SecureServer, createServer as createSecureServer } from 'node:https';
import { type KubeApi, KubeError, type Logger, silentLogger } from '@kmd/kube-client';
import { alwaysAllow, roleBased } from './auth/authorize.js';
import { type ServiceAccountKeys, createServiceAccountTokens } from './auth/service-account-tokens.js';
import { type PasswordUser, type TokenUser, createAuthenticator, insecureUser } from './auth/authenticate.js';
import { servedKinds } from './crd/kinds.js';
import { createFirstObjects } from './bootstrap.js';
import { serveHttp2 } from './http/http2.js';
import { createListener } from './http/listener.js';
import { textAt } from './json/tree.js';
import { type Backend, keyOf } from './requests/backend.js';
import { inProcessApi } from './requests/in-process.js';
import { createServiceNetwork } from './services/network.js';
import { createExpiry } from './storage/expiry.js';
import { MemoryStore } from './storage/memory-store.js';
import type { Store } from './storage/store.js';

export interface ApiServerOptions {
  /** Address to bind. `127.0.0.1` by default. */
  host?: string;
  /** Address by which others reach it, for the endpoints of the service `kubernetes`; `host` by default, which must not be `0.0.0.0` then. */
  advertiseAddress?: string;
  /** Secure port; 0 takes a free one. 6443 by default. */
  port?: number;
  /** The server's certificate (chain) and private key, PEM. */
  tls: { cert: string; key: string };
  /** PEM certificates of the authority whose client certificates are taken: CN is the user, O the groups. */
  clientCa?: string;
  /** Plain HTTP without authentication, as the 2015 server had on 8888. Only when it is given; 0 takes a free port. */
  insecurePort?: number;
  tokens?: readonly TokenUser[];
  users?: readonly PasswordUser[];
  /** With what tokens of service accounts are signed. A key of this server's own life when left out. */
  serviceAccounts?: ServiceAccountKeys;
  /** `AlwaysAllow` by default, as in 2015; `RBAC` for roles and bindings. Callers in this process may do everything. */
  authorization?: 'AlwaysAllow' | 'RBAC';
  /** IPv4 range of service addresses. `10.10.10.0/24` by default, as in 2015. */
  serviceCidr?: string;
  /** `30000-32767` by default. */
  nodePortRange?: string;
  logger?: Logger;
  /** In memory by default. */
  store?: Store;
  /** Seconds that an event lives after its last change. 3600 by default, as `--event-ttl` has it. */
  eventTtl?: number;
  now?: () => Date;
}

/** How often events are looked through for those whose time is up, in milliseconds. */
const expiryInterval = 60_000;

export interface ApiServer {
  /** `https://127.0.0.1:6443` */
  readonly url: string;
  readonly port: number;
  readonly insecureUrl?: string;
  /** The same API without HTTP, for callers in this process. */
  readonly api: KubeApi;
  /** Ends watches, closes every socket, resolves when the ports are free. */
  close(): Promise<void>;
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    const fail = (cause: NodeJS.ErrnoException): void => {
      const taken = cause.code === 'EADDRINUSE';
      reject(
        new KubeError(
          0,
          taken ? 'PortTaken' : 'ListenFailed',
          taken
            ? `port ${port} of ${host} is taken by another program: stop it, or choose another port (0 takes a free one)`
            : `the API server cannot listen on ${host}:${port}: ${cause.message}`,
          { cause },
        ),
      );
    };
    server.once('error', fail);
    server.listen(port, host, () => {
      server.off('error', fail);
      resolve();
    });
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

/**
 * Starts a Kubernetes API server in this process.
 *
 * Throws `KubeError` with code `PortTaken`, `ListenFailed`, `InvalidServiceCidr`, `InvalidNodePortRange`, `InvalidServiceAccountKey` or `InvalidCertificate`; nothing is left running then.
 */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const host = options.host ?? '127.0.0.1';
  const advertised = options.advertiseAddress ?? host;
  const logger = options.logger ?? silentLogger;
  const closing = new AbortController();
  const store = options.store ?? new MemoryStore();
  const tokens = createServiceAccountTokens(options.serviceAccounts ?? {}, (kind, namespace, name) =>
    textAt(store.get(kind, keyOf(namespace, name)), 'metadata', 'uid'),
  );
  const backend: Backend = {
    store,
    kinds: servedKinds(store),
    tokens,
    authorizer: options.authorization === 'RBAC' ? roleBased(store) : alwaysAllow,
    network: createServiceNetwork(options.serviceCidr ?? '10.10.10.0/24', options.nodePortRange ?? '30000-32767'),
    now: options.now ?? (() => new Date()),
    uid: randomUUID,
    random: Math.random,
  };
  let port = options.port ?? 6443;
  const common = { backend, logger, serverAddress: () => `${advertised}:${port}` };
  const authenticate = createAuthenticator({
    tokens: options.tokens ?? [],
    users: options.users ?? [],
    certificates: options.clientCa !== undefined,
    byToken: (token) => tokens.check(token, backend.now())?.user,
  });
  const secure = secureServer(options);
  const listener = createListener({ ...common, authenticate });
  secure.on('request', listener);
  const closeHttp2 = serveHttp2(secure, listener);
  port = await listen(secure, host, port);
  const servers: Server[] = [secure];
  let insecureUrl: string | undefined;
  if (options.insecurePort !== undefined) {
    const plain = createServer(createListener({ ...common, authenticate: () => insecureUser }));
    try {
      insecureUrl = `http://${host}:${await listen(plain, host, options.insecurePort)}`;
    } catch (error) {
      secure.close();
      throw error;
    }
    servers.push(plain);
  }
  for (const server of servers) tune(server, logger);
  createFirstObjects(backend, advertised, port);
  const expireEvents = createExpiry(backend.store, 'events', (options.eventTtl ?? 3600) * 1000);
  const expiry = setInterval(() => {
    expireEvents(backend.now().getTime());
  }, expiryInterval).unref();
  logger.info({ port, insecureUrl }, 'API server listens');
  return {
    url: `https://${host}:${port}`,
    port,
    ...(insecureUrl === undefined ? {} : { insecureUrl }),
    api: inProcessApi(backend, closing.signal),
    async close() {
      clearInterval(expiry);
      closing.abort();
      closeHttp2();
      await Promise.all(
        servers.map(
          (server) =>
            new Promise<void>((resolve) => {
              server.close(() => resolve());
              server.closeAllConnections();
            }),
        ),
      );
    },
  };
}

function secureServer(options: ApiServerOptions): SecureServer {
  const { cert, key } = options.tls;
  try {
    return createSecureServer({
      cert,
      key,
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['h2', 'http/1.1'],
      // Asked for, not demanded: tokens and passwords do as well.
      ...(options.clientCa === undefined ? {} : { ca: options.clientCa, requestCert: true, rejectUnauthorized: false }),
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new KubeError(0, 'InvalidCertificate', `the server's certificate and key cannot be used: ${why}`, { cause });
  }
}

function tune(server: Server, logger: Logger): void {
  // Watches last as long as they like; a request's headers and body do not.
  server.requestTimeout = 60_000;
  server.headersTimeout = 30_000;
  server.keepAliveTimeout = 90_000;
  server.on('clientError', (error, socket) => {
    logger.debug({ err: error }, 'a client broke off or sent no HTTP');
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n');
  });
}
