import { CelEvaluationError } from '../errors.js';
import { type Opaque, type Value, compare, isEqual, isList, isMap, isOpaque, optional } from '../value.js';
import { int, unsigned } from './operators.js';
import { type Overload, global, method } from './overload.js';
import { withinTime } from './time.js';

const ordered = ['int', 'uint', 'double', 'bool', 'duration', 'timestamp', 'string', 'bytes'] as const;

function extreme(name: string, wanted: number) {
  return (list: readonly Value[]): Value => {
    const [first, ...rest] = list;
    if (first === undefined) throw new CelEvaluationError(`${name} called on empty list`);
    return rest.reduce((best, item) => (Math.sign(compare(item, best)) === wanted ? item : best), first);
  };
}

/** A method of lists of one type alone. */
const ofList = (
  type: (typeof ordered)[number],
  name: string,
  result: string,
  run: (list: readonly Value[]) => Value,
): Overload => ({ ...method(name, ['list<T>'], result, run), parameters: [{ kind: 'list', of: { kind: type } }] });

const isSorted = (list: readonly Value[]): boolean =>
  list.every((item, index) => index === 0 || compare(list[index - 1] ?? null, item) <= 0);

const orders = ordered.flatMap((type) => [
  ofList(type, 'isSorted', 'bool', isSorted),
  ofList(type, 'min', type, extreme('min', -1)),
  ofList(type, 'max', type, extreme('max', 1)),
]);

function sum(list: readonly Value[]): bigint {
  return list.reduce<bigint>((total, item) => {
    const amount = isOpaque(item) ? item.value : item;
    return typeof amount === 'bigint' ? total + amount : total;
  }, 0n);
}

const sums = [
  ofList('int', 'sum', 'int', (list) => int(sum(list))),
  ofList('uint', 'sum', 'uint', (list) => unsigned(sum(list))),
  ofList('double', 'sum', 'double', (list) =>
    list.reduce<number>((total, item) => (typeof item === 'number' ? total + item : total), 0),
  ),
  ofList('duration', 'sum', 'duration', (list) => withinTime('duration', sum(list))),
];

const within = (some: readonly Value[], all: readonly Value[]): boolean =>
  some.every((item) => all.some((other) => isEqual(item, other)));

/** Whether a value is the one that its type has when nothing is given. */
function isZero(value: Value): boolean {
  if (value === null || value === false || value === 0n || value === 0 || value === '') return true;
  if (value instanceof Uint8Array || isList(value)) return value.length === 0;
  if (isMap(value)) return value.size === 0;
  return isOpaque(value) && value.type !== 'optional' && value.value === 0n;
}

type Optional = Opaque & { readonly type: 'optional' };
const held = ({ value }: Optional): Value => {
  if (value === undefined) throw new CelEvaluationError('optional.none() dereference');
  return value;
};

/** Lists as Kubernetes extends them, sets, and values that may be missing. */
export const collections: readonly Overload[] = [
  ...orders,
  ...sums,
  method('indexOf', ['list<T>', 'T'], 'int', (list, item) => BigInt(list.findIndex((other) => isEqual(other, item)))),
  method('lastIndexOf', ['list<T>', 'T'], 'int', (list, item) =>
    BigInt(list.findLastIndex((other) => isEqual(other, item))),
  ),
  global('sets.contains', ['list<T>', 'list<T>'], 'bool', (all, some) => within(some, all)),
  global('sets.equivalent', ['list<T>', 'list<T>'], 'bool', (one, other) => within(one, other) && within(other, one)),
  global('sets.intersects', ['list<T>', 'list<T>'], 'bool', (one, other) =>
    one.some((item) => other.some((same) => isEqual(item, same))),
  ),
  global('optional.none', [], 'optional<T>', () => optional()),
  global('optional.of', ['T'], 'optional<T>', optional),
  global('optional.ofNonZeroValue', ['T'], 'optional<T>', (value) => (isZero(value) ? optional() : optional(value))),
  method('hasValue', ['optional<T>'], 'bool', ({ value }) => value !== undefined),
  method('value', ['optional<T>'], 'T', held),
  method('orValue', ['optional<T>', 'T'], 'T', ({ value }, other) => value ?? other),
  method('or', ['optional<T>', 'optional<T>'], 'optional<T>', (one, other) => (one.value === undefined ? other : one)),
];
