import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// The tests that need an engine: `npm run test:docker`. They are not part of `npm test`, which runs anywhere.
const root = fileURLToPath(new URL('../../', import.meta.url));
const base = JSON.parse(readFileSync(`${root}tsconfig.base.json`, 'utf8')) as {
  compilerOptions: { paths: Record<string, string[]> };
};

export default defineConfig({
  root,
  resolve: {
    alias: Object.entries(base.compilerOptions.paths).map(([name, [target = '']]) => ({
      find: new RegExp(`^${name}$`),
      replacement: `${root}${target}`,
    })),
  },
  test: {
    include: ['packages/*/test/**/*.docker.ts', 'tools/testbed/test/**/*.docker.ts'],
    globalSetup: ['tools/testbed/src/global-setup.mjs'],
    // One engine for all: its listings are easier to reason about when one file at a time changes it.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    reporters: process.env['KMD_TEST_REPORT'] ? ['default', 'json'] : ['default'],
    ...(process.env['KMD_TEST_REPORT'] ? { outputFile: { json: process.env['KMD_TEST_REPORT'] } } : {}),
  },
});
