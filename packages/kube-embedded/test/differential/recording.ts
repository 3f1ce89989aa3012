import { writeFileSync } from 'node:fs';
import { differences } from './compare.js';
import { lives } from './sequences/lives.js';
import type { Told } from './suite.js';

/** Of what all kinds go through, these kinds stand for all: the recording is to stay small. */
const standing = ['configmaps', 'deployments.apps', 'pods', 'services'];
const long = ['pods is listed', 'pods is watched', 'services is listed', 'services is watched'];
const recorded = (name: string): boolean =>
  !long.some((words) => name.startsWith(words)) &&
  (!lives.some((sequence) => sequence.name === name) || standing.some((kind) => name.startsWith(`${kind} `)));

/** Keeps what the real server said to `npm test`'s share of the sequences, of those that agree. */
export function record(file: string, ours: Told, theirs: Told): void {
  const lines = Object.entries(theirs)
    .filter(([name, answers]) => recorded(name) && differences(ours[name], answers).length === 0)
    .map(([name, answers]) => JSON.stringify({ name, answers }));
  writeFileSync(file, `${lines.join('\n')}\n`);
}
