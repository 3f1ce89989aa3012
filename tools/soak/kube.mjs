// `npm run soak:kube -- --kills 1000 --seed 7`: kills a process that writes a journal of the embedded API server, again and again.
import { parseArgs } from 'node:util';
import { runTests } from './vitest.mjs';

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' } },
});
await runTests('packages/kube-embedded/test/journal-kills/journal-kills.test.ts', {
  KUBE_SOAK_KILLS: values.kills,
  KUBE_SOAK_SEED: values.seed,
});
