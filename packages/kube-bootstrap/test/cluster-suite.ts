import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  configMaps,
  deployments,
  isNotFound,
  namespaces,
  pods,
  secrets,
  services,
  type KubeClient,
} from '@kmd/kube-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  deployAddons,
  dnsAddon,
  findAddons,
  listAddons,
  readAddonFolder,
  removeAddon,
  validateCluster,
  waitForAddon,
} from '../src/index.js';
import { startHollowNode, type HollowNode } from './hollow-node.js';

const timeout = 60_000;
const dns = dnsAddon({ clusterIp: '10.10.10.10', domain: 'cluster.local', replicas: 2 });
const system = { namespace: 'kube-system' };

/** What holds of addons and validation on any Kubernetes that has its controllers: declares the tests, which use `connect()`. */
export function testOnCluster(connect: () => KubeClient): void {
  let api: KubeClient;
  let node: HollowNode;
  let dir: string;
  beforeAll(async () => {
    api = connect();
    node = await startHollowNode(api, 'n1');
    dir = await mkdtemp(join(tmpdir(), 'kmd-addons-'));
  });
  afterAll(async () => {
    await node.close();
    await rm(dir, { recursive: true, force: true });
  });

  const folder = async (name: string, files: Record<string, string>): Promise<string> => {
    const path = join(dir, name);
    await rm(path, { recursive: true, force: true });
    await mkdir(path);
    for (const [file, text] of Object.entries(files)) await writeFile(join(path, file), text);
    return path;
  };
  const isThere = (asked: Promise<unknown>): Promise<boolean> =>
    asked.then(
      () => true,
      (error: unknown) => {
        if (isNotFound(error)) return false;
        throw error;
      },
    );

  it('DNS comes under the address of kube-dns, a second time without a change, works, and goes without a trace', async () => {
    await deployAddons(api, [dns]);
    await waitForAddon(api, dns, { timeout });
    expect((await api.get(services, 'kube-dns', system)).spec?.clusterIP).toBe('10.10.10.10');
    const before = await api.get(deployments, 'coredns', system);
    await deployAddons(api, [dns]);
    const after = await api.get(deployments, 'coredns', system);
    expect(after.metadata?.generation).toBe(before.metadata?.generation);
    expect(await listAddons(api)).toEqual([{ name: 'dns', ready: [dns.ready] }]);

    expect(await removeAddon(api, 'dns', { timeout })).toBe(true);
    expect(
      await Promise.all([
        isThere(api.get(services, 'kube-dns', system)),
        isThere(api.get(deployments, 'coredns', system)),
        isThere(api.get(configMaps, 'coredns', system)),
      ]),
    ).toEqual([false, false, false]);
    expect((await api.list(pods, { ...system, labelSelector: 'k8s-app=kube-dns' })).items).toEqual([]);
    expect(await listAddons(api)).toEqual([]);
    expect(await removeAddon(api, 'dns')).toBe(false);
  });

  it('a folder with kinds of its own is applied in an order that works', async () => {
    const path = await folder('Widgets_1', {
      'a-widget.yaml':
        'apiVersion: kmd.example/v1\nkind: Widget\nmetadata: {name: w, namespace: widgets}\nspec: {size: 3}\n',
      'b-definition.yaml': widgetDefinition,
      'c-namespace.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: widgets}\n',
    });
    const addon = await readAddonFolder(path);
    expect(addon.name).toBe('widgets-1');
    const applied: string[] = [];
    await deployAddons(api, [addon], { timeout, onProgress: ({ object }) => applied.push(object) });
    expect(applied).toEqual(['Namespace widgets', 'CustomResourceDefinition widgets.kmd.example', 'Widget widgets/w']);
    const widget = await api.request('GET', '/apis/kmd.example/v1/namespaces/widgets/widgets/w');
    expect(JSON.parse(widget.body)).toMatchObject({ spec: { size: 3 } });
    expect(await listAddons(api)).toEqual([{ name: 'widgets-1', ready: [], source: path }]);
    expect(await removeAddon(api, 'widgets-1', { timeout })).toBe(true);
    expect((await api.request('GET', '/apis/kmd.example/v1/widgets')).status).toBe(404);
    expect(await isThere(api.get(namespaces, 'widgets'))).toBe(false);
  });

  it('what an addon no longer has is removed, and what was there before it stays', async () => {
    const configMap = (name: string): string =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: default}\ndata: {by: addon}\n`;
    await api.create(configMaps, {
      metadata: { name: 'mine', namespace: 'default' },
      data: { by: 'me', also: 'mine' },
    });
    const secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: one}\n';
    await deployAddons(api, [
      await readAddonFolder(
        await folder('set', { 'a.yaml': `${configMap('mine')}---\n${configMap('two')}---\n${secret}` }),
      ),
    ]);
    const removed: string[] = [];
    await deployAddons(
      api,
      [await readAddonFolder(await folder('set', { 'a.yaml': configMap('mine') + '---\n' + secret }))],
      {
        onProgress: ({ action, object }) => void (action === 'removing' && removed.push(object)),
      },
    );
    expect(removed).toEqual(['ConfigMap default/two']);
    await removeAddon(api, 'set', { timeout });
    expect(await isThere(api.get(secrets, 'one', { namespace: 'default' }))).toBe(false);
    expect((await api.get(configMaps, 'mine', { namespace: 'default' })).data).toEqual({ by: 'addon', also: 'mine' });
  });

  it("another addon's object is not taken over", async () => {
    const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shared, namespace: default}\n';
    const [one, other] = [await folder('one', { 'a.yaml': text }), await folder('other', { 'a.yaml': text })];
    await deployAddons(api, [await readAddonFolder(one)]);
    await expect(deployAddons(api, [await readAddonFolder(other)])).rejects.toMatchObject({
      code: 'ADDON_REFUSED',
      message: expect.stringContaining('ConfigMap default/shared belongs to another addon') as string,
    });
    await removeAddon(api, 'one', { timeout });
    expect(await removeAddon(api, 'other')).toBe(false);
  });

  it('is validated: API server, nodes, addons, and a test pod that is removed', async () => {
    await deployAddons(api, [dns]);
    await waitForAddon(api, dns, { timeout });
    // As another tool deploys it.
    await api.create(services, {
      metadata: { name: 'kubernetes-dashboard', ...system },
      spec: { selector: { 'k8s-app': 'kubernetes-dashboard' }, ports: [{ port: 80 }] },
    });
    const { ok, checks } = await validateCluster(api, { addons: await findAddons(api), pod: { timeout } });
    expect(checks.filter(({ name }) => !/^(API server|controller manager|scheduler)$/.test(name))).toEqual([
      { name: 'nodes', ok: true, detail: '1 of 1 ready' },
      { name: 'addon dns', ok: true, detail: '2 of 2 pods ready' },
      { name: 'addon ui', ok: false, detail: '0 of 1 pods ready: no pod yet' },
      { name: 'test pod', ok: true, detail: 'ran on n1, and was removed' },
    ]);
    expect(ok).toBe(false);
    expect(checks[0]).toEqual({
      name: 'API server',
      ok: true,
      detail: expect.stringMatching(/^v1\.\d+\.\d+/) as string,
    });
    expect((await api.list(pods, { labelSelector: 'app=kmd-validation' })).items).toEqual([]);
    await api.delete(services, 'kubernetes-dashboard', system);
    await removeAddon(api, 'dns', { timeout });
  });
}

const widgetDefinition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.kmd.example}
spec:
  group: kmd.example
  scope: Namespaced
  names: {kind: Widget, listKind: WidgetList, plural: widgets, singular: widget}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec: {type: object, properties: {size: {type: integer}}}
`;
