import type { Tree } from '../tree/tree.js';

/** Keys of a service in a file of version 1. */
export const version1Keys: ReadonlySet<string> = new Set([
  'build',
  'cap_add',
  'cap_drop',
  'cgroup_parent',
  'command',
  'container_name',
  'cpu_quota',
  'cpu_shares',
  'cpuset',
  'devices',
  'dns',
  'dns_search',
  'dockerfile',
  'domainname',
  'entrypoint',
  'env_file',
  'environment',
  'expose',
  'extends',
  'external_links',
  'extra_hosts',
  'hostname',
  'image',
  'ipc',
  'labels',
  'links',
  'log_driver',
  'log_opt',
  'mac_address',
  'mem_limit',
  'mem_swappiness',
  'memswap_limit',
  'net',
  'pid',
  'ports',
  'privileged',
  'read_only',
  'restart',
  'security_opt',
  'shm_size',
  'stdin_open',
  'stop_signal',
  'tty',
  'ulimits',
  'user',
  'volume_driver',
  'volumes',
  'volumes_from',
  'working_dir',
]);

function isService(tree: Tree): boolean {
  return tree.kind === 'map' && [...tree.entries.keys()].some((key) => version1Keys.has(key));
}

/**
 * Whether a document is of version 1, the format of 2014: services stand at the top level. docker-compose took every file without
 * `services` for one; here a key of the top level must also look like a service, so that a misspelt `services` gets its hint.
 */
export function isVersion1(tree: Tree): boolean {
  if (tree.kind !== 'map' || tree.entries.has('services') || tree.entries.has('include')) return false;
  const version = tree.entries.get('version');
  if (
    version !== undefined &&
    version.kind !== 'map' &&
    String(version.kind === 'scalar' ? version.value : '') !== '1'
  ) {
    return false;
  }
  return [...tree.entries].some(([name, value]) => !resources.has(name) && !name.startsWith('x-') && isService(value));
}

const resources = new Set(['networks', 'volumes', 'secrets', 'configs', 'models']);
