import { defineConfig } from 'tsup';
// eslint-disable-next-line @nx/enforce-module-boundaries -- a build's settings, of no package
import { programs } from '../../tsup.programs.js';

export default defineConfig([
  { entry: { index: 'src/index.ts', daemon: 'src/daemon.ts' }, format: 'esm', target: 'node22', clean: true },
  programs,
]);
