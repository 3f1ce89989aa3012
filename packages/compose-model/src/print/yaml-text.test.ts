import fc from 'fast-check';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { load, loadRaw, toJson, toYaml, printYaml } from '../index.js';

describe('YAML text', () => {
  it('has the style of docker compose', () => {
    const value = {
      image: 'no',
      port: '80',
      list: ['a', { b: 1, c: [] }, ['x']],
      text: 'one\ntwo\n',
      quoted: "a: 'b' # c",
      empty: '',
      n: null,
      float: 0.5,
    };
    expect(printYaml(value)).toBe(
      `image: "no"
port: "80"
list:
  - a
  - b: 1
    c: []
  - - x
text: |
  one
  two
quoted: 'a: ''b'' # c'
empty: ""
"n": null
float: 0.5
`,
    );
  });

  it('reads back as what was printed, by another reader', () => {
    const tree = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        fc.string({ unit: 'grapheme' }),
        fc.string({ unit: fc.constantFrom('a', ' ', '\n', ':', '#', '-', "'", '"', '|', '\t', '0', '{', '\u0085') }),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.string(), tie('tree'), { maxKeys: 3, noNullPrototype: true }),
      ),
    })).tree;
    fc.assert(
      fc.property(fc.dictionary(fc.string(), tree, { noNullPrototype: true }), (value) => {
        for (const version of ['1.1', '1.2'] as const) {
          expect(parse(printYaml(value), { version, merge: false })).toEqual(value);
        }
      }),
      { numRuns: 400 },
    );
  });
});

describe('a printed project', () => {
  it('loads to the same project again', async () => {
    const content = `
name: shop
x-note: {b: 1, a: "no"}
services:
  web: {image: "a:1", command: "sh -c 'echo \\"hi\\"; exit'", ports: ["80:80"], environment: {Q: "y", N: "a\\nb"}, x-team: {z: 1}, mem_limit: 64m, secrets: [s]}
secrets: {s: {environment: TOKEN}}
`;
    const options = { workingDir: '/srv/shop', environment: { TOKEN: 'hunter2' } };
    const { project } = await load({ files: [{ path: 'compose.yaml', content }], ...options });
    const text = toYaml(project);
    expect(text).not.toContain('hunter2');
    const again = await load({ files: [{ path: 'compose.yaml', content: text }], ...options });
    expect(again.project).toEqual(project);
    expect(toJson(again.project)).toEqual(toJson(project));
  });

  it('keeps its variables when they are not replaced', async () => {
    const content = 'services: {web: {image: "a:${TAG:-1}", ports: ["$PORT:80"], scale: $N}}';
    const raw = await loadRaw({ files: [{ path: 'compose.yaml', content }], workingDir: '/srv/shop' });
    expect(raw.model).toMatchObject({
      name: 'shop',
      services: { web: { image: 'a:${TAG:-1}', ports: ['$PORT:80'], scale: '$N' } },
    });
    expect(raw.variables).toEqual([{ name: 'N' }, { name: 'PORT' }, { name: 'TAG', defaultValue: '1' }]);
  });
});
