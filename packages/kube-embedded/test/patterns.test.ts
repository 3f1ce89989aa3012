import { customResourceDefinitions, type KubeObject, type Resource } from '@kmd/kube-client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ApiServer } from '../src/index.js';
import { start } from './server.js';

const at = { namespace: 'default' };
const words: Resource<KubeObject & { spec: { text: string } }> = {
  group: 'example.org',
  version: 'v1',
  plural: 'words',
  kind: 'Word',
  namespaced: true,
};
const version = (name: string, text: object) => ({
  name,
  served: true,
  storage: name === 'v1',
  schema: {
    openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: { text } } } },
  },
});
const definition = (...versions: ReturnType<typeof version>[]) => ({
  metadata: { name: 'words.example.org' },
  spec: { group: 'example.org', scope: 'Namespaced', names: { plural: 'words', kind: 'Word' }, versions },
});
let server: ApiServer;
beforeEach(async () => {
  server = await start();
});
afterEach(() => server.close());

const define = (pattern: string) =>
  server.api.create(customResourceDefinitions, definition(version('v1', { type: 'string', pattern })));
const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'not refused',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
const check = (text: string) =>
  refusal(server.api.create(words, { metadata: { generateName: 'w-', ...at }, spec: { text } }));

it('answers at once where an engine that goes back and forth would not end', async () => {
  await define('^(a+)+$');
  const text = `${'a'.repeat(40)}!`;
  expect(await check(text)).toContain(`spec.text: Invalid value: "${text}": spec.text in body should match '^(a+)+$'`);
  expect(await check('a'.repeat(100_000))).toBe('not refused');
});

it.each([
  ['^a\\z', 'a', 'a\n'],
  ['^(?P<word>b+)$', 'bb', 'c'],
  ['(?s)^a.b$', 'a\nb', 'a\n\nb'],
  ['(?i)^KMD$', 'kmd', 'kmb'],
  ['^\\pL[[:digit:]]$', 'é1', '1é'],
  ['^.$', '😀', 'ab'],
])("reads %s in Go's language", async (pattern, fits, other) => {
  await define(pattern);
  expect(await check(fits)).toBe('not refused');
  expect(await check(other)).toContain(`should match '${pattern}'`);
});

// As kube-apiserver 1.33.4 answered.
it.each([
  ['+', 'missing argument to repetition operator: `+`'],
  ['(?=a)', 'invalid or unsupported Perl syntax: `(?=`'],
  ['a{1001}', 'invalid repeat count: `{1001}`'],
  ['\\8', 'invalid escape sequence: `\\8`'],
  ['\\', 'trailing backslash at end of expression: ``'],
])('refuses a definition with %s for a pattern', async (pattern, why) => {
  expect(await refusal(define(pattern))).toBe(
    `CustomResourceDefinition.apiextensions.k8s.io "words.example.org" is invalid: spec.validation.openAPIV3Schema.properties[spec].properties[text].pattern: Invalid value: ${JSON.stringify(pattern)}: must be a valid regular expression, but isn't: error parsing regexp: ${why}`,
  );
});

it('names the version whose pattern is none, at any depth', async () => {
  const list = { type: 'array', items: { type: 'string', anyOf: [{ pattern: 'a' }, { pattern: '(' }] } };
  expect(
    await refusal(
      server.api.create(customResourceDefinitions, definition(version('v1', { type: 'string' }), version('v2', list))),
    ),
  ).toContain('spec.versions[1].schema.openAPIV3Schema.properties[spec].properties[text].items.anyOf[1].pattern: Inv');
});
