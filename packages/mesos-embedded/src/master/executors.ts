import type { ExecutorInfo } from '@kmd/mesos-client';

import type { Agent } from './agent.js';
import type { Framework } from './framework.js';
import type { Master } from './master.js';

/** An agent says that an executor has ended. */
export function executorExited(
  master: Master,
  agent: Agent,
  frameworkId: string,
  executorId: string,
  status: number,
): void {
  // prettier-ignore
  master.counters.add('messages_exited_executor');
  const framework = master.frameworks.get(frameworkId);
  if (framework === undefined) return;
  const info = framework.removeExecutor(agent.id, executorId);
  if (info !== undefined) freeExecutor(master, framework, agent, info);
  framework.send({
    type: 'FAILURE',
    failure: { agent_id: { value: agent.id }, executor_id: { value: executorId }, status },
  });
}

/** Gives back what an executor itself used. */
export function freeExecutor(master: Master, framework: Framework, agent: Agent, info: ExecutorInfo): void {
  const resources = info.resources ?? [];
  agent.unuse(resources);
  master.allocator.recover(framework, agent, resources[0]?.allocation_info?.role ?? '*', resources);
}
