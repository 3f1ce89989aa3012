import type { Plugin } from 'esbuild';
import type { Options } from 'tsup';

/**
 * Node's http modules without the detour of their ES form, which evaluates every lazy export (40 ms a process on Node 24, against 5).
 */
export const leanHttp: Plugin = {
  name: 'lean-http',
  setup(build) {
    build.onResolve({ filter: /^node:https?$/ }, ({ path }) => ({ path, namespace: 'lean-http' }));
    build.onLoad({ filter: /.*/, namespace: 'lean-http' }, ({ path }) => {
      const names = [
        'Agent',
        'ClientRequest',
        'IncomingMessage',
        'METHODS',
        'STATUS_CODES',
        'Server',
        'ServerResponse',
        'createServer',
        'get',
        'globalAgent',
        'maxHeaderSize',
        'request',
        'validateHeaderName',
        'validateHeaderValue',
      ];
      return {
        contents: `const module = process.getBuiltinModule('${path}');\nexport default module;\nexport const { ${names.join(', ')} } = module;\n`,
      };
    });
  },
};

/**
 * The programs that run elsewhere, in images and on agents: one file each, with everything in it. Paths are relative to a package that stands beside this one, which ships them
 * (this package's own build, and the command's).
 */
export const programs: Options = {
  entry: {
    km: '../cluster/src/km.ts',
    mesos: '../mesos-embedded/src/bin.ts',
    executor: '../km/src/executor-main.ts',
  },
  outDir: 'programs',
  clean: true,
  format: 'esm',
  target: 'node22',
  splitting: false,
  noExternal: [/.*/],
  removeNodeProtocol: false,
  esbuildPlugins: [leanHttp],
  tsconfig: 'tsconfig.json',
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
};
