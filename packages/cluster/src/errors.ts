/**
 * Why a call on a cluster failed. The message is one line: what, where, and what to do.
 *
 * - `InvalidSpec` an option, flag, variable or file that cannot be understood
 * - `NotRunning` the named cluster does not exist or its background process has ended
 * - `Busy` another process is bringing the same cluster up or down
 * - `PortTaken` a port asked for by number is in use
 * - `StateUnwritable` the state folder or the kubeconfig cannot be written
 * - `RuntimeUnavailable` the runtime asked for cannot run here
 * - `StartFailed` a service did not start
 * - `Timeout` something did not become ready in time
 * - `Interrupted` the caller's signal was aborted
 * - `ToolMissing` a program that is needed was not found
 */
export type ClusterErrorCode =
  | 'InvalidSpec'
  | 'NotRunning'
  | 'Busy'
  | 'PortTaken'
  | 'StateUnwritable'
  | 'RuntimeUnavailable'
  | 'StartFailed'
  | 'Timeout'
  | 'Interrupted'
  | 'ToolMissing';

export class ClusterError extends Error {
  override readonly name = 'ClusterError';
  readonly code: ClusterErrorCode;

  constructor(code: ClusterErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
  }
}

/** The text of anything thrown, for use inside a longer message. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
