import { Command, CommanderError } from 'commander';
import type { LifeFlags } from './commands/life.js';
import type { LogFlags } from './commands/logs.js';
import { exitCodes } from './exit-code.js';
import { addAddons, addValidate } from './program/addons.js';
import { addCompose } from './program/compose.js';
import { addCleanup, addImages, addLoad } from './program/images.js';
import { addFramework } from './program/framework.js';
import { addKubeconfig } from './program/kubeconfig.js';
import { addLife } from './program/life.js';
import { forCluster, withProgress } from './program/options.js';
import { addUp } from './program/up.js';
import { wholeNumber } from './program/values.js';
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
      outputError: (text, write) => write(printError(text)),
    })
    .exitOverride()
    .addHelpText('after', examples);
  const end = (code: number) => (exitCode = code);

  program.commandsGroup('Cluster:');
  addUp(program, end, streams);
  forCluster(program.command('status'))
    .summary('services, agents, nodes and addons of a cluster')
    .description(
      'Shows services with their health, Mesos agents with what is used of them, nodes and addons. Ends with 0 when all is healthy, 1 when something is not, 3 when the cluster was stopped or there is none.',
    )
    .option('--json', 'as one JSON object')
    .action(async (flags: { name: string; json?: boolean }) => {
      const { status } = await import('./commands/status.js');
      end(await status(flags, streams));
    });
  program
    .command('list')
    .alias('ls')
    .summary('all clusters of this user')
    .option('--json', 'as a JSON array')
    .action(async (flags: { json?: boolean }) => {
      const { list } = await import('./commands/list.js');
      end(await list(flags, streams));
    });
  addValidate(program, end, streams);
  withProgress(forCluster(program.command('down')))
    .summary('stop a cluster and remove its context')
    .description(
      'Stops everything of the cluster and removes its context from the kubeconfig. Keys and logs stay. Without such a cluster it says so and ends with 0.',
    )
    .action(async (flags: LifeFlags) => {
      const { down } = await import('./commands/down.js');
      end(await down(flags, streams));
    });

  addLife(program, end, streams);

  program.commandsGroup('Work with it:');
  program.command('kubectl [args...]').summary('run kubectl against a cluster').helpOption(false).allowUnknownOption();
  addKubeconfig(program, end, streams);
  addAddons(program, end, streams);
  forCluster(program.command('ui'))
    .summary('open the page that shows the cluster')
    .option('--print', 'print its address, and open nothing')
    .action(async (flags: { name: string; print?: boolean }) => {
      const { ui } = await import('./commands/ui.js');
      end(await ui(flags, streams));
    });
  forCluster(program.command('logs [services...]'))
    .summary('logs of the services, or of some of them')
    .option('-f, --follow', 'go on as the logs grow')
    .option('--tail <n>', 'last lines of each log to begin with (default: all)', wholeNumber)
    .addHelpText(
      'after',
      '\nServices: kmd (the background process), mesosmaster1, mesosslave, apiserver, controller, scheduler, executor.\n',
    )
    .action(async (services: string[], flags: LogFlags) => {
      const { logs } = await import('./commands/logs.js');
      end(await logs(services, flags, streams));
    });

  program.commandsGroup('Images:');
  addImages(program, end, streams);
  addLoad(program, end, streams);
  addCleanup(program, end, streams);

  program.commandsGroup('Elsewhere:');
  addFramework(program, end, streams);

  program.commandsGroup('Compose files:');
  addCompose(program, end, streams);

  program.commandsGroup('About:');
  program
    .command('doctor')
    .summary('check what this machine has for kmd')
    .option('--json', 'as a JSON array')
    .action(async (flags: { json?: boolean }) => {
      const { doctor } = await import('./commands/doctor.js');
      end(await doctor(flags, streams));
    });
  program
    .command('version')
    .summary('versions of kmd and of what it runs')
    .option('--json', 'as a JSON object')
    .action(async (flags: { json?: boolean }) => {
      const { version } = await import('./commands/version.js');
      end(await version(flags, streams));
    });
  program.option('-V, --version', 'print the version of kmd').on('option:version', () => {
    throw new CommanderError(0, 'kmd.version', '');
  });

  describeAll(program);
  try {
    await program.parseAsync(args.length === 0 ? ['--help'] : [...args], { from: 'user' });
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

/** The help of a command says at least what the list of commands says of it. */
function describeAll({ commands }: Command): void {
  for (const command of commands) {
    const [first = '', ...rest] = command.summary();
    if (command.description() === '') command.description(`${first.toUpperCase()}${rest.join('')}.`);
    describeAll(command);
  }
}

/** The library's message as one line, with where to look when it alone does not tell. */
function printError(text: string): string {
  const line = text
    .replace(/^error: /, '')
    .replace('command-argument value', 'the value')
    .trim()
    .replaceAll('\n', ' ');
  const hint = /^too many arguments/.test(line)
    ? ' --help says what it takes'
    : /^unknown command '[^']*'$/.test(line)
      ? ': --help lists the commands'
      : '';
  return `kmd: ${line}${hint}\n`;
}
