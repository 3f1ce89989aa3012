import { isAbsolute, join, relative } from 'node:path';
import { toCanonical } from './canonical/canonical.js';
import { setDefaults } from './canonical/defaults.js';
import { normalise, resolveEnvironment } from './canonical/normalise.js';
import { resolvePaths } from './canonical/paths.js';
import { checkConsistency } from './check/consistency.js';
import { checkSections, checkValues } from './check/values.js';
import { Findings, type Diagnostic } from './diagnostics/compose-error.js';
import { applyExtends, type ExtendsContext } from './extends.js';
import { applyInclude } from './include.js';
import { interpolate } from './interpolate/interpolate.js';
import { merge } from './merge/merge.js';
import { removePaths } from './merge/removals.js';
import { dropRepeats } from './merge/unique.js';
import { readProject, type Project } from './model/project.js';
import { nameOf, normaliseName } from './name.js';
import { applyProfiles } from './profiles.js';
import { displayName, readDisk, readSource, realPathOnDisk, type ReadFile } from './reader.js';
import { checkSchema } from './schema/check-schema.js';
import { pruneResources, selectServices } from './selection.js';
import { readEnvFiles, readLabelFiles, type FileContext } from './service-environment.js';
import { createSourceMap, type SourceMap } from './source-map.js';
import type { Source } from './tree/place.js';
import { pathRules, rewrite, visit, type Rewrite } from './tree/path-rules.js';
import { keyPlace, map, scalar, textOf, withEntry, type MapTree, type Tree } from './tree/tree.js';
import { readYaml, type YamlDocument } from './yaml/read-yaml.js';

/** A Compose file: its path, or a name with its text. */
export type ComposeFile = string | { readonly path: string; readonly content: string };

export interface LoadOptions {
  /** In merge order: later files override earlier ones. Relative paths are relative to `workingDir`. */
  readonly files: readonly ComposeFile[];
  /** Absolute folder that relative paths of the files refer to. */
  readonly workingDir: string;
  /** All variables that files may use. Nothing else is looked at; `HOME` also expands `~`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Wins over the files' `name`. It must be lower case letters, digits, `-` and `_`, starting with a letter or digit. */
  readonly projectName?: string;
  /** Taken when no file gives a name; by default the working folder's name. It is put into a legal form. */
  readonly fallbackName?: string;
  /** Active profiles; `*` stands for all. */
  readonly profiles?: readonly string[];
  /** Only these services and what they depend on. */
  readonly services?: readonly string[];
  /** Reads files, the disk's by default. */
  readonly readFile?: ReadFile;
  /** Follows symbolic links of watched paths, on the disk by default; a path that does not exist stays. */
  readonly realPath?: (path: string) => Promise<string>;
  /** Maps names that are no paths, such as `oci://…`, to local copies. */
  readonly resolveRemote?: (reference: string) => string | undefined;
  readonly signal?: AbortSignal;
  /** Steps to leave out or add, for tools that show models half-way. */
  readonly steps?: LoadSteps;
}

export interface LoadSteps {
  readonly interpolation?: boolean;
  readonly validation?: boolean;
  readonly normalisation?: boolean;
  readonly consistency?: boolean;
  readonly paths?: boolean;
  readonly defaults?: boolean;
  /** Read `env_file` into `environment`. */
  readonly envFiles?: boolean;
  /** Leave `env_file` and `label_file` out once they are read. */
  readonly discardEnvFiles?: boolean;
  /** Leave out networks, volumes, secrets and configs that no active service uses. */
  readonly pruneResources?: boolean;
  readonly extends?: boolean;
  readonly include?: boolean;
}

export interface Loaded {
  readonly project: Project;
  readonly warnings: readonly Diagnostic[];
  readonly sourceMap: SourceMap;
}

interface Loading {
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

type Environment = ReadonlyMap<string, string>;

interface ReadSource {
  readonly source: Source;
  readonly documents: readonly YamlDocument[];
}

/**
 * Loads a project: files are read, variables replaced, includes and extends followed, overrides merged, the result checked,
 * brought into canonical form, normalised and checked again.
 *
 * @throws ComposeError with everything that was found wrong, each with its file, line and column
 *
 * @example
 * const { project, warnings } = await load({
 *   files: [{ path: 'compose.yaml', content: 'services: {web: {image: nginx, ports: ["8080:80"]}}' }],
 *   workingDir: '/srv/shop',
 *   environment: { TAG: '1.27' },
 * });
 */
export async function load(options: LoadOptions): Promise<Loaded> {
  const steps = options.steps ?? {};
  const findings = new Findings();
  const environment = new Map<string, string>();
  for (const [key, value] of Object.entries(options.environment ?? {}))
    if (value !== undefined) environment.set(key, value);
  const loading: Loading = {
    findings,
    readFile: options.readFile ?? readDisk,
    steps,
    home: environment.get('HOME'),
    shownFrom: options.workingDir,
    resolveRemote: options.resolveRemote,
    realPath: options.realPath ?? realPathOnDisk,
    signal: options.signal,
  };
  if (options.files.length === 0) {
    findings.fail({ code: 'io', text: 'no compose file specified', hint: 'give at least one file' });
  }
  const read = await readAll(options.files, options.workingDir, loading);
  findings.throwIfAny();

  const name = projectName(options, read, environment, findings);
  environment.set('COMPOSE_PROJECT_NAME', name);

  const model = await loadModel(read, options.workingDir, environment, [], loading);
  if (model.entries.size === 0) {
    const file = read[0]?.source.name;
    findings.fail({ code: 'shape', text: 'empty compose file', ...(file !== undefined && { file }) });
  }
  if (steps.validation !== false && name === '') {
    findings.fail({
      code: 'name',
      text: 'project name must not be empty',
      hint: 'give a name, or set `name` in the file',
    });
  }
  const lookup = (variable: string): string | undefined => environment.get(variable);
  const tree = steps.normalisation === false ? model : normalise(model, name, lookup);
  const bound = readProject(tree, name, options.workingDir, findings);
  findings.throwIfAny();

  let project = applyProfiles(bound, options.profiles ?? []);
  if (steps.consistency !== false) checkConsistency(project, tree, findings);
  findings.throwIfAny();
  if (options.services !== undefined && options.services.length > 0) {
    project = selectServices(project, options.services, findings);
  }
  if (steps.pruneResources === true) project = pruneResources(project);
  const context: FileContext = {
    lookup,
    readFile: loading.readFile,
    findings,
    tree,
    workingDir: options.workingDir,
    discard: steps.discardEnvFiles === true,
  };
  project = await readServiceFiles(project, context, steps);
  findings.throwIfAny();
  return { project, warnings: findings.warnings, sourceMap: createSourceMap(tree) };
}

async function readServiceFiles(project: Project, context: FileContext, steps: LoadSteps): Promise<Project> {
  const services: [string, Project['services'][string]][] = [];
  for (const [name, service] of Object.entries(project.services)) {
    const withEnvironment = steps.envFiles === false ? service : await readEnvFiles(service, context);
    services.push([name, await readLabelFiles(withEnvironment, context)]);
  }
  return { ...project, services: Object.fromEntries(services) };
}

function projectName(
  options: LoadOptions,
  read: readonly ReadSource[],
  environment: Environment,
  findings: Findings,
): string {
  if (options.projectName !== undefined) {
    if (normaliseName(options.projectName) === options.projectName) return options.projectName;
    const text =
      `invalid project name ${JSON.stringify(options.projectName)}: must consist only of lowercase alphanumeric ` +
      'characters, hyphens, and underscores as well as start with a letter or number';
    return findings.fail({ code: 'name', text });
  }
  const lookup = (variable: string): string | undefined =>
    options.steps?.interpolation === false ? undefined : environment.get(variable);
  const documents = read.flatMap((file) => file.documents);
  const given = nameOf(documents, lookup, findings);
  if (given !== undefined) return given;
  const folder = options.workingDir.split(/[\\/]/).findLast((step) => step !== '') ?? '';
  return normaliseName(options.fallbackName ?? folder);
}

async function readAll(
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
    read.push({ source, documents: readYaml(source, loading.findings) });
  }
  return read;
}

/** Merges files into one canonical, checked model with absolute paths, not yet normalised. */
async function loadModel(
  read: readonly ReadSource[],
  workingDir: string,
  environment: Environment,
  included: readonly string[],
  loading: Loading,
  pathBase = workingDir,
): Promise<MapTree> {
  const { findings, steps } = loading;
  let model: MapTree | undefined;
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
      findings.throwIfAny();
      model = made;
    }
  }
  if (model === undefined) {
    const source = read[0]?.source ?? { name: '', path: '', text: '' };
    return map([], { source, offset: 0 });
  }
  const withDefaults = steps.defaults === false ? model : setDefaults(model);
  if (steps.validation !== false) checkValues(withDefaults, findings);
  const resolved =
    steps.paths === false
      ? withDefaults
      : resolvePaths(withDefaults, {
          workingDir: pathBase,
          home: loading.home,
          findings,
          isRemote: (text) => loading.resolveRemote?.(text) !== undefined,
        });
  findings.throwIfAny();
  const settled =
    steps.paths === false || pathBase !== workingDir ? resolved : await followLinks(resolved, loading.realPath);
  return resolveEnvironment(asMap(settled), (name) => environment.get(name));
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

function asMap(tree: Tree): MapTree {
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
  let tree: MapTree = steps.interpolation === false ? document.tree : interpolate(document.tree, lookup, findings);
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
          const file = await readSource(path, name, loading.readFile, findings, { path: ['include'], at: asker.at });
          read.push({ source: file, documents: readYaml(file, findings) });
        }
        findings.throwIfAny();
        // Its paths become relative to this project, which makes them absolute if it makes any so.
        const inner = { ...loading, steps: { ...steps, paths: true } };
        return loadModel(read, folder, variables, included, inner, relative(workingDir, folder));
      },
    });
  }
  if (steps.validation !== false) checkSections(tree, findings);
  findings.throwIfAny();
  if (steps.extends !== false) {
    const context: ExtendsContext = {
      workingDir,
      home: loading.home,
      lookup,
      readFile: loading.readFile,
      findings,
      resolveRemote: loading.resolveRemote,
      files: new Map(),
    };
    tree = await applyExtends(tree, source.path, document.removals, context);
  }
  const cleared = base === undefined ? undefined : removePaths(base, document.removals);
  let merged: Tree = dropRepeats(cleared === undefined ? tree : merge(cleared, tree, findings));
  if (steps.validation !== false) {
    checkSchema(merged, findings);
    findings.throwIfAny();
  }
  if (merged.kind === 'map' && merged.entries.has('version')) {
    const text = `${source.path}: the attribute \`version\` is obsolete, it will be ignored, please remove it to avoid potential confusion`;
    findings.warn({ code: 'schema', text, path: ['version'], sentence: true, at: keyPlace(merged, 'version') });
    merged = withEntry(merged, 'version', undefined);
  }
  return asMap(dropRepeats(toCanonical(merged, findings)));
}
