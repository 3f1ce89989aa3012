import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runVectors } from './vectors.js';

const pathOf = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const failedOf = (path: string) => runVectors(readFileSync(path, 'utf8')).filter(({ passed }) => !passed);

// Values transcribed from the tests of Apache Mesos and mesos-go. The file stands beside the repository.
const corpus = pathOf('../../../../shared/corpus/mesos-values.json');

it.skipIf(!existsSync(corpus))('agrees with every vector of mesos-values.json', () => {
  expect(failedOf(corpus)).toEqual([]);
});

it('agrees with the neighbours of those vectors: further tests of Mesos and mesos-go, edges of their grammars, wide integers', () => {
  const path = pathOf('../testdata/values/neighbours.json');
  expect(failedOf(path)).toEqual([]);
  expect(runVectors(readFileSync(path, 'utf8')).length).toBeGreaterThan(400);
});
