import { BuildkitOutput } from '../buildkit/buildkit-output.js';
import { ContextError } from '../context/context-error.js';
import type { BuildContext } from '../context/context.js';
import type { EngineConnection } from '../engine/connection.js';
import { EngineError } from '../engine/engine-error.js';
import { readJsonLines } from '../engine/json-lines.js';
import { ClassicOutput } from '../output/classic-output.js';
import { BuildError } from './build-error.js';
import type { BuildOptions } from './build.js';
import { deliverArchive, deliverBySession } from './delivery.js';
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
  const delivery =
    builder === 'buildkit' ? await deliverBySession(engine, context, options) : deliverArchive(context, options);
  const failed = (code: BuildError['code'], message: string, cause?: unknown): BuildError =>
    new BuildError(code, message, { step: output.step, output: output.lines }, { cause });
  let broken: unknown;
  try {
    const stream = await engine.open({
      method: 'POST',
      path: '/build',
      query: {
        ...delivery.query,
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
      body: delivery.body,
      signal,
    });
    for await (const message of readJsonLines(stream)) output.read(message);
  } catch (error) {
    signal?.throwIfAborted();
    if (delivery.failure() instanceof ContextError) throw delivery.failure();
    if (error instanceof EngineError && error.code !== 'engine-unreachable') {
      throw failed('build-failed', error.message.replace(/^POST \/build: /, 'the build failed: '));
    }
    if (error instanceof EngineError && output.step === undefined) throw error;
    broken = error;
  } finally {
    delivery.close();
    output.end();
  }
  signal?.throwIfAborted();
  if (delivery.failure() instanceof ContextError) throw delivery.failure();
  if (output.failure !== undefined) throw failed('build-failed', `the build failed: ${output.failure}`);
  const id = output.image;
  if (id === undefined) {
    throw failed('build-broken', 'the engine broke off in the middle of the build; did it stop?', broken);
  }
  return (await findImage(engine, id, signal))?.id ?? id;
}
