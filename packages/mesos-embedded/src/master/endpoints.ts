import { basicAuthentication, behind, type Guard } from '../http/gate.js';
import { Refusal } from '../http/negotiation.js';
import type { Handler, Routes } from '../http/server.js';
import { sharedEndpoints } from '../http/shared-endpoints.js';
import { linkEndpoint } from './link-endpoint.js';
import * as legacy from './legacy.js';
import { legacyWrites } from './legacy-writes.js';
import type { Master } from './master.js';
import { metrics } from './metrics/metrics.js';
import { operatorEndpoint } from './operator-endpoint.js';
import { schedulerEndpoint } from './scheduler-endpoint.js';
import { helpPage, overviewPage } from './pages.js';
import { leading, recovered, redirect } from './standing.js';

/** Everything a master answers. */
export function masterRoutes(master: Master): Routes {
  const lead = leading(master);
  const ready = recovered(master);
  const read = authentication(master, 'mesos-master-readonly');
  const write = authentication(master, 'mesos-master-readwrite');
  const json = (describe: (query: URLSearchParams) => unknown, ...guards: readonly Guard[]): Handler =>
    behind(
      (request, reply) => {
        reply.legacyJson(describe(request.query), request.query.get('jsonp'));
      },
      ...guards,
    );
  const state = json(() => legacy.state(master), ...read, lead);
  const redirecting = redirect(master);
  return new Map<string, Handler>([
    ['/api/v1/scheduler', behind(schedulerEndpoint(master), ...authentication(master, 'mesos-master-scheduler'), lead, ready)], // prettier-ignore
    ['/api/v1', behind(operatorEndpoint(master), ...write, lead, ready)],
    ['/embedded/agent', linkEndpoint(master)],
    [
      '/health',
      (_request, reply) => {
        reply.empty(200);
      },
    ],
    ['/redirect', (request, reply) => void redirecting(request, reply)],
    ['/', overviewPage(master)],
    ['/state', state],
    ['/state-summary', json(() => legacy.summary(master), ...read, lead)],
    ['/slaves', json((query) => legacy.agents(master, query.get('slave_id')), ...read, lead)],
    ['/frameworks', json((query) => legacy.frameworks(master, query.get('framework_id')), ...read, lead)],
    ['/tasks', json((query) => legacy.tasks(master, query), ...read, lead)],
    ['/roles', json(() => legacy.roles(master), ...read, lead)],
    ['/maintenance/status', json(() => master.maintenance.status, ...read, lead)],
    ['/flags', json(() => ({ flags: legacy.flags(master) }), ...read)],
    ...[...legacyWrites(master)].map(([path, handler]): [string, Handler] => [
      path,
      behind(refusing(handler), ...write, lead),
    ]),
  ]);
}

/** The endpoints of a master's libprocess. */
export function masterSharedRoutes(master: Master): Routes {
  const shared = sharedEndpoints({ metrics: () => metrics(master), level: () => master.loggingLevel });
  shared.set('/help', helpPage([...masterRoutes(master).keys(), ...shared.keys(), '/help']));
  for (const path of ['/files/browse', '/files/read', '/files/download']) {
    // A master without a log directory has no files.
    shared.set(path, (_request, reply) => {
      reply.text(404, '');
    });
  }
  return shared;
}

function authentication(master: Master, realm: string): Guard[] {
  const { credentials } = master.flags;
  return credentials === undefined ? [] : [basicAuthentication(credentials, realm)];
}

function refusing(handler: Handler): Handler {
  return (request, reply) => {
    try {
      return handler(request, reply);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      reply.text(error.status, error.message);
      return undefined;
    }
  };
}
