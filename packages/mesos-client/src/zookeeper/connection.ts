import { connect, type Socket } from 'node:net';
import type { ZooKeeperServer } from './address.js';
import { ZooKeeperError } from './errors.js';
import { AnswerReader, FAILURE, FrameSplitter, OPERATION, RequestWriter, XID } from './wire.js';

/** What ZooKeeper knows a client by, over connections. */
export interface SessionIdentity {
  readonly id: bigint;
  readonly password: Buffer;
}

/** How a connection is made. */
export interface ConnectionOptions {
  readonly server: ZooKeeperServer;
  /** Milliseconds of silence after which ZooKeeper forgets the session. */
  readonly sessionTimeout: number;
  /** To go on with a session; absent for a new one. */
  readonly session: SessionIdentity | undefined;
  readonly credentials: string | undefined;
  /** Something that was watched has changed. */
  readonly onWatch: () => void;
  readonly signal: AbortSignal;
}

interface Pending {
  readonly resolve: (answer: AnswerReader) => void;
  readonly reject: (error: ZooKeeperError) => void;
}

/** One connection to one server, after the handshake. Ended by an error, or by `close`. */
export class ZooKeeperConnection {
  readonly session: SessionIdentity;
  /** What the server agreed to, in milliseconds. */
  readonly sessionTimeout: number;
  /** Rejects when the connection is gone; never resolves but by `close`. */
  readonly ended: Promise<void>;
  readonly #socket: Socket;
  readonly #pending = new Map<number, Pending>();
  readonly #pinger: NodeJS.Timeout;
  readonly #name: string;
  #silence: NodeJS.Timeout | undefined;
  #xid = 0;

  private constructor(link: Link, options: ConnectionOptions, session: SessionIdentity, sessionTimeout: number) {
    this.#socket = link.socket;
    this.#name = link.name;
    this.session = session;
    this.sessionTimeout = sessionTimeout;
    this.ended = link.ended;
    this.ended.then(
      () => this.#drop(new ZooKeeperError(`${this.#name}: the connection was closed`)),
      (error: unknown) => this.#drop(asError(error, this.#name)),
    );
    link.onFrame = (frame) => this.#receive(frame, options.onWatch);
    // ZooKeeper's own clients ping after a third of the timeout, and give a server up after two.
    this.#pinger = setInterval(() => this.#send(XID.ping, OPERATION.ping), sessionTimeout / 3);
    this.#watchSilence();
  }

  /**
   * Connects and shakes hands. Rejects with `ZooKeeperError`; with `expired` when the server has forgotten the session.
   */
  static async open(options: ConnectionOptions): Promise<ZooKeeperConnection | 'expired'> {
    const link = await Link.open(options);
    try {
      const handshake = link.nextFrame();
      const request = new RequestWriter()
        .int(0)
        .long(0n)
        .int(options.sessionTimeout)
        .long(options.session?.id ?? 0n)
        .buffer(options.session?.password ?? Buffer.alloc(16))
        .bool(false);
      link.socket.write(request.finish());
      const answer = new AnswerReader(await handshake);
      answer.int();
      const sessionTimeout = answer.int();
      const session = { id: answer.long(), password: Buffer.from(answer.buffer()) };
      if (sessionTimeout <= 0) {
        link.socket.destroy();
        return 'expired';
      }
      link.release();
      const connection = new ZooKeeperConnection(link, options, session, sessionTimeout);
      if (options.credentials !== undefined) await connection.#authenticate(options.credentials);
      return connection;
    } catch (error) {
      link.socket.destroy();
      throw error;
    }
  }

  /** Names of the nodes below `path`, with a watch on them; undefined, with a watch, where `path` is not yet. */
  async children(path: string): Promise<string[] | undefined> {
    const asked = await this.#read(OPERATION.getChildren, path, true);
    if (asked) return asked.strings();
    // A watch on a node that is not there is left by `exists` alone.
    return (await this.#read(OPERATION.exists, path, true)) ? this.children(path) : undefined;
  }

  /** What a node holds; undefined where it is gone. */
  async data(path: string): Promise<Buffer | undefined> {
    return (await this.#read(OPERATION.getData, path, false))?.buffer();
  }

  /** Ends the session too: ZooKeeper forgets it at once. */
  close(): void {
    this.#send(this.#nextXid(), OPERATION.close);
    this.#socket.end();
    // A server that is gone does not say so.
    setTimeout(() => this.#socket.destroy(), 500).unref();
  }

  /** Leaves the session to be gone on with. */
  abandon(): void {
    this.#socket.destroy();
  }

  async #read(operation: number, path: string, watch: boolean): Promise<AnswerReader | undefined> {
    const xid = this.#nextXid();
    try {
      return await this.#request(xid, new RequestWriter().int(xid).int(operation).string(path).bool(watch));
    } catch (error) {
      if (error instanceof ZooKeeperError && error.number === FAILURE.noNode) return undefined;
      throw error;
    }
  }

  async #authenticate(credentials: string): Promise<void> {
    const packet = new RequestWriter().int(XID.auth).int(OPERATION.auth);
    await this.#request(XID.auth, packet.int(0).string('digest').buffer(Buffer.from(credentials, 'utf8')));
  }

  #request(xid: number, packet: RequestWriter): Promise<AnswerReader> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new ZooKeeperError(`${this.#name}: the connection is gone`));
      this.#pending.set(xid, { resolve, reject });
      this.#socket.write(packet.finish());
    });
  }

  #send(xid: number, operation: number): void {
    if (!this.#socket.destroyed) this.#socket.write(new RequestWriter().int(xid).int(operation).finish());
  }

  #nextXid(): number {
    this.#xid += 1;
    return this.#xid;
  }

  #receive(frame: Buffer, onWatch: () => void): void {
    this.#watchSilence();
    const answer = new AnswerReader(frame);
    const xid = answer.int();
    answer.long();
    const number = answer.int();
    if (xid === XID.watch) return onWatch();
    if (xid === XID.ping) return;
    const pending = this.#pending.get(xid);
    this.#pending.delete(xid);
    if (number === 0) pending?.resolve(answer);
    else pending?.reject(this.#refusal(number));
  }

  #refusal(number: number): ZooKeeperError {
    const reasons: Record<number, string> = {
      [FAILURE.noNode]: 'there is no such node',
      [FAILURE.noAuth]: 'these credentials may not read it; give others in zk://user:password@…',
      [FAILURE.authFailed]: 'the credentials were refused',
    };
    const reason = reasons[number] ?? `error ${number}`;
    // Of what is wrong with the rights, waiting mends nothing.
    const retryable = number !== FAILURE.noAuth && number !== FAILURE.authFailed;
    return new ZooKeeperError(`ZooKeeper ${this.#name}: ${reason}`, { number, retryable });
  }

  #watchSilence(): void {
    clearTimeout(this.#silence);
    const patience = (this.sessionTimeout * 2) / 3;
    this.#silence = setTimeout(() => {
      this.#socket.destroy(new ZooKeeperError(`${this.#name}: no word for ${patience / 1000} s`));
    }, patience);
  }

  #drop(error: ZooKeeperError): void {
    clearInterval(this.#pinger);
    clearTimeout(this.#silence);
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}

/** A socket that gives frames. */
class Link {
  readonly socket: Socket;
  readonly name: string;
  readonly ended: Promise<void>;
  onFrame: (frame: Buffer) => void = () => undefined;
  /** The handshake is done: from now on its time limit and signal do not count. */
  release: () => void = () => undefined;

  private constructor(socket: Socket, name: string) {
    this.socket = socket;
    this.name = name;
    const splitter = new FrameSplitter();
    this.ended = new Promise((resolve, reject) => {
      let failure: Error | undefined;
      socket.on('error', (error) => (failure = error));
      socket.on('close', () => (failure ? reject(asError(failure, name)) : resolve()));
    });
    this.ended.catch(() => undefined);
    socket.on('data', (chunk) => {
      try {
        for (const frame of splitter.push(chunk)) this.onFrame(frame);
      } catch (error) {
        socket.destroy(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  static open({ server, sessionTimeout, signal }: ConnectionOptions): Promise<Link> {
    const name = `${server.host}:${server.port}`;
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(asError(signal.reason, name));
      const socket = connect({ ...server, noDelay: true });
      const link = new Link(socket, name);
      const giveUp = () => socket.destroy(new ZooKeeperError(`${name}: no answer in time`));
      const timer = setTimeout(giveUp, sessionTimeout / 3);
      const onAbort = () => socket.destroy();
      signal.addEventListener('abort', onAbort, { once: true });
      link.ended.then(
        () => reject(new ZooKeeperError(`${name}: the connection was closed`)),
        (error: unknown) => reject(asError(error, name)),
      );
      link.release = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      };
      socket.once('close', () => link.release());
      socket.once('connect', () => resolve(link));
    });
  }

  /** The first frame. Rejects when the connection ends before. */
  nextFrame(): Promise<Buffer> {
    const closed = this.ended.then(() => {
      throw new ZooKeeperError(`${this.name}: the connection was closed`);
    });
    return Promise.race([new Promise<Buffer>((resolve) => (this.onFrame = resolve)), closed]);
  }
}

function asError(error: unknown, name: string): ZooKeeperError {
  if (error instanceof ZooKeeperError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new ZooKeeperError(`ZooKeeper ${name}: ${reason}`, { cause: error });
}
