import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workplace } from './command.js';

const json = (text: string): unknown => JSON.parse(text);

describe('kmd addons and kmd validate', () => {
  const place = new Workplace();
  const folder = join(place.home, 'settings');
  beforeAll(async () => {
    mkdirSync(folder);
    writeFileSync(
      join(folder, 'a.yaml'),
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: b}\n',
    );
    expect((await place.up('--agents', '1')).code).toBe(0);
  });
  afterAll(() => place.close());

  it('list what there is, as a table and as JSON', async () => {
    const table = await place.run(['addons', 'list']);
    expect(table).toMatchObject({ code: 0, stderr: '' });
    expect(table.stdout.split('\n')).toEqual([
      'NAME   ENABLED   READY   SOURCE',
      'dns    yes       yes     kmd',
      'ui     yes       yes     kmd',
      '',
    ]);
    const listed = await place.run(['addons', 'ls', '--kubeconfig', place.kubeconfig, '-o', 'json']);
    expect(json(listed.stdout)).toEqual([
      { name: 'dns', enabled: true, ready: true, detail: '1 of 1 pods ready' },
      { name: 'ui', enabled: true, ready: true, detail: '1 of 1 pods ready' },
    ]);
  });

  it('put a folder into the cluster, tell of it, and take it out', async () => {
    const enabled = await place.run(['addons', 'enable', folder, '--as', 'mine']);
    expect(enabled).toMatchObject({ code: 0, stdout: expect.stringMatching(/\nAddon mine runs\.\n$/) as string });
    expect((await place.kubectl('get', 'configmap', 'settings', '-o', 'jsonpath={.data.a}')).stdout).toBe('b');
    expect(await place.run(['addons', 'status', 'mine'])).toMatchObject({ code: 0, stdout: '✓ mine  deployed\n' });
    const disabled = await place.run(['addons', 'disable', 'mine', '--json']);
    expect(json(disabled.stdout.trim().split('\n').at(-1) ?? '')).toEqual({
      type: 'result',
      result: 'disabled',
      addon: 'mine',
    });
    expect((await place.kubectl('get', 'configmap', 'settings')).code).toBe(1);
  });

  it('validate ends with 0 when all is well, else with 1 and what is not', async () => {
    const well = await place.run(['validate', '-o', 'json']);
    expect(json(well.stdout)).toMatchObject({ ok: true });
    expect(well.code).toBe(0);
    expect((await place.kubectl('delete', 'deployment', 'coredns', '-n', 'kube-system')).code).toBe(0);
    await place.kubectl('wait', '--for=delete', 'pod', '-l', 'k8s-app=kube-dns', '-n', 'kube-system', '--timeout=30s');
    const ill = await place.run(['validate', '--no-pod']);
    expect(ill.code).toBe(1);
    expect(ill.stdout).toMatch(/^addon dns +failed +0 of 1 pods ready: no pod yet$/m);
    expect(ill.stdout).toMatch(/^✗ 1 of \d+ checks failed$/m);
    expect((await place.run(['addons', 'status'])).code).toBe(1);
    expect((await place.run(['addons', 'enable', 'dns', '-q'])).stdout).toBe('');
    expect((await place.run(['addons', 'status', 'dns'])).code).toBe(0);
  });

  it.each([
    ['an addon that there is none', ['addons', 'enable', 'monitoring'], 2, /monitoring/],
    ['a folder with a name that is taken', ['addons', 'enable', '.', '--as', 'dns'], 2, /dns/],
    ['a cluster and another', ['validate', '--name', 'local', '--context', 'kmd-local'], 2, /--context/],
    ['a context that there is none', ['validate', '--context', 'nowhere'], 2, /nowhere/],
    ['a cluster that there is none', ['addons', 'list', '--name', 'nobody'], 3, /nobody/],
  ])('%s ends with a line that says so', async (_, args, code, what) => {
    const result = await place.run(args);
    expect(result).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(/^kmd: [^\n]+\n$/) as string });
    expect(result.stderr).toMatch(what);
  });
});
