import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { obstacle, startRealApiServer, version } from '@kmd/tools-testbed/kube';
import { startApiServer, startControllers } from '../../src/index.js';
import { commands } from './commands.js';
import { differences, disagreements } from './compare.js';
import { type Output, tell } from './kubectl.js';
import { type Server, play } from './play.js';
import type { Answer } from './sequence.js';
import { sequences } from './sequences/index.js';
import { lives } from './sequences/lives.js';

/*
 * Every sequence of requests, and every kubectl command of the cheat sheet (with controllers), told to the embedded server and to a real
 * kube-apiserver: says how many agree, and in what the others do not. `--kubectl` does the commands alone.
 * `--record` keeps what the real one answered to `npm test`'s share of the sequences, of those that agree.
 * `--only TEXT` takes those whose name holds it, `--to FILE` keeps the real one's answers, `--from FILE` takes them from there in place of a server.
 */
const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    to: { type: 'string' },
    from: { type: 'string' },
    lines: { type: 'string', default: '3' },
    kubectl: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
  },
});

const folder = join(process.cwd(), 'packages', 'kube-embedded', 'testdata');
const pem = (name: string): string => readFileSync(join(folder, name), 'utf8');
const token = 'test-token';
const agent = new Agent({ keepAlive: true });

/** Of what all kinds go through, these kinds stand for all: the recording is to stay small. */
const standing = ['configmaps', 'deployments.apps', 'pods', 'services'];
const long = ['pods is listed', 'pods is watched', 'services is listed', 'services is watched'];
const recorded = (name: string): boolean =>
  !long.some((words) => name.startsWith(words)) &&
  (!lives.some((sequence) => sequence.name === name) || standing.some((kind) => name.startsWith(`${kind} `)));

const chosen = sequences.filter(({ name }) => name.includes(options.only));
const answers = new Map<string, readonly Answer[]>();

const progress = { onProgress: (line: string) => console.log(line) };
const most = Number(options.lines);

const startEmbedded = () =>
  startApiServer({
    port: 0,
    tls: { cert: pem('server.crt'), key: pem('server.key') },
    tokens: [{ token, user: 'cluster-admin', uid: 'cluster-admin', groups: ['system:masters'] }],
  });

function show(name: string, lines: readonly string[]): void {
  console.log(`\n${name}`);
  for (const line of lines.slice(0, most)) console.log(`  ${line}`);
  if (lines.length > most) console.log(`  and ${lines.length - most} more (--lines N shows N)`);
}

function keep(value: unknown): void {
  if (options.to === undefined) return;
  mkdirSync(dirname(options.to), { recursive: true });
  writeFileSync(options.to, JSON.stringify(value, undefined, 1));
}

async function realOutputs(): Promise<readonly Output[]> {
  if (options.from !== undefined) return JSON.parse(readFileSync(options.from, 'utf8'));
  const real = await startRealApiServer({ token, controllers: true, ...progress });
  try {
    const outputs = await tell({ url: real.url, token }, commands);
    keep(outputs);
    return outputs;
  } finally {
    await real.close();
  }
}

async function compareCommands(): Promise<void> {
  const theirs = await realOutputs();
  const embedded = await startEmbedded();
  const controllers = startControllers({ api: embedded.api });
  await controllers.synced;
  const ours = await tell({ url: embedded.url, token }, commands);
  await controllers.close();
  await embedded.close();
  let agreeing = 0;
  for (const [index, { line }] of commands.entries()) {
    const lines = differences(ours[index], theirs[index]);
    if (lines.length === 0) agreeing += 1;
    else show(`kubectl ${line}`, lines);
  }
  console.log(`\n${agreeing} of ${commands.length} kubectl commands agree with kube-apiserver ${version}`);
}

async function askReal(): Promise<void> {
  if (options.from !== undefined) {
    const kept: Record<string, readonly Answer[]> = JSON.parse(readFileSync(options.from, 'utf8'));
    for (const [name, steps] of Object.entries(kept)) answers.set(name, steps);
    return;
  }
  const real = await startRealApiServer({ token, ...progress });
  try {
    for (const sequence of chosen) answers.set(sequence.name, await play({ url: real.url, token, agent }, sequence));
  } finally {
    await real.close();
  }
  keep(Object.fromEntries(answers));
}

async function compareRequests(): Promise<void> {
  await askReal();
  const embedded = await startEmbedded();
  const server: Server = { url: embedded.url, token, agent };
  let agreeing = 0;
  let steps = 0;
  let different = 0;
  const records: string[] = [];
  for (const sequence of chosen) {
    const theirs = answers.get(sequence.name);
    if (theirs === undefined) continue;
    const lines = disagreements(await play(server, sequence), theirs);
    steps += theirs.length;
    different += new Set(lines.map((line) => line.split(':')[0])).size;
    if (lines.length === 0) {
      agreeing += 1;
      if (recorded(sequence.name)) records.push(JSON.stringify({ name: sequence.name, answers: theirs }));
    } else show(sequence.name, lines);
  }
  await embedded.close();
  if (options.record) writeFileSync(join(folder, 'oracle.jsonl'), `${records.join('\n')}\n`);
  console.log(
    `\n${agreeing} of ${answers.size} sequences agree with kube-apiserver ${version}; ${steps - different} of ${steps} answers`,
  );
}

const reason = options.from === undefined ? obstacle() : undefined;
if (reason !== undefined) {
  console.log(`skipped: the embedded Kubernetes API is not held against the real one: ${reason}`);
} else {
  const narrowed = options.only !== '' || options.record || options.from !== undefined || options.to !== undefined;
  if (!options.kubectl) await compareRequests();
  if (options.kubectl || !narrowed) await compareCommands();
  agent.destroy();
}
