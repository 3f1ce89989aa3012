// `npm run soak -- --seconds 120 --seed 7`: see README.md. Bundles the programs from their sources, then runs the soak.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const programs = await mkdtemp(join(tmpdir(), 'mesos-soak-programs-'));
try {
  await build({
    entryPoints: {
      soak: here('src/run-soak.ts'),
      scheduler: here('src/scheduler/main.ts'),
      executor: here('src/executor/main.ts'),
      mesos: here('../../packages/mesos-embedded/src/bin.ts'),
    },
    outdir: programs,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    tsconfig: here('../../tsconfig.base.json'),
    logLevel: 'warning',
  });
  const { runSoak } = await import(pathToFileURL(join(programs, 'soak.mjs')).href);
  process.exitCode = await runSoak(process.argv.slice(2), programs, (line) => console.log(line));
} finally {
  await rm(programs, { recursive: true, force: true });
}
