/** Types of the JSON schema, in the words of docker compose's messages. */
export type ScalarType = 'boolean' | 'integer' | 'null' | 'number' | 'string';

export interface ScalarShape {
  readonly kind: 'scalar';
  readonly types: readonly ScalarType[];
  readonly values?: readonly string[];
  readonly pattern?: string;
  /** Bounds of numbers; text is not held against them. */
  readonly least?: number;
  readonly most?: number;
}

export interface ListShape {
  readonly kind: 'list';
  readonly item: Shape;
  readonly distinct: boolean;
}

export interface MapShape {
  readonly kind: 'map';
  readonly fields: Readonly<Record<string, Shape>>;
  readonly required: readonly string[];
  /** Shape of entries whose key matches; `undefined` when only the fields are allowed. */
  readonly names: { readonly pattern: RegExp; readonly shape: Shape } | undefined;
  /** Keys that start with `x-` may hold anything. */
  readonly extensible: boolean;
  /** Other keys may hold anything as well. */
  readonly open: boolean;
}

/** Several shapes of different kinds: the kind of a value chooses. */
export interface ChoiceShape {
  readonly kind: 'choice';
  readonly shapes: readonly (ScalarShape | ListShape | MapShape)[];
}

export type Shape = ScalarShape | ListShape | MapShape | ChoiceShape | { readonly kind: 'any' };

export const any: Shape = { kind: 'any' };

export function of(...types: ScalarType[]): ScalarShape {
  return { kind: 'scalar', types };
}

export const text = of('string');
export const flag = of('boolean', 'string');
export const count = of('integer', 'string');
export const amount = of('number', 'string');

export function oneOf(...values: string[]): ScalarShape {
  return { kind: 'scalar', types: ['string'], values };
}

export function listOf(item: Shape): ListShape {
  return { kind: 'list', item, distinct: false };
}

export function distinct(item: Shape): ListShape {
  return { kind: 'list', item, distinct: true };
}

export function record(fields: Readonly<Record<string, Shape>>, ...required: string[]): MapShape {
  return { kind: 'map', fields, required, names: undefined, extensible: true, open: false };
}

/** A record that allows no `x-` keys. */
export function closed(fields: Readonly<Record<string, Shape>>, ...required: string[]): MapShape {
  return { ...record(fields, ...required), extensible: false };
}

export function mapOf(shape: Shape, pattern = /^[^]+$/): MapShape {
  return { kind: 'map', fields: {}, required: [], names: { pattern, shape }, extensible: false, open: false };
}

/** A mapping whose entries have a shape where their key matches, and anything elsewhere. */
export function openMapOf(shape: Shape, pattern = /^[^]+$/): MapShape {
  return { ...mapOf(shape, pattern), open: true };
}

export function choice(...shapes: (ScalarShape | ListShape | MapShape)[]): ChoiceShape {
  return { kind: 'choice', shapes };
}
