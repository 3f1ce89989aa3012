import { CelCompileError, type Issue } from './errors.js';
import type { Expression } from './expression.js';
import { functions } from './functions/index.js';
import type { Overload } from './functions/overload.js';
import { readDuration, readTimestamp } from './functions/time.js';
import { compileRegexp } from './regexp.js';
import {
  type Bindings,
  type Type,
  bind,
  bool,
  dyn,
  fits,
  listOf,
  mapOf,
  optionalOf,
  printType,
  readType,
} from './type.js';
import { kindOf } from './value.js';

/** What the types of an expression tell about it. */
export interface Checked {
  readonly type: Type;
  /** The names that it uses of those it was given. */
  readonly used: ReadonlySet<string>;
  /** The function of each call for which only one is possible. */
  readonly chosen: ReadonlyMap<Expression, Overload>;
}

/** Names in sight, the nearest first. */
type Scope = ReadonlyMap<string, Type>;

const typeNames = ['bool', 'int', 'uint', 'double', 'string', 'bytes', 'timestamp', 'duration'];
/** `type(x) == int`: the types that have a name in expressions. */
export const isTypeName = (name: string): boolean =>
  [...typeNames, 'list', 'map', 'null_type', 'type', 'optional_type'].includes(name);

/**
 * Finds the type of an expression whose names have the given types. Throws `CelCompileError` with everything that does not fit: names, fields and functions
 * that are not there, arguments of other types.
 */
export function check(source: string, expression: Expression, names: Scope): Checked {
  const checker = new Checker(names);
  const type = checker.typeOf(expression, names);
  if (checker.issues.length > 0) throw new CelCompileError(source, checker.issues);
  return { type, used: checker.used, chosen: checker.chosen };
}

/** `ip.isCanonical`: the name of a function in a namespace, where the target is a plain name. */
export function qualifiedName(expression: Expression, isVariable: (name: string) => boolean): string | undefined {
  if (expression.op !== 'call' || expression.target?.op !== 'name') return undefined;
  const name = `${expression.target.name}.${expression.name}`;
  return functions.has(name) && !isVariable(expression.target.name) ? name : undefined;
}

class Checker {
  readonly issues: Issue[] = [];
  readonly used = new Set<string>();
  readonly chosen = new Map<Expression, Overload>();
  readonly #names: Scope;

  constructor(names: Scope) {
    this.#names = names;
  }

  /** What went wrong once is not told again: its type is any. */
  #fail(at: number, message: string): Type {
    this.issues.push({ at, message });
    return dyn;
  }

  typeOf(expression: Expression, scope: Scope): Type {
    const { at } = expression;
    switch (expression.op) {
      case 'literal':
        return readType(kindOf(expression.value));
      case 'name':
        return this.#name(expression.name, at, scope);
      case 'field':
        return this.#field(expression, scope);
      case 'index': {
        const of = this.typeOf(expression.of, scope);
        const index = this.typeOf(expression.index, scope);
        return this.#index(expression, of, index);
      }
      case 'call':
        return this.#call(expression, scope);
      case 'and':
      case 'or': {
        const types = expression.sides.map((side) => this.typeOf(side, scope));
        if (types.some((type) => !fits(bool, type, new Map()))) {
          this.#noOverload(at, expression.op === 'and' ? '_&&_' : '_||_', types);
        }
        return bool;
      }
      case 'choice': {
        const types = [expression.condition, expression.then, expression.otherwise].map((part) =>
          this.typeOf(part, scope),
        );
        const [condition = dyn, then = dyn, otherwise = dyn] = types;
        const joined = join(then, otherwise);
        if (!fits(bool, condition, new Map()) || !joined) return this.#noOverload(at, '_?_:_', types);
        return joined;
      }
      case 'list':
        return listOf(
          this.#same(
            expression.items.map(({ value, optional }) => ({ value, optional })),
            scope,
          ),
        );
      case 'map':
        return mapOf(
          this.#same(
            expression.entries.map(({ key }) => ({ value: key, optional: false })),
            scope,
          ),
          this.#same(expression.entries, scope),
        );
      case 'walk':
        return this.#walk(expression, scope);
      case 'optionalMap': {
        const of = this.typeOf(expression.of, scope);
        if (of.kind !== 'optional' && of.kind !== 'dyn') return this.#noOverload(at, 'hasValue', [of], true);
        const held = of.kind === 'optional' ? of.of : dyn;
        const body = this.typeOf(expression.body, new Map([...scope, [expression.variable, held]]));
        return expression.flat ? body : optionalOf(body);
      }
    }
  }

  #name(name: string, at: number, scope: Scope): Type {
    const found = scope.get(name);
    if (found) {
      if (this.#names.get(name) === found) this.used.add(name);
      return found;
    }
    if (isTypeName(name)) return { kind: 'type', of: typeNames.includes(name) ? readType(name) : dyn };
    return this.#fail(at, `undeclared reference to '${name}' (in container '')`);
  }

  #field({ at, of, field, optional, test }: Expression & { op: 'field' }, scope: Scope): Type {
    const given = this.typeOf(of, scope);
    const target = given.kind === 'optional' ? given.of : given;
    let type: Type = dyn;
    if (target.kind === 'map') type = target.of;
    else if (target.kind === 'object') type = target.fields.get(field) ?? this.#fail(at, `undefined field '${field}'`);
    else if (target.kind !== 'dyn') this.#fail(at, `type '${printType(target)}' does not support field selection`);
    if (test) return bool;
    return optional || given.kind === 'optional' ? optionalOf(type) : type;
  }

  #index({ at, optional }: Expression & { op: 'index' }, of: Type, index: Type): Type {
    const target = of.kind === 'optional' ? of.of : of;
    const wrap = (type: Type): Type => (optional || of.kind === 'optional' ? optionalOf(type) : type);
    if (target.kind === 'dyn') return wrap(dyn);
    const wanted: Type | undefined =
      target.kind === 'list' ? { kind: 'int' } : target.kind === 'map' ? target.key : undefined;
    if (wanted && fits(wanted, index, new Map())) return wrap('of' in target ? target.of : dyn);
    return this.#noOverload(at, optional ? '_[?_]' : '_[_]', [of, index]);
  }

  #call(call: Expression & { op: 'call' }, scope: Scope): Type {
    const qualified = qualifiedName(call, (name) => scope.has(name));
    const target = qualified === undefined ? call.target : undefined;
    const name = qualified ?? call.name;
    const args = [...(target ? [target] : []), ...call.args].map((arg) => {
      // What is printed may be of any kind.
      if (name !== 'format' || arg.op !== 'list') return this.typeOf(arg, scope);
      for (const { value } of arg.items) this.typeOf(value, scope);
      return listOf(dyn);
    });
    const known = functions.get(name);
    if (!known) return this.#fail(call.at, `undeclared reference to '${name}' (in container '')`);
    const fitting = known.flatMap((overload) => {
      const bindings: Bindings = new Map();
      const { method, parameters, result } = overload;
      if (method !== (target !== undefined) || parameters.length !== args.length) return [];
      return parameters.every((parameter, index) => fits(parameter, args[index] ?? dyn, bindings))
        ? [{ overload, result: bind(result, bindings) }]
        : [];
    });
    const [first, ...more] = fitting;
    if (!first) return this.#noOverload(call.at, name, args, target !== undefined);
    if (more.length === 0 && !args.some(isOpen)) this.chosen.set(call, first.overload);
    this.#literals(call, name);
    return more.every(({ result }) => same(result, first.result)) ? first.result : dyn;
  }

  /** Texts that are read as something else are read right away. */
  #literals({ args, target }: Expression & { op: 'call' }, name: string): void {
    const last = args[name === 'matches' && !target ? 1 : 0];
    if (last?.op !== 'literal' || typeof last.value !== 'string') return;
    const wrong = (why?: string): void =>
      void this.#fail(last.at, `invalid ${name} argument${why === undefined ? '' : `: ${why}`}`);
    if (name === 'duration' && !readDuration(last.value)) wrong();
    if (name === 'timestamp' && !readTimestamp(last.value)) wrong();
    if (['matches', 'find', 'findAll'].includes(name)) {
      const made = compileRegexp(last.value);
      if ('refused' in made) wrong(name === 'matches' ? undefined : made.refused);
    }
  }

  /** The one type of all elements of a list or a map. */
  #same(parts: readonly { readonly value: Expression; readonly optional: boolean }[], scope: Scope): Type {
    let type: Type | undefined;
    for (const { value, optional } of parts) {
      const given = this.typeOf(value, scope);
      const own = optional && given.kind === 'optional' ? given.of : given;
      const joined = type === undefined ? own : join(type, own);
      if (!joined && type) this.#fail(value.at, `expected type '${printType(type)}' but found '${printType(own)}'`);
      type = joined ?? type;
    }
    return type ?? dyn;
  }

  #walk(walk: Expression & { op: 'walk' }, scope: Scope): Type {
    const of = this.typeOf(walk.of, scope);
    if (of.kind !== 'list' && of.kind !== 'map' && of.kind !== 'dyn') {
      this.#fail(
        walk.of.at,
        `expression of type '${printType(of)}' cannot be range of a comprehension (must be list, map, or dynamic)`,
      );
    }
    const item = of.kind === 'list' || of.kind === 'map' ? of.of : dyn;
    const key: Type = of.kind === 'map' ? of.key : of.kind === 'list' ? { kind: 'int' } : dyn;
    const [first = '', second] = walk.variables;
    const inner = new Map(scope);
    inner.set(first, second === undefined && of.kind === 'list' ? item : key);
    if (second !== undefined) inner.set(second, item);
    const condition = walk.condition && this.typeOf(walk.condition, inner);
    if (condition && !fits(bool, condition, new Map())) {
      this.#fail(walk.condition.at, `expected type 'bool' but found '${printType(condition)}'`);
    }
    const body = this.typeOf(walk.body, inner);
    if (walk.walk === 'map' || walk.walk === 'transformList') return listOf(body);
    if (walk.walk === 'transformMap') return mapOf(key, body);
    if (!fits(bool, body, new Map())) this.#fail(walk.body.at, `expected type 'bool' but found '${printType(body)}'`);
    return walk.walk === 'filter' ? listOf(inner.get(first) ?? dyn) : bool;
  }

  #noOverload(at: number, name: string, args: readonly Type[], method = false): Type {
    const printed = args.map(printType);
    const applied = method ? `${printed[0] ?? ''}.(${printed.slice(1).join(', ')})` : `(${printed.join(', ')})`;
    return this.#fail(at, `found no matching overload for '${name}' applied to '${applied}'`);
  }
}

/** The type that values of either type have; undefined when there is none. */
function join(one: Type, other: Type): Type | undefined {
  if (one.kind === 'dyn' || other.kind === 'dyn') return dyn;
  if (fits(one, other, new Map())) return one;
  return fits(other, one, new Map()) ? other : undefined;
}

const isOpen = (type: Type): boolean =>
  type.kind === 'dyn' || ('of' in type && isOpen(type.of)) || (type.kind === 'map' && isOpen(type.key));

const same = (one: Type, other: Type): boolean => printType(one) === printType(other);
