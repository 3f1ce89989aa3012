import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openJournal } from '../../src/index.js';
import { MemoryStore } from '../../src/storage/memory-store.js';
import { randomFrom, upTo } from '../random.js';
import { writeNext } from './history.js';

/* `npm run soak:kube -- --kills 1000 --seed 7` sets these. */
const kills = Number(process.env['KUBE_SOAK_KILLS'] ?? 50);
const seed = Number(process.env['KUBE_SOAK_SEED'] ?? 1);

let home: string;
let program: string;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'kmd-kills-'));
  program = join(home, 'writer.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'writer.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: program,
  });
});
afterAll(() => rmSync(home, { recursive: true }));

/** Runs the writer until it has acknowledged so many versions and then a little longer, kills it, and gives the last version that it acknowledged. */
async function runUntilKilled(directory: string, random: () => number): Promise<number> {
  const child = spawn(process.execPath, [program, directory, String(seed)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const wanted = upTo(random, 60);
  const reached = Promise.withResolvers<void>();
  let text = '';
  let count = 0;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-100);
    count += chunk.split('\n').length - 1;
    if (count >= wanted) reached.resolve();
  });
  // One in four is killed while it starts and reads.
  if (random() < 0.25) await delay(upTo(random, 100));
  else await Promise.race([reached.promise, ended]);
  await delay(random() * 4);
  child.kill('SIGKILL');
  const [code, signal] = await ended;
  expect([code, signal]).toEqual([null, 'SIGKILL']);
  return Number(text.trimEnd().split('\n').at(-1) ?? 0);
}

it(
  `loses nothing that was acknowledged, and invents nothing, in ${kills} sudden deaths`,
  { timeout: 60_000 + kills * 20_000, retry: 0 },
  async () => {
    const directory = join(home, 'state');
    const random = randomFrom(seed);
    /** What the journal must hold at its version. */
    const model = new MemoryStore();
    let acknowledged = 0;
    let torn = 0;
    let unfinished = 0;
    for (let kill = 0; kill < kills; kill++) {
      acknowledged = Math.max(acknowledged, await runUntilKilled(directory, random));
      if (existsSync(join(directory, 'journal.next'))) unfinished += 1;
      const { store, repairs, close } = openJournal({ directory });
      close();
      torn += repairs.length;
      expect(store.version).toBeGreaterThanOrEqual(acknowledged);
      while (model.version < store.version) writeNext(model, seed);
      expect(store.list('configmaps').objects).toEqual(model.list('configmaps').objects);
      if ((kill + 1) % 100 === 0) console.log(`${kill + 1} of ${kills} kills, ${acknowledged} writes acknowledged`);
    }
    expect(acknowledged).toBeGreaterThan(kills * 10);
    console.log(
      `${kills} kills, seed ${seed}: ${acknowledged} writes acknowledged, 0 lost; ${torn} records cut off, ${unfinished} rewritings left unfinished`,
    );
  },
);

it('lets no second process in while the first one lives', async () => {
  const directory = join(home, 'taken');
  const child = spawn(process.execPath, [program, directory, '1'], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await once(child.stdout, 'data');
    expect(() => openJournal({ directory })).toThrowError(
      expect.objectContaining({ code: 'JournalInUse', message: expect.stringContaining(String(child.pid)) }),
    );
  } finally {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
});
