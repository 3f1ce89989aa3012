import { join } from 'node:path';
import { type Launcher, type RunningMaster, startAgent, startMaster } from '@kmd/mesos-embedded';
import type { EmbeddedPlan } from '../control/protocol.js';
import type { ServiceLogs } from './log.js';
import { checkHealth } from '../answers.js';
import { type RunningService, running } from './service.js';

export async function startMesosMaster(name: string, plan: EmbeddedPlan, logs: ServiceLogs) {
  const master = await startMaster({ ...plan.mesosMaster, logger: logs.logger(name) });
  const service = running(name, {
    address: master.url,
    check: () => checkHealth(`${master.url}/health`),
    close: () => master.close(),
  });
  return { master, service };
}

/** One agent for each of the plan, all at the same time. */
export async function startMesosAgents(
  plan: EmbeddedPlan,
  master: RunningMaster,
  logs: ServiceLogs,
  launcher?: Launcher,
): Promise<RunningService[]> {
  return Promise.all(
    plan.agents.map(async ({ name, hostname, resources, attributes }) => {
      const agent = await startAgent({
        master,
        host: '127.0.0.1',
        port: 0,
        hostname,
        resources,
        attributes,
        workDir: join(plan.workDirectory, name),
        logger: logs.logger(name),
        launcher,
      });
      return running(name, {
        address: agent.url,
        check: () => checkHealth(`${agent.url}/health`),
        close: () => agent.close(),
      });
    }),
  );
}
