import type { Findings } from '../diagnostics/compose-error.js';
import { printDotted, type Path, type Steps } from '../tree/path.js';
import type { Place } from '../tree/place.js';
import {
  keyPlace,
  printScalar,
  toPlain,
  type ListTree,
  type MapTree,
  type ScalarTree,
  type Tree,
} from '../tree/tree.js';
import { composeSchema } from './compose-schema.js';
import type { ListShape, MapShape, ScalarShape, ScalarType, Shape } from './shape.js';
import { similar } from './similar.js';

/** Holds a document against the Compose schema. Every difference is a finding, with the place it is written at. */
export function checkSchema(tree: Tree, findings: Findings): void {
  check(tree, composeSchema, [], findings);
}

interface Details {
  readonly hint?: string | undefined;
  /** The key that is wrong, of the mapping at the path. */
  readonly key?: string;
}

function report(findings: Findings, path: Path, text: string, at: Place, { hint, key }: Details = {}): void {
  const where = printDotted(path);
  const sentence = where === '' ? text : `${where} ${text}`;
  const wrong = key === undefined ? {} : { wrong: [...path, key] };
  findings.error({ code: 'schema', text: sentence, path, sentence: true, at, hint, ...wrong });
}

function check(tree: Tree, shape: Shape, path: Steps, findings: Findings): void {
  if (shape.kind === 'any') return;
  const candidates = shape.kind === 'choice' ? shape.shapes : [shape];
  for (const candidate of candidates) {
    if (candidate.kind === 'list' && tree.kind === 'list') return checkList(tree, candidate, path, findings);
    if (candidate.kind === 'map' && tree.kind === 'map') return checkMap(tree, candidate, path, findings);
    if (candidate.kind === 'scalar' && tree.kind === 'scalar' && candidate.types.some((type) => isOf(tree, type))) {
      return checkScalar(tree, candidate, path, findings);
    }
  }
  report(findings, path, `must be a ${printTypes(candidates)}`, tree.at);
}

function printTypes(shapes: readonly (ScalarShape | ListShape | MapShape)[]): string {
  const types = shapes.flatMap((shape): readonly string[] => {
    if (shape.kind === 'list') return ['array'];
    if (shape.kind === 'map') return ['mapping'];
    return shapes.length === 1 ? [...shape.types].sort() : shape.types;
  });
  const last = types.at(-1) ?? '';
  return types.length < 2 ? last : `${types.slice(0, -1).join(', ')} or ${last}`;
}

function isOf(tree: ScalarTree, type: ScalarType): boolean {
  switch (type) {
    case 'null':
      return tree.value === null;
    case 'integer':
      return typeof tree.value === 'number' && Number.isInteger(tree.value);
    default:
      return typeof tree.value === type;
  }
}

function checkScalar(tree: ScalarTree, shape: ScalarShape, path: Path, findings: Findings): void {
  const { value } = tree;
  if (typeof value === 'string') {
    if (shape.values !== undefined && !shape.values.includes(value)) {
      const choices = shape.values.map((one) => `'${one}'`).join(', ');
      const near = similar(value, shape.values);
      const text = shape.values.length === 1 ? `value must be ${choices}` : `value must be one of ${choices}`;
      report(findings, path, text, tree.at, { hint: near === undefined ? undefined : `did you mean ${near}?` });
    }
    if (shape.pattern !== undefined && !new RegExp(shape.pattern).test(value)) {
      report(findings, path, `'${value}' does not match pattern '${shape.pattern}'`, tree.at);
    }
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) report(findings, path, `${printScalar(tree)} is no number that can be used`, tree.at);
    if (shape.least !== undefined && value < shape.least) {
      report(findings, path, `must be greater than or equal to ${shape.least}`, tree.at);
    }
    if (shape.most !== undefined && value > shape.most) {
      report(findings, path, `must be less than or equal to ${shape.most}`, tree.at);
    }
  }
}

function checkList(tree: ListTree, shape: ListShape, path: Steps, findings: Findings): void {
  tree.items.forEach((item, index) => {
    path.push(index);
    check(item, shape.item, path, findings);
    path.pop();
  });
  if (!shape.distinct) return;
  const seen = new Map<string, number>();
  tree.items.forEach((item, index) => {
    const key = item.kind === 'scalar' ? `${typeof item.value}:${printScalar(item)}` : JSON.stringify(toPlain(item));
    const earlier = seen.get(key);
    if (earlier !== undefined) report(findings, path, `items at ${earlier} and ${index} are equal`, item.at);
    else seen.set(key, index);
  });
}

function checkBelow(tree: Tree, shape: Shape, key: string, path: Steps, findings: Findings): void {
  path.push(key);
  check(tree, shape, path, findings);
  path.pop();
}

function checkMap(tree: MapTree, shape: MapShape, path: Steps, findings: Findings): void {
  for (const name of shape.required) {
    if (!tree.entries.has(name)) report(findings, path, `missing property '${name}'`, tree.at);
  }
  for (const [key, value] of tree.entries) {
    const field = Object.hasOwn(shape.fields, key) ? shape.fields[key] : undefined;
    if (field !== undefined) checkBelow(value, field, key, path, findings);
    else if (shape.extensible && key.startsWith('x-')) continue;
    else if (shape.names?.pattern.test(key) === true) checkBelow(value, shape.names.shape, key, path, findings);
    else if (!shape.open) {
      // Who has a hundred errors has another problem than spelling.
      const near = findings.errors.length < 100 ? similar(key, Object.keys(shape.fields)) : undefined;
      const hint = near === undefined ? undefined : `did you mean ${near}?`;
      report(findings, path, `additional properties '${key}' not allowed`, keyPlace(tree, key), { hint, key });
    }
  }
}
