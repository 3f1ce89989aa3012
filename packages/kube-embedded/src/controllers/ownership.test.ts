import { describe, expect, it } from 'vitest';
import { planClaims, splitKey } from './ownership.js';
import { makePod, makeSet } from './testing/objects.js';

describe('planClaims', () => {
  const owner = makeSet({ name: 'rs', replicas: 1 });
  const mine = (name: string, labels: Record<string, string>) => makePod({ name, labels, owner: 'uid-rs' });
  const objects = [
    mine('owned', { app: 'web' }),
    mine('strayed', { app: 'other' }),
    makePod({ name: 'orphan', labels: { app: 'web' } }),
    makePod({ name: 'stranger', labels: { app: 'other' } }),
    makePod({ name: 'dying', labels: { app: 'web' }, deleting: true }),
    makePod({ name: 'others', labels: { app: 'web' }, owner: 'uid-else' }),
  ];
  const names = (owner_: typeof owner) => {
    const { owned, adopt, release } = planClaims(owner_, objects, (labels) => labels?.['app'] === 'web');
    return [owned, adopt, release].map((list) => list.map(({ metadata }) => metadata?.name));
  };
  it('keeps what matches, takes matching orphans, releases what strayed', () => {
    expect(names(owner)).toEqual([['owned'], ['orphan'], ['strayed']]);
  });
  it('takes and releases nothing for an owner that is being deleted', () => {
    const dying = { ...owner, metadata: { ...owner.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
    expect(names(dying)).toEqual([['owned'], [], []]);
  });
});

it('splits keys with and without a namespace', () => {
  expect(splitKey('a/b')).toEqual({ namespace: 'a', name: 'b' });
  expect(splitKey('b')).toEqual({ namespace: '', name: 'b' });
});
