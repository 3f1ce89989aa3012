import { isTypeName, qualifiedName } from './check.js';
import { costOf } from './cost.js';
import { CelCostExceeded, CelEvaluationError, noOverload } from './errors.js';
import type { Expression } from './expression.js';
import { functions } from './functions/index.js';
import type { Overload } from './functions/overload.js';
import type { Type } from './type.js';
import { type Value, isList, isMap, isOpaque, kindOf, numberOf, optional, publishedType, sizeOf } from './value.js';

/** What may still be spent, in steps. A step is an expression, or ten characters or items that a function looks at. */
export interface Budget {
  left: number;
}

/** Names in sight, the nearest first. */
interface Scope {
  readonly name: string;
  readonly value: Value;
  readonly outer?: Scope;
}

/**
 * Finds the value of an expression. Throws `CelEvaluationError` when it has none, and `CelCostExceeded` when the budget is spent before it is found.
 *
 * @param chosen what `check` found: the functions of calls
 */
export function evaluate(
  expression: Expression,
  names: Readonly<Record<string, Value>>,
  chosen: ReadonlyMap<Expression, Overload>,
  budget: Budget,
): Value {
  let scope: Scope | undefined;
  for (const [name, value] of Object.entries(names)) scope = { name, value, ...(scope && { outer: scope }) };
  return new Evaluator(chosen, budget).valueOf(expression, scope);
}

class Evaluator {
  readonly #chosen: ReadonlyMap<Expression, Overload>;
  readonly #budget: Budget;

  constructor(chosen: ReadonlyMap<Expression, Overload>, budget: Budget) {
    this.#chosen = chosen;
    this.#budget = budget;
  }

  #spend(steps: number): void {
    this.#budget.left -= steps;
    if (this.#budget.left < 0) throw new CelCostExceeded();
  }

  valueOf(expression: Expression, scope: Scope | undefined): Value {
    this.#spend(1);
    switch (expression.op) {
      case 'literal':
        return expression.value;
      case 'name':
        return nameIn(expression.name, scope);
      case 'field':
        return this.#field(expression, scope);
      case 'index':
        return this.#index(expression, scope);
      case 'call':
        return this.#call(expression, scope);
      case 'and':
        return this.#decide(expression.sides, false, (side) => this.valueOf(side, scope));
      case 'or':
        return this.#decide(expression.sides, true, (side) => this.valueOf(side, scope));
      case 'choice':
        return this.valueOf(
          truth(this.valueOf(expression.condition, scope)) ? expression.then : expression.otherwise,
          scope,
        );
      case 'list':
        return expression.items.flatMap((item) => {
          const value = this.valueOf(item.value, scope);
          // What is there of an optional item: one value, or none.
          return item.optional ? held(value) : [value];
        });
      case 'map': {
        const map = new Map<Value, Value>();
        for (const entry of expression.entries) {
          const key = this.valueOf(entry.key, scope);
          const value = this.valueOf(entry.value, scope);
          if (map.has(keyOf(key))) throw new CelEvaluationError(`Failed with repeated key: ${String(key)}`);
          for (const kept of entry.optional ? held(value) : [value]) map.set(keyOf(key), kept);
        }
        return map;
      }
      case 'walk':
        return this.#walk(expression, scope);
      case 'optionalMap': {
        const [value] = held(this.valueOf(expression.of, scope));
        if (value === undefined) return optional();
        const body = this.valueOf(expression.body, within(scope, expression.variable, value));
        return expression.flat ? body : optional(body);
      }
    }
  }

  #field({ of, field, optional: maybe, test }: Expression & { op: 'field' }, scope: Scope | undefined): Value {
    const target = this.valueOf(of, scope);
    const isOptional = isOpaque(target) && target.type === 'optional';
    const [inner] = isOptional ? held(target) : [target];
    if (inner === undefined) return test ? false : optional();
    if (!isMap(inner)) throw noOverload();
    const found = inner.get(field);
    if (test) return found !== undefined;
    if (maybe || isOptional) return optional(found);
    if (found === undefined) throw new CelEvaluationError(`no such key: ${field}`);
    return found;
  }

  #index({ of, index, optional: maybe }: Expression & { op: 'index' }, scope: Scope | undefined): Value {
    const target = this.valueOf(of, scope);
    const key = this.valueOf(index, scope);
    const isOptional = isOpaque(target) && target.type === 'optional';
    const [inner] = isOptional ? held(target) : [target];
    if (inner === undefined) return optional();
    const found = isList(inner) ? itemAt(inner, key) : isMap(inner) ? inner.get(keyOf(key)) : undefined;
    if (maybe || isOptional) return optional(found);
    if (found !== undefined) return found;
    if (isList(inner)) throw new CelEvaluationError(`index out of bounds: ${String(numberOf(key) ?? '')}`);
    if (isMap(inner)) throw new CelEvaluationError(`no such key: ${String(key)}`);
    throw noOverload();
  }

  #call(call: Expression & { op: 'call' }, scope: Scope | undefined): Value {
    const qualified = qualifiedName(call, (name) => lookup(name, scope) !== undefined);
    const target = qualified === undefined ? call.target : undefined;
    const args = [...(target ? [target] : []), ...call.args].map((arg) => this.valueOf(arg, scope));
    const name = qualified ?? call.name;
    this.#spend(costOf(name, args, this.#budget.left));
    const chosen = this.#chosen.get(call);
    const candidates = chosen ? [chosen] : (functions.get(name) ?? []);
    const overload = choose(candidates, target !== undefined, args);
    const result = overload.run(...args);
    this.#spend(sizeOf(result) / 10);
    return result;
  }

  /** Whether one of several is as wanted, in any order: what has no value matters only when no other decides. */
  #decide<T>(all: Iterable<T>, wanted: boolean, valueOf: (one: T) => Value): boolean {
    let failure: unknown;
    for (const one of all) {
      try {
        if (truth(valueOf(one)) === wanted) return wanted;
      } catch (error) {
        if (!(error instanceof CelEvaluationError)) throw error;
        failure ??= error;
      }
    }
    if (failure !== undefined) throw failure;
    return !wanted;
  }

  #walk(walk: Expression & { op: 'walk' }, scope: Scope | undefined): Value {
    const of = this.valueOf(walk.of, scope);
    const [first = '', second] = walk.variables;
    const entries = entriesOf(of).map(([key, value]): { key: Value; item: Value; scope: Scope } => {
      this.#spend(1);
      const item = second === undefined && isMap(of) ? key : value;
      const inner = within(scope, first, second === undefined ? item : key);
      return { key, item, scope: second === undefined ? inner : within(inner, second, value) };
    });
    const holds = (entry: { scope: Scope }): Value => this.valueOf(walk.body, entry.scope);
    switch (walk.walk) {
      case 'all':
        return this.#decide(entries, false, holds);
      case 'exists':
        return this.#decide(entries, true, holds);
      case 'exists_one':
        return entries.filter((entry) => truth(holds(entry))).length === 1;
      case 'filter':
        return entries.filter((entry) => truth(holds(entry))).map(({ item }) => item);
    }
    const { condition } = walk;
    const kept = condition ? entries.filter((entry) => truth(this.valueOf(condition, entry.scope))) : entries;
    const transformed = kept.map((entry) => [entry.key, holds(entry)] as const);
    return walk.walk === 'transformMap' ? new Map(transformed) : transformed.map(([, value]) => value);
  }
}

const within = (outer: Scope | undefined, name: string, value: Value): Scope => ({
  name,
  value,
  ...(outer && { outer }),
});

function lookup(name: string, scope: Scope | undefined): Scope | undefined {
  let here = scope;
  while (here && here.name !== name) here = here.outer;
  return here;
}

function nameIn(name: string, scope: Scope | undefined): Value {
  const found = lookup(name, scope);
  if (found) return found.value;
  if (isTypeName(name)) return { type: 'type', value: publishedType(name) };
  throw new CelEvaluationError(`no such attribute(s): ${name}`);
}

function truth(value: Value): boolean {
  if (typeof value !== 'boolean') throw noOverload();
  return value;
}

/** The value of an optional, as a list of one or none. */
function held(value: Value): readonly Value[] {
  if (!isOpaque(value) || value.type !== 'optional') throw noOverload();
  return value.value === undefined ? [] : [value.value];
}

/** Whole numbers of all kinds are the same key. */
function keyOf(key: Value): Value {
  const number = numberOf(key);
  return typeof number === 'number' && Number.isInteger(number) ? BigInt(number) : (number ?? key);
}

function itemAt(list: readonly Value[], index: Value): Value | undefined {
  const at = keyOf(index);
  if (typeof at !== 'bigint') throw noOverload();
  return at < 0n || at >= BigInt(list.length) ? undefined : list[Number(at)];
}

function entriesOf(value: Value): readonly (readonly [Value, Value])[] {
  if (isList(value)) return value.map((item, index) => [BigInt(index), item]);
  if (isMap(value)) return [...value];
  throw noOverload();
}

/** Finds the function for arguments, of those of a name or the one that was chosen: nulls may stand where their types do not show it. */
function choose(candidates: readonly Overload[], method: boolean, args: readonly Value[]): Overload {
  const found = candidates.find(
    (overload) =>
      overload.method === method &&
      overload.parameters.length === args.length &&
      overload.parameters.every((parameter, index) => isOf(args[index] ?? null, parameter)),
  );
  if (!found) throw noOverload();
  return found;
}

function isOf(value: Value, type: Type): boolean {
  if (type.kind === 'dyn' || type.kind === 'parameter') return true;
  if (kindOf(value) !== type.kind) return false;
  if (type.kind === 'list' && isList(value)) return value.every((item) => isOf(item, type.of));
  return true;
}
