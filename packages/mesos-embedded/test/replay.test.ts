import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { replay } from './replay/replay.js';

const recordings = fileURLToPath(new URL('../../../../shared/traces/mesos', import.meta.url));

/** So many of the recorded exchanges agree at least. The number only rises. */
const floor = 735;

describe('exchanges recorded from Apache Mesos 1.11', () => {
  it.skipIf(!existsSync(recordings))(
    'are answered alike but for ids, times and addresses',
    async () => {
      const results = await replay(recordings);
      const agreeing = results.filter(({ difference }) => difference === undefined);
      expect(results.length).toBeGreaterThan(700);
      expect(agreeing.length).toBeGreaterThanOrEqual(floor);
    },
    300_000,
  );
});
