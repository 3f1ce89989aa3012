import { cpSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { defineConfig, type Options } from 'tsup';
// eslint-disable-next-line @nx/enforce-module-boundaries -- a build's settings, of no package
import { leanHttp, programs } from '../../tsup.programs.js';

/** The ES modules of yaml: its CommonJS ones have no named exports when they are loaded lazily. */
const yaml = createRequire(import.meta.url)
  .resolve('yaml/package.json')
  .replace(/package\.json$/, 'browser/index.js');

/** Where a build writes first: what is in use stays whole until the new is. */
const made = 'node_modules/.cache/build';

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name).slice(folder.length + 1)] : [],
  );

/** Puts a folder that was made in its place, file by file, what others load before those; then what is left of the old one goes. */
function install(folder: string): void {
  const from = join(made, folder);
  const isPart = (path: string): boolean => /-[A-Z0-9]{8}\.js$/.test(path);
  const files = filesIn(from).sort((a, b) => Number(isPart(b)) - Number(isPart(a)));
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    renameSync(join(from, file), join(folder, file));
  }
  const kept = new Set(files);
  for (const file of filesIn(folder)) if (!kept.has(file)) rmSync(join(folder, file));
}

function installCopy(source: string, folder: string): void {
  rmSync(join(made, folder), { recursive: true, force: true });
  cpSync(source, join(made, folder), { recursive: true });
  install(folder);
}

// The command ships whole: its own code, the cluster's background process, and every library, in few files that load fast.
const command: Options = {
  entry: {
    kmd: 'src/kmd.ts',
    index: 'src/index.ts',
    daemon: '../cluster/src/daemon.ts',
  },
  outDir: join(made, 'dist'),
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
    await build(compose);
    install('dist');
    installCopy('../cluster/topology', 'topology');
    installCopy('../cluster/images', 'images');
    installCopy('../web-ui/dist', 'ui');
  },
};

/** Modules of Node that take milliseconds each, and that are loaded when the first of their functions is called. */
const lateModules: readonly string[] = ['node:crypto', 'node:fs/promises', 'node:timers/promises'];

const functionsOf = (path: string): string[] =>
  Object.entries(process.getBuiltinModule(path) ?? {}).flatMap(([name, value]) =>
    typeof value === 'function' ? [name] : [],
  );

/** What only some commands need is a file of its own, which is loaded when one of them runs. */
const late: Plugin = {
  name: 'late',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^yaml$/ }, () => ({ path: './yaml.cjs', external: true }));
    onResolve({ filter: /^\.\/compose(-engine)?\.js$/ }, ({ path, kind }) =>
      kind === 'dynamic-import'
        ? { path: path.replace('./', './run-').replace(/\.js$/, '.cjs'), external: true }
        : undefined,
    );
    onResolve({ filter: /^node:/ }, ({ path }) =>
      lateModules.includes(path) ? { path, namespace: 'late' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({
      contents: functionsOf(path)
        .map((name) => `export const ${name} = (...given) => process.getBuiltinModule('${path}').${name}(...given);\n`)
        .join(''),
    }));
  },
};

// The commands of `kmd compose` that are run again and again, as scripts: ES modules would take a tenth of their time.
const compose: BuildOptions = {
  entryPoints: {
    compose: 'src/compose-main.ts',
    'run-compose': 'src/commands/compose.ts',
    'run-compose-engine': 'src/commands/compose-engine.ts',
    yaml,
  },
  outdir: join(made, 'dist'),
  outExtension: { '.js': '.cjs' },
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node22',
  minify: true,
  // Functions, as `bin/quick.js` calls them, in letters of one byte.
  banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
  footer: { js: '})' },
  charset: 'ascii',
  supported: { 'dynamic-import': false },
  plugins: [late],
  tsconfig: 'tsconfig.json',
};

const ownPrograms: Options = {
  ...programs,
  outDir: join(made, 'programs'),
  onSuccess: async () => install('programs'),
};

export default defineConfig([command, ownPrograms]);
