import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

import type { CommandInfo } from '@kmd/mesos-client';

import { readExit, takeOver, witnessed, type LeftProcess } from './witness.js';

/** Where and as whom a command runs. */
export interface LaunchOptions {
  /** The whole environment: nothing of the agent's own is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** The sandbox. */
  readonly cwd: string;
  /** Files that the output is appended to. */
  readonly stdout: string;
  readonly stderr: string;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  /** Folder to write into what another agent needs for taking the process over: it shall outlive this one. */
  readonly witness?: string | undefined;
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Something that was launched. */
export interface Launched {
  /** Absent where there is no process of its own, and where it could not be started. */
  readonly pid?: number | undefined;
  /** Settles once it has ended; rejects when it could not be started. */
  readonly exited: Promise<Exit>;
  /** Signals it and all it started. */
  kill(signal: NodeJS.Signals): void;
  /** Stops looking after it; it runs on. */
  letGo?(): void;
}

/** Starts commands and executors. The default starts child processes; a bench may run executors in its own process. */
export interface Launcher {
  launch(command: CommandInfo, options: LaunchOptions): Launched;
  /**
   * Takes over what an earlier agent launched with the option `witness`; undefined where that was not started. Without this method
   * nothing outlives an agent.
   */
  takeOver?(left: LeftProcess): Launched | undefined;
}

/** Real child processes, each the leader of a process group (and session) of its own, so that all of it can be ended. */
export const processLauncher: Launcher = {
  launch(given, options) {
    const { uid, gid, witness } = options;
    const owner = uid === undefined || gid === undefined ? undefined : { uid, gid };
    const command = witness === undefined ? given : witnessed(given, witness, owner);
    const out = openSync(options.stdout, 'a');
    const err = openSync(options.stderr, 'a');
    try {
      const shell = command.shell !== false;
      const child = spawn(
        shell ? '/bin/sh' : (command.value ?? ''),
        shell ? ['-c', command.value ?? ''] : (command.arguments ?? []).slice(1),
        {
          cwd: options.cwd,
          env: { ...options.env },
          stdio: ['ignore', out, err],
          detached: true,
          ...(shell || command.arguments?.[0] === undefined ? {} : { argv0: command.arguments[0] }),
          ...owner,
        },
      );
      const pid = child.pid;
      const kill = (signal: NodeJS.Signals): void => {
        if (pid !== undefined) killGroup(pid, signal);
      };
      const exited = new Promise<Exit>((resolve, reject) => {
        child.once('error', reject);
        child.once('exit', (code, signal) => {
          // What the leader left behind ends with it, as a container does.
          kill('SIGKILL');
          resolve((witness === undefined ? undefined : readExit(witness)) ?? { code, signal });
        });
      });
      return { pid, exited, kill, letGo: () => child.unref() };
    } finally {
      closeSync(out);
      closeSync(err);
    }
  },
  takeOver,
};

/** Signals a process group; one that has ended already is no error. */
export function killGroup(pid: number, signal: NodeJS.Signals | number): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // ESRCH: nobody is left in the group.
  }
}
