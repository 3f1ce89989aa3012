import { scale } from '@kmd/compose-model';
import * as runner from '@kmd/compose-runner';
import { exitCodes } from '../exit-code.js';
import { formatBytes, formatTable } from '../output/text.js';
import type { Streams } from '../streams.js';
import { type EngineFlags, onEngine, some, stopTimeout } from './compose-session.js';

export interface UpFlags extends EngineFlags {
  readonly detach?: boolean;
  readonly build?: boolean;
  readonly pull?: 'always' | 'missing' | 'never';
  readonly forceRecreate?: boolean;
  /** False for `--no-recreate`. */
  readonly recreate: boolean;
  /** False for `--no-start`. */
  readonly start: boolean;
  readonly removeOrphans?: boolean;
  readonly renewAnonVolumes?: boolean;
  readonly scale?: Readonly<Record<string, number>>;
  readonly wait?: boolean;
  readonly waitTimeout?: number;
}

/** `kmd compose up`: without `-d` it shows what the containers print until Ctrl-C, which stops them. */
export async function composeUp(services: readonly string[], flags: UpFlags, streams: Streams): Promise<number> {
  const wait = flags.wait === true || flags.waitTimeout !== undefined;
  return onEngine(flags, streams, async ({ engine, project: loaded, configFiles, options }) => {
    const project = flags.scale === undefined ? loaded : scale(loaded, flags.scale);
    const agent = streams.environment['SSH_AUTH_SOCK'];
    await runner.up(engine, project, {
      ...options,
      ...some(services),
      ...stopTimeout(flags),
      configFiles,
      ...(agent !== undefined && { sshAgent: agent }),
      ...(flags.build !== undefined && { build: flags.build }),
      ...(flags.pull !== undefined && { pull: flags.pull }),
      recreate: flags.forceRecreate === true ? 'always' : flags.recreate ? 'diverged' : 'never',
      start: flags.start,
      removeOrphans: flags.removeOrphans === true,
      renewVolumes: flags.renewAnonVolumes === true,
      wait,
      ...(flags.waitTimeout !== undefined && { waitTimeout: flags.waitTimeout }),
    });
    if (flags.detach === true || wait || !flags.start) return exitCodes.ok;
    try {
      await printLogs(engine, project.name, { ...some(services), follow: true, signal: options.signal }, streams);
    } catch (error) {
      if (!options.signal.aborted) throw error;
      await runner.stop(engine, project, { ...some(services), ...stopTimeout(flags), onProgress: options.onProgress });
      return exitCodes.interrupted;
    }
    return exitCodes.ok;
  });
}

export interface DownFlags extends EngineFlags {
  readonly volumes?: boolean;
  readonly removeOrphans?: boolean;
  readonly rmi?: 'local' | 'all';
}

export async function composeDown(flags: DownFlags, streams: Streams): Promise<number> {
  return onEngine(flags, streams, async ({ engine, project, options }) => {
    const found = await runner.down(engine, project, {
      ...options,
      ...stopTimeout(flags),
      volumes: flags.volumes === true,
      removeOrphans: flags.removeOrphans === true,
      ...(flags.rmi !== undefined && { images: flags.rmi }),
    });
    if (!found) streams.stderr.write(`kmd: warning: there is nothing of project ${project.name}\n`);
    return exitCodes.ok;
  });
}

export interface LifeFlags extends EngineFlags {
  readonly signal?: string;
  readonly stop?: boolean;
  readonly volumes?: boolean;
}

/** What is done to containers, or to the images of services. */
export async function composeLife(
  verb: 'start' | 'stop' | 'restart' | 'kill' | 'rm' | 'build' | 'pull',
  services: readonly string[],
  flags: LifeFlags,
  streams: Streams,
): Promise<number> {
  return onEngine(flags, streams, async ({ engine, project, options }) => {
    const chosen = { ...options, ...some(services), ...stopTimeout(flags) };
    if (verb === 'kill') {
      const killSignal = flags.signal === undefined ? {} : { killSignal: flags.signal };
      await runner.kill(engine, project.name, { ...chosen, ...killSignal });
    } else if (verb === 'rm') {
      const gone = await runner.remove(engine, project, {
        ...chosen,
        stop: flags.stop === true,
        volumes: flags.volumes === true,
      });
      if (flags.quiet !== true) for (const name of gone) streams.stdout.write(`${name}\n`);
    } else await runner[verb](engine, project, chosen);
    return exitCodes.ok;
  });
}

export interface PsFlags extends EngineFlags {
  readonly all?: boolean;
  readonly format?: 'table' | 'json';
}

export async function composePs(services: readonly string[], flags: PsFlags, streams: Streams): Promise<number> {
  return onEngine(flags, streams, async ({ engine, project, options: { signal } }) => {
    const rows = await runner.ps(engine, project.name, { ...some(services), all: flags.all === true, signal });
    if (flags.quiet === true) for (const { id } of rows) streams.stdout.write(`${id}\n`);
    else if (flags.format === 'json') for (const row of rows) streams.stdout.write(`${JSON.stringify(row)}\n`);
    else {
      const printPort = ({ host, published, target, protocol }: runner.EnginePort): string =>
        `${published === undefined ? '' : `${host ?? '0.0.0.0'}:${published}->`}${target}/${protocol}`;
      streams.stdout.write(
        formatTable(
          ['NAME', 'IMAGE', 'SERVICE', 'STATUS', 'PORTS'],
          rows.map((row) => [row.name, row.image, row.service, row.status, row.ports.map(printPort).join(', ')]),
        ),
      );
    }
    return exitCodes.ok;
  });
}

export interface LogFlags extends EngineFlags {
  readonly follow?: boolean;
  readonly tail?: number;
  readonly since?: string;
  readonly until?: string;
  readonly timestamps?: boolean;
  /** False for `--no-log-prefix`. */
  readonly logPrefix: boolean;
}

async function printLogs(
  engine: runner.DockerEngine,
  project: string,
  options: runner.ProjectLogOptions,
  { stdout }: Streams,
  prefix = true,
): Promise<void> {
  let width = 0;
  for await (const { container, text } of runner.logs(engine, project, options)) {
    const name = container.startsWith(`${project}-`) ? container.slice(project.length + 1) : container;
    width = Math.max(width, name.length);
    stdout.write(prefix ? `${name.padEnd(width)}  | ${text}\n` : `${text}\n`);
  }
}

export async function composeLogs(services: readonly string[], flags: LogFlags, streams: Streams): Promise<number> {
  return onEngine(flags, streams, async ({ engine, project, options: { signal } }) => {
    const { follow = false, tail, since, until, timestamps = false } = flags;
    const given = {
      follow,
      timestamps,
      ...(tail !== undefined && { tail }),
      ...(since !== undefined && { since: momentOf(since) }),
      ...(until !== undefined && { until: momentOf(until) }),
    };
    try {
      await printLogs(engine, project.name, { ...given, ...some(services), signal }, streams, flags.logPrefix);
    } catch (error) {
      if (!signal.aborted) throw error;
      return exitCodes.interrupted;
    }
    return exitCodes.ok;
  });
}

/** `42m` ago, or a moment as it is. */
function momentOf(text: string): string {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|m|s)/g)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== text) return text;
  const seconds = parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * { h: 3600, m: 60, s: 1 }[unit as 'h'],
    0,
  );
  return String(Math.floor(Date.now() / 1000 - seconds));
}

export async function composeTop(services: readonly string[], flags: EngineFlags, streams: Streams): Promise<number> {
  return onEngine(flags, streams, async ({ engine, project, options: { signal } }) => {
    for (const { container, titles, processes } of await runner.top(engine, project.name, {
      ...some(services),
      signal,
    }))
      streams.stdout.write(`${container}\n${formatTable(titles, processes)}\n`);
    return exitCodes.ok;
  });
}

export async function composeStats(services: readonly string[], flags: EngineFlags, streams: Streams): Promise<number> {
  return onEngine(flags, streams, async ({ engine, project, options: { signal } }) => {
    const rows = await runner.stats(engine, project.name, { ...some(services), signal });
    streams.stdout.write(
      formatTable(
        ['NAME', 'CPU %', 'MEMORY', 'LIMIT', 'NET IN / OUT', 'DISK IN / OUT', 'PIDS'],
        rows.map((row) => [
          row.container,
          row.cpuPercent.toFixed(2),
          formatBytes(row.memory),
          formatBytes(row.memoryLimit),
          `${formatBytes(row.received)} / ${formatBytes(row.sent)}`,
          `${formatBytes(row.read)} / ${formatBytes(row.written)}`,
          String(row.processes),
        ]),
      ),
    );
    return exitCodes.ok;
  });
}

/** `kmd compose ls`: needs no project. */
export async function composeList(
  flags: { readonly all?: boolean; readonly quiet?: boolean },
  streams: Streams,
): Promise<number> {
  const engine = await runner.openEngine({ environment: streams.environment, signal: streams.signal });
  try {
    const rows = (await runner.listProjects(engine, { signal: streams.signal })).filter(
      ({ running }) => flags.all === true || running > 0,
    );
    if (flags.quiet === true) for (const { name } of rows) streams.stdout.write(`${name}\n`);
    else {
      streams.stdout.write(
        formatTable(
          ['NAME', 'RUNNING', 'CONFIG FILES'],
          rows.map(({ name, running, containers, configFiles }) => [
            name,
            `${running}/${containers}`,
            configFiles.join(','),
          ]),
        ),
      );
    }
    return exitCodes.ok;
  } finally {
    engine.close();
  }
}
