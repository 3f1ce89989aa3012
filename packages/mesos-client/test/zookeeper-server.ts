import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AnswerReader, FrameSplitter, RequestWriter } from '../src/zookeeper/wire.js';

const JAR = '/usr/share/java/zookeeper.jar';

/** Debian's package `zookeeper` is there. */
export const hasZooKeeper = existsSync(JAR) && existsSync('/usr/bin/java');

/** A real ZooKeeper server, alone, on a free port. Sessions may be as short as 400 ms. */
export class ZooKeeperServerProcess {
  readonly port: number;
  readonly #folder: string;
  #child: ChildProcess | undefined;

  private constructor(port: number, folder: string) {
    this.port = port;
    this.#folder = folder;
  }

  static async start(): Promise<ZooKeeperServerProcess> {
    const server = new ZooKeeperServerProcess(
      await freePort(),
      await mkdtemp(join(tmpdir(), 'mesos-client-zookeeper-')),
    );
    await server.run();
    return server;
  }

  async run(): Promise<void> {
    const configuration = join(this.#folder, 'zoo.cfg');
    const lines = [
      'tickTime=200',
      `dataDir=${this.#folder}`,
      `clientPort=${this.port}`,
      'clientPortAddress=127.0.0.1',
      'admin.enableServer=false',
    ];
    await writeFile(configuration, `${lines.join('\n')}\n`);
    this.#child = spawn(
      '/usr/bin/java',
      [
        '-Xmx128m',
        '-XX:TieredStopAtLevel=1',
        '-cp',
        JAR,
        'org.apache.zookeeper.server.quorum.QuorumPeerMain',
        configuration,
      ],
      { stdio: 'ignore', cwd: this.#folder },
    );
    const child = this.#child;
    process.once('exit', () => child.kill('SIGKILL'));
    for (;;) {
      if (this.#child.exitCode !== null) throw new Error('ZooKeeper did not start');
      if (await accepts(this.port)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async close(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Writes nodes, as masters do; what it creates as ephemeral goes with it. */
export class ZooKeeperWriter {
  readonly #socket: Socket;
  readonly #splitter = new FrameSplitter();
  readonly #frames: Buffer[] = [];
  #wake: () => void = () => undefined;
  #xid = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      this.#frames.push(...this.#splitter.push(chunk));
      this.#wake();
    });
  }

  static async connect(port: number, credentials?: string): Promise<ZooKeeperWriter> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const writer = new ZooKeeperWriter(socket);
    const handshake = new RequestWriter().int(0).long(0n).int(4000).long(0n).buffer(Buffer.alloc(16)).bool(false);
    socket.write(handshake.finish());
    await writer.#frame();
    if (credentials !== undefined) {
      socket.write(new RequestWriter().int(-4).int(100).int(0).string('digest').string(credentials).finish());
      await writer.#frame();
    }
    return writer;
  }

  /** Gives the path that was made. With `owned` only who has the same credentials may read it. */
  async create(
    path: string,
    data: string | Buffer,
    { ephemeral = false, sequential = false, owned = false } = {},
  ): Promise<string> {
    const request = this.#head(1).string(path).buffer(Buffer.from(data)).int(1).int(31);
    if (owned) request.string('auth').string('');
    else request.string('world').string('anyone');
    return (await this.#ask(request.int((ephemeral ? 1 : 0) + (sequential ? 2 : 0)))).string();
  }

  /** Announces a master below `path`. */
  announce(path: string, url: string): Promise<string> {
    const { hostname, port } = new URL(url);
    const address = { hostname: 'unreachable.invalid', ip: hostname, port: Number(port) };
    const info = { address, hostname: 'unreachable.invalid', id: 'master', ip: 16777343, port: Number(port) };
    return this.create(`${path}/json.info_`, JSON.stringify(info), { ephemeral: true, sequential: true });
  }

  async remove(path: string): Promise<void> {
    await this.#ask(this.#head(2).string(path).int(-1));
  }

  /** Ends the session. */
  async close(): Promise<void> {
    this.#socket.end(this.#head(-11).finish());
    await once(this.#socket, 'close');
  }

  #head(operation: number): RequestWriter {
    this.#xid += 1;
    return new RequestWriter().int(this.#xid).int(operation);
  }

  async #ask(request: RequestWriter): Promise<AnswerReader> {
    this.#socket.write(request.finish());
    const answer = new AnswerReader(await this.#frame());
    answer.int();
    answer.long();
    const error = answer.int();
    if (error !== 0) throw new Error(`ZooKeeper refused: ${error}`);
    return answer;
  }

  async #frame(): Promise<Buffer> {
    for (;;) {
      const frame = this.#frames.shift();
      if (frame) return frame;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

/** A TCP door to a server that can be shut. */
export class Door {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #open = true;
  connections = 0;

  constructor(target: number) {
    this.#server = createServer((socket) => {
      this.connections += 1;
      if (!this.#open) {
        socket.destroy();
        return;
      }
      const other = connect(target, '127.0.0.1');
      for (const [one, two] of [
        [socket, other],
        [other, socket],
      ] as const) {
        this.#sockets.add(one);
        one.on('error', () => undefined);
        one.on('close', () => {
          this.#sockets.delete(one);
          two.destroy();
        });
        one.pipe(two);
      }
    });
  }

  async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  shut(): void {
    this.#open = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  open(): void {
    this.#open = true;
  }

  async close(): Promise<void> {
    this.shut();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A server that answers a handshake; while it starts it only accepts. */
async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  // A server that starts may take a handshake and forget it.
  socket.setTimeout(500, () => socket.destroy(new Error('no answer')));
  try {
    await once(socket, 'connect');
    const handshake = new RequestWriter().int(0).long(0n).int(4000).long(0n).buffer(Buffer.alloc(16)).bool(false);
    socket.write(handshake.finish());
    const [first] = await Promise.race([once(socket, 'data'), once(socket, 'close').then(() => [undefined])]);
    return first instanceof Buffer;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
