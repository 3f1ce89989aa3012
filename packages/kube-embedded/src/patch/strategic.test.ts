import { describe, expect, it } from 'vitest';
import { definitionOf } from '../schema/definition.js';
import { jsonPatch } from './json-patch.js';
import { mergePatch } from './merge.js';
import { strategicMergePatch } from './strategic.js';

const deployment = definitionOf('apps', 'v1', 'Deployment')!;
const node = definitionOf('', 'v1', 'Node')!;
const inPod = (spec: object) => ({ spec: { template: { spec } } }) as never;
const patch = (target: object, change: object) => strategicMergePatch(inPod(target), inPod(change), deployment);

describe('strategic merge patch', () => {
  it('merges containers by name and their ports by number', () => {
    const target = {
      containers: [
        { name: 'a', image: '1', ports: [{ containerPort: 80, name: 'http' }] },
        { name: 'b', image: '1' },
      ],
    };
    const change = {
      containers: [
        { name: 'a', image: '2', ports: [{ containerPort: 81 }] },
        { name: 'c', image: '3' },
      ],
    };
    expect(patch(target, change)).toEqual(
      inPod({
        containers: [
          { name: 'a', image: '2', ports: [{ containerPort: 81 }, { containerPort: 80, name: 'http' }] },
          { name: 'c', image: '3' },
          { name: 'b', image: '1' },
        ],
      }),
    );
  });

  it('deletes, replaces and orders items as directives say', () => {
    const target = { containers: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] };
    expect(patch(target, { containers: [{ name: 'b', $patch: 'delete' }] })).toEqual(
      inPod({ containers: [{ name: 'a' }, { name: 'c' }] }),
    );
    expect(patch(target, { containers: [{ name: 'z' }, { $patch: 'replace' }] })).toEqual(
      inPod({ containers: [{ name: 'z' }] }),
    );
    const order = {
      '$setElementOrder/containers': [{ name: 'c' }, { name: 'a' }, { name: 'd' }],
      containers: [{ name: 'd' }],
    };
    expect(patch(target, order)).toEqual(
      inPod({ containers: [{ name: 'b' }, { name: 'c' }, { name: 'a' }, { name: 'd' }] }),
    );
  });

  it('keeps only what $retainKeys names, as a change of strategy needs', () => {
    const target = { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } } };
    const change = { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } };
    expect(strategicMergePatch(target, change, deployment)).toEqual({ spec: { strategy: { type: 'Recreate' } } });
  });

  it('adds to and takes from lists of plain values', () => {
    const target = { metadata: { finalizers: ['a', 'b'] } };
    expect(strategicMergePatch(target, { metadata: { finalizers: ['c', 'a'] } }, node)).toEqual({
      metadata: { finalizers: ['c', 'a', 'b'] },
    });
    expect(strategicMergePatch(target, { metadata: { '$deleteFromPrimitiveList/finalizers': ['a'] } }, node)).toEqual({
      metadata: { finalizers: ['b'] },
    });
  });

  it('deletes by null, replaces lists without a merge key, and changes nothing it is given', () => {
    const target = { metadata: { labels: { a: '1', b: '2' } }, spec: { podCIDRs: ['x'] } };
    const before = structuredClone(target);
    expect(
      strategicMergePatch(target, { metadata: { labels: { a: null } }, spec: { taints: [{ key: 'k' }] } }, node),
    ).toEqual({ metadata: { labels: { b: '2' } }, spec: { podCIDRs: ['x'], taints: [{ key: 'k' }] } });
    expect(target).toEqual(before);
  });

  it('refuses an item without the key it would merge by', () => {
    expect(() => patch({ containers: [{ name: 'a' }] }, { containers: [{ image: 'x' }] })).toThrowError(
      /does not contain declared merge key: name/,
    );
  });
});

describe('merge patch', () => {
  // The examples of RFC 7386, appendix A.
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
  ])('%j with %j is %j', (target, change, expected) => {
    expect(mergePatch(target, change)).toEqual(expected);
  });
});

describe('JSON patch', () => {
  it.each([
    [{ a: 1 }, [{ op: 'add', path: '/b', value: 2 }], { a: 1, b: 2 }],
    [{ a: [1, 3] }, [{ op: 'add', path: '/a/1', value: 2 }], { a: [1, 2, 3] }],
    [{ a: [1] }, [{ op: 'add', path: '/a/-', value: 2 }], { a: [1, 2] }],
    [
      { 'a/b': 1, 'm~n': 2 },
      [
        { op: 'remove', path: '/a~1b' },
        { op: 'replace', path: '/m~0n', value: 3 },
      ],
      { 'm~n': 3 },
    ],
    [{ a: { b: 1 } }, [{ op: 'move', from: '/a/b', path: '/c' }], { a: {}, c: 1 }],
    [
      { a: 1 },
      [
        { op: 'copy', from: '/a', path: '/b' },
        { op: 'test', path: '/b', value: 1 },
      ],
      { a: 1, b: 1 },
    ],
  ])('%j with %j is %j', (target, operations, expected) => {
    expect(jsonPatch(target, operations as never)).toEqual(expected);
  });

  it.each([
    [[{ op: 'test', path: '/a', value: 2 }], 422],
    [[{ op: 'remove', path: '/nope' }], 422],
    [[{ op: 'add', path: '/l/5', value: 1 }], 422],
    [[{ op: 'move', from: '/o', path: '/o/inside' }], 422],
    [[{ op: 'add', path: '/__proto__/polluted', value: 1 }], 422],
    [[{ op: 'fly', path: '/a' }], 422],
  ])('refuses %j with %i', (operations, status) => {
    const target = { a: 1, l: [1], o: { p: 1 } };
    expect(() => jsonPatch(target, operations as never)).toThrowError(expect.objectContaining({ status }));
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});
