import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAgentClient, RecordIoDecoder, type AgentClient, type ContainerOutput } from '../src/index.js';
import { decodeMessage } from '../src/protobuf/decode.js';
import { readRecording } from './recording.js';

const parent = { value: '2331cbf1-2b77-4c90-a0b0-b798704d839d' };
const tty = { value: 'tty-1', parent };

interface Received {
  headers: IncomingMessage['headers'];
  body: Buffer;
}

let server: Server;
let received: Received[];
let answer: (request: Received, response: ServerResponse) => void;
let onChunk: (chunk: Buffer) => void;
let agent: AgentClient;

/** Answers as recorded, once the request is whole. */
function replay(name: string): typeof answer {
  const { status, headers, body } = readRecording(`container/${name}`);
  const kept = Object.entries(headers).filter(([key]) => !/^(Date|Transfer-Encoding)$/.test(key));
  return (_, response) => response.writeHead(status, Object.fromEntries(kept)).end(body);
}

/** Head and body of a recorded request, the body without chunk framing. */
function request(name: string): { head: string[]; body: Buffer } {
  const raw = readFileSync(fileURLToPath(new URL(`../testdata/container/${name}`, import.meta.url)));
  const split = raw.indexOf('\r\n\r\n');
  const head = raw.subarray(0, split).toString().split('\r\n');
  const rest = raw.subarray(split + 4);
  if (!head.includes('Transfer-Encoding: chunked')) return { head, body: rest };
  const line = rest.indexOf('\r\n');
  return { head, body: rest.subarray(line + 2, line + 2 + parseInt(rest.subarray(0, line).toString(), 16)) };
}

const recordsOf = (body: Buffer) => new RecordIoDecoder().push(body).map((record) => Buffer.from(record));

/** The headers of a recorded request that say how it is to be understood. */
function meaningOf(head: readonly string[]): Record<string, string> {
  const pairs = head.slice(1).map((line) => line.split(': ') as [string, string]);
  return Object.fromEntries(
    pairs.filter(([name]) => !/^(Host|Content-Length)$/.test(name)).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

async function collect(output: AsyncIterable<ContainerOutput>): Promise<string[]> {
  const texts: string[] = [];
  for await (const { stream, data } of output) texts.push(`${stream} ${data.toString()}`);
  return texts;
}

beforeEach(async () => {
  received = [];
  onChunk = () => undefined;
  server = createServer((incoming, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) {
        chunks.push(chunk);
        onChunk(chunk);
      }
      const whole = { headers: incoming.headers, body: Buffer.concat(chunks) };
      received.push(whole);
      answer(whole, response);
    })().catch(() => undefined);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  agent = createAgentClient({ agent: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});

afterEach(async () => {
  agent.close();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

describe('a nested container', () => {
  it('runs a command in a session and gives what it writes', async () => {
    answer = replay('session.resp');
    const output = agent.launchSession({
      container_id: { value: 'sess-recordio-json', parent },
      command: { value: 'echo out1; echo err1 >&2; sleep 1; echo out2' },
    });
    expect(await collect(output)).toEqual(['STDERR err1\n', 'STDOUT out1\n', 'STDOUT out2\n']);
    const recorded = request('session.req');
    expect(received[0]?.headers).toMatchObject(meaningOf(recorded.head));
    expect(JSON.parse(received[0]?.body.toString() ?? '')).toEqual(JSON.parse(recorded.body.toString()));
  });

  it('does so in protobuf', async () => {
    answer = replay('session-protobuf.resp');
    const { port } = server.address() as AddressInfo;
    const client = createAgentClient({ agent: `http://127.0.0.1:${port}`, contentType: 'protobuf' });
    const command = { value: 'echo out1; echo err1 >&2; sleep 1; echo out2' };
    const container_id = { value: 'sess-recordio-protobuf', parent };
    expect(await collect(client.launchSession({ container_id, command }))).toEqual([
      'STDOUT out1\n',
      'STDERR err1\n',
      'STDOUT out2\n',
    ]);
    expect(received[0]?.headers).toMatchObject({
      accept: 'application/recordio',
      'message-accept': 'application/x-protobuf',
      'content-type': 'application/x-protobuf',
    });
    expect(decodeMessage('AgentCall', received[0]?.body ?? Buffer.alloc(0))).toMatchObject({
      type: 'LAUNCH_NESTED_CONTAINER_SESSION',
      launch_nested_container_session: { container_id, command },
    });
    client.close();
  });

  it('gives its output to who attaches', async () => {
    answer = replay('attach-output.resp');
    expect(await collect(agent.attachOutput(tty))).toEqual(['STDOUT typed text\n']);
    const recorded = request('attach-output.req');
    expect(received[0]?.headers).toMatchObject(meaningOf(recorded.head));
    expect(JSON.parse(received[0]?.body.toString() ?? '')).toEqual(JSON.parse(recorded.body.toString()));
  });

  it('takes its input as recorded: who it is, the bytes, the end', async () => {
    answer = replay('attach-input.resp');
    await agent.attachInput(tty, ['typed text\n']);
    const recorded = request('attach-input.req');
    expect(received[0]?.headers).toMatchObject(meaningOf(recorded.head));
    const parse = (body: Buffer) => recordsOf(body).map((record) => JSON.parse(record.toString()));
    expect(parse(received[0]?.body ?? Buffer.alloc(0))).toEqual(parse(recorded.body));
  });

  it('takes bytes, window sizes and large pieces, with heartbeats between them', async () => {
    answer = replay('attach-input.resp');
    const beaten = Promise.withResolvers<void>();
    onChunk = (chunk) => {
      if (chunk.includes('HEARTBEAT')) beaten.resolve();
    };
    async function* type() {
      yield Buffer.from([0, 255]);
      yield { rows: 24, columns: 80 };
      await beaten.promise;
      yield 'x'.repeat(100_000);
    }
    await agent.attachInput(tty, type(), { heartbeat: 5 });
    const inputs = recordsOf(received[0]?.body ?? Buffer.alloc(0))
      .map((record) => JSON.parse(record.toString()).attach_container_input.process_io)
      .slice(1);
    expect(inputs[0]).toEqual({ type: 'DATA', data: { type: 'STDIN', data: 'AP8=' } });
    expect(inputs[1]).toEqual({
      type: 'CONTROL',
      control: { type: 'TTY_INFO', tty_info: { window_size: { rows: 24, columns: 80 } } },
    });
    expect(inputs[2]).toEqual({
      type: 'CONTROL',
      control: { type: 'HEARTBEAT', heartbeat: { interval: { nanoseconds: 5_000_000 } } },
    });
    const texts = inputs.filter(({ type }) => type === 'DATA').map(({ data }) => Buffer.from(data.data, 'base64'));
    expect(texts.map(({ length }) => length)).toEqual([2, 65_536, 34_464, 0]);
  });

  it('that is not there is told by the server, while input is still to come', async () => {
    server.removeAllListeners('request');
    // Before the request has ended, as Mesos refuses.
    server.on('request', (_, response: ServerResponse) =>
      response.writeHead(404).end('Container tty-1 cannot be found'),
    );
    let left = false;
    async function* endless() {
      try {
        for (;;) {
          yield 'y\n';
          await new Promise((resolve) => setImmediate(resolve));
        }
      } finally {
        left = true;
      }
    }
    await expect(agent.attachInput(tty, endless())).rejects.toMatchObject({
      status: 404,
      serverText: 'Container tty-1 cannot be found',
    });
    await expect.poll(() => left).toBe(true);
    await expect(collect(agent.attachOutput(tty))).rejects.toMatchObject({ status: 404 });
  });

  it('is let go when the iteration is left', async () => {
    const closed = Promise.withResolvers<void>();
    answer = (_, response) => {
      response.on('close', () => closed.resolve());
      response.writeHead(200, { 'Content-Type': 'application/recordio' });
      response.write('58\n{"type":"DATA","data":{"type":"STDOUT","data":"b3V0MQo="}}');
    };
    for await (const { data } of agent.launchSession({ container_id: { value: 's', parent } })) {
      expect(data.toString()).toBe('out1\n');
      break;
    }
    await closed.promise;
  });

  it('is waited for as recorded', async () => {
    answer = replay('wait.resp');
    const waited = await agent.call({
      type: 'WAIT_CONTAINER',
      wait_container: { container_id: { value: 'standalone-1' } },
    });
    expect(waited.wait_container.exit_status).toBe(768);
    expect(JSON.parse(received[0]?.body.toString() ?? '')).toEqual(JSON.parse(request('wait.req').body.toString()));
    answer = replay('unknown.resp');
    await expect(
      agent.call({ type: 'KILL_CONTAINER', kill_container: { container_id: { value: 'none' } } }),
    ).rejects.toMatchObject({ status: 404 });
  });

  it('writes nothing else than output', async () => {
    answer = (_, response) => response.end('40\n{"type":"DATA","data":{"type":"STDIN"}} ');
    await expect(collect(agent.attachOutput(tty))).rejects.toThrow('a record of DATA that is no output');
  });
});
