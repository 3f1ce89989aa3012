// A million events through a scheduler client: is memory flat? `node --expose-gc tools/bench/mesos/memory.mjs [EVENTS]`.
import { createSchedulerClient } from '@kmd/mesos-client';
import { mebibytes } from '../figures.mjs';
import { makeEvents, makeRecords } from './stream.mjs';

const COUNT = Number(process.argv[2] ?? 1_000_000);
const STEP = Math.floor(COUNT / 10);

for (const contentType of ['json', 'protobuf']) {
  const records = await makeRecords(makeEvents(5_000), contentType);
  const scheduler = createSchedulerClient({
    master: 'http://127.0.0.1:1',
    framework: { user: '', name: 'bench' },
    contentType,
    acknowledge: 'manual',
    transport: {
      send: async () => ({
        status: 200,
        headers: { 'mesos-stream-id': 'bench' },
        body: repeat(records),
        abort: () => undefined,
      }),
      close: () => undefined,
    },
  });
  const heaps = [];
  let seen = 0;
  const started = performance.now();
  for await (const event of scheduler.subscribe()) {
    if (event.type === 'DISCONNECTED') throw event.disconnected.error;
    seen += 1;
    if (seen % STEP === 0) {
      globalThis.gc?.();
      heaps.push(mebibytes(process.memoryUsage().heapUsed));
    }
    if (seen === COUNT) break;
  }
  const seconds = (performance.now() - started) / 1000;
  const growth = heaps[heaps.length - 1] - heaps[0];
  console.log(
    `${contentType}: ${COUNT} events in ${seconds.toFixed(1)} s; heap after each tenth, MiB: ${heaps.map((heap) => heap.toFixed(1)).join(' ')}; growth ${growth.toFixed(1)} MiB`,
  );
  if (growth > 5) process.exitCode = 1;
}

/** The first record once, the others for ever, cut across their borders. */
async function* repeat([first, ...others]) {
  yield first;
  const round = Buffer.concat(others);
  for (;;) for (let at = 0; at < round.length; at += 65_536) yield round.subarray(at, at + 65_536);
}
