import { existsSync, renameSync, rmSync } from 'node:fs';
import { ClusterError, messageOf } from '../errors.js';
import { StepRecorder } from '../progress.js';
import { type ClusterRecord, writeRecord } from '../state/record.js';
import type { ClusterPaths } from '../state/paths.js';
import type { UpContext } from './context.js';
import { awaitReady } from './ready.js';
import { settleTopology, type Settled } from './settle.js';
import type { Started } from './started.js';
import { explain, type Made, takeBack } from './take-back.js';

/** Brings a cluster up, or starts a stopped one: the whole life of `kmd up`, a step a line. The caller holds the cluster's lock. */
export async function bringUp(context: UpContext): Promise<{ record: ClusterRecord; started: Started }> {
  const made: Made = {};
  const steps = new StepRecorder(context.onProgress);
  // Asked at the moment of the abort: the steps close while what was started is taken back.
  let underWay: string[] = [];
  const look = () => (underWay = steps.open);
  context.signal.addEventListener('abort', look, { once: true });
  try {
    return await runSteps(context, steps, made);
  } catch (error) {
    if (context.spec.retain && made.started?.record) await made.started.release();
    else
      await takeBack(context, made).catch((failure: unknown) =>
        steps.note(`What was started could not be taken back: ${messageOf(failure)}`, 'warning'),
      );
    throw explain(error, context, underWay);
  } finally {
    context.signal.removeEventListener('abort', look);
  }
}

async function runSteps(
  context: UpContext,
  steps: StepRecorder,
  made: Made,
): Promise<{ record: ClusterRecord; started: Started }> {
  const { paths, signal } = context;
  const settled = await settleTopology(context, steps);
  signal.throwIfAborted();
  keepLogs(paths);
  const record = await startServices(context, settled, steps, made);
  const { started } = made;
  if (!started) throw new ClusterError('StartFailed', 'the runtime has started nothing');
  writeRecord(paths, record);
  const either = started.failed ? AbortSignal.any([signal, started.failed]) : signal;
  await awaitReady(context, settled.topology, record, steps, either);
  record.phase = 'ready';
  writeRecord(paths, record);
  return { record, started };
}

/** Each runtime is loaded when it is taken. */
async function startServices(
  context: UpContext,
  { topology, runtime }: Settled,
  steps: StepRecorder,
  made: Made,
): Promise<ClusterRecord> {
  if (runtime.name === 'docker') {
    const { startDocker } = await import('../docker/start.js');
    return startDocker(context, topology, runtime.engine, steps, made);
  }
  const { startEmbedded } = await import('../embedded/start.js');
  return startEmbedded(context, topology, steps, made);
}

/** Each life of a cluster has its own logs; those of the one before are kept beside them. */
function keepLogs(paths: ClusterPaths): void {
  if (!existsSync(paths.log)) return;
  rmSync(paths.previousLog, { recursive: true, force: true });
  renameSync(paths.log, paths.previousLog);
}
