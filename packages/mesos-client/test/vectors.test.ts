import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runVectors } from './vectors.js';

// Values transcribed from the tests of Apache Mesos and mesos-go. The file stands beside the repository.
const path = fileURLToPath(new URL('../../../../shared/corpus/mesos-values.json', import.meta.url));

it.skipIf(!existsSync(path))('agrees with every vector of mesos-values.json', () => {
  const results = runVectors(JSON.parse(readFileSync(path, 'utf8')));
  expect(results.filter(({ passed }) => !passed)).toEqual([]);
  expect(results.length).toBeGreaterThan(400);
});
