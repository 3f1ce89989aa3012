import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DaemonCommand, DaemonEvent } from '../control/protocol.js';
import { ClusterError } from '../errors.js';
import { identifyProcess, isAlive, type ProcessIdentity } from '../state/process.js';

/** The background process while `up` still holds its channel. */
export class DaemonHandle {
  readonly #child: ChildProcess;
  readonly #listeners = new Set<(event: DaemonEvent) => void>();
  readonly #ended: Promise<string>;
  readonly #logDirectory: string;
  #stopping = false;
  readonly identity: ProcessIdentity;

  /** Aborted when the process ends by itself. */
  readonly ended: AbortSignal;

  constructor(child: ChildProcess, pid: number, logDirectory: string) {
    this.#child = child;
    this.#logDirectory = logDirectory;
    this.identity = identifyProcess(pid);
    this.#ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve(signal ?? `status ${code}`));
    });
    const ended = new AbortController();
    this.ended = ended.signal;
    void this.#ended.then((how) => {
      if (!this.#stopping) ended.abort(new ClusterError('StartFailed', this.#describeEnd(how)));
    });
    child.on('message', (event: DaemonEvent) => {
      for (const listener of this.#listeners) listener(event);
    });
    // A write to a process that has just ended: the exit tells more.
    child.on('error', () => undefined);
  }

  send(command: DaemonCommand): void {
    if (this.#child.connected) this.#child.send(command, () => undefined);
  }

  /** Events until `started`; throws `StartFailed` when the process fails or ends first. */
  async untilStarted(onEvent: (event: DaemonEvent) => void): Promise<Extract<DaemonEvent, { type: 'started' }>> {
    return new Promise((resolve, reject) => {
      const fail = (message: string, service?: string, code?: string) =>
        reject(
          new ClusterError(
            code === 'EADDRINUSE' ? 'PortTaken' : isInvalid(code) ? 'InvalidSpec' : 'StartFailed',
            service ? `service ${service} does not start: ${message}${this.#lastLines(service)}` : message,
          ),
        );
      this.#listeners.add((event) => {
        onEvent(event);
        if (event.type === 'started') resolve(event);
        if (event.type === 'failed') fail(event.message, event.service, event.code);
      });
      void this.#ended.then((how) => fail(this.#describeEnd(how)));
    });
  }

  #describeEnd(how: string): string {
    return `the background process has ended (${how}); its log is ${join(this.#logDirectory, 'kmd.log')}${this.#lastLines('kmd')}`;
  }

  /** What a service logged last, as the end of a message. */
  #lastLines(service: string): string {
    const lines = readTail(join(this.#logDirectory, `${service}.log`), 10);
    return lines.length === 0 ? '' : `; its last lines:\n${lines.map((line) => `    ${line}`).join('\n')}`;
  }

  /** Lets the cluster go on without this process. */
  async release(): Promise<void> {
    this.#stopping = true;
    const disconnected = new Promise<void>((resolve) => this.#child.once('disconnect', resolve));
    this.send({ type: 'release' });
    await Promise.race([disconnected, this.#ended]);
    this.#child.unref();
  }

  /** Keeps this process from waiting for the cluster, which still ends with it. */
  unref(): void {
    this.#child.unref();
    this.#child.channel?.unref();
  }

  /** Ends the cluster: politely, then by force after `grace` milliseconds. */
  async stop(grace = 10_000): Promise<void> {
    this.#stopping = true;
    if (!isAlive(this.identity)) return;
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), grace);
    await this.#ended;
    clearTimeout(timer);
  }
}

/** Starts the background process; it waits for its plan. */
export function launchDaemon(program: string, options: { logDirectory: string; title: string }): DaemonHandle {
  mkdirSync(options.logDirectory, { recursive: true, mode: 0o700 });
  const logFile = join(options.logDirectory, 'kmd.log');
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(process.execPath, [program, options.title], {
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
    cwd: '/',
  });
  closeSync(log);
  if (child.pid === undefined) {
    throw new ClusterError('StartFailed', `cannot start ${process.execPath}: is Node still installed there?`);
  }
  return new DaemonHandle(child, child.pid, options.logDirectory);
}

/** Codes of the errors that say that what was asked for makes no sense, whatever the package. */
function isInvalid(code: string | undefined): boolean {
  return code !== undefined && /^(Invalid|Resources|ERR_(RESOURCES|ATTRIBUTES|INVALID))/i.test(code);
}

function readTail(path: string, count: number): string[] {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').filter(Boolean).slice(-count);
  } catch {
    return [];
  }
}
