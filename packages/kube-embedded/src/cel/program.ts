import { check } from './check.js';
import { type Budget, evaluate } from './evaluate.js';
import { parse } from './parse.js';
import type { Type } from './type.js';
import type { Value } from './value.js';

/** An expression that is ready to run. */
export interface Program {
  readonly type: Type;
  /** Which of the names that were declared it uses. */
  readonly used: ReadonlySet<string>;
  /** Throws `CelEvaluationError` when there is no value, and `CelCostExceeded` when finding it costs more than the budget has. */
  run(names: Readonly<Record<string, Value>>, budget: Budget): Value;
}

/** Compiles an expression over names of the given types. Throws `CelCompileError`. */
export function compile(source: string, names: ReadonlyMap<string, Type>): Program {
  const expression = parse(source);
  const { type, used, chosen } = check(source, expression, names);
  return { type, used, run: (values, budget) => evaluate(expression, values, chosen, budget) };
}
