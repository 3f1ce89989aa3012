import { createHash } from 'node:crypto';
import { archiveContext } from '../context/archive.js';
import { ContextError } from '../context/context-error.js';
import { openContext, type BuildContext, type ContextOptions } from '../context/context.js';
import { digestContext } from '../context/digest.js';
import type { EngineConnection } from '../engine/connection.js';
import { EngineError } from '../engine/engine-error.js';
import { readJsonLines } from '../engine/json-lines.js';
import { pullImage } from '../pull/pull.js';
import { BuildError } from './build-error.js';
import { baseImages } from './dockerfile.js';
import type { ImageEvent } from './event.js';
import { findImage, findImageByLabel, tagImage } from './image.js';
import { readProgress } from './progress.js';

/** The label that says what an image was built from. */
export const digestLabel = 'kmd.build.digest';

export interface BuildOptions extends ContextOptions {
  /** Names of the image, the first being its main one: `repository:tag`. */
  readonly tags: readonly string[];
  /** Build arguments. */
  readonly args?: Readonly<Record<string, string>>;
  /** The stage to build; the last one by default. */
  readonly target?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Such as `linux/arm64`. */
  readonly platform?: string;
  /** Images whose layers may be used in place of building them. */
  readonly cacheFrom?: readonly string[];
  /** Pulls newer base images first. */
  readonly pull?: boolean;
  /** Builds each step again. An image that is up to date is built again too. */
  readonly noCache?: boolean;
  /** The network of RUN steps, such as `host` or `none`. */
  readonly network?: string;
  /** `name:address`, for RUN steps. */
  readonly extraHosts?: readonly string[];
  /** Bytes of /dev/shm in RUN steps. */
  readonly shmSize?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: ImageEvent) => void;
}

export interface BuiltImage {
  /** `sha256:` and 64 hexadecimal digits. */
  readonly id: string;
  /** Whether an image that was there already is up to date, so that none was built. */
  readonly reused: boolean;
  /** Of the context, the Dockerfile, the arguments and the base images: the value of the label `kmd.build.digest`. */
  readonly digest: string;
}

/** How many of the last lines an error carries. */
const keptLines = 20;

async function prepareBases(
  engine: EngineConnection,
  context: BuildContext,
  options: BuildOptions,
): Promise<[string, string][]> {
  const { signal, onProgress, platform } = options;
  const bases: [string, string][] = [];
  for (const name of baseImages(context.dockerfileText, options.args)) {
    const present = options.pull === true ? undefined : await findImage(engine, name, signal);
    if (present === undefined) await pullImage(engine, name, { signal, onProgress, platform });
    bases.push([name, (present ?? (await findImage(engine, name, signal)))?.id ?? 'absent']);
  }
  return bases;
}

async function digestBuild(context: BuildContext, bases: [string, string][], options: BuildOptions): Promise<string> {
  const { args = {}, labels = {}, target = '', platform = '', network = '', extraHosts = [] } = options;
  const sorted = (record: Readonly<Record<string, string>>): unknown =>
    Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify([
    await digestContext(context, options),
    context.dockerfile,
    sorted(args),
    sorted(labels),
    [target, platform, network, extraHosts],
    bases,
  ]);
  return createHash('sha256').update(text).digest('hex');
}

async function reuse(engine: EngineConnection, digest: string, options: BuildOptions): Promise<string | undefined> {
  const { signal, tags } = options;
  const [main] = tags;
  const tagged = main === undefined ? undefined : await findImage(engine, main, signal);
  const same =
    tagged?.labels[digestLabel] === digest
      ? tagged
      : await findImageByLabel(engine, `${digestLabel}=${digest}`, signal);
  if (same === undefined) return undefined;
  for (const tag of tags) {
    if (same === tagged && tag === main) continue;
    await tagImage(engine, same.id, tag, signal);
  }
  return same.id;
}

async function send(
  engine: EngineConnection,
  context: BuildContext,
  digest: string,
  options: BuildOptions,
): Promise<string> {
  const { signal, onProgress } = options;
  let entries = 0;
  let bytes = 0;
  const archive = archiveContext(context, {
    onEntry(entry) {
      entries += 1;
      bytes += entry.size;
      // Often enough for a person, and no more than that for many small files.
      if (entries % 500 === 0 || entry.size > 1_000_000) onProgress?.({ type: 'context', entries, bytes });
    },
  });
  let contextFailure: unknown;
  archive.on('error', (error) => (contextFailure = error));
  archive.on('end', () => onProgress?.({ type: 'context', entries, bytes }));

  let id: string | undefined;
  let failed: string | undefined;
  let broken: unknown;
  let step: string | undefined;
  const lines: string[] = [];
  let open = '';
  const print = (text: string): void => {
    const parts = `${open}${text}`.split('\n');
    open = parts.pop() ?? '';
    for (const line of parts.map((part) => part.replace(/\r$/, ''))) {
      const begun = /^Step (\d+)\/(\d+) : (.*)$/.exec(line);
      if (begun !== null) {
        step = begun[3];
        onProgress?.({ type: 'step', step: Number(begun[1]), steps: Number(begun[2]), text: begun[3] ?? '' });
        lines.length = 0;
      } else if (line !== '') {
        onProgress?.({ type: 'output', text: line });
        // The engine's own notes on what it does (` ---> Running in 0123`) say nothing of why a step failed.
        if (!line.startsWith(' --->') && !line.startsWith('Removing intermediate')) lines.push(line);
        if (lines.length > keptLines) lines.shift();
      }
    }
  };
  try {
    const stream = await engine.open({
      method: 'POST',
      path: '/build',
      query: {
        version: 1,
        dockerfile: context.dockerfile,
        buildargs: options.args ?? {},
        labels: { ...options.labels, [digestLabel]: digest },
        target: options.target,
        platform: options.platform,
        cachefrom: options.cacheFrom,
        nocache: options.noCache,
        networkmode: options.network,
        extrahosts: options.extraHosts?.join(','),
        shmsize: options.shmSize,
        rm: 1,
        forcerm: 1,
      },
      body: archive,
      signal,
    });
    for await (const message of readJsonLines(stream)) {
      const progress = readProgress(message);
      if (progress?.kind === 'text') {
        print(progress.text);
        id ??= /^Successfully built ([0-9a-f]+)/m.exec(progress.text)?.[1];
      } else if (progress?.kind === 'image') id = progress.id;
      else if (progress?.kind === 'error') failed = progress.message;
      else if (progress?.kind === 'event') onProgress?.(progress.event);
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (contextFailure instanceof ContextError) throw contextFailure;
    if (error instanceof EngineError && error.code !== 'engine-unreachable') {
      throw new BuildError('build-failed', error.message.replace(/^POST \/build: /, 'the build failed: '), {
        output: lines,
      });
    }
    if (error instanceof EngineError && step === undefined) throw error;
    broken = error;
  } finally {
    archive.destroy();
    if (open !== '') print('\n');
  }
  signal?.throwIfAborted();
  if (contextFailure instanceof ContextError) throw contextFailure;
  if (failed !== undefined)
    throw new BuildError('build-failed', `the build failed: ${failed}`, { step, output: lines });
  if (id === undefined) {
    const why = 'the engine broke off in the middle of the build; did it stop?';
    throw new BuildError('build-broken', why, { step, output: lines }, { cause: broken });
  }
  return (await findImage(engine, id, signal))?.id ?? id;
}

/**
 * Builds an image, unless one that was built from the same things is there: such a one is tagged and handed back at the cost of
 * reading the context. Base images that are missing are pulled first, since which they are is part of that comparison.
 * Cancelling makes the engine stop. A stream that breaks is an error; it never hangs, and an error within it is not overlooked.
 * @throws ContextError, IgnorePatternError, PullError, BuildError, EngineError; the signal's reason
 * @example
 * const engine = connectEngine({ socketPath: '/var/run/docker.sock' });
 * const { id, reused } = await buildImage(engine, { folder: '.', tags: ['shop/web:1'] });
 */
export async function buildImage(engine: EngineConnection, options: BuildOptions): Promise<BuiltImage> {
  const { signal, onProgress, tags } = options;
  signal?.throwIfAborted();
  const context = await openContext(options);
  const bases = await prepareBases(engine, context, options);
  const digest = await digestBuild(context, bases, options);
  const found = options.noCache === true ? undefined : await reuse(engine, digest, options);
  const id = found ?? (await send(engine, context, digest, options));
  // Names are given at the end, so that a build that fails or is cancelled leaves the old image under them.
  if (found === undefined) for (const tag of tags) await tagImage(engine, id, tag, signal);
  onProgress?.({ type: 'done', image: tags[0] ?? id, reused: found !== undefined });
  return { id, reused: found !== undefined, digest };
}
