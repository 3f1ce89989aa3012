import { Command, CommanderError, Option } from 'commander';
import type { ConfigFlags, ProjectFlags } from './commands/compose.js';
import { exitCodes } from './exit-code.js';
import { addAddons, addValidate } from './program/addons.js';
import { addComposeEngine } from './program/compose-engine.js';
import { addCleanup, addImages, addLoad } from './program/images.js';
import { addFramework } from './program/framework.js';
import { addKubeconfig } from './program/kubeconfig.js';
import { addLife } from './program/life.js';
import { duration, wholeNumber } from './program/values.js';
import type { Streams } from './streams.js';

const examples = `
Examples:
  kmd up                                     a cluster in the background, context kmd-local in your kubeconfig
  kmd up --agents 5 --name five              five Mesos agents, beside the first cluster
  kmd kubectl apply -f examples/guestbook    kubectl against the cluster
  kmd status --json | jq '.services[]'       what runs, for a script
  kmd logs scheduler -f                      the framework's log as it grows
  kmd down                                   stop it all

Exit codes: 0 done, 1 failed, 2 wrong usage or input, 3 no such running cluster, 4 this machine lacks something, 5 timed out, 130 interrupted.
State is kept in $KMD_HOME, by default ~/.kmd. More: kmd COMMAND --help.
`;

interface UpFlags {
  name: string;
  runtime: 'auto' | 'docker' | 'embedded';
  agents?: number;
  file?: string[];
  timeout?: number;
  retain?: boolean;
  kubeconfig?: string | false;
  apiPort?: number;
  mesosPort?: number;
  insecurePort?: number | true;
  json?: boolean;
  quiet?: boolean;
  verbose?: boolean;
}

interface LogFlags {
  name: string;
  follow?: boolean;
  tail?: number;
}

/** Reads the command line and runs the command that it names. */
export async function runProgram(args: readonly string[], streams: Streams): Promise<number> {
  let exitCode: number = exitCodes.ok;
  const program = new Command('kmd')
    .description('Kubernetes on Mesos on Docker: a local cluster in which Kubernetes is an Apache Mesos framework.')
    .helpCommand(false)
    .showSuggestionAfterError()
    .enablePositionalOptions()
    .configureOutput({
      writeOut: (text) => streams.stdout.write(text),
      writeErr: (text) => streams.stderr.write(text),
      getOutHelpWidth: () => Math.min(streams.stdout.columns ?? 100, 120),
      outputError: (text, write) =>
        write(
          `kmd: ${text
            .replace(/^error: /, '')
            .trim()
            .replaceAll('\n', ' ')}\n`,
        ),
    })
    .exitOverride()
    .addHelpText('after', examples);
  program.action(() => {
    if (program.args.length > 0) {
      program.error(`unknown command '${program.args[0] ?? ''}': 'kmd --help' lists the commands`, {
        exitCode: exitCodes.usage,
      });
    }
    program.outputHelp();
  });
  program.allowExcessArguments();

  const named = (command: Command) => command.addOption(nameOption());

  program.commandsGroup('Cluster:');
  named(program.command('up'))
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
    .option(
      '--insecure-port [port]',
      'also serve the API over plain HTTP, without authentication (port 8888 unless given)',
      wholeNumber,
    )
    .option('--json', 'progress and result as JSON, one object a line')
    .option('-q, --quiet', 'print errors only')
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
      const { up } = await import('./commands/up.js');
      exitCode = await up({ ...flags, insecurePort: flags.insecurePort === true ? 8888 : flags.insecurePort }, streams);
    });
  named(program.command('status'))
    .summary('services, agents, nodes and addons of a cluster')
    .option('--json', 'as one JSON object')
    .action(async (flags: { name: string; json?: boolean }) => {
      const { status } = await import('./commands/status.js');
      exitCode = await status(flags, streams);
    });
  program
    .command('list')
    .alias('ls')
    .summary('all clusters of this user')
    .option('--json', 'as a JSON array')
    .action(async (flags: { json?: boolean }) => {
      const { list } = await import('./commands/list.js');
      exitCode = await list(flags, streams);
    });
  addValidate(program, (code) => (exitCode = code), streams);
  named(program.command('down'))
    .summary('stop a cluster and remove its context')
    .description(
      'Stops everything of the cluster and removes its context from the kubeconfig. Keys and logs stay. Without such a cluster it says so and ends with 0.',
    )
    .option('--json', 'progress and result as JSON, one object a line')
    .option('-q, --quiet', 'print errors only')
    .action(async (flags: { name: string; json?: boolean; quiet?: boolean }) => {
      const { down } = await import('./commands/down.js');
      exitCode = await down(flags, streams);
    });

  addLife(program, (code) => (exitCode = code), streams);

  program.commandsGroup('Work with it:');
  program.command('kubectl [args...]').summary('run kubectl against a cluster').helpOption(false).allowUnknownOption();
  addKubeconfig(program, (code) => (exitCode = code), streams);
  addAddons(program, (code) => (exitCode = code), streams);
  named(program.command('ui'))
    .summary('open the page that shows the cluster')
    .option('--print', 'print its address, and open nothing')
    .action(async (flags: { name: string; print?: boolean }) => {
      const { ui } = await import('./commands/ui.js');
      exitCode = await ui(flags, streams);
    });
  named(program.command('logs [services...]'))
    .summary('logs of the services, or of some of them')
    .option('-f, --follow', 'go on as the logs grow')
    .option('--tail <n>', 'last lines of each log to begin with (default: all)', wholeNumber)
    .addHelpText(
      'after',
      '\nServices: kmd (the background process), mesosmaster1, mesosslave, apiserver, controller, scheduler, executor.\n',
    )
    .action(async (services: string[], flags: LogFlags) => {
      const { logs } = await import('./commands/logs.js');
      exitCode = await logs(services, flags, streams);
    });

  program.commandsGroup('Images:');
  addImages(program, (code) => (exitCode = code), streams);
  addLoad(program, (code) => (exitCode = code), streams);
  addCleanup(program, (code) => (exitCode = code), streams);

  program.commandsGroup('Elsewhere:');
  addFramework(program, (code) => (exitCode = code), streams);

  program.commandsGroup('Compose files:');
  addCompose(program, (code) => (exitCode = code), streams);

  program.commandsGroup('About:');
  program
    .command('doctor')
    .summary('check what this machine has for kmd')
    .option('--json', 'as a JSON array')
    .action(async (flags: { json?: boolean }) => {
      const { doctor } = await import('./commands/doctor.js');
      exitCode = await doctor(flags, streams);
    });
  program
    .command('version')
    .summary('versions of kmd and of what it runs')
    .option('--json', 'as a JSON object')
    .action(async (flags: { json?: boolean }) => {
      const { version } = await import('./commands/version.js');
      exitCode = await version(flags, streams);
    });
  program.option('-V, --version', 'print the version of kmd').on('option:version', () => {
    throw new CommanderError(0, 'kmd.version', '');
  });

  inherit(program);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'kmd.version') {
      const { printVersion } = await import('./commands/version.js');
      return printVersion(streams);
    }
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  }
}

/** `kmd compose …`: its options may stand before or after the subcommand. */
function addCompose(program: Command, end: (exitCode: number) => void, streams: Streams): void {
  const collect = (value: string, all: string[] = []) => [...all, value];
  const options = (command: Command) =>
    command
      .option('-f, --file <path>', 'Compose file, `-` for standard input; may be repeated', collect)
      .option('--env-file <path>', 'file of variables instead of .env; may be repeated', collect)
      .option('--profile <name>', 'profile to activate; may be repeated', collect)
      .option('-p, --project-name <name>', 'name of the project')
      .option('--project-directory <path>', 'folder that relative paths refer to');
  const compose = options(
    program.command('compose').summary('Compose projects: read them, and run them on a Docker Engine'),
  );
  compose.action(() => compose.outputHelp());
  const all = (own: ProjectFlags): ProjectFlags => {
    const before = compose.opts<ProjectFlags>();
    const joined = (key: 'file' | 'envFile' | 'profile') => [...(before[key] ?? []), ...(own[key] ?? [])];
    return { ...before, ...own, file: joined('file'), envFile: joined('envFile'), profile: joined('profile') };
  };

  options(compose.command('config [services...]').summary('print the project in canonical form'))
    .addOption(new Option('--format <format>', 'how to print it').choices(['yaml', 'json']))
    .option('--services', 'names of the services only')
    .option('--images', 'names of the images only')
    .option('--volumes', 'names of the volumes only')
    .option('--networks', 'names of the networks only')
    .option('--profiles', 'names of the profiles only')
    .option('--hash [services]', "configuration hashes, of all services or those named as a,b: docker compose's own")
    .option('--variables', 'variables that the files mention, with their defaults')
    .option('--environment', 'variables that the files are read with')
    .option('-q, --quiet', 'only check the files')
    .option('-o, --output <path>', 'write into a file')
    .option('--no-interpolate', 'leave variables as they are written')
    .option('--no-normalize', 'leave out what the model implies')
    .option('--no-path-resolution', 'leave paths relative')
    .option('--no-consistency', 'leave out the checks between services')
    .option('--no-env-resolution', 'leave env_file as it is')
    .addHelpText(
      'after',
      `
Reads what docker compose reads, and files of version 1 (2014); needs no Docker. A wrong file ends with 2 and every error with its line.

Examples:
  kmd compose config -f compose.yaml -f override.yaml --format json
  kmd compose --profile debug config --services
`,
    )
    .action(async (services: string[], flags: ConfigFlags) => {
      const { composeConfig } = await import('./commands/compose.js');
      end(await composeConfig(services, { ...flags, ...all(flags) }, streams));
    });
  options(compose.command('graph [services...]').summary('draw which service waits for which'))
    .addOption(new Option('--format <format>', 'language').choices(['mermaid', 'dot']).default('mermaid'))
    .addHelpText('after', '\nExample:\n  kmd compose graph --format dot | dot -Tsvg > services.svg\n')
    .action(async (services: string[], flags: ProjectFlags & { format: 'mermaid' | 'dot' }) => {
      const { composeGraph } = await import('./commands/compose.js');
      end(await composeGraph(services, { ...all(flags), format: flags.format }, streams));
    });
  addComposeEngine({ compose, options, all, end, streams });
}

/** Settings that commander does not hand down by itself to commands added with `command()`'s chain. */
function inherit(command: Command): void {
  for (const child of command.commands) {
    child.copyInheritedSettings(command);
    inherit(child);
  }
}

function nameOption(): Option {
  return new Option('--name <name>', 'name of the cluster').default('local');
}
