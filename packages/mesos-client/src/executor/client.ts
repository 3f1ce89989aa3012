import { Backoff } from '../backoff.js';
import { loadCodec, type Codec, type CodecOptions } from '../codec/codec.js';
import { MesosError } from '../errors.js';
import { discard, refusal } from '../http/answer.js';
import { Endpoint } from '../http/endpoint.js';
import { UnreachableError } from '../http/errors.js';
import { isEventOf } from '../http/event-shape.js';
import { EventStream } from '../http/event-stream.js';
import { createNodeTransport, type TlsOptions } from '../http/node-transport.js';
import type { Transport } from '../http/transport.js';
import { silentLogger, type Logger } from '../logger.js';
import { toBase64 } from '../scheduler/calls.js';
import { validateCall } from '../schema/validate-call.js';
import type { ExecutorCall, ExecutorCallBody, ExecutorEvent } from '../types/executor.js';
import type { TaskStatus } from '../types/task.js';
import type { ExecutorEnvironment } from './environment.js';
import { EXECUTOR_EVENTS } from './event-shapes.js';
import { Unacknowledged, type IdentifiedStatus } from './unacknowledged.js';
import { UpdateQueue } from './update-queue.js';

/** What an executor client is made of. */
export interface ExecutorClientOptions extends CodecOptions {
  /** From `parseExecutorEnvironment`. */
  environment: ExecutorEnvironment;
  tls?: TlsOptions | undefined;
  transport?: Transport | undefined;
  logger?: Logger | undefined;
  random?: (() => number) | undefined;
  /** Milliseconds since the epoch. Default `Date.now`. */
  now?: (() => number) | undefined;
}

/** Why the iteration of `subscribe` ended. */
export type ExecutorEnd = 'shutdown' | 'agent-lost';

/** An executor's side of the v1 executor API. */
export interface ExecutorClient {
  /** Set once the iteration has ended: SHUTDOWN was delivered, or the agent is gone for good. */
  readonly end: ExecutorEnd | undefined;
  readonly subscribed: boolean;
  /**
   * Subscribes and gives events. Without checkpoint the iteration ends when the agent is gone: the executor must end too. With it the
   * client subscribes again, for as long as the agent's recovery timeout allows. It ends as well when the agent closes the stream after
   * SHUTDOWN. Throws `MesosHttpError` where the agent refuses the executor, or the signal's reason.
   */
  subscribe(options?: { signal?: AbortSignal | undefined }): AsyncIterable<ExecutorEvent>;
  /**
   * Reports a state of a task. Fills in `uuid`, `timestamp`, `source` and `executor_id`, and keeps the update until the agent acknowledges
   * it: over a lost agent it is told again. Resolves when the agent has taken it, or when it waits for the next subscription; rejects with
   * `InvalidCallError` or, refused by the agent, `MesosHttpError`. Updates arrive in the order they are made.
   */
  update(status: TaskStatus): Promise<void>;
  /** Sends bytes to the scheduler, at most once. A string is taken as UTF-8 text. */
  message(data: Uint8Array | string): Promise<void>;
  /** Frees kept connections. End the iteration of `subscribe` first. */
  close(): void;
}

/** Without checkpoint an executor that finds no agent at all gives up after this many milliseconds. */
const FIRST_ATTEMPTS = 5_000;

/**
 * ```ts
 * const executor = createExecutorClient({ environment: parseExecutorEnvironment(process.env) });
 * for await (const event of executor.subscribe()) {
 *   if (event.type === 'LAUNCH') await executor.update({ task_id: event.launch.task.task_id, state: 'TASK_RUNNING' });
 *   if (event.type === 'SHUTDOWN') break;
 * }
 * ```
 */
export function createExecutorClient(options: ExecutorClientOptions): ExecutorClient {
  return new HttpExecutorClient(options);
}

class HttpExecutorClient implements ExecutorClient {
  readonly #options: ExecutorClientOptions;
  readonly #environment: ExecutorEnvironment;
  readonly #endpoint: Endpoint;
  readonly #transport: Transport;
  readonly #logger: Logger;
  readonly #unacknowledged = new Unacknowledged();
  readonly #updates: UpdateQueue;
  #codec: Codec | undefined;
  #phase: 'idle' | 'connecting' | 'subscribed' = 'idle';
  #end: ExecutorEnd | undefined;

  constructor(options: ExecutorClientOptions) {
    const { environment, tls, logger } = options;
    this.#options = options;
    this.#environment = environment;
    this.#logger = logger ?? silentLogger;
    this.#transport = options.transport ?? createNodeTransport({ tls, socketPath: environment.domainSocket });
    const token = environment.authenticationToken;
    this.#endpoint = new Endpoint('/api/v1/executor', {
      master: addressOf(environment),
      transport: this.#transport,
      credentials: token === undefined ? undefined : { token: () => token },
      contentType: options.contentType,
      logger,
    });
    this.#updates = new UpdateQueue({
      send: (status, signal) => this.#call({ type: 'UPDATE', update: { status } }, signal),
      unacknowledged: this.#unacknowledged,
      backoff: () => this.#backoff(),
      logger: this.#logger,
    });
  }

  get end(): ExecutorEnd | undefined {
    return this.#end;
  }

  get subscribed(): boolean {
    return this.#phase === 'subscribed';
  }

  async *subscribe({ signal }: { signal?: AbortSignal | undefined } = {}): AsyncGenerator<ExecutorEvent> {
    if (this.#phase !== 'idle')
      throw new TypeError('subscribe() is running already: one client holds one subscription');
    this.#phase = 'connecting';
    this.#end = undefined;
    const { checkpoint, recoveryTimeout } = this.#environment;
    const backoff = this.#backoff();
    let lostAt = this.#now();
    let everSubscribed = false;
    try {
      for (;;) {
        let shutdown = false;
        let error: unknown;
        try {
          for await (const event of this.#events(signal)) {
            if (event.type === 'SUBSCRIBED') {
              everSubscribed = true;
              backoff.reset();
            }
            if (event.type === 'SHUTDOWN') shutdown = true;
            yield event;
          }
          error = new UnreachableError(this.#endpoint.url, 'the agent ended the stream');
        } catch (thrown) {
          error = thrown;
        }
        signal?.throwIfAborted();
        if (this.subscribed) lostAt = this.#now();
        this.#phase = 'connecting';
        this.#updates.pause();
        if (shutdown) return this.#finish('shutdown');
        // The agent is there and does not know the executor: no waiting changes that (recorded: 62, after the agent's recovery).
        if (!(error instanceof MesosError) || !error.retryable || error.status === 400) throw error;
        const patience = checkpoint ? recoveryTimeout : everSubscribed ? 0 : FIRST_ATTEMPTS;
        const waited = this.#now() - lostAt;
        this.#logger.warn({ err: error, checkpoint }, 'not subscribed to the Mesos agent');
        if (waited >= patience) return this.#finish('agent-lost');
        await backoff.wait(signal);
      }
    } finally {
      this.#phase = 'idle';
      this.#updates.pause();
    }
  }

  async update(status: TaskStatus): Promise<void> {
    validateCall('ExecutorCall', this.#complete({ type: 'UPDATE', update: { status } }));
    const update = this.#unacknowledged.keep(status, this.#environment.executorId, this.#now());
    await this.#updates.add(update);
  }

  message(data: Uint8Array | string): Promise<void> {
    return this.#call({ type: 'MESSAGE', message: { data: toBase64(data) } });
  }

  close(): void {
    if (this.#options.transport === undefined) this.#transport.close();
  }

  /** One stream, from SUBSCRIBE to its end. */
  async *#events(signal: AbortSignal | undefined): AsyncGenerator<ExecutorEvent> {
    const codec = await this.#loadCodec();
    const told: IdentifiedStatus[] = this.#unacknowledged.updates;
    const exchange = await this.#endpoint.send({
      what: 'SUBSCRIBE',
      body: codec.encode(
        'ExecutorCall',
        this.#complete({
          type: 'SUBSCRIBE',
          subscribe: {
            unacknowledged_tasks: this.#unacknowledged.tasks,
            unacknowledged_updates: told.map((status) => ({ status })),
          },
        }),
      ),
      connection: 'own',
      follow: false,
      signal,
    });
    if (exchange.response.status !== 200) throw await refusal(exchange, 'SUBSCRIBE');
    const stream = new EventStream(exchange, codec, 'ExecutorEvent');
    // Agents send heartbeats every 30 minutes, if at all (none recorded): a quiet stream is no sign of death.
    stream.expectNoHeartbeats();
    for await (const event of stream) {
      if (!isEventOf<ExecutorEvent>(EXECUTOR_EVENTS, event, exchange.url)) {
        this.#logger.warn({ type: event.type }, 'event of an unknown type dropped');
        continue;
      }
      if (event.type === 'ERROR') throw new UnreachableError(exchange.url, `ERROR event: ${event.error.message}`);
      this.#unacknowledged.observe(event);
      if (event.type === 'SUBSCRIBED') {
        this.#phase = 'subscribed';
        this.#updates.resume(told);
      }
      yield event;
    }
  }

  async #call(call: ExecutorCallBody, signal?: AbortSignal): Promise<void> {
    const exchange = await this.#endpoint.send({
      what: call.type,
      body: (this.#codec ?? (await this.#loadCodec())).encode('ExecutorCall', this.#complete(call)),
      connection: 'calls',
      follow: false,
      signal,
    });
    const { status } = exchange.response;
    if (status !== 202 && status !== 200) throw await refusal(exchange, call.type);
    await discard(exchange);
  }

  async #loadCodec(): Promise<Codec> {
    return (this.#codec ??= await loadCodec(this.#options));
  }

  #complete(call: ExecutorCallBody): ExecutorCall {
    const { executorId, frameworkId } = this.#environment;
    return { executor_id: { value: executorId }, framework_id: { value: frameworkId }, ...call };
  }

  #backoff(): Backoff {
    return new Backoff({ base: 50, cap: this.#environment.subscriptionBackoffMax, random: this.#options.random });
  }

  #finish(end: ExecutorEnd): void {
    this.#end = end;
    this.#logger.info({ end }, 'the executor is done');
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }
}

/**
 * Over a unix socket there is no TLS (src/executor/executor.cpp), and the agent takes no path that does not begin with its process
 * (src/slave/slave.cpp, executorSocketServer).
 */
function addressOf({ agentUrl, domainSocket, agentProcess = 'slave(1)' }: ExecutorEnvironment): string {
  return domainSocket === undefined ? agentUrl : `${agentUrl.replace(/^https:/, 'http:')}/${agentProcess}`;
}
