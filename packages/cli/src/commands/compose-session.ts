import { load, type Project, readDiskAtOnce } from '@kmd/compose-model';
import * as runner from '@kmd/compose-runner';
import { exitCodes } from '../exit-code.js';
import { followRunner } from '../output/compose-progress.js';
import { modeOf, showProgress } from '../output/progress.js';
import type { Streams } from '../streams.js';
import { type ProjectFlags, reporting, warn } from './compose.js';

/** What the commands that change a project share. */
export interface EngineFlags extends ProjectFlags {
  readonly quiet?: boolean;
  readonly timeout?: number;
}

interface Work {
  readonly engine: runner.DockerEngine;
  readonly project: Project;
  readonly configFiles: readonly string[];
  /** For long commands: the signal, and where progress goes. */
  readonly options: {
    readonly signal: AbortSignal;
    readonly onProgress: (event: runner.RunnerEvent) => void;
  };
}

/**
 * Loads the project and finds the engine for some work. The engine's connections are left to end with this process, which they do not keep: to close them takes
 * milliseconds.
 */
export async function onEngine(
  flags: EngineFlags,
  streams: Streams,
  work: (about: Work) => Promise<number | undefined>,
): Promise<number> {
  let exitCode: number = exitCodes.ok;
  const { signal, environment } = streams;
  const read = await reporting(flags, streams, async (inputs, files) => {
    // Both take a while and neither needs the other.
    const [loaded, engine] = await Promise.all([
      load({ ...inputs, files, signal, readFile: readDiskAtOnce }),
      runner.openEngine({ environment, signal }),
    ]);
    warn(loaded.warnings, streams);
    const progress = showProgress(modeOf(flags, streams), streams);
    try {
      const { project } = loaded;
      const options = { signal, onProgress: followRunner(progress.listener) };
      exitCode = (await work({ engine, project, configFiles: inputs.files, options })) ?? exitCodes.ok;
    } finally {
      progress.close();
    }
  });
  return read === exitCodes.ok ? exitCode : read;
}

export const some = (services: readonly string[]): { services?: readonly string[] } =>
  services.length === 0 ? {} : { services };

export const stopTimeout = ({ timeout }: EngineFlags): { stopTimeout?: number } =>
  timeout === undefined ? {} : { stopTimeout: timeout };
