// Bundles programs of the soaks from their sources into a folder that goes when `work` is over.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** `entries`: files, relative to this one, by the names of their programs. `work` gets what the program `main` exports, and the folder. */
export async function withPrograms(entries, work) {
  const programs = await mkdtemp(join(tmpdir(), 'mesos-soak-programs-'));
  try {
    await build({
      entryPoints: Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, here(path)])),
      outdir: programs,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node22',
      tsconfig: here('../../tsconfig.base.json'),
      logLevel: 'warning',
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    });
    return await work(await import(pathToFileURL(join(programs, 'main.mjs')).href), programs);
  } finally {
    await rm(programs, { recursive: true, force: true });
  }
}
