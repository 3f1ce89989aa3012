import { dirname, isAbsolute, join, resolve } from 'node:path';
import { EnvFileError, parseEnvFile } from './environment/dotenv.js';
import { Findings, type Diagnostic } from './diagnostics/compose-error.js';
import { isMissing, readDisk, type ReadFile } from './reader.js';

/** What a user gave on the command line, and where. */
export interface InputOptions {
  /** Absolute current folder. */
  readonly cwd: string;
  /** The whole environment of the process. It always wins over files. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `-f`, in order. */
  readonly files?: readonly string[];
  /** `--env-file`, in order. */
  readonly envFiles?: readonly string[];
  /** `--project-directory`. */
  readonly projectDirectory?: string;
  /** `-p`. */
  readonly projectName?: string;
  /** `--profile`. */
  readonly profiles?: readonly string[];
  readonly readFile?: ReadFile;
}

/** Options of `load`, found the way docker compose finds them. */
export interface Inputs {
  readonly files: readonly string[];
  readonly workingDir: string;
  /** The current folder: messages name files as the user does. */
  readonly shownFrom: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly projectName?: string;
  readonly profiles: readonly string[];
  readonly warnings: readonly Diagnostic[];
}

const defaultFiles = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const overrideFiles = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
];

/**
 * Finds the files, the project folder, the variables, the profiles and the name from what a user gave, the environment and `.env`
 * files (specification notes, A1 steps 1 to 6).
 * @throws ComposeError when there is no Compose file, or an env file cannot be read
 */
export async function findInputs(options: InputOptions): Promise<Inputs> {
  const findings = new Findings();
  const readFile = options.readFile ?? readDisk;
  const environment = new Map<string, string>();
  for (const [key, value] of Object.entries(options.environment)) if (value !== undefined) environment.set(key, value);
  if (!environment.has('PWD')) environment.set('PWD', options.cwd);

  const stated = options.projectDirectory === undefined ? undefined : resolve(options.cwd, options.projectDirectory);
  const firstFile = options.files?.find((file) => file !== '-');
  const firstFolder = stated ?? (firstFile === undefined ? options.cwd : dirname(resolve(options.cwd, firstFile)));
  await addEnvFiles(firstFolder, options, environment, readFile, findings);

  const files = await findFiles(options, environment, stated, readFile, findings);
  const first = files.find((file) => file !== '-');
  const workingDir = stated ?? (first === undefined ? options.cwd : dirname(first));
  if (workingDir !== firstFolder) await addEnvFiles(workingDir, options, environment, readFile, findings);
  findings.throwIfAny();

  const named = options.projectName ?? (environment.get('COMPOSE_PROJECT_NAME') || undefined);
  const profiles =
    options.profiles !== undefined && options.profiles.length > 0
      ? options.profiles
      : (environment.get('COMPOSE_PROFILES') ?? '')
          .split(',')
          .map((profile) => profile.trim())
          .filter((profile) => profile !== '');
  return {
    files,
    workingDir,
    shownFrom: options.cwd,
    environment: Object.fromEntries(environment),
    ...(named !== undefined && { projectName: named }),
    profiles,
    warnings: findings.warnings,
  };
}

async function addEnvFiles(
  folder: string,
  options: InputOptions,
  environment: Map<string, string>,
  readFile: ReadFile,
  findings: Findings,
): Promise<void> {
  const listed = environment.get('COMPOSE_ENV_FILES');
  const stated =
    options.envFiles !== undefined && options.envFiles.length > 0
      ? options.envFiles
      : listed !== undefined && listed !== ''
        ? listed.split(',')
        : undefined;
  if (stated === undefined && /^(1|t|true)$/i.test(environment.get('COMPOSE_DISABLE_ENV_FILE') ?? '')) return;
  const found = new Map<string, string>();
  for (const file of stated ?? [join(folder, '.env')]) {
    const path = isAbsolute(file) ? file : resolve(options.cwd, file);
    let text: string;
    try {
      text = await readFile(path);
    } catch (error) {
      if (stated === undefined) continue;
      const reason = isMissing(error)
        ? 'not found'
        : `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
      return findings.fail({ code: 'io', text: `couldn't find env file: ${path} ${reason}`, file: path });
    }
    try {
      for (const [key, value] of parseEnvFile(text, (name) => environment.get(name) ?? found.get(name)))
        found.set(key, value);
    } catch (error) {
      if (!(error instanceof EnvFileError)) throw error;
      findings.fail({ code: 'env-file', text: `failed to read ${path}: ${error.summary}`, file: path });
    }
  }
  for (const [key, value] of found) if (!environment.has(key)) environment.set(key, value);
}

async function findFiles(
  options: InputOptions,
  environment: ReadonlyMap<string, string>,
  projectDirectory: string | undefined,
  readFile: ReadFile,
  findings: Findings,
): Promise<readonly string[]> {
  const stated = options.files !== undefined && options.files.length > 0 ? options.files : listedFiles(environment);
  if (stated !== undefined) return stated.map((file) => (file === '-' ? file : resolve(options.cwd, file)));
  for (let folder = projectDirectory ?? options.cwd; ; folder = dirname(folder)) {
    const candidates = await existing(folder, defaultFiles, readFile);
    const [file] = candidates;
    if (file !== undefined) {
      const overrides = await existing(folder, overrideFiles, readFile);
      if (candidates.length > 1) {
        findings.warn({
          code: 'io',
          text: `Found multiple config files with supported names: ${candidates.join(', ')}`,
        });
        findings.warn({ code: 'io', text: `Using ${file}` });
      }
      if (overrides.length > 1) {
        findings.warn({
          code: 'io',
          text: `Found multiple override files with supported names: ${overrides.join(', ')}`,
        });
        findings.warn({ code: 'io', text: `Using ${overrides[0] ?? ''}` });
      }
      return [file, ...overrides.slice(0, 1)];
    }
    if (dirname(folder) === folder) break;
  }
  return findings.fail({
    code: 'io',
    text: 'no configuration file provided: not found',
    hint: `put a ${defaultFiles[0] ?? ''} into ${options.cwd}, or name one with -f`,
  });
}

function listedFiles(environment: ReadonlyMap<string, string>): readonly string[] | undefined {
  const listed = environment.get('COMPOSE_FILE');
  if (listed === undefined || listed === '') return undefined;
  return listed.split(environment.get('COMPOSE_PATH_SEPARATOR') || ':');
}

async function existing(folder: string, names: readonly string[], readFile: ReadFile): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of names) {
    const path = join(folder, name);
    try {
      await readFile(path);
      found.push(path);
    } catch {
      // Not there, or not readable: the next name is tried, as docker compose does.
    }
  }
  return found;
}
