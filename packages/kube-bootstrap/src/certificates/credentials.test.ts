import { execFile, spawnSync } from 'node:child_process';
import { createPublicKey, sign, verify, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { createKubeClient, pods } from '@kmd/kube-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureCredentials, type Credentials, type CredentialsOptions } from './credentials.js';
import { firstServiceAddress } from './service-address.js';
import { parseUsers, printUser } from './users-file.js';

const DAY = 86_400_000;

let dir: string;
beforeEach(async () => {
  dir = join(await mkdtemp(join(tmpdir(), 'kmd-credentials-')), 'auth');
});
afterEach(() => rm(join(dir, '..'), { recursive: true, force: true }));

const ensure = (options: Partial<CredentialsOptions> = {}): Promise<Credentials> =>
  ensureCredentials({ dir, serviceCidr: '10.10.10.0/24', dnsDomain: 'cluster.local', ...options });

const everything = [
  'admin.crt',
  'admin.key',
  'apiserver-kubelet-client.crt',
  'apiserver-kubelet-client.key',
  'apiserver.crt',
  'apiserver.key',
  'basic-users',
  'root-ca.crt',
  'root-ca.key',
  'service-accounts.key',
  'service-accounts.pub',
  'token-users',
];
/** What the authority signs in any case. */
const leaves = everything.filter((name) => /^(admin|apiserver)/.test(name));

describe('ensureCredentials', () => {
  it('makes everything, closed to others', async () => {
    const made = await ensure();
    expect(made.written).toEqual(everything);
    expect((await readdir(dir)).sort()).toEqual(everything);
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
    for (const name of everything) expect((await stat(join(dir, name))).mode & 0o777).toBe(0o600);
    expect(await readFile(made.apiserver.certPath, 'utf8')).toBe(made.apiserver.cert);
    expect(await readFile(made.tokensPath, 'utf8')).toBe(`${made.token},cluster-admin,cluster-admin\n`);
    expect(made.token).toMatch(/^[0-9a-f]{64}$/);
    expect(await readFile(made.usersPath, 'utf8')).toBe('admin,admin,admin\n');
    expect(made.users).toEqual([{ username: 'admin', password: 'admin', uid: 'admin', groups: [] }]);
  });

  it('makes certificates of nodes, components and a front proxy where they are asked for', async () => {
    const { written, nodes, components, ca } = await ensure({ nodes: ['agent-1', 'agent-2'], components: true });
    expect(written).toHaveLength(everything.length + 2 * 6);
    const subjectOf = (pem = '') => new X509Certificate(pem).subject;
    expect([...nodes].map(([name, { cert }]) => [name, subjectOf(cert)])).toEqual([
      ['agent-1', 'O=system:nodes\nCN=system:node:agent-1'],
      ['agent-2', 'O=system:nodes\nCN=system:node:agent-2'],
    ]);
    expect(subjectOf(components?.scheduler.cert)).toBe('CN=system:kube-scheduler');
    expect(subjectOf(components?.controllerManager.cert)).toBe('CN=system:kube-controller-manager');
    const proxy = new X509Certificate(components?.frontProxyClient.cert ?? '');
    expect(proxy.checkIssued(new X509Certificate(components?.frontProxyCa.cert ?? ''))).toBe(true);
    expect(proxy.checkIssued(new X509Certificate(ca.cert))).toBe(false);
    expect((await ensure({ nodes: ['agent-1', 'agent-2', 'agent-3'], components: true })).written).toEqual([
      'node-agent-3.crt',
      'node-agent-3.key',
    ]);
    await expect(ensure({ nodes: ['../x'] })).rejects.toMatchObject({ code: 'CREDENTIALS_INVALID' });
  });

  it('made by many at once are the same for all, and the lock of one that died is none', async () => {
    await mkdir(dir, { recursive: true });
    await writeFile(join(dir, '.lock'), '999999999 gone\n');
    const all = await Promise.all(Array.from({ length: 8 }, () => ensure()));
    expect(new Set(all.map(({ ca }) => ca.cert)).size).toBe(1);
    expect(new Set(all.map(({ token }) => token)).size).toBe(1);
    expect(all.filter(({ written }) => written.length > 0)).toHaveLength(1);
    expect((await readdir(dir)).sort()).toEqual(everything);
  });

  it('names the API server by every name and address it is reached by', async () => {
    const { apiserver, ca, admin } = await ensure({ names: ['api.example', '192.0.2.7'], addresses: ['2001:db8::1'] });
    const certificate = new X509Certificate(apiserver.cert);
    for (const name of [
      'apiserver',
      'localhost',
      'kubernetes',
      'kubernetes.default',
      'kubernetes.default.svc',
      'kubernetes.default.svc.cluster.local',
      'api.example',
    ])
      expect(certificate.checkHost(name, { subject: 'never' })).toBe(name);
    for (const address of ['127.0.0.1', '::1', '10.10.10.1', '192.0.2.7', '2001:db8::1'])
      expect(certificate.checkIP(address)).toBe(address);
    expect(new X509Certificate(admin.cert).subject).toBe('O=system:masters\nCN=cluster-admin');
    const authority = new X509Certificate(ca.cert);
    expect(authority.ca).toBe(true);
    for (const { cert } of [apiserver, admin]) {
      expect(new X509Certificate(cert).ca).toBe(false);
      expect(new X509Certificate(cert).verify(authority.publicKey)).toBe(true);
    }
  });

  it('makes a service-account key pair whose halves belong together', async () => {
    const { serviceAccounts } = await ensure();
    const data = Buffer.from('a token');
    const signature = sign('sha256', data, serviceAccounts.key);
    expect(verify('sha256', data, createPublicKey(serviceAccounts.publicKey), signature)).toBe(true);
  });

  it('changes nothing the second time', async () => {
    const first = await ensure();
    const second = await ensure();
    expect(second).toEqual({ ...first, written: [] });
  });

  it('keeps the password that was set, and sets another when told', async () => {
    await ensure({ adminPassword: 'pass, "word"' });
    expect((await ensure()).users).toMatchObject([{ username: 'admin', password: 'pass, "word"' }]);
    const changed = await ensure({ adminPassword: 'other' });
    expect(changed.written).toEqual(['basic-users']);
    expect(changed.users).toMatchObject([{ password: 'other' }]);
    await expect(ensure({ adminPassword: 'two\nlines' })).rejects.toMatchObject({ code: 'CREDENTIALS_INVALID' });
    expect((await ensure()).users).toMatchObject([{ password: 'other' }]);
  });

  it('makes the API server another certificate when a name is new', async () => {
    const first = await ensure();
    const second = await ensure({ names: ['new.example'] });
    expect(second.written).toEqual(['apiserver.crt', 'apiserver.key']);
    expect(second.ca).toEqual(first.ca);
    expect(second.token).toBe(first.token);
  });

  it.each([
    ['31 days before the end: nothing', 365 - 31, []],
    ['30 days before the end: what ends', 365 - 30, leaves],
    ['before the authority ends: all that it signed too', 3650 - 30, [...leaves, 'root-ca.crt', 'root-ca.key']],
  ])('renews, %s', async (_, days, expected) => {
    const now = new Date('2024-01-01T00:00:00Z');
    await ensure({ now });
    const later = await ensure({ now: new Date(now.getTime() + days * DAY) });
    expect(later.written).toEqual(expected);
  });

  it.each([
    ['a lost key', 'apiserver.key', undefined, ['apiserver.crt', 'apiserver.key']],
    ['a torn certificate', 'admin.crt', '-----BEGIN CERTIFICATE-----\nMII', ['admin.crt', 'admin.key']],
    ['an empty token file', 'token-users', '', ['token-users']],
    ['a lost authority', 'root-ca.key', undefined, [...leaves, 'root-ca.crt', 'root-ca.key']],
  ])('mends %s', async (_, name, content, expected) => {
    await ensure();
    await (content === undefined ? rm(join(dir, name)) : writeFile(join(dir, name), content));
    expect((await ensure()).written).toEqual(expected);
    expect((await ensure()).written).toEqual([]);
  });

  it('notices a key that belongs to another certificate', async () => {
    const { admin } = await ensure();
    await writeFile(join(dir, 'apiserver.key'), admin.key);
    expect((await ensure()).written).toEqual(['apiserver.crt', 'apiserver.key']);
  });

  it('closes files that were opened to others', async () => {
    await ensure();
    await chmod(join(dir, 'root-ca.key'), 0o644);
    await chmod(dir, 0o755);
    await ensure();
    expect((await stat(join(dir, 'root-ca.key'))).mode & 0o777).toBe(0o600);
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
  });

  it('says where it cannot write, and what cannot be named', async () => {
    await writeFile(join(dir, '..', 'file'), '');
    await expect(ensure({ dir: join(dir, '..', 'file', 'auth') })).rejects.toMatchObject({
      code: 'CREDENTIALS_FILES',
      message: expect.stringContaining(join('file', 'auth')) as string,
    });
    await expect(ensure({ names: ['no name'] })).rejects.toThrow(/"no name" is no host name or address/);
  });

  it('serves TLS and lets the admin in by certificate', async () => {
    const { ca, apiserver, admin, token } = await ensure();
    const server = createServer(
      { ca: ca.cert, cert: apiserver.cert, key: apiserver.key, requestCert: true, rejectUnauthorized: false },
      (request, response) => {
        const socket = request.socket as TLSSocket;
        const name = socket.authorized ? socket.getPeerCertificate().subject.CN : request.headers.authorization;
        response.end(JSON.stringify({ metadata: { name } }));
      },
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const url = `https://127.0.0.1:${address.port}`;
    const byCertificate = createKubeClient({ server: url, ca: ca.cert, cert: admin.cert, key: admin.key });
    const byToken = createKubeClient({ server: `https://localhost:${address.port}`, ca: ca.cert, token });
    const stranger = createKubeClient({ server: url });
    try {
      expect(await byCertificate.get(pods, 'a')).toMatchObject({ metadata: { name: 'cluster-admin' } });
      expect(await byToken.get(pods, 'a')).toMatchObject({ metadata: { name: `Bearer ${token}` } });
      await expect(stranger.get(pods, 'a')).rejects.toMatchObject({ code: 'Unreachable' });
    } finally {
      for (const client of [byCertificate, byToken, stranger]) client.close();
      server.closeAllConnections();
      server.close();
    }
  });
});

const openssl = spawnSync('openssl', ['version']).status === 0;

describe('openssl', () => {
  it.skipIf(!openssl)('verifies what was made, for the purpose it was made for', async () => {
    const { ca, apiserver, admin } = await ensure();
    const run = promisify(execFile);
    const check = async (...args: string[]): Promise<string> =>
      (await run('openssl', ['verify', '-x509_strict', '-CAfile', ca.certPath, ...args])).stdout.trim();
    const good = `${apiserver.certPath}: OK`;
    expect(await check('-purpose', 'sslserver', '-verify_ip', '10.10.10.1', apiserver.certPath)).toBe(good);
    expect(await check('-verify_hostname', 'kubernetes.default.svc.cluster.local', apiserver.certPath)).toBe(good);
    expect(await check('-purpose', 'sslclient', admin.certPath)).toBe(`${admin.certPath}: OK`);
    await expect(check('-purpose', 'sslserver', admin.certPath)).rejects.toThrow();
    await expect(check('-verify_hostname', 'elsewhere', apiserver.certPath)).rejects.toThrow();
  });
});

describe('firstServiceAddress', () => {
  it.each([
    ['10.10.10.0/24', '10.10.10.1'],
    ['10.0.0.77/16', '10.0.0.1'],
    ['255.255.255.252/30', '255.255.255.253'],
    ['fd00:1::/108', 'fd00:1::1'],
    ['fd00:1:2:3:4:5:6:7/64', 'fd00:1:2:3::1'],
    ['::/8', '::1'],
  ])('of %s is %s', (cidr, address) => {
    expect(firstServiceAddress(cidr)).toBe(address);
  });

  it.each(['', '10.10.10.0', '10.10.10.0/', '10.10.10.0/31', '10.10.10.0/x', '10.10.10/24', 'fd00::/127'])(
    'refuses "%s"',
    (cidr) => {
      expect(() => firstServiceAddress(cidr)).toThrow(/is no range of service addresses/);
    },
  );
});

describe('users files', () => {
  it('reads what it prints', () => {
    const users = [
      { secret: 'a,b"c', user: 'u 1', uid: '1', groups: ['g1', 'g2'] },
      { secret: ' x ', user: 'u2', uid: '2', groups: [] },
    ];
    const text = users.map(printUser).join('');
    expect(text).toBe('"a,b""c",u 1,1,"g1,g2"\n" x ",u2,2\n');
    expect(parseUsers(text)).toEqual(users);
  });

  it('reads lines as people write them', () => {
    expect(parseUsers('token, user, uid\r\n\n,nobody,1\nonly\n')).toEqual([
      { secret: 'token', user: 'user', uid: 'uid', groups: [] },
    ]);
  });
});
