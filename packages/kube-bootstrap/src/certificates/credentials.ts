import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { withLock } from '../files/lock.js';
import { CredentialsError } from './errors.js';
import { openFolder, unusable, type CredentialsFolder, type Pair } from './folder.js';
import { firstServiceAddress } from './service-address.js';
import { parseUsers, printUser, type UserLine } from './users-file.js';

export interface CredentialsOptions {
  /** The cluster's own folder for them; made when missing, closed to others. */
  dir: string;
  /** More names (or addresses) under which the API server is reached. */
  names?: readonly string[] | undefined;
  addresses?: readonly string[] | undefined;
  /** Range of service addresses, for instance `10.10.10.0/24`: its first one is the API server's. */
  serviceCidr: string;
  /** Domain of the cluster's DNS, for instance `cluster.local`. */
  dnsDomain: string;
  /** Password of the user `admin`. Absent: what the file says, `admin` at first. */
  adminPassword?: string | undefined;
  /** Nodes that get client certificates of their own: `system:node:NAME` in `system:nodes`. None by default. */
  nodes?: readonly string[] | undefined;
  /** Client certificates of the controller manager and the scheduler, and the front proxy's authority and certificate too. */
  components?: boolean | undefined;
  now?: Date | undefined;
}

/** A certificate and its private key: as PEM, and where they are. */
export interface CertificatePair {
  cert: string;
  key: string;
  certPath: string;
  keyPath: string;
}

export interface Credentials {
  dir: string;
  ca: CertificatePair;
  apiserver: CertificatePair;
  /** Client certificate of `cluster-admin` in `system:masters`. */
  admin: CertificatePair;
  /** Client certificate of the API server itself, by which kubelets know it (`--kubelet-client-certificate`). */
  kubeletClient: CertificatePair;
  /** By node name; as many as were asked for. */
  nodes: ReadonlyMap<string, CertificatePair>;
  /** Where `components` were asked for. */
  components?: {
    controllerManager: CertificatePair;
    scheduler: CertificatePair;
    /** Signs those who may say for whom they ask (`--requestheader-client-ca-file`). */
    frontProxyCa: CertificatePair;
    frontProxyClient: CertificatePair;
  };
  /** What service-account tokens are signed and checked with, PEM. */
  serviceAccounts: { key: string; publicKey: string; keyPath: string; publicKeyPath: string };
  /** Bearer token of `cluster-admin`. */
  token: string;
  tokens: { token: string; user: string; uid: string; groups: string[] }[];
  tokensPath: string;
  users: { username: string; password: string; uid: string; groups: string[] }[];
  usersPath: string;
  /** Files that this call wrote, by name; empty when everything was in place. Whoever serves them loads them anew. */
  written: string[];
}

/** Days. An authority lives as long as in 2015; what it signs for a year, as kubeadm and kind have it: it is renewed at a start. */
const AUTHORITY_DAYS = 3650;
const LEAF_DAYS = 365;

/** How long another process may take over the same folder, in milliseconds. */
const PATIENCE = 10_000;

const COMPONENT_PAIRS = ['controller-manager', 'scheduler', 'front-proxy-ca', 'front-proxy-client'];

const ADMIN = { user: 'cluster-admin', uid: 'cluster-admin' };

/**
 * Sees to it that a cluster has its credentials: reads what is in `dir`, makes what is missing, broken, about to end (30 days) or lacks a
 * name, and leaves everything else as it is. A new authority means new certificates. Files are 0600, in a folder of 0700, and are
 * replaced whole. Throws `CredentialsError`.
 */
export async function ensureCredentials(options: CredentialsOptions): Promise<Credentials> {
  const { dir } = options;
  await mkdir(dir, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw unusable(dir, cause);
  });
  const busy = (pid: number): CredentialsError =>
    new CredentialsError(
      'CREDENTIALS_BUSY',
      `the credentials in ${dir} are being prepared by process ${pid} for ${PATIENCE / 1000} s: wait for it, or end it`,
    );
  // Two at once would each make an authority, and serve certificates that the other's does not know.
  return withLock(join(dir, '.lock'), PATIENCE, () => prepare(options), busy).catch((error: unknown) => {
    throw error instanceof CredentialsError ? error : unusable(dir, error);
  });
}

async function prepare(options: CredentialsOptions): Promise<Credentials> {
  const { dir, dnsDomain } = options;
  const now = options.now ?? new Date();
  const { names, addresses } = hostsOf(options, dnsDomain);
  const nodes = [...new Set(options.nodes ?? [])];
  for (const node of nodes)
    if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(node))
      throw new CredentialsError(
        'CREDENTIALS_INVALID',
        `"${node}" is no name of a node: it has small letters, digits, "-" and "." only`,
      );
  const folder = await openFolder(dir, [
    ...(options.components === true ? COMPONENT_PAIRS : []),
    ...nodes.map((node) => `node-${node}`),
  ]);

  const authority = await folder.pair('root-ca', {
    subject: 'O=kmd, CN=kmd-ca',
    days: AUTHORITY_DAYS,
    authority: true,
    now,
  });
  const [apiserver, admin, kubeletClient, serviceAccounts] = await Promise.all([
    folder.pair(
      'apiserver',
      { subject: 'CN=kube-apiserver', days: LEAF_DAYS, usage: 'server', names, addresses, now },
      authority,
    ),
    folder.pair(
      'admin',
      { subject: `O=system:masters, CN=${ADMIN.user}`, days: LEAF_DAYS, usage: 'client', now },
      authority,
    ),
    folder.pair(
      'apiserver-kubelet-client',
      { subject: 'O=system:masters, CN=kube-apiserver-kubelet-client', days: LEAF_DAYS, usage: 'client', now },
      authority,
    ),
    folder.keyPair('service-accounts'),
  ]);

  const client = (name: string, subject: string, issuer: Pair): Promise<Pair> =>
    folder.pair(name, { subject, days: LEAF_DAYS, usage: 'client', now }, issuer);
  const [nodePairs, components] = await Promise.all([
    Promise.all(
      nodes.map(async (node): Promise<[string, Pair]> => [
        node,
        await client(`node-${node}`, `O=system:nodes, CN=system:node:${node}`, authority),
      ]),
    ),
    options.components === true ? makeComponents(folder, client, authority, now) : undefined,
  ]);

  let tokens = parseUsers(folder.text('token-users') ?? '');
  if (!tokens.some(({ user }) => user === ADMIN.user)) {
    tokens = [...tokens, { secret: randomBytes(32).toString('hex'), ...ADMIN, groups: [] }];
    folder.put('token-users', tokens.map(printUser).join(''));
  }
  const users = withPassword(parseUsers(folder.text('basic-users') ?? ''), options.adminPassword);
  folder.put('basic-users', users.map(printUser).join(''));

  const written = await folder.save();
  const pairOf = (name: string, { cert, key }: Pair): CertificatePair => ({
    cert,
    key,
    certPath: join(dir, `${name}.crt`),
    keyPath: join(dir, `${name}.key`),
  });
  return {
    dir,
    ca: pairOf('root-ca', authority),
    apiserver: pairOf('apiserver', apiserver),
    admin: pairOf('admin', admin),
    kubeletClient: pairOf('apiserver-kubelet-client', kubeletClient),
    nodes: new Map(nodePairs.map(([node, pair]) => [node, pairOf(`node-${node}`, pair)])),
    ...(components && {
      components: {
        controllerManager: pairOf('controller-manager', components.controllerManager),
        scheduler: pairOf('scheduler', components.scheduler),
        frontProxyCa: pairOf('front-proxy-ca', components.frontProxyCa),
        frontProxyClient: pairOf('front-proxy-client', components.frontProxyClient),
      },
    }),
    serviceAccounts: {
      ...serviceAccounts,
      keyPath: join(dir, 'service-accounts.key'),
      publicKeyPath: join(dir, 'service-accounts.pub'),
    },
    token: tokens.find(({ user }) => user === ADMIN.user)?.secret ?? '',
    tokens: tokens.map(({ secret, ...rest }) => ({ token: secret, ...rest })),
    tokensPath: join(dir, 'token-users'),
    users: users.map(({ secret, user, uid, groups }) => ({ username: user, password: secret, uid, groups })),
    usersPath: join(dir, 'basic-users'),
    written,
  };
}

/** The names and groups by which kubeadm's clusters know these components. */
async function makeComponents(
  folder: CredentialsFolder,
  client: (name: string, subject: string, issuer: Pair) => Promise<Pair>,
  authority: Pair,
  now: Date,
) {
  const own = { subject: 'CN=front-proxy-ca', days: AUTHORITY_DAYS, authority: true, now };
  const [controllerManager, scheduler, frontProxyCa] = await Promise.all([
    client('controller-manager', 'CN=system:kube-controller-manager', authority),
    client('scheduler', 'CN=system:kube-scheduler', authority),
    folder.pair('front-proxy-ca', own),
  ]);
  const frontProxyClient = await client('front-proxy-client', 'CN=front-proxy-client', frontProxyCa);
  return { controllerManager, scheduler, frontProxyCa, frontProxyClient };
}

/** Every name and address of the API server, as a Kubernetes cluster uses them, then the caller's. */
function hostsOf(options: CredentialsOptions, domain: string): { names: string[]; addresses: string[] } {
  const names = new Set(['apiserver', 'localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc']);
  const addresses = new Set(['127.0.0.1', '::1', firstServiceAddress(options.serviceCidr)]);
  names.add(`kubernetes.default.svc.${domain}`);
  for (const host of [...(options.names ?? []), ...(options.addresses ?? [])])
    (isIP(host) === 0 ? names : addresses).add(host);
  for (const name of names)
    if (!/^(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/i.test(name))
      throw new CredentialsError(
        'CREDENTIALS_INVALID',
        `"${name}" is no host name or address: the API server's certificate cannot name it`,
      );
  return { names: [...names], addresses: [...addresses] };
}

function withPassword(users: UserLine[], password: string | undefined): UserLine[] {
  const known = users.find(({ user }) => user === 'admin');
  if (known === undefined) return [...users, { secret: password ?? 'admin', user: 'admin', uid: 'admin', groups: [] }];
  return password === undefined ? users : users.map((user) => (user === known ? { ...user, secret: password } : user));
}
