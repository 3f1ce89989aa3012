import { defineConfig } from 'vitest/config';
import base from './vitest.config.js';

// The tests that need a real kube-apiserver: `npm run test:kube`. They are not part of `npm test`, which runs anywhere.
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['packages/*/test/**/*.kube.ts'],
    // One real cluster at a time: each is three programs, and the machine may have two cores.
    fileParallelism: false,
    testTimeout: 120_000,
    // Building the programs takes some twenty minutes, once.
    hookTimeout: 60 * 60_000,
  },
});
