import { pathRules, rewrite, type Rewrite } from '../tree/path-rules.js';
import { printScalar, scalar, withEntry, type Scalar, type Tree } from '../tree/tree.js';

function setDefault(key: string, value: Scalar): Rewrite {
  return (tree) => (tree.kind !== 'map' || tree.entries.has(key) ? tree : withEntry(tree, key, scalar(value, tree.at)));
}

const secretTarget: Rewrite = (tree) => {
  if (tree.kind !== 'map' || tree.entries.has('target')) return tree;
  const source = tree.entries.get('source');
  const name = source?.kind === 'scalar' ? printScalar(source) : '';
  return withEntry(tree, 'target', scalar(`/run/secrets/${name}`, tree.at));
};

const port: Rewrite = (tree, path) => {
  const made = setDefault('protocol', 'tcp')(tree, path);
  return made === undefined ? made : setDefault('mode', 'ingress')(made, path);
};

const device: Rewrite = (tree) =>
  tree.kind !== 'map' || tree.entries.has('count') || tree.entries.has('device_ids')
    ? tree
    : withEntry(tree, 'count', scalar('all', tree.at));

/** What is so when nothing is said (specification notes, A8). */
const rules = pathRules<Rewrite>({
  'services.*.build': setDefault('context', '.'),
  'services.*.secrets.*': secretTarget,
  'services.*.ports.*': port,
  'services.*.deploy.resources.reservations.devices.*': device,
  'services.*.gpus.*': device,
  'services.*.volumes.*.bind': setDefault('create_host_path', true),
});

export function setDefaults(tree: Tree): Tree {
  return rewrite(tree, rules) ?? tree;
}
