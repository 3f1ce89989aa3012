import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { Container } from '@kmd/kube-client';
import type { ContainerRun, Probe, ProbeKind, RunEvents } from '../pod/host.js';
import { MemoryLog } from '../pod/log.js';
import { EnvironmentProblem, resolveEnvironment, type EnvironmentSources } from './environment.js';
import { expandVariables } from './expand.js';
import type { Guardian } from './guardian.js';
import { readLines } from './lines.js';
import { askProbe, watchProbe, type ProbeTarget } from './prober.js';

/** Milliseconds after its end in which a process's output is still read. */
const LAST_LINES = 1_000;

export interface ProcessRunOptions {
  readonly spec: Container;
  readonly events: RunEvents;
  readonly sources: EnvironmentSources;
  /** Folder of the container in the sandbox: the working directory where the container names none. */
  readonly directory: string;
  readonly guardian: Guardian;
}

/** One run of a container as a process of the agent, with a process group of its own. */
export class ProcessRun implements ContainerRun {
  readonly id = randomUUID().replaceAll('-', '').padEnd(64, '0');
  readonly log = new MemoryLog();
  readonly #options: ProcessRunOptions;
  readonly #ended: Promise<void>;
  #resolveEnded: () => void = () => undefined;
  #target: ProbeTarget | undefined;
  #child: ChildProcess | undefined;
  #stopping = false;

  constructor(options: ProcessRunOptions) {
    this.#options = options;
    this.#ended = new Promise((resolve) => (this.#resolveEnded = resolve));
    void this.#start();
  }

  probe(kind: ProbeKind, probe: Probe, verdict: (passed: boolean, message?: string) => void): () => void {
    if (!this.#target) return () => undefined;
    return watchProbe(kind, probe, this.#target, (passed, message) => {
      if (message !== undefined) this.log.write(`${kind} probe: ${message}`);
      verdict(passed, message);
    });
  }

  async stop(grace: number): Promise<void> {
    if (this.#stopping || this.log.ended) return this.#ended;
    this.#stopping = true;
    const deadline = performance.now() + grace * 1_000;
    await this.#beforeStop(grace);
    const group = this.#child?.pid;
    if (group === undefined) return this.#finish();
    // As in a container, the first process alone is asked, and decides what its own children are told.
    this.#child?.kill('SIGTERM');
    const timer = setTimeout(() => signalGroup(group, 'SIGKILL'), Math.max(0, deadline - performance.now()));
    await this.#ended;
    clearTimeout(timer);
  }

  /** The container's preStop hook, which spends of the grace. */
  async #beforeStop(grace: number): Promise<void> {
    const hook = this.#options.spec.lifecycle?.preStop;
    if (!hook || !this.#target || grace <= 0 || !this.#child) return;
    const wrong = await askProbe({ ...hook, timeoutSeconds: grace }, this.#target);
    if (wrong !== undefined) this.log.write(`preStop hook: ${wrong}`);
  }

  async #start(): Promise<void> {
    const { spec, events, sources, directory } = this.#options;
    try {
      const environment = await resolveEnvironment(spec, sources);
      if (this.#stopping) return this.#finish();
      const [program, ...args] = [...(spec.command ?? []), ...(spec.args ?? [])].map((part) =>
        expandVariables(part, environment),
      );
      if (!spec.command?.length || program === undefined)
        throw new EnvironmentProblem(
          `container ${spec.name} names no command: a pod that runs as processes needs one, for images are not looked at`,
        );
      mkdirSync(directory, { recursive: true });
      const cwd = spec.workingDir ?? directory;
      const env = Object.fromEntries(environment);
      this.#target = { container: spec, podIP: sources.podIP, environment: env, directory: cwd };
      this.#spawn(program, args, cwd, env);
    } catch (error) {
      this.#finish();
      const reason = error instanceof EnvironmentProblem ? error.code : 'RunContainerError';
      events.failed(reason, error instanceof Error ? error.message : String(error));
    }
  }

  #spawn(program: string, args: readonly string[], cwd: string, env: Record<string, string>): void {
    const { events, guardian } = this.#options;
    const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) readLines(stream, (line) => this.log.write(line));
    const group = child.pid;
    child.once('error', (error) => {
      if (group !== undefined) return;
      this.#finish();
      events.failed('RunContainerError', `${program} could not be started in ${cwd}: ${error.message}`);
    });
    if (group === undefined) return;
    guardian.add(group);
    child.once('exit', (code, signal) => {
      // What a process leaves behind goes with it, as in a container.
      signalGroup(group, 'SIGKILL');
      guardian.remove(group);
      const number = signal === null ? undefined : constants.signals[signal];
      const done = (): void => {
        if (this.log.ended) return;
        this.#finish();
        events.exited({
          code: code ?? 128 + (number ?? 0),
          ...(number === undefined ? {} : { signal: number }),
        });
      };
      // Its last lines are still in the pipes; who left the group and holds them open is not waited for.
      const timer = setTimeout(done, LAST_LINES);
      child.once('close', () => {
        clearTimeout(timer);
        done();
      });
    });
    events.started();
  }

  #finish(): void {
    this.log.end();
    this.#resolveEnded();
  }
}

function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // It has ended.
  }
}

/** The folder of a pod in the sandbox; its containers' are below. */
export const podDirectory = (root: string, uid: string): string => join(root, 'pods', uid);
