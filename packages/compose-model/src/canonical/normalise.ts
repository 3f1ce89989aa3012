import { maskedAt } from '../diagnostics/mask.js';
import type { Lookup } from '../interpolate/template.js';
import { isNull, list, map, scalar, textOf, withEntries, withEntry, type MapTree, type Tree } from '../tree/tree.js';
import { mapAt } from './canonical.js';
import { cleanPath } from './volume.js';

/**
 * Holds the value of a secret's or config's variable until all files are merged: the schema has no such key, and `content` would be one of
 * two sources.
 */
const heldKey = 'x-#value';

/** Makes the values of variables, which `resolveEnvironment` held, the content of secrets and configs. */
export function revealContent(tree: MapTree): MapTree {
  const reveal = (value: Tree): Tree => {
    const held = value.kind === 'map' ? value.entries.get(heldKey) : undefined;
    if (value.kind !== 'map' || held === undefined) return value;
    return withEntries(value, [
      [heldKey, undefined],
      ['content', held],
    ]);
  };
  return withEntries(
    tree,
    ['secrets', 'configs'].map((section) => [section, eachEntry(tree.entries.get(section), reveal)]),
  );
}

/** Takes the values of bare names in `environment` lists, secrets and configs from the surroundings. */
export function resolveEnvironment(tree: MapTree, lookup: Lookup): MapTree {
  const service = (value: Tree): Tree => {
    const environment = value.kind === 'map' ? value.entries.get('environment') : undefined;
    if (value.kind !== 'map' || environment?.kind !== 'list') return value;
    return withEntry(value, 'environment', resolveBare(environment, lookup, true));
  };
  const content = (value: Tree): Tree => {
    const variable = value.kind === 'map' ? textOf(value.entries.get('environment')) : undefined;
    const found = variable === undefined ? undefined : lookup(variable);
    return value.kind !== 'map' || found === undefined
      ? value
      : withEntry(value, heldKey, scalar(found, maskedAt(value.at, [{ value: found, shown: `\${${variable}}` }])));
  };
  return withEntries(tree, [
    ['services', eachEntry(tree.entries.get('services'), service)],
    ['secrets', eachEntry(tree.entries.get('secrets'), content)],
    ['configs', eachEntry(tree.entries.get('configs'), content)],
  ]);
}

function eachEntry(tree: Tree | undefined, change: (value: Tree, key: string) => Tree): Tree | undefined {
  if (tree?.kind !== 'map') return tree;
  return withEntries(
    tree,
    Array.from(tree.entries, ([key, value]) => [key, change(value, key)] as const),
  );
}

/** Values for names that have none; names that are not set stay, or go when `keep` is false. */
function resolveBare(tree: Tree, lookup: Lookup, keep: boolean): Tree {
  if (tree.kind === 'list') {
    const items = tree.items.flatMap((item): readonly Tree[] => {
      const name = textOf(item);
      if (name === undefined || name.includes('=')) return [item];
      const value = lookup(name);
      if (value !== undefined)
        return [scalar(`${name}=${value}`, maskedAt(item.at, [{ value, shown: `\${${name}}` }]))];
      return keep ? [item] : [];
    });
    return list(items, tree.at);
  }
  if (tree.kind !== 'map') return tree;
  const changes = Array.from(tree.entries, ([name, value]): readonly [string, Tree | undefined] => {
    if (!isNull(value)) return [name, value];
    const found = lookup(name);
    return [
      name,
      found !== undefined
        ? scalar(found, maskedAt(value.at, [{ value: found, shown: `\${${name}}` }]))
        : keep
          ? value
          : undefined,
    ];
  });
  return withEntries(tree, changes);
}

/** Fills in what the model implies: networks, dependencies, resource names, values from the surroundings (specification notes, A8). */
export function normalise(tree: MapTree, projectName: string, lookup: Lookup): MapTree {
  const services = tree.entries.get('services');
  let usesDefault = false;
  const made = eachEntry(services, (service) => {
    if (service.kind !== 'map') return service;
    const joined = joinDefaultNetwork(service);
    const networks = joined.entries.get('networks');
    const own = !service.entries.has('network_mode') && !service.entries.has('provider');
    if (own && networks?.kind === 'map' && networks.entries.has('default')) usesDefault = true;
    return normaliseService(joined, lookup);
  });
  let whole = withEntry(tree, 'services', made);
  if (usesDefault) {
    const networks = tree.entries.get('networks');
    const at = tree.at;
    if (networks?.kind !== 'map') whole = withEntry(whole, 'networks', map([['default', scalar(null, at)]], at));
    else if (!networks.entries.has('default')) {
      whole = withEntry(whole, 'networks', withEntry(networks, 'default', scalar(null, networks.at)));
    }
  }
  return withEntries(
    whole,
    ['networks', 'volumes', 'configs', 'secrets'].map((section) => [
      section,
      eachEntry(whole.entries.get(section), (resource, key) => nameResource(resource, key, projectName)),
    ]),
  );
}

function nameResource(tree: Tree, key: string, projectName: string): Tree {
  const resource = tree.kind === 'map' ? tree : map([], tree.at);
  const name = resource.entries.get('name');
  if (name !== undefined && !isNull(name)) return resource;
  const external = resource.entries.get('external');
  const taken = external?.kind === 'scalar' && /^(true|1|t)$/i.test(String(external.value));
  return withEntry(resource, 'name', scalar(taken ? key : `${projectName}_${key}`, resource.at));
}

function joinDefaultNetwork(service: MapTree): MapTree {
  if (service.entries.has('network_mode') || service.entries.has('provider')) return service;
  const networks = service.entries.get('networks');
  if (networks !== undefined && !(networks.kind === 'map' && networks.entries.size === 0)) return service;
  return withEntry(service, 'networks', map([['default', scalar(null, service.at)]], service.at));
}

function normaliseService(service: MapTree, lookup: Lookup): MapTree {
  const changes: [string, Tree | undefined][] = [];
  const policy = service.entries.get('pull_policy');
  if (policy !== undefined && textOf(policy) === 'if_not_present')
    changes.push(['pull_policy', scalar('missing', policy.at)]);
  const build = service.entries.get('build');
  if (build?.kind === 'map') changes.push(['build', normaliseBuild(build, lookup)]);
  const environment = service.entries.get('environment');
  if (environment !== undefined) changes.push(['environment', resolveBare(environment, lookup, true)]);
  const volumes = service.entries.get('volumes');
  if (volumes?.kind === 'list') {
    const items = volumes.items.map((mount) => {
      const target = mount.kind === 'map' ? mount.entries.get('target') : undefined;
      if (mount.kind !== 'map' || target === undefined) return mount;
      return withEntry(mount, 'target', scalar(cleanPath(textOf(target) ?? ''), target.at));
    });
    changes.push(['volumes', list(items, volumes.at)]);
  }
  changes.push(['depends_on', implyDependencies(service)]);
  const hooks = service.entries.get('pre_start');
  const image = service.entries.get('image');
  if (hooks?.kind === 'list' && image !== undefined && (textOf(image) ?? '') !== '') {
    const items = hooks.items.map((hook) =>
      hook.kind !== 'map' || hook.entries.has('image') ? hook : withEntry(hook, 'image', image),
    );
    changes.push(['pre_start', list(items, hooks.at)]);
  }
  return withEntries(service, changes);
}

function normaliseBuild(build: MapTree, lookup: Lookup): MapTree {
  const changes: [string, Tree][] = [];
  const absent = (key: string): boolean => {
    const value = build.entries.get(key);
    return value === undefined || isNull(value);
  };
  if (absent('context')) changes.push(['context', scalar('.', build.at)]);
  if (absent('dockerfile') && absent('dockerfile_inline')) changes.push(['dockerfile', scalar('Dockerfile', build.at)]);
  const args = build.entries.get('args');
  if (args !== undefined) changes.push(['args', resolveBare(args, lookup, false)]);
  return withEntries(build, changes);
}

/** Links, shared namespaces and `volumes_from` make a service depend on another, unless it says so itself. */
function implyDependencies(service: MapTree): Tree | undefined {
  const stated = service.entries.get('depends_on');
  const implied = new Map<string, Tree>();
  const imply = (name: string, restart: boolean, cause: Tree): void => {
    if (stated?.kind === 'map' && stated.entries.has(name)) return;
    if (implied.has(name)) return;
    implied.set(name, mapAt(cause.at, { condition: 'service_started', restart, required: true }));
  };
  const links = service.entries.get('links');
  if (links?.kind === 'list') {
    for (const link of links.items) {
      const text = textOf(link) ?? '';
      const parts = text.split(':');
      imply(parts.length === 2 ? (parts[0] ?? '') : text, true, link);
    }
  }
  for (const namespace of ['network_mode', 'ipc', 'pid', 'uts', 'cgroup']) {
    const shared = service.entries.get(namespace);
    const text = textOf(shared);
    if (shared !== undefined && text?.startsWith('service:') === true)
      imply(text.slice('service:'.length), true, shared);
  }
  const from = service.entries.get('volumes_from');
  if (from?.kind === 'list') {
    for (const item of from.items) {
      const text = textOf(item) ?? '';
      if (!text.startsWith('container:')) imply(text.split(':')[0] ?? '', false, item);
    }
  }
  if (implied.size === 0) return stated;
  return stated?.kind === 'map' ? withEntries(stated, implied) : map(implied, service.at);
}
