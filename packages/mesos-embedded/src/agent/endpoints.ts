import { behind, guarded, type Guard } from '../http/gate.js';
import type { Handler, Routes } from '../http/server.js';
import { sharedEndpoints } from '../http/shared-endpoints.js';
import type { Agent } from './agent.js';
import { executorEndpoint } from './executor-endpoint.js';
import { browseInfo } from './files.js';
import { containersJson, describeState, flagsJson } from './legacy.js';
import { metrics } from './metrics.js';
import { operatorEndpoint } from './operator-endpoint.js';

/** Everything an agent answers. */
export function agentRoutes(agent: Agent): Routes {
  const json =
    (describe: () => unknown): Handler =>
    (request, reply) => {
      reply.legacyJson(describe(), request.query.get('jsonp'));
    };
  const health: Handler = (_request, reply) => {
    reply.empty(200);
  };
  const open = new Map<string, Handler>([
    ['/health', health],
    ['/flags', json(() => ({ flags: flagsJson(agent) }))],
  ]);
  const guardedRoutes = guarded(
    new Map<string, Handler>([
      ['/api/v1/executor', executorEndpoint(agent)],
      ['/api/v1', operatorEndpoint(agent)],
      ['/state', json(() => describeState(agent))],
      ['/containers', json(() => containersJson(agent, true))],
    ]),
    recovered(agent),
  );
  return new Map([...open, ...guardedRoutes]);
}

/**
 * Until what an earlier agent left has been read (trace 62), and its executors are back, which may come meanwhile (src/slave/http.cpp).
 */
function recovered(agent: Agent): Guard {
  return ({ path }, reply) => {
    const waiting = agent.recovery?.underWay === true && path !== '/api/v1/executor';
    if (!agent.recovering && !waiting) return false;
    reply.text(503, 'Agent has not finished recovery');
    return true;
  };
}

/** The endpoints of an agent's libprocess: sandboxes and statistics besides the usual. */
export function agentSharedRoutes(agent: Agent): Routes {
  const shared = sharedEndpoints({ metrics: () => metrics(agent), level: () => agent.loggingLevel });
  const statistics: Handler = (request, reply) => {
    reply.legacyJson(containersJson(agent, false), request.query.get('jsonp'));
  };
  shared.set('/monitor/statistics', behind(statistics, recovered(agent)));
  shared.set('/monitor/statistics.json', behind(statistics, recovered(agent)));
  shared.set('/files/browse', (request, reply) => {
    const files = agent.files.list(request.query.get('path') ?? '');
    if (files === undefined) reply.text(404, '');
    else reply.legacyJson(files.map(browseInfo), request.query.get('jsonp'));
  });
  shared.set('/files/read', (request, reply) => {
    const { query } = request;
    const offset = Number(query.get('offset') ?? -1);
    const length = query.get('length');
    const part = agent.files.read(query.get('path') ?? '', offset, length === null ? undefined : Number(length));
    if (part === undefined) reply.text(404, '');
    else reply.legacyJson({ data: part.data.toString('latin1'), offset: offset < 0 ? part.size : offset }, query.get('jsonp')); // prettier-ignore
  });
  shared.set('/files/download', (request, reply) => {
    const path = request.query.get('path') ?? '';
    const bytes = agent.files.download(path);
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (bytes === undefined) reply.text(404, '');
    else reply.bytes(bytes, [['Content-Disposition', `attachment; filename=${name}`], ['Content-Type', 'application/octet-stream']]); // prettier-ignore
  });
  return shared;
}
