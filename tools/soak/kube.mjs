// `npm run soak:kube -- --kills 1000 --seed 7`: kills a process that writes a journal of the embedded API server, again and again.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' } },
});
const vitest = spawn('npx', ['vitest', 'run', 'packages/kube-embedded/test/journal-kills/journal-kills.test.ts'], {
  cwd: fileURLToPath(new URL('../..', import.meta.url)),
  env: { ...process.env, KUBE_SOAK_KILLS: values.kills, KUBE_SOAK_SEED: values.seed },
  stdio: 'inherit',
});
process.exitCode = await new Promise((resolve) => vitest.once('exit', (code) => resolve(code ?? 1)));
