import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, cpSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  ComposeError,
  expand,
  findInputs,
  InvalidTemplate,
  load,
  loadRaw,
  MissingVariable,
  parseEnvFile,
  parsePort,
  parseVolume,
  serviceOrder,
  toJson,
  toYaml,
  type Loaded,
  type LoadOptions,
  type LoadSteps,
} from '../src/index.js';
import { runLegacy } from './legacy.js';
import { Findings } from '../src/diagnostics/compose-error.js';
import { interpolate } from '../src/interpolate/interpolate.js';
import { printYaml } from '../src/print/yaml-text.js';
import { variablesOf } from '../src/interpolate/variables.js';
import { toPlain, type Tree } from '../src/tree/tree.js';
import { readYaml } from '../src/yaml/read-yaml.js';

interface Row {
  readonly in: unknown;
  readonly env?: Record<string, string>;
  readonly out?: unknown;
  readonly error?: string;
  readonly warns?: boolean;
}

export interface Case {
  readonly id: string;
  readonly area: string;
  readonly op: string;
  readonly files?: readonly string[];
  readonly symlinks?: Record<string, string>;
  readonly env?: Record<string, string>;
  readonly options?: Record<string, unknown>;
  readonly rows?: readonly Row[];
  /** What today's implementation makes of a file of an old format. */
  readonly modern?: { readonly project?: unknown; readonly error?: string };
  readonly expect?: {
    readonly project?: Record<string, unknown>;
    readonly projectFromYaml?: unknown;
    readonly disabled?: readonly string[];
    readonly error?: { readonly contains: string };
    readonly yamlFile?: string;
    readonly output?: string;
    readonly warnings?: readonly string[];
    readonly visits?: readonly string[];
    readonly before?: readonly (readonly [string, string])[];
    readonly sequence?: readonly string[];
  };
}

export function readCases(folder: string): readonly { folder: string; case: Case }[] {
  const cases = existsSync(join(folder, 'cases')) ? join(folder, 'cases') : folder;
  return readdirSync(cases)
    .filter((id) => existsSync(join(cases, id, 'case.json')))
    .sort()
    .map((id) => ({
      folder: join(cases, id),
      case: JSON.parse(readFileSync(join(cases, id, 'case.json'), 'utf8')) as Case,
    }));
}

/** Runs a case. @returns `undefined` when it passes, else the first difference */
export async function runCase(folder: string, one: Case): Promise<string | undefined> {
  if (one.rows !== undefined) {
    for (const row of one.rows) {
      const difference = runRow(one.op, row);
      if (difference !== undefined) return `${JSON.stringify(row.in)}: ${difference}`;
    }
    return undefined;
  }
  const run = one.op === 'legacy-config' ? runLegacy : runFiles;
  if (one.symlinks === undefined) return run(folder, one);
  const copy = mkdtempSync(join(tmpdir(), 'corpus-'));
  try {
    cpSync(folder, copy, { recursive: true });
    for (const [name, target] of Object.entries(one.symlinks)) symlinkSync(target, join(copy, name));
    return await run(copy, one);
  } finally {
    rmSync(copy, { recursive: true });
  }
}

async function runFiles(folder: string, one: Case): Promise<string | undefined> {
  const expected = substitute(one.expect ?? {}, folder) as NonNullable<Case['expect']>;
  try {
    if (one.options?.['noInterpolate'] === true) return await compareRaw(folder, one, expected);
    const { loaded, disabled, warnings, visits } = await loadCase(folder, one);
    if (expected.error !== undefined) return `no error; expected ${expected.error.contains}`;
    if (expected.warnings !== undefined) {
      const difference = compare([...warnings].sort(), [...expected.warnings].sort(), 'warnings');
      if (difference !== undefined) return difference;
    }
    if (expected.disabled !== undefined) {
      const difference = compare([...disabled].sort(), [...expected.disabled].sort(), 'disabled');
      if (difference !== undefined) return difference;
    }
    if (expected.visits !== undefined) return checkOrder(visits, expected);
    const print = one.op === 'config' ? doubleDollars : (value: unknown): unknown => value;
    const json: unknown = JSON.parse(JSON.stringify(print(toJson(loaded.project))));
    const difference = expected.project === undefined ? undefined : compare(json, expected.project, '');
    return difference ?? (await compareYaml(folder, print(await parseYaml(toYaml(loaded.project))), expected));
  } catch (error) {
    if (!(error instanceof ComposeError)) throw error;
    if (expected.error === undefined) return `refused: ${error.message}`;
    return error.message.includes(expected.error.contains)
      ? undefined
      : `message ${JSON.stringify(error.message)}, expected ${JSON.stringify(expected.error.contains)}`;
  }
}

/** The YAML output, held against the recorded one after both are parsed. */
async function compareYaml(
  folder: string,
  printed: unknown,
  expected: NonNullable<Case['expect']>,
): Promise<string | undefined> {
  if (expected.projectFromYaml !== undefined) return compare(printed, expected.projectFromYaml, 'yaml');
  if (expected.yamlFile === undefined) return undefined;
  const text = readFileSync(join(folder, expected.yamlFile), 'utf8');
  return compare(printed, substitute(await parseYaml(text), folder), 'yaml');
}

async function compareRaw(
  folder: string,
  one: Case,
  expected: NonNullable<Case['expect']>,
): Promise<string | undefined> {
  const { model } = await loadRaw((await configRequest(folder, one)).request);
  return (
    compare(model, expected.project, '') ?? (await compareYaml(folder, await parseYaml(printYaml(model)), expected))
  );
}

export async function parseYaml(text: string): Promise<unknown> {
  const findings = new Findings();
  const [document] = await readYaml({ name: 'output', path: 'output', text }, findings);
  if (document === undefined || findings.errors.length > 0) {
    throw new Error(`cannot be read again: ${findings.errors[0]?.message ?? 'empty'}\n${text}`);
  }
  return toPlain(document.tree);
}

function checkOrder(visits: readonly string[], expected: NonNullable<Case['expect']>): string | undefined {
  const difference = compare([...visits].sort(), [...(expected.visits ?? [])].sort(), 'visits');
  if (difference !== undefined) return difference;
  for (const [a, b] of expected.before ?? []) if (visits.indexOf(a) > visits.indexOf(b)) return `${b} before ${a}`;
  return expected.sequence === undefined ? undefined : compare(visits, expected.sequence, 'sequence');
}

interface CaseResult {
  readonly loaded: Loaded;
  readonly disabled: readonly string[];
  readonly warnings: readonly string[];
  readonly visits: readonly string[];
}

/** Options of `load` for what `docker compose config` was asked, and the warnings of finding them. */
async function configRequest(
  folder: string,
  one: Case,
): Promise<{ request: LoadOptions; warnings: readonly string[] }> {
  const options = one.options ?? {};
  const names = (key: string): string[] => (options[key] as string[] | undefined) ?? [];
  const text = (key: string): string | undefined => options[key] as string | undefined;
  const cwd = join(folder, text('cwd') ?? '.');
  const given = { files: one.files ?? [], envFiles: names('envFiles'), profiles: names('profiles') };
  const environment: Record<string, string> = { HOME: '/home/user', PWD: cwd, ...environmentOf(one, folder) };
  const inputs = await findInputs({
    cwd,
    environment,
    ...given,
    files: given.files.map((file) => (file === '-' || file.startsWith('/') ? file : join(folder, file))),
    ...(text('projectName') !== undefined && { projectName: text('projectName')! }),
    ...(text('projectDirectory') !== undefined && { projectDirectory: join(cwd, text('projectDirectory')!) }),
  });
  const steps: LoadSteps = {
    interpolation: options['noInterpolate'] !== true,
    normalisation: options['noNormalize'] !== true,
    paths: options['noPathResolution'] !== true,
    consistency: options['noConsistency'] !== true,
    envFiles: options['noEnvResolution'] !== true && options['noInterpolate'] !== true,
    discardEnvFiles: options['noEnvResolution'] !== true,
    pruneResources: options['allResources'] !== true,
    version1: one.op === 'legacy-config',
  };
  const stdin = text('stdin');
  const request: LoadOptions = {
    ...inputs,
    files: inputs.files.map((file) =>
      file === '-' && stdin !== undefined ? { path: '-', content: readFileSync(join(folder, stdin), 'utf8') } : file,
    ),
    services: names('services'),
    steps,
  };
  return { request, warnings: inputs.warnings.map((warning) => warning.message) };
}

function environmentOf(one: Case, folder: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(one.env ?? {}).map(([key, value]) => [key, value.replaceAll('${CASE_DIR}', folder)]),
  );
}

/** Loads the files of a case the way its operation says. */
export async function loadCase(folder: string, one: Case): Promise<CaseResult> {
  const options = one.options ?? {};
  const names = (key: string): string[] => (options[key] as string[] | undefined) ?? [];
  const text = (key: string): string | undefined => options[key] as string | undefined;
  if (one.op === 'config' || one.op === 'legacy-config') {
    const { request, warnings } = await configRequest(folder, one);
    const loaded = await load(request);
    return {
      loaded,
      disabled: Object.keys(loaded.project.disabledServices),
      warnings: [...warnings, ...loaded.warnings.map((warning) => warning.message)],
      visits: [],
    };
  }
  const remotes = Object.entries((options['remotes'] as Record<string, string> | undefined) ?? {});
  const name = text('projectName');
  const explicit = options['projectNameExplicit'] === true;
  const request: LoadOptions = {
    files: (one.files ?? []).map((file) => join(folder, file)),
    workingDir: join(folder, text('workdir') ?? '.'),
    environment: environmentOf(one, folder),
    profiles: names('profiles'),
    services: names('services'),
    ...(name !== undefined && (explicit ? { projectName: name } : { fallbackName: name })),
    resolveRemote: (reference) => {
      const found = remotes.find(([prefix]) => reference.startsWith(prefix));
      return found === undefined ? undefined : join(folder, found[1], reference.slice(found[0].length));
    },
    steps: {
      interpolation: options['skipInterpolation'] !== true,
      validation: options['skipValidation'] !== true,
      normalisation: options['skipNormalization'] !== true,
      consistency: options['skipConsistencyCheck'] !== true,
      paths: options['resolvePaths'] !== false,
      defaults: options['skipDefaultValues'] !== true,
      envFiles: options['skipResolveEnvironment'] !== true,
      discardEnvFiles: options['discardEnvFiles'] === true,
      pruneResources: options['pruneUnusedResources'] === true,
      extends: options['skipExtends'] !== true,
      include: options['skipInclude'] !== true,
      version1: false,
    },
  };
  const loaded = await load(request);
  const from = options['from'] as string[] | undefined;
  return {
    loaded,
    disabled: Object.keys(loaded.project.disabledServices),
    warnings: loaded.warnings.map((warning) => warning.message),
    visits: serviceOrder(loaded.project, {
      reverse: options['reverse'] === true,
      ...(from !== undefined && { from }),
    }),
  };
}

function runRow(op: string, row: Row): string | undefined {
  const lookup = (name: string): string | undefined => row.env?.[name];
  const failed = (message: string): string | undefined =>
    row.error !== undefined && message.includes(row.error)
      ? undefined
      : `failed: ${message}; expected ${row.error ?? JSON.stringify(row.out)}`;
  const made = (value: unknown): string | undefined =>
    row.error === undefined ? compare(value, row.out, '') : `no error; expected ${row.error}`;
  switch (op) {
    case 'substitute': {
      let warned = false;
      try {
        const value = expand(String(row.in), lookup, () => (warned = true));
        return made(value) ?? (row.warns === true && !warned ? 'no warning' : undefined);
      } catch (error) {
        if (error instanceof InvalidTemplate) return failed(`Invalid template: ${JSON.stringify(error.message)}`);
        if (error instanceof MissingVariable) return failed(error.message);
        throw error;
      }
    }
    case 'variables': {
      const found = variablesOf(toTree(row.in)).map(({ name, defaultValue, presenceValue, required }) => [
        name,
        {
          ...(defaultValue !== undefined && defaultValue !== '' && { default: defaultValue }),
          ...(presenceValue !== undefined && presenceValue !== '' && { presence: presenceValue }),
          ...(required === true && { required }),
        },
      ]);
      return made(Object.fromEntries(found));
    }
    case 'interpolate': {
      const findings = new Findings();
      const value = toPlain(interpolate(toTree(row.in), lookup, findings));
      return findings.errors[0] === undefined ? made(value) : failed(findings.errors[0].message);
    }
    case 'dotenv':
      try {
        return made(Object.fromEntries(parseEnvFile(String(row.in), lookup)));
      } catch (error) {
        return failed(error instanceof Error ? error.message : String(error));
      }
    case 'port': {
      const ports = parsePort(String(row.in));
      if (typeof ports === 'string') return failed(ports);
      return made(
        ports.map(({ hostIp, target, published, protocol }) => ({
          mode: 'ingress',
          ...(hostIp !== undefined && { host_ip: hostIp }),
          target,
          ...(published !== undefined && { published }),
          protocol,
        })),
      );
    }
    case 'volume': {
      const volume = parseVolume(String(row.in));
      if (typeof volume === 'string') return failed(volume);
      const { type, source, target, readOnly, propagation, selinux, nocopy } = volume;
      const options = { ...(selinux !== undefined && { selinux }), ...(propagation !== undefined && { propagation }) };
      return made({
        type,
        ...(source !== undefined && { source }),
        target,
        ...(readOnly === true && { read_only: true }),
        ...((type === 'bind' || Object.keys(options).length > 0) && { bind: options }),
        ...((type === 'volume' || nocopy === true) &&
          String(row.in).length > 2 && { volume: nocopy === true ? { nocopy } : {} }),
      });
    }
    default:
      return `unknown operation ${op}`;
  }
}

function toTree(value: unknown): Tree {
  const at = { source: { name: 'row', path: 'row', text: '' }, offset: 0 };
  if (Array.isArray(value)) return { kind: 'list', items: value.map(toTree), at };
  if (typeof value === 'object' && value !== null) {
    const entries = new Map(Object.entries(value).map(([key, inner]) => [key, toTree(inner)]));
    return { kind: 'map', entries, keys: new Map(), at };
  }
  return { kind: 'scalar', value: value as string | number | boolean | null, at };
}

export function doubleDollars(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('$', '$$$$');
  if (Array.isArray(value)) return value.map(doubleDollars);
  if (typeof value !== 'object' || value === null) return value;
  const double = (text: string): string => text.replaceAll('$', '$$$$');
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [double(key), doubleDollars(inner)]));
}

export function substitute(value: unknown, folder: string): unknown {
  if (typeof value === 'string') return value.replaceAll('${CASE_DIR}', folder);
  if (Array.isArray(value)) return value.map((item) => substitute(item, folder));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, substitute(inner, folder)]));
}

/** The first difference between two plain values. */
export function compare(actual: unknown, expected: unknown, path: string): string | undefined {
  if (isDeepStrictEqual(actual, expected)) return undefined;
  const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (isObject(actual) && isObject(expected)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      const difference = compare(actual[key], expected[key], `${path}/${key}`);
      if (difference !== undefined) return difference;
    }
  }
  if (Array.isArray(actual) && Array.isArray(expected) && actual.length === expected.length) {
    for (const [index, item] of actual.entries()) {
      const difference = compare(item, expected[index], `${path}/${index}`);
      if (difference !== undefined) return difference;
    }
  }
  return `${path}: ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`;
}

const shared = join(dirname(fileURLToPath(import.meta.url)), '../../../../shared/corpus');
/** Where the corpus stands beside the repository. */
export const corpusFolder = join(shared, 'compose');
/** Where the cases of the old formats stand. */
export const legacyFolder = join(shared, 'compose-legacy');
