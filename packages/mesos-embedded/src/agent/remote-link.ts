import { Agent as HttpAgent, request, type ClientRequest, type IncomingMessage } from 'node:http';

import { RecordIoDecoder } from '@kmd/mesos-client';

import type { Clock, Timer } from '../clock.js';
import type { MasterLink, ToAgent, ToMaster } from '../link.js';
import type { Logger } from '../logger.js';
import { linkHeader } from '../master/link-endpoint.js';
import type { Agent } from './agent.js';

/** The first wait before a lost master is tried again, and the longest, in milliseconds; each is drawn from zero up to it. */
const firstBackoff = 100;
const longestBackoff = 5000;

/** Keeps an agent connected with a master in another process: registers, and registers again when the connection broke. */
export class RemoteLink {
  readonly #master: URL;
  readonly #agent: Agent;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #connections = new HttpAgent({ keepAlive: true, maxSockets: 1 });
  #stream: ClientRequest | undefined;
  #retry: Timer | undefined;
  #alive: NodeJS.Timeout | undefined;
  #backoff = firstBackoff;
  #closed = false;

  constructor(options: { master: URL; agent: Agent; clock: Clock; logger: Logger }) {
    this.#master = new URL('/embedded/agent', options.master);
    this.#agent = options.agent;
    this.#clock = options.clock;
    this.#log = options.logger;
  }

  /** Starts to connect; goes on until `close()`. */
  open(): void {
    // While it waits for a master the agent has nothing else that would keep its process.
    this.#alive = setInterval(() => undefined, 60_000);
    this.#connect();
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#alive);
    this.#retry?.cancel();
    this.#stream?.destroy();
    this.#connections.destroy();
  }

  #connect(): void {
    const body = JSON.stringify(this.#agent.registration);
    const stream = (this.#stream = request(this.#master, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) },
    }));
    let over = false;
    const lost = (why: string): void => {
      if (over) return;
      over = true;
      this.#agent.disconnected();
      this.#reconnect(why);
    };
    stream.on('response', (response) => {
      const id = response.headers[linkHeader];
      if (response.statusCode !== 200 || typeof id !== 'string') {
        response.resume();
        stream.destroy();
        lost(`the master answered ${String(response.statusCode)}`);
        return;
      }
      this.#backoff = firstBackoff;
      this.#agent.connectedBy(this.#sender(id));
      this.#read(response, lost);
    });
    stream.on('error', (error) => {
      lost(error.message);
    });
    stream.end(body);
  }

  #read(response: IncomingMessage, lost: (why: string) => void): void {
    const decoder = new RecordIoDecoder();
    response.on('data', (chunk: Buffer) => {
      for (const record of decoder.push(chunk)) {
        // Both ends are this package, in the same version.
        const message = JSON.parse(Buffer.from(record).toString('utf8')) as ToAgent;
        this.#agent.receive(message);
        if (message.type === 'SHUTDOWN') this.#stream?.destroy();
      }
    });
    response.on('close', () => {
      lost('the connection ended');
    });
    response.on('error', () => undefined);
  }

  #reconnect(why: string): void {
    if (this.#closed) return;
    const wait = Math.random() * this.#backoff;
    this.#backoff = Math.min(this.#backoff * 2, longestBackoff);
    this.#log.warn(`no master at ${this.#master.host} (${why}); trying again in ${String(Math.round(wait))} ms`);
    this.#retry = this.#clock.after(wait, () => {
      this.#connect();
    });
  }

  /** Sends what the agent says, one POST at a time, so that it arrives in order; what gathers meanwhile goes together. */
  #sender(id: string): MasterLink {
    const waiting: ToMaster[] = [];
    let busy = false;
    let flushed: () => void = () => undefined;
    const flush = (): void => {
      if (busy) return;
      if (waiting.length === 0) {
        flushed();
        return;
      }
      busy = true;
      const body = JSON.stringify(waiting.splice(0));
      const post = request(this.#master, {
        method: 'POST',
        agent: this.#connections,
        headers: {
          'Content-Type': 'application/json',
          'Content-Length': Buffer.byteLength(body),
          [linkHeader]: id,
        },
      });
      post.on('response', (response) => {
        response.resume();
        response.on('end', () => {
          busy = false;
          flush();
        });
      });
      // Updates are kept until they are acknowledged, and sent again after the next registration.
      post.on('error', () => {
        this.#stream?.destroy();
        flushed();
      });
      post.end(body);
    };
    return {
      send: (message) => {
        waiting.push(message);
        flush();
      },
      close: () =>
        new Promise((resolve) => {
          // The master ends the stream of an agent that leaves: that is no reason to connect again.
          this.#closed = true;
          flushed = resolve;
          flush();
        }),
    };
  }
}
