import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type {
  AgentInfo,
  ExecutorInfo,
  FrameworkInfo,
  Resource,
  Task,
  TaskInfo,
  TaskState,
  TaskStatus,
} from '@kmd/mesos-client';

import { isTerminal, printDuration } from '@kmd/mesos-client';

import { every, seconds, type Clock, type Timer } from '../clock.js';
import type { EventStream } from '../http/event-stream.js';
import type { MasterLink, Registration, ToAgent } from '../link.js';
import type { Logger } from '../logger.js';
import { normalise } from '../resources.js';
import { version } from '../version.js';
import { CommandRun } from './command-run.js';
import { Containers } from './containers.js';
import { executorEnvironment } from './environment.js';
import { Executor, type ExecutorKind, type Queued, type Termination } from './executor.js';
import { Files } from './files.js';
import { waitStatus } from './exit.js';
import type { AgentFlags } from './flags.js';
import type { Exit, Launched, Launcher, LaunchOptions } from './launcher.js';
import type { ProcessRecords } from './leftovers.js';
import { fetchFiles, makeSandbox, type Sandbox } from './sandbox.js';
import { StatusUpdates } from './status-updates.js';

/** A framework that has, or had, executors on this agent. */
export interface AgentFramework {
  info: FrameworkInfo;
  readonly executors: Map<string, Executor>;
  readonly completedExecutors: Executor[];
}

/** How many ended executors are remembered of a framework (--max_completed_executors_per_framework). */
const rememberedExecutors = 150;

/** The state of an agent, and what changes it. It speaks no HTTP: the endpoints and its link to the master call it. */
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
  readonly frameworks = new Map<string, AgentFramework>();
  /** Given by the master. */
  id: string | undefined;
  address = { ip: '127.0.0.1', port: 5051 };
  #link: MasterLink | undefined;
  readonly #launcher: Launcher;
  readonly processes: ProcessRecords;
  readonly #updates: StatusUpdates;
  /** What operators launched. */
  readonly containers = new Containers(this);
  readonly files = new Files(this);
  loggingLevel = 0;
  #loggingTimer: Timer | undefined;
  /** Everything that runs, for `close()`. */
  readonly #running = new Map<Launched, Promise<void>>();
  #closed = false;
  #draining = false;
  /** The agent has not read yet what an earlier one left: calls are refused. */
  recovering = false;
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
    this.#launcher = options.launcher;
    this.processes = options.processes;
    this.#updates = new StatusUpdates(this.clock, ({ frameworkId, status, latestState }) => {
      this.#link?.send({ type: 'UPDATE', frameworkId: { value: frameworkId }, status, latestState });
    });
  }

  // The master

  /** What the agent says of itself when it registers. */
  get registration(): Registration {
    const tasks: Task[] = [];
    const executors: Registration['executors'][number][] = [];
    for (const [id, framework] of this.frameworks) {
      for (const executor of framework.executors.values()) {
        if (executor.kind !== 'command') executors.push({ frameworkId: { value: id }, info: executor.info });
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

  connected(link: MasterLink): void {
    this.#link = link;
  }

  disconnected(): void {
    this.#link = undefined;
  }

  receive(message: ToAgent): void {
    if (this.#closed) return;
    switch (message.type) {
      case 'REGISTERED':
        this.id = message.agentId;
        this.info.id = { value: message.agentId };
        this.#updates.resend();
        return;
      case 'LAUNCH':
        this.#launch(message.framework, message.executor, message.command ? 'command' : 'custom', {
          task: message.task,
        });
        return;
      case 'LAUNCH_GROUP':
        this.#launch(message.framework, message.executor, message.executor.type === 'DEFAULT' ? 'default' : 'custom', {
          group: message.group,
        });
        return;
      case 'KILL':
        this.#kill(message.frameworkId.value, message.taskId.value, message.killPolicy);
        return;
      case 'ACKNOWLEDGE':
        this.#acknowledged(message.frameworkId.value, message.taskId.value, message.uuid);
        return;
      case 'MESSAGE':
        this.executor(message.frameworkId.value, message.executorId.value)?.send({
          type: 'MESSAGE',
          message: { data: message.data },
        });
        return;
      case 'SHUTDOWN_EXECUTOR': {
        const executor = this.executor(message.frameworkId.value, message.executorId.value);
        if (executor !== undefined) this.#shutdown(executor);
        return;
      }
      case 'SHUTDOWN_FRAMEWORK':
        this.#shutdownFramework(message.frameworkId.value);
        return;
      case 'FRAMEWORK_SUBSCRIBED': {
        const id = message.framework.id?.value ?? '';
        const framework = this.frameworks.get(id);
        if (framework !== undefined) framework.info = message.framework;
        this.#updates.resend(id);
        return;
      }
      case 'DRAIN':
        this.#drain(message.gracePeriod);
        return;
      case 'RESOURCES':
        this.total = message.resources;
        return;
      case 'PING':
        this.#link?.send({ type: 'PONG' });
        return;
      case 'SHUTDOWN':
        this.log.warn(`the master removed this agent: ${message.message}`);
        for (const id of [...this.frameworks.keys()]) this.#shutdownFramework(id);
        this.id = undefined;
        delete this.info.id;
        return;
    }
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

  // Launching

  #launch(frameworkInfo: FrameworkInfo, info: ExecutorInfo, kind: ExecutorKind, item: Queued): void {
    const frameworkId = frameworkInfo.id?.value ?? '';
    let framework = this.frameworks.get(frameworkId);
    if (framework === undefined) {
      framework = { info: frameworkInfo, executors: new Map(), completedExecutors: [] };
      this.frameworks.set(frameworkId, framework);
    }
    framework.info = frameworkInfo;
    const tasks = 'task' in item ? [item.task] : (item.group.tasks ?? []);
    let executor = framework.executors.get(info.executor_id.value);
    if (executor !== undefined && (executor.state === 'TERMINATING' || executor.state === 'TERMINATED')) {
      this.#fail(frameworkId, info, tasks, {
        state: this.#lost(framework),
        reason: 'REASON_EXECUTOR_TERMINATED',
        message: 'Executor terminating',
      });
      return;
    }
    if (executor === undefined) {
      executor = this.#start(framework, info, kind, tasks);
      if (executor === undefined) return;
    }
    for (const task of tasks) executor.tasks.set(task.task_id.value, describe(task, frameworkId, executor));
    if (executor.kind !== 'custom') this.#runCommands(framework, executor, tasks);
    else if (executor.state === 'RUNNING') this.#deliver(executor, item);
    else executor.queued.push(item);
  }

  /** What tasks become that never reached an executor. */
  #lost(framework: AgentFramework): TaskState {
    const aware = framework.info.capabilities?.some(({ type }) => type === 'PARTITION_AWARE') === true;
    return aware ? 'TASK_DROPPED' : 'TASK_LOST';
  }

  #start(
    framework: AgentFramework,
    info: ExecutorInfo,
    kind: ExecutorKind,
    tasks: readonly TaskInfo[],
  ): Executor | undefined {
    const frameworkId = framework.info.id?.value ?? '';
    const containerId = randomUUID();
    const command = kind === 'command' ? tasks[0]?.command : info.command;
    let sandbox: Sandbox;
    try {
      sandbox = makeSandbox({
        workDir: this.workDir,
        agentId: this.id ?? 'unregistered',
        frameworkId,
        executorId: info.executor_id.value,
        containerId,
        user: this.flags.switchUser ? (command?.user ?? framework.info.user) : undefined,
      });
    } catch (error) {
      this.#fail(frameworkId, info, tasks, {
        state: this.#lost(framework),
        reason: 'REASON_EXECUTOR_TERMINATED',
        message: error instanceof Error ? error.message : String(error),
      });
      this.#executorExited(kind, frameworkId, info.executor_id.value, 0);
      return undefined;
    }
    try {
      fetchFiles(command?.uris ?? [], sandbox.directory);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#executorExited(kind, frameworkId, info.executor_id.value, waitStatus({ code: 1, signal: null }));
      this.#fail(frameworkId, info, tasks, {
        state: 'TASK_FAILED',
        reason: 'REASON_CONTAINER_LAUNCH_FAILED',
        message: `Failed to launch container: Failed to fetch all URIs for container '${containerId}': ${why}`,
      });
      return undefined;
    }
    const executor = new Executor({ info, frameworkId, kind, containerId, directory: sandbox.directory });
    framework.executors.set(executor.id, executor);
    if (kind === 'custom') this.#startProcess(framework, executor, sandbox);
    else executor.state = 'RUNNING';
    return executor;
  }

  #startProcess(framework: AgentFramework, executor: Executor, sandbox: Sandbox): void {
    const launched = this.#spawn(executor.info.command ?? {}, this.#launchOptions(framework, executor, sandbox));
    executor.launched = launched;
    this.#watch(launched, (exit) => {
      this.#terminated(executor, exit);
    });
    executor.registrationTimer = this.clock.after(this.flags.executorRegistrationTimeout, () => {
      executor.termination = {
        state: 'TASK_FAILED',
        reason: 'REASON_EXECUTOR_REGISTRATION_TIMEOUT',
        message: `Executor did not register within ${printDuration(this.flags.executorRegistrationTimeout)}`,
      };
      executor.state = 'TERMINATING';
      launched.kill('SIGKILL');
    });
  }

  #launchOptions(
    framework: AgentFramework,
    executor: Executor,
    sandbox: Pick<Sandbox, 'directory' | 'user'>,
    command = executor.info.command,
  ): LaunchOptions {
    const grace = executor.info.shutdown_grace_period;
    const { directory, user } = sandbox;
    return {
      env: executorEnvironment(
        {
          agentId: this.id ?? '',
          frameworkId: executor.frameworkId,
          executorId: executor.id,
          directory,
          endpoint: `${this.address.ip}:${String(this.address.port)}`,
          ip: this.address.ip,
          checkpoint: framework.info.checkpoint === true,
          shutdownGracePeriod: grace === undefined ? this.flags.executorShutdownGracePeriod : grace.nanoseconds / 1e6,
          recoveryTimeout: this.flags.recoveryTimeout,
          subscriptionBackoffMax: this.flags.executorReregistrationTimeout,
        },
        command,
      ),
      cwd: directory,
      stdout: join(directory, 'stdout'),
      stderr: join(directory, 'stderr'),
      ...(user === undefined ? {} : user),
    };
  }

  #spawn(command: NonNullable<ExecutorInfo['command']>, options: LaunchOptions): Launched {
    const launched = this.#launcher.launch(command, options);
    if (launched.pid !== undefined) this.processes.add(launched.pid, options.cwd);
    return launched;
  }

  /** Notes something that runs until it has ended, then calls back. */
  #watch(launched: Launched, ended: (exit: Exit) => void): void {
    const watched = launched.exited
      .catch((error: unknown): Exit => {
        this.log.warn(`a command could not be started: ${error instanceof Error ? error.message : String(error)}`);
        return { code: 1, signal: null };
      })
      .then((exit) => {
        this.#running.delete(launched);
        if (launched.pid !== undefined) this.processes.remove(launched.pid);
        ended(exit);
      });
    this.#running.set(launched, watched);
  }

  /** Runs the commands of tasks without an executor of their own; a group shares its fate. */
  #runCommands(framework: AgentFramework, executor: Executor, tasks: readonly TaskInfo[]): void {
    const killingState = framework.info.capabilities?.some(({ type }) => type === 'TASK_KILLING_STATE') === true;
    for (const task of tasks) {
      const nested = executor.kind === 'default' ? randomUUID() : undefined;
      const directory = nested === undefined ? executor.directory : join(executor.directory, 'containers', nested);
      const run = new CommandRun({
        task,
        containerId: nested,
        clock: this.clock,
        killingState,
        update: (state, fields) => {
          this.#commandUpdate(executor, run, nested, state, fields);
        },
      });
      executor.runs.set(task.task_id.value, run);
      if (nested !== undefined) mkdirSync(directory, { recursive: true });
      const start = (): Launched => {
        const options = this.#launchOptions(framework, executor, { directory, user: undefined }, task.command);
        const launched = this.#spawn(task.command ?? {}, options);
        this.#watch(launched, () => undefined);
        return launched;
      };
      void run.run(start).then((exit) => {
        this.#commandEnded(executor, run, exit);
      });
    }
  }

  #commandUpdate(
    executor: Executor,
    run: CommandRun,
    nested: string | undefined,
    state: TaskState,
    fields: Partial<TaskStatus>,
  ): void {
    if (this.#closed) return;
    const parent = { value: executor.containerId };
    this.#update(executor, {
      task_id: run.task.task_id,
      state,
      source: 'SOURCE_EXECUTOR',
      executor_id: { value: executor.id },
      ...fields,
      container_status: {
        container_id: nested === undefined ? parent : { value: nested, parent },
        network_infos: [{ ip_addresses: [{ protocol: 'IPv4', ip_address: this.address.ip }] }],
        ...(run.pid === undefined || nested !== undefined ? {} : { executor_pid: run.pid }),
      },
    });
  }

  #commandEnded(executor: Executor, run: CommandRun, exit: Exit): void {
    executor.runs.delete(run.task.task_id.value);
    if (executor.kind === 'default' && (exit.code !== 0 || exit.signal !== null)) {
      for (const other of executor.runs.values()) other.kill();
    }
    if (executor.runs.size === 0) this.#terminated(executor, { code: 0, signal: null });
  }

  // Executors

  /** An executor subscribes. Undefined: it, or its framework, is not known; the text says which. */
  subscribeExecutor(
    executor: Executor,
    stream: EventStream,
    unacknowledged: { tasks: readonly TaskInfo[]; updates: readonly TaskStatus[] },
  ): void {
    const framework = this.frameworks.get(executor.frameworkId);
    if (framework === undefined) return;
    const again = executor.state === 'RUNNING';
    const previous = executor.stream;
    executor.stream = stream;
    previous?.end();
    if (executor.state === 'TERMINATING' || executor.state === 'TERMINATED') {
      stream.send({ type: 'SHUTDOWN' });
      return;
    }
    if (again && this.#loseUnknown(executor, framework, unacknowledged)) {
      this.#shutdown(executor);
      return;
    }
    executor.registrationTimer?.cancel();
    executor.state = 'RUNNING';
    stream.onClose(() => {
      if (executor.stream === stream) executor.stream = undefined;
    });
    executor.send({
      type: 'SUBSCRIBED',
      subscribed: {
        executor_info: executor.info,
        framework_info: framework.info,
        agent_info: this.info,
        container_id: { value: executor.containerId },
      },
    });
    executor.heartbeatTimer ??= every(this.clock, this.flags.executorHeartbeatInterval, () => {
      executor.send({ type: 'HEARTBEAT' });
    });
    for (const status of unacknowledged.updates) this.updateFromExecutor(executor, status);
    for (const item of executor.queued.splice(0)) this.#deliver(executor, item);
  }

  /**
   * Tasks that a returning executor says nothing of never reached it. Returns whether that leaves it without any, which ends it
   * (trace 30, executor-side-double).
   */
  #loseUnknown(
    executor: Executor,
    framework: AgentFramework,
    unacknowledged: { tasks: readonly TaskInfo[]; updates: readonly TaskStatus[] },
  ): boolean {
    const known = new Set(unacknowledged.tasks.map((task) => task.task_id.value));
    let lost = false;
    for (const task of executor.tasks.values()) {
      if (task.state !== 'TASK_STAGING' || known.has(task.task_id.value)) continue;
      this.#agentUpdate(executor.frameworkId, executor.id, task.task_id.value, {
        state: this.#lost(framework),
        reason: 'REASON_AGENT_RESTARTED',
        message: 'Task launched during agent restart',
      });
      lost = true;
    }
    return lost && [...executor.tasks.values()].every((task) => isTerminal(task.state));
  }

  #deliver(executor: Executor, item: Queued): void {
    if ('task' in item) executor.send({ type: 'LAUNCH', launch: { task: item.task } });
    else executor.send({ type: 'LAUNCH_GROUP', launch_group: { task_group: item.group } });
  }

  /** An update of an executor's: noted, acknowledged to it, and sent on. */
  updateFromExecutor(executor: Executor, status: TaskStatus): void {
    const task = executor.tasks.get(status.task_id.value);
    const pid = executor.launched?.pid;
    this.#update(executor, {
      timestamp: seconds(this.clock),
      ...status,
      source: 'SOURCE_EXECUTOR',
      ...(task === undefined
        ? {}
        : {
            executor_id: { value: executor.id },
            container_status: {
              container_id: { value: executor.containerId },
              network_infos: [{ ip_addresses: [{ protocol: 'IPv4' as const, ip_address: this.address.ip }] }],
              ...status.container_status,
              ...(pid === undefined ? {} : { executor_pid: pid }),
            },
          }),
    });
    if (status.uuid !== undefined) {
      executor.send({ type: 'ACKNOWLEDGED', acknowledged: { task_id: status.task_id, uuid: status.uuid } });
    }
  }

  messageFromExecutor(executor: Executor, data: string): void {
    this.#link?.send({
      type: 'EXECUTOR_MESSAGE',
      frameworkId: { value: executor.frameworkId },
      executorId: { value: executor.id },
      data,
    });
  }

  #kill(frameworkId: string, taskId: string, policy: TaskInfo['kill_policy']): void {
    const framework = this.frameworks.get(frameworkId);
    const executor = [...(framework?.executors.values() ?? [])].find(({ tasks }) => tasks.has(taskId));
    if (framework === undefined || executor === undefined) {
      this.#agentUpdate(frameworkId, undefined, taskId, {
        state: framework === undefined ? 'TASK_LOST' : this.#lost(framework),
        reason: 'REASON_EXECUTOR_TERMINATED',
        message: 'Cannot find executor',
      });
      return;
    }
    if (executor.kind === 'command') {
      executor.runs.get(taskId)?.kill(policy);
    } else if (executor.kind === 'default') {
      for (const run of executor.runs.values()) run.kill(policy);
    } else if (executor.queuedTasks.some((task) => task.task_id.value === taskId)) {
      this.#killQueued(executor, taskId);
    } else {
      executor.send({
        type: 'KILL',
        kill: { task_id: { value: taskId }, ...(policy === undefined ? {} : { kill_policy: policy }) },
      });
    }
  }

  /** Kills a task (and its group) before its executor has it; an executor that is left without tasks is ended. */
  #killQueued(executor: Executor, taskId: string): void {
    const index = executor.queued.findIndex((item) => idsOf(item).includes(taskId));
    const [item] = executor.queued.splice(index, 1);
    for (const id of item === undefined ? [] : idsOf(item)) {
      this.#agentUpdate(executor.frameworkId, executor.id, id, {
        state: 'TASK_KILLED',
        reason: 'REASON_TASK_KILLED_DURING_LAUNCH',
        message: 'Killed before delivery to the executor',
      });
    }
    if (executor.queued.length === 0 && [...executor.tasks.values()].every((task) => isTerminal(task.state))) {
      this.#shutdown(executor);
    }
  }

  /** Asks an executor to end; after its grace period it is killed, without SIGTERM (trace 33). */
  #shutdown(executor: Executor): void {
    if (executor.kind !== 'custom') {
      for (const run of executor.runs.values()) run.kill();
      return;
    }
    if (executor.state === 'TERMINATING' || executor.state === 'TERMINATED') return;
    executor.state = 'TERMINATING';
    executor.registrationTimer?.cancel();
    executor.send({ type: 'SHUTDOWN' });
    const grace = executor.info.shutdown_grace_period;
    const milliseconds = grace === undefined ? this.flags.executorShutdownGracePeriod : grace.nanoseconds / 1e6;
    executor.shutdownTimer = this.clock.after(milliseconds, () => {
      executor.launched?.kill('SIGKILL');
    });
  }

  /** Kills everything: the operator wants this machine empty. Updates of it carry REASON_AGENT_DRAINING. */
  #drain(gracePeriod: number | undefined): void {
    const policy = gracePeriod === undefined ? undefined : { grace_period: { nanoseconds: gracePeriod } };
    this.#draining = true;
    for (const [frameworkId, { executors }] of this.frameworks) {
      for (const executor of executors.values()) {
        for (const taskId of [...executor.tasks.keys()]) this.#kill(frameworkId, taskId, policy);
      }
    }
  }

  #shutdownFramework(frameworkId: string): void {
    this.#updates.forget(frameworkId);
    for (const executor of this.frameworks.get(frameworkId)?.executors.values() ?? []) this.#shutdown(executor);
  }

  /** An executor has ended: first its exit is told, then that of its tasks (FAILURE before TASK_FAILED). */
  #terminated(executor: Executor, exit: Exit): void {
    executor.cancelTimers();
    executor.state = 'TERMINATED';
    executor.stream?.end();
    executor.stream = undefined;
    void this.containers.destroy(executor);
    const framework = this.frameworks.get(executor.frameworkId);
    if (framework?.executors.get(executor.id) === executor) {
      framework.executors.delete(executor.id);
      framework.completedExecutors.push(executor);
      if (framework.completedExecutors.length > rememberedExecutors) framework.completedExecutors.shift();
    }
    if (this.#closed) return;
    this.#executorExited(executor.kind, executor.frameworkId, executor.id, waitStatus(exit));
    const termination = executor.termination ?? {
      state: 'TASK_FAILED' as const,
      reason: 'REASON_EXECUTOR_TERMINATED' as const,
      message: 'Executor terminated',
    };
    for (const task of executor.tasks.values()) {
      if (!isTerminal(task.state)) {
        this.#agentUpdate(executor.frameworkId, executor.id, task.task_id.value, termination);
      }
    }
  }

  /** The master knows nothing of the executors that stand for single commands. */
  #executorExited(kind: ExecutorKind, frameworkId: string, executorId: string, status: number): void {
    if (kind === 'command') return;
    this.#link?.send({
      type: 'EXECUTOR_EXITED',
      frameworkId: { value: frameworkId },
      executorId: { value: executorId },
      status,
    });
  }

  // Updates

  #fail(frameworkId: string, info: ExecutorInfo, tasks: readonly TaskInfo[], why: Termination): void {
    for (const task of tasks) this.#agentUpdate(frameworkId, info.executor_id.value, task.task_id.value, why);
  }

  /** An update that the agent itself makes. */
  #agentUpdate(frameworkId: string, executorId: string | undefined, taskId: string, why: Termination): void {
    const status: TaskStatus = {
      task_id: { value: taskId },
      ...why,
      source: 'SOURCE_AGENT',
      ...(executorId === undefined ? {} : { executor_id: { value: executorId } }),
    };
    const framework = this.frameworks.get(frameworkId);
    const executor =
      executorId === undefined
        ? undefined
        : (framework?.executors.get(executorId) ?? framework?.completedExecutors.find((one) => one.tasks.has(taskId)));
    this.#update(executor, status, frameworkId);
  }

  #update(executor: Executor | undefined, given: TaskStatus, frameworkId = executor?.frameworkId ?? ''): void {
    const drained = this.#draining && (given.state === 'TASK_KILLING' || given.state === 'TASK_KILLED');
    const status: TaskStatus = {
      ...given,
      ...(drained ? { reason: 'REASON_AGENT_DRAINING' } : {}),
      agent_id: { value: this.id ?? '' },
      timestamp: given.timestamp ?? seconds(this.clock),
      uuid: given.uuid ?? newUuid(),
    };
    if (!this.#updates.add(frameworkId, status)) return;
    const task = executor?.tasks.get(status.task_id.value);
    if (task === undefined) return;
    if (!isTerminal(task.state)) task.state = status.state;
    const statuses = (task.statuses ??= []);
    if (statuses.at(-1)?.state === status.state) statuses.pop();
    statuses.push(status);
    task.status_update_state = status.state;
    task.status_update_uuid = status.uuid;
  }

  #acknowledged(frameworkId: string, taskId: string, uuid: string): void {
    const status = this.#updates.acknowledge(frameworkId, taskId, uuid);
    if (status === undefined || !isTerminal(status.state)) return;
    const framework = this.frameworks.get(frameworkId);
    if (framework === undefined) return;
    for (const executor of [...framework.executors.values(), ...framework.completedExecutors]) {
      const task = executor.tasks.get(taskId);
      if (task !== undefined) executor.complete(task);
    }
  }

  // The end

  /** Ends every process that this agent started, and waits until they are gone. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#updates.close();
    this.#loggingTimer?.cancel();
    const containers = this.containers.destroy();
    for (const { executors } of this.frameworks.values()) {
      for (const executor of executors.values()) {
        executor.cancelTimers();
        executor.send({ type: 'SHUTDOWN' });
      }
    }
    const running = [...this.#running];
    for (const [launched] of running) launched.kill('SIGTERM');
    const kill = this.clock.after(this.flags.closeGracePeriod, () => {
      for (const [launched] of running) launched.kill('SIGKILL');
    });
    // Timers of this package do not keep a process alive; this one must, until everything has ended.
    const alive = setInterval(() => undefined, 60_000);
    await Promise.all([containers, ...running.map(([, ended]) => ended)]);
    clearInterval(alive);
    kill.cancel();
    this.#link?.send({ type: 'UNREGISTER' });
    await this.#link?.close();
    this.#link = undefined;
  }
}

function idsOf(item: Queued): string[] {
  const tasks = 'task' in item ? [item.task] : (item.group.tasks ?? []);
  return tasks.map((task) => task.task_id.value);
}

function describe(task: TaskInfo, frameworkId: string, executor: Executor): Task {
  const { name, task_id, agent_id, resources, labels, discovery, container, health_check, kill_policy } = task;
  const described: Task = {
    name,
    task_id,
    framework_id: { value: frameworkId },
    ...(executor.kind === 'command' ? {} : { executor_id: { value: executor.id } }),
    agent_id,
    state: 'TASK_STAGING',
    resources,
    statuses: [],
  };
  const optional = Object.entries({ labels, discovery, container, health_check, kill_policy });
  return Object.assign(described, Object.fromEntries(optional.filter(([, value]) => value !== undefined)));
}

/** The 16 bytes of a UUID in Base64, as a status carries them. */
function newUuid(): string {
  return Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64');
}
