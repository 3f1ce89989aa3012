import { type Command, Option } from 'commander';
import type { UpFlags } from '../commands/up.js';
import type { Streams } from '../streams.js';
import { forCluster, withProgress } from './options.js';
import { duration, wholeNumber } from './values.js';

/** `kmd up` */
export function addUp(program: Command, end: (exitCode: number) => void, streams: Streams): void {
  const command = forCluster(program.command('up'))
    .summary('bring a cluster up; it goes on in the background')
    .description(
      'Brings a cluster up and returns; the cluster goes on in the background until `kmd down`. A second `up` of a running cluster changes nothing.',
    )
    .addOption(
      new Option('--runtime <runtime>', 'where the services run')
        .choices(['auto', 'docker', 'embedded'])
        .default('auto'),
    )
    .option('--agents <n>', 'number of Mesos agents (default: $NUM_NODES or 2)', wholeNumber)
    .option(
      '-f, --file <path>',
      'Compose file merged over the topology; may be repeated',
      (path: string, all: string[] = []) => [...all, path],
    )
    .option(
      '--kube-binaries <folder>',
      "run Kubernetes' own API server and controller manager: a folder of them, or a Kubernetes tree (docker runtime)",
    )
    .option('--timeout <duration>', 'longest time until ready, as 90s or 5m (default: 3m)', duration)
    .option('--retain', 'keep what was started when a step fails')
    .option('--kubeconfig <path>', "file that gets the context (default: kubectl's own choice)")
    .option('--no-kubeconfig', 'write no context into any kubeconfig')
    .option('--api-port <port>', 'port of the API server (default: 6443, or a free one when taken)', wholeNumber)
    .option('--mesos-port <port>', 'port of the Mesos master (default: 5050, or a free one when taken)', wholeNumber)
    .addOption(
      new Option('--insecure-port [port]', 'also serve the API over plain HTTP, without authentication')
        .preset('8888')
        .argParser(wholeNumber),
    );
  withProgress(command)
    .option('-v, --verbose', 'print every step on a line of its own, and where the logs are')
    .addHelpText(
      'after',
      `
Variables: KMD_HOME, KMD_ADMIN_PASSWORD (default admin), NUM_NODES, MESOS_RESOURCES, MESOS_ATTRIBUTES, KUBECONFIG, and those of the topology
(packages/cluster/topology/README.md).

Examples:
  kmd up --agents 3
  MESOS_RESOURCES='cpus:8;mem:4096;ports:[8000-9000]' kmd up
  kmd up --name ci --json --kubeconfig ./kubeconfig
`,
    )
    .action(async (flags: UpFlags) => {
      const { up } = await import('../commands/up.js');
      end(await up(flags, streams));
    });
}
