import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiServer } from '../src/index.js';
import { differences } from './differential/compare.js';
import { play } from './differential/play.js';
import type { Answer } from './differential/sequence.js';
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

const recorded = readFileSync(new URL('../testdata/oracle.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line): Recorded => JSON.parse(line));
const known = new Map(sequences.map((sequence) => [sequence.name, sequence]));

let server: ApiServer;
const agent = new Agent({ keepAlive: true });
beforeAll(async () => {
  server = await start();
});
afterAll(async () => {
  agent.destroy();
  await server.close();
});

describe('as a real kube-apiserver answers', () => {
  it.each(recorded)('$name', async ({ name, answers }) => {
    const sequence = known.get(name);
    expect(sequence, 'the sequence of this recording').toBeDefined();
    if (sequence === undefined) return;
    expect(differences(await play({ url: server.url, token, agent }, sequence), answers)).toEqual([]);
  });
});
