import type { KubeconfigEntry, MergeResult } from '@kmd/kube-bootstrap';
import type { ApiConnection } from '../connection.js';
import type { Environment } from '../environment.js';
import type { ClusterRecord } from '../state/record.js';

/** A merge of the cluster's context into kubeconfig files, for taking it out again: all files of KUBECONFIG that have a part of it. */
export interface RecordedMerge {
  paths: string[];
  /** What was current there before. */
  previousContext?: string;
}

/** Where the cluster's context was written. */
export interface RecordedContext extends RecordedMerge {
  context: string;
  /** The file that has it; of several, the one written last. */
  path: string;
  /** Files that it was written into afterwards, by `kmd kubeconfig merge`. */
  elsewhere?: RecordedMerge[];
}

export function contextEntry(name: string, { server, ca, token }: ApiConnection): KubeconfigEntry {
  return { context: `kmd-${name}`, cluster: { server, caData: ca }, user: { token } };
}

/**
 * The record after another merge. What was current before a context's first merge into a file counts: at a later one, after a crash too, that is the context
 * itself.
 */
export function keepMerge(
  known: RecordedContext | undefined,
  context: string,
  { path, paths, previousContext }: MergeResult,
): RecordedContext {
  const merge: RecordedMerge = { paths, ...(previousContext === undefined ? {} : { previousContext }) };
  if (known === undefined) return { context, path, ...merge };
  const isSame = (other: RecordedMerge): boolean => other.paths.some((one) => paths.includes(one));
  if (isSame(known)) return { ...known, path, ...merge, ...pickPrevious(known) };
  const others = known.elsewhere ?? [];
  const again = others.find(isSame);
  const kept = again === undefined ? merge : { ...merge, ...pickPrevious(again) };
  return { ...known, path, elsewhere: [...others.filter((one) => one !== again), kept] };
}

const pickPrevious = ({ previousContext }: RecordedMerge): Pick<RecordedMerge, 'previousContext'> =>
  previousContext === undefined ? {} : { previousContext };

/** Takes the context out of every file that it was written into. */
export async function forgetContext(
  { context, elsewhere = [], ...first }: NonNullable<ClusterRecord['kubeconfig']>,
  environment: Environment,
): Promise<void> {
  const { removeKubeconfig } = await import('@kmd/kube-bootstrap');
  for (const { paths, previousContext } of [first, ...elsewhere])
    await removeKubeconfig({ env: environment, path: paths, context, previousContext });
}
