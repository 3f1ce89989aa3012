// Replays recorded exchanges with a Mesos against the embedded one: `node scripts/replay.mjs DIR [FOLDER-PREFIX]`.
// Ends with `N passed, N failed`, after the failed ones by name with their first difference; exit code 1 if any failed.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const [directory, only] = process.argv.slice(2);
if (directory === undefined) {
  console.error('usage: npm run replay -- DIR [FOLDER-PREFIX]');
  process.exit(2);
}

const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL('../test/replay/replay.ts', import.meta.url))],
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  tsconfig: fileURLToPath(new URL('../../../tsconfig.base.json', import.meta.url)),
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  write: false,
});
const folder = await mkdtemp(join(tmpdir(), 'replay-'));
try {
  const file = join(folder, 'replay.mjs');
  await writeFile(file, outputFiles[0].contents);
  const { replay } = await import(pathToFileURL(file).href);
  const results = await replay(directory, { only });
  const failed = results.filter(({ difference }) => difference !== undefined);
  for (const { name, difference } of failed) console.log(`${name}: ${difference}`);
  console.log(`${results.length - failed.length} passed, ${failed.length} failed`);
  process.exitCode = failed.length > 0 ? 1 : 0;
} finally {
  await rm(folder, { recursive: true, force: true });
}
