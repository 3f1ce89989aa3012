import { maskedAt } from '../diagnostics/mask.js';
import type { Findings } from '../diagnostics/compose-error.js';
import { descend, pathRules, ruleAt, type PathRules } from '../tree/path-rules.js';
import { printPath, type Path } from '../tree/path.js';
import type { Place } from '../tree/place.js';
import { isNull, list, map, printScalar, sameTree, scalar, type MapTree, type Tree } from '../tree/tree.js';

interface Merging {
  readonly findings: Findings;
}

type Merge = (base: Tree, over: Tree, rules: PathRules<Merge>, path: Path, how: Merging) => Tree;

/** Mappings join, key by key. */
function joinMaps(base: MapTree, over: MapTree, rules: PathRules<Merge>, path: Path, how: Merging): MapTree {
  const entries = new Map(base.entries);
  const keys = new Map(base.keys);
  for (const [key, value] of over.entries) {
    const before = entries.get(key);
    const made = before === undefined ? value : mergeAt(before, value, descend(rules, key), [...path, key], how);
    entries.set(key, made);
    const place = over.keys.get(key);
    if (place !== undefined && (made === value || before === undefined)) keys.set(key, place);
  }
  return { ...base, entries, keys };
}

function mergeAt(base: Tree, over: Tree, rules: PathRules<Merge>, path: Path, how: Merging): Tree {
  const rule = ruleAt(rules);
  if (rule !== undefined) return rule(base, over, rules, path, how);
  if (isNull(over)) return base;
  if (base.kind === 'scalar') return over;
  if (base.kind === 'map' && over.kind === 'map') return joinMaps(base, over, rules, path, how);
  if (base.kind === 'list' && over.kind === 'list') return list([...base.items, ...over.items], base.at);
  how.findings.error({
    code: 'merge',
    text: `cannot override ${printPath(path)}`,
    path,
    sentence: true,
    at: over.at,
    hint: `a ${base.kind === 'map' ? 'mapping' : 'list'} cannot be merged with a ${over.kind === 'map' ? 'mapping' : over.kind === 'list' ? 'list' : 'value'}`,
  });
  return base;
}

const replace: Merge = (_base, over) => over;

/** `k=v` texts of a mapping sorted by key, a list as it is, a text as a list of one. */
function toItems(tree: Tree): readonly Tree[] {
  if (tree.kind === 'list') return tree.items;
  if (tree.kind === 'scalar') return typeof tree.value === 'string' ? [tree] : [];
  const items: { text: string; at: Place }[] = [];
  for (const [key, value] of tree.entries) {
    const at = maskedAt(tree.keys.get(key) ?? value.at, value.at.masks ?? []);
    if (isNull(value)) items.push({ text: key, at });
    else if (value.kind === 'scalar') items.push({ text: `${key}=${printScalar(value)}`, at });
    else if (value.kind === 'list') {
      for (const item of value.items)
        if (item.kind === 'scalar') items.push({ text: `${key}=${printScalar(item)}`, at });
    } else {
      // A mapping is no value here: it is kept, for the schema check to point at it.
      return [tree];
    }
  }
  items.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
  return items.map(({ text, at }) => scalar(text, at));
}

const append: Merge = (base, over) => list([...toItems(base), ...toItems(over)], base.at);

const appendHosts: Merge = (base, over) => {
  const before = toItems(base);
  const added = toItems(over).filter((item) => !before.some((other) => sameTree(item, other)));
  return list([...before, ...added], base.at);
};

function toMap(tree: Tree, makeValue: (at: Place) => Tree): MapTree {
  if (tree.kind === 'map') return tree;
  if (tree.kind === 'scalar') return map([], tree.at);
  const entries = new Map<string, Tree>();
  const keys = new Map<string, Place>();
  for (const item of tree.items) {
    if (item.kind !== 'scalar') continue;
    entries.set(printScalar(item), makeValue(item.at));
    keys.set(printScalar(item), item.at);
  }
  return map(entries, tree.at, keys);
}

/** A list of names is a mapping whose values are null. */
const joinNames: Merge = (base, over, rules, path, how) => {
  const none = (at: Place): Tree => scalar(null, at);
  return joinMaps(toMap(base, none), toMap(over, none), rules, path, how);
};

const joinDependencies: Merge = (base, over, rules, path, how) => {
  const started = (at: Place): Tree =>
    map(
      [
        ['condition', scalar('service_started', at)],
        ['required', scalar(true, at)],
      ],
      at,
    );
  return joinMaps(toMap(base, started), toMap(over, started), rules, path, how);
};

const joinBuild: Merge = (base, over, rules, path, how) => {
  const toBuild = (tree: Tree): MapTree =>
    tree.kind === 'map' ? tree : map(isNull(tree) ? [] : [['context', tree]], tree.at);
  return joinMaps(toBuild(base), toBuild(over), rules, path, how);
};

const joinLogging: Merge = (base, over, rules, path, how) => {
  if (base.kind !== 'map' || over.kind !== 'map') return isNull(over) ? base : over;
  const [before, after] = [base.entries.get('driver'), over.entries.get('driver')];
  const joined = before === undefined || after === undefined || sameTree(before, after);
  return joined ? joinMaps(base, over, rules, path, how) : over;
};

function subnetOf(pool: Tree): Tree | undefined {
  return pool.kind === 'map' ? pool.entries.get('subnet') : undefined;
}

function sameSubnet(a: Tree, b: Tree): boolean {
  const [one, other] = [subnetOf(a), subnetOf(b)];
  return one === undefined || other === undefined ? one === other : sameTree(one, other);
}

/**
 * Address pools meet by subnet. As in docker compose, each pool of the base meets every pool of the override: the first time with another
 * subnet it is added as it is, after that the two are joined.
 */
const joinPools: Merge = (base, over, rules, path, how) => {
  if (base.kind !== 'list' || over.kind !== 'list') return isNull(over) ? base : over;
  // docker compose refuses an empty list here, when it meets another one.
  if (base.items.length === 0 || over.items.length === 0) return base.items.length === 0 ? over : base;
  const pools: Tree[] = [];
  for (let own of base.items) {
    for (const other of over.items) {
      if (!sameSubnet(own, other) && !pools.some((pool) => sameSubnet(pool, other))) {
        pools.push(other);
        continue;
      }
      if (own.kind !== 'map' || other.kind !== 'map') continue;
      own = joinMaps(own, other, rules, path, how);
      const joined = own;
      const place = pools.findIndex((pool) => sameSubnet(pool, joined));
      if (place >= 0) pools[place] = joined;
      else pools.push(joined);
    }
  }
  return list(pools, base.at);
};

/** Where merging has a rule of its own (specification notes, A4). */
const rules = pathRules<Merge>({
  'networks.*.ipam.config': joinPools,
  'networks.*.labels': append,
  'volumes.*.labels': append,
  'services.*.annotations': append,
  'services.*.build': joinBuild,
  'services.*.build.args': append,
  'services.*.build.additional_contexts': append,
  'services.*.build.extra_hosts': appendHosts,
  'services.*.build.labels': append,
  'services.*.command': replace,
  'services.*.depends_on': joinDependencies,
  'services.*.deploy.labels': append,
  'services.*.dns': append,
  'services.*.dns_opt': append,
  'services.*.dns_search': append,
  'services.*.entrypoint': replace,
  'services.*.env_file': append,
  'services.*.label_file': append,
  'services.*.environment': append,
  'services.*.extra_hosts': appendHosts,
  'services.*.healthcheck.test': replace,
  'services.*.labels': append,
  'services.*.logging': joinLogging,
  'services.*.models': joinNames,
  'services.*.networks': joinNames,
  'services.*.sysctls': append,
  'services.*.tmpfs': append,
  'services.*.ulimits.*': replace,
});

/** Merges an override over a base. Both are whole documents, unless `path` says which part of one they are. */
export function merge(base: Tree, over: Tree, findings: Findings, path: Path = []): Tree {
  let at = rules;
  for (const step of path) at = descend(at, step);
  return mergeAt(base, over, at, path, { findings });
}
