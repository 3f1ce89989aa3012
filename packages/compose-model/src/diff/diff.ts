import { isDeepStrictEqual } from 'node:util';
import { serviceHash } from '../hash/hash.js';
import type { Project } from '../model/project.js';

/** One value that differs. A value that only one side has is absent on the other. */
export interface Change {
  /** Keys and indices from the resource on, such as `environment.TAG` or `ports[1].published`. */
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** What became of the resources of one kind, each list sorted by name. */
export interface ResourceDiff {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly { readonly name: string; readonly changes: readonly Change[] }[];
}

/** What became of the services. */
export interface ServiceDiff extends ResourceDiff {
  /** Changed services whose configuration hash differs: their containers would be made anew. */
  readonly recreated: readonly string[];
}

/** How one project differs from another. */
export interface ProjectDiff {
  /** True when nothing differs. */
  readonly same: boolean;
  readonly services: ServiceDiff;
  readonly networks: ResourceDiff;
  readonly volumes: ResourceDiff;
  readonly secrets: ResourceDiff;
  readonly configs: ResourceDiff;
  readonly models: ResourceDiff;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSame(before: unknown, after: unknown): boolean {
  return isDeepStrictEqual(before, after);
}

function collect(before: unknown, after: unknown, path: string, changes: Change[]): void {
  if (isSame(before, after)) return;
  if (isRecord(before) && isRecord(after)) {
    for (const key of [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()) {
      collect(before[key], after[key], path === '' ? key : `${path}.${key}`, changes);
    }
  } else if (Array.isArray(before) && Array.isArray(after)) {
    for (let index = 0; index < Math.max(before.length, after.length); index += 1) {
      collect(before[index], after[index], `${path}[${index}]`, changes);
    }
  } else {
    changes.push({ path, ...(before !== undefined && { before }), ...(after !== undefined && { after }) });
  }
}

function compare<T>(before: Readonly<Record<string, T>>, after: Readonly<Record<string, T>>): ResourceDiff {
  const names = Object.keys(after).sort();
  const changed = names
    .filter((name) => Object.hasOwn(before, name))
    .map((name) => {
      const changes: Change[] = [];
      collect(before[name], after[name], '', changes);
      return { name, changes };
    })
    .filter(({ changes }) => changes.length > 0);
  return {
    added: names.filter((name) => !Object.hasOwn(before, name)),
    removed: Object.keys(before)
      .filter((name) => !Object.hasOwn(after, name))
      .sort(),
    changed,
  };
}

/**
 * How `after` differs from `before`, among active services and the resources. Order of keys does not count, order in lists does.
 *
 * @example
 * diff(before, after).services.changed; // [{ name: 'web', changes: [{ path: 'image', before: 'a:1', after: 'a:2' }] }]
 */
export function diff(before: Project, after: Project): ProjectDiff {
  const services = compare(before.services, after.services);
  const recreated = services.changed
    .map(({ name }) => name)
    .filter((name) => {
      const [old, made] = [before.services[name], after.services[name]];
      return old !== undefined && made !== undefined && serviceHash(old) !== serviceHash(made);
    });
  const resources = {
    networks: compare(before.networks, after.networks),
    volumes: compare(before.volumes, after.volumes),
    secrets: compare(before.secrets, after.secrets),
    configs: compare(before.configs, after.configs),
    models: compare(before.models, after.models),
  };
  const same = [services, ...Object.values(resources)].every(
    ({ added, removed, changed }) => added.length + removed.length + changed.length === 0,
  );
  return { same, services: { ...services, recreated }, ...resources };
}
