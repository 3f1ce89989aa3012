import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  customResourceDefinitions,
  type KubeObject,
  type Resource,
  configMaps,
  isNotFound,
  namespaces,
} from '@kmd/kube-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ApiServer, type Controllers, startControllers } from '../src/index.js';
import { start, token } from './server.js';

interface Widget extends KubeObject {
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
}
const widgets: Resource<Widget> = {
  group: 'example.org',
  version: 'v1',
  plural: 'widgets',
  kind: 'Widget',
  namespaced: true,
};
const schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      description: 'What the widget is to be.',
      required: ['size'],
      properties: {
        size: { type: 'integer', minimum: 1, maximum: 9 },
        color: { type: 'string', enum: ['red', 'green'], default: 'red' },
        replicas: { type: 'integer' },
        port: { 'x-kubernetes-int-or-string': true },
        parts: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: {
            type: 'object',
            required: ['name'],
            properties: { name: { type: 'string' }, weight: { type: 'number' } },
          },
        },
        extra: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      },
    },
    status: { type: 'object', properties: { phase: { type: 'string' } } },
  },
};
const definition = {
  metadata: { name: 'widgets.example.org' },
  spec: {
    group: 'example.org',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget', shortNames: ['wd'], categories: ['all'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: schema },
        subresources: {
          status: {},
          scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
        },
        additionalPrinterColumns: [
          { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
          { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
        ],
      },
      { name: 'v1beta1', served: true, storage: false, schema: { openAPIV3Schema: schema } },
    ],
  },
};
const at = { namespace: 'default' };
const kubectl = join(import.meta.dirname, '../../../node_modules/.bin/kubectl');
const runs = spawnSync(kubectl, ['version', '--client']).status === 0;
if (!runs) console.warn('skipped: kubectl of the workspace does not run here');

let server: ApiServer;
let controllers: Controllers;
let home: string;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'kmd-custom-'));
  server = await start();
  controllers = startControllers({ api: server.api });
  await controllers.synced;
  await server.api.create(customResourceDefinitions, definition);
});
afterAll(async () => {
  await controllers.close();
  await server.close();
  rmSync(home, { recursive: true });
});
const refused = (work: Promise<unknown>) =>
  work.then(
    () => 'not refused',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
const widget = (name: string, spec: Record<string, unknown>): Widget => ({ metadata: { name, ...at }, spec });

describe('a custom resource', () => {
  it('is established, with defaults filled in and unknown fields dropped', async () => {
    const accepted = { storedVersions: ['v1'], acceptedNames: { singular: 'widget', listKind: 'WidgetList' } };
    await vi.waitFor(async () => {
      const made = await server.api.get(customResourceDefinitions, 'widgets.example.org');
      expect(made.status).toMatchObject({
        ...accepted,
        conditions: [{ type: 'NamesAccepted' }, { type: 'Established' }],
      });
    });
    const created = await server.api.create(
      widgets,
      widget('a', {
        size: 1,
        unknown: 1,
        port: 'http',
        extra: { any: { thing: [1] } },
        parts: [{ name: 'p', odd: 1 }],
      }),
    );
    expect(created.spec).toEqual({
      size: 1,
      color: 'red',
      port: 'http',
      extra: { any: { thing: [1] } },
      parts: [{ name: 'p' }],
    });
    expect(created.metadata?.generation).toBe(1);
    const beta = await server.api.get({ ...widgets, version: 'v1beta1' }, 'a', at);
    expect(beta.apiVersion).toBe('example.org/v1beta1');
    expect((await server.api.list(widgets, at)).items).toHaveLength(1);
  });

  it('is held against its schema in the words of the real server', async () => {
    const said = (spec: Record<string, unknown>) => refused(server.api.create(widgets, widget('b', spec)));
    const start = 'Widget.example.org "b" is invalid: ';
    expect(await said({})).toBe(`${start}spec.size: Required value`);
    expect(await said({ size: 'big' })).toBe(
      `${start}spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"`,
    );
    expect(await said({ size: 10 })).toBe(
      `${start}spec.size: Invalid value: 10: spec.size in body should be less than or equal to 9`,
    );
    expect(await said({ size: 1, color: 'blue' })).toBe(
      `${start}spec.color: Unsupported value: "blue": supported values: "red", "green"`,
    );
    expect(await said({ size: 1, parts: [{ name: 'x' }, { name: 'x' }] })).toBe(
      `${start}spec.parts[1]: Duplicate value: map[string]interface {}{"name":"x"}`,
    );
  });

  it('keeps its status apart, and counts generations of its spec', async () => {
    await server.api.create(widgets, widget('s', { size: 2 }));
    await server.api.patch(
      widgets,
      's',
      { status: { phase: 'Ready' } },
      { type: 'merge', subresource: 'status', ...at },
    );
    const changed = await server.api.patch(
      widgets,
      's',
      { spec: { size: 3 }, status: { phase: 'Lost' } },
      { type: 'merge', ...at },
    );
    expect(changed).toMatchObject({ spec: { size: 3 }, status: { phase: 'Ready' }, metadata: { generation: 2 } });
  });

  it('is applied on the server, list items merged by their key', async () => {
    const apply = (manager: string, parts: object[], force = false) =>
      server.api.patch(
        widgets,
        'applied',
        {
          apiVersion: 'example.org/v1',
          kind: 'Widget',
          metadata: { name: 'applied' },
          spec: { size: 1, parts },
        },
        { type: 'apply', fieldManager: manager, force, ...at },
      );
    await apply('one', [{ name: 'a', weight: 1 }]);
    const both = await apply('two', [{ name: 'b', weight: 2 }]);
    expect(both.spec?.['parts']).toEqual([
      { name: 'a', weight: 1 },
      { name: 'b', weight: 2 },
    ]);
    expect(await refused(apply('two', [{ name: 'a', weight: 5 }]))).toContain('conflict with "one"');
    expect((await apply('one', [])).spec?.['parts']).toEqual([{ name: 'b', weight: 2 }]);
  });

  it('owns others, which go with it', async () => {
    const owner = await server.api.create(widgets, widget('owner', { size: 1 }));
    await server.api.create(configMaps, {
      metadata: {
        name: 'owned',
        ...at,
        ownerReferences: [
          { apiVersion: 'example.org/v1', kind: 'Widget', name: 'owner', uid: owner.metadata?.uid ?? '' },
        ],
      },
    });
    await server.api.delete(widgets, 'owner', at);
    await expect
      .poll(() =>
        server.api.get(configMaps, 'owned', at).then(
          () => 'there',
          (error: unknown) => isNotFound(error),
        ),
      )
      .toBe(true);
  });

  it('goes with its namespace', async () => {
    await server.api.create(namespaces, { metadata: { name: 'short' } });
    await server.api.create(widgets, { metadata: { name: 'w', namespace: 'short' }, spec: { size: 1 } });
    await server.api.delete(namespaces, 'short');
    await expect
      .poll(async () =>
        (await server.api.list(widgets)).items.filter(({ metadata }) => metadata?.namespace === 'short'),
      )
      .toEqual([]);
    await expect
      .poll(() =>
        server.api.get(namespaces, 'short').then(
          () => 'there',
          (error: unknown) => isNotFound(error),
        ),
      )
      .toBe(true);
  });

  it.skipIf(!runs)('is found, explained, shown, applied and scaled by kubectl', async () => {
    const run = (...args: string[]) =>
      new Promise<{ code: number; out: string; err: string }>((resolve) => {
        const access = ['--server', server.url, '--token', token, '--insecure-skip-tls-verify'];
        execFile(
          kubectl,
          [...access, '--cache-dir', join(home, 'cache'), ...args],
          { env: { PATH: process.env['PATH'], HOME: home, KUBECONFIG: join(home, 'none') } },
          (error, out, err) => resolve({ code: error ? Number(error.code ?? 1) : 0, out, err }),
        );
      });
    const file = join(home, 'widget.json');
    const save = (spec: object) =>
      writeFileSync(
        file,
        JSON.stringify({ apiVersion: 'example.org/v1', kind: 'Widget', metadata: { name: 'shown' }, spec }),
      );
    save({ size: 4, replicas: 1 });
    expect(await run('apply', '-f', file)).toEqual({ code: 0, err: '', out: 'widget.example.org/shown created\n' });
    save({ size: 5, replicas: 1 });
    expect((await run('apply', '-f', file)).out).toBe('widget.example.org/shown configured\n');
    expect((await run('get', 'wd', 'shown')).out).toMatch(/^NAME +SIZE +PHASE\nshown +5 *\n$/);
    expect((await run('explain', 'widget.spec')).out).toMatch(
      /What the widget is to be\.[^]*size\s+<integer> -required-/,
    );
    expect((await run('scale', 'widget/shown', '--replicas=3')).out).toBe('widget.example.org/shown scaled\n');
    expect((await run('get', 'widget', 'shown', '-o', 'jsonpath={.spec.replicas}')).out).toBe('3');
    save({ size: 5, colour: 'red' });
    expect((await run('apply', '-f', file)).err).toContain('strict decoding error: unknown field "spec.colour"');
    expect((await run('get', 'crd')).out).toMatch(/^NAME +CREATED AT\nwidgets\.example\.org/);
    expect((await run('api-resources', '--api-group=example.org')).out).toMatch(
      /widgets +wd +example.org\/v1 +true +Widget/,
    );
    expect(await run('delete', 'crd', 'widgets.example.org', '--timeout=20s')).toMatchObject({ code: 0, err: '' });
    await expect(server.api.list(widgets, at)).rejects.toMatchObject({ status: 404 });
  });
});

describe('a definition', () => {
  it('is refused where its names or its schema do not fit', async () => {
    const { spec } = definition;
    expect(
      await refused(server.api.create(customResourceDefinitions, { metadata: { name: 'other.example.org' }, spec })),
    ).toContain('metadata.name: Invalid value: "other.example.org": must be spec.names.plural+"."+spec.group');
    const versions = [{ name: 'v1', served: true, storage: true }];
    expect(
      await refused(server.api.create(customResourceDefinitions, { ...definition, spec: { ...spec, versions } })),
    ).toContain('spec.versions[0].schema.openAPIV3Schema: Required value: schemas are required');
  });
});
