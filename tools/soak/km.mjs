// `npm run soak:km -- --seconds 120 --seed 4`: the same kind of soak one level up, pods instead of tasks (packages/km/test/soak.test.ts).
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string', default: '1' } },
});
const vitest = spawn('npx', ['vitest', 'run', 'packages/km/test/soak.test.ts'], {
  cwd: fileURLToPath(new URL('../..', import.meta.url)),
  env: { ...process.env, KM_SOAK: values.seconds, KM_SOAK_SEED: values.seed },
  stdio: 'inherit',
});
process.exitCode = await new Promise((resolve) => vitest.once('exit', (code) => resolve(code ?? 1)));
