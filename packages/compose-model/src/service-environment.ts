import { isAbsolute, join } from 'node:path';
import { EnvFileError, parseEnvFile, parseRawEnvFile } from './environment/dotenv.js';
import type { Findings } from './diagnostics/compose-error.js';
import type { Lookup } from './interpolate/template.js';
import { sorted } from './model/codec.js';
import type { Service } from './model/service.js';
import { isMissing, type ReadFile } from './reader.js';
import { nearestPlace } from './source-map.js';
import type { Path } from './tree/path.js';
import type { Tree } from './tree/tree.js';

/** What reading a service's files needs. */
export interface FileContext {
  readonly lookup: Lookup;
  readonly readFile: ReadFile;
  readonly findings: Findings;
  readonly tree: Tree;
  readonly workingDir: string;
  /** Leave `env_file` and `label_file` out of the result. */
  readonly discard: boolean;
  /** Whether values of env files may hold variables: not in version 1. */
  readonly variables: boolean;
}

async function readPairs(
  file: { readonly path?: string; readonly required?: boolean; readonly format?: string },
  what: string,
  path: Path,
  lookup: Lookup,
  context: FileContext,
): Promise<ReadonlyMap<string, string>> {
  const { findings } = context;
  const at = nearestPlace(context.tree, path);
  const name = file.path ?? '';
  let text: string;
  try {
    text = await context.readFile(isAbsolute(name) ? name : join(context.workingDir, name));
  } catch (error) {
    if (isMissing(error) && file.required === false) return new Map();
    const reason = isMissing(error)
      ? `not found: stat ${name}: no such file or directory`
      : `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    findings.error({ code: 'io', text: `${what} ${name} ${reason}`, path, sentence: true, at });
    return new Map();
  }
  try {
    if (file.format === 'raw') return parseRawEnvFile(text, lookup);
    if (file.format !== undefined) {
      const unknown = `unsupported env_file format ${JSON.stringify(file.format)}`;
      findings.error({ code: 'env-file', text: unknown, path, sentence: true, at, hint: 'leave it out, or use raw' });
      return new Map();
    }
    return parseEnvFile(text, lookup, { variables: context.variables });
  } catch (error) {
    if (!(error instanceof EnvFileError)) throw error;
    findings.error({ code: 'env-file', text: `failed to read ${name}: ${error.summary}`, path, sentence: true, at });
    return new Map();
  }
}

/** Reads `env_file` into `environment`: entries of the service win, later files win over earlier (specification notes, A11). */
export async function readEnvFiles(service: Service, context: FileContext): Promise<Service> {
  const own = service.environment ?? {};
  const found = new Map<string, string>();
  const lookup: Lookup = (name) => context.lookup(name) ?? own[name] ?? found.get(name);
  for (const [index, file] of (service.env_file ?? []).entries()) {
    const path = ['services', service.name, 'env_file', index];
    for (const [key, value] of await readPairs(file, 'env file', path, lookup, context)) found.set(key, value);
  }
  const bare = Object.entries(own).map(([key, value]) => [key, value ?? context.lookup(key) ?? null] as const);
  const environment = Object.fromEntries<string | null>([...found, ...bare]);
  const made = { ...service, ...(Object.keys(environment).length > 0 && { environment }) };
  if (context.discard) delete made.env_file;
  return made;
}

/** Reads `label_file` into `labels`; labels of the service win. A value may use the labels before it, and no variables. */
export async function readLabelFiles(service: Service, context: FileContext): Promise<Service> {
  if (service.label_file === undefined) return service;
  const found = new Map<string, string>();
  for (const [index, path] of service.label_file.entries()) {
    const earlier = new Map(found);
    const lookup: Lookup = (name) => earlier.get(name);
    const where = ['services', service.name, 'label_file', index];
    for (const [key, value] of await readPairs({ path }, 'label file', where, lookup, context)) found.set(key, value);
  }
  const labels = { ...sorted(found), ...service.labels };
  const made = { ...service, ...(Object.keys(labels).length > 0 && { labels }) };
  if (context.discard) delete made.label_file;
  return made;
}
