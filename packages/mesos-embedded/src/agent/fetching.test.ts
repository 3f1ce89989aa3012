import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { cluster } from '../../test/cluster.js';
import { launch, RawFramework, task } from '../../test/raw-framework.js';

let files: Server;
let address: string;
/** Answers that somebody waits for. */
let slow: ServerResponse[];

beforeEach(async () => {
  slow = [];
  files = createServer((request, response) => {
    if (request.url === '/hello.sh') response.end('echo fetched');
    else if (request.url === '/moved') response.writeHead(302, { location: '/hello.sh' }).end();
    else if (request.url === '/slow') slow.push(response);
    else response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(files, 'listening');
  address = `http://127.0.0.1:${String((files.address() as AddressInfo).port)}`;
});
afterEach(() => {
  files.closeAllConnections();
  files.close();
});

async function ready() {
  const mesos = await cluster();
  const framework = await RawFramework.subscribe(mesos.master.url);
  const offer = await framework.offer();
  const run = (command: object): Promise<void> =>
    framework.accept(offer, [launch(task('t', offer, { command }))]).then(() => undefined);
  const kill = () => framework.call({ type: 'KILL', kill: { task_id: { value: 't' }, agent_id: offer.agent_id } });
  return { mesos, framework, run, kill };
}

it('downloads what a command names, over redirects, under the name it wants, before it starts', async () => {
  const { framework, run } = await ready();
  const uris = [
    { value: `${address}/hello.sh`, executable: true },
    { value: `${address}/moved`, output_file: 'second' },
  ];
  await run({ value: 'test -x hello.sh && test "$(sh second)" = fetched', uris });
  expect(await framework.update('t', 'TASK_FINISHED')).toBeDefined();
});

it.each([
  ['a file that is not there', '/none', /\/none answered 404 Not Found/],
  ['an archive, which it does not unpack', '/a.tar.gz', /is an archive/],
  ['an address without a name', '/', /names no file/],
])('fails for %s', async (_, path, message) => {
  const { framework, run } = await ready();
  await run({ value: 'true', uris: [{ value: `${address}${path}` }] });
  const failed = await framework.update('t', 'TASK_FAILED');
  expect(failed).toMatchObject({ reason: 'REASON_CONTAINER_LAUNCH_FAILED' });
  expect(failed.message).toMatch(/^Failed to launch container: Failed to fetch all URIs for container '/);
  expect(failed.message).toMatch(message);
});

it('does not start what was killed while its files were on their way', async () => {
  const { framework, run, kill } = await ready();
  await run({ value: 'true', uris: [{ value: `${address}/slow` }] });
  await expect.poll(() => slow.length).toBe(1);
  await kill();
  expect(await framework.update('t')).toMatchObject({
    state: 'TASK_KILLED',
    reason: 'REASON_TASK_KILLED_DURING_LAUNCH',
  });
  // The download is given up.
  await expect.poll(() => slow[0]?.destroyed).toBe(true);
});

it('gives downloads up when the agent closes', async () => {
  const { mesos, run } = await ready();
  await run({ value: 'true', uris: [{ value: `${address}/slow` }] });
  await expect.poll(() => slow.length).toBe(1);
  await mesos.close();
  await expect.poll(() => slow[0]?.destroyed).toBe(true);
});
