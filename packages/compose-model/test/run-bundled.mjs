import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** Bundles a TypeScript program beside its dependencies and runs it: Node alone strips types, and does not find `.js` as `.ts`. */
export async function runBundled(entry) {
  const path = fileURLToPath(entry);
  const root = join(import.meta.dirname, '..', '..', '..');
  const folder = join(root, 'node_modules', '.cache', 'compose-model');
  const { outputFiles } = await build({
    entryPoints: [path],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    define: {
      'import.meta.dirname': JSON.stringify(import.meta.dirname),
      'import.meta.url': JSON.stringify(String(entry)),
    },
  });
  mkdirSync(folder, { recursive: true });
  const program = join(folder, `${basename(path, '.ts')}.mjs`);
  writeFileSync(program, outputFiles[0].contents);
  await import(pathToFileURL(program).href);
}
