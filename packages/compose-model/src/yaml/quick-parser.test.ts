import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import { Findings } from '../diagnostics/compose-error.js';
import { parseFully } from './full-parser.js';
import type { YamlNode } from './node.js';
import { parseQuickly } from './quick-parser.js';

/** A node as nested data; nothing and an empty plain text are the same. Aliases show where what they stand for is. */
function shape(node: YamlNode | undefined): unknown {
  if (node === undefined || (node.kind === 'scalar' && node.plain && node.text === '' && node.tag === undefined))
    return null;
  const marks = { at: node.offset, ...(node.tag !== undefined && { tag: node.tag }) };
  switch (node.kind) {
    case 'scalar':
      return { ...marks, text: node.text, plain: node.plain };
    case 'list':
      return { ...marks, items: node.items.map((item) => shape(item)) };
    case 'map':
      return { ...marks, pairs: node.pairs.map(({ key, value }) => [shape(key), shape(value)]) };
    case 'alias':
      return { ...marks, name: node.name, target: node.target?.offset };
  }
}

/** What the full parser says of a text that the quick one read: nothing when they agree. */
async function difference(text: string): Promise<'left' | 'same' | { quick: unknown; full: unknown }> {
  const quick = parseQuickly(text, 100_000);
  if (quick === undefined || quick === 'too many') return 'left';
  const findings = new Findings();
  const nodes = await parseFully({ name: 'a', path: 'a', text }, findings);
  const full = findings.errors.length > 0 ? findings.errors : nodes.map((node) => shape(node));
  const mine = [shape(quick)];
  return JSON.stringify(full) === JSON.stringify(mine) ? 'same' : { quick: mine, full };
}

const scalars = fc.oneof(
  fc.constantFrom(
    'a',
    'b c',
    'x: y',
    '#no',
    'a #b',
    "it's",
    '"q"',
    '',
    ' ',
    '- a',
    '[x]',
    '{',
    'null',
    '80:80',
    'one\ntwo\n',
    'a\n\n  b\nc',
    '*a',
    '&a',
    '!t',
    '%',
    '@',
    'k:',
    ':',
    '-',
    '?',
    '$X',
  ),
  fc.string({ unit: fc.constantFrom('a', ' ', '\n', ':', '#', '-', "'", '"', ',', '{', '\\', '|') }),
  fc.integer(),
  fc.constant(null),
);
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'medium' },
    scalars,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(fc.constantFrom('a', 'b', 'services', 'x-a', '<<', 'a b'), fc.string({ maxLength: 4 })),
      tie('tree'),
      { maxKeys: 4, noNullPrototype: true },
    ),
  ),
}));

const pieces = fc.constantFrom(
  ...[
    'a',
    'b: ',
    ': ',
    '- ',
    '  ',
    ' ',
    '\n',
    '\n  ',
    '\n    ',
    '\n- ',
    '\n  - ',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    ', ',
    ',',
    '#',
    ' # c',
    '|',
    '>',
    '|-\n',
    '>+\n',
  ],
  ...[
    '&a ',
    '*a',
    '!reset ',
    '!override',
    'k: v',
    'k:',
    '"q": ',
    "'s'",
    '\\n',
    '?',
    '---\n',
    '\\',
    'x y',
    ':',
    '-',
    '<<: ',
  ],
);

describe('the quick parser', () => {
  it('reads what it takes as the full parser does: printed data', async () => {
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom('a', 'b', 'c'), tree, { minKeys: 1, noNullPrototype: true }),
        fc.constantFrom(0, 40, 200),
        fc.boolean(),
        async (value, lineWidth, inSequences) => {
          const text = stringify(value, { lineWidth, indentSeq: inSequences, aliasDuplicateObjects: false });
          const found = await difference(text);
          if (found !== 'left') taken += 1;
          expect(['left', 'same'], `${JSON.stringify(text)} ${JSON.stringify(found)}`).toContain(found);
        },
      ),
      { numRuns: 300 },
    );
    expect(taken).toBeGreaterThan(30);
  });

  it('reads what it takes as the full parser does: any pieces', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { maxLength: 14 }), async (list) => {
        const text = list.join('');
        const found = await difference(text);
        expect(['left', 'same'], `${JSON.stringify(text)} ${JSON.stringify(found)}`).toContain(found);
      }),
      { numRuns: 4000 },
    );
  });

  it('takes the files that people write', async () => {
    const text = `# a comment
x-base: &base
  restart: always
  environment: { A: "1", B: 'it''s', C: }
services:
  web:
    <<: *base
    image: "nginx:\${TAG:-1}"   # the image
    command: >
      run
      --fast

      --twice
    ports:
    - "80:80"
    - target: 81
      published: 82
    labels: !override
      - a=b
    dns: !reset
    script: |-
      one
        two
    nested: [a, [b,
      c], {d: e}]
  db: {}
`;
    expect(await difference(text)).toBe('same');
  });

  const corpus = join(import.meta.dirname, '../../../../../shared/corpus/compose/cases');
  it.skipIf(!existsSync(corpus))(
    'reads every file of the corpus as the full parser does, most of them itself',
    async () => {
      let taken = 0;
      let left = 0;
      const walk = async (folder: string): Promise<void> => {
        for (const name of readdirSync(folder)) {
          const path = join(folder, name);
          if (statSync(path).isDirectory()) await walk(path);
          else if (/\.ya?ml$/.test(name)) {
            const found = await difference(readFileSync(path, 'utf8'));
            if (found === 'left') left += 1;
            else taken += 1;
            expect(['left', 'same'], `${path} ${JSON.stringify(found)}`).toContain(found);
          }
        }
      };
      await walk(corpus);
      expect(taken).toBeGreaterThan(left * 5);
    },
  );
});
