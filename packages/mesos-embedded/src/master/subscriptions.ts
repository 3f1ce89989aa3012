import type { FrameworkInfo, OfferConstraints } from '@kmd/mesos-client';

import { every, seconds } from '../clock.js';
import type { EventStream } from '../http/event-stream.js';
import { freeExecutor } from './executors.js';
import { Framework } from './framework.js';
import type { Master } from './master.js';
import { OfferConstraintsFilter } from './offer-constraints.js';
import * as updates from './task-updates.js';

/** How many removed frameworks are remembered (--max_completed_frameworks). */
const rememberedFrameworks = 50;

/** A subscription whose FrameworkInfo is valid. */
export interface Subscription {
  readonly info: FrameworkInfo;
  readonly suppressed: readonly string[];
  /** Valid too. */
  readonly constraints?: OfferConstraints | undefined;
  readonly stream: EventStream;
  readonly streamId: string;
}

/** Subscribes a framework; its id may be new, known, or one that this master never saw. */
export function subscribe(master: Master, { info, suppressed, constraints, stream, streamId }: Subscription): void {
  const now = seconds(master.clock);
  const known = info.id === undefined ? undefined : master.frameworks.get(info.id.value);
  const framework = known ?? new Framework(info, info.id?.value ?? master.ids.framework(), now);
  const wasConnected = framework.connected;
  if (known === undefined) {
    master.frameworks.set(framework.id, framework);
  } else {
    failOver(master, known, info);
    known.reregisteredTime = now;
  }
  framework.recovered = false;
  master.counters.add(`messages_${known === undefined ? 'register' : 'reregister'}_framework`);
  framework.counters.add('calls/subscribe');
  framework.stream = stream;
  framework.streamId = streamId;
  framework.suppress(suppressed);
  framework.constraints = new OfferConstraintsFilter(constraints);
  stream.onClose(() => {
    if (framework.stream === stream) disconnect(master, framework);
  });
  framework.send({
    type: 'SUBSCRIBED',
    subscribed: {
      framework_id: { value: framework.id },
      heartbeat_interval_seconds: master.flags.heartbeatInterval / 1000,
      master_info: master.info,
    },
  });
  framework.send({ type: 'HEARTBEAT' });
  framework.heartbeatTimer = every(master.clock, master.flags.heartbeatInterval, () => {
    framework.send({ type: 'HEARTBEAT' });
  });
  master.log.info({ framework: framework.id, name: info.name }, 'framework subscribed');
  master.operators.frameworkSubscribed(framework, known !== undefined);
  for (const agent of master.agents.values()) {
    agent.link?.send({ type: 'FRAMEWORK_SUBSCRIBED', framework: framework.info });
  }
  // One that was connected all the time is offered something with the next round of all (master.cpp, _failoverFramework).
  if (!wasConnected || master.flags.eagerAllocation) master.allocator.allocateAll();
}

/**
 * A framework that this master does not know runs something on an agent: it subscribed with the master before this one, and will come
 * back. How long that may take nobody knows any more: Mesos waits for ever too (MESOS-4659).
 */
export function recoverFramework(master: Master, info: FrameworkInfo): void {
  const id = info.id?.value ?? '';
  if (master.frameworks.has(id) || master.completedFrameworks.has(id)) return;
  const framework = new Framework(info, id, seconds(master.clock));
  framework.recovered = true;
  master.frameworks.set(id, framework);
  master.log.info({ framework: id, name: info.name }, 'framework recovered');
}

function failOver(master: Master, framework: Framework, info: FrameworkInfo): void {
  const previous = framework.stream;
  if (previous !== undefined) {
    framework.send({ type: 'ERROR', error: { message: 'Framework failed over' } });
    framework.stream = undefined;
    previous.end();
  }
  quieten(master, framework);
  framework.update(info);
}

/** Stops the timers of a framework and takes its offers back. */
export function quieten(master: Master, framework: Framework): void {
  framework.failoverTimer?.cancel();
  framework.heartbeatTimer?.cancel();
  master.maintenance.forget(framework);
  for (const offer of [...framework.offers]) master.offers.discard(offer);
}

function disconnect(master: Master, framework: Framework): void {
  framework.stream = undefined;
  framework.streamId = undefined;
  master.log.info({ framework: framework.id }, 'framework disconnected');
  quieten(master, framework);
  master.allocator.filters.clear(framework.id);
  const timeout = framework.info.failover_timeout ?? 0;
  // One that is negative never ends (trace 20-errors-scheduler/50, and what /state says of it later).
  if (timeout < 0) return;
  if (timeout === 0) {
    removeFramework(master, framework);
    return;
  }
  framework.failoverTimer = master.clock.after(timeout * 1000, () => {
    removeFramework(master, framework);
  });
}

/** Breaks the stream of a framework as if its connection were lost. Returns whether there was one. */
export function dropStream(master: Master, frameworkId: string): boolean {
  const framework = master.frameworks.get(frameworkId);
  const stream = framework?.stream;
  if (framework === undefined || stream === undefined) return false;
  stream.destroy();
  if (framework.stream === stream) disconnect(master, framework);
  return true;
}

/** Kills all that a framework runs and forgets it; its id is dead from now on. */
export function removeFramework(master: Master, framework: Framework): void {
  const stream = framework.stream;
  framework.stream = undefined;
  framework.streamId = undefined;
  stream?.end();
  quieten(master, framework);
  master.allocator.filters.clear(framework.id);
  master.operations.forget(framework);
  framework.unregisteredTime = seconds(master.clock);
  for (const task of [...framework.tasks.values()]) {
    const status = master.status(task.task_id.value, 'TASK_KILLED', {
      message: `Framework ${framework.id} removed`,
      reason: 'REASON_FRAMEWORK_REMOVED',
      agent_id: task.agent_id,
    });
    updates.apply(master, framework, task, status, 'TASK_KILLED');
    updates.remove(master, framework, task);
  }
  for (const [agentId, executors] of framework.executors) {
    const agent = master.agents.get(agentId);
    for (const info of executors.values()) if (agent !== undefined) freeExecutor(master, framework, agent, info);
  }
  framework.executors.clear();
  for (const agent of master.agents.values()) {
    agent.link?.send({ type: 'SHUTDOWN_FRAMEWORK', frameworkId: { value: framework.id } });
  }
  master.frameworks.delete(framework.id);
  master.completedFrameworks.set(framework.id, framework);
  for (const oldest of master.completedFrameworks.keys()) {
    if (master.completedFrameworks.size <= rememberedFrameworks) break;
    master.completedFrameworks.delete(oldest);
  }
  master.log.info({ framework: framework.id }, 'framework removed');
  master.operators.frameworkRemoved(framework);
}
