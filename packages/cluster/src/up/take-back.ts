import { rmSync } from 'node:fs';
import { forgetContext } from '../kubernetes/context.js';
import { ClusterError, messageOf } from '../errors.js';
import { writeRecord } from '../state/record.js';
import type { UpContext } from './context.js';
import type { Started } from './started.js';
import { TimeUp } from './time-up.js';

/** What was made so far, for taking it back when a later step fails. */
export interface Made {
  started?: Started;
}

/** Stops and removes what this `up` started; keys and logs stay for the next one and for the reader. What was stopped before is stopped again. */
export async function takeBack({ paths, environment, stale, resume }: UpContext, { started }: Made): Promise<void> {
  if (!started) {
    if (!resume) rmSync(paths.topology, { force: true });
    return;
  }
  await started.stop({ remove: !resume });
  if (resume && stale) {
    writeRecord(paths, { ...stale, phase: 'stopped' });
    return;
  }
  for (const path of [paths.kubeconfig, paths.topology, paths.state]) rmSync(path, { force: true });
  const kubeconfig = started.record?.kubeconfig ?? stale?.kubeconfig;
  if (kubeconfig) await forgetContext(kubeconfig, environment).catch(() => undefined);
}

/** The error as the caller should see it: a timeout and Ctrl-C by their names, anything unexpected with a place to look. */
export function explain(error: unknown, { signal, spec, paths }: UpContext, underWay: readonly string[]): unknown {
  if (signal.aborted) {
    const reason: unknown = signal.reason;
    if (reason instanceof TimeUp) {
      const waiting = underWay.length > 0 ? `, at: ${underWay.join('; ')}` : '';
      return new ClusterError(
        'Timeout',
        `cluster "${spec.name}" was not ready after ${spec.timeout / 1000} s${waiting}. Its logs are in ${paths.log}; give more time with --timeout`,
      );
    }
    return new ClusterError(
      'Interrupted',
      `interrupted: cluster "${spec.name}" was not brought up, and nothing of it runs`,
      { cause: reason },
    );
  }
  if (error instanceof ClusterError) return error;
  return new ClusterError(
    'StartFailed',
    `cluster "${spec.name}" did not come up: ${messageOf(error)}; its logs are in ${paths.log}`,
    { cause: error },
  );
}
