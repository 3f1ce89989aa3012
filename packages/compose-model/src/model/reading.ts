import { maskedPlace } from '../diagnostics/mask.js';
import type { Findings } from '../diagnostics/compose-error.js';
import { printBound, type Steps } from '../tree/path.js';
import { isFraction, printScalar, type ScalarTree, type Tree } from '../tree/tree.js';

/** Where a value stands, and where to say what is wrong with it. */
export interface Reading {
  /** Lengthened and shortened on the way: whoever keeps it makes a copy. */
  readonly path: Steps;
  readonly findings: Findings;
}

/** How a value of the model is read from its canonical tree, and printed as docker compose prints it. */
export interface Codec<T> {
  /** `undefined` for a value that the model leaves out. */
  read(tree: Tree, reading: Reading): T | undefined;
  print(value: T): unknown;
}

export function wrong(tree: Tree, { path, findings }: Reading, text: string): undefined {
  findings.error({
    code: 'convert',
    text: `'${printBound(path)}' ${text}`,
    path,
    sentence: true,
    at: maskedPlace(tree),
  });
  return undefined;
}

export function asText(tree: Tree): string | undefined {
  return tree.kind === 'scalar' && tree.value !== null ? printScalar(tree) : undefined;
}

/** The names that docker compose's messages have for the types of values. */
export function typeOf(tree: ScalarTree): string {
  if (typeof tree.value !== 'number') return typeof tree.value === 'boolean' ? 'bool' : 'string';
  return isFraction(tree) ? 'float64' : 'int';
}

/** A value that the schema allows and the model does not take, which docker compose refuses as well. */
export function unfit(tree: ScalarTree, reading: Reading, type: string): undefined {
  return wrong(tree, reading, `expected type '${type}', got unconvertible type '${typeOf(tree)}'`);
}

/** Text; a whole number is text too. */
export function strictText(tree: Tree, reading: Reading): string | undefined {
  if (tree.kind !== 'scalar' || tree.value === null) return undefined;
  const type = typeOf(tree);
  return type === 'string' || type === 'int' ? printScalar(tree) : unfit(tree, reading, 'string');
}
