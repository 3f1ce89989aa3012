import { cpSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { defineConfig, type Options } from 'tsup';
// eslint-disable-next-line @nx/enforce-module-boundaries -- a build's settings, of no package
import { leanHttp, programs } from '../../tsup.programs.js';

// The command ships whole: its own code, the cluster's background process, and every library, in few files that load fast.
const command: Options = {
  entry: {
    kmd: 'src/kmd.ts',
    index: 'src/index.ts',
    daemon: '../cluster/src/daemon.ts',
  },
  format: 'esm',
  target: 'node22',
  splitting: true,
  clean: true,
  noExternal: [/.*/],
  tsconfig: 'tsconfig.json',
  removeNodeProtocol: false,
  esbuildPlugins: [leanHttp],
  // CommonJS libraries inside an ES module still ask for Node's own modules by require.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  // The ES modules of yaml: its CommonJS ones have no named exports when they are loaded lazily.
  esbuildOptions(options) {
    options.alias = {
      yaml: createRequire(import.meta.url)
        .resolve('yaml/package.json')
        .replace(/package\.json$/, 'browser/index.js'),
    };
  },
  onSuccess: async () => {
    rmSync('topology', { recursive: true, force: true });
    cpSync('../cluster/topology', 'topology', { recursive: true });
    rmSync('images', { recursive: true, force: true });
    cpSync('../cluster/images', 'images', { recursive: true });
  },
};

export default defineConfig([command, programs]);
