import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, cpSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import { dirname, join } from 'node:path';
import {
  ComposeError,
  expand,
  findInputs,
  InvalidTemplate,
  load,
  MissingVariable,
  parseEnvFile,
  parsePort,
  parseVolume,
  serviceOrder,
  toJson,
  type LoadOptions,
  type LoadSteps,
} from '../src/index.js';
import { Findings } from '../src/diagnostics/compose-error.js';
import { interpolate } from '../src/interpolate/interpolate.js';
import { variablesOf } from '../src/interpolate/variables.js';
import { toPlain, type Tree } from '../src/tree/tree.js';

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
  readonly expect?: {
    readonly project?: Record<string, unknown>;
    readonly projectFromYaml?: unknown;
    readonly disabled?: readonly string[];
    readonly error?: { readonly contains: string };
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
  if (one.symlinks === undefined) return runFiles(folder, one);
  const copy = mkdtempSync(join(tmpdir(), 'corpus-'));
  try {
    cpSync(folder, copy, { recursive: true });
    for (const [name, target] of Object.entries(one.symlinks)) symlinkSync(target, join(copy, name));
    return await runFiles(copy, one);
  } finally {
    rmSync(copy, { recursive: true });
  }
}

async function runFiles(folder: string, one: Case): Promise<string | undefined> {
  const expected = substitute(one.expect ?? {}, folder) as NonNullable<Case['expect']>;
  try {
    const { actual, disabled, warnings, visits } = await loadCase(folder, one);
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
    if (expected.project === undefined) return 'printing as YAML is not claimed yet';
    const plain: unknown = JSON.parse(JSON.stringify(one.op === 'config' ? doubleDollars(actual) : actual));
    return compare(plain, expected.project, '');
  } catch (error) {
    if (!(error instanceof ComposeError)) throw error;
    if (expected.error === undefined) return `refused: ${error.message}`;
    return error.message.includes(expected.error.contains)
      ? undefined
      : `message ${JSON.stringify(error.message)}, expected ${JSON.stringify(expected.error.contains)}`;
  }
}

function checkOrder(visits: readonly string[], expected: NonNullable<Case['expect']>): string | undefined {
  const difference = compare([...visits].sort(), [...(expected.visits ?? [])].sort(), 'visits');
  if (difference !== undefined) return difference;
  for (const [a, b] of expected.before ?? []) if (visits.indexOf(a) > visits.indexOf(b)) return `${b} before ${a}`;
  return expected.sequence === undefined ? undefined : compare(visits, expected.sequence, 'sequence');
}

async function loadCase(folder: string, one: Case) {
  const options = one.options ?? {};
  const names = (key: string): string[] => (options[key] as string[] | undefined) ?? [];
  const text = (key: string): string | undefined => options[key] as string | undefined;
  const env = Object.fromEntries(
    Object.entries(one.env ?? {}).map(([key, value]) => [key, value.replaceAll('${CASE_DIR}', folder)]),
  );
  if (one.op === 'config') {
    const cwd = join(folder, text('cwd') ?? '.');
    const given = { files: one.files ?? [], envFiles: names('envFiles'), profiles: names('profiles') };
    const environment: Record<string, string> = { HOME: '/home/user', PWD: cwd, ...env };
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
    };
    const stdin = text('stdin');
    const loaded = await load({
      ...inputs,
      files: inputs.files.map((file) =>
        file === '-' && stdin !== undefined ? { path: '-', content: readFileSync(join(folder, stdin), 'utf8') } : file,
      ),
      services: names('services'),
      steps,
    });
    return {
      actual: toJson(loaded.project),
      disabled: Object.keys(loaded.project.disabledServices),
      warnings: [...inputs.warnings, ...loaded.warnings].map((warning) => warning.message),
      visits: [],
    };
  }
  const remotes = Object.entries((options['remotes'] as Record<string, string> | undefined) ?? {});
  const name = text('projectName');
  const explicit = options['projectNameExplicit'] === true;
  const request: LoadOptions = {
    files: (one.files ?? []).map((file) => join(folder, file)),
    workingDir: join(folder, text('workdir') ?? '.'),
    environment: env,
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
    },
  };
  const loaded = await load(request);
  const from = options['from'] as string[] | undefined;
  return {
    actual: toJson(loaded.project),
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

function doubleDollars(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('$', '$$$$');
  if (Array.isArray(value)) return value.map(doubleDollars);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, doubleDollars(inner)]));
}

function substitute(value: unknown, folder: string): unknown {
  if (typeof value === 'string') return value.replaceAll('${CASE_DIR}', folder);
  if (Array.isArray(value)) return value.map((item) => substitute(item, folder));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, substitute(inner, folder)]));
}

/** The first difference between two plain values. */
function compare(actual: unknown, expected: unknown, path: string): string | undefined {
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

/** Where the corpus stands beside the repository. */
export const corpusFolder = join(dirname(new URL(import.meta.url).pathname), '../../../../shared/corpus/compose');
