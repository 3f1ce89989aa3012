import { isAbsolute, join } from 'node:path';
import { pathRules, rewrite, type Rewrite } from '../tree/path-rules.js';
import { scalar, textOf, withEntry, type Tree } from '../tree/tree.js';
import { cleanPath } from './volume.js';
import type { Findings } from '../diagnostics/compose-error.js';

/** What relative paths are resolved with. */
export interface PathContext {
  readonly workingDir: string;
  /** Home folder, for `~`. */
  readonly home: string | undefined;
  /** Names that are no paths, such as `oci://…`, and stay as they are. */
  readonly isRemote?: ((path: string) => boolean) | undefined;
  readonly findings: Findings;
}

const windows = /^(?:[a-zA-Z]:[\\/]|\\\\)/;
const remoteContext = /^(?:https?:\/\/|git:\/\/|ssh:\/\/|github\.com\/|git@)/;

function expandHome(path: string, home: string | undefined): string {
  return home !== undefined && (path === '~' || path.startsWith('~/')) ? join(home, path.slice(1)) : path;
}

/** The path against the working folder; absolute ones, of Windows too, stay. */
export function resolvePath(path: string, { workingDir, home }: Pick<PathContext, 'workingDir' | 'home'>): string {
  const expanded = expandHome(path, home);
  return isAbsolute(expanded) || windows.test(expanded) ? expanded : cleanPath(join(workingDir, expanded));
}

/** Makes the paths of a document absolute (specification notes, A9). */
export function resolvePaths(tree: Tree, context: PathContext): Tree {
  const absolute: Rewrite = (value) => {
    const path = textOf(value);
    if (path === undefined || path === '') return value;
    return scalar(resolvePath(path, context), value.at);
  };
  const buildContext: Rewrite = (value, path) => {
    const text = textOf(value);
    if (text === undefined || text.includes('://') || text.startsWith('service:')) return value;
    if (remoteContext.test(text) || context.isRemote?.(text) === true) return value;
    return absolute(value, path);
  };
  const extended: Rewrite = (value, path) =>
    context.isRemote?.(textOf(value) ?? '') === true ? value : absolute(value, path);
  const mount: Rewrite = (value, path) => {
    if (value.kind !== 'map' || textOf(value.entries.get('type')) !== 'bind') return value;
    const source = value.entries.get('source');
    if (source === undefined) {
      const text = 'invalid mount config for type "bind": field Source must not be empty';
      context.findings.error({ code: 'consistency', text, path, at: value.at });
      return value;
    }
    return withEntry(value, 'source', absolute(source, path));
  };
  const volume: Rewrite = (value, path) => {
    if (value.kind !== 'map' || textOf(value.entries.get('driver')) !== 'local') return value;
    const options = value.entries.get('driver_opts');
    if (options?.kind !== 'map' || textOf(options.entries.get('o')) !== 'bind') return value;
    const device = options.entries.get('device');
    if (device === undefined) return value;
    return withEntry(value, 'driver_opts', withEntry(options, 'device', absolute(device, path)));
  };
  const rules = pathRules<Rewrite>({
    'services.*.build.context': buildContext,
    'services.*.build.additional_contexts.*': buildContext,
    'services.*.build.ssh.*': absolute,
    'services.*.env_file.*.path': absolute,
    'services.*.label_file.*': absolute,
    'services.*.extends.file': extended,
    'services.*.develop.watch.*.path': absolute,
    'services.*.volumes.*': mount,
    'configs.*.file': absolute,
    'secrets.*.file': absolute,
    'volumes.*': volume,
  });
  return rewrite(tree, rules) ?? tree;
}
