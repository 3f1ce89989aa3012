/** Exit codes of `kmd`, as its help and README list them. `kmd kubectl` ends with kubectl's own. */
export const exitCodes = {
  ok: 0,
  /** Something did not work: a service did not start, a check failed. */
  failure: 1,
  /** What was asked makes no sense: an unknown command or flag, a malformed file or value. */
  usage: 2,
  /** There is no such running cluster. */
  notRunning: 3,
  /** Something this machine lacks: a runtime, a program, a free port, a writable folder. */
  prerequisite: 4,
  timeout: 5,
  /** Ctrl-C (128 + SIGINT). */
  interrupted: 130,
} as const;

const byCode: Readonly<Record<string, number>> = {
  InvalidSpec: exitCodes.usage,
  NotRunning: exitCodes.notRunning,
  Busy: exitCodes.failure,
  PortTaken: exitCodes.prerequisite,
  StateUnwritable: exitCodes.prerequisite,
  RuntimeUnavailable: exitCodes.prerequisite,
  ToolMissing: exitCodes.prerequisite,
  StartFailed: exitCodes.failure,
  Timeout: exitCodes.timeout,
  Interrupted: exitCodes.interrupted,
};

export function exitCodeOf(error: unknown): number {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  return byCode[code] ?? exitCodes.failure;
}
