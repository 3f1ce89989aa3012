import { BuildkitOutput } from '../buildkit/buildkit-output.js';
import type { Session } from '../buildkit/session.js';
import { archiveContext } from '../context/archive.js';
import { ContextError } from '../context/context-error.js';
import type { BuildContext } from '../context/context.js';
import type { EngineConnection } from '../engine/connection.js';
import { EngineError } from '../engine/engine-error.js';
import { readJsonLines } from '../engine/json-lines.js';
import { ClassicOutput } from '../output/classic-output.js';
import { BuildError } from './build-error.js';
import type { BuildOptions } from './build.js';
import { needsBuildkit } from './dockerfile.js';
import { findImage } from './image.js';

async function chooseBuilder(
  engine: EngineConnection,
  context: BuildContext,
  { builder, secrets = {}, ssh = {} }: BuildOptions,
): Promise<'classic' | 'buildkit'> {
  if (builder !== undefined) return builder;
  const asksForMore = Object.keys(secrets).length > 0 || Object.keys(ssh).length > 0;
  const buildkit = asksForMore || needsBuildkit(context.dockerfileText) || (await engine.prefersBuildkit());
  return buildkit ? 'buildkit' : 'classic';
}

/** A session is there for what the engine asks back; a build that has nothing to give needs none. */
async function sessionOf(engine: EngineConnection, options: BuildOptions): Promise<Session | undefined> {
  const { secrets = {}, ssh = {}, signal } = options;
  if (Object.keys(secrets).length === 0 && Object.keys(ssh).length === 0) return undefined;
  // Loaded for the builds that need it: HTTP/2 takes a while to load.
  const { openSession } = await import('../buildkit/session.js');
  return openSession(engine, { secrets, ssh, signal });
}

/**
 * Sends a context to the engine and follows its build. @returns the image's id
 * @throws ContextError, BuildError, EngineError; the signal's reason
 */
export async function sendBuild(
  engine: EngineConnection,
  context: BuildContext,
  options: BuildOptions,
): Promise<string> {
  const { signal, onProgress } = options;
  const builder = await chooseBuilder(engine, context, options);
  const output = builder === 'buildkit' ? new BuildkitOutput(onProgress) : new ClassicOutput(onProgress);
  const session = builder === 'buildkit' ? await sessionOf(engine, options) : undefined;
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

  const failed = (code: BuildError['code'], message: string, cause?: unknown): BuildError =>
    new BuildError(code, message, { step: output.step, output: output.lines }, { cause });
  let broken: unknown;
  try {
    const stream = await engine.open({
      method: 'POST',
      path: '/build',
      query: {
        version: builder === 'buildkit' ? 2 : 1,
        session: session?.id,
        dockerfile: context.dockerfile,
        buildargs: options.args ?? {},
        labels: options.labels,
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
    for await (const message of readJsonLines(stream)) output.read(message);
  } catch (error) {
    signal?.throwIfAborted();
    if (contextFailure instanceof ContextError) throw contextFailure;
    if (error instanceof EngineError && error.code !== 'engine-unreachable') {
      throw failed('build-failed', error.message.replace(/^POST \/build: /, 'the build failed: '));
    }
    if (error instanceof EngineError && output.step === undefined) throw error;
    broken = error;
  } finally {
    archive.destroy();
    session?.close();
    output.end();
  }
  signal?.throwIfAborted();
  if (contextFailure instanceof ContextError) throw contextFailure;
  if (output.failure !== undefined) throw failed('build-failed', `the build failed: ${output.failure}`);
  const id = output.image;
  if (id === undefined) {
    throw failed('build-broken', 'the engine broke off in the middle of the build; did it stop?', broken);
  }
  return (await findImage(engine, id, signal))?.id ?? id;
}
