import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { configMaps, createKubeClient, nodes, secrets, services, type KubeClient } from '@kmd/kube-client';
import { startRealApiServer, versionsAtHand, type RealApiServer } from '@kmd/tools-testbed/kube';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applySetId } from '../src/addons/apply-set.js';
import { deployAddons, ensureCredentials, listAddons, removeAddon, type Credentials } from '../src/index.js';
import { testOnCluster } from './cluster-suite.js';

/** The kubectl that the workspace brings for its tests. */
const kubectl = fileURLToPath(new URL('../../../tools/kubectl/vendor/kubectl', import.meta.url));

const present = versionsAtHand('kube-bootstrap');
if (present.length === 0) it.skip('a real Kubernetes');

describe.for(present)('a real Kubernetes %s', (wanted) => {
  let dir: string;
  let credentials: Credentials;
  let real: RealApiServer;
  let api: KubeClient;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'kmd-real-'));
    const serviceCidr = '10.10.10.0/24';
    const made = await ensureCredentials({
      dir,
      serviceCidr,
      dnsDomain: 'cluster.local',
      nodes: ['n1'],
      components: true,
    });
    credentials = made;
    real = await startRealApiServer({
      version: wanted,
      controllers: true,
      authorization: 'RBAC',
      serviceCidr,
      token: made.token,
      flags: {
        'tls-cert-file': made.apiserver.certPath,
        'tls-private-key-file': made.apiserver.keyPath,
        'client-ca-file': made.ca.certPath,
        'service-account-key-file': made.serviceAccounts.publicKeyPath,
        'service-account-signing-key-file': made.serviceAccounts.keyPath,
        'requestheader-client-ca-file': made.components?.frontProxyCa.certPath ?? '',
        'requestheader-allowed-names': 'front-proxy-client',
        'requestheader-username-headers': 'X-Remote-User',
      },
      onProgress: (line) => console.log(line),
    });
    api = createKubeClient({ server: real.url, ca: made.ca.cert, cert: made.admin.cert, key: made.admin.key });
  });
  afterAll(async () => {
    api?.close();
    await real?.close();
    await rm(dir, { recursive: true, force: true });
  });

  const as = async <T>(login: { cert: string; key: string }, ask: (client: KubeClient) => Promise<T>): Promise<T> => {
    const { cert, key } = login;
    const client = createKubeClient({ server: real.url, ca: credentials.ca.cert, cert, key });
    try {
      return await ask(client);
    } finally {
      client.close();
    }
  };

  it('is of that version', async () => {
    expect(JSON.parse((await api.request('GET', '/version')).body)).toMatchObject({ gitVersion: wanted });
  });

  it('knows whom each certificate is for', async () => {
    const { components, nodes: pairs, admin } = credentials;
    const [node] = pairs.values();
    if (components === undefined || node === undefined) throw new Error('not made');
    expect((await as(admin, (client) => client.list(secrets))).items).toBeInstanceOf(Array);
    expect((await as(components.controllerManager, (client) => client.list(services))).items).toBeInstanceOf(Array);
    expect((await as(components.scheduler, (client) => client.list(nodes))).items).toBeInstanceOf(Array);
    await expect(as(components.scheduler, (client) => client.list(secrets))).rejects.toThrow('system:kube-scheduler');
    await expect(as(node, (client) => client.list(secrets))).rejects.toThrow('system:node:n1');
  });

  it('believes the front proxy, and no other, whom it asks for', async () => {
    const proxy = credentials.components?.frontProxyClient;
    if (proxy === undefined) throw new Error('not made');
    const ask = async ({ cert, key }: { cert: string; key: string }): Promise<string> => {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const headers = { 'X-Remote-User': 'somebody' };
      const options = { ca: credentials.ca.cert, cert, key, headers, agent: false as const };
      request(`${real.url}/api/v1/secrets`, options, (response) => void text(response).then(resolve, reject))
        .on('error', reject)
        .end();
      return promise;
    };
    expect(await ask(proxy)).toContain('User \\"somebody\\" cannot list');
    expect(await ask(credentials.components?.scheduler ?? proxy)).toContain(
      'User \\"system:kube-scheduler\\" cannot list',
    );
  });

  it.skipIf(!existsSync(kubectl))('its ApplySets are named and described as kubectl has them', async () => {
    const [mine, kubectls, namespace] = ['mine', 'kubectls', 'kube-system'];
    const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace } };
    const named = (name: string) => ({ ...configMap, metadata: { ...configMap.metadata, name } });
    await deployAddons(api, [{ name: mine, objects: [named('one')], ready: [] }]);
    await writeFile(join(dir, 'two.json'), JSON.stringify(named('two')));
    const { certPath, keyPath } = credentials.admin;
    const login = [
      `--client-certificate=${certPath}`,
      `--client-key=${keyPath}`,
      `--certificate-authority=${credentials.ca.certPath}`,
    ];
    const words = ['apply', '--server-side', '--prune', `--applyset=configmap/kmd-addon-${kubectls}`, '-n', namespace];
    await promisify(execFile)(kubectl, [`--server=${real.url}`, ...login, ...words, '-f', join(dir, 'two.json')], {
      env: { HOME: dir, KUBECTL_APPLYSET: 'true' },
    });
    const read = async (addon: string, member: string) => {
      const parent = await api.get(configMaps, `kmd-addon-${addon}`, { namespace });
      const { metadata } = await api.get(configMaps, member, { namespace });
      const { annotations } = parent.metadata ?? {};
      const id = parent.metadata?.labels?.['applyset.kubernetes.io/id'];
      return {
        annotations: { ...annotations, 'applyset.kubernetes.io/tooling': '' },
        id,
        partOf: metadata?.labels?.['applyset.kubernetes.io/part-of'],
      };
    };
    const theirs = await read(kubectls, 'two');
    expect(theirs.id).toBe(theirs.partOf);
    expect(theirs.id).toBe(applySetId(kubectls));
    expect(await read(mine, 'one')).toEqual({ ...theirs, id: applySetId(mine), partOf: applySetId(mine) });
    await removeAddon(api, mine);
    expect(await listAddons(api)).toEqual([]);
  });

  testOnCluster(() => api);
});
