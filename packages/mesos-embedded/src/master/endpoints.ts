import type { Handler, Routes } from '../http/server.js';
import { version } from '../version.js';
import { linkEndpoint } from './link-endpoint.js';
import * as legacy from './legacy.js';
import type { Master } from './master.js';
import { metrics } from './metrics.js';
import { operatorEndpoint } from './operator-endpoint.js';
import { schedulerEndpoint } from './scheduler-endpoint.js';

/** Everything a master answers. */
export function masterRoutes(master: Master): Routes {
  const json =
    (describe: (query: URLSearchParams) => unknown): Handler =>
    (request, reply) => {
      reply.legacyJson(describe(request.query), request.query.get('jsonp'));
    };
  return new Map<string, Handler>([
    ['/api/v1/scheduler', schedulerEndpoint(master)],
    ['/api/v1', operatorEndpoint(master)],
    ['/embedded/agent', linkEndpoint(master)],
    [
      '/health',
      (_request, reply) => {
        reply.empty(200);
      },
    ],
    [
      '/redirect',
      (_request, reply) => {
        reply.empty(307, [['Location', `//${master.address.host}:${String(master.address.port)}`]]);
      },
    ],
    ['/version', json(() => version)],
    ['/state', json(() => legacy.state(master))],
    // A name from before Mesos 1.0 that many tools still ask for; Mesos 1.11 itself answers 404.
    ['/state.json', json(() => legacy.state(master))],
    ['/state-summary', json(() => legacy.summary(master))],
    ['/slaves', json((query) => legacy.agents(master, query.get('slave_id')))],
    ['/frameworks', json((query) => legacy.frameworks(master, query.get('framework_id')))],
    ['/tasks', json((query) => legacy.tasks(master, query))],
    ['/roles', json(() => legacy.roles(master))],
    ['/flags', json(() => ({ flags: legacy.flags(master) }))],
    ['/metrics/snapshot', json(() => Object.fromEntries(metrics(master)))],
  ]);
}
