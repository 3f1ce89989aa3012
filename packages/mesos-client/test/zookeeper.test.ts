import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createMasterClient, createSchedulerClient } from '../src/index.js';
import { encodeMessage } from '../src/protobuf/encode.js';
import { FrameSplitter, RequestWriter } from '../src/zookeeper/wire.js';
import {
  createZooKeeperDetector,
  parseZooKeeperAddress,
  ZooKeeperError,
  type ZooKeeperDetector,
  type ZooKeeperDetectorOptions,
} from '../src/zookeeper/index.js';
import { FakeMesos } from './fake-mesos.js';
import { Door, hasZooKeeper, ZooKeeperServerProcess, ZooKeeperWriter } from './zookeeper-server.js';

const detectors: ZooKeeperDetector[] = [];

function detect(address: string, options: ZooKeeperDetectorOptions = {}): ZooKeeperDetector {
  const detector = createZooKeeperDetector(address, {
    sessionTimeout: 600,
    backoff: { base: 10, cap: 50 },
    ...options,
  });
  detectors.push(detector);
  return detector;
}

/** The leader as soon as it is, or is not, `leader`. */
function until(detector: ZooKeeperDetector, leader: string | undefined): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (detector.current !== leader) return;
      stop();
      resolve();
    };
    const stop = detector.onChange(look);
    look();
  });
}

afterEach(async () => {
  await Promise.all(detectors.splice(0).map((detector) => detector.close()));
});

describe('a zk:// address', () => {
  it('names servers, path and credentials', () => {
    expect(parseZooKeeperAddress('zk://ops:pass:w@rd@zk1:2182,zk2,[::1]:2183/mesos/prod/')).toEqual({
      servers: [
        { host: 'zk1', port: 2182 },
        { host: 'zk2', port: 2181 },
        { host: '::1', port: 2183 },
      ],
      path: '/mesos/prod',
      credentials: 'ops:pass:w@rd',
    });
  });

  it.each([
    ['http://zk1/mesos', 'character 1: it does not begin with zk://'],
    ['zk://zk1', 'character 9: the path is missing'],
    ['zk://zk1/', 'character 9: the path is /'],
    ['zk://zk1/a//b', 'character 11: the path has an empty part'],
    ['zk://zk1,:5/mesos', 'character 10: ":5" is not host:port'],
    ['zk://zk1:99999/mesos', 'character 6: 99999 is no port'],
    ['zk://ops@zk1/mesos', 'character 6: the credentials are not user:password'],
  ])('%s is refused', (text, expected) => {
    expect(() => parseZooKeeperAddress(text)).toThrow(expected);
  });

  it('does not show its secret in errors', () => {
    expect(() => parseZooKeeperAddress('zk://ops:secret@zk1')).toThrow(/^(?!.*secret).*\*@zk1/);
    expect(() => createMasterClient({ master: 'zk://ops:secret@zk1/mesos' })).toThrow(
      'master: "zk://zk1/mesos" is not an address; give createZooKeeperDetector(address) of @kmd/mesos-client/zookeeper',
    );
  });
});

describe('a server that is no ZooKeeper', () => {
  async function serve(onSocket: (socket: Socket) => void) {
    const server = createServer(onSocket).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { port: (server.address() as AddressInfo).port, close: () => server.close() };
  }

  it('is given up when it accepts and says nothing', async () => {
    const sockets: Socket[] = [];
    let connections = 0;
    const second = Promise.withResolvers<void>();
    const server = await serve((socket) => {
      sockets.push(socket);
      connections += 1;
      if (connections === 2) second.resolve();
    });
    const detector = detect(`zk://127.0.0.1:${server.port}/mesos`, { sessionTimeout: 60 });
    await second.promise;
    expect(detector.current).toBeUndefined();
    await detector.close();
    await expect(detector.leader()).rejects.toThrow('the detector was closed');
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  it('is given up whatever it writes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 60 }), { minLength: 1, maxLength: 4 }), async (chunks) => {
        const again = Promise.withResolvers<void>();
        let connections = 0;
        const server = await serve((socket) => {
          socket.on('error', () => undefined);
          connections += 1;
          if (connections === 2) again.resolve();
          for (const chunk of chunks) socket.write(chunk);
          socket.end();
        });
        const detector = createZooKeeperDetector(`zk://127.0.0.1:${server.port}/mesos`, {
          sessionTimeout: 300,
          random: () => 0,
        });
        await again.promise;
        expect(detector.current).toBeUndefined();
        await detector.close();
        server.close();
      }),
      { numRuns: 50 },
    );
  });

  it('may answer what it likes after the handshake', async () => {
    const answer = fc.record({
      code: fc.constantFrom(0, 0, 0, -101, -102, -4, 7),
      body: fc.oneof(
        fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
        // A list of one master, and what it may tell.
        fc.constant(new RequestWriter().int(1).string('json.info_0000000001').finish().subarray(4)),
        fc
          .oneof(
            fc.json(),
            fc.record({ address: fc.record({ ip: fc.string(), port: fc.oneof(fc.integer(), fc.double()) }) }),
          )
          .map((info) => new RequestWriter().string(typeof info === 'string' ? info : JSON.stringify(info)).finish())
          .map((bytes) => bytes.subarray(4)),
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 6 }), async (answers) => {
        const asked = Promise.withResolvers<void>();
        let served = 0;
        const server = await serve((socket) => {
          const splitter = new FrameSplitter();
          let greeted = false;
          socket.on('error', () => undefined);
          socket.on('data', (chunk) => {
            for (const frame of splitter.push(chunk)) {
              if (!greeted) {
                greeted = true;
                socket.write(new RequestWriter().int(0).int(300).long(1n).buffer(Buffer.alloc(16)).finish());
                continue;
              }
              const next = answers[served % answers.length];
              served += 1;
              if (served > answers.length) asked.resolve();
              const head = new RequestWriter()
                .int(frame.readInt32BE(0))
                .long(1n)
                .int(next?.code ?? 0)
                .finish();
              const body = Buffer.concat([head.subarray(4), next?.body ?? Buffer.alloc(0)]);
              const size = Buffer.alloc(4);
              size.writeInt32BE(body.length);
              socket.write(Buffer.concat([size, body]));
            }
          });
        });
        const detector = createZooKeeperDetector(`zk://127.0.0.1:${server.port}/mesos`, {
          sessionTimeout: 300,
          backoff: { base: 1, cap: 1 },
          random: () => 0,
        });
        await asked.promise;
        if (detector.current !== undefined) expect(URL.canParse(detector.current)).toBe(true);
        await detector.close();
        server.close();
      }),
      { numRuns: 100 },
    );
  });

  it('cannot claim frames without end', () => {
    expect(() => new FrameSplitter().push(Buffer.from('7fffffff', 'hex'))).toThrow(ZooKeeperError);
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 30 })), fc.integer({ min: 1, max: 9 }), (frames, size) => {
        const bytes = Buffer.concat(frames.map((frame) => new RequestWriter().buffer(frame).finish().subarray(4)));
        const splitter = new FrameSplitter();
        const found: string[] = [];
        for (let at = 0; at < bytes.length; at += size)
          found.push(...splitter.push(bytes.subarray(at, at + size)).map((frame) => frame.toString('hex')));
        expect(found).toEqual(frames.map((frame) => Buffer.from(frame).toString('hex')));
      }),
    );
  });
});

describe.skipIf(!hasZooKeeper)("the real ZooKeeper (Debian's package zookeeper)", () => {
  let server: ZooKeeperServerProcess;
  let writer: ZooKeeperWriter;
  let serial = 0;

  beforeAll(async () => {
    server = await ZooKeeperServerProcess.start();
    writer = await ZooKeeperWriter.connect(server.port);
  }, 60_000);

  afterAll(() => server.close());

  /** A path of its own for each test. */
  const path = () => `/mesos-${(serial += 1)}`;

  it('tells the leader: the lowest number, whoever came first, and the next when it goes', async () => {
    const root = path();
    const detector = detect(`zk://127.0.0.1:${server.port}${root}`);
    const waiting = detector.leader();
    await writer.create(root, '');
    await writer.create(`${root}/log_replicas`, '');
    const first = await ZooKeeperWriter.connect(server.port);
    const second = await ZooKeeperWriter.connect(server.port);
    await first.announce(root, 'http://10.0.0.1:5050');
    expect(await waiting).toBe('http://10.0.0.1:5050');
    await second.announce(root, 'http://10.0.0.2:5050');
    expect(await detector.leader()).toBe('http://10.0.0.1:5050');
    await first.close();
    await until(detector, 'http://10.0.0.2:5050');
    await second.close();
    await until(detector, undefined);
  });

  it('reads what masters before 0.24 wrote', async () => {
    const root = path();
    await writer.create(root, '');
    const info = encodeMessage('MasterInfo', { id: 'm', ip: 16777343, port: 5051, pid: 'master@10.0.0.9:5051' });
    await writer.create(`${root}/info_0000000004`, Buffer.from(info));
    expect(await detect(`zk://127.0.0.1:${server.port}${root}`).leader()).toBe('http://10.0.0.9:5051');
    await writer.announce(root, 'http://10.0.0.8:5050');
    expect(await detect(`zk://127.0.0.1:${server.port}${root}`, { scheme: 'https' }).leader()).toBe(
      'https://10.0.0.8:5050',
    );
  });

  it('lets in who has the credentials, and tells who has not', async () => {
    const root = path();
    const owner = await ZooKeeperWriter.connect(server.port, 'ops:s3cr:et');
    await owner.create(root, '', { owned: true });
    await owner.announce(root, 'http://10.0.0.3:5050');
    expect(await detect(`zk://ops:s3cr:et@127.0.0.1:${server.port}${root}`).leader()).toBe('http://10.0.0.3:5050');
    const refused = detect(`zk://ops:wrong@127.0.0.1:${server.port}${root}`).leader();
    await expect(refused).rejects.toMatchObject({ code: 'MESOS_ZOOKEEPER', number: -102, retryable: false });
    await owner.close();
  });

  it('goes on at another server when one is gone', async () => {
    const root = path();
    await writer.create(root, '');
    const master = await ZooKeeperWriter.connect(server.port);
    await master.announce(root, 'http://10.0.0.4:5050');
    const doors = [await new Door(server.port).listen(), await new Door(server.port).listen()];
    const [one, two] = doors;
    const hosts = doors.map(({ port }) => `127.0.0.1:${port}`).join(',');
    // Long enough a session that it outlives the change.
    const detector = detect(`zk://${hosts}${root}`, { sessionTimeout: 4000, random: () => 0 });
    expect(await detector.leader()).toBe('http://10.0.0.4:5050');
    const changes: (string | undefined)[] = [];
    detector.onChange((leader) => changes.push(leader));
    expect([one?.connections, two?.connections]).toEqual([1, 0]);
    one?.shut();
    // Only a connection that watches hears of the next leader.
    const next = await ZooKeeperWriter.connect(server.port);
    await next.announce(root, 'http://10.0.0.5:5050');
    await master.close();
    await until(detector, 'http://10.0.0.5:5050');
    expect(changes).toEqual(['http://10.0.0.5:5050']);
    expect(two?.connections).toBe(1);
    await Promise.all(doors.map((door) => door.close()));
    await next.close();
  });

  it('begins a new session when the old one has expired, and knows no leader meanwhile', async () => {
    const root = path();
    await writer.create(root, '');
    const master = await ZooKeeperWriter.connect(server.port);
    await master.announce(root, 'http://10.0.0.6:5050');
    const door = await new Door(server.port).listen();
    const detector = detect(`zk://127.0.0.1:${door.port}${root}`, { sessionTimeout: 400 });
    expect(await detector.leader()).toBe('http://10.0.0.6:5050');
    door.shut();
    await until(detector, undefined);
    door.open();
    expect(await detector.leader()).toBe('http://10.0.0.6:5050');
    await master.close();
    await door.close();
  });

  it('outlives a restart of the server', async () => {
    const root = path();
    await writer.create(root, '');
    await writer.create(`${root}/json.info_0000000000`, '{"address":{"ip":"10.0.0.7","port":5050}}');
    const detector = detect(`zk://127.0.0.1:${server.port}${root}`);
    expect(await detector.leader()).toBe('http://10.0.0.7:5050');
    await server.kill();
    await until(detector, undefined);
    await server.run();
    expect(await detector.leader()).toBe('http://10.0.0.7:5050');
    writer = await ZooKeeperWriter.connect(server.port);
  });

  it('leads a scheduler client from master to master', async () => {
    const root = path();
    await writer.create(root, '');
    const masters = [await FakeMesos.start(), await FakeMesos.start()] as const;
    for (const master of masters)
      master.on('SUBSCRIBE', master.open('s', { type: 'SUBSCRIBED', subscribed: { framework_id: { value: 'F' } } }));
    const first = await ZooKeeperWriter.connect(server.port);
    const second = await ZooKeeperWriter.connect(server.port);
    await first.announce(root, masters[0].url);
    await second.announce(root, masters[1].url);
    const scheduler = createSchedulerClient({
      master: detect(`zk://127.0.0.1:${server.port}${root}`),
      framework: { user: '', name: 'f' },
      credentials: { principal: 'p', secret: 's' },
      backoff: { base: 1, cap: 1 },
    });
    const seen: string[] = [];
    for await (const event of scheduler.subscribe()) {
      seen.push(event.type === 'DISCONNECTED' ? event.disconnected.error.message : event.type);
      // The first master does not notice that it leads no more: its stream stays open.
      if (seen.length === 1) await first.close();
      if (seen.length === 3) break;
    }
    expect(seen[0]).toBe('SUBSCRIBED');
    expect(seen[1]).toContain('another master leads now');
    expect(seen[2]).toBe('SUBSCRIBED');
    const resubscription = await masters[1].call('SUBSCRIBE');
    expect(resubscription.body).toMatchObject({ framework_id: { value: 'F' } });
    expect(resubscription.headers.authorization).toBe(`Basic ${Buffer.from('p:s').toString('base64')}`);
    scheduler.close();
    await second.close();
    await Promise.all(masters.map((master) => master.close()));
  });
});
