import { diagnose } from '@kmd/cluster';
import { exitCodes } from '../exit-code.js';
import { painter } from '../output/text.js';
import type { Streams } from '../streams.js';

export async function doctor(flags: { json?: boolean | undefined }, streams: Streams): Promise<number> {
  const checks = await diagnose(streams.environment);
  if (flags.json) streams.stdout.write(`${JSON.stringify(checks, null, 2)}\n`);
  else {
    const paint = painter(streams.stdout, streams.environment);
    for (const { result, what, found, advice } of checks) {
      const mark = { ok: paint('green', '✓'), note: paint('dim', '·'), failed: paint('red', '✗') }[result];
      streams.stdout.write(` ${mark} ${what}: ${found}\n`);
      if (advice) streams.stdout.write(`     ${advice}\n`);
    }
  }
  return checks.some(({ result }) => result === 'failed') ? exitCodes.prerequisite : exitCodes.ok;
}
