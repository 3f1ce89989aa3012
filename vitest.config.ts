import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Packages are tested from their sources: the same paths that the compiler uses.
const base = JSON.parse(readFileSync(new URL('./tsconfig.base.json', import.meta.url), 'utf8')) as {
  compilerOptions: { paths: Record<string, string[]> };
};
const alias = Object.entries(base.compilerOptions.paths).map(([name, [target = '']]) => ({
  find: new RegExp(`^${name}$`),
  replacement: fileURLToPath(new URL(target, import.meta.url)),
}));

export default defineConfig({
  resolve: { alias },
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'packages/*/test/**/*.test.ts',
      'tools/*/test/**/*.test.ts',
      'examples/**/*.test.ts',
    ],
    // No test touches the clusters of the person who runs it.
    env: { KMD_HOME: join(tmpdir(), 'kmd-vitest'), KUBECONFIG: join(tmpdir(), 'kmd-vitest', 'kubeconfig') },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    // Machines of CI are slow and shared: a test that fails there is run once more, and CI tells of it (decision 0020).
    retry: process.env['CI'] ? 1 : 0,
    // CI counts the tests from this file.
    reporters: process.env['KMD_TEST_REPORT'] ? ['default', 'json'] : ['default'],
    ...(process.env['KMD_TEST_REPORT'] ? { outputFile: { json: process.env['KMD_TEST_REPORT'] } } : {}),
  },
});
