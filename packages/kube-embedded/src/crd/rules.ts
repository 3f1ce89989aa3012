import { CelCompileError, CelCostExceeded, CelEvaluationError } from '../cel/errors.js';
import { type Program, compile } from '../cel/program.js';
import { type Type, optionalOf } from '../cel/type.js';
import { type Value, optional } from '../cel/value.js';
import type { Cause } from '../errors.js';
import { type Json, type JsonObject, equal, isObject, listAt, objectAt, objectsAt, textAt } from '../json/tree.js';
import { duplicate, forbiddenField, invalidValue, required } from '../kinds/validation/field.js';
import { correlate } from './correlate.js';
import { SchemaValues, isResource, typeOfSchema } from './schema-values.js';

/** What one rule, and all rules of one object, may cost. As the real server has it, with a step for its unit. */
const perCall = 1_000_000;
const perObject = 10_000_000;

/** Characters of a message that an expression makes, at most. */
const longestMessage = 5 * 1024;

/** A rule of `x-kubernetes-validations`, compiled, or with what is wrong with it. */
export interface Rule {
  readonly source: JsonObject;
  readonly program?: Program;
  readonly message?: Program;
  readonly problem?: string;
  readonly messageProblem?: string;
}

export const usesOldSelf = ({ program }: Rule): boolean => program?.used.has('oldSelf') === true;

function compileFor(source: string, names: ReadonlyMap<string, Type>, wanted: 'bool' | 'string'): Program | string {
  const what = wanted === 'bool' ? '' : 'messageExpression ';
  try {
    const program = compile(source, names);
    if (program.type.kind === wanted) return program;
    return wanted === 'bool' ? 'cel expression must evaluate to a bool' : 'messageExpression must evaluate to a string';
  } catch (error) {
    if (error instanceof CelCompileError) return `${what}compilation failed: ${error.message}`;
    throw error;
  }
}

/** Compiles the rules that `schema` has for values of `type`. */
export function compileRules(schema: JsonObject, type: Type): Rule[] {
  return objectsAt(schema, 'x-kubernetes-validations').map((source): Rule => {
    const old = source['optionalOldSelf'] === true ? optionalOf(type) : type;
    const names = new Map([
      ['self', type],
      ['oldSelf', old],
    ]);
    const program = compileFor(textAt(source, 'rule') ?? '', names, 'bool');
    if (typeof program === 'string') return { source, problem: program };
    const expression = textAt(source, 'messageExpression') ?? '';
    const message = expression === '' ? undefined : compileFor(expression, names, 'string');
    if (typeof message === 'string') return { source, program, messageProblem: message };
    return { source, program, ...(message && { message }) };
  });
}

/** By their schema, which is part of a stored definition: they go with it. */
const compiled = new WeakMap<JsonObject, readonly Rule[]>();

function rulesOf(schema: JsonObject, resource: boolean): readonly Rule[] {
  if (schema['x-kubernetes-validations'] === undefined) return [];
  let known = compiled.get(schema);
  if (!known) {
    const type = typeOfSchema(schema, resource);
    compiled.set(schema, (known = type ? compileRules(schema, type) : []));
  }
  return known;
}

const guarded = new WeakMap<JsonObject, boolean>();

/** Whether a schema or one below it has rules. */
export function hasRules(schema: JsonObject): boolean {
  let known = guarded.get(schema);
  if (known === undefined) {
    const below = [
      schema['items'],
      schema['additionalProperties'],
      ...Object.values(objectAt(schema, 'properties') ?? {}),
    ];
    known =
      listAt(schema, 'x-kubernetes-validations').length > 0 || below.some((part) => isObject(part) && hasRules(part));
    guarded.set(schema, known);
  }
  return known;
}

/** A value with the one that it takes the place of. */
interface Place {
  readonly value: Json;
  readonly old: Json | undefined;
  readonly path: string;
  /** Whether nothing of it changed: a rule that it broke before may stay broken. */
  unchanged(): boolean;
}

export interface RuleOptions {
  /** What the object takes the place of. */
  readonly old?: JsonObject | undefined;
  /** Takes what is said of a rule that was broken before. */
  readonly warn?: ((text: string) => void) | undefined;
}

/** Runs the rules of a custom resource's schema, outermost first. What is wrong is told in the words of the real server. */
export function validateRules(schema: JsonObject, object: JsonObject, { old, warn }: RuleOptions = {}): Cause[] {
  if (!hasRules(schema)) return [];
  const run = new Run(warn);
  run.visit(schema, true, { value: object, old, path: '', unchanged: () => equal(object, old) });
  return run.causes;
}

class Run {
  readonly causes: Cause[] = [];
  readonly #values = new SchemaValues();
  readonly #warn: RuleOptions['warn'];
  #left = perObject;

  constructor(warn: RuleOptions['warn']) {
    this.#warn = warn;
  }

  visit(schema: JsonObject, resource: boolean, place: Place): void {
    const { value, old, path } = place;
    if (value === null || !hasRules(schema)) return;
    this.#apply(schema, resource, place);
    if (Array.isArray(value)) {
      const items = objectAt(schema, 'items');
      const previous = Array.isArray(old) ? correlate(schema, old) : () => undefined;
      value.forEach((item, index) => this.#below(items, place, item, previous(item), `${path}[${index}]`));
      return;
    }
    if (!isObject(value)) return;
    const before = isObject(old) ? old : {};
    const values = objectAt(schema, 'additionalProperties');
    for (const [key, item] of Object.entries(value)) {
      const property = objectAt(schema, 'properties', key);
      if (property) this.#below(property, place, item, before[key], path === '' ? key : `${path}.${key}`);
      else this.#below(values, place, item, before[key], `${path}[${key}]`);
    }
  }

  #below(schema: JsonObject | undefined, above: Place, value: Json, old: Json | undefined, path: string): void {
    if (!schema) return;
    const unchanged = old === undefined ? above.unchanged : () => equal(value, old);
    this.visit(schema, isResource(schema), { value, old, path, unchanged });
  }

  #apply(schema: JsonObject, resource: boolean, place: Place): void {
    for (const rule of rulesOf(schema, resource)) {
      if (this.#left < 0) return;
      try {
        const failed = this.#judge(rule, schema, resource, place);
        if (failed) this.causes.push(failed);
      } catch (error) {
        const why = this.#failure(error, shown(rule.source));
        this.causes.push(invalidValue(place.path || '<nil>', textAt(schema, 'type') ?? '', why));
      }
    }
  }

  #judge(rule: Rule, schema: JsonObject, resource: boolean, place: Place): Cause | undefined {
    const { source, program, problem } = rule;
    const type = textAt(schema, 'type') ?? '';
    if (!program) return invalidValue(place.path || '<nil>', type, `rule compile error: ${problem ?? ''}`);
    const before = place.old ?? undefined;
    const maybe = source['optionalOldSelf'] === true;
    // Changes are judged only where there was something before.
    if (usesOldSelf(rule) && before === undefined && !maybe) return undefined;
    const names: Record<string, Value> = { self: this.#values.of(place.value, schema, resource) };
    if (usesOldSelf(rule)) {
      const old = before === undefined ? undefined : this.#values.of(before, schema, resource);
      names['oldSelf'] = maybe ? optional(old) : (old ?? null);
    }
    if (this.#run(program, names) === true) return undefined;
    const broken = cause(source, place.path, type, this.#message(rule, names));
    if (usesOldSelf(rule) || !place.unchanged()) return broken;
    this.#warn?.(`${broken.field ?? ''}: ${broken.message}`);
    return undefined;
  }

  /** What is said of a rule that comes to nothing. After one that costs too much none is looked at any more. */
  #failure(error: unknown, said: string): string {
    if (error instanceof CelEvaluationError) {
      return error.message === 'no such overload'
        ? `'no such overload': call arguments did not match a supported operator, function or macro signature for rule: ${said}`
        : `${error.message} evaluating rule: ${said}`;
    }
    if (!(error instanceof CelCostExceeded)) throw error;
    const spent = this.#left <= 0;
    this.#left = -1;
    return spent
      ? 'validation failed due to running out of cost budget, no further validation rules will be run'
      : `'${error.message}': no further validation rules will be run due to call cost exceeds limit for rule: ${said}`;
  }

  #run(program: Program, names: Readonly<Record<string, Value>>): Value {
    const most = Math.min(perCall, this.#left);
    const budget = { left: most };
    try {
      return program.run(names, budget);
    } finally {
      this.#left -= most - budget.left;
    }
  }

  /** What a rule that failed says. An expression that makes no proper message leaves it to the message that is there. */
  #message({ source, message }: Rule, names: Readonly<Record<string, Value>>): string {
    const plain = textAt(source, 'message') ?? '';
    const standard = plain === '' ? `failed rule: ${shown(source)}` : plain.trim();
    if (!message) return standard;
    try {
      const made = this.#run(message, names);
      const text = typeof made === 'string' ? made.trim() : '';
      return text === '' || text.includes('\n') || Buffer.byteLength(text) > longestMessage ? standard : text;
    } catch (error) {
      if (error instanceof CelEvaluationError) return standard;
      throw error;
    }
  }
}

function shown(source: JsonObject): string {
  const message = textAt(source, 'message') ?? '';
  return (message === '' ? (textAt(source, 'rule') ?? '') : message).trim();
}

function cause(source: JsonObject, path: string, type: string, message: string): Cause {
  const field = textAt(source, 'fieldPath') ?? '';
  const below = field === '' ? '' : fieldPathNames(field).join('.');
  const where = [path, below].filter((part) => part !== '').join('.') || '<nil>';
  switch (textAt(source, 'reason')) {
    case 'FieldValueForbidden':
      return forbiddenField(where, message);
    case 'FieldValueRequired':
      return required(where, message);
    case 'FieldValueDuplicate':
      return duplicate(where, type);
    default:
      return invalidValue(where, type, message);
  }
}

/** `.spec.a['b.c']` as the names of the fields on the way; empty when it is no path. */
export function fieldPathNames(path: string): string[] {
  const step = /\.([^.[\]']+)|\['((?:[^'\\]|\\.)*)'\]/gy;
  const names: string[] = [];
  for (let end = 0; end < path.length; end = step.lastIndex) {
    const found = step.exec(path);
    if (!found) return [];
    names.push(found[1] ?? (found[2] ?? '').replace(/\\(.)/g, '$1'));
  }
  return names;
}
