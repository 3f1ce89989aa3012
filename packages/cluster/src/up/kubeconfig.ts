import { mergeKubeconfig, type KubeconfigEntry } from '@kmd/kube-bootstrap';
import { ClusterError, messageOf, systemCode } from '../errors.js';
import { keepMerge } from '../kubernetes/context.js';
import type { StepRecorder } from '../progress.js';
import { type ClusterRecord, writeRecord } from '../state/record.js';
import type { UpContext } from './context.js';

/** Writes the cluster's context into the user's kubeconfig, and into the record where it stands, for `down`. */
export async function writeContext(
  context: UpContext,
  steps: StepRecorder,
  record: ClusterRecord,
  entry: KubeconfigEntry,
): Promise<void> {
  const { spec, paths, environment } = context;
  const { kubeconfig } = spec;
  if (kubeconfig === false) return;
  await steps.run('kubeconfig', `Write context ${entry.context} into the kubeconfig`, async ({ detail }) => {
    const merged = await mergeKubeconfig({
      env: environment,
      ...(kubeconfig === undefined ? {} : { path: kubeconfig }),
      entry,
    }).catch((error: unknown) => {
      const code = systemCode(error) === 'KUBECONFIG_INVALID' ? 'InvalidSpec' : 'StateUnwritable';
      throw new ClusterError(code, `the kubeconfig cannot take the context: ${messageOf(error)}`, { cause: error });
    });
    record.kubeconfig = keepMerge(context.stale?.kubeconfig, entry.context, merged);
    writeRecord(paths, record);
    detail(merged.path);
  });
}
