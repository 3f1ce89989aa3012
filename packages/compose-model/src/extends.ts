import { dirname, isAbsolute, join, relative } from 'node:path';
import { resolvePaths } from './canonical/paths.js';
import { toCanonical } from './canonical/canonical.js';
import { maskedPlace } from './diagnostics/mask.js';
import type { Findings } from './diagnostics/compose-error.js';
import { interpolate } from './interpolate/interpolate.js';
import type { Lookup } from './interpolate/template.js';
import { merge } from './merge/merge.js';
import { removePaths } from './merge/removals.js';
import { dropRepeats } from './merge/unique.js';
import { displayName, readSource, type ReadFile } from './reader.js';
import type { Path } from './tree/path.js';
import { isNull, textOf, withEntry, type MapTree, type Tree } from './tree/tree.js';
import { clearReplaced, convertVersion1, unextendable } from './version1/convert.js';
import { isVersion1 } from './version1/detect.js';
import { similar } from './schema/similar.js';
import { readYaml, type YamlDocument } from './yaml/read-yaml.js';

/** What extending a service needs from the loader. */
export interface ExtendsContext {
  readonly workingDir: string;
  /** Folder that names in messages are relative to. */
  readonly shownFrom: string;
  readonly home: string | undefined;
  readonly lookup: Lookup;
  readonly readFile: ReadFile;
  readonly findings: Findings;
  readonly resolveRemote?: ((reference: string) => string | undefined) | undefined;
  /** Files already read for `extends`, by path: each is read and prepared once. */
  readonly files: Map<string, Promise<ExtendedFile>>;
  /** Whether the document is of version 1: so must be the files that it extends from. */
  readonly version1: boolean;
}

interface ExtendedFile {
  readonly path: string;
  /** Absent for a file without services. */
  readonly version1?: boolean;
  readonly services: MapTree | undefined;
  readonly removals: readonly Path[];
}

interface Origin {
  readonly file: string;
  /** The folder that `extends.file` of these services is relative to. */
  readonly folder: string;
  readonly services: MapTree;
  readonly removals: readonly Path[];
  /** Services of this file whose extends is already followed. */
  readonly done: Map<string, Tree>;
}

/** Services that extend one another in a row. */
const depthLimit = 1000;

type Link = readonly [file: string, service: string];

/** Follows `extends` in every service of a document (specification notes, A5). */
export async function applyExtends(
  document: MapTree,
  file: string,
  removals: readonly Path[],
  context: ExtendsContext,
): Promise<MapTree> {
  const services = document.entries.get('services');
  if (services?.kind !== 'map') return document;
  const origin: Origin = { file, folder: context.workingDir, services, removals, done: new Map() };
  const entries = new Map<string, Tree>();
  for (const name of services.entries.keys()) entries.set(name, await extendService(name, origin, [], context));
  return withEntry(document, 'services', { ...services, entries });
}

async function extendService(
  name: string,
  origin: Origin,
  chain: readonly Link[],
  context: ExtendsContext,
): Promise<Tree> {
  const ready = origin.done.get(name);
  if (ready !== undefined) return ready;
  const service = origin.services.entries.get(name);
  if (service?.kind !== 'map') return service ?? origin.services;
  const extended = service.entries.get('extends');
  if (extended === undefined || isNull(extended)) return service;
  const { findings } = context;
  const path: Path = ['services', name, 'extends'];
  const reference = extended.kind === 'map' ? textOf(extended.entries.get('service')) : textOf(extended);
  const refuse = (text: string, known?: MapTree): never => {
    const near = known === undefined ? undefined : similar(reference ?? '', known.entries.keys());
    const hint = near === undefined ? undefined : `did you mean ${near}?`;
    return findings.fail({ code: 'extends', text, path, sentence: true, at: maskedPlace(extended), hint });
  };
  if (reference === undefined) return refuse(`extends.${name}.service is required`);
  const otherFile = extended.kind === 'map' ? textOf(extended.entries.get('file')) : undefined;
  let base = origin;
  if (otherFile !== undefined) {
    base = await openFile(otherFile, name, reference, origin, { path, at: maskedPlace(extended) }, refuse, context);
  } else if (!origin.services.entries.has(reference)) {
    return refuse(
      `cannot extend service "${name}" in ${origin.file}: service "${reference}" not found`,
      origin.services,
    );
  }
  const target = base.services.entries.get(reference);
  const hindrance = context.version1 && target?.kind === 'map' ? unextendable(target) : undefined;
  if (hindrance !== undefined) {
    return refuse(
      `Cannot extend service '${reference}' in ${base.file}: services with '${hindrance}' cannot be extended`,
    );
  }
  const link: Link = [origin.file, name];
  const start = chain.findIndex(([file, service]) => file === link[0] && service === link[1]);
  if (start >= 0) {
    const [first, ...others] = [...chain.slice(start), link];
    const lines = others.map(([file, service]) => `\n  extends ${service} in ${file}`).join('');
    const text = `Circular reference:\n  ${first?.[1] ?? ''} in ${first?.[0] ?? ''}${lines}`;
    return findings.fail({ code: 'cycle', text, path, sentence: true, at: maskedPlace(extended) });
  }
  if (chain.length > depthLimit) {
    return refuse(`cannot extend service "${name}" in ${origin.file}: more than ${depthLimit} levels`);
  }
  const found = await extendService(reference, base, [...chain, link], context);
  if (found.kind !== 'map') return service;
  const kept = removePaths(found, origin.removals, ['services', name]);
  const cleared = context.version1 ? clearReplaced(kept, service) : kept;
  const merged = merge(cleared, service, findings, ['services', name]);
  const made = merged.kind === 'map' ? withEntry(merged, 'extends', undefined) : merged;
  origin.done.set(name, made);
  return made;
}

async function openFile(
  reference: string,
  name: string,
  service: string,
  origin: Origin,
  asker: { path: Path; at: Tree['at'] },
  refuse: (text: string, known?: MapTree) => never,
  context: ExtendsContext,
): Promise<Origin> {
  const remote = context.resolveRemote?.(reference);
  const path = remote ?? (isAbsolute(reference) ? reference : join(origin.folder, reference));
  let reading = context.files.get(path);
  if (reading === undefined) {
    reading = readExtended(path, asker, context);
    context.files.set(path, reading);
  }
  const file = await reading;
  const where = `cannot extend service "${name}" in`;
  if (file.services === undefined) return refuse(`${where} ${file.path}: no services section`);
  if (file.version1 !== undefined && file.version1 !== context.version1) {
    return refuse(`Version mismatch: ${where} ${origin.file}: only one of it and ${file.path} is of version 1`);
  }
  if (!file.services.entries.has(service)) {
    return refuse(`${where} ${origin.file}: service "${service}" not found in ${reference}`, file.services);
  }
  return {
    file: file.path,
    folder: context.workingDir,
    services: file.services,
    removals: file.removals,
    done: new Map(),
  };
}

/** Reads a file for its services alone: variables, short forms and paths are settled; it is not checked, its includes are ignored. */
async function readExtended(
  path: string,
  asker: { path: Path; at: Tree['at'] },
  context: ExtendsContext,
): Promise<ExtendedFile> {
  const { findings, lookup, home } = context;
  const source = await readSource(path, displayName(path, context.shownFrom), context.readFile, findings, asker);
  let whole: Tree | undefined;
  let removals: readonly Path[] = [];
  let version1: boolean | undefined;
  for (const document of await readYaml(source, findings)) {
    version1 ??= isVersion1(document.tree);
    const prepared = prepare(document, lookup, findings);
    const base = whole === undefined ? undefined : removePaths(whole, document.removals);
    whole = toCanonical(dropRepeats(base === undefined ? prepared : merge(base, prepared, findings)), findings);
    removals = document.removals;
  }
  findings.throwIfAny();
  if (whole === undefined) return { path, services: undefined, removals };
  const settled = resolvePaths(dropRepeats(whole), {
    // Relative to the project, which makes the paths absolute at the end if it makes any so.
    workingDir: relative(context.workingDir, dirname(path)),
    home,
    findings,
    isRemote: (text) => context.resolveRemote?.(text) !== undefined,
  });
  const services = settled.kind === 'map' ? settled.entries.get('services') : undefined;
  if (services !== undefined && services.kind !== 'map') {
    const text = `cannot extend service in ${path}: services must be a mapping`;
    return findings.fail({ code: 'extends', text, path: asker.path, sentence: true, at: services.at });
  }
  return { path, services, removals, ...(version1 !== undefined && { version1 }) };
}

function prepare(document: YamlDocument, lookup: Lookup, findings: Findings): Tree {
  const { tree } = document;
  if (tree.kind !== 'map' || !isVersion1(tree)) return interpolate(tree, lookup, findings);
  return interpolate(convertVersion1(tree, findings), lookup, findings, { operators: false });
}
