import { CelEvaluationError } from '../errors.js';
import { fitsInt } from '../tokens.js';
import { type Value, compare, isEqual, kindOf, publishedType, uint } from '../value.js';
import { type Overload, global, method } from './overload.js';
import { withinTime } from './time.js';

export function int(value: bigint): bigint {
  if (!fitsInt(value)) throw new CelEvaluationError('integer overflow');
  return value;
}

export function unsigned(value: bigint): Value {
  if (value < 0n || value >= 2n ** 64n) throw new CelEvaluationError('unsigned integer overflow');
  return uint(value);
}

const nonzero = (value: bigint, what: string): bigint => {
  if (value === 0n) throw new CelEvaluationError(`${what} by zero`);
  return value;
};

const numbers = ['int', 'uint', 'double'] as const;
const ordered = ['bool', ...numbers, 'string', 'bytes', 'timestamp', 'duration'] as const;

const orders: readonly [string, (sign: number) => boolean][] = [
  ['_<_', (sign) => sign < 0],
  ['_<=_', (sign) => sign <= 0],
  ['_>_', (sign) => sign > 0],
  ['_>=_', (sign) => sign >= 0],
];

const comparisons = orders.flatMap(([name, holds]) => {
  const run = (one: Value, other: Value): boolean => {
    // Nothing is before or after what is no number.
    if (Number.isNaN(one) || Number.isNaN(other)) return false;
    return holds(compare(one, other));
  };
  return [
    ...ordered.map((type) => global(name, [type, type], 'bool', run)),
    ...numbers.flatMap((one) =>
      numbers.filter((other) => other !== one).map((other) => global(name, [one, other], 'bool', run)),
    ),
  ];
});

export const operators: readonly Overload[] = [
  ...comparisons,
  global('_==_', ['T', 'T'], 'bool', isEqual),
  global('_!=_', ['T', 'T'], 'bool', (one, other) => !isEqual(one, other)),
  global('!_', ['bool'], 'bool', (value) => !value),
  global('-_', ['int'], 'int', (value) => int(-value)),
  global('-_', ['double'], 'double', (value) => -value),

  global('_+_', ['int', 'int'], 'int', (one, other) => int(one + other)),
  global('_-_', ['int', 'int'], 'int', (one, other) => int(one - other)),
  global('_*_', ['int', 'int'], 'int', (one, other) => int(one * other)),
  global('_/_', ['int', 'int'], 'int', (one, other) => int(one / nonzero(other, 'division'))),
  global('_%_', ['int', 'int'], 'int', (one, other) => one % nonzero(other, 'modulus')),
  global('_+_', ['uint', 'uint'], 'uint', (one, other) => unsigned(one.value + other.value)),
  global('_-_', ['uint', 'uint'], 'uint', (one, other) => unsigned(one.value - other.value)),
  global('_*_', ['uint', 'uint'], 'uint', (one, other) => unsigned(one.value * other.value)),
  global('_/_', ['uint', 'uint'], 'uint', (one, other) => unsigned(one.value / nonzero(other.value, 'division'))),
  global('_%_', ['uint', 'uint'], 'uint', (one, other) => unsigned(one.value % nonzero(other.value, 'modulus'))),
  global('_+_', ['double', 'double'], 'double', (one, other) => one + other),
  global('_-_', ['double', 'double'], 'double', (one, other) => one - other),
  global('_*_', ['double', 'double'], 'double', (one, other) => one * other),
  global('_/_', ['double', 'double'], 'double', (one, other) => one / other),

  global('_+_', ['string', 'string'], 'string', (one, other) => one + other),
  global('_+_', ['bytes', 'bytes'], 'bytes', (one, other) => new Uint8Array(Buffer.concat([one, other]))),
  global('_+_', ['list<T>', 'list<T>'], 'list<T>', (one, other) => [...one, ...other]),
  global('_+_', ['timestamp', 'duration'], 'timestamp', (one, other) =>
    withinTime('timestamp', one.value + other.value),
  ),
  global('_+_', ['duration', 'timestamp'], 'timestamp', (one, other) =>
    withinTime('timestamp', one.value + other.value),
  ),
  global('_+_', ['duration', 'duration'], 'duration', (one, other) => withinTime('duration', one.value + other.value)),
  global('_-_', ['timestamp', 'timestamp'], 'duration', (one, other) =>
    withinTime('duration', one.value - other.value),
  ),
  global('_-_', ['timestamp', 'duration'], 'timestamp', (one, other) =>
    withinTime('timestamp', one.value - other.value),
  ),
  global('_-_', ['duration', 'duration'], 'duration', (one, other) => withinTime('duration', one.value - other.value)),

  global('@in', ['T', 'list<T>'], 'bool', (item, list) => list.some((other) => isEqual(item, other))),
  global('@in', ['T', 'map<K,V>'], 'bool', (key, map) => map.has(key)),
  ...(['list<T>', 'map<K,V>'] as const).flatMap((type) => {
    const count = (of: readonly Value[] | ReadonlyMap<Value, Value>): bigint =>
      BigInt('size' in of ? of.size : of.length);
    return [global('size', [type], 'int', count), method('size', [type], 'int', count)];
  }),
  global('type', ['T'], 'type<T>', (value) => ({ type: 'type', value: publishedType(kindOf(value)) })),
  global('dyn', ['T'], 'dyn', (value) => value),
];
