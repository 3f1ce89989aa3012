import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { corpusFolder, readCases, runCase } from './corpus.js';

/** Cases that this package does not follow, each with its reason. Its README says the same. */
const notFollowed: Readonly<Record<string, string>> = {
  'build-ssh-mapping': 'YAML output is not there yet',
  'paths-ssh-key-paths': 'YAML output is not there yet',
  'cli-flag-no-interpolate': 'printing the raw merged model is not there yet',
  'extensions-names-starting-with-x': 'an accident of the Go code: `#extensions` appears as a network',
  'extensions-not-allowed-below-environment': 'an accident of the Go code: `#extensions` appears as a variable',
  'yaml-large-integers': 'sizes are JavaScript numbers: exact up to 2^53 bytes',
};

const present = existsSync(corpusFolder);
const cases = present ? readCases(corpusFolder) : [];
const areas = [...new Set(cases.map((one) => one.case.area))];

describe('the corpus of Compose files', () => {
  it.skipIf(!present)('stands beside the repository, in ../shared/corpus/compose', () => {
    expect(cases.length).toBeGreaterThan(500);
  });

  for (const area of areas) {
    it(`passes the cases of ${area}`, async () => {
      const failed: string[] = [];
      for (const { folder, case: one } of cases.filter((each) => each.case.area === area)) {
        if (one.id in notFollowed) continue;
        const difference = await runCase(folder, one);
        if (difference !== undefined) failed.push(`${one.id}: ${difference}`);
      }
      expect(failed).toEqual([]);
    });
  }

  for (const { folder, case: one } of cases.filter((each) => each.case.id in notFollowed)) {
    it(`does not follow ${one.id}: ${notFollowed[one.id] ?? ''}`, async () => {
      expect(await runCase(folder, one)).toBeDefined();
    });
  }
});
