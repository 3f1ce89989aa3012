import type { ListTree, MapTree, Tree } from './tree.js';
import type { Path } from './path.js';

interface RuleNode<T> {
  readonly next: Map<string, RuleNode<T>>;
  rule: T | undefined;
}

/**
 * Rules by path pattern, where `*` stands for any key or index. A walk carries its position in the table along, so that a value's
 * rule is known without matching patterns against whole paths. An exact step is preferred to `*`.
 */
export interface PathRules<T> {
  readonly nodes: readonly RuleNode<T>[];
  /** Positions one step further, by the steps that the patterns name; there are no more of them than patterns. */
  readonly steps: Map<string, PathRules<T>>;
}

export function pathRules<T>(table: Readonly<Record<string, T>>): PathRules<T> {
  const root: RuleNode<T> = { next: new Map(), rule: undefined };
  for (const [pattern, rule] of Object.entries(table)) {
    let node = root;
    for (const step of pattern === '' ? [] : pattern.split('.')) {
      let next = node.next.get(step);
      if (next === undefined) {
        next = { next: new Map(), rule: undefined };
        node.next.set(step, next);
      }
      node = next;
    }
    node.rule = rule;
  }
  return { nodes: [root], steps: new Map() };
}

export function descend<T>(rules: PathRules<T>, step: string | number): PathRules<T> {
  const named = typeof step === 'string' && rules.nodes.some((node) => node.next.has(step)) ? step : '*';
  let found = rules.steps.get(named);
  if (found === undefined) {
    const nodes = rules.nodes.flatMap((node) => {
      const [exact, any] = [node.next.get(named), node.next.get('*')];
      return [...(exact === undefined ? [] : [exact]), ...(any === undefined || any === exact ? [] : [any])];
    });
    found = { nodes, steps: new Map() };
    rules.steps.set(named, found);
  }
  return found;
}

export function ruleAt<T>(rules: PathRules<T>): T | undefined {
  for (const node of rules.nodes) if (node.rule !== undefined) return node.rule;
  return undefined;
}

/** Whether no pattern names anything here or further in. */
export function isBeyond<T>(rules: PathRules<T>): boolean {
  return rules.nodes.length === 0;
}

/** Makes a new value of one that a pattern names; `undefined` takes it out of its mapping or list. */
export type Rewrite = (tree: Tree, path: Path) => Tree | undefined;

/** Applies the rules from the leaves up: a rule sees its value with the rules below already applied. Untouched parts are shared. */
export function rewrite(tree: Tree, rules: PathRules<Rewrite>, path: Path = []): Tree | undefined {
  if (isBeyond(rules)) return tree;
  const inside = tree.kind === 'scalar' ? tree : rewriteInside(tree, rules, path);
  const rule = ruleAt(rules);
  return rule === undefined ? inside : rule(inside, path);
}

function rewriteInside(tree: MapTree | ListTree, rules: PathRules<Rewrite>, path: Path): Tree {
  if (tree.kind === 'list') {
    const below = descend(rules, 0);
    if (isBeyond(below)) return tree;
    const items: Tree[] = [];
    let changed = false;
    tree.items.forEach((item, index) => {
      const made = rewrite(item, below, [...path, index]);
      if (made !== item) changed = true;
      if (made !== undefined) items.push(made);
    });
    return changed ? { ...tree, items } : tree;
  }
  let entries: Map<string, Tree> | undefined;
  for (const [key, value] of tree.entries) {
    const below = descend(rules, key);
    if (isBeyond(below)) continue;
    const made = rewrite(value, below, [...path, key]);
    if (made === value) continue;
    entries ??= new Map(tree.entries);
    if (made === undefined) entries.delete(key);
    else entries.set(key, made);
  }
  return entries === undefined ? tree : { ...tree, entries };
}

/** Calls back for each value that a pattern names, outermost first. */
export function visit<T>(
  tree: Tree,
  rules: PathRules<T>,
  visitor: (rule: T, tree: Tree, path: Path) => void,
  path: Path = [],
): void {
  if (isBeyond(rules)) return;
  const rule = ruleAt(rules);
  if (rule !== undefined) visitor(rule, tree, path);
  if (tree.kind === 'list') {
    const below = descend(rules, 0);
    if (!isBeyond(below)) tree.items.forEach((item, index) => visit(item, below, visitor, [...path, index]));
  } else if (tree.kind === 'map') {
    for (const [key, value] of tree.entries) {
      const below = descend(rules, key);
      if (!isBeyond(below)) visit(value, below, visitor, [...path, key]);
    }
  }
}
