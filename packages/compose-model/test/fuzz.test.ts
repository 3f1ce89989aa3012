import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ComposeError, load, printYaml } from '../src/index.js';
import { shapedFile } from './generate-shapes.js';

const keys = fc.constantFrom(
  'services',
  'networks',
  'volumes',
  'secrets',
  'configs',
  'include',
  'name',
  'version',
  'web',
  'db',
  'image',
  'build',
  'ports',
  'environment',
  'depends_on',
  'extends',
  'deploy',
  'healthcheck',
  'command',
  'x-a',
  'env_file',
  'ulimits',
  'develop',
  'watch',
  'gpus',
  'models',
  'external',
  'ipam',
  'config',
  'driver_opts',
  'links',
  'volumes_from',
  'devices',
);
const scalars = fc.oneof(
  fc.constantFrom('web', '80:80', '${A:-b}', '${', '1s', './a', 'service:web', 'a=b', '', '64m', 'all', 'v:/v:ro:x'),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.string(),
);
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    scalars,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(keys, tie('tree'), { maxKeys: 5 }),
  ),
}));
const document = fc.record(
  {
    services: fc.dictionary(fc.constantFrom('web', 'db'), fc.dictionary(keys, tree, { maxKeys: 5 })),
    networks: tree,
    volumes: tree,
  },
  { requiredKeys: ['services'] },
);

/** What YAML knows and the generated files do not have. */
const written = `%YAML 1.2
---
x-base: &base {image: a, labels: &labels {one: "1"}}
services:
  web:
    <<: [*base, {tty: true}]
    command: >-
      run
        --fast
    environment: !override
      - A=\${B:-c}
      - "B=\\u00e9"
    ports: !reset []
  ? db
  : <<: *base
    labels: {<<: *labels, two: 2}
...
---
services: {web: {build: ., secrets: [s]}}
secrets: {s: {environment: B}}
`;
const pieces = fc.constantFrom(
  ...[
    '\t',
    '\0',
    '\ufeff',
    '\ud800',
    '\u2028',
    '\r\n',
    '\n',
    '  ',
    '- ',
    ': ',
    '? ',
    ', ',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '|',
    '>',
    '#',
  ],
  ...[
    '&a ',
    '*a',
    '<<: *base',
    '!reset ',
    '!override ',
    '!!binary ',
    '---\n',
    '...\n',
    '%TAG ! x',
    '~',
    '1e999',
    '0x',
    '-',
  ],
  ...['${', '}', '$', '__proto__', 'constructor', 'toString', 'services:', 'extends: ', 'include: ', 'x-a: '],
);

async function outcome(files: readonly string[]): Promise<string> {
  try {
    await load({
      files: files.map((content, index) => ({ path: `${index}.yaml`, content })),
      workingDir: '/srv/shop',
      readFile: async (path) => Promise.reject(Object.assign(new Error(`no ${path}`), { code: 'ENOENT' })),
    });
    return 'loaded';
  } catch (error) {
    return error instanceof ComposeError ? 'refused' : String(error instanceof Error ? error.stack : error);
  }
}

describe('whatever is loaded', { timeout: 60_000 }, () => {
  it('ends in a project or a ComposeError', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(document, tree), { minLength: 1, maxLength: 2 }), async (files) => {
        expect(['loaded', 'refused']).toContain(await outcome(files.map((file) => JSON.stringify(file))));
      }),
      { numRuns: 200 },
    );
  });

  it('does so for any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async (text) => {
        expect(['loaded', 'refused']).toContain(await outcome([text]));
      }),
      { numRuns: 150 },
    );
  });

  it('does so for files with something wrong put in', async () => {
    const files = fc.oneof(
      fc.tuple(shapedFile, fc.boolean()).map(([file, json]) => (json ? JSON.stringify(file) : printYaml(file))),
      fc.constant(written),
    );
    const edits = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), pieces, fc.nat(6)), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(files, edits, async (file, changes) => {
        let text = file;
        for (const [at, piece, cut] of changes) {
          const index = Math.floor(at * text.length);
          text = text.slice(0, index) + piece + text.slice(index + cut);
        }
        expect(['loaded', 'refused']).toContain(await outcome([text]));
      }),
      { numRuns: 1000 },
    );
  });
});
