import { Backoff } from '../backoff.js';
import type { LeaderDetector } from '../http/leader-detector.js';
import { silentLogger, type Logger } from '../logger.js';
import { parseZooKeeperAddress, type ZooKeeperAddress } from './address.js';
import { ZooKeeperConnection, type SessionIdentity } from './connection.js';
import { ZooKeeperError } from './errors.js';
import { readMasterAddress } from './master-info.js';

/** How leaders are looked for in ZooKeeper. Times in milliseconds. */
export interface ZooKeeperDetectorOptions {
  /** Asked of the ensemble, which has its own limits. Default 10000, as Mesos'. */
  sessionTimeout?: number | undefined;
  /** Of the masters that are found. Default `http`. */
  scheme?: 'http' | 'https' | undefined;
  /** Waits between attempts to connect, with full jitter. Default: up to 100 at first, up to 5000 later. */
  backoff?: { base?: number | undefined; cap?: number | undefined } | undefined;
  /** A number from 0 up to 1. Default `Math.random`. */
  random?: (() => number) | undefined;
  logger?: Logger | undefined;
}

/** A leader detector that holds a session with ZooKeeper. */
export interface ZooKeeperDetector extends LeaderDetector {
  /** The leader of which ZooKeeper told last; undefined for none, or when ZooKeeper cannot be reached for longer than a session lasts. */
  readonly current: string | undefined;
  /** Ends the session. */
  close(): Promise<void>;
}

/**
 * Follows the leading master as masters announce it in ZooKeeper: the node with the lowest number among `json.info_NUMBER` below the path.
 * Connects at once and stays connected; over a lost connection it goes on with its session at another server, and begins a new one when
 * ZooKeeper has forgotten it.
 *
 * ```ts
 * const detector = createZooKeeperDetector('zk://zk1:2181,zk2:2181/mesos');
 * const scheduler = createSchedulerClient({ master: detector, framework: { user: '', name: 'hello' } });
 * ```
 *
 * Throws `MesosSyntaxError` for an address that cannot be read.
 */
export function createZooKeeperDetector(address: string, options: ZooKeeperDetectorOptions = {}): ZooKeeperDetector {
  return new Detector(parseZooKeeperAddress(address), options);
}

class Detector implements ZooKeeperDetector {
  readonly #address: ZooKeeperAddress;
  readonly #options: ZooKeeperDetectorOptions;
  readonly #logger: Logger;
  readonly #end = new AbortController();
  readonly #listeners = new Set<(leader: string | undefined) => void>();
  readonly #done: Promise<void>;
  #leader: string | undefined;
  /** What cannot be mended by waiting: wrong credentials. */
  #failure: ZooKeeperError | undefined;
  #session: SessionIdentity | undefined;
  #connection: ZooKeeperConnection | undefined;
  #expiry: NodeJS.Timeout | undefined;

  constructor(address: ZooKeeperAddress, options: ZooKeeperDetectorOptions) {
    this.#address = address;
    this.#options = options;
    this.#logger = options.logger ?? silentLogger;
    this.#done = this.#live();
  }

  get current(): string | undefined {
    return this.#leader;
  }

  leader({ signal }: { signal?: AbortSignal | undefined } = {}): Promise<string> {
    return new Promise((resolve, reject) => {
      const settle = () => {
        if (this.#leader !== undefined) resolve(this.#leader);
        else if (this.#failure) reject(this.#failure);
        else if (this.#end.signal.aborted) reject(new ZooKeeperError('the detector was closed', { retryable: false }));
        else if (signal?.aborted) reject(signal.reason);
        else return;
        stop();
        signal?.removeEventListener('abort', settle);
      };
      const stop = this.onChange(settle);
      signal?.addEventListener('abort', settle, { once: true });
      settle();
    });
  }

  onChange(listener: (leader: string | undefined) => void): () => void {
    // A function of its own, so that the same listener may be given twice.
    const entry = (leader: string | undefined) => listener(leader);
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  }

  async close(): Promise<void> {
    this.#end.abort();
    this.#connection?.close();
    await this.#done;
  }

  /** From connection to connection, until it is closed. */
  async #live(): Promise<void> {
    const { base = 100, cap = 5000 } = this.#options.backoff ?? {};
    const backoff = new Backoff({ base, cap, random: this.#options.random });
    const { signal } = this.#end;
    let next = Math.floor((this.#options.random ?? Math.random)() * this.#address.servers.length);
    while (!signal.aborted) {
      const server = this.#address.servers[next % this.#address.servers.length];
      if (!server) break;
      next += 1;
      try {
        await this.#attend(server, () => backoff.reset());
      } catch (error) {
        if (signal.aborted) break;
        this.#fail(error);
        await backoff.wait(signal).catch(() => undefined);
      }
    }
    clearTimeout(this.#expiry);
    this.#set(undefined);
    // Who still waits hears of the end.
    for (const listener of [...this.#listeners]) listener(undefined);
  }

  /** One connection: reads the leader, and again after every change. */
  async #attend(server: ZooKeeperAddress['servers'][number], onConnected: () => void): Promise<void> {
    const changed = new Changes();
    const connection = await ZooKeeperConnection.open({
      server,
      sessionTimeout: this.#options.sessionTimeout ?? 10_000,
      session: this.#session,
      credentials: this.#address.credentials,
      onWatch: () => changed.tell(),
      signal: this.#end.signal,
    });
    if (connection === 'expired') {
      this.#logger.debug({ server }, 'ZooKeeper has forgotten the session; a new one begins');
      this.#session = undefined;
      return;
    }
    try {
      this.#session = connection.session;
      this.#connection = connection;
      clearTimeout(this.#expiry);
      for (;;) {
        this.#set(await this.#readLeader(connection));
        onConnected();
        this.#failure = undefined;
        await Promise.race([changed.next(), connection.ended]);
        if (this.#end.signal.aborted) return;
      }
    } finally {
      this.#connection = undefined;
      if (this.#end.signal.aborted) connection.close();
      else connection.abandon();
      this.#awaitExpiry(connection.sessionTimeout);
    }
  }

  async #readLeader(connection: ZooKeeperConnection): Promise<string | undefined> {
    const { path } = this.#address;
    for (;;) {
      const name = firstOf((await connection.children(path)) ?? []);
      if (name === undefined) return undefined;
      const data = await connection.data(`${path}/${name}`);
      // Gone between the two answers: another leads.
      if (data) return readMasterAddress(name, data, this.#options.scheme ?? 'http');
    }
  }

  /** What was known of a leader holds as long as a session would have. */
  #awaitExpiry(sessionTimeout: number): void {
    clearTimeout(this.#expiry);
    this.#expiry = setTimeout(() => this.#set(undefined), sessionTimeout);
    this.#expiry.unref();
  }

  #fail(error: unknown): void {
    this.#logger.warn({ err: error }, 'not connected to ZooKeeper');
    if (!(error instanceof ZooKeeperError) || error.retryable) return;
    this.#failure = error;
    this.#leader = undefined;
    for (const listener of [...this.#listeners]) listener(undefined);
  }

  #set(leader: string | undefined): void {
    if (leader === this.#leader) return;
    this.#leader = leader;
    this.#logger.info({ leader }, leader === undefined ? 'no master leads' : 'a master leads');
    for (const listener of [...this.#listeners]) listener(leader);
  }
}

/** Remembers a change until somebody waits for it. */
class Changes {
  #told = false;
  #wake: () => void = () => undefined;

  tell(): void {
    this.#told = true;
    this.#wake();
  }

  async next(): Promise<void> {
    if (!this.#told) await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#told = false;
  }
}

/** The node of the lowest number. Masters before 0.24 wrote `info_NUMBER`; where both are, the JSON ones count. */
function firstOf(names: readonly string[]): string | undefined {
  for (const prefix of ['json.info_', 'info_']) {
    const numbered = names
      .filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
      .map((name) => ({ name, number: Number(name.slice(prefix.length)) }))
      .sort((a, b) => a.number - b.number);
    if (numbered[0]) return numbered[0].name;
  }
  return undefined;
}
