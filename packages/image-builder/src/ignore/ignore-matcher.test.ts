import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createIgnoreMatcher, IgnorePatternError } from './ignore-matcher.js';
import { compilePattern } from './pattern.js';
import { readIgnoreFile } from './read-ignore-file.js';

interface Row {
  readonly id: string;
  readonly patterns: readonly string[];
  readonly path: string;
  readonly ignored: boolean | 'error';
}

interface Cases {
  readonly mobyTable: readonly Row[];
  readonly disagreements: readonly Row[];
  readonly readAll: { readonly content: string; readonly expected: readonly string[] };
  readonly compile: readonly { readonly pattern: string; readonly kind: string; readonly regexp?: string }[];
  readonly trees: readonly {
    readonly id: string;
    readonly dockerignore: string;
    readonly perFile: Readonly<Record<string, 'kept' | 'ignored'>>;
  }[];
}

function answer(patterns: readonly string[], path: string): boolean | 'error' {
  try {
    return createIgnoreMatcher(readIgnoreFile(patterns.join('\n'))).ignores(path);
  } catch (error) {
    if (error instanceof IgnorePatternError) return 'error';
    throw error;
  }
}

describe('an ignore matcher', () => {
  it.each([
    { patterns: ['node_modules'], path: 'node_modules/x/index.js', ignored: true },
    { patterns: ['node_modules'], path: 'src/node_modules', ignored: false },
    { patterns: ['**/node_modules'], path: 'src/node_modules/x', ignored: true },
    { patterns: ['*.md', '!README.md'], path: 'README.md', ignored: false },
    { patterns: ['*.md', '!README.md'], path: 'a.md', ignored: true },
    { patterns: ['*', '!src'], path: 'src/a/b.ts', ignored: false },
    { patterns: ['c++'], path: 'c++', ignored: true },
    { patterns: ['*'], path: '.', ignored: false },
  ])('says $ignored of $path for $patterns', ({ patterns, path, ignored }) => {
    expect(answer(patterns, path)).toBe(ignored);
  });

  it('names the pattern that it refuses, and where it stands', () => {
    expect(() => createIgnoreMatcher(['a', '[b'])).toThrow('ignore pattern "[b" (number 2): brackets must be closed');
  });

  it('reads a file of the disk with its byte order mark, comments and line ends of Windows', () => {
    const bytes = new TextEncoder().encode('\ufeff# comment\r\n/dist/\r\n\r\n !/keep/me \r\n');
    expect(readIgnoreFile(bytes)).toEqual(['dist', '!keep/me']);
  });
});

const file = fileURLToPath(new URL('../../../../../shared/corpus/dockerignore-cases.json', import.meta.url));
const present = existsSync(file);
const cases = (): Cases => JSON.parse(readFileSync(file, 'utf8')) as Cases;

describe.skipIf(!present)("moby's own cases (../shared/corpus/dockerignore-cases.json)", () => {
  it('answers its table, and where JavaScript libraries disagree with it', () => {
    const rows = [...cases().mobyTable, ...cases().disagreements];
    const wrong = rows.filter(({ patterns, path, ignored }) => answer(patterns, path) !== ignored);
    expect(wrong).toEqual([]);
    expect(rows.length).toBeGreaterThan(200);
  });

  it('reads a file', () => {
    const { content, expected } = cases().readAll;
    expect(readIgnoreFile(content)).toEqual(expected);
  });

  it('compiles patterns to the same kinds and expressions', () => {
    for (const { pattern, kind, regexp } of cases().compile) {
      const compiled = compilePattern(pattern);
      expect([pattern, compiled.kind]).toEqual([pattern, kind]);
      if (compiled.kind === 'regexp') expect(compiled.source).toBe(regexp);
    }
  });

  it('sorts whole trees', () => {
    for (const { id, dockerignore, perFile } of cases().trees) {
      const matcher = createIgnoreMatcher(readIgnoreFile(dockerignore));
      const sorted = Object.keys(perFile).map((path) => [path, matcher.ignores(path) ? 'ignored' : 'kept']);
      expect({ id, ...Object.fromEntries(sorted) }).toEqual({ id, ...perFile });
    }
  });
});
