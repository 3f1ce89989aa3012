import type { Command } from 'commander';
import type { Streams } from '../streams.js';
import { addGroup, forCluster } from './options.js';

/** `kmd kubeconfig …` */
export function addKubeconfig(program: Command, end: (exitCode: number) => void, streams: Streams): void {
  const kubeconfig = addGroup(program, 'kubeconfig', "a cluster's kubeconfig: get, path, merge");
  const load = () => import('../commands/kubeconfig.js');
  forCluster(kubeconfig.command('get'))
    .summary('print a kubeconfig of this cluster alone')
    .action(async (flags: { name: string }) => end(await (await load()).getKubeconfig(flags, streams)));
  forCluster(kubeconfig.command('path'))
    .summary('print the path of a kubeconfig of this cluster alone')
    .action(async (flags: { name: string }) => end(await (await load()).printKubeconfigPath(flags, streams)));
  forCluster(kubeconfig.command('merge'))
    .summary("write the cluster's context into your kubeconfig again")
    .option('--kubeconfig <path>', "file that gets the context (default: kubectl's own choice)")
    .action(async (flags: { name: string; kubeconfig?: string }) =>
      end(await (await load()).mergeIntoKubeconfig(flags, streams)),
    );
}
