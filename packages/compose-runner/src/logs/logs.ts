import type { DockerEngine, LogOptions } from '../engine/docker-engine.js';
import { label } from '../labels.js';
import { observeContainers } from '../observe/observe.js';
import type { ObservedContainer } from '../observe/observed.js';
import { readFrames, readLines, type OutputLine } from './frames.js';

/** A line of a project's output. */
export interface LogLine extends OutputLine {
  readonly service: string;
  readonly container: string;
}

export interface ProjectLogOptions extends LogOptions {
  /** All services by default. */
  readonly services?: readonly string[];
}

/** Merges streams as their values come. */
async function* merge<T>(
  sources: AsyncIterator<T>[],
  more: () => Promise<AsyncIterator<T> | undefined>,
): AsyncGenerator<T> {
  type Turn = { source: AsyncIterator<T>; result: IteratorResult<T> } | { joined: AsyncIterator<T> | undefined };
  const turns = new Map<unknown, Promise<Turn>>();
  const ask = (source: AsyncIterator<T>): void => {
    turns.set(
      source,
      source.next().then((result) => ({ source, result })),
    );
  };
  const listen = (): void =>
    void turns.set(
      more,
      more().then((joined) => ({ joined })),
    );
  for (const source of sources) ask(source);
  listen();
  try {
    while (turns.size > 0) {
      const turn = await Promise.race(turns.values());
      if ('joined' in turn) {
        turns.delete(more);
        if (turn.joined === undefined) continue;
        ask(turn.joined);
        listen();
      } else if (turn.result.done === true) turns.delete(turn.source);
      else {
        yield turn.result.value;
        ask(turn.source);
      }
    }
  } finally {
    for (const source of turns.keys()) {
      if (typeof source === 'object' && source !== null && 'return' in source && typeof source.return === 'function') {
        void Promise.resolve(source.return()).catch(() => undefined);
      }
    }
  }
}

async function* linesOf(
  engine: DockerEngine,
  container: ObservedContainer,
  options: LogOptions,
): AsyncGenerator<LogLine> {
  const { tty } = await engine.inspect(container.id, options);
  const stream = await engine.logs(container.id, options);
  try {
    for await (const line of readLines(readFrames(stream, tty))) {
      yield { ...line, service: container.service, container: container.name };
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    stream.destroy();
  }
}

/**
 * What a project's containers print, merged. Without `follow` container by container. With it until the signal: a container that starts
 * meanwhile joins, and one that starts again goes on.
 * @throws EngineError; the signal's reason when it is aborted
 * @example
 * for await (const { container, text } of logs(engine, 'demo', { tail: 10 })) console.log(`${container} | ${text}`);
 */
export async function* logs(
  engine: DockerEngine,
  projectName: string,
  options: ProjectLogOptions = {},
): AsyncGenerator<LogLine> {
  const { services, signal } = options;
  const wanted = (one: ObservedContainer): boolean =>
    !one.oneOff && (services === undefined || services.includes(one.service));
  if (options.follow !== true) {
    for (const container of (await observeContainers(engine, projectName, options)).filter(wanted)) {
      yield* linesOf(engine, container, options);
    }
    return;
  }
  const stopping = new AbortController();
  const both = signal === undefined ? stopping.signal : AbortSignal.any([signal, stopping.signal]);
  // Listening begins before looking, so that no start falls between the two.
  const events = (await engine.events([`${label.project}=${projectName}`], { signal: both }))[Symbol.asyncIterator]();
  const containers = (await observeContainers(engine, projectName, options)).filter(wanted);
  const follow = (one: ObservedContainer, more: Partial<LogOptions> = {}): AsyncIterator<LogLine> =>
    linesOf(engine, one, { ...options, ...more, signal: both });
  const more = async (): Promise<AsyncIterator<LogLine> | undefined> => {
    for (let next = await events.next(); next.done !== true; next = await events.next()) {
      const { action, id } = next.value;
      if (action !== 'start') continue;
      const started = (await observeContainers(engine, projectName, { signal: both })).find((one) => one.id === id);
      // What it printed in an earlier life has been shown.
      if (started !== undefined && wanted(started))
        return follow(started, { since: String(Math.floor(Date.now() / 1000)) });
    }
    return undefined;
  };
  try {
    yield* merge(
      containers.map((one) => follow(one)),
      more,
    );
  } finally {
    stopping.abort();
  }
}
