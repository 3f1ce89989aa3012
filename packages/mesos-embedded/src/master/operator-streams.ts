import type { Task, TaskStatus } from '@kmd/mesos-client';

import { every, type Timer } from '../clock.js';
import type { EventStream } from '../http/event-stream.js';
import { omit } from '../omit.js';
import type { Agent } from './agent.js';
import type { Framework } from './framework.js';
import type { Master } from './master.js';
import { describeAgent, describeFramework, describeState } from './state.js';

/** At most so many operators watch; the longest-serving is dropped (--max_operator_event_stream_subscribers). */
const mostStreams = 1000;

/** The SUBSCRIBE streams of the operator API. */
export class OperatorStreams {
  readonly #master: Master;
  readonly #streams = new Set<EventStream>();
  readonly #heartbeats = new Map<EventStream, Timer>();

  constructor(master: Master) {
    this.#master = master;
  }

  get size(): number {
    return this.#streams.size;
  }

  close(): void {
    for (const stream of [...this.#streams]) this.#drop(stream);
  }

  subscribe(stream: EventStream): void {
    this.#streams.add(stream);
    const [oldest] = this.#streams;
    if (this.#streams.size > mostStreams && oldest !== undefined) this.#drop(oldest);
    const interval = this.#master.flags.heartbeatInterval;
    stream.onClose(() => {
      this.#drop(stream);
    });
    stream.send({
      type: 'SUBSCRIBED',
      subscribed: { get_state: describeState(this.#master), heartbeat_interval_seconds: interval / 1000 },
    });
    stream.send({ type: 'HEARTBEAT' });
    this.#heartbeats.set(
      stream,
      every(this.#master.clock, interval, () => {
        stream.send({ type: 'HEARTBEAT' });
      }),
    );
  }

  frameworkSubscribed(framework: Framework, again: boolean): void {
    if (again) this.frameworkChanged(framework);
    else this.#send(() => ({ type: 'FRAMEWORK_ADDED', framework_added: { framework: eventForm(framework) } }));
  }

  frameworkChanged(framework: Framework): void {
    this.#send(() => ({ type: 'FRAMEWORK_UPDATED', framework_updated: { framework: eventForm(framework) } }));
  }

  frameworkRemoved(framework: Framework): void {
    this.#send(() => ({ type: 'FRAMEWORK_REMOVED', framework_removed: { framework_info: framework.info } }));
  }

  agentAdded(agent: Agent): void {
    this.#send(() => ({ type: 'AGENT_ADDED', agent_added: { agent: describeAgent(agent) } }));
  }

  agentRemoved(agent: Agent): void {
    this.#send(() => ({ type: 'AGENT_REMOVED', agent_removed: { agent_id: { value: agent.id } } }));
  }

  taskAdded(task: Task): void {
    this.#send(() => ({ type: 'TASK_ADDED', task_added: { task: omit(task, 'statuses') } }));
  }

  taskUpdated(framework: Framework, task: Task, status: TaskStatus): void {
    this.#send(() => ({
      type: 'TASK_UPDATED',
      task_updated: { framework_id: { value: framework.id }, status, state: task.state },
    }));
  }

  #send(describe: () => object): void {
    if (this.#streams.size === 0) return;
    const event = describe();
    for (const stream of this.#streams) stream.send(event);
  }

  #drop(stream: EventStream): void {
    this.#streams.delete(stream);
    this.#heartbeats.get(stream)?.cancel();
    this.#heartbeats.delete(stream);
    stream.end();
  }
}

/** Events tell a framework without its constraints, and with the time of its end even where there is none (trace 04). */
function eventForm(framework: Framework): object {
  return { unregistered_time: { nanoseconds: 0 }, ...omit(describeFramework(framework), 'offer_constraints') };
}
