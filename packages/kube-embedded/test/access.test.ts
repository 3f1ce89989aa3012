import { createPublicKey, verify } from 'node:crypto';
import {
  type ClusterRole,
  type KubeClient,
  clusterRoleBindings,
  clusterRoles,
  configMaps,
  createKubeClient,
  pods,
  roleBindings,
  roles,
  serviceAccounts,
  waitFor,
} from '@kmd/kube-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiServer, type Controllers, startControllers } from '../src/index.js';
import { MemoryStore } from '../src/storage/memory-store.js';
import { certificate, pem, start, token } from './server.js';

type Rules = NonNullable<ClusterRole['rules']>;

const at = { namespace: 'default' };
let server: ApiServer;
let clients: KubeClient[];
let now: Date;
const as = (bearer: string): KubeClient => {
  const client = createKubeClient({ server: server.url, ca: certificate, token: bearer });
  clients.push(client);
  return client;
};
const tokenOf = async (account: string, spec: object = {}): Promise<string> => {
  const answer = await server.api.createSubresource(serviceAccounts, account, 'token', { spec }, at);
  return (answer as { status: { token: string } }).status.token;
};
const claimsOf = (jwt: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());
const whoami = async (bearer: string) => {
  const { status, body } = await as(bearer).request('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
    body: {},
  });
  return { status, user: status === 201 ? JSON.parse(body).status.userInfo : undefined };
};
beforeEach(() => {
  now = new Date('2026-06-01T12:00:00Z');
  clients = [];
});
afterEach(async () => {
  for (const client of clients) client.close();
  await server.close();
});

describe('tokens of service accounts', () => {
  beforeEach(async () => {
    server = await start({ now: () => now, serviceAccounts: { key: pem('client.key') } });
    await server.api.create(serviceAccounts, { metadata: { name: 'robot', ...at } });
  });

  it('say who their bearer is, until they end', async () => {
    const jwt = await tokenOf('robot', { expirationSeconds: 600 });
    const account = await server.api.get(serviceAccounts, 'robot', at);
    expect(claimsOf(jwt)).toMatchObject({
      iss: 'https://kubernetes.default.svc.cluster.local',
      aud: ['https://kubernetes.default.svc.cluster.local'],
      sub: 'system:serviceaccount:default:robot',
      exp: now.getTime() / 1000 + 600,
      'kubernetes.io': { namespace: 'default', serviceaccount: { name: 'robot', uid: account.metadata?.uid } },
    });
    expect((await whoami(jwt)).user).toMatchObject({
      username: 'system:serviceaccount:default:robot',
      uid: account.metadata?.uid,
      groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
    });
    now = new Date(now.getTime() + 600_000);
    expect((await whoami(jwt)).status).toBe(401);
  });

  it('are refused when changed, signed by others, for others, or of an account that is another now', async () => {
    const jwt = await tokenOf('robot');
    const [head, body, signature] = jwt.split('.');
    const other = Buffer.from(JSON.stringify({ ...claimsOf(jwt), sub: 'system:serviceaccount:default:admin' }));
    const unsigned = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    for (const forged of [
      `${head}.${other.toString('base64url')}.${signature}`,
      `${unsigned}.${body}.`,
      `${head}.${body}.${signature}x`,
      `${head}.${body}`,
      'a.b.c',
      await tokenOf('robot', { audiences: ['vault'] }),
    ]) {
      expect((await whoami(forged)).status).toBe(401);
    }
    await server.api.delete(serviceAccounts, 'robot', at);
    await server.api.create(serviceAccounts, { metadata: { name: 'robot', ...at } });
    expect((await whoami(jwt)).status).toBe(401);
  });

  it('go with the pod that they are bound to', async () => {
    await server.api.create(pods, {
      metadata: { name: 'p', ...at },
      spec: { serviceAccountName: 'robot', containers: [{ name: 'c', image: 'i' }] },
    });
    const jwt = await tokenOf('robot', { boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'p' } });
    expect((await whoami(jwt)).user.extra).toMatchObject({ 'authentication.kubernetes.io/pod-name': ['p'] });
    await server.api.delete(pods, 'p', at);
    expect((await whoami(jwt)).status).toBe(401);
    await expect(tokenOf('robot', { boundObjectRef: { kind: 'Pod', name: 'p' } })).rejects.toMatchObject({
      status: 404,
    });
  });

  it('are reviewed for the audience that asks, and checked by the published keys', async () => {
    const jwt = await tokenOf('robot', { audiences: ['vault'] });
    const admin = as(token);
    const review = async (spec: object) => {
      const { body } = await admin.request('POST', '/apis/authentication.k8s.io/v1/tokenreviews', { body: { spec } });
      return JSON.parse(body).status;
    };
    expect(await review({ token: jwt, audiences: ['vault', 'x'] })).toMatchObject({
      authenticated: true,
      audiences: ['vault'],
      user: { username: 'system:serviceaccount:default:robot' },
    });
    expect((await review({ token: jwt })).authenticated).toBeUndefined();
    const { body } = await admin.request('GET', '/openid/v1/jwks');
    const key = createPublicKey({ key: JSON.parse(body).keys[0], format: 'jwk' });
    const [head, claims, signature = ''] = jwt.split('.');
    const data = Buffer.from(`${head}.${claims}`);
    const options = { key, dsaEncoding: 'ieee-p1363' as const };
    expect(verify('sha256', data, options, Buffer.from(signature, 'base64url'))).toBe(true);
  });

  it('live ten minutes at least', async () => {
    await expect(tokenOf('robot', { expirationSeconds: 599 })).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining('may not specify a duration less than 10 minutes'),
    });
    await expect(tokenOf('nobody')).rejects.toMatchObject({ message: 'serviceaccounts "nobody" not found' });
  });
});

describe('with RBAC', () => {
  let robot: KubeClient;
  let store: MemoryStore;
  let controllers: Controllers | undefined;
  const rulesOf = async (name: string, wanted: (rules: Rules) => boolean): Promise<Rules> => {
    const role = await waitFor(server.api, clusterRoles, name, (found) => wanted(found?.rules ?? []), {
      timeout: 20_000,
    });
    return role?.rules ?? [];
  };
  afterEach(async () => {
    await controllers?.close();
    controllers = undefined;
  });
  beforeEach(async () => {
    store = new MemoryStore();
    server = await start({
      authorization: 'RBAC',
      store,
      tokens: [
        { token, user: 'root', uid: '', groups: ['system:masters'] },
        { token: 'plain', user: 'anna', uid: '', groups: ['readers'] },
      ],
    });
    await server.api.create(serviceAccounts, { metadata: { name: 'robot', ...at } });
    robot = as(await tokenOf('robot'));
  });
  const allow = async (rule: object) => {
    await server.api.create(roles, { metadata: { name: 'r', ...at }, rules: [rule as never] });
    await server.api.create(roleBindings, {
      metadata: { name: 'r', ...at },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' },
      subjects: [{ kind: 'ServiceAccount', name: 'robot', ...at }],
    });
  };

  it('refuses in the words of the real server, and finds its way around all the same', async () => {
    await expect(robot.list(pods, at)).rejects.toMatchObject({
      status: 403,
      message:
        'pods is forbidden: User "system:serviceaccount:default:robot" cannot list resource "pods" in API group "" in the namespace "default"',
    });
    await expect(robot.list(pods)).rejects.toMatchObject({ message: expect.stringMatching(/at the cluster scope$/) });
    await expect(robot.get(configMaps, 'x', at)).rejects.toMatchObject({
      message: expect.stringMatching(/^configmaps "x" is forbidden: /),
    });
    expect((await robot.request('GET', '/apis/apps/v1')).status).toBe(200);
    await expect(robot.request('GET', '/metrics')).resolves.toMatchObject({
      status: 403,
      body: expect.stringContaining('cannot get path \\"/metrics\\"'),
    });
    await expect(as(token).list(pods)).resolves.toMatchObject({ items: [] });
  });

  it('allows what roles say: verbs, names, subresources, in their namespace', async () => {
    await allow({ apiGroups: [''], resources: ['configmaps'], resourceNames: ['mine'], verbs: ['get', 'list'] });
    await server.api.create(configMaps, { metadata: { name: 'mine', ...at } });
    await expect(robot.get(configMaps, 'mine', at)).resolves.toMatchObject({ metadata: { name: 'mine' } });
    await expect(robot.list(configMaps, { ...at, fieldSelector: 'metadata.name=mine' })).resolves.toBeDefined();
    for (const refused of [
      robot.get(configMaps, 'other', at),
      robot.list(configMaps, at),
      robot.delete(configMaps, 'mine', at),
      robot.get(configMaps, 'mine', { namespace: 'kube-system' }),
    ]) {
      await expect(refused).rejects.toMatchObject({ status: 403 });
    }
  });

  it('binds groups to the roles that are there from the beginning, and answers access reviews', async () => {
    controllers = startControllers({ api: server.api });
    await rulesOf('view', (rules) => rules.length > 2);
    const anna = as('plain');
    const review = async () => {
      const spec = { resourceAttributes: { verb: 'list', resource: 'pods' } };
      const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
      return JSON.parse((await anna.request('POST', path, { body: { spec } })).body).status;
    };
    expect(await review()).toEqual({ allowed: false });
    await server.api.create(clusterRoleBindings, {
      metadata: { name: 'readers' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'readers' }],
    });
    expect(await review()).toEqual({
      allowed: true,
      reason: 'RBAC: allowed by ClusterRoleBinding "readers" of ClusterRole "view" to Group "readers"',
    });
    await expect(anna.list(pods)).resolves.toMatchObject({ items: [] });
    const { body } = await anna.request('POST', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
      body: { spec: { namespace: 'default' } },
    });
    expect(JSON.parse(body).status.resourceRules.length).toBeGreaterThan(2);
    await expect(anna.delete(pods, 'x', at)).rejects.toMatchObject({ status: 403 });
  });

  it('puts admin, edit and view together, with the roles that others say are part of them', async () => {
    controllers = startControllers({ api: server.api });
    const partOf = 'rbac.authorization.k8s.io/aggregate-to-view';
    const crontabs = { apiGroups: ['example.com'], resources: ['crontabs'], verbs: ['get'] };
    await server.api.create(clusterRoles, {
      metadata: { name: 'crontabs', labels: { [partOf]: 'true' } },
      rules: [crontabs],
    });
    const has = (resource: string) => (rules: Rules) =>
      rules.some(({ resources = [] }) => resources.includes(resource));
    const admin = await rulesOf('admin', (rules) => has('crontabs')(rules) && has('rolebindings')(rules));
    expect(admin).toSatisfy(has('secrets'));
    const viewed = await rulesOf('view', has('crontabs'));
    expect(viewed).toSatisfy(has('pods'));
    expect(viewed).not.toSatisfy(has('secrets'));
    await server.api.delete(clusterRoles, 'crontabs');
    expect(await rulesOf('admin', (rules) => !has('crontabs')(rules))).toSatisfy(has('secrets'));
  });

  it('brings the first roles and bindings up to date when it starts again, and keeps what was added', async () => {
    const path = 'rbac.authorization.kubernetes.io/autoupdate';
    const edit = { apiGroups: [''], resources: ['events'], verbs: ['create'] };
    const change = async (name: string, role: object) => {
      await server.api.patch(clusterRoles, name, role, { type: 'merge' });
    };
    await change('system:basic-user', { rules: [edit] });
    await change('system:discovery', { rules: [], metadata: { annotations: { [path]: 'false' } } });
    await change('view', { aggregationRule: null, metadata: { labels: { mine: 'yes' } } });
    await server.api.patch(clusterRoleBindings, 'system:basic-user', { subjects: [] }, { type: 'merge' });
    const before = await server.api.get(clusterRoles, 'cluster-admin');
    await server.close();
    server = await start({ authorization: 'RBAC', store });

    const basic = await server.api.get(clusterRoles, 'system:basic-user');
    expect(basic.rules).toContainEqual(edit);
    expect(basic.rules?.flatMap(({ resources = [] }) => resources)).toContain('selfsubjectreviews');
    expect((await server.api.get(clusterRoles, 'system:discovery')).rules ?? []).toEqual([]);
    expect(await server.api.get(clusterRoles, 'view')).toMatchObject({
      metadata: { labels: { mine: 'yes' } },
      aggregationRule: { clusterRoleSelectors: [{}] },
    });
    expect((await server.api.get(clusterRoleBindings, 'system:basic-user')).subjects).toMatchObject([
      { kind: 'Group', name: 'system:authenticated' },
    ]);
    expect(await server.api.get(clusterRoles, 'cluster-admin')).toEqual(before);
  });
});
