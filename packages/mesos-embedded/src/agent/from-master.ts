import type { ToAgent } from '../link.js';
import type { Agent } from './agent.js';
import { drain, kill, shutdown, shutdownFramework } from './ending.js';
import { launch } from './launching.js';
import { acknowledged } from './task-statuses.js';

/** Does what the master says. */
export function receive(agent: Agent, message: ToAgent): void {
  switch (message.type) {
    case 'REGISTERED':
      agent.registered(message.agentId);
      return;
    case 'LAUNCH':
      launch(agent, message.framework, message.executor, message.command ? 'command' : 'custom', {
        task: message.task,
      });
      return;
    case 'LAUNCH_GROUP':
      launch(agent, message.framework, message.executor, message.executor.type === 'DEFAULT' ? 'default' : 'custom', {
        group: message.group,
      });
      return;
    case 'KILL':
      kill(agent, message.frameworkId.value, message.taskId.value, message.killPolicy);
      return;
    case 'ACKNOWLEDGE':
      acknowledged(agent, message.frameworkId.value, message.taskId.value, message.uuid);
      return;
    case 'MESSAGE': {
      const executor = agent.executor(message.frameworkId.value, message.executorId.value);
      if (executor === undefined) agent.counters.invalidFrameworkMessages += 1;
      else agent.counters.validFrameworkMessages += 1;
      executor?.send({ type: 'MESSAGE', message: { data: message.data } });
      return;
    }
    case 'SHUTDOWN_EXECUTOR': {
      const executor = agent.executor(message.frameworkId.value, message.executorId.value);
      if (executor !== undefined) shutdown(agent, executor);
      return;
    }
    case 'SHUTDOWN_FRAMEWORK':
      shutdownFramework(agent, message.frameworkId.value);
      return;
    case 'FRAMEWORK_SUBSCRIBED': {
      const id = message.framework.id?.value ?? '';
      const framework = agent.frameworks.get(id);
      if (framework !== undefined) framework.info = message.framework;
      agent.updates.resend(id);
      return;
    }
    case 'DRAIN':
      drain(agent, message.gracePeriod);
      return;
    case 'RESOURCES':
      agent.total = message.resources;
      agent.checkpoint.setResources(message.resources);
      return;
    case 'PING':
      agent.send({ type: 'PONG' });
      return;
    case 'SHUTDOWN':
      agent.log.warn(`the master removed this agent: ${message.message}`);
      for (const id of [...agent.frameworks.keys()]) shutdownFramework(agent, id);
      agent.forgetId();
      return;
  }
}
