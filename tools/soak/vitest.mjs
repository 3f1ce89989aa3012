import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Runs one file of tests with these environment variables; the process ends as the tests do. */
export async function runTests(file, variables) {
  const vitest = spawn('npx', ['vitest', 'run', file], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { ...process.env, ...variables },
    stdio: 'inherit',
  });
  process.exitCode = await new Promise((resolve) => vitest.once('exit', (code) => resolve(code ?? 1)));
}
