import type { Value } from './value.js';

/** The macros that walk over a list or a map. */
export type Walk = 'all' | 'exists' | 'exists_one' | 'map' | 'filter' | 'transformList' | 'transformMap';

/** A parsed expression. `at` is where it stands in the text. */
export type Expression = { readonly at: number } & (
  | { readonly op: 'literal'; readonly value: Value }
  | { readonly op: 'name'; readonly name: string }
  /** `of.field`, `of.?field`, and `has(of.field)` */
  | {
      readonly op: 'field';
      readonly of: Expression;
      readonly field: string;
      readonly optional: boolean;
      readonly test: boolean;
    }
  | { readonly op: 'index'; readonly of: Expression; readonly index: Expression; readonly optional: boolean }
  /** A function, a method of `target`, or an operator by its name in cel-go: `_+_`. */
  | { readonly op: 'call'; readonly name: string; readonly target?: Expression; readonly args: readonly Expression[] }
  | { readonly op: 'and' | 'or'; readonly sides: readonly Expression[] }
  | { readonly op: 'choice'; readonly condition: Expression; readonly then: Expression; readonly otherwise: Expression }
  | { readonly op: 'list'; readonly items: readonly { readonly value: Expression; readonly optional: boolean }[] }
  | {
      readonly op: 'map';
      readonly entries: readonly {
        readonly key: Expression;
        readonly value: Expression;
        readonly optional: boolean;
      }[];
    }
  | {
      readonly op: 'walk';
      readonly walk: Walk;
      readonly of: Expression;
      /** One, or two: of a list its index and item, of a map its key and value. */
      readonly variables: readonly string[];
      readonly condition?: Expression;
      readonly body: Expression;
    }
  /** `of.optMap(variable, body)`, or with `flat` `of.optFlatMap(variable, body)` */
  | {
      readonly op: 'optionalMap';
      readonly of: Expression;
      readonly variable: string;
      readonly body: Expression;
      readonly flat: boolean;
    }
);
