import { request, type IncomingMessage } from 'node:http';

import { RecordIoDecoder } from '@kmd/mesos-client';
import { describe, expect, it } from 'vitest';

import { cluster } from '../../test/cluster.js';
import { launch, RawFramework, task } from '../../test/raw-framework.js';

interface Session {
  readonly response: IncomingMessage;
  /** Everything it has written, in the end. */
  readonly output: Promise<string>;
}

/** Opens a stream of output, and reads it to its end. */
async function open(agent: string, call: object, accept = 'application/recordio'): Promise<Session> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const post = request(`${agent}/api/v1`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: accept, 'Message-Accept': 'application/json' },
    });
    post.on('response', resolve);
    post.on('error', reject);
    post.end(JSON.stringify(call));
  });
  const decoder = new RecordIoDecoder();
  const pieces: string[] = [];
  const output = new Promise<string>((resolve) => {
    response.on('data', (chunk: Buffer) => {
      for (const record of decoder.push(chunk)) {
        const { data } = JSON.parse(Buffer.from(record).toString('utf8')) as { data: { type: string; data: string } };
        pieces.push(`${data.type} ${atob(data.data)}`);
      }
    });
    response.on('end', () => {
      resolve(pieces.join(''));
    });
  });
  return { response, output };
}

function record(body: object): string {
  const text = JSON.stringify(body);
  return `${String(Buffer.byteLength(text))}\n${text}`;
}

async function attachInput(agent: string, id: object, pieces: readonly string[]): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const post = request(`${agent}/api/v1`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/recordio', 'Message-Content-Type': 'application/json' },
    });
    post.on('response', resolve);
    post.on('error', reject);
    const input = (fields: object) => record({ type: 'ATTACH_CONTAINER_INPUT', attach_container_input: fields });
    post.write(input({ type: 'CONTAINER_ID', container_id: id }));
    for (const piece of pieces) {
      post.write(
        input({ type: 'PROCESS_IO', process_io: { type: 'DATA', data: { type: 'STDIN', data: btoa(piece) } } }),
      );
    }
    post.end();
  });
}

/** The container of a task that runs for long. */
async function containerOfTask(master: string) {
  const framework = await RawFramework.subscribe(master);
  const offer = await framework.offer();
  await framework.accept(offer, [launch(task('t', offer, { command: { value: 'exec sleep 1000' } }))]);
  const { container_status } = await framework.update('t', 'TASK_RUNNING');
  return container_status?.container_id;
}

describe('a session in the container of an executor', () => {
  it('waits for a client that does not read, and ends with the agent all the same', async () => {
    const mesos = await cluster();
    const agent = mesos.agents[0]?.url ?? '';
    const parent = await containerOfTask(mesos.master.url);
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const post = request(`${agent}/api/v1`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'application/recordio' },
      });
      post.on('response', resolve);
      post.on('error', reject);
      post.end(
        JSON.stringify({
          type: 'LAUNCH_NESTED_CONTAINER_SESSION',
          launch_nested_container_session: {
            container_id: { value: 'noisy', parent },
            command: { value: 'exec cat /dev/zero' },
          },
        }),
      );
    });
    response.on('error', () => undefined);
    const written = (): number => process.memoryUsage().external + process.memoryUsage().arrayBuffers;
    const before = written();
    // What it writes stops at the buffers in between: what the agent holds does not grow for ever.
    let last = 0;
    await expect
      .poll(
        () => {
          const now = response.socket.bytesRead;
          const still = now > 0 && now === last;
          last = now;
          return still;
        },
        { interval: 100, timeout: 10_000 },
      )
      .toBe(true);
    expect(written() - before).toBeLessThan(64 * 1024 * 1024);
    await mesos.close();
  });

  it('takes input and gives output to everyone attached (trace 40-operator-agent/44-46)', async () => {
    const mesos = await cluster();
    const agent = mesos.agents[0]?.url ?? '';
    const container_id = { value: 'tty-1', parent: await containerOfTask(mesos.master.url) };
    const session = await open(agent, {
      type: 'LAUNCH_NESTED_CONTAINER_SESSION',
      launch_nested_container_session: { container_id, command: { value: 'cat' } },
    });
    const attached = await open(agent, {
      type: 'ATTACH_CONTAINER_OUTPUT',
      attach_container_output: { container_id },
    });
    const answer = await attachInput(agent, container_id, ['typed text\n', '']);
    expect(answer.statusCode).toBe(200);
    expect(await session.output).toBe('STDOUT typed text\n');
    expect(await attached.output).toBe('STDOUT typed text\n');
  });
});
