import type { AgentInfo, Resource, Task } from '@kmd/mesos-client';

import { seconds, type Clock, type Timer } from '../clock.js';
import type { MasterLink, Registration, ToAgent, ToMaster } from '../link.js';
import type { Logger } from '../logger.js';
import { normalise } from '../resources.js';
import { version } from '../version.js';
import { Checkpoint } from './checkpoint.js';
import { Containers } from './containers.js';
import { Counters } from './counters.js';
import type { Executor } from './executor.js';
import { Files } from './files.js';
import type { AgentFlags } from './flags.js';
import type { AgentFramework } from './framework.js';
import { Garbage } from './garbage.js';
import { receive } from './from-master.js';
import type { Launcher } from './launcher.js';
import type { ProcessRecords } from './leftovers.js';
import { nameOf } from './hostname.js';
import { Processes } from './processes.js';
import type { Recovery } from './recovery.js';
import { StatusUpdates } from './status-updates.js';

/** The state of an agent. It speaks no HTTP: the endpoints and its link to the master call what changes it. */
export class Agent {
  readonly info: AgentInfo;
  readonly flags: AgentFlags;
  readonly clock: Clock;
  readonly log: Logger;
  readonly startTime: number;
  readonly workDir: string;
  readonly resourcesText: string;
  readonly attributesText: string;
  readonly defaultRole: string;
  readonly masterAddress: string;
  /** What the system calls the master's address, once there was a connection. */
  masterHostname: string | undefined;
  readonly frameworks = new Map<string, AgentFramework>();
  /** Given by the master, or by the agent before this one. */
  id: string | undefined;
  address = { ip: '127.0.0.1', port: 5051 };
  /** Whether what it launches can outlive it. */
  readonly survives: boolean;
  readonly processes: Processes;
  readonly checkpoint: Checkpoint;
  readonly updates: StatusUpdates;
  readonly counters = new Counters();
  readonly garbage: Garbage;
  /** What operators launched. */
  readonly containers = new Containers(this);
  readonly files = new Files(this);
  loggingLevel = 0;
  #loggingTimer: Timer | undefined;
  #link: MasterLink | undefined;
  /** What the master has to hear once the agent has registered. */
  readonly #unsent: ToMaster[] = [];
  closed = false;
  /** It is being emptied by an operator. */
  draining = false;
  /** The agent has not read yet what an earlier one left: calls are refused. */
  recovering = false;
  /** Under way, or done, where there was an agent before. */
  recovery: Recovery | undefined;
  /** What the agent has now: reservations and volumes change it. */
  total: readonly Resource[];

  constructor(options: {
    info: AgentInfo;
    flags: AgentFlags;
    clock: Clock;
    logger: Logger;
    workDir: string;
    launcher: Launcher;
    processes: ProcessRecords;
    /** What the flags said, word for word. */
    resourcesText: string;
    attributesText: string;
    defaultRole: string;
    masterAddress: string;
  }) {
    this.resourcesText = options.resourcesText;
    this.attributesText = options.attributesText;
    this.defaultRole = options.defaultRole;
    this.masterAddress = options.masterAddress;
    this.info = options.info;
    this.flags = options.flags;
    this.clock = options.clock;
    this.log = options.logger;
    this.workDir = options.workDir;
    this.total = normalise(options.info.resources ?? []);
    this.startTime = seconds(this.clock);
    this.survives = options.launcher.takeOver !== undefined;
    this.processes = new Processes(options.launcher, options.processes, this.clock, this.log);
    this.checkpoint = new Checkpoint(this.workDir);
    this.garbage = new Garbage(options);
    this.updates = new StatusUpdates(this.clock, ({ frameworkId, status, latestState }) => {
      this.send({ type: 'UPDATE', frameworkId: { value: frameworkId }, status, latestState });
    });
  }

  executor(frameworkId: string, executorId: string): Executor | undefined {
    return this.frameworks.get(frameworkId)?.executors.get(executorId);
  }

  setLoggingLevel(level: number, milliseconds: number): void {
    this.loggingLevel = level;
    this.#loggingTimer?.cancel();
    this.#loggingTimer = this.clock.after(milliseconds, () => {
      this.loggingLevel = 0;
    });
  }

  // The master

  /** What the agent says of itself when it registers: all that runs, and all whose end has not been acknowledged. */
  get registration(): Registration {
    const tasks: Task[] = [];
    const executors: Registration['executors'][number][] = [];
    for (const [id, framework] of this.frameworks) {
      for (const executor of framework.executors.values()) {
        if (executor.kind !== 'command') executors.push({ frameworkId: { value: id }, info: executor.info });
      }
      if (framework.terminating) continue;
      for (const executor of [...framework.executors.values(), ...framework.completedExecutors]) {
        tasks.push(...executor.tasks.values());
      }
    }
    return {
      info: { ...this.info, ...(this.id === undefined ? {} : { id: { value: this.id } }) },
      address: this.address,
      version: version.version,
      tasks,
      executors,
      frameworks: [...this.frameworks.values()].map(({ info }) => info),
      resources: this.total,
    };
  }

  get connected(): boolean {
    return this.#link !== undefined;
  }

  connectedBy(link: MasterLink): void {
    this.#link = link;
    if (this.masterHostname === undefined) void this.#findMaster();
  }

  async #findMaster(): Promise<void> {
    this.masterHostname = await nameOf(this.masterAddress);
  }

  disconnected(): void {
    this.#link = undefined;
  }

  /** The end of an executor waits for a connection; updates are sent again anyway. */
  send(message: ToMaster): void {
    if (this.#link !== undefined) this.#link.send(message);
    else if (message.type === 'EXECUTOR_EXITED') this.#unsent.push(message);
  }

  receive(message: ToAgent): void {
    if (!this.closed) receive(this, message);
  }

  registered(id: string): void {
    this.id = id;
    this.info.id = { value: id };
    this.checkpoint.setAgent(this.info, id);
    for (const message of this.#unsent.splice(0)) this.send(message);
    this.updates.resend();
  }

  /** The master removed the agent: it comes back as another. */
  forgetId(): void {
    this.id = undefined;
    delete this.info.id;
    this.checkpoint.forget();
  }

  // The end

  /** Leaves the master, ends every process that this agent started, and waits until they are gone. */
  async close(): Promise<void> {
    this.#quieten();
    this.checkpoint.forget();
    this.#link?.send({ type: 'UNREGISTER' });
    await this.#link?.close();
    this.#link = undefined;
    for (const executor of this.#executors) executor.send({ type: 'SHUTDOWN' });
    await Promise.all([this.containers.destroy(), this.processes.end(this.flags.closeGracePeriod)]);
  }

  /** Stops without a word to the master: what another agent can take over goes on, everything else is ended. */
  async stop(): Promise<void> {
    this.#quieten();
    this.#link = undefined;
    for (const executor of this.#executors) {
      if (executor.journal === undefined) executor.send({ type: 'SHUTDOWN' });
    }
    await Promise.all([this.containers.destroy(), this.processes.leave(this.flags.closeGracePeriod)]);
    this.#letGo();
  }

  /** Stops as if it had been killed: what runs goes on without it. */
  crash(): void {
    this.#quieten();
    this.#link = undefined;
    this.processes.letGo();
    this.#letGo();
  }

  #letGo(): void {
    for (const executor of this.#executors) for (const run of executor.runs.values()) run.letGo();
  }

  #quieten(): void {
    this.closed = true;
    this.recovery?.stop();
    this.updates.close();
    this.garbage.close();
    this.#loggingTimer?.cancel();
    for (const executor of this.#executors) {
      executor.cancelTimers();
      executor.fetching?.abort();
    }
  }

  get #executors(): Executor[] {
    return [...this.frameworks.values()].flatMap(({ executors }) => [...executors.values()]);
  }
}
