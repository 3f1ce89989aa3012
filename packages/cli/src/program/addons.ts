import { type Command, Option } from 'commander';
import type { AddonChangeFlags, AddonListFlags } from '../commands/addons.js';
import type { ValidateFlags } from '../commands/validate.js';
import type { Streams } from '../streams.js';
import { addGroup, withProgress } from './options.js';
import { duration, wholeNumber } from './values.js';

/** Which Kubernetes: no default for the name, so that one that is given can be told from none. */
const target = (command: Command): Command =>
  command
    .option('--name <name>', 'name of the cluster (default: local)')
    .option('--kubeconfig <path>', "any Kubernetes of this kubeconfig, in place of kmd's own")
    .option('--context <name>', 'any Kubernetes of this context (default: the current one)');

const output = (command: Command): Command =>
  command
    .addOption(new Option('-o, --output <format>', 'how to print it').choices(['table', 'json']).default('table'))
    .option('--json', 'the same as -o json');

/** `kmd addons …` */
export function addAddons(program: Command, end: (exitCode: number) => void, streams: Streams): void {
  const addons = addGroup(program, 'addons', 'DNS, the UI and folders of manifests: list, enable, disable, status');
  const load = () => import('../commands/addons.js');
  output(target(addons.command('list').alias('ls')))
    .summary('the addons that there are, and whether they are enabled')
    .action(async (flags: AddonListFlags) => end(await (await load()).listAddons(flags, streams)));
  output(target(addons.command('status [names...]')))
    .summary('whether they work, and what is missing; ends with 1 where one does not')
    .action(async (names: string[], flags: AddonListFlags) =>
      end(await (await load()).addonStatus(names, flags, streams)),
    );
  const changing = (command: Command) =>
    withProgress(
      target(command).option('--timeout <duration>', 'longest time until it runs, or is gone, as 90s or 5m', duration),
    );
  changing(addons.command('enable <addon>'))
    .summary('deploy dns, ui or a folder of manifests, and wait until it runs')
    .description(
      'Deploys an addon by server-side apply and waits until its pods are ready: dns, ui, or a folder of manifests (.yaml, .yml, .json). A second time brings what changed in the folder, and removes what it no longer has.',
    )
    .option('--as <name>', "name of a folder's addon (default: the folder's)")
    .addHelpText(
      'after',
      `
dns elsewhere than in a cluster of kmd's takes its address, domain and replicas from DNS_SERVER_IP, DNS_DOMAIN and DNS_REPLICAS.

Examples:
  kmd addons enable ./monitoring
  DNS_SERVER_IP=10.96.0.10 kmd addons enable dns --context other
`,
    )
    .action(async (what: string, flags: AddonChangeFlags & { as?: string }) =>
      end(await (await load()).enable(what, flags, streams)),
    );
  changing(addons.command('disable <name>'))
    .summary('remove what an addon deployed, and nothing else')
    .action(async (name: string, flags: AddonChangeFlags) => end(await (await load()).disable(name, flags, streams)));
}

/** `kmd validate` */
export function addValidate(program: Command, end: (exitCode: number) => void, streams: Streams): void {
  output(target(program.command('validate')))
    .summary('check that a cluster works; ends with 0 or 1')
    .description(
      "Looks at components, nodes, addons, of kmd's own clusters at services and Mesos agents too, and has a pod scheduled, run and removed. Ends with 0 when all is well, else with 1.",
    )
    .option('--nodes <n>', 'nodes that have to be ready, at least (default: all)', wholeNumber)
    .option('--no-pod', 'run no test pod')
    .option('--pod-image <image>', "the test pod's image (default: registry.k8s.io/pause:3.10)")
    .option('--namespace <name>', "the test pod's namespace (default: default)")
    .option('--timeout <duration>', 'longest time for the test pod, as 90s or 5m (default: 1m)', duration)
    .addHelpText('after', '\nExamples:\n  kmd validate\n  kmd validate --context prod --nodes 5 -o json\n')
    .action(async (flags: ValidateFlags) => {
      const { validate } = await import('../commands/validate.js');
      end(await validate(flags, streams));
    });
}
