import { maskedAt } from '../diagnostics/mask.js';
import type { Findings } from '../diagnostics/compose-error.js';
import { descend, ruleAt, type PathRules } from '../tree/path-rules.js';
import { printPattern, type Path, type Steps } from '../tree/path.js';
import { scalar, type ScalarTree, type Tree } from '../tree/tree.js';
import { casts, type Cast } from './cast.js';
import { expand, InvalidTemplate, parseTemplate, type Lookup } from './template.js';

interface Interpolation {
  readonly lookup: Lookup;
  readonly findings: Findings;
  readonly operators: boolean;
}

/** How variables are written. */
export interface InterpolationOptions {
  /** False for files of version 1, which know plain variables only. */
  readonly operators?: boolean;
}

/** Replaces the variables in every text of the document, keys apart, and casts the result where the model wants a number or boolean. */
export function interpolate<T extends Tree>(
  tree: T,
  lookup: Lookup,
  findings: Findings,
  options?: InterpolationOptions,
): T;
export function interpolate(
  tree: Tree,
  lookup: Lookup,
  findings: Findings,
  { operators = true }: InterpolationOptions = {},
): Tree {
  return walk(tree, casts, [], { lookup, findings, operators });
}

function walk(tree: Tree, rules: PathRules<Cast>, path: Steps, how: Interpolation): Tree {
  switch (tree.kind) {
    case 'scalar':
      return typeof tree.value === 'string' ? replace(tree, tree.value, ruleAt(rules), path, how) : tree;
    case 'list': {
      const below = descend(rules, 0);
      let changed = false;
      const items = tree.items.map((item, index) => {
        path.push(index);
        const made = walk(item, below, path, how);
        path.pop();
        if (made !== item) changed = true;
        return made;
      });
      return changed ? { ...tree, items } : tree;
    }
    case 'map': {
      let entries: Map<string, Tree> | undefined;
      for (const [key, value] of tree.entries) {
        path.push(key);
        const made = walk(value, descend(rules, key), path, how);
        path.pop();
        if (made !== value) (entries ??= new Map(tree.entries)).set(key, made);
      }
      return entries === undefined ? tree : { ...tree, entries };
    }
  }
}

function hasOperator(text: string): boolean {
  return parseTemplate(text).some((segment) => typeof segment !== 'string' && segment.operator !== undefined);
}

function replace(tree: ScalarTree, text: string, cast: Cast | undefined, path: Path, how: Interpolation): Tree {
  const { findings, lookup } = how;
  if (!text.includes('$') && cast === undefined) return tree;
  const where = (): string => printPattern(path);
  const used = new Map<string, string>();
  const follow: Lookup = (name) => {
    const held = lookup(name);
    if (held !== undefined) used.set(name, held);
    return held;
  };
  let value: string;
  try {
    if (!how.operators && hasOperator(text)) throw new InvalidTemplate(text);
    value = expand(text, follow, (name) => {
      const warning = `The ${JSON.stringify(name)} variable is not set. Defaulting to a blank string.`;
      findings.warn({ code: 'interpolation', text: warning, path, sentence: true, at: tree.at });
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const broken = error instanceof InvalidTemplate;
    findings.error({
      code: 'interpolation',
      text: broken
        ? `invalid interpolation format for ${where()}.\nYou may need to escape any $ with another $.\n${reason}`
        : `error while interpolating ${where()}: ${reason}`,
      path,
      sentence: true,
      at: maskedAt(tree.at, [{ value: '', shown: '', used }]),
    });
    return tree;
  }
  const at = used.size === 0 ? tree.at : maskedAt(tree.at, [{ value, shown: text, used }]);
  if (cast === undefined) return value === text ? tree : scalar(value, at);
  try {
    const warn = (warning: string): void =>
      findings.warn({ code: 'interpolation', text: warning, path, sentence: true, at: tree.at });
    return scalar(cast(value, warn), at);
  } catch (error) {
    // What a variable held may be a secret: then the text of the file is shown, and not the value.
    const said = error instanceof Error ? error.message : String(error);
    const reason = value === text ? said : `the value of ${JSON.stringify(text)} does not fit here`;
    const message = `error while interpolating ${where()}: failed to cast to expected type: ${reason}`;
    findings.error({ code: 'interpolation', text: message, path, sentence: true, at });
    return tree;
  }
}
