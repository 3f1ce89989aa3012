import { isDeepStrictEqual } from 'node:util';
import {
  addQuantities,
  addRanges,
  addScalars,
  addSets,
  allocatableTo,
  ancestorsOfRole,
  applyOperation,
  boundsOfRanges,
  coalesceRanges,
  compareRanges,
  compareScalars,
  compareSets,
  containsQuantities,
  containsResources,
  encodeRecord,
  equalAttributes,
  equalLabels,
  equalResources,
  equalSets,
  findResources,
  indexOfRange,
  isEmptyResource,
  isStrictSubroleOf,
  mergeResources,
  MesosSyntaxError,
  namedResources,
  namesOfResources,
  nonRevocableResources,
  nonSharedResources,
  normalizeRanges,
  parseAttributes,
  parseExactJson,
  parseLimits,
  parseQuantities,
  parseResources,
  persistentVolumes,
  printResource,
  printResources,
  quantitiesOf,
  rangesOf,
  rangesOfNumbers,
  RecordIoDecoder,
  RecordIoError,
  removeFromRanges,
  reservationAncestor,
  reservationsByRole,
  reservedResources,
  ResourceCollection,
  ResourcesError,
  revocableResources,
  scalarOf,
  setOf,
  sharedResources,
  shrinkToLimits,
  shrinkToQuantities,
  sizeOfRanges,
  stripToScalars,
  subtractQuantities,
  subtractRanges,
  subtractScalars,
  subtractSets,
  toUnreserved,
  typesOfResources,
  unallocateResources,
  unreservedResources,
  validateResource,
  validateRole,
  type Label,
  type OfferOperation,
  type Quantities,
  type Range,
  type Resource,
  type Uint64,
} from '../src/index.js';
import { parseValueText } from '../src/resources/value.js';

// Runs files of the form of mesos-values.json: { cases: [{ id, op, input, expect }] }. What each `op` means, the file's `ops` says.

/** The vectors are data of many shapes: each runner below takes the fields that its operation has. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- see above
type Fields = Record<string, any>;

interface Vector {
  id: string;
  op: string;
  input: Fields;
  expect: Fields;
  options?: { maxRecordBytes?: number; maxHeaderDigits?: number };
}

export interface VectorResult {
  id: string;
  passed: boolean;
  difference?: string;
}

type Operand = string | Resource[];
type Pair = [Uint64, Uint64];

/** Takes the text of a file: integers beyond 2^53 are read as they are. */
export function runVectors(text: string): VectorResult[] {
  return (parseExactJson(text) as { cases: Vector[] }).cases.map((vector) => {
    const difference = check(vector);
    return difference === undefined
      ? { id: vector.id, passed: true }
      : { id: vector.id, passed: false, difference: `${vector.op}: ${difference}` };
  });
}

function check(vector: Vector): string | undefined {
  const run = runners[vector.op];
  if (!run) return 'unknown op';
  try {
    const difference = run(vector);
    return difference === undefined && vector.expect.error === true && !vector.op.startsWith('recordio')
      ? 'no error, though one is expected'
      : difference;
  } catch (error) {
    const expected = error instanceof MesosSyntaxError || error instanceof ResourcesError;
    if (expected && vector.expect.error === true) return undefined;
    return `threw ${String(error)}`;
  }
}

const runners: Record<string, (vector: Vector) => string | undefined> = {
  'value.parse': ({ input, expect }) => {
    const value = parseValueText(input.text);
    if (!('type' in value)) throw new MesosSyntaxError('value', input.text, value.offset, value.problem, '');
    if (expect.error === true) return undefined;
    return (
      same(value.type, expect.type) ??
      when(expect.text, (text) => same(value.text?.value, text)) ??
      when(expect.scalar, (scalar) => same(value.scalar?.value, scalar)) ??
      when(expect.set, (set) => sameSet(value.set?.item ?? [], set)) ??
      when(expect.ranges, (ranges) => same(pairs(value.ranges?.range ?? []), ranges))
    );
  },
  'ranges.add': ({ input, expect }) => same(pairs(addRanges(ranges(input.left), ranges(input.right))), expect.ranges),
  'ranges.subtract': ({ input, expect }) =>
    same(pairs(subtractRanges(ranges(input.left), ranges(input.right))), expect.ranges),
  'ranges.compareSubset': ({ input, expect }) =>
    same(compareRanges(ranges(input.left), ranges(input.right)), expect.order),
  'ranges.fromNumbers': ({ input, expect }) => same(pairs(rangesOfNumbers(input.numbers)), expect.ranges),
  'ranges.normalize': ({ input, expect }) => same(pairs(normalizeRanges(ranges(input.ranges))), expect.ranges),
  'ranges.size': ({ input, expect }) => same(sizeOfRanges(ranges(input.ranges)), expect.size),
  'ranges.coalesce': ({ input, expect }) => same(pairs(coalesceRanges(ranges(input.ranges))), expect.ranges),
  'ranges.indexOf': ({ input, expect }) => same(indexOfRange(ranges(input.ranges), input.n), expect.index),
  'ranges.removePoint': ({ input, expect }) => {
    const result = removeFromRanges(ranges(input.ranges), input.n);
    return same(pairs(result.ranges), expect.ranges) ?? same(result.found, expect.found);
  },
  'ranges.minMax': ({ input, expect }) =>
    same(boundsOfRanges(ranges(input.ranges)), { min: expect.min, max: expect.max }),
  'set.add': ({ input, expect }) => sameSet(addSets(input.left, input.right), expect.set),
  'set.subtract': ({ input, expect }) => sameSet(subtractSets(input.left, input.right), expect.set),
  'set.compareSubset': ({ input, expect }) => same(compareSets(input.left, input.right), expect.order),
  'scalar.add': ({ input, expect }) => same(addScalars(input.left, input.right), expect.scalar),
  'scalar.subtract': ({ input, expect }) => same(subtractScalars(input.left, input.right), expect.scalar),
  'scalar.compare': ({ input, expect }) => same(compareScalars(input.left, input.right), expect.order),
  'resource.format': ({ input, expect }) => same(printResource(input.resource), expect.text),
  'resources.format': ({ input, expect }) => same(printResources(operand(input.resources)), expect.text),
  'resource.isEmpty': ({ input, expect }) => same(isEmptyResource(input.resource), expect.value),
  'resource.validate': ({ input, expect }) => {
    const problem = validateResource(input.resource);
    return same(problem === undefined, expect.valid) ?? when(expect.message, (message) => same(problem, message));
  },
  'resources.parse': ({ input, expect }) =>
    inspect(new ResourceCollection(parseResources(input.text, { defaultRole: input.defaultRole })), expect),
  'resources.expr': ({ input, expect }) => {
    const total = new ResourceCollection();
    for (const [sign, term] of input.terms) {
      if (sign === '+') total.add(operand(term));
      else total.subtract(operand(term));
    }
    return inspect(total, expect);
  },
  'resources.repeat': ({ input, expect }) => {
    const total = new ResourceCollection(operand(input.start));
    const step = operand(input.operand);
    for (let i = 0; i < input.addTimes; i += 1) total.add(step);
    for (let i = 0; i < input.subtractTimes; i += 1) total.subtract(step);
    return inspect(total, expect);
  },
  'resources.equal': ({ input, expect }) =>
    same(equalResources(operand(input.left), operand(input.right)), expect.value),
  'resources.pairwiseDistinct': ({ input, expect }) => {
    const items = (input.items as Operand[]).map(operand);
    const distinct = items.every((left, i) => items.every((right, j) => i === j || !equalResources(left, right)));
    return same(distinct, expect.value);
  },
  'resources.contains': ({ input, expect }) =>
    same(containsResources(operand(input.left), operand(input.right)), expect.value),
  'resources.reserved': ({ input, expect }) =>
    inspectAll(reservedResources(operand(input.resources), input.role ?? undefined), expect),
  'resources.unreserved': ({ input, expect }) => inspectAll(unreservedResources(operand(input.resources)), expect),
  'resources.reservations': ({ input, expect }) => {
    const byRole = reservationsByRole(operand(input.resources));
    const wanted = expect.byRole as Record<string, Operand>;
    return (
      sameSet([...byRole.keys()], Object.keys(wanted)) ??
      first(Object.entries(wanted), ([role, resources]) => inspectAll(byRole.get(role) ?? [], { equals: resources }))
    );
  },
  'resources.allocatableTo': ({ input, expect }) =>
    inspectAll(allocatableTo(operand(input.resources), input.role), expect),
  'resources.toUnreserved': ({ input, expect }) => inspectAll(toUnreserved(operand(input.resources)), expect),
  'resources.reservationAncestor': ({ input, expect }) =>
    inspectAll(reservationAncestor(operand(input.left), operand(input.right)), expect),
  'resources.unallocate': ({ input, expect }) => inspectAll(unallocateResources(operand(input.resources)), expect),
  'resources.persistentVolumes': ({ input, expect }) => inspectAll(persistentVolumes(operand(input.resources)), expect),
  'resources.revocable': ({ input, expect }) => inspectAll(revocableResources(operand(input.resources)), expect),
  'resources.nonRevocable': ({ input, expect }) => inspectAll(nonRevocableResources(operand(input.resources)), expect),
  'resources.shared': ({ input, expect }) => inspectAll(sharedResources(operand(input.resources)), expect),
  'resources.nonShared': ({ input, expect }) => inspectAll(nonSharedResources(operand(input.resources)), expect),
  'resources.strippedScalarQuantity': ({ input, expect }) =>
    inspectAll(stripToScalars(operand(input.resources)), expect),
  'resources.apply': ({ input, expect }) =>
    inspectAll((input.operations as OfferOperation[]).reduce(applyOperation, operand(input.total)), expect),
  'resources.find': ({ input, expect }) => {
    const found = findResources(operand(input.resources), operand(input.target));
    if (expect.none === true) return same(found, undefined);
    return found === undefined ? 'found none' : inspectAll(found, expect);
  },
  'resources.shrinkToQuantities': ({ input, expect }) =>
    inspectAll(shrinkToQuantities(operand(input.resources), parseQuantities(input.quantities)), expect),
  'resources.shrinkToLimits': ({ input, expect }) =>
    inspectAll(shrinkToLimits(operand(input.resources), parseLimits(input.limits)), expect),
  'resources.get': ({ input, expect }) => inspectAll(namedResources(operand(input.resources), input.name), expect),
  'resources.names': ({ input, expect }) => sameSet(namesOfResources(operand(input.resources)), expect.names),
  'resources.types': ({ input, expect }) => same(typesOfResources(operand(input.resources)), expect.types),
  'resources.containsQuantities': ({ input, expect }) =>
    same(containsQuantities(quantitiesOf(operand(input.resources)), parseQuantities(input.quantities)), expect.value),
  'quantities.parse': ({ input, expect }) => sameEntries(parseQuantities(input.text), expect.entries),
  'quantities.fromResources': ({ input, expect }) =>
    sameEntries(quantitiesOf(operand(input.resources)), expect.entries),
  'quantities.add': ({ input, expect }) =>
    sameEntries(addQuantities(parseQuantities(input.left), parseQuantities(input.right)), expect.entries),
  'quantities.subtract': ({ input, expect }) =>
    sameEntries(subtractQuantities(parseQuantities(input.left), parseQuantities(input.right)), expect.entries),
  'quantities.contains': ({ input, expect }) =>
    same(containsQuantities(parseQuantities(input.left), parseQuantities(input.right)), expect.value),
  'role.validate': ({ input, expect }) => same(validateRole(input.role) === undefined, expect.valid),
  'role.isStrictSubroleOf': ({ input, expect }) => same(isStrictSubroleOf(input.role, input.of), expect.value),
  'role.ancestors': ({ input, expect }) => same(ancestorsOfRole(input.role), expect.roles),
  'labels.equal': ({ input, expect }) => same(equalLabels(labels(input.left), labels(input.right)), expect.value),
  'attributes.parse': ({ input, expect }) => {
    const attributes = parseAttributes(input.text);
    return expect.error === true ? undefined : same(attributes, expect.attributes);
  },
  'attributes.equal': ({ input, expect }) =>
    same(equalAttributes(parseAttributes(input.left), parseAttributes(input.right)), expect.value),
  'recordio.encode': ({ input, expect }) => same(text(encodeRecord(input.record)), expect.bytes),
  'recordio.decode': (vector) =>
    decode(vector, (chunks) => chunks) ??
    decode(vector, (chunks) => (vector.expect.perChunk ? chunks : chunks.flatMap((chunk) => cut(chunk, 1)))) ??
    decode(vector, (chunks) =>
      vector.expect.perChunk ? chunks : chunks.flatMap((chunk) => cut(chunk, Math.ceil(chunk.length / 2) || 1)),
    ),
};

const recordIoErrors: Record<string, RecordIoError['reason']> = {
  'bad-size': 'header',
  underrun: 'truncated',
  oversized: 'oversized',
};

function decode({ input, expect, options }: Vector, recut: (chunks: Buffer[]) => Buffer[]): string | undefined {
  const decoder = new RecordIoDecoder(options);
  const chunks = (input.chunks as (string | { end: true })[]).filter((chunk) => typeof chunk === 'string');
  const perChunk: string[][] = [];
  let error: string | undefined;
  try {
    for (const chunk of recut(chunks.map((each) => Buffer.from(each)))) perChunk.push(decoder.push(chunk).map(text));
    if (chunks.length < input.chunks.length) decoder.end();
  } catch (thrown) {
    if (!(thrown instanceof RecordIoError)) throw thrown;
    perChunk.push(thrown.records.map(text));
    error = thrown.reason;
  }
  const records = perChunk.flat().filter((record) => expect.emptyRecords !== 'skipped' || record !== '');
  return (
    same(records, expect.records) ??
    when(expect.perChunk, (wanted) => same(perChunk, wanted)) ??
    same(error, expect.error === undefined ? undefined : recordIoErrors[expect.error])
  );
}

function inspectAll(resources: readonly Resource[], expect: Fields): string | undefined {
  return inspect(new ResourceCollection(resources), expect);
}

function inspect(total: ResourceCollection, expect: Fields): string | undefined {
  const resources = total.toArray();
  const shown = printResources(resources);
  return (
    when(expect.empty, (empty) => same(total.size === 0, empty)) ??
    when(expect.resources, (wanted: Resource[]) =>
      total.equals(wanted) && same(printResources(wanted), shown) === undefined ? undefined : `${shown}, not as listed`,
    ) ??
    when(expect.equals, (wanted) =>
      total.equals(operand(wanted)) ? undefined : `${shown} is not ${JSON.stringify(wanted)}`,
    ) ??
    when(expect.equalsNot, (others: Operand[]) =>
      first(others, (other) => (total.equals(operand(other)) ? `${shown} equals ${JSON.stringify(other)}` : undefined)),
    ) ??
    when(expect.size, (size) => same(total.size, size)) ??
    when(expect.scalars, (scalars: Record<string, number | null>) =>
      first(Object.entries(scalars), ([name, value]) => same(scalarOf(resources, name) ?? null, value)),
    ) ??
    when(expect.ranges, (all: Record<string, Pair[] | null>) =>
      first(Object.entries(all), ([name, value]) => {
        const found = rangesOf(resources, name);
        return same(found ? pairs(found) : null, value);
      }),
    ) ??
    when(expect.sets, (sets: Record<string, string[] | null>) =>
      first(Object.entries(sets), ([name, value]) => {
        const found = setOf(resources, name);
        return value === null || !found ? same(found ?? null, value) : sameSet(found, value);
      }),
    ) ??
    when(expect.counts, (counts: [Resource, number][]) =>
      first(counts, ([resource, count]) => same(total.count(resource), count)),
    ) ??
    when(expect.contains, (parts: [Operand, boolean][]) =>
      first(parts, ([part, contained]) => same(total.contains(operand(part)), contained)),
    )
  );
}

/** Operands are trusted text or objects; objects may hold what `--resources` may not. */
function operand(value: Operand): Resource[] {
  return typeof value === 'string' ? parseResources(value) : mergeResources(value);
}

function ranges(value: readonly Pair[]): Range[] {
  return value.map(([begin, end]) => ({ begin, end }));
}

function pairs(value: readonly Range[]): Pair[] {
  return value.map(({ begin, end }) => [begin, end]);
}

function labels(value: Label[] | null): { labels: Label[] } | undefined {
  return value === null ? undefined : { labels: value };
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

function cut(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

function same(actual: unknown, expected: unknown): string | undefined {
  return isDeepStrictEqual(actual, expected)
    ? undefined
    : `got ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`;
}

function sameSet(actual: readonly string[], expected: readonly string[]): string | undefined {
  return equalSets(actual, expected) ? undefined : same(actual, expected);
}

function sameEntries(actual: Quantities, expected: [string, number][]): string | undefined {
  return same([...actual], expected);
}

function when<T>(expected: T | undefined, compare: (expected: T) => string | undefined): string | undefined {
  return expected === undefined ? undefined : compare(expected);
}

function first<T>(items: readonly T[], compare: (item: T) => string | undefined): string | undefined {
  return items.map(compare).find((difference) => difference !== undefined);
}
