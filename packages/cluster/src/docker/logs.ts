import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { type DockerEngine, logs, ps } from '@kmd/compose-runner';
import { chooseLogs, type LogLine, type LogOptions } from '../logs.js';
import type { DockerRecord } from '../state/record.js';
import { runningAgents } from './agents.js';
import { openEngine } from './engine.js';
import { readExecutorLogs } from './executor-logs.js';
import { withoutProject } from './project.js';

/** Lines of the containers' logs, with the container's number where a service has several, and of the executors inside the agents. */
export async function* readContainerLogs(record: DockerRecord, options: LogOptions): AsyncGenerator<LogLine> {
  const { services: wanted = [], tail, follow, signal } = options;
  const { project } = record;
  const engine = openEngine(record.engine);
  try {
    const rows = await ps(engine, project, { all: true });
    const containers = rows.map(({ name }) => withoutProject(name, project));
    const agents = runningAgents(rows, project);
    const sources = [...containers, ...agents.map(({ name }) => executorOf(name))];
    const chosen = new Set(chooseLogs(sources, wanted));
    const services = containers.filter((name) => chosen.has(name)).map((name) => name.replace(/-\d+$/, ''));
    const lines = [
      ...(services.length === 0
        ? []
        : [containerLines(engine, project, chosen, { services: [...new Set(services)], tail, follow, signal })]),
      ...agents
        .filter(({ name }) => chosen.has(executorOf(name)))
        .map((agent) => readExecutorLogs(engine, project, agent, { tail, follow, signal })),
    ];
    if (follow) yield* merge(lines);
    else for (const one of lines) yield* one;
  } catch (error) {
    if (!signal?.aborted) throw error;
  } finally {
    engine.close();
  }
}

const executorOf = (agent: string): string => `executor/${agent}`;

async function* containerLines(
  engine: DockerEngine,
  project: string,
  chosen: ReadonlySet<string>,
  options: LogOptions,
): AsyncGenerator<LogLine> {
  const { services, tail, follow, signal } = options;
  const given = {
    ...(services && { services }),
    ...(tail === undefined ? {} : { tail }),
    ...(follow ? { follow } : {}),
    signal,
  };
  for await (const { container, text } of logs(engine, project, given)) {
    const service = withoutProject(container, project);
    if (chosen.has(service)) yield { service, line: text };
  }
}

/** Lines of several sources as they come. */
async function* merge(sources: readonly AsyncGenerator<LogLine>[]): AsyncGenerator<LogLine> {
  const ask = async (source: AsyncGenerator<LogLine>) => ({ source, result: await source.next() });
  const turns = new Map(sources.map((source) => [source, ask(source)]));
  while (turns.size > 0) {
    const { source, result } = await Promise.race(turns.values());
    if (result.done) turns.delete(source);
    else {
      turns.set(source, ask(source));
      yield result.value;
    }
  }
}

/** Writes the log of every container, and of every executor that can still be read, into a file of the folder: `SERVICE-N.log`, `executor-mesosslave-N.log`. */
export async function dumpLogs(engine: DockerEngine, project: string, folder: string): Promise<string[]> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const files = new Map<string, ReturnType<typeof createWriteStream>>();
  const write = async (name: string, line: string): Promise<void> => {
    const path = join(folder, `${name}.log`);
    let file = files.get(path);
    if (!file) files.set(path, (file = createWriteStream(path, { mode: 0o600 })));
    if (!file.write(`${line}\n`)) await once(file, 'drain');
  };
  try {
    for await (const { container, text } of logs(engine, project, { timestamps: false })) {
      await write(withoutProject(container, project), text);
    }
    for (const agent of runningAgents(await ps(engine, project), project)) {
      for await (const { line } of readExecutorLogs(engine, project, agent, {}))
        await write(`executor-${agent.name}`, line);
    }
  } finally {
    await Promise.all(
      [...files.values()].map((file) => {
        file.end();
        return finished(file);
      }),
    );
  }
  return [...files.keys()];
}
