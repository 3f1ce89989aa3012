import { cpSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { defineConfig, type Options } from 'tsup';
// eslint-disable-next-line @nx/enforce-module-boundaries -- a build's settings, of no package
import { leanHttp, programs } from '../../tsup.programs.js';

/** The ES modules of yaml: its CommonJS ones have no named exports when they are loaded lazily. */
const yaml = createRequire(import.meta.url)
  .resolve('yaml/package.json')
  .replace(/package\.json$/, 'browser/index.js');

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
  esbuildOptions(options) {
    options.alias = { yaml };
  },
  onSuccess: async () => {
    rmSync('topology', { recursive: true, force: true });
    cpSync('../cluster/topology', 'topology', { recursive: true });
    rmSync('images', { recursive: true, force: true });
    cpSync('../cluster/images', 'images', { recursive: true });
    rmSync('ui', { recursive: true, force: true });
    cpSync('../web-ui/dist', 'ui', { recursive: true });
    await build(compose);
  },
};

/** What small projects do not need is loaded when a larger one does. */
const late: Plugin = {
  name: 'late',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^yaml$/ }, () => ({ path: './yaml.cjs', external: true }));
    onResolve({ filter: /^node:crypto$/ }, ({ path }) => ({ path, namespace: 'late' }));
    onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({
      contents: `export const createHash = (name) => process.getBuiltinModule('${path}').createHash(name);\n`,
    }));
  },
};

// `kmd compose config` as a script: ES modules and a file more would each take a tenth of its time.
const compose: BuildOptions = {
  entryPoints: { compose: 'src/compose-main.ts', yaml },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node22',
  minify: true,
  supported: { 'dynamic-import': false },
  plugins: [late],
  tsconfig: 'tsconfig.json',
};

export default defineConfig([command, programs]);
