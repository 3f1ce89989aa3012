import { pods, replicaSets, type OwnerReference } from '@kmd/kube-client';
import { describe, expect, it } from 'vitest';
import type { Item } from './graph.js';
import { planCollection, type OwnerState } from './plan.js';

interface Shape {
  owners?: string[];
  blocking?: boolean;
  finalizers?: string[];
  deleting?: boolean;
}

const item = (uid: string, { owners = [], blocking = true, finalizers, deleting }: Shape = {}): Item => ({
  resource: uid.startsWith('rs') ? replicaSets : pods,
  object: {
    metadata: {
      name: uid,
      namespace: 'default',
      uid,
      ownerReferences: owners.map((owner): OwnerReference => ({
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        name: owner,
        uid: owner,
        blockOwnerDeletion: blocking,
      })),
      ...(finalizers && { finalizers }),
      ...(deleting === true && { deletionTimestamp: '2026-01-01T00:00:00Z' }),
    },
  },
});
const plan = (subject: Item, dependents: Item[] = [], owners: Record<string, OwnerState> = {}) =>
  planCollection(subject, dependents, new Map(Object.entries(owners)));

describe('an object with owners', () => {
  it.each<[string, Record<string, OwnerState>, ReturnType<typeof plan>]>([
    ['stays while its owner is alive', { a: 'alive' }, { type: 'nothing' }],
    ['goes with its owner', { a: 'absent' }, { type: 'delete', propagationPolicy: 'Background' }],
    [
      'stays with one of two owners and forgets the other',
      { a: 'absent', b: 'alive' },
      { type: 'unreference', owners: new Set(['a']) },
    ],
    [
      'stays when the other owner deletes its dependents',
      { a: 'deletes its dependents', b: 'alive' },
      { type: 'unreference', owners: new Set(['a']) },
    ],
    [
      'goes when its owner deletes its dependents',
      { a: 'deletes its dependents' },
      { type: 'delete', propagationPolicy: 'Background' },
    ],
  ])('%s', (_rule, owners, expected) => {
    expect(plan(item('p', { owners: Object.keys(owners) }), [], owners)).toEqual(expected);
  });
  it('deletes its own dependents first when its owner waits for it', () => {
    const subject = item('rs', { owners: ['d'] });
    expect(plan(subject, [item('p', { owners: ['rs'] })], { d: 'deletes its dependents' })).toEqual({
      type: 'delete',
      propagationPolicy: 'Foreground',
    });
  });
  it.each([
    ['orphan', 'Orphan'],
    ['foregroundDeletion', 'Foreground'],
  ])('goes in the way its finalizer %s says', (finalizer, propagationPolicy) => {
    expect(plan(item('p', { owners: ['a'], finalizers: [finalizer] }), [], { a: 'absent' })).toEqual({
      type: 'delete',
      propagationPolicy,
    });
  });
  it('is left alone when it is being deleted already', () => {
    expect(plan(item('p', { owners: ['a'], deleting: true }), [], { a: 'absent' })).toEqual({ type: 'nothing' });
  });
});

describe('an owner that is being deleted', () => {
  const dependent = item('p', { owners: ['rs'] });
  const foreground = item('rs', { finalizers: ['foregroundDeletion'], deleting: true });
  const orphaning = item('rs', { finalizers: ['orphan'], deleting: true });
  it('in the foreground waits for dependents that block it', () => {
    expect(plan(foreground, [dependent])).toEqual({ type: 'await dependents' });
  });
  it('in the foreground does not wait for others', () => {
    expect(plan(foreground, [item('p', { owners: ['rs'], blocking: false })])).toEqual({
      type: 'release',
      finalizer: 'foregroundDeletion',
    });
    expect(plan(foreground)).toEqual({ type: 'release', finalizer: 'foregroundDeletion' });
  });
  it('orphaning frees its dependents, then goes', () => {
    expect(plan(orphaning, [dependent])).toEqual({ type: 'orphan dependents' });
    expect(plan(orphaning)).toEqual({ type: 'release', finalizer: 'orphan' });
  });
});
