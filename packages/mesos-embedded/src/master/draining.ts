import type { Agent } from './agent.js';
import { markAgentGone, setDeactivated } from './agent-removal.js';
import type { Master } from './master.js';

/** How an agent is to be emptied. */
export interface DrainConfig {
  /** Nanoseconds that tasks have at most to end by themselves. */
  readonly max_grace_period?: { readonly nanoseconds: number } | undefined;
  readonly mark_gone: boolean;
}

/** An agent that is being emptied, or has been (docs/maintenance.md, "Draining"). */
export interface Drain {
  readonly config: DrainConfig;
  /** Seconds since the epoch. */
  readonly start: number;
  done: boolean;
}

/** Empties an agent: it is offered no more, and its tasks are killed with the reason REASON_AGENT_DRAINING. */
export function drainAgent(master: Master, agent: Agent, config: DrainConfig): void {
  agent.drain = { config, start: Math.floor(master.clock.now() / 1000), done: false };
  setDeactivated(master, agent, true);
  resumeDrain(master, agent);
}

/** An agent that is to be emptied is back, and may not have heard of it. */
export function resumeDrain(master: Master, agent: Agent): void {
  if (agent.drain === undefined || agent.drain.done) return;
  agent.link?.send({ type: 'DRAIN', gracePeriod: agent.drain.config.max_grace_period?.nanoseconds });
  checkDrained(master, agent);
}

/** A task or executor ended: an agent without any is drained; one that shall be gone then is. */
export function checkDrained(master: Master, agent: Agent): void {
  const { drain } = agent;
  if (drain === undefined || drain.done || agent.tasks.size > 0) return;
  drain.done = true;
  if (drain.config.mark_gone) markAgentGone(master, agent);
  else master.keepRegistry();
}

export function describeDrain({ drain }: Agent): object {
  if (drain === undefined) return {};
  return {
    drain_info: { state: drain.done ? 'DRAINED' : 'DRAINING', config: drain.config },
    estimated_drain_start_time: { nanoseconds: drain.start * 1e9 },
  };
}
