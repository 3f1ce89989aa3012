import { PassThrough } from 'node:stream';
import { createInterface } from 'node:readline';
import { type DockerEngine, exec } from '@kmd/compose-runner';
import type { LogLine, LogOptions } from '../logs.js';
import type { AgentContainer } from './agents.js';

/** Every file that an executor of the agent prints into. */
const files = '"$MESOS_WORK_DIR"/slaves/*/frameworks/*/executors/*/runs/latest/std[eo]*';

/**
 * Lines that the Kubernetes executors of an agent printed: they are in the sandboxes of Mesos, inside the agent's container. With `follow` until the signal; what
 * follows ends in the container, too, since it listens to its input.
 */
export async function* readExecutorLogs(
  engine: DockerEngine,
  project: string,
  { name, index }: AgentContainer,
  { tail, follow, signal }: Pick<LogOptions, 'tail' | 'follow' | 'signal'>,
): AsyncGenerator<LogLine> {
  const last = tail === undefined ? '+1' : String(tail);
  const read = `tail -q -n ${last} ${files} 2>/dev/null`;
  const script = follow ? `tail -q -n ${last} -F ${files} 2>/dev/null & cat >/dev/null; kill $!` : `${read}; true`;
  const output = new PassThrough();
  const ended = new AbortController();
  const work = exec(engine, project, 'mesosslave', ['sh', '-c', `: "\${MESOS_WORK_DIR:=/var/lib/mesos}"; ${script}`], {
    index,
    ...(follow && { stdin: until(signal ? AbortSignal.any([signal, ended.signal]) : ended.signal) }),
    onOutput: (from, bytes) => from === 'stdout' && output.write(bytes),
  }).finally(() => output.end());
  work.catch(() => undefined);
  try {
    for await (const line of createInterface({ input: output })) yield { service: `executor/${name}`, line };
    await work;
  } finally {
    ended.abort();
  }
}

/** An input that says nothing, and ends when the signal is aborted. */
async function* until(signal: AbortSignal): AsyncGenerator<Uint8Array> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}
