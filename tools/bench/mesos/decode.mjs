// Decoding 100,000 events: this client against mesos-framework, @dcos/recordio and mesos-go. `node tools/bench/mesos/decode.mjs [EVENTS]`.
import { EventEmitter } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSchedulerClient, loadCodec, RecordIoDecoder } from '@kmd/mesos-client';
import { processorTime, summarise } from '../figures.mjs';
import { buildGoPeer, installNodePeers } from './peers.mjs';
import { makeEvents, makeRecords, piecesOf } from './stream.mjs';

const COUNT = Number(process.argv[2] ?? 100_000);
const ROUNDS = 5;
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const expect = (events, who) => {
  if (events !== COUNT) throw new Error(`${who} saw ${events} events of ${COUNT}`);
};

const folder = await mkdtemp(join(tmpdir(), 'kmd-bench-mesos-'));
try {
  const events = makeEvents(COUNT);
  const streams = {};
  for (const contentType of ['json', 'protobuf']) {
    const file = join(folder, contentType);
    const records = await makeRecords(events, contentType);
    const bytes = Buffer.concat(records);
    await writeFile(file, bytes);
    streams[contentType] = { file, bytes, records };
  }
  const mib = (bytes) => `${(bytes.length / 2 ** 20).toFixed(1)} MiB`;
  console.log(`${COUNT} events: ${mib(streams.json.bytes)} of JSON, ${mib(streams.protobuf.bytes)} of protobuf`);

  await mkdir(join(folder, 'node'));
  await mkdir(join(folder, 'go'));
  const peers = await installNodePeers(join(folder, 'node'));
  const go = await buildGoPeer(join(folder, 'go'));
  await compareInMemory(streams, peers, go);
  await compareClients(streams, peers);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function compareInMemory(streams, peers, go) {
  console.log('\nbytes in memory to objects, milliseconds of processor time for all:');
  const mine = (contentType, codec) => () => {
    const decoder = new RecordIoDecoder();
    let seen = 0;
    for (const piece of piecesOf(streams[contentType].bytes))
      for (const record of decoder.push(piece)) if (codec.decode('SchedulerEvent', record)) seen += 1;
    expect(seen, 'RecordIoDecoder');
  };
  const contestants = {
    '@kmd/mesos-client, JSON': mine('json', await loadCodec({ contentType: 'json' })),
    '@kmd/mesos-client, JSON with bigints': mine('json', await loadCodec({ contentType: 'json', bigints: true })),
    '@kmd/mesos-client, protobuf': mine('protobuf', await loadCodec({ contentType: 'protobuf' })),
  };
  if (peers) {
    const { read } = peers('@dcos/recordio');
    contestants['@dcos/recordio and JSON.parse'] = () => {
      let rest = '';
      let seen = 0;
      for (const piece of piecesOf(streams.json.bytes)) {
        const [records, left] = read(rest + piece.toString('utf8'));
        for (const record of records) if (JSON.parse(record)) seen += 1;
        rest = left;
      }
      expect(seen, '@dcos/recordio');
    };
  }
  const times = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  if (go) for (const contentType of ['json', 'protobuf']) times[`mesos-go, ${contentType}`] = [];
  // One after the other in each round, so that a busy moment of the machine meets them all.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, run] of Object.entries(contestants)) {
      const started = processorTime();
      run();
      // The first round warms up.
      if (round > 0) times[name].push(processorTime() - started);
    }
    if (!go || round === 0) continue;
    for (const contentType of ['json', 'protobuf']) {
      const [, [milliseconds, seen]] = await go(streams[contentType].file, contentType, 2);
      expect(seen, 'mesos-go');
      times[`mesos-go, ${contentType}`].push(milliseconds);
    }
  }
  report(times, '@kmd/mesos-client, JSON');
}

/**
 * mesos-framework loses an event whose length is cut by the border of two reads, so it is given what Mesos sends as it would be with no
 * network between: one record a piece.
 */
async function compareClients(streams, peers) {
  console.log(
    '\none record a piece, from the answer to the handler of each event, milliseconds of processor time for all:',
  );
  const contestants = {
    '@kmd/mesos-client': () => consume(streams.json.records),
    '@kmd/mesos-client, 64 KiB a piece': () => consume([...piecesOf(streams.json.bytes)]),
  };
  if (peers) contestants['mesos-framework'] = () => consumeByFramework(peers, streams.json.records);
  const times = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, run] of Object.entries(contestants)) {
      const started = processorTime();
      await run();
      if (round > 0) times[name].push(processorTime() - started);
    }
  }
  report(times, '@kmd/mesos-client');
}

async function consume(records) {
  const pieces = records[Symbol.iterator]();
  const body = { [Symbol.asyncIterator]: () => ({ next: async () => pieces.next() }) };
  const scheduler = createSchedulerClient({
    master: 'http://127.0.0.1:1',
    framework: { user: '', name: 'bench' },
    acknowledge: 'manual',
    transport: {
      send: async () => ({ status: 200, headers: { 'mesos-stream-id': 'bench' }, body, abort: () => undefined }),
      close: () => undefined,
    },
  });
  let seen = 0;
  for await (const event of scheduler.subscribe()) if (event && ++seen === COUNT) break;
  scheduler.close();
  expect(seen, 'the scheduler client');
}

/** Its requests go to a server that is not there: answers come from here. */
async function consumeByFramework(peers, records) {
  const { Scheduler } = peers('mesos-framework');
  const real = http.request;
  const responses = [];
  http.request = (_template, onResponse) => {
    const request = Object.assign(new EventEmitter(), {
      write: () => true,
      end: () => undefined,
      destroy: () => undefined,
    });
    const headers = { 'mesos-stream-id': 'bench' };
    const response = Object.assign(new EventEmitter(), { statusCode: 200, headers, setEncoding: () => undefined });
    responses.push(() => {
      onResponse(response);
      return response;
    });
    return request;
  };
  try {
    let seen = 0;
    const handlers = {};
    // A handler is known by taking one argument.
    for (const type of ['SUBSCRIBED', 'OFFERS', 'UPDATE', 'HEARTBEAT'])
      handlers[type] = (event) => (seen += event === null ? 0 : 1);
    const logging = { path: folder, level: 'error' };
    const scheduler = new Scheduler({ masterUrl: '127.0.0.1', port: 1, tasks: {}, handlers, logging });
    scheduler.on('error', (error) => {
      throw new Error(`mesos-framework: ${String(error.message).slice(0, 200)}`);
    });
    scheduler.sync = () => undefined;
    scheduler.subscribe();
    const response = responses[0]();
    for (const record of records) response.emit('data', record.toString('utf8'));
    expect(seen, 'mesos-framework');
  } finally {
    http.request = real;
  }
}

function report(times, reference) {
  const base = median(times[reference]);
  for (const [name, values] of Object.entries(times)) {
    const ratio = median(values) / base;
    const relation = name === reference ? '' : `, ${ratio.toFixed(2)} times as long as ${reference}`;
    console.log(`  ${name.padEnd(38)} ${summarise(values, 'ms')}${relation}`);
  }
}
