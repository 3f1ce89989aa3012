import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Numbers from 0 up to 1, the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * A server below HTTP: to every request it writes bytes as they were recorded, cut anywhere, and leaves the connection open, as Mesos does
 * when it has ended an answer.
 */
export class RawMesos {
  readonly requests: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  /** `answer` gives the bytes for a request, or nothing: then the connection is cut. */
  static async start(
    answer: (request: string, index: number) => Buffer | undefined,
    random: () => number,
  ): Promise<RawMesos> {
    const server = createServer((socket) => mesos.#serve(socket, answer, random));
    const mesos = new RawMesos(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return mesos;
  }

  get url(): string {
    return `http://${this.host}`;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(socket: Socket, answer: (request: string, index: number) => Buffer | undefined, random: () => number): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.setNoDelay(true);
    let received = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      for (let end = endOfRequest(received); end !== undefined; end = endOfRequest(received)) {
        const request = received.subarray(0, end).toString('utf8');
        received = received.subarray(end);
        this.requests.push(request);
        const bytes = answer(request, this.requests.length - 1);
        if (bytes) write(socket, bytes, random);
        else socket.destroy();
      }
    });
  }
}

/** Where the first request ends; undefined while it has not. */
function endOfRequest(bytes: Buffer): number | undefined {
  const head = bytes.indexOf('\r\n\r\n');
  if (head < 0) return undefined;
  const length = Number(/^content-length: (\d+)/im.exec(bytes.subarray(0, head).toString('latin1'))?.[1] ?? 0);
  return bytes.length >= head + 4 + length ? head + 4 + length : undefined;
}

/** Pieces of 1 to some hundred bytes, some of them together. */
function write(socket: Socket, bytes: Buffer, random: () => number): void {
  const most = random() < 0.3 ? 3 : random() < 0.5 ? 50 : 4000;
  const next = (at: number): void => {
    if (at >= bytes.length || socket.destroyed) return;
    const end = Math.min(bytes.length, at + 1 + Math.floor(random() * most));
    socket.write(bytes.subarray(at, end));
    if (random() < 0.5) setImmediate(next, end);
    else next(end);
  };
  next(0);
}
