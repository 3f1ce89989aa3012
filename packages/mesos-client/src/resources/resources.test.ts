import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MesosSyntaxError, ResourcesError } from '../errors.js';
import type { Range, Resource } from '../types/resource.js';
import { addResources, containsResources, equalResources, rangesOf, scalarOf, subtractResources } from './algebra.js';
import { parseAttributes } from './attributes.js';
import { ResourceCollection } from './collection.js';
import { findResources } from './find.js';
import { applyOperation } from './operations.js';
import { parseResources } from './parse.js';
import { printResources } from './print.js';
import { addRanges, coalesceRanges, containsRanges, equalRanges, sizeOfRanges, subtractRanges } from './ranges.js';
import { toUnreserved } from './reservations.js';

function refusal(run: () => unknown): MesosSyntaxError {
  try {
    run();
  } catch (error) {
    if (error instanceof MesosSyntaxError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** As offers of a real master look: `role` beside `reservations`, and an allocation. */
const offered: Resource[] = [
  { name: 'cpus', type: 'SCALAR', scalar: { value: 4 }, role: '*', allocation_info: { role: 'dev' } },
  { name: 'mem', type: 'SCALAR', scalar: { value: 1256 }, role: '*', allocation_info: { role: 'dev' } },
];

describe('parseResources', () => {
  // What a real agent made of the same flags: recordings 50-resources.
  it.each([
    ['cpus:4;mem:1256;disk:100;ports:[1-2];', 'cpus:4; mem:1256; disk:100; ports:[1-2]'],
    ['cpus:1;mem:100;ports:[]', 'cpus:1; mem:100'],
    ['cpus(*):2;mem:512', 'cpus:2; mem:512'],
    ['cpus:1e1', 'cpus:10'],
    ['cpus:.5', 'cpus:0.5'],
    ['cpus:1;cpus:2', 'cpus:3'],
    ['ports:[1-10];ports:[5-20]', 'ports:[1-20]'],
    ['ports:[-5-10]', 'ports:[5-10]'],
    ['cpus:0;mem:0', '{}'],
    ['cpus:[1-2]', 'cpus:[1-2]'],
    ['cpus:0.0005', 'cpus:0.001'],
    ['ports:[0-18446744073709551615]', 'ports:[0-18446744073709551615]'],
    ['', '{}'],
  ])('reads %s', (text, printed) => {
    expect(printResources(parseResources(text))).toBe(printed);
  });

  it.each([
    ['cpus:x', 5, 'neither a number'],
    ['cpus:1;mem:1GB', 11, 'neither a number'],
    ['cpus=4', 0, 'missing a ":"'],
    ['cpus:1;mem:', 7, 'missing a ":"'],
    ['cpus:0.0004', 0, 'value <= 0'],
    ['cpus:-1', 5, 'neither a number'],
    ['cpus:0x10', 5, 'neither a number'],
    ['cpus:1;ports:[80]', 13, 'pairs'],
    ['cpus:1;ports:[1-2-3]', 13, 'pairs'],
    ['ports:[a-b]', 7, '"a" is not a whole number'],
    ['ports:[1-2', 6, 'no partner'],
    ['ports:[20-10]', 0, 'begin > end'],
    ['disks:{a,a,b}', 0, 'duplicated'],
    ['cpus():2', 0, 'empty string'],
    ['cpus(a b):2', 0, 'whitespace'],
    ['ports:[0-18446744073709551616]', 9, 'below 2^64'],
    ['[{"name":"cpus"}]', 0, 'type is none of'],
    ['[{"name":"cpus","type":"SCALAR","scalar":{"value":"2"}}]', 0, 'not a number'],
  ])('refuses %s at character %i', (text, position, reason) => {
    const error = refusal(() => parseResources(text));
    expect(error).toMatchObject({ code: 'MESOS_SYNTAX', position });
    expect(error.message).toContain(reason);
    expect(error.message).toContain('cpus:2;mem:512');
  });

  it('takes JSON as text or as such, and a default role', () => {
    const json = [{ name: 'cpus', type: 'SCALAR', scalar: { value: 2 } }];
    const reserved = parseResources('cpus(web):2');
    expect(parseResources(json)).toEqual(parseResources('cpus:2'));
    expect(parseResources(JSON.stringify(json), { defaultRole: 'web' })).toEqual(reserved);
  });

  it('crashes on no text', () => {
    const alphabet = fc.constantFrom(...'cpus:;[]{}(),-0123456789. ab\n"');
    fc.assert(
      fc.property(fc.string({ unit: alphabet, maxLength: 30 }), (text) => {
        try {
          parseResources(text);
        } catch (error) {
          expect(error).toBeInstanceOf(MesosSyntaxError);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe('parseAttributes', () => {
  it('splits at the first colon and keeps the rest', () => {
    expect(parseAttributes('url:foo:bar\nrack:r1;level:3')).toEqual([
      { name: 'url', type: 'TEXT', text: { value: 'foo:bar' } },
      { name: 'rack', type: 'TEXT', text: { value: 'r1' } },
      { name: 'level', type: 'SCALAR', scalar: { value: 3 } },
    ]);
  });

  it('tells where it cannot', () => {
    expect(refusal(() => parseAttributes('rack:r1;zone'))).toMatchObject({ position: 8 });
  });
});

describe('arithmetic', () => {
  it('takes offers as masters send them', () => {
    const task = [{ name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 }, allocation_info: { role: 'dev' } }] as const;
    expect(containsResources(offered, task)).toBe(true);
    expect(scalarOf(subtractResources(offered, task), 'cpus')).toBe(3.9);
    expect(containsResources(offered, parseResources('cpus:0.1'))).toBe(false);
  });

  it('changes nothing it is given', () => {
    const before = structuredClone(offered);
    addResources(offered, offered);
    subtractResources(offered, offered);
    expect(offered).toEqual(before);
  });

  const amounts = fc.record({
    cpus: fc.integer({ min: 1, max: 100_000 }),
    begin: fc.integer({ min: 0, max: 500 }),
    size: fc.integer({ min: 0, max: 200 }),
    set: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 }),
  });
  const resources = amounts.map(({ cpus, begin, size, set }) =>
    parseResources(`cpus:${cpus / 1000};ports:[${begin}-${begin + size}];disks:{${set.join(',')}}`),
  );

  it('adds in any order, and what was added is contained', () => {
    fc.assert(
      fc.property(resources, resources, (left, right) => {
        const sum = addResources(left, right);
        expect(equalResources(sum, addResources(right, left))).toBe(true);
        expect(containsResources(sum, left) && containsResources(sum, right)).toBe(true);
      }),
    );
  });

  it('takes away so that nothing of it is left', () => {
    fc.assert(
      fc.property(resources, resources, (left, right) => {
        const ports = rangesOf(subtractResources(left, right), 'ports') ?? [];
        const taken = rangesOf(right, 'ports') ?? [];
        expect(ports.some((port) => taken.some(({ begin, end }) => port.begin <= end && begin <= port.end))).toBe(
          false,
        );
        expect(subtractResources(left, left)).toEqual([]);
      }),
    );
  });

  it('finds parts by preference, or nothing', () => {
    const total = parseResources('cpus(web):1;cpus:1;mem:64');
    expect(printResources(findResources(total, parseResources('cpus(web):1.5')) ?? [])).toBe(
      'cpus(reservations: [(STATIC,web)]):1; cpus:0.5',
    );
    expect(findResources(total, parseResources('cpus:3'))).toBeUndefined();
  });

  it('refuses an operation that the resources do not hold', () => {
    const volume: Resource = {
      name: 'cpus',
      type: 'SCALAR',
      scalar: { value: 9 },
      reservations: [{ type: 'DYNAMIC', role: 'web' }],
    };
    expect(() =>
      applyOperation(parseResources('cpus:1'), { type: 'UNRESERVE', unreserve: { resources: [volume] } }),
    ).toThrow(ResourcesError);
  });

  it('finds only what is there, and more than one piece of each kind', () => {
    fc.assert(
      fc.property(fc.array(resources), resources, (pieces, wanted) => {
        const total = pieces.flatMap((piece, i) =>
          piece.map((resource) => ({ ...resource, reservations: [{ type: 'STATIC' as const, role: `r${i}` }] })),
        );
        const found = findResources(total, wanted);
        if (!found) return;
        expect(containsResources(total, found)).toBe(true);
        expect(equalResources(toUnreserved(found), wanted)).toBe(true);
      }),
    );
    const spread = parseResources('cpus(a):1;cpus(b):1;cpus(c):1');
    expect(equalResources(findResources(spread, parseResources('cpus:3')) ?? [], spread)).toBe(true);
  });

  it('is exact for ranges of 64 bits, numbers and bigints mixed', () => {
    const base = 2n ** 53n - 6n;
    const exact = (integer: bigint) => (integer <= Number.MAX_SAFE_INTEGER ? Number(integer) : integer);
    const wide = fc.array(fc.tuple(fc.nat(12), fc.nat(4)), { maxLength: 4 }).map((spans) =>
      spans.map(([begin, size]) => ({
        begin: exact(base + BigInt(begin)),
        end: exact(base + BigInt(begin + size)),
      })),
    );
    const members = (ranges: readonly Range[]) =>
      Array.from({ length: 20 }, (_, i) => base + BigInt(i)).filter((n) =>
        ranges.some(({ begin, end }) => begin <= n && n <= end),
      );
    fc.assert(
      fc.property(wide, wide, (left, right) => {
        const [a, b] = [members(left), members(right)];
        expect(members(addRanges(left, right))).toEqual(members([...left, ...right]));
        expect(members(subtractRanges(left, right))).toEqual(a.filter((n) => !b.includes(n)));
        expect(containsRanges(left, right)).toBe(b.every((n) => a.includes(n)));
        expect(equalRanges(left, right)).toBe(a.length === b.length && a.every((n) => b.includes(n)));
        expect(sizeOfRanges(coalesceRanges(left))).toBe(a.length);
      }),
    );
  });

  it('counts copies of a shared volume', () => {
    const volume: Resource = {
      name: 'disk',
      type: 'SCALAR',
      scalar: { value: 64 },
      reservations: [{ type: 'STATIC', role: 'web' }],
      disk: { persistence: { id: 'v1' }, volume: { mode: 'RW', container_path: 'data' } },
      shared: {},
    };
    const two = new ResourceCollection([volume, volume]);
    expect([two.size, two.count(volume), scalarOf(two.toArray(), 'disk')]).toEqual([1, 2, 64]);
    expect(two.subtract([volume]).count(volume)).toBe(1);
  });
});
