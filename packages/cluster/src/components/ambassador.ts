import { connect, createServer, type Server, type Socket } from 'node:net';
import type { DockerEngine } from '@kmd/compose-runner';
import { EngineError } from '@kmd/image-builder';
import { fieldsOf, textOf } from '../docker/answer.js';
import { openEngine } from '../docker/engine.js';
import type { Logger } from '../embedded/log.js';
import type { Component } from './component.js';

/**
 * Forwards TCP connections to a container that it follows by name: a new one of that name, at another address, gets the next connection. It listens on the
 * ports that the container exposes. (The topology of 2015 had one so that what starts before the API server could already resolve its name.)
 */
export const ambassador: Component = {
  name: 'ambassador',
  summary: "a TCP proxy that follows a container by name, through the engine's socket",
  flags: {
    name: 'name of the container',
    socket: "the engine's socket (/var/run/docker.sock)",
    address: 'address to listen on (0.0.0.0)',
  },
  ignored: ['v'],
  async start(flags, { logger }) {
    const name = flags.require('name');
    const engine = openEngine(`unix://${flags.get('socket') ?? '/var/run/docker.sock'}`);
    const proxy = new Proxy(flags.get('address') ?? '0.0.0.0', logger);
    const stop = new AbortController();
    const events = await engine.events([], { signal: stop.signal });
    await follow();
    const followed = (async () => {
      for await (const { action, attributes } of events) {
        if (attributes['name'] === name && ['start', 'die', 'destroy'].includes(action)) await follow();
      }
    })().catch((error: unknown) => {
      if (!stop.signal.aborted) logger.error({ error }, 'the engine tells nothing more');
    });
    return {
      state: `forwarding to ${name}`,
      close: async () => {
        stop.abort();
        await followed;
        await proxy.close();
        engine.close();
      },
    };

    async function follow(): Promise<void> {
      const target = await findTarget(engine, name);
      await proxy.setTarget(target);
      logger.info(target ?? {}, target ? `${name} is at ${target.address}` : `${name} does not run`);
    }
  },
};

interface Target {
  address: string;
  ports: number[];
}

/** Address and exposed ports of a running container. */
async function findTarget(engine: DockerEngine, name: string): Promise<Target | undefined> {
  try {
    const container = fieldsOf(await engine.connection.ask({ path: `/containers/${name}/json` }));
    if (fieldsOf(container['State'])['Running'] !== true) return undefined;
    const networks = Object.values(fieldsOf(fieldsOf(container['NetworkSettings'])['Networks'])).map(fieldsOf);
    const address = networks.map((network) => textOf(network['IPAddress'])).find((one) => one !== '');
    const exposed = Object.keys(fieldsOf(fieldsOf(container['Config'])['ExposedPorts']));
    const ports = exposed.filter((port) => port.endsWith('/tcp')).map((port) => Number(port.split('/')[0]));
    return address === undefined ? undefined : { address, ports };
  } catch (error) {
    if (error instanceof EngineError && error.code === 'engine-not-found') return undefined;
    throw error;
  }
}

/** One listener a port; while the container does not run connections are refused at once, and the ports stay. */
class Proxy {
  readonly #host: string;
  readonly #logger: Logger;
  readonly #servers = new Map<number, Server>();
  readonly #open = new Set<Socket>();
  #address: string | undefined;

  constructor(host: string, logger: Logger) {
    this.#host = host;
    this.#logger = logger;
  }

  async setTarget(target: Target | undefined): Promise<void> {
    this.#address = target?.address;
    for (const port of target?.ports ?? []) if (!this.#servers.has(port)) await this.#listen(port);
  }

  async #listen(port: number): Promise<void> {
    const server = createServer((incoming) => this.#forward(incoming, port));
    this.#servers.set(port, server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, this.#host, resolve);
    });
  }

  #forward(incoming: Socket, port: number): void {
    if (this.#address === undefined) {
      incoming.destroy();
      return;
    }
    const outgoing = connect(port, this.#address);
    for (const [socket, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      this.#open.add(socket);
      socket.on('error', (error) => this.#logger.debug({ error }, 'a connection broke'));
      socket.on('close', () => {
        this.#open.delete(socket);
        other.destroy();
      });
    }
    incoming.pipe(outgoing);
    outgoing.pipe(incoming);
  }

  async close(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    await Promise.all([...this.#servers.values()].map((server) => new Promise((resolve) => server.close(resolve))));
  }
}
