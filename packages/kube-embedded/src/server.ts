import { randomUUID } from 'node:crypto';
import { type KubeApi, type Logger, silentLogger } from '@kmd/kube-client';
import { alwaysAllow, roleBased } from './auth/authorize.js';
import { type ServiceAccountKeys, createServiceAccountTokens } from './auth/service-account-tokens.js';
import { type PasswordUser, type TokenUser, createAuthenticator, insecureUser } from './auth/authenticate.js';
import { acceptDefinitions } from './crd/acceptance.js';
import { servedKinds } from './crd/kinds.js';
import { createFirstObjects } from './bootstrap.js';
import { plainEndpoint, secureEndpoint } from './http/endpoint.js';
import { type ConnectionLimits, defaultLimits } from './http/limits.js';
import { createListener } from './http/listener.js';
import { textAt } from './json/tree.js';
import { type Backend, type ClientCertificate, keyOf } from './requests/backend.js';
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
  /**
   * The certificate by which kubelets know this server (`--kubelet-client-certificate`): they are asked over TLS then, whoever signed their own.
   * Without it over plain HTTP.
   */
  kubeletClient?: ClientCertificate;
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
  /** Those of kube-apiserver where left out. */
  limits?: Partial<ConnectionLimits>;
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
    kubeletClient: options.kubeletClient,
    network: createServiceNetwork(options.serviceCidr ?? '10.10.10.0/24', options.nodePortRange ?? '30000-32767'),
    now: options.now ?? (() => new Date()),
    uid: randomUUID,
    random: Math.random,
  };
  let port = options.port ?? 6443;
  const limits = { ...defaultLimits, ...options.limits };
  const common = { backend, logger, patience: limits.patience, serverAddress: () => `${advertised}:${port}` };
  const authenticate = createAuthenticator({
    tokens: options.tokens ?? [],
    users: options.users ?? [],
    certificates: options.clientCa !== undefined,
    byToken: (token) => tokens.check(token, backend.now())?.user,
  });
  const secure = secureEndpoint(
    { ...options.tls, clientCa: options.clientCa },
    createListener({ ...common, authenticate }),
    logger,
    limits,
  );
  const insecure = plainEndpoint(createListener({ ...common, authenticate: () => insecureUser }), logger, limits);
  const close = async (): Promise<void> => {
    closing.abort();
    await Promise.all([secure.close(), insecure.close()]);
  };
  let insecureUrl: string | undefined;
  try {
    port = await secure.listen(host, port);
    if (options.insecurePort !== undefined)
      insecureUrl = `http://${host}:${await insecure.listen(host, options.insecurePort)}`;
    void acceptDefinitions(backend, closing.signal).catch((err: unknown) => {
      logger.error({ err }, 'definitions of custom resources are not accepted any more');
    });
    createFirstObjects(backend, { host: advertised, port, clientCa: options.clientCa });
  } catch (error) {
    await close();
    throw error;
  }
  const expireEvents = createExpiry(backend.store, 'events', (options.eventTtl ?? 3600) * 1000);
  const expiry = setInterval(() => {
    try {
      expireEvents(backend.now().getTime());
    } catch (error) {
      // A journal on a full disk: the next time, then.
      logger.warn({ err: error }, 'old events could not be removed');
    }
  }, expiryInterval).unref();
  logger.info({ port, insecureUrl }, 'API server listens');
  return {
    url: `https://${host}:${port}`,
    port,
    ...(insecureUrl === undefined ? {} : { insecureUrl }),
    api: inProcessApi(backend, closing.signal),
    async close() {
      clearInterval(expiry);
      await close();
    },
  };
}
