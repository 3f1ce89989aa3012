import { pathRules, rewrite, type Rewrite } from '../tree/path-rules.js';
import { entry, printScalar, textOf, type Tree } from '../tree/tree.js';
import { parseVolume } from '../canonical/volume.js';

type KeyOf = (item: Tree) => string | undefined;

const name: KeyOf = (item) => textOf(item)?.split('=', 1)[0];
const whole: KeyOf = (item) => (item.kind === 'scalar' ? printScalar(item) : undefined);

const mountTarget: KeyOf = (item) => {
  const text = textOf(item);
  if (text === undefined) return textOf(entry(item, 'target'));
  const parsed = parseVolume(text);
  return typeof parsed === 'string' ? undefined : parsed.target;
};

const deviceTarget: KeyOf = (item) => {
  const text = textOf(item);
  if (text === undefined) return textOf(entry(item, 'target'));
  const parts = text.split(':');
  return parts[1] ?? parts[0];
};

const envFile: KeyOf = (item) => textOf(item) ?? textOf(entry(item, 'path'));

function grant(folder: string): KeyOf {
  return (item) => {
    const text = textOf(item);
    if (text !== undefined) return `${folder}/${text}`;
    return textOf(entry(item, 'target')) ?? `${folder}/${textOf(entry(item, 'source')) ?? ''}`;
  };
}

const port: KeyOf = (item) => {
  if (item.kind === 'scalar') return printScalar(item);
  const field = (key: string, otherwise: string): string => {
    const value = entry(item, key);
    return value?.kind === 'scalar' ? `${typeof value.value}:${printScalar(value)}` : otherwise;
  };
  if (entry(item, 'target') === undefined) return undefined;
  const host = field('host_ip', 'string:0.0.0.0');
  // A number and a text, and none and an empty one, are different here in docker compose.
  return `${host}:${field('published', 'none')}:${field('target', '')}/${field('protocol', 'string:tcp')}`;
};

/** The later of two items with one key takes the place of the earlier. Items without a key stay, for the schema check to see. */
function keepLast(keyOf: KeyOf): Rewrite {
  return (tree) => {
    if (tree.kind !== 'list') return tree;
    const items: Tree[] = [];
    const places = new Map<string, number>();
    for (const item of tree.items) {
      const key = keyOf(item);
      const place = key === undefined ? undefined : places.get(key);
      if (place !== undefined) {
        items[place] = item;
        continue;
      }
      if (key !== undefined) places.set(key, items.length);
      items.push(item);
    }
    return items.length === tree.items.length ? tree : { ...tree, items };
  };
}

/** Lists whose items have a key (specification notes, A4). */
const rules = pathRules<Rewrite>({
  'networks.*.labels': keepLast(name),
  'networks.*.ipam.options': keepLast(name),
  'services.*.annotations': keepLast(name),
  'services.*.build.args': keepLast(name),
  'services.*.build.additional_contexts': keepLast(name),
  'services.*.build.tags': keepLast(name),
  'services.*.build.labels': keepLast(name),
  'services.*.cap_add': keepLast(name),
  'services.*.cap_drop': keepLast(name),
  'services.*.configs': keepLast(grant('')),
  'services.*.deploy.labels': keepLast(name),
  'services.*.devices': keepLast(deviceTarget),
  'services.*.dns': keepLast(name),
  'services.*.dns_opt': keepLast(name),
  'services.*.dns_search': keepLast(name),
  'services.*.environment': keepLast(name),
  'services.*.env_file': keepLast(envFile),
  'services.*.expose': keepLast(whole),
  'services.*.labels': keepLast(name),
  'services.*.links': keepLast(name),
  'services.*.networks.*.aliases': keepLast(name),
  'services.*.networks.*.link_local_ips': keepLast(name),
  'services.*.ports': keepLast(port),
  'services.*.profiles': keepLast(name),
  'services.*.secrets': keepLast(grant('/run/secrets')),
  'services.*.sysctls': keepLast(name),
  'services.*.tmpfs': keepLast(name),
  'services.*.volumes': keepLast(mountTarget),
});

export function dropRepeats(tree: Tree): Tree {
  return rewrite(tree, rules) ?? tree;
}
