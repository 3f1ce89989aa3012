import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { corpusFolder, legacyFolder, readCases, runCase } from './corpus.js';
import { runHashVectors } from './hash-vectors.js';

/** Cases that this package does not follow, each with its reason. Its README says the same. */
const notFollowed: Readonly<Record<string, string>> = {
  'extensions-names-starting-with-x': 'an accident of the Go code: `#extensions` appears as a network',
  'extensions-not-allowed-below-environment': 'an accident of the Go code: `#extensions` appears as a variable',
};

for (const [what, folder, least] of [
  ['the corpus of Compose files', corpusFolder, 500],
  ['the corpus of old formats', legacyFolder, 100],
] as const) {
  const present = existsSync(folder);
  const cases = present ? readCases(folder) : [];
  const areas = [...new Set(cases.map((one) => one.case.area))];

  describe(what, () => {
    it.skipIf(!present)('stands beside the repository, in ../shared/corpus', () => {
      expect(cases.length).toBeGreaterThan(least);
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
}

describe('configuration hashes', () => {
  it.skipIf(!existsSync(corpusFolder))('are those of docker compose', async () => {
    const results = await runHashVectors(corpusFolder);
    expect(results.length).toBeGreaterThan(40);
    expect(results.filter(({ difference }) => difference !== undefined)).toEqual([]);
  });
});
