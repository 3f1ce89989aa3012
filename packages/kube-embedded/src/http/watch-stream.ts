import { once } from 'node:events';
import { statusOf } from '../errors.js';
import type { WatchSighting } from '../requests/read.js';
import type { Exchange } from './exchange.js';
import type { Presenter } from './present.js';

/**
 * Writes a watch as lines of JSON. Several events that wait are written at once; while the client does not read, nothing is
 * taken from the log, so a slow reader costs its socket's buffer and no more.
 */
export async function streamWatch(
  { response, signal }: Exchange,
  presenter: Presenter,
  events: AsyncIterable<readonly WatchSighting[]>,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
  response.flushHeaders();
  try {
    for await (const batch of events) {
      let lines = '';
      for (const { type, object } of batch) {
        lines += `{"type":"${type}","object":${presenter.event(object)}}\n`;
      }
      if (signal.aborted) break;
      if (!response.write(lines)) await once(response, 'drain', { signal });
    }
  } catch (error) {
    if (!signal.aborted && !response.destroyed) {
      response.write(`${JSON.stringify({ type: 'ERROR', object: statusOf(error) })}\n`);
    }
  }
  response.end();
}
