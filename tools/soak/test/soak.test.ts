import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { runSoak } from '../src/run-soak.js';

const program = join(import.meta.dirname, '..', 'soak.mjs');
const podProgram = join(import.meta.dirname, '..', 'km.mjs');

// As long as CI has time for: `npm run soak` goes on for minutes.
it.skipIf(!existsSync('/proc/self/environ'))(
  'nothing is lost, doubled or leaked in 15 seconds of faults',
  async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [program, '--seconds', '15', '--seed', '7']);
    expect(stdout).toMatch(/^[1-9]\d* tasks, [1-9]\d* faults, 0 lost, 0 doubled, 0 leaked$/m);
  },
  300_000,
);

it.skipIf(!existsSync('/proc/self/environ'))(
  'pods, tasks and those who want them agree after 15 seconds of faults',
  async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [podProgram, '--seconds', '15', '--seed', '4']);
    expect(stdout).toMatch(/^[1-9]\d* pods, [1-9]\d* faults, 0 disagreements$/m);
  },
  300_000,
);

it('prints the same plan for the same seed, and refuses what it does not know', async () => {
  const printed = async (...argv: string[]): Promise<[number, string[]]> => {
    const lines: string[] = [];
    return [await runSoak(argv, '', (line) => lines.push(line)), lines];
  };
  const [code, plan] = await printed('--plan', '--seed', '7', '--seconds', '30');
  expect(code).toBe(0);
  expect(plan.length).toBeGreaterThan(10);
  expect(await printed('--plan', '--seed', '7', '--seconds', '30')).toEqual([code, plan]);
  const [refused, [why]] = await printed('--only', 'mester');
  expect(refused).toBe(2);
  expect(why).toContain('"mester" is none of agent, scheduler');
});
