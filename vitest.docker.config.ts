import { defineConfig } from 'vitest/config';
import base from './vitest.config.js';

// The tests that need an engine: `npm run test:docker`. They are not part of `npm test`, which runs anywhere.
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['packages/*/test/**/*.docker.ts', 'tools/testbed/test/**/*.docker.ts'],
    globalSetup: ['tools/testbed/src/global-setup.mjs'],
    // One engine for all: its listings are easier to reason about when one file at a time changes it.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
