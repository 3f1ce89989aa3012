import { lstat, realpath, stat } from 'node:fs/promises';
import { basename, posix, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { archiveFiles, EngineError, readTar, type TarEntry } from '@kmd/image-builder';
import { unpack } from '../copy/unpack.js';
import type { CallOptions, DockerEngine } from '../engine/docker-engine.js';
import { RunnerError } from '../runner-error.js';
import { findContainer } from './inspect.js';

export interface CopyOptions extends CallOptions {
  /** Number of the replica; the lowest that runs by default, or the lowest where none does. */
  readonly index?: number;
  /** Copies what a symbolic link leads to, and not the link. */
  readonly followLink?: boolean;
}

/** `FOLDER/.` means what is in the folder. */
const meansContent = (path: string): boolean => /(?:^|\/)\.$/.test(path);

function refuse(text: string, service: string): RunnerError {
  return new RunnerError('copy-refused', text, { service });
}

/** The first thing at a path of a container: the thing itself. */
async function look(
  engine: DockerEngine,
  container: string,
  path: string,
  options: CallOptions,
): Promise<TarEntry['header'] | undefined> {
  let stream: Readable;
  try {
    stream = await engine.getFiles(container, path, options);
  } catch (error) {
    if (error instanceof EngineError && error.code === 'engine-not-found') return undefined;
    throw error;
  }
  for await (const { header } of readTar(stream)) return header;
  return undefined;
}

/** Where something called `name` goes when it is copied to a path, by docker cp's rules: into a folder, in the place of a file, or under a new name. */
function placeFor(
  about: { readonly name: string; readonly isFolder: boolean; readonly contentOnly: boolean },
  target: string,
  found: 'folder' | 'other' | undefined,
): { readonly folder: string; readonly name: string } | string {
  if (found === 'folder') return { folder: target, name: about.contentOnly ? '' : about.name };
  if (about.isFolder && found !== undefined) return `${target} is no folder, and a folder is copied to it`;
  if (!about.isFolder && target.endsWith('/')) return `there is no folder ${target}`;
  return { folder: posix.dirname(target), name: posix.basename(target) };
}

/**
 * Copies a file or a folder of this machine into a service's container, by the rules of docker cp. What is copied belongs to root there.
 * @param source a path, or the stream of an archive that is unpacked in the folder `target`
 * @throws RunnerError, ContextError, EngineError
 * @example
 * await copyInto(engine, 'shop', 'web', './page.html', '/srv/');
 */
export async function copyInto(
  engine: DockerEngine,
  project: string,
  service: string,
  source: string | Readable,
  target: string,
  options: CopyOptions = {},
): Promise<void> {
  const { signal, followLink = false } = options;
  const { id } = await findContainer(engine, project, service, { ...options, orStopped: true });
  // As docker cp has it: a relative path is one of the root.
  const absolute = posix.resolve('/', target) + (/[^/]\/$/.test(target) ? '/' : '');
  if (typeof source !== 'string') return engine.putFiles(id, source, { signal, path: absolute });
  const local = resolve(source);
  const real = followLink ? await realpath(local) : local;
  const isFolder = (await lstat(real)).isDirectory();
  let found = await look(engine, id, absolute, { signal });
  let to = absolute;
  if (found?.kind === 'link') {
    to = posix.resolve(posix.dirname(absolute), found.target ?? '');
    found = await look(engine, id, to, { signal });
  }
  const kind = found === undefined ? undefined : found.kind === 'folder' ? 'folder' : 'other';
  const about = { name: basename(local), isFolder, contentOnly: isFolder && meansContent(source) };
  const place = placeFor(about, to, kind);
  if (typeof place === 'string') throw refuse(`${place} in service ${service}`, service);
  await engine.putFiles(id, archiveFiles(real, place.name), { signal, path: place.folder });
}

/**
 * Copies a file or a folder of a service's container to this machine, by the rules of docker cp. Nothing is written outside the place that
 * it goes to, whatever links the container has.
 * @throws RunnerError, EngineError, TarError
 */
export async function copyFrom(
  engine: DockerEngine,
  project: string,
  service: string,
  source: string,
  target: string,
  options: CopyOptions = {},
): Promise<void> {
  const { signal } = options;
  const stream = await archiveOf(engine, project, service, source, options);
  const found = await stat(target).catch(() => undefined);
  const kind = found === undefined ? undefined : found.isDirectory() ? 'folder' : 'other';
  await unpack(stream, { signal }, ({ name, kind: what }) => {
    const about = { name, isFolder: what === 'folder', contentOnly: what === 'folder' && meansContent(source) };
    const place = placeFor(about, target, kind);
    if (typeof place === 'string') throw refuse(place, service);
    return resolve(place.folder, place.name);
  });
}

/** A path of a service's container as an archive, as the engine sends it. @throws RunnerError, EngineError */
export async function archiveOf(
  engine: DockerEngine,
  project: string,
  service: string,
  source: string,
  options: CopyOptions = {},
): Promise<Readable> {
  const { signal, followLink = false } = options;
  const { id } = await findContainer(engine, project, service, { ...options, orStopped: true });
  const path = posix.resolve('/', source);
  const first = followLink ? await look(engine, id, path, { signal }) : undefined;
  const real = first?.kind === 'link' ? posix.resolve(posix.dirname(path), first.target ?? '') : path;
  return engine.getFiles(id, real, { signal });
}
