import { mapAt } from '../canonical/canonical.js';
import { list, map, scalar, textOf, withEntries, withEntry, type MapTree, type Tree } from '../tree/tree.js';
import { clearReplaced, volumeDriverKey } from './convert.js';

/**
 * Settles what a converted document of version 1 could not know alone, on the merged canonical model: which containers are services, the
 * default network `bridge`, and the named volumes, which keep their names without the project's in front.
 */
export function settleVersion1(model: MapTree): MapTree {
  const services = model.entries.get('services');
  if (services?.kind !== 'map') return model;
  const volumes = new Map<string, Tree>();
  const made = Array.from(services.entries, ([name, service]): readonly [string, Tree] => [
    name,
    service.kind === 'map' ? settleService(service, services, volumes) : service,
  ]);
  const whole = withEntry(model, 'services', withEntries(services, made));
  return volumes.size === 0 ? whole : withEntry(whole, 'volumes', map(volumes, model.at));
}

function settleService(service: MapTree, services: MapTree, volumes: Map<string, Tree>): MapTree {
  const driver = service.entries.get(volumeDriverKey);
  const mounts = service.entries.get('volumes');
  for (const mount of mounts?.kind === 'list' ? mounts.items : []) {
    if (mount.kind !== 'map' || textOf(mount.entries.get('type')) !== 'volume') continue;
    const source = textOf(mount.entries.get('source'));
    if (source !== undefined) volumes.set(source, mapAt(mount.at, { name: source, driver }));
  }
  return withEntries(service, [
    [volumeDriverKey, undefined],
    ['network_mode', networkMode(service, services)],
    ['volumes_from', volumesFrom(service.entries.get('volumes_from'), services)],
  ]);
}

function networkMode(service: MapTree, services: MapTree): Tree {
  const stated = service.entries.get('network_mode');
  if (stated === undefined) return scalar('bridge', service.at);
  const container = /^container:(.*)$/.exec(textOf(stated) ?? '')?.[1];
  return container !== undefined && services.entries.has(container)
    ? scalar(`service:${container}`, stated.at)
    : stated;
}

function volumesFrom(stated: Tree | undefined, services: MapTree): Tree | undefined {
  if (stated?.kind !== 'list') return stated;
  const items = stated.items.map((item) => {
    const text = textOf(item) ?? '';
    return services.entries.has(text.split(':')[0] ?? '') ? item : scalar(`container:${text}`, item.at);
  });
  return list(items, stated.at);
}

/** The services of an earlier file, without the `image` or `build` that a later one replaces. */
export function clearReplacedServices(base: Tree, over: Tree): Tree {
  const [before, after] = [base, over].map((tree) => (tree.kind === 'map' ? tree.entries.get('services') : undefined));
  if (base.kind !== 'map' || before?.kind !== 'map' || after?.kind !== 'map') return base;
  const cleared = Array.from(after.entries, ([name, service]): readonly [string, Tree | undefined] => {
    const old = before.entries.get(name);
    return [name, old === undefined ? undefined : clearReplaced(old, service)];
  });
  return withEntry(base, 'services', withEntries(before, cleared));
}
