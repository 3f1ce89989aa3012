import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

import type { CommandInfo, Resource } from '@kmd/mesos-client';

import { Refusal } from '../http/negotiation.js';
import type { Agent } from './agent.js';
import { waitStatus } from './exit.js';
import type { Executor } from './executor.js';
import { killGroup, type Exit } from './launcher.js';

/** `{ value, parent? }`, as the protocol names containers. */
export interface ContainerID {
  readonly value: string;
  readonly parent?: ContainerID | undefined;
}

/** A piece of output of a session. */
export interface Output {
  readonly type: 'STDOUT' | 'STDERR';
  readonly data: Buffer;
}

/** Hears output; it may ask to wait with the next. */
export type Listener = (output: Output) => Promise<void> | undefined;

type Process = ChildProcessByStdio<Writable, Readable, Readable>;

/** A container that an operator launched: standalone, or nested in that of an executor. */
export class Container {
  readonly id: ContainerID;
  readonly resources: readonly Resource[];
  readonly pid: number | undefined;
  /** The raw wait status, once it has ended. */
  status: number | undefined;
  readonly ended: Promise<number>;
  readonly #process: Process;
  readonly #listeners = new Set<Listener>();
  #waiting = 0;
  #patient = true;

  constructor(id: ContainerID, resources: readonly Resource[], child: Process) {
    this.id = id;
    this.resources = resources;
    this.pid = child.pid;
    this.#process = child;
    child.stdout.on('data', (data: Buffer) => {
      this.#tell({ type: 'STDOUT', data });
    });
    child.stderr.on('data', (data: Buffer) => {
      this.#tell({ type: 'STDERR', data });
    });
    child.stdin.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      const done = (exit: Exit): void => {
        // One that was ended from outside shows the signal of the agent's last word (trace 40-operator-agent/40).
        this.status = exit.signal === null ? waitStatus(exit) : 9;
        resolve(this.status);
      };
      child.once('error', () => {
        done({ code: 127, signal: null });
      });
      child.once('close', (code, signal) => {
        if (child.pid !== undefined) killGroup(child.pid, 'SIGKILL');
        done({ code, signal });
      });
    });
  }

  /** Hears the output from now on; returns how to stop that. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Writes to the standard input; no data is its end. Settles when more can be taken, or never will be. */
  async write(data: Buffer): Promise<void> {
    const { stdin } = this.#process;
    if (data.length === 0) stdin.end();
    else if (stdin.writable && !stdin.write(data)) {
      await Promise.race([new Promise((resolve) => stdin.once('drain', resolve)), this.ended]);
    }
  }

  kill(signal: NodeJS.Signals | number): void {
    if (this.pid !== undefined && this.status === undefined) killGroup(this.pid, signal);
    // Whoever does not read shall not keep it from ending.
    this.#patient = false;
    this.#process.stdout.resume();
    this.#process.stderr.resume();
  }

  /** The container is not read from until everyone who listens could take it. */
  #tell(output: Output): void {
    const { stdout, stderr } = this.#process;
    for (const listener of this.#listeners) {
      const taken = listener(output);
      if (taken === undefined || !this.#patient) continue;
      this.#waiting += 1;
      stdout.pause();
      stderr.pause();
      void taken.then(() => {
        this.#waiting -= 1;
        if (this.#waiting > 0) return;
        stdout.resume();
        stderr.resume();
      });
    }
  }
}

/** The containers of an agent that no framework asked for (src/slave/http.cpp; trace 40-operator-agent). */
export class Containers {
  readonly #agent: Agent;
  readonly #containers = new Map<string, Container>();

  constructor(agent: Agent) {
    this.#agent = agent;
  }

  get all(): Container[] {
    return [...this.#containers.values()];
  }

  get(id: ContainerID): Container | undefined {
    return this.#containers.get(keyOf(id));
  }

  /** Whether a new container was started: false for one that is there already. @throws {Refusal} without a parent. */
  launch(id: ContainerID, command: CommandInfo, resources: readonly Resource[] = [], session = false): boolean {
    if (this.#containers.has(keyOf(id))) return false;
    const parent = this.#parentOf(id);
    if (id.parent !== undefined && parent === undefined) {
      throw new Refusal(400, `Unable to locate executor for parent container ${printId(id.parent)}`);
    }
    const root = parent?.directory ?? join(this.#agent.workDir, 'containers');
    const directory = parent === undefined ? join(root, id.value) : join(root, 'containers', id.value);
    mkdirSync(directory, { recursive: true });
    const child = start(command, directory, this.#environment(command, parent));
    if (!session) child.stdin.end();
    const container = new Container(id, resources, child);
    this.#containers.set(keyOf(id), container);
    if (child.pid !== undefined) this.#agent.processes.records.add(child.pid, directory);
    void container.ended.then(() => {
      if (child.pid !== undefined) this.#agent.processes.records.remove(child.pid);
      // A nested container waits for its removal; any other is forgotten.
      if (id.parent === undefined) this.#containers.delete(keyOf(id));
    });
    return true;
  }

  #environment(command: CommandInfo, parent: Executor | undefined): Record<string, string> {
    const environment: Record<string, string> = {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    };
    if (parent !== undefined) environment['MESOS_SANDBOX'] = parent.directory;
    for (const { name, value } of command.environment?.variables ?? []) environment[name] = value ?? '';
    return environment;
  }

  #parentOf({ parent }: ContainerID): Executor | undefined {
    if (parent === undefined) return undefined;
    const root = rootOf(parent);
    for (const { executors } of this.#agent.frameworks.values()) {
      for (const executor of executors.values()) if (executor.containerId === root) return executor;
    }
    return undefined;
  }

  /** The wait status of a container, once it has ended. @throws {Refusal} */
  async wait(id: ContainerID): Promise<number> {
    const container = this.get(id);
    if (container === undefined) throw new Refusal(404, `Container ${printId(id)} cannot be found`);
    return container.ended;
  }

  /** @throws {Refusal} */
  kill(id: ContainerID, signal: number): void {
    const container = this.get(id);
    if (container === undefined || container.status !== undefined) {
      throw new Refusal(404, `Container '${printId(id)}' cannot be found (or is already killed)`);
    }
    container.kill(signal);
  }

  /** @throws {Refusal} for one that runs. Mesos ends itself for a standalone one (trace 71); here it is refused as well. */
  remove(id: ContainerID): void {
    const container = this.get(id);
    if (container === undefined) return;
    if (container.status === undefined || id.parent === undefined) {
      throw new Refusal(500, `Failed to remove container ${printId(id)}: Nested container has not terminated yet`);
    }
    this.#containers.delete(keyOf(id));
  }

  /** Ends what is nested in the container of an executor that has ended, or everything. */
  async destroy(executor?: Executor): Promise<void> {
    const concerned = this.all.filter(({ id }) => executor === undefined || rootOf(id) === executor.containerId);
    for (const container of concerned) container.kill('SIGKILL');
    await Promise.all(concerned.map(({ ended }) => ended));
    for (const { id } of concerned) this.#containers.delete(keyOf(id));
  }
}

function start(command: CommandInfo, cwd: string, env: Record<string, string>): Process {
  const shell = command.shell !== false;
  const [file, args] = shell
    ? ['/bin/sh', ['-c', command.value ?? '']]
    : [command.value ?? '', (command.arguments ?? []).slice(1)];
  return spawn(file, args, { cwd, env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
}

function rootOf(id: ContainerID): string {
  return id.parent === undefined ? id.value : rootOf(id.parent);
}

/** `parent.child`, as Mesos writes it into texts. */
export function printId(id: ContainerID): string {
  return id.parent === undefined ? id.value : `${printId(id.parent)}.${id.value}`;
}

function keyOf(id: ContainerID): string {
  return printId(id);
}
