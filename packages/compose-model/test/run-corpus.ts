import { resolve } from 'node:path';
import { corpusFolder, legacyFolder, readCases, runCase } from './corpus.js';
import { runHashVectors } from './hash-vectors.js';

/** `npm run corpus -- DIR…`: runs the cases of folders and ends with `N passed, N failed`. Without a folder: those beside the repository. */
const given = process.argv.slice(2);
const folders = given.length > 0 ? given.map((folder) => resolve(folder)) : [corpusFolder, legacyFolder];
const areas = new Map<string, { passed: number; failed: number }>();
let passed = 0;
let failed = 0;

function count(area: string, id: string, difference: string | undefined): void {
  const one = areas.get(area) ?? { passed: 0, failed: 0 };
  areas.set(area, one);
  if (difference === undefined) {
    one.passed += 1;
    passed += 1;
    return;
  }
  one.failed += 1;
  failed += 1;
  console.log(`FAILED ${id}: ${difference}`);
}

for (const folder of folders) {
  for (const { folder: place, case: one } of readCases(folder)) {
    let difference: string | undefined;
    try {
      difference = await runCase(place, one);
    } catch (error) {
      difference = error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
    count(one.area, one.id, difference);
  }
  for (const { id, difference } of await runHashVectors(folder)) count('hash', id, difference);
}
for (const [area, { passed: good, failed: bad }] of [...areas].sort(([a], [b]) => (a < b ? -1 : 1))) {
  console.log(`${area.padEnd(16)} ${String(good).padStart(4)} passed ${String(bad).padStart(4)} failed`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
