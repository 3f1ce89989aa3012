import { loadModel, readAll, type Environment, type Loading, type ReadSource } from './assemble.js';
import { normalise, revealContent } from './canonical/normalise.js';
import { checkConsistency } from './check/consistency.js';
import { Findings, type Diagnostic } from './diagnostics/compose-error.js';
import { variablesOf, type Variable } from './interpolate/variables.js';
import { sorted, sortKeys } from './model/codec.js';
import { readProject, type Project } from './model/project.js';
import { nameOf, normaliseName } from './name.js';
import { applyProfiles } from './profiles.js';
import { readDisk, realPathOnDisk, type ReadFile } from './reader.js';
import { pruneResources, selectServices } from './selection.js';
import { readEnvFiles, readLabelFiles, type FileContext } from './service-environment.js';
import { createSourceMap, type SourceMap } from './source-map.js';
import { toPlain, type MapTree } from './tree/tree.js';
import { isVersion1 } from './version1/detect.js';

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
  /** Absolute folder that names of files in messages are relative to; `workingDir` by default. */
  readonly shownFrom?: string;
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
  /** Read files of version 1, with services at the top level. docker compose refuses them, and so does this when it is false. */
  readonly version1?: boolean;
}

export interface Loaded {
  readonly project: Project;
  readonly warnings: readonly Diagnostic[];
  readonly sourceMap: SourceMap;
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
  const { tree, name, lookup, version1, loading } = await merge(options);
  const { findings } = loading;
  const bound = readProject(tree, name, options.workingDir, findings);
  findings.endPhase();

  let project = applyProfiles(bound, options.profiles ?? []);
  if (steps.consistency !== false) {
    checkConsistency(project, tree, findings);
    project = spreadScale(project);
  }
  const context: FileContext = {
    lookup,
    readFile: loading.readFile,
    findings,
    tree,
    workingDir: options.workingDir,
    discard: steps.discardEnvFiles === true,
    variables: !version1,
  };
  const selected = options.services !== undefined && options.services.length > 0 ? options.services : undefined;
  if (findings.errors.length > 0) {
    // Env files that would be read anyway are looked at, so that their errors come along.
    if (selected === undefined) await readServiceFiles(project, context, steps);
    findings.throwIfAny();
  }
  if (selected !== undefined) project = selectServices(project, selected, findings);
  if (steps.pruneResources === true) project = pruneResources(project);
  project = await readServiceFiles(project, context, steps);
  findings.throwIfAny();
  return { project, warnings: findings.warnings, sourceMap: createSourceMap(tree) };
}

/** A model as it is written, with its variables. */
export interface RawModel {
  /** Plain data in canonical form, keys sorted: what `docker compose config --no-interpolate` prints. */
  readonly model: Readonly<Record<string, unknown>>;
  /** Every variable that the files mention, sorted by name. */
  readonly variables: readonly Variable[];
  readonly warnings: readonly Diagnostic[];
  readonly sourceMap: SourceMap;
}

/**
 * Loads the files like `load` and leaves variables as they are written. Values are not read into types, since a variable may stand where
 * a number will; profiles and services are not selected.
 *
 * @throws ComposeError
 */
export async function loadRaw(options: Omit<LoadOptions, 'profiles' | 'services'>): Promise<RawModel> {
  const steps = { ...options.steps, interpolation: false };
  const { tree, name, loading } = await merge({ ...options, steps });
  loading.findings.throwIfAny();
  const plain = sortKeys(toPlain(tree));
  const model = typeof plain === 'object' && plain !== null ? { ...plain, name } : { name };
  return {
    model: sorted(Object.entries(model)),
    variables: variablesOf(tree),
    warnings: loading.findings.warnings,
    sourceMap: createSourceMap(tree),
  };
}

interface Merged {
  /** The normalised document. */
  readonly tree: MapTree;
  readonly name: string;
  readonly lookup: (variable: string) => string | undefined;
  readonly version1: boolean;
  readonly loading: Loading;
}

/** Everything up to the normalised document. */
async function merge(options: LoadOptions): Promise<Merged> {
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
    shownFrom: options.shownFrom ?? options.workingDir,
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

  const model = revealContent(await loadModel(read, options.workingDir, environment, [], loading));
  if (model.entries.size === 0) {
    findings.throwIfAny();
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
  const first = read[0]?.documents[0];
  return { tree, name, lookup, version1: first !== undefined && isVersion1(first.tree), loading };
}

/** `scale` says the replicas of `deploy` as well: the check before sees to it that they do not differ. */
function spreadScale(project: Project): Project {
  const services = Object.entries(project.services).map(([name, service]) => {
    const { deploy, scale } = service;
    return [
      name,
      deploy === undefined || scale === undefined ? service : { ...service, deploy: { ...deploy, replicas: scale } },
    ];
  });
  return { ...project, services: Object.fromEntries(services) };
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
