// Runs a file of test vectors of the form of mesos-values.json: `node scripts/vectors.mjs FILE`.
// Ends with `N passed, N failed`, after the failed ones by id with their first difference; exit code 1 if any failed.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const [path] = process.argv.slice(2);
if (path === undefined) {
  console.error('usage: npm run vectors -- FILE');
  process.exit(2);
}
let text;
try {
  text = await readFile(path, 'utf8');
  if (!Array.isArray(JSON.parse(text).cases)) throw new TypeError('it has no list of cases');
} catch (error) {
  console.error(`${path}: ${error.message}; give a file of the form of mesos-values.json`);
  process.exit(2);
}

const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL('../test/vectors.ts', import.meta.url))],
  bundle: true,
  format: 'esm',
  platform: 'node',
  write: false,
});
const { runVectors } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
);
const results = runVectors(text);
const failed = results.filter(({ passed }) => !passed);
for (const { id, difference } of failed) console.log(`${id}: ${difference}`);
console.log(`${results.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length > 0 ? 1 : 0;
