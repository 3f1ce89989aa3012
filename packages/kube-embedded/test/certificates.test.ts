import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type KubeObject,
  type Resource,
  clusterRoleBindings,
  clusterRoles,
  createKubeClient,
  waitFor,
} from '@kmd/kube-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiServer, type Controllers, startControllers } from '../src/index.js';
import { certificate as serverCertificate, start, token } from './server.js';

interface Asked extends KubeObject {
  spec?: Record<string, unknown>;
  status?: { certificate?: string; conditions?: { type: string; status: string; reason?: string; message?: string }[] };
}
const requests: Resource<Asked> = {
  group: 'certificates.k8s.io',
  version: 'v1',
  plural: 'certificatesigningrequests',
  kind: 'CertificateSigningRequest',
  namespaced: false,
};
const kubectl = join(import.meta.dirname, '../../../node_modules/.bin/kubectl');
const runs = spawnSync(kubectl, ['version', '--client']).status === 0;
if (!runs) console.warn('skipped: kubectl of the workspace does not run here');

let home: string;
let server: ApiServer;
let controllers: Controllers;
const at = (name: string): string => join(home, name);
const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'pipe' });
/** Makes a key of its own and a request for a certificate, as the file's base64. */
function ask(name: string, subject: string, ...more: string[]): string {
  openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', at(`${name}.key`));
  openssl('req', '-new', '-key', at(`${name}.key`), '-subj', subject, '-out', at(`${name}.csr`), ...more);
  return readFileSync(at(`${name}.csr`)).toString('base64');
}
const signer = (name: string): string => `kubernetes.io/${name}`;
const create = (name: string, spec: Record<string, unknown>): Promise<Asked> =>
  server.api.create(requests, { metadata: { name }, spec });
const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'not refused',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
const approve = async (name: string): Promise<void> => {
  const asked = await server.api.get(requests, name);
  const conditions = [{ type: 'Approved', status: 'True', reason: 'Fine', message: 'it is' }];
  await server.api.update(requests, { ...asked, status: { conditions } }, { subresource: 'approval' });
};
const signed = async (name: string): Promise<X509Certificate> => {
  const wanted = (found: Asked | undefined): boolean => found?.status?.certificate !== undefined;
  await waitFor(server.api, requests, name, wanted, { timeout: 20_000 });
  const { status } = await server.api.get(requests, name);
  return new X509Certificate(Buffer.from(status?.certificate ?? '', 'base64'));
};
const failed = async (name: string): Promise<string | undefined> => {
  const failure = (found: Asked | undefined) => found?.status?.conditions?.find(({ type }) => type === 'Failed');
  await waitFor(server.api, requests, name, (found) => failure(found) !== undefined, { timeout: 20_000 });
  return failure(await server.api.get(requests, name))?.message;
};

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'kmd-certificates-'));
  openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', at('ca.key'));
  openssl(
    'req',
    '-x509',
    '-new',
    '-key',
    at('ca.key'),
    '-subj',
    '/O=test/CN=authority',
    '-days',
    '30',
    '-out',
    at('ca.crt'),
  );
  const ca = readFileSync(at('ca.crt'), 'utf8');
  server = await start({ clientCa: ca });
  controllers = startControllers({
    api: server.api,
    signingAuthority: { certificate: ca, key: readFileSync(at('ca.key'), 'utf8') },
  });
  await controllers.synced;
});
afterAll(async () => {
  await controllers.close();
  await server.close();
  rmSync(home, { recursive: true });
});

describe('a certificate for a user', () => {
  it.skipIf(!runs)(
    'is asked for, approved and used with kubectl, as the documentation of Kubernetes has it',
    async () => {
      const run = (access: string[], ...args: string[]) =>
        new Promise<{ code: number; out: string; err: string }>((resolve) => {
          execFile(
            kubectl,
            ['--server', server.url, '--insecure-skip-tls-verify', ...access, ...args],
            { env: { PATH: process.env['PATH'], HOME: home, KUBECONFIG: at('none') } },
            (error, out, err) => resolve({ code: error ? Number(error.code ?? 1) : 0, out, err }),
          );
        });
      const admin = ['--token', token];
      openssl('genrsa', '-out', at('myuser.key'), '2048');
      openssl(
        'req',
        '-new',
        '-key',
        at('myuser.key'),
        '-out',
        at('myuser.csr'),
        '-subj',
        '/CN=myuser/O=team-a/O=team-b',
      );
      const request = readFileSync(at('myuser.csr')).toString('base64');
      writeFileSync(
        at('csr.yaml'),
        `apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata:
  name: myuser
spec:
  request: ${request}
  signerName: kubernetes.io/kube-apiserver-client
  expirationSeconds: 86400
  usages:
  - client auth
`,
      );
      const created = 'certificatesigningrequest.certificates.k8s.io/myuser created\n';
      expect(await run(admin, 'apply', '-f', at('csr.yaml'))).toEqual({ code: 0, out: created, err: '' });
      expect((await run(admin, 'get', 'csr')).out).toMatch(
        /^NAME +AGE +SIGNERNAME +REQUESTOR +REQUESTEDDURATION +CONDITION\nmyuser +\S+ +kubernetes.io\/kube-apiserver-client +cluster-admin +24h +Pending\n$/,
      );
      const approved = 'certificatesigningrequest.certificates.k8s.io/myuser approved\n';
      expect((await run(admin, 'certificate', 'approve', 'myuser')).out).toBe(approved);
      await signed('myuser');
      expect((await run(admin, 'get', 'csr', 'myuser')).out).toMatch(/Approved,Issued\n$/);
      const { out } = await run(admin, 'get', 'csr', 'myuser', '-o', 'jsonpath={.status.certificate}');
      writeFileSync(at('myuser.crt'), Buffer.from(out, 'base64'));

      const mine = ['--client-certificate', at('myuser.crt'), '--client-key', at('myuser.key')];
      const whoami = await run(mine, 'auth', 'whoami', '-o', 'jsonpath={.status.userInfo}');
      expect(JSON.parse(whoami.out)).toEqual({
        username: 'myuser',
        groups: ['team-a', 'team-b', 'system:authenticated'],
      });
      openssl('verify', '-CAfile', at('ca.crt'), '-purpose', 'sslclient', at('myuser.crt'));
    },
  );

  it('ends when it is asked to, with the usages asked for', async () => {
    const request = ask('brief', '/CN=brief');
    await create('brief', {
      request,
      signerName: signer('kube-apiserver-client'),
      expirationSeconds: 3600,
      usages: ['digital signature', 'key encipherment', 'client auth'],
    });
    await approve('brief');
    const made = await signed('brief');
    expect(made.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(made.ca).toBe(false);
    expect(made.validToDate.getTime() - made.validFromDate.getTime()).toBe((3600 + 300) * 1000);
    expect(made.verify(new X509Certificate(readFileSync(at('ca.crt'))).publicKey)).toBe(true);
  });

  it('says who asked, whatever the request says', async () => {
    const client = createKubeClient({ server: server.url, ca: serverCertificate, token });
    const asked = await client.create(requests, {
      metadata: { name: 'who' },
      spec: {
        request: ask('who', '/CN=who'),
        signerName: 'example.com/other',
        usages: ['any'],
        username: 'somebody else',
        groups: ['system:masters', 'more'],
      },
    });
    client.close();
    expect(asked.spec).toMatchObject({
      username: 'cluster-admin',
      uid: 'cluster-admin',
      groups: ['system:masters', 'system:authenticated'],
    });
  });

  it('is refused to who would be an administrator, and for what is no request', async () => {
    const signerName = signer('kube-apiserver-client');
    const usages = ['client auth'];
    const request = ask('root', '/CN=root/O=system:masters');
    expect(await refusal(create('root', { request, signerName, usages }))).toBe(
      'certificatesigningrequests.certificates.k8s.io "root" is forbidden: use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed',
    );
    const none = Buffer.from('nothing').toString('base64');
    expect(await refusal(create('none', { request: none, signerName: 'example.com/other', usages }))).toContain(
      'spec.request: Invalid value: []byte{0x6e, 0x6f, 0x74, 0x68, 0x69, 0x6e, 0x67}: PEM block type must be CERTIFICATE REQUEST',
    );
    // One bit of what was signed is another.
    const [head = '', ...lines] = readFileSync(at('root.csr'), 'utf8').trim().split('\n');
    const der = Buffer.from(lines.slice(0, -1).join(''), 'base64');
    der.writeUInt8(der.readUInt8(30) ^ 1, 30);
    const forged = Buffer.from(`${head}\n${der.toString('base64')}\n${lines.at(-1) ?? ''}\n`).toString('base64');
    const told = await refusal(create('forged', { request: forged, signerName: 'example.com/other', usages }));
    expect(told).toContain('spec.request: Invalid value');
    const odd = { request, signerName: 'nobody', usages: ['fun', 'any', 'any'], expirationSeconds: 60 };
    const message = await refusal(create('odd', odd));
    expect(message).toContain('spec.usages[0]: Unsupported value: "fun": supported values: "any", "cert sign"');
    expect(message).toContain('spec.usages[2]: Duplicate value: "any"');
    expect(message).toContain('spec.signerName: Invalid value: "nobody": must be a fully qualified domain and path');
    expect(message).toContain('spec.expirationSeconds: Invalid value: 60: may not specify a duration less than 600');
  });

  it('is not signed for other usages, unapproved, denied, or by signers that nobody here is', async () => {
    const request = ask('odd', '/CN=odd');
    const signerName = signer('kube-apiserver-client');
    await create('server', { request, signerName, usages: ['server auth', 'client auth'] });
    await approve('server');
    expect(await failed('server')).toBe('invalid usage for client certificate: server auth');
    await create('useless', { request, signerName, usages: ['digital signature'] });
    await approve('useless');
    expect(await failed('useless')).toBe('missing required usage for client certificate: client auth');

    await create('pending', { request, signerName, usages: ['client auth'] });
    await create('foreign', { request, signerName: 'example.com/other', usages: ['client auth'] });
    await approve('foreign');
    await create('last', { request, signerName, usages: ['client auth'] });
    await approve('last');
    await signed('last');
    for (const name of ['pending', 'foreign']) {
      expect((await server.api.get(requests, name)).status?.certificate).toBeUndefined();
    }
  });

  it('can not be approved or changed by who writes its status', async () => {
    const request = ask('status', '/CN=status');
    await create('status', { request, signerName: 'example.com/other', usages: ['client auth'] });
    const asked = await server.api.get(requests, 'status');
    const write = (status: object, subresource: string) =>
      refusal(server.api.update(requests, { ...asked, metadata: { name: 'status' }, status }, { subresource }));
    const condition = (type: string) => ({ type, status: 'True' });
    expect(await write({ conditions: [condition('Approved')] }, 'status')).toContain(
      'status.conditions: Forbidden: updates may not add a condition of type "Approved"',
    );
    expect(await write({ conditions: [condition('Approved'), condition('Denied')] }, 'approval')).toContain(
      'status.conditions[1].type: Invalid value: "Denied": Approved and Denied conditions are mutually exclusive',
    );
    expect(await write({ conditions: [condition('Denied')] }, 'approval')).toBe('not refused');
    expect(await write({ conditions: [] }, 'approval')).toContain(
      'updates may not remove a condition of type "Denied"',
    );
  });
});

describe('a certificate for a kubelet', () => {
  const usages = ['digital signature', 'key encipherment', 'client auth'];
  const signerName = signer('kube-apiserver-client-kubelet');

  it('is approved and signed by itself where it is that of a node', async () => {
    const spec = { request: ask('node', '/O=system:nodes/CN=system:node:n1'), signerName, usages };
    const client = createKubeClient({ server: server.url, ca: serverCertificate, token });
    await client.create(requests, { metadata: { name: 'node-client' }, spec });
    client.close();
    const made = await signed('node-client');
    expect(made.subject).toBe('O=system:nodes\nCN=system:node:n1');
    const { status } = await server.api.get(requests, 'node-client');
    expect(status?.conditions).toMatchObject([
      {
        type: 'Approved',
        reason: 'AutoApproved',
        message: 'Auto approving kubelet client certificate after SubjectAccessReview.',
      },
    ]);
  });

  it('is not where it is not', async () => {
    await create('no-node', { request: ask('no-node', '/O=system:nodes/CN=n1'), signerName, usages });
    await approve('no-node');
    expect(await failed('no-node')).toBe('subject common name does not begin with system:node:');
    await create('others', { request: ask('others', '/O=others/CN=system:node:n1'), signerName, usages });
    await approve('others');
    expect(await failed('others')).toBe('subject organization is not system:nodes');
    const named = ask('named', '/O=system:nodes/CN=system:node:n1', '-addext', 'subjectAltName=DNS:n1');
    await create('named', { request: named, signerName, usages });
    await approve('named');
    expect(await failed('named')).toBe('DNS subjectAltNames are not allowed');
  });

  it('names its server', async () => {
    const serving = {
      signerName: signer('kubelet-serving'),
      usages: ['digital signature', 'key encipherment', 'server auth'],
    };
    const subject = '/O=system:nodes/CN=system:node:n1';
    const names = ['-addext', 'subjectAltName=DNS:n1.example,IP:10.0.0.1'];
    await create('serving', { request: ask('serving', subject, ...names), ...serving });
    await approve('serving');
    const made = await signed('serving');
    expect(made.subjectAltName).toBe('DNS:n1.example, IP Address:10.0.0.1');
    expect(made.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    await create('nameless', { request: ask('nameless', subject), ...serving });
    await approve('nameless');
    expect(await failed('nameless')).toBe('DNS or IP subjectAltName is required');
  });
});

it('is approved and signed by those who may, where roles are asked', async () => {
  const users = ['approver', 'signer', 'nobody'].map((user) => ({ token: user, user, uid: user, groups: [] }));
  const strict = await start({ authorization: 'RBAC', tokens: users });
  const clients = users.map(({ token: bearer }) =>
    createKubeClient({ server: strict.url, ca: serverCertificate, token: bearer }),
  );
  const [approver, signing, nobody] = clients;
  const group = 'certificates.k8s.io';
  const resources = ['certificatesigningrequests/approval', 'certificatesigningrequests/status'];
  const write = { apiGroups: [group], resources, verbs: ['update'] };
  const roleOf = async (name: string, verb: string, signerName: string) => {
    const about = { apiGroups: [group], resources: ['signers'], resourceNames: [signerName], verbs: [verb] };
    await strict.api.create(clusterRoles, { metadata: { name }, rules: [write, about] });
    await strict.api.create(clusterRoleBindings, {
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name }],
    });
  };
  await roleOf('approver', 'approve', 'example.com/*');
  await roleOf('signer', 'sign', 'example.com/mine');
  await roleOf('nobody', 'approve', 'example.com/other');
  const spec = { request: ask('strict', '/CN=strict'), signerName: 'example.com/mine', usages: ['client auth'] };
  const asked = await strict.api.create(requests, { metadata: { name: 'strict' }, spec });
  const bare = { ...asked, metadata: { name: 'strict' } };
  const approved = { ...bare, status: { conditions: [{ type: 'Approved', status: 'True' }] } };
  const refused = 'certificatesigningrequests.certificates.k8s.io "strict" is forbidden: user not permitted to';
  expect(await refusal(Promise.resolve(nobody?.update(requests, approved, { subresource: 'approval' })))).toBe(
    `${refused} approve requests with signerName "example.com/mine"`,
  );
  await approver?.update(requests, approved, { subresource: 'approval' });
  const certificate = readFileSync(at('ca.crt')).toString('base64');
  const issued = { ...bare, status: { ...approved.status, certificate } };
  expect(await refusal(Promise.resolve(approver?.update(requests, issued, { subresource: 'status' })))).toBe(
    `${refused} sign requests with signerName "example.com/mine"`,
  );
  const told = await signing?.update(requests, issued, { subresource: 'status' });
  expect(told?.status?.certificate).toBe(certificate);
  for (const client of clients) client.close();
  await strict.close();
});

it('is refused to start with an authority that cannot sign', () => {
  const ca = readFileSync(at('ca.crt'), 'utf8');
  const signingAuthority = { certificate: ca, key: 'no key' };
  expect(() => startControllers({ api: server.api, signingAuthority })).toThrowError(
    expect.objectContaining({ code: 'InvalidSigningAuthority' }),
  );
});
