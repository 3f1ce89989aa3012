import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { encodeRecord } from '../src/index.js';
import { decodeMessage } from '../src/protobuf/decode.js';
import { encodeMessage } from '../src/protobuf/encode.js';
import { readRecording } from './recording.js';

/** A call as it arrived. */
export interface ReceivedCall {
  type: string;
  /** The body as it came. */
  raw: Buffer;
  // Tests look into calls of every type.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: Record<string, any>;
  rawHeaders: string[];
  headers: IncomingMessage['headers'];
  url: string;
  /** Which connection it came over, counted from 0. */
  connection: number;
}

/** An open stream of events, at the server's end. */
export interface Stream {
  call: ReceivedCall;
  send(...events: object[]): void;
  write(bytes: Uint8Array | string): void;
  /** Ends the answer in order. */
  end(): void;
  /** Breaks the connection. */
  break(): void;
  closed: Promise<unknown>;
}

type Handler = (call: ReceivedCall, response: ServerResponse) => void;

/** An HTTP server that answers as told, with recorded answers or events by hand. */
export class FakeMesos {
  readonly calls: ReceivedCall[] = [];
  readonly #server: Server;
  readonly #handlers = new Map<string, Handler[]>();
  readonly #sockets = new Map<Socket, number>();
  readonly #streams: Stream[] = [];
  #waiters: (() => void)[] = [];
  #port = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<FakeMesos> {
    const server = createServer((request, response) => void fake.#receive(request, response));
    const fake = new FakeMesos(server);
    server.on('connection', (socket) => fake.#sockets.set(socket, fake.#sockets.size));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    fake.#port = (server.address() as AddressInfo).port;
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get host(): string {
    return new URL(this.url).host;
  }

  /** Handlers of a type are used one after the other; the last one stays. */
  on(type: string, ...handlers: Handler[]): this {
    this.#handlers.set(type, handlers);
    return this;
  }

  /** Waits for the nth stream that was opened, from 0. */
  async stream(index: number): Promise<Stream> {
    return this.#until(() => this.#streams[index]);
  }

  /** Waits for the nth call of a type, from 0. */
  async call(type: string, index = 0): Promise<ReceivedCall> {
    return this.#until(() => this.calls.filter((call) => call.type === type)[index]);
  }

  /** A handler that opens a stream and sends these events. */
  open(streamId: string | undefined, ...events: object[]): Handler {
    return (call, response) => {
      response.writeHead(200, {
        'Content-Type': call.headers.accept ?? 'application/json',
        ...(streamId && { 'Mesos-Stream-Id': streamId }),
      });
      response.flushHeaders();
      const stream: Stream = {
        call,
        send: (...more) =>
          more.forEach((event) =>
            response.write(
              encodeRecord(
                call.headers.accept === 'application/x-protobuf'
                  ? encodeMessage(messageOf(call.url).replace('Call', 'Event'), event)
                  : JSON.stringify(event),
              ),
            ),
          ),
        write: (bytes) => void response.write(bytes),
        end: () => void response.end(),
        break: () => void response.destroy(),
        closed: once(response, 'close'),
      };
      stream.send(...events);
      this.#streams.push(stream);
      this.#notify();
    };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const raw = Buffer.concat(chunks);
    const isProtobuf = request.headers['content-type'] === 'application/x-protobuf';
    const body = isProtobuf
      ? JSON.parse(JSON.stringify(decodeMessage(messageOf(request.url ?? ''), raw)))
      : JSON.parse(raw.toString('utf8'));
    const call: ReceivedCall = {
      type: body.type,
      raw,
      body,
      rawHeaders: request.rawHeaders,
      headers: request.headers,
      url: request.url ?? '',
      connection: this.#sockets.get(request.socket) ?? -1,
    };
    this.calls.push(call);
    const handlers = this.#handlers.get(call.type) ?? [accepted];
    const [handler = accepted] = handlers.length > 1 ? handlers.splice(0, 1) : handlers;
    handler(call, response);
    this.#notify();
  }

  async #until<T>(find: () => T | undefined): Promise<T> {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  #notify(): void {
    for (const wake of this.#waiters.splice(0)) wake();
  }
}

/** A handler that gives a recorded answer; a stream that had not ended stays open. */
export function replay(name: string, headers: Record<string, string> = {}): Handler {
  const recording = readRecording(name);
  return (_, response) => {
    // Node frames and dates the answer by itself.
    const kept = Object.entries(recording.headers).filter(
      ([name]) => !/^(Content-Length|Transfer-Encoding|Date)$/.test(name),
    );
    response.writeHead(recording.status, { ...Object.fromEntries(kept), ...headers });
    response.write(recording.body);
    if (recording.ended) response.end();
  };
}

export const accepted: Handler = (_, response) => void response.writeHead(202, { 'Content-Length': '0' }).end();

export function refuse(status: number, text: string): Handler {
  return (_, response) => void response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(text);
}

function messageOf(path: string): string {
  if (path.endsWith('/scheduler')) return 'SchedulerCall';
  return path.endsWith('/executor') ? 'ExecutorCall' : 'MasterCall';
}
