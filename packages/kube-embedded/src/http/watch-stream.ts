import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { statusOf } from '../errors.js';
import type { WatchSighting } from '../requests/read.js';
import type { Presenter } from './present.js';

/** So many characters of events are written at once; the next when the client has taken them. */
const chunkSize = 64 * 1024;

/**
 * Writes a watch as lines of JSON until its events end or the signal. Several events that wait are written at once; while the client does not read,
 * nothing is taken from the log, so a slow reader costs a chunk and its socket's buffer and no more.
 * @param patience how many milliseconds a client may take nothing
 */
export async function streamWatch(
  response: ServerResponse,
  presenter: Presenter,
  events: AsyncIterable<readonly WatchSighting[]>,
  signal: AbortSignal,
  patience: number,
): Promise<void> {
  let blocked = false;
  const write = async (lines: string): Promise<void> => {
    blocked = !response.write(lines);
    if (!blocked) return;
    await once(response, 'drain', { signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]) });
    blocked = false;
  };
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
  response.flushHeaders();
  try {
    for await (const batch of events) {
      let lines = '';
      for (const { type, object } of batch) {
        lines += `{"type":"${type}","object":${presenter.event(object)}}\n`;
        if (lines.length < chunkSize) continue;
        await write(lines);
        lines = '';
      }
      if (lines !== '') await write(lines);
    }
  } catch (error) {
    // What the client has not taken by the end of its watch, it will not take.
    if (blocked) {
      response.destroy();
      return;
    }
    if (!signal.aborted) response.write(`${JSON.stringify({ type: 'ERROR', object: statusOf(error) })}\n`);
  }
  response.end();
}
