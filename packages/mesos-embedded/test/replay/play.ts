import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { processLauncher, type Launched, type Launcher, type LaunchOptions } from '../../src/index.js';
import { bodyDifference, headDifference, plainText } from './compare.js';
import { Connection } from './connection.js';
import { at, parseExact, textAt, walk } from './exact-json.js';
import { ExecutorPlay } from './executor-play.js';
import { Identity } from './identity.js';
import { startCluster, type LiveCluster } from './live-cluster.js';
import { LiveStream } from './live-stream.js';
import { callText, encode, messagesOf } from './messages.js';
import { PlayClock } from './play-clock.js';
import type { Exchange, Scenario } from './recording.js';
import { readScene } from './scene.js';
import { taskEnds } from './task-ends.js';
import { silentlyAcknowledged } from './silent-acknowledgements.js';
import { roundInterval, Timeline } from './timeline.js';

/** How one exchange went: `difference` says where it does not agree with its recording first. */
export interface Result {
  readonly name: string;
  readonly difference: string | undefined;
}

/** Milliseconds that an answer, or an event, may come later than it was recorded. */
const patience = 4000;

/** Plays the exchanges of a scenario against a cluster of its own. */
export async function play(scenario: Scenario): Promise<Result[]> {
  const workDir = await mkdtemp(join(tmpdir(), 'mesos-replay-'));
  const session = new Play(scenario, workDir);
  try {
    return await session.run();
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

/** Where the id that a request speaks of comes from. */
interface Source {
  readonly exchange: Exchange;
  readonly kind: 'offer' | 'inverse offer' | 'update';
  readonly value: unknown;
}

class Play {
  readonly #scenario: Scenario;
  readonly #workDir: string;
  readonly #identity = new Identity();
  readonly #streams: LiveStream[] = [];
  readonly #sources = new Map<string, Source>();
  readonly #results = new Map<string, string | undefined>();
  readonly #executors: ExecutorPlay[] = [];
  readonly #silent: Set<string>;
  #cluster: LiveCluster | undefined;
  readonly #timeline: Timeline;
  readonly #clock = new PlayClock();
  readonly #ends: ReadonlyMap<string, number>;
  /** Ids of the recorded masters, by port. */
  readonly #masters = new Map<number | undefined, string>();
  #began = 0;

  constructor(scenario: Scenario, workDir: string) {
    this.#scenario = scenario;
    this.#workDir = workDir;
    this.#silent = new Set(silentlyAcknowledged(scenario.sequences.flat()));
    this.#timeline = new Timeline(scenario.sequences.flat());
    this.#ends = taskEnds(scenario.sequences.flat());
    for (const exchange of scenario.sequences.flat()) this.#findSources(exchange);
  }

  async run(): Promise<Result[]> {
    const { sequences, executors } = this.#scenario;
    const all = sequences.flat();
    const cluster = await startCluster({
      scene: readScene(this.#scenario),
      workDir: this.#workDir,
      identity: this.#identity,
      launcher: this.#launcher(),
      clock: this.#clock,
    });
    this.#cluster = cluster;
    try {
      this.#began = this.#clock.now();
      this.#divideAsRecorded(cluster);
      await Promise.all(sequences.map((sequence) => this.#playSequence(sequence)));
      await Promise.all(this.#streams.map((stream) => this.#finish(stream)));
      for (const executor of this.#executors) for (const [name, difference] of await executor.finish(patience)) this.#results.set(name, difference); // prettier-ignore
    } finally {
      for (const { connection } of this.#streams) connection.close();
      for (const executor of this.#executors) executor.close();
      await cluster.close();
    }
    const names = [...all, ...executors.flatMap((one) => one.exchanges)].map(({ name }) => name);
    return names.map((name) => ({
      name,
      difference: this.#results.has(name) ? this.#results.get(name) : 'the replay did not come to it',
    }));
  }

  /** Rounds of allocation fall between the requests where they fell in the recording. */
  #divideAsRecorded({ mesos }: LiveCluster): void {
    const { round, first } = this.#timeline;
    if (round === undefined) return;
    const next = (((round - first) % roundInterval) + roundInterval) % roundInterval;
    mesos.master.faults.nextRoundIn(next * 1000 - 2);
  }

  /** A custom executor of the recording is played; everything else really runs. */
  #launcher(): Launcher {
    const waiting = [...this.#scenario.executors];
    const { takeOver } = processLauncher;
    return {
      ...(takeOver === undefined ? {} : { takeOver }),
      launch: (command, options) => {
        const index = waiting.findIndex(({ environment }) => environment.get('MESOS_EXECUTOR_ID') === options.env['MESOS_EXECUTOR_ID']); // prettier-ignore
        const [recording] = index < 0 ? [] : waiting.splice(index, 1);
        if (recording === undefined) return this.#endingAsRecorded(processLauncher.launch(command, options), options);
        const executor = new ExecutorPlay(recording, options, this.#identity, () => this.#cluster, this.#scenario);
        this.#executors.push(executor);
        return executor.launched;
      },
    };
  }

  /**
   * A command is not told to have ended before the recorded one had, so that what else happened by then has happened; where no end was recorded,
   * not before it has run as long by the clock as it did in truth.
   */
  #endingAsRecorded(launched: Launched, { env }: LaunchOptions): Launched {
    const recorded = this.#ends.get(env['MESOS_EXECUTOR_ID'] ?? '');
    const [began, trulyBegan] = [this.#clock.now(), performance.now()];
    let killed = false;
    const end = (): number => {
      if (recorded !== undefined) return this.#live(recorded);
      return killed ? 0 : began + performance.now() - trulyBegan;
    };
    return {
      ...launched,
      exited: launched.exited.finally(() => this.#clock.until(end())),
      kill: (signal) => {
        killed = true;
        launched.kill(signal);
      },
    };
  }

  /** The moment of this cluster's clock that stands for a recorded one, in seconds since the epoch. */
  #live(recorded: number): number {
    return this.#began + (recorded - this.#timeline.first) * 1000;
  }

  async #playSequence(sequence: readonly Exchange[]): Promise<void> {
    for (const [index, exchange] of sequence.entries()) {
      await this.#wait(exchange, sequence, index);
      await this.#resolve(callText(exchange.request)?.text ?? exchange.request.toString('latin1'));
      await this.#clock.standStill(this.#send(exchange, sequence.slice(index + 1)), 300);
    }
  }

  /** Waits until the time of a request, and until what it was preceded by has come. */
  async #wait(exchange: Exchange, sequence: readonly Exchange[], index: number): Promise<void> {
    if (exchange.date === undefined) return;
    await this.#clock.until(this.#live(this.#timeline.of(exchange)));
    const moment = this.#timeline.of(exchange) - 0.02;
    // What processes have not done yet holds the clock up, for a while.
    for (const stream of this.#streams) await this.#clock.standStill(stream.waitForProcesses(moment, 1500), 1500);
    for (const stream of this.#streams) await stream.waitUntil(moment, 1500);
    // Before a call that ends a stream, everything that it brought has come.
    for (const stream of this.#streams) {
      const ends = stream.exchange.ended && /"(SUBSCRIBE|TEARDOWN)"/.test(exchange.request.toString('latin1')) && namesFramework(exchange, stream.exchange); // prettier-ignore
      if (ends) await stream.waitUntil(Number.POSITIVE_INFINITY, 1500);
    }
    for (const stream of this.#streams) {
      const { closedAt, date = 0 } = stream.exchange;
      if (closedAt === undefined || stream.exchange.ended || exchange.date - date < Math.floor(closedAt / 1000))
        continue;
      if (!sequence.slice(index).some((later) => usesStream(later, stream.exchange))) await stream.closed;
    }
  }

  /** Finds the live ids for the offers and updates that a request names. */
  async #resolve(text: string): Promise<void> {
    for (const [recorded, source] of this.#sources) {
      if (!text.includes(recorded) || this.#identity.has(recorded)) continue;
      const stream = this.#streams.find((one) => one.exchange === source.exchange);
      if (stream === undefined) continue;
      if (source.kind === 'inverse offer') {
        // Bound as they come, one after the other.
        await stream.connection.until(() => this.#identity.has(recorded), patience);
      } else if (source.kind === 'update') {
        const live = (): unknown => stream.updateFor(source.value);
        await stream.connection.until(() => live() !== undefined, patience);
        this.#identity.bindValues(source.value, live());
      } else {
        let id: string | undefined;
        await stream.connection.until(() => (id ??= stream.offerFor(source.value)) !== undefined, patience);
        if (id !== undefined) this.#identity.bind(recorded, id);
      }
    }
  }

  async #send(exchange: Exchange, later: readonly Exchange[]): Promise<void> {
    const cluster = this.#cluster;
    if (cluster === undefined) return;
    cluster.standAs(exchange);
    this.#restartMaster(exchange, cluster);
    const connection = new Connection(cluster.port(exchange.port), this.#rewrite(exchange.request), exchange.request);
    if (exchange.events !== undefined) {
      const stream = new LiveStream(exchange, connection, this.#timeline.of(exchange));
      this.#streams.push(stream);
      connection.onChange = () => {
        this.#bindStream(stream);
      };
      await connection.until(() => connection.answer !== undefined, patience);
      this.#bindHead(exchange, connection);
      await connection.until(() => stream.events.length > 0, exchange.events.length > 0 ? 1000 : 0);
      this.#scheduleClose(stream, later);
      this.#scheduleLeaving(stream);
      return;
    }
    const raw = exchange.answer === undefined || exchange.answer.rest.length > 0;
    if (raw) {
      const length = exchange.response?.length ?? 0;
      await connection.until(() => connection.bytes.length >= length && length > 0, exchange.response === undefined ? 500 : 1500); // prettier-ignore
      await delay(50);
      const plain = (bytes: Buffer | undefined): string => plainText((bytes ?? Buffer.alloc(0)).toString('latin1').replace(/^Date: .*$/gm, 'Date')); // prettier-ignore
      const same = plain(exchange.response) === plain(connection.bytes);
      this.#results.set(exchange.name, same ? undefined : `recorded ${JSON.stringify(plain(exchange.response).slice(0, 200))}, got ${JSON.stringify(plain(connection.bytes).slice(0, 200))}`); // prettier-ignore
      connection.close();
      return;
    }
    await connection.until(() => connection.answer?.complete === true, 12_000);
    this.#judge(exchange, connection);
    connection.close();
  }

  /** A subscription at a master with another id: the one before has been started again. */
  #restartMaster({ events, port }: Exchange, { mesos }: LiveCluster): void {
    const id = textAt(events?.[0]?.event, 'subscribed', 'master_info', 'id');
    if (id === '') return;
    const before = this.#masters.get(port);
    this.#masters.set(port, id);
    if (before !== undefined && before !== id) mesos.master.faults.failOver();
  }

  #judge(exchange: Exchange, connection: Connection): void {
    const { answer: recorded } = exchange;
    const live = connection.answer;
    if (recorded === undefined) return;
    if (live === undefined || !live.complete) {
      this.#results.set(exchange.name, live === undefined ? 'no answer' : 'the answer does not end');
      return;
    }
    this.#bindBodies(exchange, connection);
    this.#results.set(
      exchange.name,
      headDifference(recorded, live) ?? bodyDifference(recorded, live, responseName(exchange)),
    );
  }

  #bindHead(exchange: Exchange, connection: Connection): void {
    const id = (headers: readonly (readonly [string, string])[] | undefined): string => headers?.find(([name]) => name === 'Mesos-Stream-Id')?.[1] ?? ''; // prettier-ignore
    this.#identity.bind(id(exchange.answer?.headers), id(connection.answer?.headers));
  }

  #bindBodies(exchange: Exchange, connection: Connection): void {
    try {
      const [recorded, live] = [exchange.answer, connection.answer].map((one) => parseExact(one?.body.toString('utf8') ?? '')); // prettier-ignore
      this.#identity.bindValues(recorded, live);
    } catch {
      // No JSON, no ids.
    }
  }

  #bindStream(stream: LiveStream): void {
    const [recorded] = stream.recorded;
    const [live] = stream.events;
    if (recorded !== undefined && live !== undefined) this.#identity.bindValues(recorded.event, live);
    for (const { event } of stream.recorded) {
      const found = textAt(event, 'type').startsWith('UPDATE') ? stream.updateFor(event) : undefined;
      if (found === undefined) continue;
      this.#identity.bindValues(event, found);
      const uuid = textAt(event, 'update', 'status', 'uuid');
      if (this.#silent.delete(uuid)) this.#acknowledge(stream, found);
    }
    const inverse = (events: readonly unknown[]): unknown[] =>
      events.filter((event) => textAt(event, 'type') === 'INVERSE_OFFERS');
    this.#identity.bindPairs(inverse(stream.recorded.map(({ event }) => event)), inverse(stream.events));
  }

  /** Sends the acknowledgement that the recorder did not record. */
  #acknowledge(stream: LiveStream, event: unknown): void {
    const port = this.#cluster?.port(stream.exchange.port);
    const streamId = stream.connection.answer?.headers.find(([name]) => name === 'Mesos-Stream-Id')?.[1];
    if (port === undefined || streamId === undefined) return;
    const { agent_id, task_id, uuid } = at(event, 'update', 'status') as Record<string, unknown>;
    void fetch(`http://127.0.0.1:${String(port)}/api/v1/scheduler`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Mesos-Stream-Id': streamId },
      body: JSON.stringify({
        framework_id: at(stream.events[0], 'subscribed', 'framework_id'),
        type: 'ACKNOWLEDGE',
        acknowledge: { agent_id, task_id, uuid },
      }),
    }).catch(() => undefined);
  }

  /** The client closed its stream when it did, and not before its last call. */
  #scheduleClose(stream: LiveStream, later: readonly Exchange[]): void {
    const { closedAt } = stream.exchange;
    if (closedAt === undefined) return;
    const opened = this.#clock.now();
    const done = (): boolean => later.every((exchange) => !usesStream(exchange, stream.exchange) || this.#results.has(exchange.name)); // prettier-ignore
    const wait = async (): Promise<void> => {
      await this.#clock.until(opened + closedAt);
      while (!done()) await delay(20);
      await stream.waitUntil(Number.POSITIVE_INFINITY, 1500);
      // Where the other side ended it first it does so here, however long that takes.
      if (stream.exchange.ended) await stream.connection.until(() => stream.connection.answer?.complete === true, 5000);
      stream.connection.close();
    };
    stream.closed = wait();
  }

  /** An agent left in order when its tasks were lost for that. */
  #scheduleLeaving(stream: LiveStream): void {
    for (const { at: t, event } of stream.recorded) {
      const status = at(event, 'update', 'status');
      if (!/removed: the agent unregistered$/.test(textAt(status, 'message'))) continue;
      const leave = async (): Promise<void> => {
        await this.#clock.until(this.#live(stream.start) + t);
        await this.#cluster?.endAgent(textAt(status, 'agent_id', 'value'));
      };
      void leave();
    }
  }

  async #finish(stream: LiveStream): Promise<void> {
    await stream.closed;
    const last = stream.recorded.at(-1)?.at ?? 0;
    const left = stream.connection.startedAt + last + patience - performance.now();
    await stream.waitUntil(Number.POSITIVE_INFINITY, Math.max(left, 500));
    if (stream.exchange.ended) await stream.connection.until(() => stream.connection.answer?.complete === true, 1500);
    const { answer: recorded } = stream.exchange;
    const live = stream.connection.answer;
    const ended = live?.complete === stream.exchange.ended ? undefined : `the stream ${stream.exchange.ended ? 'ended in the recording, not here' : 'ended here, not in the recording'}`; // prettier-ignore
    const difference = recorded === undefined || live === undefined ? 'no answer' : (headDifference(recorded, live) ?? stream.difference ?? ended); // prettier-ignore
    this.#results.set(stream.exchange.name, difference);
  }

  #rewrite(request: Buffer): Buffer {
    const call = callText(request);
    if (call !== undefined) {
      const body = encode(call.message, JSON.parse(this.#identity.rewrite(call.text)));
      const head = this.#identity.rewrite(request.subarray(0, call.bodyAt).toString('latin1'));
      return Buffer.concat([Buffer.from(head.replace(/^(content-length: )\d+/im, `$1${String(body.length)}`), 'latin1'), body]); // prettier-ignore
    }
    const text = request.toString('latin1');
    const rewritten = this.#identity.rewrite(text);
    if (rewritten === text) return request;
    const end = rewritten.indexOf('\r\n\r\n') + 4;
    const length = /^content-length: (\d+)/im.exec(text)?.[1];
    // Several requests in one piece keep their lengths, as live ids have those of the recorded ones.
    if (Number(length) !== text.length - text.indexOf('\r\n\r\n') - 4) return Buffer.from(rewritten, 'latin1');
    const head = rewritten.slice(0, end).replace(/^(content-length: )\d+/im, `$1${String(rewritten.length - end)}`);
    return Buffer.from(head + rewritten.slice(end), 'latin1');
  }

  #findSources(exchange: Exchange): void {
    for (const { event } of exchange.events ?? []) {
      const type = textAt(event, 'type');
      for (const offer of /^(INVERSE_)?OFFERS$/.test(type) ? offersOf(event) : []) {
        const kind = type === 'OFFERS' ? 'offer' : 'inverse offer';
        this.#sources.set(textAt(offer, 'id', 'value'), { exchange, kind, value: offer });
      }
      walk(event, (object) => {
        const uuid = textAt(object, 'uuid') || textAt(object, 'uuid', 'value');
        if (uuid !== '' && !this.#sources.has(uuid))
          this.#sources.set(uuid, { exchange, kind: 'update', value: event });
      });
    }
  }
}

function offersOf(event: unknown): unknown[] {
  const found: unknown[] = [];
  walk(event, (object) => {
    if (object['url'] !== undefined && textAt(object, 'id', 'value') !== '') found.push(object);
  });
  return found;
}

/** The message that answers a call of `/api/v1`. */
function responseName({ request, port }: Exchange): string {
  const path = request.subarray(0, 200).toString('latin1').split(' ')[1] ?? '';
  return messagesOf(path, port === 5051 || port === 5052).response;
}

function namesFramework(exchange: Exchange, stream: Exchange): boolean {
  const id = textAt(stream.events?.[0]?.event, 'subscribed', 'framework_id', 'value');
  return id !== '' && exchange.request.includes(id);
}

/** Whether a request was let in on a stream, or shows that it was open still. */
function usesStream(exchange: Exchange, stream: Exchange): boolean {
  const well = /^HTTP\/1.1 2/.test(exchange.answer?.status ?? '');
  if (well && exchange.request.includes('"TEARDOWN"') && namesFramework(exchange, stream)) return true;
  const id = stream.answer?.headers.find(([name]) => name === 'Mesos-Stream-Id')?.[1];
  return (
    id !== undefined &&
    /^HTTP\/1.1 2/.test(exchange.answer?.status ?? '') &&
    exchange.request.includes(`Mesos-Stream-Id: ${id}`)
  );
}
