import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { obstacle, startRealApiServer, version } from '@kmd/tools-testbed/kube';
import { startApiServer, startControllers } from '../../src/index.js';
import { counted, grouped, told } from './hostile/groups.js';
import { reasonOf } from './hostile/known.js';
import { hostile, hostileRequests } from './hostile/suite.js';
import { known } from './known.js';
import { kubectl } from './kubectl.js';
import { record } from './recording.js';
import { accesses, requests } from './requests.js';
import { users } from './sequences/access.js';
import { stories } from './stories/suite.js';
import type { Suite, Told } from './suite.js';
import { type Difference, judge } from './verdict.js';

/*
 * Tells the embedded server and a real kube-apiserver the same, suite by suite: requests, requests under RBAC, stories of controllers, kubectl commands,
 * hostile requests (`--fuzz COUNT` of them drawn from `--seed NUMBER`, beside those made by hand). Says
 * how many agree and lists the rest, and ends with 1 when one differs that known.ts gives no reason for, or agrees that it says differs.
 * `--suite NAME` takes one suite, `--only TEXT` those of its entries whose name holds it, `--record` keeps what the real one answered to `npm test`'s share of
 * the requests that agree, `--to FOLDER` keeps all that it answered, `--from FOLDER` takes it from there in place of a server.
 */
const { values: options } = parseArgs({
  options: {
    suite: { type: 'string' },
    only: { type: 'string', default: '' },
    to: { type: 'string' },
    from: { type: 'string' },
    lines: { type: 'string', default: '3' },
    record: { type: 'boolean', default: false },
    fuzz: { type: 'string', default: '1500' },
    seed: { type: 'string', default: '1' },
  },
});

const folder = join(process.cwd(), 'packages', 'kube-embedded', 'testdata');
const pem = (name: string): string => readFileSync(join(folder, name), 'utf8');
const token = 'test-token';
/** Of the kind that the real one has. */
const accountKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const agent = new Agent({ keepAlive: true });

async function askEmbedded({ controllers, authorization, play }: Suite): Promise<Told> {
  const embedded = await startApiServer({
    port: 0,
    tls: { cert: pem('server.crt'), key: pem('server.key') },
    tokens: [
      { token, user: 'cluster-admin', uid: 'cluster-admin', groups: ['system:masters'] },
      ...users.map((user) => ({ ...user, uid: user.user })),
    ],
    serviceAccounts: { key: accountKey },
    ...(authorization === undefined ? {} : { authorization }),
  });
  const running = controllers && startControllers({ api: embedded.api, rootCa: pem('server.crt') });
  await running?.synced;
  const told = await play({ url: embedded.url, token, agent });
  await running?.close();
  await embedded.close();
  return told;
}

async function askReal({ name, controllers, authorization, play }: Suite): Promise<Told> {
  if (options.from !== undefined) {
    const kept: Told = JSON.parse(readFileSync(join(options.from, `${name}.json`), 'utf8'));
    return Object.fromEntries(Object.entries(kept).filter(([entry]) => entry.includes(options.only)));
  }
  const real = await startRealApiServer({
    token,
    users,
    controllers: controllers === true,
    ...(authorization === undefined ? {} : { authorization }),
    onProgress: (line) => console.log(line),
  });
  try {
    const told = await play({ url: real.url, token, agent });
    if (options.to !== undefined) {
      mkdirSync(options.to, { recursive: true });
      writeFileSync(join(options.to, `${name}.json`), JSON.stringify(told, undefined, 1));
    }
    return told;
  } finally {
    await real.close();
  }
}

function show({ name, step, lines }: Difference, reason: string): void {
  const most = Number(options.lines);
  console.log(`\n${name}, answer ${step} (${reason})`);
  for (const line of lines.slice(0, most)) console.log(`  ${line}`);
  if (lines.length > most) console.log(`  and ${lines.length - most} more (--lines N shows N)`);
}

/** Whether all that differs is known to. */
async function compare(suite: Suite): Promise<boolean> {
  const [theirs, ours] = await Promise.all([askReal(suite), askEmbedded(suite)]);
  const verdict = judge(ours, theirs, known);
  for (const difference of verdict.known) show(difference, difference.reason);
  for (const difference of verdict.unknown) show(difference, 'NOT KNOWN');
  for (const { name, step } of verdict.settled) {
    console.log(`\n${name}, answer ${step}: agrees now, take it out of known.ts`);
  }
  if (options.record && suite.recording !== undefined) record(join(folder, suite.recording), ours, theirs);
  const differing = verdict.known.length + verdict.unknown.length;
  console.log(
    `\n${verdict.agreeing} of ${verdict.entries} ${suite.entries} agree with kube-apiserver ${version} (${verdict.answers - differing} of ${verdict.answers} answers); ` +
      `${verdict.known.length} differences are known, ${verdict.unknown.length} are not, ${verdict.settled.length} known ones are none`,
  );
  return verdict.unknown.length + verdict.settled.length === 0;
}

/** Whether all that differs of the hostile requests is known to; they are told by the kinds of their differences. */
async function compareHostile(): Promise<boolean> {
  const asked = hostileRequests(Number(options.fuzz), Number(options.seed));
  const chosen = new Map([...asked].filter(([name]) => name.includes(options.only)));
  const suite = hostile(chosen);
  const ours = await askEmbedded(suite);
  const theirs = await askReal(suite);
  const { unknown, agreeing, entries } = judge(ours, theirs, []);
  for (const [reason, count] of counted(unknown)) console.log(`${count} known: ${reason}`);
  const [known = [], rest = []] = [true, false].map((said) =>
    unknown.filter((difference) => (reasonOf(difference) !== undefined) === said),
  );
  for (const { kind, differences } of grouped(rest)) {
    console.log(`\n${differences.length} of this kind: ${kind}`);
    for (const difference of differences.slice(0, Number(options.lines))) {
      show(difference, 'NOT KNOWN');
      const request = chosen.get(difference.name);
      if (request) console.log(`    ${told(request)}`);
    }
  }
  console.log(
    `\n${agreeing} of ${entries} ${suite.entries} of seed ${options.seed} agree with kube-apiserver ${version}; ${known.length} differences are known, ${rest.length} are not`,
  );
  return rest.length === 0;
}

const reason = options.from === undefined ? obstacle() : undefined;
if (reason !== undefined) {
  console.log(`skipped: the embedded Kubernetes API is not held against the real one: ${reason}`);
} else {
  const suites = [requests, accesses, stories, kubectl].map((make) => make(options.only));
  for (const suite of suites.filter(({ name }) => name === (options.suite ?? name))) {
    if (!(await compare(suite))) process.exitCode = 1;
  }
  if ((options.suite ?? 'hostile') === 'hostile' && !(await compareHostile())) process.exitCode = 1;
  agent.destroy();
}
