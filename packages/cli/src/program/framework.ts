import { Option, type Command } from 'commander';
import type { FrameworkArguments } from '../commands/framework.js';
import type { Streams } from '../streams.js';
import { hostAndPort, list } from './values.js';

/** `kmd framework`: its flags are the fields of `AttachOptions` in kebab case. */
export function addFramework(program: Command, end: (exitCode: number) => void, streams: Streams): void {
  program
    .command('framework')
    .summary('run the Kubernetes framework on a Mesos and a Kubernetes of yours')
    .description(
      'Makes the pods of any Kubernetes (1.20 or newer) tasks of any Mesos (1.9 or newer), until it is interrupted. Pods run on meanwhile; start as many instances as you like, and one leads.',
    )
    .requiredOption('--mesos-master <address>', 'http://HOST:PORT, several with commas between, or zk://HOST:PORT/PATH')
    .option(
      '--kubeconfig <path>',
      "how to reach Kubernetes (default: kubectl's own choice; in a pod, its service account)",
    )
    .option('--context <name>', 'context of the kubeconfig (default: the current one)')
    .option('--framework-name <name>', 'name in Mesos; instances of one name stand in for each other', 'Kubernetes')
    .option('--roles <roles>', 'Mesos roles: one, *, or one and * with a comma between (default: *)', list)
    .option('--principal <name>', 'principal for Mesos')
    .option('--secret-file <path>', "file with the principal's secret")
    .option('--mesos-ca-file <path>', "authority of the masters' certificates, PEM")
    .option('--user <name>', 'user as whom agents run executors (default: root)')
    .option('--scheduler-name <name>', 'take the pods of this scheduler name (default: default-scheduler)')
    .addOption(
      new Option('--placing <how>', 'over many agents or on few').choices(['spread', 'pack']).default('spread'),
    )
    .addOption(
      new Option('--listen <host:port>', "where /healthz, /metrics and the executor's program are served")
        .argParser(hostAndPort)
        .default({ host: '127.0.0.1', port: 10251 }, '127.0.0.1:10251'),
    )
    .option(
      '--advertise <url>',
      'http://HOST:PORT under which agents reach that (default: as --listen, which must name both then)',
    )
    .option('--executor-uri <uri>', "where agents fetch the executor's program instead")
    .option('--executor-node <path>', 'Node.js 22.19 or newer on the agents (default: node on their PATH)')
    .option('--executor-api-server <url>', "API server as agents reach it (default: the kubeconfig's)")
    .option('--executor-ca-file <path>', "the API server's authority, a file on each agent")
    .option('--executor-token-file <path>', "the executors' token, a file on each agent")
    .option(
      '--share-credentials',
      "give executors the kubeconfig's credentials, for all to read who may read Mesos' state",
    )
    .option('--no-election', 'there will be one instance only: do without a Lease')
    .option('--json', 'what happens as JSON, one object a line')
    .option('-v, --verbose', 'log details too')
    .addHelpText(
      'after',
      `
Examples:
  kmd framework --mesos-master http://10.0.0.1:5050 --listen 10.0.0.9:10251 --executor-token-file /etc/km/token --executor-ca-file /etc/km/ca.crt
  kmd framework --mesos-master zk://10.0.0.1:2181,10.0.0.2:2181/mesos --context prod --roles kubernetes,* --listen 10.0.0.9:10251 …
  kmd framework --mesos-master 127.0.0.1:5050 --share-credentials      everything on this machine
`,
    )
    .action(async (flags: FrameworkArguments) => {
      const { framework } = await import('../commands/framework.js');
      end(await framework(flags, streams));
    });
}
