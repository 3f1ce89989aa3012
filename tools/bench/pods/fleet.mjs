import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKubeClient } from '@kmd/kube-client';
import { ensureCredentials } from '@kmd/kube-bootstrap';
import { untilReady } from './nodes.mjs';
import { startPart } from './part.mjs';

/**
 * A cluster of hollow agents: API server, Mesos (master and agents), scheduler, and the executors of all agents, each a process, talking over
 * the same sockets and protocols as ever. Executors share a process, or 1,000 of them would take 60 GiB.
 */
export async function startFleet({ agents, resources, nodeOptions }) {
  const home = mkdtempSync(join(tmpdir(), 'kmd-fleet-'));
  const made = await ensureCredentials({
    dir: join(home, 'auth'),
    serviceCidr: '10.10.10.0/24',
    dnsDomain: 'cluster.local',
  });
  const credentials = { ca: made.ca.cert, server: made.apiserver, token: made.token };
  const parts = [];
  const start = async (name, settings, options) => {
    const part = await startPart(name, settings, { nodeOptions, ...options });
    parts.unshift(part);
    return part;
  };
  const apiServer = await start('api-server', { credentials, directory: join(home, 'journal') });
  const server = apiServer.address;
  let mesos;
  const executors = await start('executors', { server, credentials }, { onRequest: (request) => mesos.tell(request) });
  mesos = await start(
    'mesos',
    {
      agents: Array.from({ length: agents }, (_, index) => ({ hostname: `agent-${index}`, resources })),
      directory: join(home, 'mesos'),
    },
    { onRequest: (request) => executors.tell(request) },
  );
  const scheduler = await start('scheduler', { server, credentials, mesosMaster: mesos.address });
  const kube = createKubeClient({ server, ca: credentials.ca, token: credentials.token });
  await untilReady(kube, agents);
  return {
    kube,
    mesosMaster: mesos.address,
    parts: { apiServer, mesos, scheduler, executors },
    async close() {
      kube.close();
      for (const part of parts) await part.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
