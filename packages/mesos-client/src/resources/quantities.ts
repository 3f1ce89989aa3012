import { MesosSyntaxError } from '../errors.js';
import type { Resource } from '../types/resource.js';
import { ResourceCollection, withoutCopies } from './collection.js';
import { sizeOfRanges } from './ranges.js';
import { containsResource } from './resource.js';
import { addScalars, compareScalars, subtractScalars } from './scalar.js';
import { parseValueText } from './value.js';

/** Amounts by resource name, sorted by name: positive, but for limits. */
export type Quantities = ReadonlyMap<string, number>;

const ADVICE = 'write name:number pairs separated by ";", for instance cpus:2;mem:512';

/** Reads `cpus:1;mem:512`; a name that comes twice is summed, and 0 is nothing. Throws `MesosSyntaxError`. */
export function parseQuantities(text: string): Quantities {
  return collect([...parsePairs(text)].map(({ name, amount }) => [name, amount]));
}

/** Reads limits, `cpus:1;mem:0`: 0 is a limit too, and no name may come twice. Sorted by name. Throws `MesosSyntaxError`. */
export function parseLimits(text: string): Quantities {
  const limits = new Map<string, number>();
  for (const { name, amount, position } of parsePairs(text)) {
    if (limits.has(name)) throw new MesosSyntaxError('limits', text, position, `"${name}" comes twice`, ADVICE);
    limits.set(name, amount);
  }
  return sortByName(limits);
}

function* parsePairs(text: string): Generator<{ name: string; amount: number; position: number }> {
  let position = 0;
  for (const token of text.split(';')) {
    const at = position;
    position += token.length + 1;
    if (token === '') continue;
    const parts = token.split(':').filter((part) => part !== '');
    const [name = '', value = ''] = parts;
    if (parts.length !== 2) throw new MesosSyntaxError('quantities', text, at, `"${token}" is not name:number`, ADVICE);
    const parsed = parseValueText(value);
    if (!('type' in parsed) || parsed.type !== 'SCALAR') {
      const offset = at + token.indexOf(':') + 1;
      throw new MesosSyntaxError('quantities', text, offset, `"${value}" is not a number of 0 or more`, ADVICE);
    }
    yield { name: name.trim(), amount: parsed.scalar?.value ?? 0, position: at };
  }
}

/** Amounts of resources: scalars as they are, ranges and sets by their number of elements. */
export function quantitiesOf(resources: readonly Resource[]): Quantities {
  return collect(withoutCopies(resources).map((resource) => [resource.name, amountOf(resource)]));
}

/** Sums by name. */
export function addQuantities(left: Quantities, right: Quantities): Quantities {
  return collect([...left, ...right]);
}

/** What is left; nothing becomes negative. */
export function subtractQuantities(left: Quantities, right: Quantities): Quantities {
  return collect([...left].map(([name, amount]) => [name, subtractScalars(amount, right.get(name) ?? 0)]));
}

/** Whether `part` is covered, name by name. */
export function containsQuantities(whole: Quantities, part: Quantities): boolean {
  return [...part].every(([name, amount]) => compareScalars(whole.get(name) ?? 0, amount) >= 0);
}

/** Scalars without owner, disk and so on: `cpus:1` of anything. */
export function stripToScalars(resources: readonly Resource[]): Resource[] {
  return new ResourceCollection(
    resources
      .filter(({ type }) => type === 'SCALAR')
      .map(({ name, scalar }) => ({ name, type: 'SCALAR', scalar: { value: scalar?.value ?? 0 } }) as const),
  ).toArray();
}

/** As many scalars as the quantities ask for, in the order given; what they do not name is dropped. */
export function shrinkToQuantities(resources: readonly Resource[], quantities: Quantities): Resource[] {
  return shrink(resources, quantities, false);
}

/** Scalars cut to the limits of {@link parseLimits}; what they do not name is kept. */
export function shrinkToLimits(resources: readonly Resource[], limits: Quantities): Resource[] {
  return shrink(resources, limits, true);
}

function shrink(resources: readonly Resource[], target: Quantities, keepUnnamed: boolean): Resource[] {
  const left = new Map(target);
  const result = new ResourceCollection();
  for (const resource of new ResourceCollection(resources)) {
    const amount = left.get(resource.name);
    if (amount === undefined && keepUnnamed) result.add([resource]);
    if (amount === undefined || amount <= 0 || resource.type !== 'SCALAR') continue;
    const shrunk = shrinkOne(resource, amount);
    if (!shrunk) continue;
    result.add([shrunk]);
    left.set(resource.name, subtractScalars(amount, shrunk.scalar?.value ?? 0));
  }
  return result.toArray();
}

/** Undefined where a part cannot be cut off, as of a MOUNT disk. */
function shrinkOne(resource: Resource, amount: number): Resource | undefined {
  if (compareScalars(resource.scalar?.value ?? 0, amount) <= 0) return resource;
  const shrunk = { ...resource, scalar: { value: amount } };
  return resource.disk === undefined || containsResource(resource, shrunk) ? shrunk : undefined;
}

function amountOf(resource: Resource): number {
  switch (resource.type) {
    case 'SCALAR':
      return resource.scalar?.value ?? 0;
    case 'RANGES':
      return sizeOfRanges(resource.ranges?.range ?? []);
    case 'SET':
      return (resource.set?.item ?? []).length;
    case 'TEXT':
      return 0;
  }
}

function collect(entries: readonly (readonly [string, number])[]): Quantities {
  const sums = new Map<string, number>();
  for (const [name, amount] of entries) sums.set(name, addScalars(sums.get(name) ?? 0, amount));
  return sortByName([...sums].filter(([, amount]) => amount > 0));
}

function sortByName(entries: Iterable<readonly [string, number]>): Quantities {
  return new Map([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}
