import { readFileSync, writeFileSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import {
  ComposeError,
  dependencyGraph,
  type Diagnostic,
  findInputs,
  imagesOf,
  type Inputs,
  load,
  type LoadOptions,
  loadRaw,
  type LoadSteps,
  printCodeFrame,
  printDiagnostic,
  printYaml,
  type Project,
  readDiskAtOnce,
  serviceHash,
  toDot,
  toJson,
  toMermaid,
  toYaml,
  type Variable,
} from '@kmd/compose-model';
import { exitCodes } from '../exit-code.js';
import type { Streams } from '../streams.js';

/** Which project is meant, with the options that users of docker compose know. */
export interface ProjectFlags {
  readonly file?: readonly string[] | undefined;
  readonly envFile?: readonly string[] | undefined;
  readonly profile?: readonly string[] | undefined;
  readonly projectName?: string | undefined;
  readonly projectDirectory?: string | undefined;
}

/** What `kmd compose config` shall print. */
export interface ConfigFlags extends ProjectFlags {
  readonly format?: 'yaml' | 'json' | undefined;
  readonly services?: boolean | undefined;
  readonly images?: boolean | undefined;
  readonly volumes?: boolean | undefined;
  readonly networks?: boolean | undefined;
  readonly profiles?: boolean | undefined;
  readonly variables?: boolean | undefined;
  readonly environment?: boolean | undefined;
  /** True for all services, else their names separated by commas. */
  readonly hash?: string | true | undefined;
  readonly quiet?: boolean | undefined;
  readonly output?: string | undefined;
  readonly interpolate: boolean;
  readonly normalize: boolean;
  readonly pathResolution: boolean;
  readonly consistency: boolean;
  readonly envResolution: boolean;
}

/** `kmd compose config`: the project in canonical form, or lists of what is in it. */
export async function composeConfig(
  services: readonly string[],
  flags: ConfigFlags,
  streams: Streams,
): Promise<number> {
  return reporting(flags, streams, async (inputs, files) => {
    const options: LoadOptions = {
      ...inputs,
      files,
      services,
      steps: stepsOf(flags),
      readFile: readDiskAtOnce,
      signal: streams.signal,
    };
    const text = await printConfig(options, inputs, flags, (warnings) => warn(warnings, streams));
    if (flags.quiet) return;
    if (flags.output === undefined) streams.stdout.write(text);
    else writeFileSync(resolve(flags.output), text);
  });
}

/** `kmd compose graph`: the dependencies between services, to be drawn. */
export async function composeGraph(
  services: readonly string[],
  flags: ProjectFlags & { readonly format: 'mermaid' | 'dot' },
  streams: Streams,
): Promise<number> {
  return reporting(flags, streams, async (inputs, files) => {
    const { project, warnings } = await load({
      ...inputs,
      files,
      services,
      readFile: readDiskAtOnce,
      signal: streams.signal,
    });
    warn(warnings, streams);
    const graph = dependencyGraph(project);
    streams.stdout.write(flags.format === 'dot' ? toDot(graph, project.name) : toMermaid(graph));
  });
}

function stepsOf(flags: ConfigFlags): LoadSteps {
  return {
    normalisation: flags.normalize,
    paths: flags.pathResolution,
    consistency: flags.consistency,
    envFiles: flags.envResolution,
    discardEnvFiles: flags.envResolution,
    pruneResources: true,
  };
}

async function printConfig(
  options: LoadOptions,
  inputs: Inputs,
  flags: ConfigFlags,
  report: (warnings: readonly Diagnostic[]) => void,
): Promise<string> {
  if (flags.variables || !flags.interpolate) {
    const raw = await loadRaw(options);
    report(raw.warnings);
    if (flags.variables) return flags.format === 'json' ? json(raw.variables) : variableTable(raw.variables);
    return flags.format === 'json' ? json(raw.model) : printYaml(raw.model);
  }
  const { project, warnings } = await load(options);
  report(warnings);
  if (flags.environment) {
    const environment = { ...inputs.environment, COMPOSE_PROJECT_NAME: project.name };
    return lines(Object.entries(environment).map(([key, value]) => `${key}=${value}`));
  }
  if (flags.services) return lines(Object.keys(project.services));
  if (flags.images) return lines(imagesOf(project));
  if (flags.volumes) return lines(Object.keys(project.volumes));
  if (flags.networks) return lines(Object.keys(project.networks));
  if (flags.profiles) return lines(profilesOf(project));
  if (flags.hash !== undefined) return hashes(project, flags.hash);
  // As docker compose does, so that the output loads again without its values being taken for variables.
  return (flags.format === 'json' ? json(toJson(project)) : toYaml(project)).replaceAll('$', '$$$$');
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function lines(items: readonly string[]): string {
  return items
    .toSorted()
    .map((item) => `${item}\n`)
    .join('');
}

function profilesOf(project: Project): readonly string[] {
  const services = [...Object.values(project.services), ...Object.values(project.disabledServices)];
  return [...new Set(services.flatMap(({ profiles }) => profiles ?? []))];
}

function hashes(project: Project, wanted: string | true): string {
  const names = wanted === true || wanted === '*' ? Object.keys(project.services) : wanted.split(',');
  return lines(
    names.map((name) => {
      const service = project.services[name];
      if (service === undefined) {
        throw new ComposeError([{ code: 'selection', message: `no such service: ${name}`, path: '' }]);
      }
      return `${name} ${serviceHash(service)}`;
    }),
  );
}

function variableTable(variables: readonly Variable[]): string {
  const rows = [
    ['NAME', 'REQUIRED', 'DEFAULT VALUE', 'ALTERNATE VALUE'],
    ...variables.map(({ name, required, defaultValue, presenceValue }) => [
      name,
      String(required === true),
      defaultValue ?? '',
      presenceValue ?? '',
    ]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(20, ...rows.map((row) => (row[column] ?? '').length + 3)));
  return rows
    .map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('')}`.trimEnd() + '\n')
    .join('');
}

export function warn(warnings: readonly Diagnostic[], streams: Streams): void {
  for (const warning of warnings) streams.stderr.write(`kmd: warning: ${printDiagnostic(warning)}\n`);
}

/** Finds the project's files and runs `work`; what is wrong with them is printed with the lines around it. */
export async function reporting(
  flags: ProjectFlags,
  streams: Streams,
  work: (inputs: Inputs, files: LoadOptions['files']) => Promise<void>,
): Promise<number> {
  const { file, envFile, profile, projectName, projectDirectory } = flags;
  const cwd = process.cwd();
  const texts = new Map<string, string>();
  let workingDir = cwd;
  let named: readonly string[] = [];
  try {
    const inputs = await findInputs({
      cwd,
      environment: streams.environment,
      readFile: readDiskAtOnce,
      ...(file && { files: file }),
      ...(envFile && { envFiles: envFile }),
      ...(profile && { profiles: profile }),
      ...(projectName !== undefined && { projectName }),
      ...(projectDirectory !== undefined && { projectDirectory }),
    });
    warn(inputs.warnings, streams);
    workingDir = inputs.workingDir;
    named = inputs.files;
    if (inputs.files.includes('-')) texts.set('-', await readStandardInput());
    const files = inputs.files.map((path) => (path === '-' ? { path, content: texts.get('-') ?? '' } : path));
    await work(inputs, files);
    return exitCodes.ok;
  } catch (error) {
    if (!(error instanceof ComposeError)) throw error;
    const { painter } = await import('../output/text.js');
    const paint = painter(streams.stderr, streams.environment);
    for (const diagnostic of error.diagnostics) {
      streams.stderr.write(`kmd: ${printDiagnostic(diagnostic)}\n`);
      const frame = frameOf(diagnostic, { workingDir, named }, texts);
      if (frame !== '') streams.stderr.write(paint('dim', frame));
    }
    return exitCodes.usage;
  }
}

/** Lines of a file that was named, or lies in the project's folder: an include of anything else must not show what is in it. */
function frameOf(
  diagnostic: Diagnostic,
  project: { readonly workingDir: string; readonly named: readonly string[] },
  texts: Map<string, string>,
): string {
  const { file } = diagnostic;
  if (file === undefined || diagnostic.line === undefined) return '';
  const path = file === '-' ? file : resolve(file);
  const inside = relative(project.workingDir, path);
  if (!project.named.includes(path) && (inside.startsWith('..') || isAbsolute(inside))) return '';
  const text = texts.get(path) ?? readText(path);
  texts.set(path, text);
  return printCodeFrame(diagnostic, text);
}

/** A file's text; empty when it cannot be read any more. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

async function readStandardInput(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) text += String(chunk);
  return text;
}
