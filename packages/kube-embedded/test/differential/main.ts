import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { obstacle, startRealApiServer, version } from '@kmd/tools-testbed/kube';
import { startApiServer } from '../../src/index.js';
import { disagreements } from './compare.js';
import { type Server, play } from './play.js';
import type { Answer } from './sequence.js';
import { sequences } from './sequences/index.js';

/*
 * Every sequence, sent to the embedded server and to a real kube-apiserver: says how many agree, and in what the others do not.
 * `--only TEXT` takes those whose name holds it, `--to FILE` keeps the real one's answers, `--from FILE` takes them from there in place of a server.
 */
const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    to: { type: 'string' },
    from: { type: 'string' },
    lines: { type: 'string', default: '3' },
  },
});

const folder = join(process.cwd(), 'packages', 'kube-embedded', 'testdata');
const pem = (name: string): string => readFileSync(join(folder, name), 'utf8');
const token = 'test-token';
const agent = new Agent({ keepAlive: true });

const chosen = sequences.filter(({ name }) => name.includes(options.only));
const answers = new Map<string, readonly Answer[]>();

async function askReal(): Promise<void> {
  if (options.from !== undefined) {
    const kept: Record<string, readonly Answer[]> = JSON.parse(readFileSync(options.from, 'utf8'));
    for (const [name, steps] of Object.entries(kept)) answers.set(name, steps);
    return;
  }
  const real = await startRealApiServer({ token, onProgress: (line) => console.log(line) });
  try {
    for (const sequence of chosen) answers.set(sequence.name, await play({ url: real.url, token, agent }, sequence));
  } finally {
    await real.close();
  }
  if (options.to === undefined) return;
  mkdirSync(dirname(options.to), { recursive: true });
  writeFileSync(options.to, JSON.stringify(Object.fromEntries(answers), undefined, 1));
}

const reason = options.from === undefined ? obstacle() : undefined;
if (reason !== undefined) {
  console.log(`skipped: the embedded Kubernetes API is not held against the real one: ${reason}`);
} else {
  await askReal();
  const embedded = await startApiServer({
    port: 0,
    tls: { cert: pem('server.crt'), key: pem('server.key') },
    tokens: [{ token, user: 'cluster-admin', uid: 'cluster-admin', groups: ['system:masters'] }],
  });
  const server: Server = { url: embedded.url, token, agent };
  let agreeing = 0;
  let steps = 0;
  let different = 0;
  for (const sequence of chosen) {
    const theirs = answers.get(sequence.name);
    if (theirs === undefined) continue;
    const lines = disagreements(await play(server, sequence), theirs);
    steps += theirs.length;
    different += new Set(lines.map((line) => line.split(':')[0])).size;
    if (lines.length === 0) agreeing += 1;
    else {
      const most = Number(options.lines);
      console.log(`\n${sequence.name}`);
      for (const line of lines.slice(0, most)) console.log(`  ${line}`);
      if (lines.length > most) console.log(`  and ${lines.length - most} more (--lines N shows N)`);
    }
  }
  await embedded.close();
  agent.destroy();
  console.log(
    `\n${agreeing} of ${answers.size} sequences agree with kube-apiserver ${version}; ${steps - different} of ${steps} answers`,
  );
}
