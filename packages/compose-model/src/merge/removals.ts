import type { Path } from '../tree/path.js';
import type { MapTree, Tree } from '../tree/tree.js';

/**
 * Takes out of what was merged so far the paths that a later document marks `!reset` or `!override`. An index below a list names
 * nothing: a whole item cannot be taken out of the base (specification notes, A4).
 */
export function removePaths(tree: Tree, paths: readonly Path[], prefix: Path = []): Tree {
  let result = tree;
  for (const path of paths) {
    if (path.length <= prefix.length || !prefix.every((step, index) => path[index] === step)) continue;
    result = removePath(result, path.slice(prefix.length));
  }
  return result;
}

function removePath(tree: Tree, path: Path): Tree {
  const [step, ...rest] = path;
  if (tree.kind !== 'map' || typeof step !== 'string') return tree;
  const value = tree.entries.get(step);
  if (value === undefined) return tree;
  const entries = new Map(tree.entries);
  if (rest.length === 0) entries.delete(step);
  else entries.set(step, removePath(value, rest));
  return { ...tree, entries } satisfies MapTree;
}
