import { cpus, freemem, loadavg, totalmem } from 'node:os';

import { double } from './json.js';
import type { Handler } from './server.js';
import { version } from '../version.js';

/** The endpoints that every libprocess has, whatever runs on it (trace 03-legacy-endpoints). */
export function sharedEndpoints(options: {
  metrics: () => ReadonlyMap<string, number>;
  level: () => number;
}): Map<string, Handler> {
  const json =
    (describe: () => unknown): Handler =>
    (request, reply) => {
      reply.legacyJson(describe(), request.query.get('jsonp'));
    };
  return new Map<string, Handler>([
    ['/version', json(() => version)],
    [
      '/metrics/snapshot',
      json(() => Object.fromEntries([...options.metrics()].map(([name, value]) => [name, double(value)]))),
    ],
    ['/files/debug', json(() => ({}))],
    ['/system/stats.json', json(systemStatistics)],
    [
      '/logging/toggle',
      (_request, reply) => {
        reply.text(200, `${String(options.level())}\n`);
      },
    ],
  ]);
}

function systemStatistics(): object {
  const [one = 0, five = 0, fifteen = 0] = loadavg();
  return {
    avg_load_15min: fifteen,
    avg_load_1min: one,
    avg_load_5min: five,
    cpus_total: cpus().length,
    mem_free_bytes: freemem(),
    mem_total_bytes: totalmem(),
  };
}
