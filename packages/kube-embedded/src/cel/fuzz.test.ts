import { beforeAll, expect, it } from 'vitest';
import { oneOf, randomFrom, upTo } from '../../test/random.js';
import { CelCompileError, CelCostExceeded, CelEvaluationError } from './errors.js';
import { functions } from './functions/index.js';
import { compile } from './program.js';
import { loadRegexps } from './regexp.js';
import { type Type, dyn } from './type.js';
import type { Value } from './value.js';

beforeAll(loadRegexps);

const any: readonly Value[] = [
  null,
  true,
  -1n,
  2n ** 63n - 1n,
  0.5,
  Number.NaN,
  '',
  '10.0.0.1',
  'größe',
  new Uint8Array([255]),
  [],
  [1n, 'a', [null]],
  new Map<Value, Value>([['a', 1n]]),
  { type: 'optional' },
  { type: 'duration', value: -1n },
];
const leaves = [
  'x',
  'y',
  '1',
  '-1',
  '1u',
  '0.5',
  '"a"',
  '"1h"',
  '"["',
  'null',
  'true',
  '[]',
  '{}',
  'int',
  'optional.none()',
];
const macros = ['all', 'exists', 'exists_one', 'map', 'filter', 'transformList', 'optMap'];

/** An expression of everything that there is, put together without sense. */
function expressionOf(random: () => number, depth: number): string {
  if (depth === 0) return oneOf(random, leaves);
  const part = (): string => expressionOf(random, upTo(random, depth - 1));
  const forms: (() => string)[] = [
    () => `(${part()} ${oneOf(random, ['+', '-', '*', '/', '%', '==', '!=', '<', '>=', '&&', '||', 'in'])} ${part()})`,
    () => `(${part()} ? ${part()} : ${part()})`,
    () => `${oneOf(random, ['!', '-'])}(${part()})`,
    () => `${part()}[${oneOf(random, ['', '?'])}${part()}]`,
    () => `${part()}.${oneOf(random, ['a', '?a'])}`,
    () => `[${part()}, ${part()}]`,
    () => `{${part()}: ${part()}}`,
    () => `has(${part()}.a)`,
    () => `${part()}.${oneOf(random, macros)}(x, ${part()})`,
    () => {
      const [name, overloads] = oneOf(
        random,
        [...functions].filter(([known]) => /^[\w.]+$/.test(known)),
      );
      const { method, parameters } = oneOf(random, overloads);
      const args = parameters.map(() => part());
      return method ? `${args[0] ?? ''}.${name}(${args.slice(1).join()})` : `${name}(${args.join()})`;
    },
  ];
  return oneOf(random, forms)();
}

it('comes to a value or to an error of its own, whatever is written and whatever it is about', () => {
  const random = randomFrom(7);
  const names = new Map<string, Type>([
    ['x', dyn],
    ['y', dyn],
  ]);
  let values = 0;
  for (let count = 0; count < 20_000; count++) {
    const expression = expressionOf(random, 3);
    try {
      compile(expression, names).run({ x: oneOf(random, any), y: oneOf(random, any) }, { left: 10_000 });
      values += 1;
    } catch (error) {
      const expected = [CelCompileError, CelEvaluationError, CelCostExceeded].some((kind) => error instanceof kind);
      expect(expected ? undefined : error, expression).toBeUndefined();
    }
  }
  expect(values).toBeGreaterThan(500);
});
