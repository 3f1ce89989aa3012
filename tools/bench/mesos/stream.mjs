// A long stream made of a recorded one: the events that a real Mesos 1.11 master sent, again and again, each time with ids of its own.
import { readFileSync } from 'node:fs';
import { encodeRecord, loadCodec, RecordIoDecoder } from '@kmd/mesos-client';

const recording = new URL('../../../packages/mesos-client/testdata/scheduler/subscribe-basic.resp', import.meta.url);

function readEvents() {
  const raw = readFileSync(recording);
  let body = raw.subarray(raw.indexOf('\r\n\r\n') + 4);
  const records = [];
  const decoder = new RecordIoDecoder();
  while (body.length > 0) {
    const line = body.indexOf('\r\n');
    const size = parseInt(body.subarray(0, line).toString('latin1'), 16);
    if (!(size > 0)) break;
    records.push(...decoder.push(body.subarray(line + 2, line + 2 + size)));
    body = body.subarray(line + 2 + size + 2);
  }
  return records.map((record) => Buffer.from(record).toString('utf8'));
}

/** `count` events: the first subscribes, the others are OFFERS, UPDATE and HEARTBEAT in the recorded order. Texts of JSON. */
export function makeEvents(count) {
  const [subscribed, ...others] = readEvents();
  const events = [subscribed];
  for (let serial = 0; events.length < count; serial += 1) {
    const event = others[serial % others.length];
    // Ids end in -O7, -S0, …: a serial of eight digits makes each offer and task another one.
    const id = String(serial).padStart(8, '0');
    events.push(
      event.replace(/-O\d+"/g, `-O${id}"`).replace(/"task_id":\{"value":"([^"]+)"/g, `"task_id":{"value":"$1-${id}"`),
    );
  }
  return events;
}

/** The records of these events, one Buffer each. */
export async function makeRecords(events, contentType) {
  const codec = await loadCodec({ contentType });
  return events.map((text) =>
    Buffer.from(encodeRecord(contentType === 'json' ? text : codec.encode('SchedulerEvent', JSON.parse(text)))),
  );
}

/** The pieces in which a socket would give these bytes. */
export function* piecesOf(bytes, size = 65_536) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
