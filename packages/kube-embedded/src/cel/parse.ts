import { CelCompileError } from './errors.js';
import type { Expression, Walk } from './expression.js';
import { type Token, tokenize } from './tokens.js';

/** How deep expressions nest at most, parentheses and operators counted. */
const deepest = 1000;

const reserved = new Set(
  'as break const continue else false for function if import in let loop namespace null package return true var void while'.split(
    ' ',
  ),
);

/** What may begin an expression, in the words of cel-go's parser. */
const starts =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

/** Operators of two operands, those that bind least first. */
const levels: readonly (readonly string[])[] = [
  ['<', '<=', '>', '>=', '==', '!=', 'in'],
  ['+', '-'],
  ['*', '/', '%'],
];

/** Macros by the number of their arguments. */
const walks: Readonly<Record<string, readonly number[]>> = {
  all: [2, 3],
  exists: [2, 3],
  exists_one: [2],
  existsOne: [3],
  map: [2, 3],
  filter: [2],
  transformList: [3, 4],
  transformMap: [3, 4],
};

/** Reads an expression of CEL. Throws `CelCompileError`. */
export function parse(source: string): Expression {
  return new Parser(source).whole();
}

class Parser {
  readonly #source: string;
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(source: string) {
    this.#source = source;
    this.#tokens = tokenize(source);
  }

  whole(): Expression {
    const expression = this.#choice();
    if (this.#token().form !== 'end') throw this.#unexpected();
    return expression;
  }

  #token(): Token {
    return this.#tokens[this.#next] ?? { at: this.#source.length, form: 'end', text: '' };
  }

  #fail(at: number, message: string): CelCompileError {
    return new CelCompileError(this.#source, [{ at, message }]);
  }

  #unexpected(expecting = ''): CelCompileError {
    const { at, form, text } = this.#token();
    return this.#fail(at, `Syntax error: mismatched input '${form === 'end' ? '<EOF>' : text}'${expecting}`);
  }

  /** Takes the next token when it is this sign. */
  #take(text: string): boolean {
    const token = this.#token();
    if ((token.form !== 'sign' && text !== 'in') || token.form === 'literal' || token.text !== text) return false;
    this.#next += 1;
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) throw this.#unexpected();
  }

  #name(): string {
    const token = this.#token();
    if (token.form !== 'name' || reserved.has(token.text)) throw this.#unexpected();
    this.#next += 1;
    return token.text;
  }

  /** Reads a part that is one deeper than what it is in. */
  #deeper<T>(read: () => T): T {
    const before = this.#depth;
    this.#descend();
    const part = read();
    this.#depth = before;
    return part;
  }

  #descend(): void {
    if (++this.#depth > deepest) throw this.#fail(this.#token().at, `expression recursion limit exceeded: ${deepest}`);
  }

  #choice(): Expression {
    return this.#deeper(() => {
      const condition = this.#either();
      const { at } = this.#token();
      if (!this.#take('?')) return condition;
      const then = this.#either();
      this.#expect(':');
      return { op: 'choice', at, condition, then, otherwise: this.#choice() };
    });
  }

  #either(): Expression {
    return this.#sides('or', '||', () => this.#sides('and', '&&', () => this.#binary(0)));
  }

  /** However many sides there are, they are no deeper than two. */
  #sides(op: 'and' | 'or', sign: string, read: () => Expression): Expression {
    const first = read();
    const { at } = this.#token();
    const sides = [first];
    while (this.#take(sign)) sides.push(read());
    return sides.length === 1 ? first : { op, at, sides };
  }

  #binary(level: number): Expression {
    const operators = levels[level];
    if (!operators) return this.#unary();
    return this.#deeper(() => {
      let left = this.#binary(level + 1);
      for (;;) {
        const { at } = this.#token();
        const operator = operators.find((text) => this.#take(text));
        if (operator === undefined) return left;
        this.#descend();
        const name = operator === 'in' ? '@in' : `_${operator}_`;
        left = { op: 'call', at, name, args: [left, this.#binary(level + 1)] };
      }
    });
  }

  #unary(): Expression {
    const { at } = this.#token();
    const sign = ['!', '-'].find((text) => this.#take(text));
    if (sign === undefined) return this.#suffixes(this.#primary());
    const token = this.#token();
    const { value } = token.form === 'literal' ? token : { value: undefined };
    if (sign === '-' && (typeof value === 'bigint' || typeof value === 'number')) {
      this.#next += 1;
      return this.#suffixes({ op: 'literal', at, value: -value });
    }
    return { op: 'call', at, name: sign === '!' ? '!_' : '-_', args: [this.#deeper(() => this.#unary())] };
  }

  #suffixes(start: Expression): Expression {
    return this.#deeper(() => {
      let of = start;
      for (;;) {
        const { at } = this.#token();
        const optional = this.#take('.?');
        if (optional || this.#take('.')) {
          const field = this.#name();
          const { at: call } = this.#token();
          if (!optional && this.#take('(')) of = this.#method(of, field, call);
          else of = { op: 'field', at, of, field, optional, test: false };
        } else {
          const maybe = this.#take('[?');
          if (!maybe && !this.#take('[')) return of;
          of = { op: 'index', at, of, index: this.#choice(), optional: maybe };
          this.#expect(']');
        }
        this.#descend();
      }
    });
  }

  #arguments(): Expression[] {
    const args: Expression[] = [];
    if (this.#take(')')) return args;
    do args.push(this.#choice());
    while (this.#take(','));
    this.#expect(')');
    return args;
  }

  #variable(from: Expression | undefined): string {
    if (from?.op === 'name') return from.name;
    throw this.#fail(from?.at ?? 0, 'argument must be a simple name');
  }

  #method(target: Expression, name: string, at: number): Expression {
    const args = this.#arguments();
    const [first, second, third, fourth] = args;
    if ((name === 'optMap' || name === 'optFlatMap') && args.length === 2 && second) {
      const variable = this.#variable(first);
      return { op: 'optionalMap', at, of: target, variable, body: second, flat: name === 'optFlatMap' };
    }
    if (!walks[name]?.includes(args.length) || !second) return { op: 'call', at, name, target, args };
    const walk: Walk = name === 'existsOne' ? 'exists_one' : (name as Walk);
    const variables = [this.#variable(first)];
    if (walk === 'map' || args.length === 2) {
      const body = third ?? second;
      return { op: 'walk', at, walk, of: target, variables, ...(third ? { condition: second } : {}), body };
    }
    variables.push(this.#variable(second));
    const body = fourth ?? third ?? second;
    return { op: 'walk', at, walk, of: target, variables, ...(fourth && third ? { condition: third } : {}), body };
  }

  #primary(): Expression {
    const token = this.#token();
    const { at } = token;
    if (token.form === 'literal') {
      this.#next += 1;
      return { op: 'literal', at, value: token.value };
    }
    if (this.#take('(')) {
      const inner = this.#choice();
      this.#expect(')');
      return inner;
    }
    if (this.#take('[?')) return this.#list(at, true);
    if (this.#take('[')) return this.#list(at, false);
    if (this.#take('{')) return this.#map(at);
    if (token.form === 'name' && ['true', 'false', 'null'].includes(token.text)) {
      this.#next += 1;
      return { op: 'literal', at, value: token.text === 'null' ? null : token.text === 'true' };
    }
    this.#take('.');
    if (this.#token().form !== 'name') throw this.#unexpected(` expecting ${starts}`);
    const name = this.#name();
    const { at: call } = this.#token();
    if (!this.#take('(')) return { op: 'name', at, name };
    const args = this.#arguments();
    const [only] = args;
    if (name !== 'has' || args.length !== 1 || !only) return { op: 'call', at: call, name, args };
    if (only.op !== 'field' || only.test) throw this.#fail(call, 'invalid argument to has() macro');
    return { ...only, at: call, test: true };
  }

  /** @param marked whether the first item is optional: its sign is one with the bracket */
  #list(at: number, marked: boolean): Expression {
    const items: { value: Expression; optional: boolean }[] = [];
    let first = marked;
    while (first || !this.#take(']')) {
      items.push({ optional: first || this.#take('?'), value: this.#choice() });
      first = false;
      if (this.#take(',')) continue;
      this.#expect(']');
      break;
    }
    return { op: 'list', at, items };
  }

  #map(at: number): Expression {
    const entries: { key: Expression; value: Expression; optional: boolean }[] = [];
    while (!this.#take('}')) {
      const optional = this.#take('?');
      const key = this.#choice();
      this.#expect(':');
      entries.push({ optional, key, value: this.#choice() });
      if (this.#take(',')) continue;
      this.#expect('}');
      break;
    }
    return { op: 'map', at, entries };
  }
}
