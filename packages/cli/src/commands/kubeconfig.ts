import { readFile } from 'node:fs/promises';
import { openCluster, requireCluster } from '@kmd/cluster';
import { exitCodes } from '../exit-code.js';
import type { Streams } from '../streams.js';

export async function getKubeconfig(flags: { name: string }, streams: Streams): Promise<number> {
  const { kubeconfig } = requireCluster(streams.environment, flags.name);
  streams.stdout.write(await readFile(kubeconfig, 'utf8'));
  return exitCodes.ok;
}

export async function printKubeconfigPath(flags: { name: string }, streams: Streams): Promise<number> {
  streams.stdout.write(`${requireCluster(streams.environment, flags.name).kubeconfig}\n`);
  return exitCodes.ok;
}

export async function mergeIntoKubeconfig(
  flags: { name: string; kubeconfig?: string | undefined },
  streams: Streams,
): Promise<number> {
  requireCluster(streams.environment, flags.name);
  const { path, context } = await openCluster(flags.name, { environment: streams.environment }).mergeKubeconfig(
    flags.kubeconfig,
  );
  streams.stdout.write(`${path} has context ${context}, now current.\n`);
  return exitCodes.ok;
}
