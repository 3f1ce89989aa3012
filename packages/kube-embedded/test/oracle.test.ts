import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiServer } from '../src/index.js';
import { differences } from './differential/compare.js';
import { play } from './differential/play.js';
import type { Answer, Sequence } from './differential/sequence.js';
import { access, users } from './differential/sequences/access.js';
import { sequences } from './differential/sequences/index.js';
import { start, token } from './server.js';

/*
 * What a real kube-apiserver answered to sequences of requests, recorded by `npm run test:differential:kube -- --record`; the embedded one has to answer
 * the same. A recording that no sequence has the name of is old: record anew.
 */
interface Recorded {
  readonly name: string;
  readonly answers: readonly Answer[];
}

const recordings = (file: string): Recorded[] =>
  readFileSync(new URL(`../testdata/${file}`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line): Recorded => JSON.parse(line));

let server: ApiServer;
const agent = new Agent({ keepAlive: true });
afterAll(() => agent.destroy());

async function compare(known: readonly Sequence[], { name, answers }: Recorded): Promise<void> {
  const sequence = known.find((one) => one.name === name);
  expect(sequence, 'the sequence of this recording').toBeDefined();
  if (sequence === undefined) return;
  expect(differences(await play({ url: server.url, token, agent }, sequence), answers)).toEqual([]);
}

describe('as a real kube-apiserver answers', () => {
  beforeAll(async () => {
    // Of the kind that the real one has.
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    server = await start({ serviceAccounts: { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() } });
  });
  afterAll(() => server.close());

  it.each(recordings('oracle.jsonl'))('$name', (recorded) => compare(sequences, recorded));
});

describe('as a real kube-apiserver answers under RBAC', () => {
  beforeAll(async () => {
    const administrator = { token, user: 'cluster-admin', uid: 'cluster-admin', groups: ['system:masters'] };
    server = await start({
      authorization: 'RBAC',
      tokens: [administrator, ...users.map((user) => ({ ...user, uid: user.user }))],
    });
  });
  afterAll(() => server.close());

  it.each(recordings('oracle-access.jsonl'))('$name', (recorded) => compare(access, recorded));
});
