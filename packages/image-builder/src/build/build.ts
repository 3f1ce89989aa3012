import { createHash } from 'node:crypto';
import { narrowContext, openContext, type BuildContext, type ContextOptions } from '../context/context.js';
import { digestContext } from '../context/digest.js';
import type { EngineConnection } from '../engine/connection.js';
import { pullImage } from '../pull/pull.js';
import { copiedPaths } from './copied-paths.js';
import { readBases } from './dockerfile.js';
import type { ImageEvent } from './event.js';
import { findImage, findImageByLabel, tagImage } from './image.js';
import { sendBuild } from './send-build.js';

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
  /**
   * Which of the engine's builders is used. By default BuildKit where the engine prefers it or the build needs it (secrets, ssh, `RUN --mount`,
   * `COPY --link`, here-documents), and else the classic one, which every engine has.
   */
  readonly builder?: 'classic' | 'buildkit';
  /** By id: texts or bytes for `RUN --mount=type=secret,id=…`. They are no part of the image, nor of what makes a build another one. */
  readonly secrets?: Readonly<Record<string, Uint8Array | string>>;
  /** Sockets of ssh agents by id, `default` as a rule, for `RUN --mount=type=ssh`. */
  readonly ssh?: Readonly<Record<string, string>>;
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

/** The base images, and whether all that they do is known: none of them brings instructions of its own. */
interface PreparedBases {
  readonly ids: readonly (readonly [name: string, id: string])[];
  readonly known: boolean;
}

async function prepareBases(
  engine: EngineConnection,
  context: BuildContext,
  options: BuildOptions,
): Promise<PreparedBases> {
  const { signal, onProgress, platform } = options;
  const { images, complete } = readBases(context.dockerfileText, options.args);
  const ids: [string, string][] = [];
  let known = complete;
  for (const name of images) {
    const present = options.pull === true ? undefined : await findImage(engine, name, signal);
    if (present === undefined) await pullImage(engine, name, { signal, onProgress, platform });
    const image = present ?? (await findImage(engine, name, signal));
    ids.push([name, image?.id ?? 'absent']);
    known &&= image?.hasTriggers === false;
  }
  return { ids, known };
}

async function digestBuild(context: BuildContext, bases: PreparedBases['ids'], options: BuildOptions): Promise<string> {
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

/**
 * Builds an image, unless one that was built from the same things is there: such a one is tagged and handed back at the cost of
 * reading what the Dockerfile reads of the context; nothing else of it is sent to the engine either. Base images that are missing are pulled first, since which they are is part of that comparison.
 * Cancelling makes the engine stop. A stream that breaks is an error; it never hangs, and an error within it is not overlooked.
 * @throws ContextError, IgnorePatternError, PullError, BuildError, EngineError; the signal's reason
 * @example
 * const engine = connectEngine({ socketPath: '/var/run/docker.sock' });
 * const { id, reused } = await buildImage(engine, { folder: '.', tags: ['shop/web:1'] });
 */
export async function buildImage(engine: EngineConnection, options: BuildOptions): Promise<BuiltImage> {
  const { signal, onProgress, tags } = options;
  signal?.throwIfAborted();
  const whole = await openContext(options);
  const bases = await prepareBases(engine, whole, options);
  const context = bases.known ? narrowContext(whole, copiedPaths(whole.dockerfileText)) : whole;
  const digest = await digestBuild(context, bases.ids, options);
  const found = options.noCache === true ? undefined : await reuse(engine, digest, options);
  const id =
    found ?? (await sendBuild(engine, context, { ...options, labels: { ...options.labels, [digestLabel]: digest } }));
  // Names are given at the end, so that a build that fails or is cancelled leaves the old image under them.
  if (found === undefined) for (const tag of tags) await tagImage(engine, id, tag, signal);
  onProgress?.({ type: 'done', image: tags[0] ?? id, reused: found !== undefined });
  return { id, reused: found !== undefined, digest };
}
