import type { Findings } from '../diagnostics/compose-error.js';
import { similar } from '../schema/similar.js';
import type { Path } from '../tree/path.js';
import { keyPlace, map, textOf, type MapTree, type Tree } from '../tree/tree.js';
import { version1Keys } from './detect.js';

/** Where a service's `volume_driver` is kept until its named volumes are known. */
export const volumeDriverKey = 'x-volume_driver';

/** Keys that only have another name today. */
const renamed: Readonly<Record<string, string>> = { net: 'network_mode', volume_driver: volumeDriverKey };

/**
 * The same document in today's form: services below `services`, `net` as `network_mode`, `dockerfile` below `build`, `log_driver` and
 * `log_opt` as `logging`. Keys that version 1 does not know are findings. What depends on other services is left to `settleVersion1`.
 */
export function convertVersion1(document: MapTree, findings: Findings): MapTree {
  const services = new Map<string, Tree>();
  const rest: [string, Tree][] = [];
  for (const [name, value] of document.entries) {
    if (name === 'version' && value.kind === 'scalar') continue;
    if (name.startsWith('x-') && value.kind !== 'map') rest.push([name, value]);
    else services.set(name, value.kind === 'map' ? convertService(value, ['services', name], findings) : value);
  }
  const keys = new Map([...document.keys].filter(([name]) => services.has(name)));
  return map([...rest, ['services', map(services, document.at, keys)]], document.at);
}

function convertService(service: MapTree, path: Path, findings: Findings): MapTree {
  const { entries } = service;
  const name = String(path[1]);
  checkKeys(service, path, findings);
  const made = new Map<string, Tree>();
  const keys = new Map<string, Tree['at']>();
  for (const [key, value] of entries) {
    if (key === 'log_driver' || key === 'log_opt' || key === 'build' || key === 'dockerfile') continue;
    made.set(renamed[key] ?? key, value);
    keys.set(renamed[key] ?? key, keyPlace(service, key));
  }
  const [build, dockerfile, image] = [entries.get('build'), entries.get('dockerfile'), entries.get('image')];
  if (image !== undefined && (build ?? dockerfile) !== undefined) {
    const other = build === undefined ? 'alternate Dockerfile' : 'build path specified';
    const key = build === undefined ? 'dockerfile' : 'build';
    const text = `Service ${name} has both an image and ${other}. A service can either be built to image or use an existing image, not both.`;
    findings.error({ code: 'schema', text, path: [...path, key], sentence: true, at: keyPlace(service, key) });
  }
  if (build !== undefined && build.kind !== 'scalar') {
    findings.error({
      code: 'schema',
      text: 'must be a string in a file of version 1',
      path: [...path, 'build'],
      at: build.at,
    });
  } else if (build !== undefined || dockerfile !== undefined) {
    const at = keyPlace(service, build === undefined ? 'dockerfile' : 'build');
    const parts: [string, Tree | undefined][] = [
      ['context', build],
      ['dockerfile', dockerfile],
    ];
    made.set('build', map(given(parts), at));
  }
  const logging: [string, Tree | undefined][] = [
    ['driver', entries.get('log_driver')],
    ['options', entries.get('log_opt')],
  ];
  const present = given(logging);
  if (present.length > 0) made.set('logging', map(present, present[0]?.[1].at ?? service.at));
  return map(made, service.at, keys);
}

function given(entries: readonly (readonly [string, Tree | undefined])[]): [string, Tree][] {
  return entries.flatMap(([key, value]): [string, Tree][] => (value === undefined ? [] : [[key, value]]));
}

function checkKeys(service: MapTree, path: Path, findings: Findings): void {
  const name = String(path[1]);
  for (const key of service.entries.keys()) {
    if (version1Keys.has(key)) continue;
    const near = similar(key, version1Keys);
    const text = `Unsupported config option for ${name}: '${key}'`;
    const hint = near === undefined ? 'it belongs below `services`, in a file of today' : `did you mean '${near}'?`;
    findings.error({ code: 'schema', text, path: [...path, key], sentence: true, at: keyPlace(service, key), hint });
  }
  for (const [key, value] of service.entries) {
    if (value.kind !== 'list') continue;
    const seen = new Set<unknown>();
    for (const item of value.items) {
      const wrong =
        item.kind !== 'scalar'
          ? 'contains an invalid type, it should be a string'
          : key !== 'command' && key !== 'entrypoint' && seen.has(item.value)
            ? 'has non-unique elements'
            : undefined;
      if (item.kind === 'scalar') seen.add(item.value);
      if (wrong === undefined) continue;
      const text = `${name}.${key} ${wrong}`;
      findings.error({ code: 'schema', text, path: [...path, key], sentence: true, at: item.at });
    }
  }
  const environment = service.entries.get('environment');
  if (environment?.kind !== 'map') return;
  for (const [key, value] of environment.entries) {
    if (value.kind === 'scalar' && typeof value.value !== 'boolean') continue;
    const said = value.kind === 'scalar' ? String(value.value) : 'a structure';
    const text = `${name}.environment.${key} contains ${said}, which is an invalid type, it should be a string, number, or a null`;
    findings.error({ code: 'schema', text, path: [...path, 'environment', key], sentence: true, at: value.at });
  }
}

/** In version 1 an override's `image` takes the place of a `build`, and the other way round. */
export function clearReplaced(base: Tree, over: Tree): Tree {
  if (base.kind !== 'map' || over.kind !== 'map') return base;
  const [dropped, kept] = over.entries.has('image') ? ['build', 'image'] : ['image', 'build'];
  if (!over.entries.has(kept) || !base.entries.has(dropped)) return base;
  const entries = new Map(base.entries);
  entries.delete(dropped);
  return { ...base, entries };
}

/** What of a service keeps others from extending it in version 1: its key, or nothing. */
export function unextendable(service: MapTree): string | undefined {
  for (const key of ['links', 'volumes_from']) if (service.entries.has(key)) return key;
  return textOf(service.entries.get('network_mode'))?.startsWith('container:') === true ? 'net: container' : undefined;
}
