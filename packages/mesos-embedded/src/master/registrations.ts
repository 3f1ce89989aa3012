import { every, seconds } from '../clock.js';
import type { AgentLink, AgentSession, Registration, ToMaster } from '../link.js';
import { Agent } from './agent.js';
import { agentDisconnected, agentUnreachable, removeAgent } from './agent-removal.js';
import { resumeDrain } from './draining.js';
import { executorExited } from './executors.js';
import type { Master } from './master.js';
import { recoverAgent } from './registry/registry.js';
import * as updates from './task-updates.js';

/** An agent comes, or comes back. Undefined: not now. */
export function register(master: Master, registration: Registration, connection: AgentLink): AgentSession | undefined {
  const claimed = registration.info.id?.value ?? '';
  if (master.partitioned.has(claimed) || master.standing.leader !== 'self') return undefined;
  const known: { id?: string } = {};
  const link: AgentLink = {
    send: (message) => {
      if (!master.partitioned.has(known.id ?? '')) connection.send(message);
    },
    close: () => {
      connection.close();
    },
  };
  const agent = admit(master, registration, link);
  known.id = agent.id;
  return {
    receive: (message) => {
      if (agent.link === link && !master.partitioned.has(agent.id)) receive(master, agent, message);
    },
    disconnected: () => {
      if (agent.link === link) agentDisconnected(master, agent);
    },
  };
}

/** What frameworks are told of tasks that come back with an agent: nothing where the registry had it (master.cpp, __reregisterSlave). */
function returning(master: Master, id = ''): string | undefined {
  if (master.recoveredAgents.has(id)) return undefined;
  return master.unreachableAgents.has(id) ? 'Unreachable agent re-reregistered' : 'Unknown agent reregistered';
}

function admit(master: Master, registration: Registration, link: AgentLink): Agent {
  const { info, address } = registration;
  const now = seconds(master.clock);
  const claimed = info.id?.value;
  let agent = claimed === undefined ? undefined : master.agents.get(claimed);
  const news = agent === undefined ? returning(master, claimed) : undefined;
  if (agent === undefined) {
    for (const other of master.agents.values()) {
      if (other.connected || other.address.ip !== address.ip || other.address.port !== address.port) continue;
      removeAgent(master, other, `Agent ${other.info.hostname} removed: a new agent registered at the same address`, {
        why: 'registered',
      });
    }
    const id = claimed !== undefined && !master.goneAgents.has(claimed) ? claimed : master.ids.agent();
    master.counters.add(claimed === undefined ? 'messages_register_slave' : 'messages_reregister_slave');
    master.counters.add(claimed === undefined ? 'slave_registrations' : 'slave_reregistrations');
    agent = new Agent(id, info, address, registration.version, now);
    master.agents.set(id, agent);
    master.unreachableAgents.delete(id);
    recoverAgent(master, agent);
    master.operators.agentAdded(agent);
  } else {
    master.counters.add('messages_reregister_slave');
    master.counters.add('slave_reregistrations');
    // It may have been started again, with more than it had.
    agent.info = { ...info, id: { value: agent.id } };
    agent.address = address;
    agent.reregisteredTime = now;
  }
  master.counters.add('messages_update_slave');
  agent.link = link;
  agent.missedPings = 0;
  if (registration.resources !== undefined) agent.replaceTotal(registration.resources);
  master.keepRegistry();
  link.send({ type: 'REGISTERED', agentId: agent.id });
  updates.reconcileAgent(master, agent, registration, news);
  // An agent that was known hears of its frameworks, and sends what waits for them once more (UpdateFrameworkMessage; trace 32).
  if (claimed !== undefined) tellFrameworks(master, agent, registration);
  for (const kill of agent.kills.splice(0)) {
    if (agent.task(kill.frameworkId.value, kill.taskId.value) !== undefined) link.send(kill);
  }
  resumeDrain(master, agent);
  watch(master, agent);
  master.log.info({ agent: agent.id, hostname: info.hostname }, 'agent registered');
  master.allocator.agentChanged(agent);
  return agent;
}

function tellFrameworks(master: Master, { link }: Agent, { frameworks }: Registration): void {
  for (const { id } of frameworks) {
    const framework = master.frameworks.get(id?.value ?? '');
    if (framework !== undefined) link?.send({ type: 'FRAMEWORK_SUBSCRIBED', framework: framework.info });
  }
}

function watch(master: Master, agent: Agent): void {
  agent.pingTimer?.cancel();
  agent.pingTimer = every(master.clock, master.flags.agentPingTimeout, () => {
    agent.missedPings += 1;
    if (agent.missedPings > master.flags.maxAgentPingTimeouts) agentUnreachable(master, agent);
    else agent.link?.send({ type: 'PING' });
  });
}

function receive(master: Master, agent: Agent, message: ToMaster): void {
  agent.missedPings = 0;
  switch (message.type) {
    case 'UPDATE':
      updates.receive(master, agent, message.frameworkId.value, message.status, message.latestState);
      return;
    case 'EXECUTOR_EXITED':
      executorExited(master, agent, message.frameworkId.value, message.executorId.value, message.status);
      return;
    case 'EXECUTOR_MESSAGE': {
      const framework = master.frameworks.get(message.frameworkId.value);
      master.counters.add('messages_executor_to_framework');
      master.counters.add(`${framework === undefined ? 'invalid' : 'valid'}_executor_to_framework_messages`);
      framework?.send({
        type: 'MESSAGE',
        message: { agent_id: { value: agent.id }, executor_id: message.executorId, data: message.data },
      });
      return;
    }
    case 'UNREGISTER':
      master.counters.add('messages_unregister_slave');
      removeAgent(master, agent, `Agent ${agent.info.hostname} removed: the agent unregistered`, {
        why: 'unregistered',
      });
      return;
    case 'PONG':
      return;
  }
}
