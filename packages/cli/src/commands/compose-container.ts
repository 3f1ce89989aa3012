import * as runner from '@kmd/compose-runner';
import { exitCodes } from '../exit-code.js';
import type { Streams } from '../streams.js';
import { type EngineFlags, onEngine } from './compose-session.js';

const write = (from: 'stdout' | 'stderr', bytes: Uint8Array): void =>
  void (from === 'stdout' ? process.stdout : process.stderr).write(bytes);

export interface ExecFlags extends EngineFlags {
  readonly user?: string;
  readonly workdir?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly privileged?: boolean;
  readonly index?: number;
  /** Hands standard input on. */
  readonly interactive?: boolean;
}

const inputOf = ({ interactive }: { readonly interactive?: boolean }): { stdin?: AsyncIterable<Uint8Array> } =>
  interactive === true ? { stdin: process.stdin } : {};

export async function composeExec(
  service: string,
  command: readonly string[],
  flags: ExecFlags,
  streams: Streams,
): Promise<number> {
  const { user, workdir, env, privileged, index } = flags;
  return onEngine(flags, streams, async ({ engine, project, options: { signal } }) =>
    runner.exec(engine, project.name, service, command, {
      signal,
      onOutput: write,
      ...inputOf(flags),
      ...(user !== undefined && { user }),
      ...(workdir !== undefined && { workingDir: workdir }),
      ...(env !== undefined && { environment: env }),
      ...(privileged !== undefined && { privileged }),
      ...(index !== undefined && { index }),
    }),
  );
}

export interface RunFlags extends Omit<ExecFlags, 'index' | 'privileged'> {
  readonly name?: string;
  readonly entrypoint?: string;
  readonly servicePorts?: boolean;
  readonly rm?: boolean;
  /** False for `--no-deps`. */
  readonly deps: boolean;
}

export async function composeRun(
  service: string,
  command: readonly string[],
  flags: RunFlags,
  streams: Streams,
): Promise<number> {
  const { user, workdir, env, name, entrypoint } = flags;
  return onEngine({ ...flags, quiet: true }, streams, async ({ engine, project, configFiles, options }) =>
    runner.run(engine, project, service, {
      ...options,
      configFiles,
      onOutput: write,
      keep: flags.rm !== true,
      withoutDependencies: !flags.deps,
      servicePorts: flags.servicePorts === true,
      ...inputOf(flags),
      ...(command.length > 0 && { command }),
      ...(entrypoint !== undefined && { entrypoint: entrypoint === '' ? [] : entrypoint.split(/\s+/) }),
      ...(user !== undefined && { user }),
      ...(workdir !== undefined && { workingDir: workdir }),
      ...(env !== undefined && { environment: env }),
      ...(name !== undefined && { name }),
    }),
  );
}

/** `SERVICE:PATH` is a place in a container; a colon behind a slash or a dot belongs to a path of this machine. */
function readPlace(text: string): { readonly service?: string; readonly path: string } {
  const [, service, path] = /^([^:/.][^:/]*):(.*)$/s.exec(text) ?? [];
  return service === undefined || path === undefined ? { path: text } : { service, path };
}

/** `kmd compose cp`: one of the two is `SERVICE:PATH`; `-` is an archive on standard input or output. */
export async function composeCopy(
  from: string,
  to: string,
  flags: EngineFlags & { readonly index?: number; readonly followLink?: boolean },
  streams: Streams,
): Promise<number> {
  const [source, target] = [readPlace(from), readPlace(to)];
  return onEngine(flags, streams, async ({ engine, project, options: { signal } }) => {
    const { index, followLink = false } = flags;
    const about = { signal, followLink, ...(index !== undefined && { index }) };
    if (source.service !== undefined && target.service === undefined) {
      if (target.path === '-') {
        const archive = await runner.archiveOf(engine, project.name, source.service, source.path, about);
        for await (const bytes of archive) await writeAll(bytes);
      } else await runner.copyFrom(engine, project.name, source.service, source.path, target.path, about);
    } else if (source.service === undefined && target.service !== undefined) {
      const given = source.path === '-' ? process.stdin : source.path;
      await runner.copyInto(engine, project.name, target.service, given, target.path, about);
    } else {
      streams.stderr.write('kmd: one of the two paths must be SERVICE:PATH, and the other one of this machine\n');
      return exitCodes.usage;
    }
    return exitCodes.ok;
  });
}

const writeAll = (bytes: Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => process.stdout.write(bytes, (error) => (error == null ? resolve() : reject(error))));

export async function composePort(
  service: string,
  target: number,
  flags: EngineFlags & { readonly protocol?: 'tcp' | 'udp'; readonly index?: number },
  streams: Streams,
): Promise<number> {
  return onEngine(flags, streams, async ({ engine, project, options: { signal } }) => {
    const { protocol, index } = flags;
    const about = { signal, ...(protocol !== undefined && { protocol }), ...(index !== undefined && { index }) };
    streams.stdout.write(`${await runner.port(engine, project.name, service, target, about)}\n`);
    return exitCodes.ok;
  });
}
