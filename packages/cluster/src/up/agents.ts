import { createMasterClient, containsResources, parseResources } from '@kmd/mesos-client';
import type { AgentPlan } from '../control/protocol.js';

/**
 * Waits until the Mesos master lists every agent of the plan with the resources that it was given. Resolves to a line for the reader;
 * the operator API's answer is asked again every 20 ms, as the master registers an agent within milliseconds.
 */
export async function awaitAgents(
  master: string,
  agents: readonly AgentPlan[],
  options: { signal: AbortSignal; waitingFor(what: string): void },
): Promise<string> {
  const client = createMasterClient({ master });
  try {
    for (;;) {
      const answer = await client.call({ type: 'GET_AGENTS' }, { signal: options.signal });
      const registered = answer.get_agents.agents ?? [];
      const missing = agents.filter(
        (agent) =>
          !registered.some(
            ({ agent_info: info, total_resources: total }) =>
              info.hostname === agent.hostname && containsResources(total ?? [], parseResources(agent.resources)),
          ),
      );
      if (missing.length === 0) return `${agents.length} registered`;
      options.waitingFor(missing.map(({ hostname }) => hostname).join(', '));
      await new Promise((resolve) => setTimeout(resolve, 20));
      options.signal.throwIfAborted();
    }
  } finally {
    client.close();
  }
}
