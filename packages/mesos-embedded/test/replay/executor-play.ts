import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { processLauncher, type Launched, type LaunchOptions } from '../../src/index.js';
import { bodyDifference, headDifference, headings } from './compare.js';
import { Connection } from './connection.js';
import { at, numberOf, textAt } from './exact-json.js';
import type { Identity } from './identity.js';
import type { LiveCluster } from './live-cluster.js';
import { LiveStream } from './live-stream.js';
import type { Exchange, ExecutorRecording, Scenario } from './recording.js';

/** Plays the part of a recorded executor: a process stands for it, its conversation is held here. */
export class ExecutorPlay {
  readonly launched: Launched;
  readonly #recording: ExecutorRecording;
  readonly #directory: string;
  readonly #identity: Identity;
  readonly #cluster: () => LiveCluster | undefined;
  readonly #exitCode: number;
  readonly #results = new Map<string, string | undefined>();
  readonly #streams: LiveStream[] = [];
  readonly #done: Promise<void>;
  readonly #environment: string | undefined;
  readonly #began = performance.now();
  #agentDied = false;
  #back = false;
  #over = false;

  constructor(
    recording: ExecutorRecording,
    options: LaunchOptions,
    identity: Identity,
    cluster: () => LiveCluster | undefined,
    scenario: Scenario,
  ) {
    this.#recording = recording;
    this.#directory = options.cwd;
    this.#identity = identity;
    this.#cluster = cluster;
    this.#exitCode = exitCodeOf(recording, scenario);
    for (const [name, value] of recording.environment) identity.bind(value, options.env[name] ?? '');
    identity.bind(runOf(recording.environment.get('MESOS_SANDBOX')), runOf(options.env['MESOS_SANDBOX']));
    this.#environment = environmentDifference(recording.environment, options.env);
    const wait = 'while [ ! -f .exit ]; do sleep 0.05; done; exit $(cat .exit)';
    const { PATH = '', MESOS_SANDBOX = '' } = options.env;
    this.launched = processLauncher.launch({ value: wait }, { ...options, env: { PATH, MESOS_SANDBOX } });
    this.#done = this.#converse();
  }

  async finish(milliseconds: number): Promise<ReadonlyMap<string, string | undefined>> {
    await Promise.race([this.#done, new Promise((resolve) => setTimeout(resolve, milliseconds))]);
    for (const stream of this.#streams) {
      const { answer: recorded, name } = stream.exchange;
      const live = stream.connection.answer;
      const first = stream === this.#streams[0] ? this.#environment : undefined;
      this.#results.set(name, recorded === undefined || live === undefined ? 'no answer' : (headDifference(recorded, live) ?? stream.difference ?? first)); // prettier-ignore
    }
    return this.#results;
  }

  close(): void {
    this.#over = true;
    for (const { connection } of this.#streams) connection.close();
  }

  async #converse(): Promise<void> {
    const { exchanges, log } = this.#recording;
    const position = positions(exchanges, log);
    const death = deathIn(log);
    for (const exchange of exchanges) {
      const line = lineOf(exchange, log);
      if (death !== undefined && line > death.line) await this.#outliveAgent(exchange, death.at);
      if (unanswered(exchange)) {
        this.#results.set(exchange.name, undefined);
        continue;
      }
      if (this.#agentDied) await this.#agentIsBack(exchange);
      // What had come by then, as the executor's own log tells.
      const due = this.#began + Math.max(Number.parseInt(log[line] ?? '0', 10), 0) - performance.now();
      for (const stream of this.#streams) await this.#await(stream, position.get(exchange) ?? 0, Math.max(due, 0) + 5000); // prettier-ignore
      if (this.#over) return;
      await this.#send(exchange);
    }
    const last = exchanges.findLast(({ port }) => port !== undefined);
    if (death !== undefined && last !== undefined) {
      await this.#outliveAgent(last, death.at);
      await this.#agentIsBack(last);
    }
    const stream = this.#streams.at(-1);
    if (stream === undefined) return;
    const total = log.filter((line) => line.includes(' EVENT ')).length;
    await this.#await(stream, total, 120_000);
    if (log.some((line) => /exiting/.test(line)) || this.#exitCode !== 0) {
      if (death !== undefined) {
        await stream.connection.until(() => stream.connection.closed || stream.connection.answer?.complete === true, 60_000); // prettier-ignore
      }
      stream.connection.close();
      writeFileSync(join(this.#directory, '.exit'), String(this.#exitCode));
    }
  }

  /** Kills the agent when it died, once everything that came before has come. */
  async #outliveAgent({ port }: Exchange, at: number): Promise<void> {
    if (this.#agentDied || this.#over || this.#back) return;
    for (const stream of this.#streams) await this.#await(stream, Number.POSITIVE_INFINITY);
    await delay(Math.max(this.#began + at - performance.now(), 0));
    this.#agentDied = true;
    await this.#cluster()?.crashAgent(port);
  }

  async #agentIsBack({ port }: Exchange): Promise<void> {
    if (!this.#agentDied || this.#over) return;
    this.#agentDied = false;
    this.#back = true;
    await this.#cluster()?.restartAgent(port);
  }

  async #await(stream: LiveStream, count: number, milliseconds = 5000): Promise<void> {
    const own = Math.min(count, stream.recorded.flatMap(({ event }) => headings(event)).length);
    await stream.connection.until(() => this.#over || stream.events.flatMap(headings).length >= own, milliseconds);
  }

  async #send(exchange: Exchange): Promise<void> {
    const cluster = this.#cluster();
    if (cluster === undefined) return;
    const connection = new Connection(cluster.port(exchange.port), rewrite(exchange.request, this.#identity));
    if (exchange.events !== undefined) {
      this.#streams.push(new LiveStream(exchange, connection));
      await connection.until(() => (connection.answer?.records.length ?? 0) > 0, 2000);
      return;
    }
    await connection.until(() => connection.answer?.complete === true, 5000);
    const { answer: recorded } = exchange;
    const live = connection.answer;
    connection.close();
    this.#results.set(exchange.name, recorded === undefined || live === undefined ? 'no answer' : (headDifference(recorded, live) ?? bodyDifference(recorded, live))); // prettier-ignore
  }
}

/** When the agent died, as the executor's log tells: its stream ended without a word. */
function deathIn(log: readonly string[]): { line: number; at: number } | undefined {
  const line = log.findIndex((text) => text.includes(' stream closed by agent'));
  return line < 0 ? undefined : { line, at: Number.parseInt(log[line] ?? '', 10) };
}

function lineOf({ name }: Exchange, log: readonly string[]): number {
  const short = name.slice(name.lastIndexOf('/') + 1).replace(/^\d+-/, '');
  return log.findLastIndex((text) => text.includes(` ${short} `));
}

/** Nobody listened. */
function unanswered({ response }: Exchange): boolean {
  return response?.toString('latin1').startsWith('HTTP/') !== true;
}

function rewrite(request: Buffer, identity: Identity): Buffer {
  const text = identity.rewrite(request.toString('latin1'));
  const end = text.indexOf('\r\n\r\n') + 4;
  return Buffer.from(text.slice(0, end).replace(/^(content-length: )\d+/im, `$1${String(text.length - end)}`) + text.slice(end), 'latin1'); // prettier-ignore
}

/** The id of the run, the last part of a sandbox's path. */
function runOf(sandbox: string | undefined): string {
  return sandbox?.slice(sandbox.lastIndexOf('/') + 1) ?? '';
}

/** How many events had come when each exchange began. */
function positions(exchanges: readonly Exchange[], log: readonly string[]): Map<Exchange, number> {
  const result = new Map<Exchange, number>();
  let line = 0;
  let events = 0;
  for (const exchange of exchanges) {
    const name = exchange.name.slice(exchange.name.lastIndexOf('/') + 1).replace(/^\d+-/, '');
    const found = log.findIndex((text, index) => index >= line && text.includes(` ${name} `));
    if (found >= 0) {
      events += log.slice(line, found).filter((text) => text.includes(' EVENT ')).length;
      line = found;
    }
    result.set(exchange, events);
  }
  return result;
}

/** The exit code that the framework was told; 0 where it was told none. */
function exitCodeOf(recording: ExecutorRecording, scenario: Scenario): number {
  const id = recording.environment.get('MESOS_EXECUTOR_ID') ?? '';
  for (const { event } of scenario.sequences.flat().flatMap(({ events }) => events ?? [])) {
    if (textAt(event, 'failure', 'executor_id', 'value') !== id) continue;
    const status = numberOf(at(event, 'failure', 'status'));
    if (!Number.isNaN(status) && status % 256 === 0) return status >> 8;
  }
  return 0;
}

/** Variables of the agent's that are there in one environment only. Those of the machine's shell are not the agent's. */
function environmentDifference(
  recorded: ReadonlyMap<string, string>,
  live: Readonly<Record<string, string>>,
): string | undefined {
  // prettier-ignore
  const ours = (name: string): boolean => /^(MESOS|LIBPROCESS)_/.test(name);
  const missing = [...recorded.keys()].filter((name) => ours(name) && live[name] === undefined);
  const added = Object.keys(live).filter((name) => ours(name) && !recorded.has(name));
  return missing.length + added.length === 0 ? undefined : `environment: missing ${missing.join(' ')}, added ${added.join(' ')}`; // prettier-ignore
}
