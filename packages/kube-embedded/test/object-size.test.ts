import { KubeError, type KubeObject, type PatchType, type Resource } from '@kmd/kube-client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ApiServer } from '../src/index.js';
import { start } from './server.js';

const at = { namespace: 'default' };
const templates: Resource<KubeObject & { template?: object }> = {
  group: '',
  version: 'v1',
  plural: 'podtemplates',
  kind: 'PodTemplate',
  namespaced: true,
};
const mebibyte = 'x'.repeat(1024 * 1024);
const template = (...env: object[]) => ({
  metadata: { labels: { a: 'b' } },
  spec: { containers: [{ name: 'c', image: 'i', env }] },
});
const first = { name: 'A', value: mebibyte };
const second = { name: 'B', value: mebibyte };

let server: ApiServer;
beforeEach(async () => {
  server = await start();
  await server.api.create(templates, { metadata: { name: 'a', ...at }, template: template(first) });
});
afterEach(() => server.close());

const refusal = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'not refused',
    (error: unknown) =>
      error instanceof KubeError ? { status: error.status, code: error.code, message: error.message } : error,
  );
const patch = (type: PatchType, change: unknown): Promise<unknown> =>
  refusal(server.api.patch(templates, 'a', change, { type, ...at, fieldManager: 'test', force: true }));

// A real server answers so too, and names the limit of its messages to etcd where an object is beyond 2 MiB.
const tooLarge = { status: 500, code: '', message: 'etcdserver: request is too large' };

it.each<[PatchType, unknown]>([
  ['strategic', { template: template(second) }],
  ['merge', { template: template(first, second) }],
  ['json', [{ op: 'add', path: '/template/spec/containers/0/env/-', value: second }]],
  ['apply', { apiVersion: 'v1', kind: 'PodTemplate', metadata: { name: 'a' }, template: template(second) }],
])('refuses a %s patch that makes an object larger than etcd takes, and keeps the object', async (type, change) => {
  const before = await server.api.get(templates, 'a', at);
  expect(await patch(type, change)).toEqual(tooLarge);
  expect(await server.api.get(templates, 'a', at)).toEqual(before);
});

it('refuses to create and to update to such an object', async () => {
  const large = template(first, second);
  expect(await refusal(server.api.create(templates, { metadata: { name: 'b', ...at }, template: large }))).toEqual(
    tooLarge,
  );
  const known = await server.api.get(templates, 'a', at);
  expect(await refusal(server.api.update(templates, { ...known, template: large }))).toEqual(tooLarge);
  expect((await server.api.list(templates, at)).items).toHaveLength(1);
});

it('lets a JSON patch copy three mebibytes in all, even of what it removes again', async () => {
  const env = '/template/spec/containers/0/env';
  const copies = (count: number) =>
    Array.from({ length: count }, () => [
      { op: 'copy', from: `${env}/0`, path: `${env}/-` },
      { op: 'remove', path: `${env}/1` },
    ]).flat();
  expect(await patch('json', copies(2))).toBe('not refused');
  expect(await patch('json', copies(3))).toEqual({
    status: 422,
    code: 'Invalid',
    message: 'the server rejected our request due to an error in our request',
  });
});
