import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { type DockerEngine, logs, ps } from '@kmd/compose-runner';
import { ClusterError } from '../errors.js';
import type { LogLine, LogOptions } from '../logs.js';
import type { DockerRecord } from '../state/record.js';
import { openEngine } from './engine.js';
import { withoutProject } from './project.js';

/** Lines of the containers' logs, with the container's number where a service has several. */
export async function* readContainerLogs(record: DockerRecord, options: LogOptions): AsyncGenerator<LogLine> {
  const engine = openEngine(record.engine);
  try {
    const names = (await ps(engine, record.project, { all: true })).map(({ name }) =>
      withoutProject(name, record.project),
    );
    const wanted = options.services ?? [];
    const matches = (name: string, one: string) => name === one || name.replace(/-\d+$/, '') === one;
    const unknown = wanted.find((one) => !names.some((name) => matches(name, one)));
    if (unknown !== undefined) {
      throw new ClusterError(
        'InvalidSpec',
        `there is no log of "${unknown}": there are ${names.join(', ') || 'none yet'}`,
      );
    }
    const services = [
      ...new Set(
        names.filter((name) => wanted.some((one) => matches(name, one))).map((name) => name.replace(/-\d+$/, '')),
      ),
    ];
    const lines = logs(engine, record.project, {
      ...(wanted.length === 0 ? {} : { services }),
      ...(options.tail === undefined ? {} : { tail: options.tail }),
      ...(options.follow ? { follow: true } : {}),
      signal: options.signal,
    });
    for await (const { container, text } of lines) {
      const service = withoutProject(container, record.project);
      if (wanted.length === 0 || wanted.some((one) => matches(service, one))) yield { service, line: text };
    }
  } catch (error) {
    if (!options.signal?.aborted) throw error;
  } finally {
    engine.close();
  }
}

/** Writes the log of every container into a file of the folder, `SERVICE-N.log`. */
export async function dumpLogs(engine: DockerEngine, project: string, folder: string): Promise<string[]> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const files = new Map<string, ReturnType<typeof createWriteStream>>();
  try {
    for await (const { container, text } of logs(engine, project, { timestamps: false })) {
      const path = join(folder, `${withoutProject(container, project)}.log`);
      let file = files.get(path);
      if (!file) files.set(path, (file = createWriteStream(path, { mode: 0o600 })));
      if (!file.write(`${text}\n`)) await once(file, 'drain');
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
