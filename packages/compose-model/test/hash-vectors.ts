import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { networkHashText, serviceHashText, volumeHashText } from '../src/hash/hash.js';
import { networkHash, serviceHash, volumeHash } from '../src/index.js';
import { compare, loadCase, readCases } from './corpus.js';

interface Vector {
  readonly json: string;
  readonly sha256: string;
}

interface Vectors {
  readonly vectors: readonly {
    readonly case: string;
    readonly services: Readonly<Record<string, Vector>>;
    readonly networks: Readonly<Record<string, Vector>>;
    readonly volumes: Readonly<Record<string, Vector>>;
  }[];
}

/** Holds the configuration hashes against `hash-vectors.json` beside the cases; nothing without that file. */
export async function runHashVectors(folder: string): Promise<{ id: string; difference: string | undefined }[]> {
  const file = [folder, dirname(folder)]
    .map((place) => join(place, 'hash-vectors.json'))
    .find((path) => existsSync(path));
  if (file === undefined) return [];
  const cases = new Map(readCases(folder).map((one) => [one.case.id, one]));
  const results: { id: string; difference: string | undefined }[] = [];
  const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as Vectors;
  for (const vector of vectors) {
    const one = cases.get(vector.case);
    if (one === undefined) continue;
    const { project } = (await loadCase(one.folder, one.case)).loaded;
    const hold = <T>(
      kind: string,
      expected: Readonly<Record<string, Vector>>,
      values: Readonly<Record<string, T>>,
      textOf: (value: T) => string,
      hashOf: (value: T) => string,
    ): void => {
      for (const [name, { json, sha256 }] of Object.entries(expected)) {
        const value = values[name];
        const id = `hash of ${vector.case} ${kind}.${name}`;
        if (value === undefined) results.push({ id, difference: 'is not in the project' });
        else if (hashOf(value) === sha256) results.push({ id, difference: undefined });
        else {
          const wanted = json.replaceAll('${CASE_DIR}', one.folder);
          // The text of a case whose folder shows in it has another digest here.
          results.push({ id, difference: compare(textOf(value), wanted, '') });
        }
      }
    };
    hold('services', vector.services, project.services, serviceHashText, serviceHash);
    hold('networks', vector.networks, project.networks, networkHashText, networkHash);
    hold('volumes', vector.volumes, project.volumes, volumeHashText, volumeHash);
  }
  return results;
}
