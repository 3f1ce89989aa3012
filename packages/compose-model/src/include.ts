import { dirname, isAbsolute, join } from 'node:path';
import { EnvFileError, parseEnvFile } from './environment/dotenv.js';
import { maskedPlace } from './diagnostics/mask.js';
import type { Findings } from './diagnostics/compose-error.js';
import type { Lookup } from './interpolate/template.js';
import { merge } from './merge/merge.js';
import { removePaths } from './merge/removals.js';
import { isMissing, type ReadFile } from './reader.js';
import type { Path } from './tree/path.js';
import { list, textOf, withEntry, type MapTree, type Tree } from './tree/tree.js';

/** What including needs from the loader. */
export interface IncludeContext {
  readonly workingDir: string;
  readonly environment: ReadonlyMap<string, string>;
  readonly readFile: ReadFile;
  readonly findings: Findings;
  readonly resolveRemote?: ((reference: string) => string | undefined) | undefined;
  /** Files on the way here, outermost first. */
  readonly included: readonly string[];
  /** Loads a whole model of its own, with absolute paths. */
  load(
    files: readonly string[],
    workingDir: string,
    environment: ReadonlyMap<string, string>,
    asker: Tree,
  ): Promise<Tree>;
}

/** Files that include one another in a row. */
const depthLimit = 100;

const sections = ['services', 'volumes', 'networks', 'secrets', 'configs', 'models'];

/** Adds what a document includes to it (specification notes, A6). What it defines itself is merged over what it includes. */
export async function applyInclude(
  document: MapTree,
  removals: readonly Path[],
  context: IncludeContext,
): Promise<MapTree> {
  const include = document.entries.get('include');
  if (include === undefined) return document;
  const { findings } = context;
  let result = withEntry(document, 'include', undefined);
  if (include.kind === 'scalar' && include.value === null) return result;
  if (include.kind !== 'list') {
    const text = '`include` must be a list';
    return findings.fail({ code: 'include', text, path: ['include'], sentence: true, at: include.at });
  }
  for (const [index, item] of include.items.entries()) {
    const imported = await loadIncluded(item, ['include', index], context);
    if (imported?.kind === 'map') result = importSections(imported, result, removals, findings);
  }
  return result;
}

function textsOf(tree: Tree | undefined): readonly string[] {
  if (tree === undefined) return [];
  const items = tree.kind === 'list' ? tree.items : [tree];
  return items.flatMap((item) => textOf(item) ?? []);
}

async function loadIncluded(item: Tree, path: Path, context: IncludeContext): Promise<Tree | undefined> {
  const { findings, workingDir } = context;
  const whole = item.kind === 'map' ? item : undefined;
  const paths = whole === undefined ? textsOf(list([item], item.at)) : textsOf(whole.entries.get('path'));
  const files = paths.map(
    (file) => context.resolveRemote?.(file) ?? (isAbsolute(file) ? file : join(workingDir, file)),
  );
  const [main] = files;
  if (main === undefined) {
    findings.error({ code: 'include', text: 'names no file', path, at: item.at });
    return undefined;
  }
  const stated = textOf(whole?.entries.get('project_directory'));
  const folder = stated === undefined ? dirname(main) : isAbsolute(stated) ? stated : join(workingDir, stated);
  if (context.included.includes(main)) {
    const [first = '', ...others] = [...context.included, main];
    const text = `include cycle detected:\n${first}\n include ${others.join('\n include ')}`;
    return findings.fail({ code: 'cycle', text, path, sentence: true, at: maskedPlace(item) });
  }
  if (context.included.length > depthLimit) {
    const text = `include goes deeper than ${depthLimit} files`;
    return findings.fail({ code: 'include', text, path, sentence: true, at: maskedPlace(item) });
  }
  const environment = await includedEnvironment(whole?.entries.get('env_file'), folder, path, context);
  return context.load(files, folder, environment, item);
}

async function includedEnvironment(
  stated: Tree | undefined,
  folder: string,
  path: Path,
  context: IncludeContext,
): Promise<ReadonlyMap<string, string>> {
  const { findings, workingDir, readFile } = context;
  const environment = new Map(context.environment);
  const found = new Map<string, string>();
  const given = textsOf(stated);
  const lookup: Lookup = (name) => context.environment.get(name) ?? found.get(name);
  for (const file of given.length === 0 ? [join(folder, '.env')] : given) {
    if (file === '/dev/null') continue;
    const full = isAbsolute(file) ? file : join(workingDir, file);
    let text: string;
    try {
      text = await readFile(full);
    } catch (error) {
      if (given.length === 0) continue;
      const reason = isMissing(error)
        ? 'no such file or directory'
        : error instanceof Error
          ? error.message
          : String(error);
      return findings.fail({
        code: 'io',
        text: `stat ${full}: ${reason}`,
        path,
        sentence: true,
        at: stated === undefined ? undefined : maskedPlace(stated),
      });
    }
    try {
      for (const [key, value] of parseEnvFile(text, lookup)) found.set(key, value);
    } catch (error) {
      if (!(error instanceof EnvFileError)) throw error;
      findings.fail({
        code: 'env-file',
        text: `failed to read ${full}: ${error.summary}`,
        path,
        sentence: true,
        at: stated === undefined ? undefined : maskedPlace(stated),
      });
    }
  }
  for (const [key, value] of found) if (!environment.has(key)) environment.set(key, value);
  return environment;
}

function importSections(imported: MapTree, document: MapTree, removals: readonly Path[], findings: Findings): MapTree {
  let result = document;
  for (const section of sections) {
    const from = imported.entries.get(section);
    if (from?.kind !== 'map') continue;
    const own = result.entries.get(section);
    if (own !== undefined && own.kind !== 'map') continue;
    const entries = new Map(own?.entries);
    const keys = new Map(own?.keys);
    for (const [name, value] of from.entries) {
      const over = entries.get(name);
      const path = [section, name];
      if (over === undefined) {
        entries.set(name, value);
        const key = from.keys.get(name);
        if (key !== undefined) keys.set(name, key);
      } else {
        entries.set(name, merge(removePaths(value, removals, path), over, findings, path));
      }
    }
    result = withEntry(result, section, { kind: 'map', entries, keys, at: own?.at ?? from.at });
  }
  return result;
}
