import { isAbsolute, join, relative } from 'node:path';
import { toCanonical } from './canonical/canonical.js';
import { setDefaults } from './canonical/defaults.js';
import { resolveEnvironment } from './canonical/normalise.js';
import { resolvePaths } from './canonical/paths.js';
import { checkSections, checkValues } from './check/values.js';
import type { Findings } from './diagnostics/compose-error.js';
import { applyExtends, type ExtendsContext } from './extends.js';
import { applyInclude } from './include.js';
import { maskedPlace } from './diagnostics/mask.js';
import { quarantine } from './diagnostics/quarantine.js';
import { interpolate } from './interpolate/interpolate.js';
import type { ComposeFile, LoadSteps } from './load.js';
import { merge } from './merge/merge.js';
import { removePaths } from './merge/removals.js';
import { dropRepeats } from './merge/unique.js';
import { displayName, readSource, type ReadFile } from './reader.js';
import { checkSchema } from './schema/check-schema.js';
import type { Source } from './tree/place.js';
import { pathRules, rewrite, visit, type Rewrite } from './tree/path-rules.js';
import { keyPlace, map, scalar, textOf, withEntry, type MapTree, type Tree } from './tree/tree.js';
import { convertVersion1 } from './version1/convert.js';
import { isVersion1 } from './version1/detect.js';
import { clearReplacedServices, settleVersion1 } from './version1/settle.js';
import { readYaml, type YamlDocument } from './yaml/read-yaml.js';

/** What the steps that make a model share. */
export interface Loading {
  readonly findings: Findings;
  readonly readFile: ReadFile;
  readonly steps: LoadSteps;
  readonly home: string | undefined;
  /** Folder that names in messages are relative to. */
  readonly shownFrom: string;
  readonly resolveRemote: ((reference: string) => string | undefined) | undefined;
  readonly realPath: (path: string) => Promise<string>;
  readonly signal: AbortSignal | undefined;
}

export type Environment = ReadonlyMap<string, string>;

/** A file, and the documents in it. */
export interface ReadSource {
  readonly source: Source;
  readonly documents: readonly YamlDocument[];
}

/** Reads the files that were named. A file that cannot be read ends the loading; what is wrong inside is a finding. */
export async function readAll(
  files: readonly ComposeFile[],
  workingDir: string,
  loading: Loading,
): Promise<readonly ReadSource[]> {
  const read: ReadSource[] = [];
  for (const file of files) {
    loading.signal?.throwIfAborted();
    const path = typeof file === 'string' ? file : file.path;
    const full = loading.resolveRemote?.(path) ?? (isAbsolute(path) ? path : join(workingDir, path));
    const name = displayName(full, loading.shownFrom);
    const source =
      typeof file === 'string'
        ? await readSource(full, name, loading.readFile, loading.findings)
        : { name, path: full, text: file.content.replace(/^\ufeff/, '') };
    read.push({ source, documents: await readYaml(source, loading.findings) });
  }
  return read;
}

/** Merges files into one canonical, checked model with absolute paths, not yet normalised. */
export async function loadModel(
  read: readonly ReadSource[],
  workingDir: string,
  environment: Environment,
  included: readonly string[],
  loading: Loading,
  pathBase = workingDir,
): Promise<MapTree> {
  const { findings, steps } = loading;
  let model: MapTree | undefined;
  const version1 = steps.version1 !== false && checkVersions(read, findings);
  for (const { source, documents } of read) {
    for (const document of documents) {
      const made = await addDocument(
        model,
        document,
        source,
        workingDir,
        environment,
        [...included, source.path],
        loading,
      );
      model = quarantine(made, findings);
    }
  }
  if (model === undefined) {
    const source = read[0]?.source ?? { name: '', path: '', text: '' };
    return map([], { source, offset: 0 });
  }
  if (version1) model = settleVersion1(model);
  let withDefaults = steps.defaults === false ? model : asMap(setDefaults(model));
  if (steps.validation !== false) {
    checkValues(withDefaults, findings);
    withDefaults = quarantine(withDefaults, findings);
  }
  const resolved =
    steps.paths === false
      ? withDefaults
      : resolvePaths(withDefaults, {
          workingDir: pathBase,
          home: loading.home,
          findings,
          isRemote: (text) => loading.resolveRemote?.(text) !== undefined,
        });
  const settled =
    steps.paths === false || pathBase !== workingDir ? resolved : await followLinks(resolved, loading.realPath);
  return resolveEnvironment(quarantine(asMap(settled), findings), (name) => environment.get(name));
}

/** Whether the files are of version 1. Files of version 1 and of today cannot be combined. */
function checkVersions(read: readonly ReadSource[], findings: Findings): boolean {
  const documents = read.flatMap(({ documents }) => documents);
  const [first] = documents;
  const version1 = first !== undefined && isVersion1(first.tree);
  for (const { tree } of documents) {
    // A document that only adds resources, or nothing, says nothing of its version.
    const stated = isVersion1(tree) || (tree.kind === 'map' && tree.entries.has('services'));
    if (!stated || isVersion1(tree) === version1) continue;
    const text = `Version mismatch: ${first?.tree.at.source.name ?? ''} is ${version1 ? '' : 'not '}of version 1, unlike this file`;
    findings.fail({ code: 'merge', text, at: tree.at, hint: 'put the services of every file below `services`' });
  }
  return version1;
}

/** Watched paths are followed through symbolic links, since events come with the real name. */
async function followLinks(tree: Tree, realPath: (path: string) => Promise<string>): Promise<Tree> {
  const found = new Map<Tree, string>();
  const watched: [Tree, string][] = [];
  visit(tree, watchedPaths, (_rule, value) => {
    const path = textOf(value);
    if (path !== undefined && path !== '') watched.push([value, path]);
  });
  for (const [value, path] of watched) found.set(value, await realPath(path));
  if (found.size === 0) return tree;
  const follow: Rewrite = (value) => {
    const real = found.get(value);
    return real === undefined ? value : scalar(real, value.at);
  };
  return rewrite(tree, pathRules<Rewrite>({ 'services.*.develop.watch.*.path': follow })) ?? tree;
}

const watchedPaths = pathRules({ 'services.*.develop.watch.*.path': true });

export function asMap(tree: Tree): MapTree {
  return tree.kind === 'map' ? tree : map([], tree.at);
}

async function addDocument(
  base: MapTree | undefined,
  document: YamlDocument,
  source: Source,
  workingDir: string,
  environment: Environment,
  included: readonly string[],
  loading: Loading,
): Promise<MapTree> {
  const { findings, steps } = loading;
  if (document.tree.kind !== 'map') {
    const text = 'top-level object must be a mapping';
    return findings.fail({ code: 'shape', text, at: document.tree.at });
  }
  const lookup = (name: string): string | undefined => environment.get(name);
  const version1 = steps.version1 !== false && isVersion1(document.tree);
  const current = version1 ? convertVersion1(document.tree, findings) : document.tree;
  if (version1) findings.throwIfAny();
  let tree: MapTree =
    steps.interpolation === false ? current : interpolate(current, lookup, findings, { operators: !version1 });
  if (steps.include !== false) {
    tree = await applyInclude(tree, document.removals, {
      workingDir,
      environment,
      readFile: loading.readFile,
      findings,
      resolveRemote: loading.resolveRemote,
      included,
      load: async (files, folder, variables, asker) => {
        loading.signal?.throwIfAborted();
        const read: ReadSource[] = [];
        for (const path of files) {
          const name = displayName(path, loading.shownFrom);
          const file = await readSource(path, name, loading.readFile, findings, {
            path: ['include'],
            at: maskedPlace(asker),
          });
          read.push({ source: file, documents: await readYaml(file, findings) });
        }
        findings.throwIfAny();
        // Its paths become relative to this project, which makes them absolute if it makes any so.
        const inner = { ...loading, steps: { ...steps, paths: true } };
        return loadModel(read, folder, variables, included, inner, relative(workingDir, folder));
      },
    });
  }
  if (steps.validation !== false) checkSections(tree, findings);
  tree = quarantine(tree, findings);
  if (steps.extends !== false) {
    const context: ExtendsContext = {
      workingDir,
      shownFrom: loading.shownFrom,
      home: loading.home,
      lookup,
      readFile: loading.readFile,
      findings,
      resolveRemote: loading.resolveRemote,
      files: new Map(),
      version1,
    };
    tree = await applyExtends(tree, source.path, document.removals, context);
  }
  const kept = base === undefined ? undefined : removePaths(base, document.removals);
  const cleared = kept !== undefined && version1 ? clearReplacedServices(kept, tree) : kept;
  let merged: Tree = quarantine(
    asMap(dropRepeats(cleared === undefined ? tree : merge(cleared, tree, findings))),
    findings,
  );
  if (steps.validation !== false) {
    checkSchema(merged, findings);
    merged = quarantine(asMap(merged), findings);
  }
  if (merged.kind === 'map' && merged.entries.has('version')) {
    const text = `${source.path}: the attribute \`version\` is obsolete, it will be ignored, please remove it to avoid potential confusion`;
    findings.warn({ code: 'schema', text, path: ['version'], sentence: true, at: keyPlace(merged, 'version') });
    merged = withEntry(merged, 'version', undefined);
  }
  return asMap(dropRepeats(toCanonical(merged, findings, { lenient: steps.interpolation === false })));
}
