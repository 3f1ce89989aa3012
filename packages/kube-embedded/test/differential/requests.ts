import { play } from './play.js';
import type { Sequence } from './sequence.js';
import type { Suite, Told } from './suite.js';
import { access } from './sequences/access.js';
import { sequences } from './sequences/index.js';

async function playAll(chosen: readonly Sequence[], server: Parameters<Suite['play']>[0]): Promise<Told> {
  const told: Record<string, Told[string]> = {};
  for (const sequence of chosen) told[sequence.name] = await play(server, sequence);
  return told;
}

/** Sequences of requests to a server that allows everything. */
export const requests = (only: string): Suite => ({
  name: 'requests',
  entries: 'sequences of requests',
  recording: 'oracle.jsonl',
  play: (server) =>
    playAll(
      sequences.filter(({ name }) => name.includes(only)),
      server,
    ),
});

/** Sequences of requests to a server that asks roles and bindings. */
export const accesses = (only: string): Suite => ({
  name: 'access',
  entries: 'sequences of requests under RBAC',
  authorization: 'RBAC',
  recording: 'oracle-access.jsonl',
  play: (server) =>
    playAll(
      access.filter(({ name }) => name.includes(only)),
      server,
    ),
});
