import { constants } from 'node:os';

import type { Exit } from './launcher.js';

/** The raw wait status: exit code in the second byte, signal in the first (FAILURE.status; traces 30 and 33). */
export function waitStatus(exit: Exit): number {
  return exit.signal === null ? (exit.code ?? 0) << 8 : constants.signals[exit.signal];
}

/** Signals as strsignal(3) names them. */
const names: Partial<Record<NodeJS.Signals, string>> = {
  SIGHUP: 'Hangup',
  SIGINT: 'Interrupt',
  SIGQUIT: 'Quit',
  SIGILL: 'Illegal instruction',
  SIGTRAP: 'Trace/breakpoint trap',
  SIGABRT: 'Aborted',
  SIGBUS: 'Bus error',
  SIGFPE: 'Floating point exception',
  SIGKILL: 'Killed',
  SIGUSR1: 'User defined signal 1',
  SIGSEGV: 'Segmentation fault',
  SIGUSR2: 'User defined signal 2',
  SIGPIPE: 'Broken pipe',
  SIGALRM: 'Alarm clock',
  SIGTERM: 'Terminated',
};

/** How a command ended, in the command executor's words. */
export function describeExit(exit: Exit): string {
  return exit.signal === null
    ? `Command exited with status ${String(exit.code ?? 0)}`
    : `Command terminated with signal ${names[exit.signal] ?? exit.signal}`;
}
