import { expect, it } from 'vitest';
import { podsOf } from './kin.js';
import type { Pod } from './pod.js';

const owned = (uid: string) => [{ apiVersion: '', kind: '', name: '', uid, controller: true }];
const pod = (name: string, rest: Pod['metadata'] = {}, nodeName?: string): Pod => ({
  metadata: { name, namespace: 'default', ...rest },
  spec: { containers: [], ...(nodeName === undefined ? {} : { nodeName }) },
});
const pods = [
  pod('a', { ownerReferences: owned('set'), labels: { app: 'web', tier: 'front' } }, 'one'),
  pod('b', { labels: { app: 'web' } }, 'two'),
  pod('c', { namespace: 'other', labels: { app: 'web', tier: 'front' } }, 'one'),
];
const names = (found: Pod[]) => found.map(({ metadata }) => metadata?.name);
const set = { metadata: { name: 'web-1', uid: 'set', ownerReferences: owned('deployment') } };

it('finds the pods of a workload by who owns them, through what stands between', () => {
  expect(names(podsOf('deployments', { metadata: { uid: 'deployment' } }, pods, [set]))).toEqual(['a']);
  expect(names(podsOf('replicasets', set, pods, []))).toEqual(['a']);
  expect(names(podsOf('deployments', { metadata: { uid: 'other' } }, pods, [set]))).toEqual([]);
});

it('finds those of a service by its selector, in its namespace, and none without a selector', () => {
  const service = (selector: object) => ({ metadata: { namespace: 'default' }, spec: { selector } });
  expect(names(podsOf('services', service({ app: 'web', tier: 'front' }), pods, []))).toEqual(['a']);
  expect(names(podsOf('services', service({ app: 'web' }), pods, []))).toEqual(['a', 'b']);
  expect(names(podsOf('services', service({}), pods, []))).toEqual([]);
});

it('finds those of a node and of a namespace', () => {
  expect(names(podsOf('nodes', { metadata: { name: 'one' } }, pods, []))).toEqual(['a', 'c']);
  expect(names(podsOf('namespaces', { metadata: { name: 'other' } }, pods, []))).toEqual(['c']);
});
