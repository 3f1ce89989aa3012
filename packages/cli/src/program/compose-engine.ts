import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ProjectFlags } from '../commands/compose.js';
import type { DownFlags, EngineFlags, ExecFlags, LogFlags, RunFlags, UpFlags } from '../commands/compose-engine.js';
import type { Streams } from '../streams.js';
import { duration, wholeNumber } from './values.js';

/** `name=3`, several times. */
function scales(text: string, before: Readonly<Record<string, number>> = {}): Record<string, number> {
  const [name = '', count = ''] = text.split('=');
  if (name === '' || count === '') throw new InvalidArgumentError('It must be SERVICE=NUMBER.');
  return { ...before, [name]: wholeNumber(count) };
}

/** `NAME=value`, several times; `NAME` alone is taken from this environment. */
const variables =
  (streams: Streams) =>
  (text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> => {
    const cut = text.indexOf('=');
    const name = cut < 0 ? text : text.slice(0, cut);
    return { ...before, [name]: cut < 0 ? (streams.environment[name] ?? '') : text.slice(cut + 1) };
  };

export interface ComposeProgram {
  readonly compose: Command;
  /** Adds the options that say which project is meant. */
  options(command: Command): Command;
  /** Those options, of before and after the subcommand. */
  all(flags: ProjectFlags): ProjectFlags;
  end(exitCode: number): void;
  readonly streams: Streams;
}

/** The commands of `kmd compose` that need an engine, by the names and options that users of docker compose know. */
export function addComposeEngine({ compose, options, all, end, streams }: ComposeProgram): void {
  const load = () => import('../commands/compose-engine.js');
  const seconds = () =>
    new Option('-t, --timeout <seconds>', 'seconds that containers get to end').argParser(wholeNumber);
  const quiet = (command: Command) => command.option('-q, --quiet', 'print errors only');

  quiet(options(compose.command('up [services...]').summary('bring a project up on a Docker Engine')))
    .option('-d, --detach', 'in the background')
    .option('--build', 'build images that changed first')
    .addOption(new Option('--pull <policy>', 'when images are pulled').choices(['always', 'missing', 'never']))
    .option('--scale <service=number>', 'number of containers of a service; may be repeated', scales)
    .option('--force-recreate', 'make every container anew')
    .option('--no-recreate', 'leave containers that are there')
    .option('--no-start', 'create, and do not start')
    .option('--remove-orphans', 'remove containers of services that are gone')
    .option('-V, --renew-anon-volumes', 'do not take over nameless volumes')
    .option('--wait', 'wait until services run or are healthy; implies -d')
    .option('--wait-timeout <duration>', 'longest wait, as 90s or 5m', duration)
    .addOption(seconds())
    .addHelpText(
      'after',
      '\nProjects are those of docker compose: each takes over what the other made.\n\nExample:\n  kmd compose -f docker-compose.yml up -d\n',
    )
    .action(async (services: string[], flags: UpFlags) =>
      end(await (await load()).composeUp(services, { ...flags, ...all(flags) }, streams)),
    );
  quiet(options(compose.command('down').summary('take a project away')))
    .option('-v, --volumes', 'its volumes, too')
    .option('--remove-orphans', 'containers of services that are gone, too')
    .addOption(new Option('--rmi <which>', 'images, too').choices(['local', 'all']))
    .addOption(seconds())
    .action(async (flags: DownFlags) => end(await (await load()).composeDown({ ...flags, ...all(flags) }, streams)));

  const life = {
    start: 'start containers that were stopped',
    stop: 'stop containers',
    restart: 'stop and start containers',
    kill: 'send a signal to containers',
    rm: 'remove containers that do not run',
    build: 'build the images of services',
    pull: 'pull the images of services',
  } as const;
  for (const verb of ['start', 'stop', 'restart', 'kill', 'rm', 'build', 'pull'] as const) {
    const command = quiet(options(compose.command(`${verb} [services...]`).summary(life[verb])));
    if (verb === 'stop' || verb === 'restart') command.addOption(seconds());
    if (verb === 'kill') command.option('-s, --signal <signal>', 'the signal', 'SIGKILL');
    if (verb === 'rm') {
      command
        .option('-s, --stop', 'stop them first')
        .option('-v, --volumes', 'their nameless volumes, too')
        .option('--force', 'nothing: no question is asked');
      command.alias('remove');
    }
    command.action(async (services: string[], flags: EngineFlags) =>
      end(await (await load()).composeLife(verb, services, { ...flags, ...all(flags) }, streams)),
    );
  }

  options(compose.command('ps [services...]').summary('list containers'))
    .option('-a, --all', 'those that do not run, too')
    .option('-q, --quiet', 'ids only')
    .addOption(new Option('--format <format>', 'how to print it').choices(['table', 'json']))
    .action(async (services: string[], flags: EngineFlags) =>
      end(await (await load()).composePs(services, { ...flags, ...all(flags) }, streams)),
    );
  options(compose.command('logs [services...]').summary('print what containers print'))
    .option('--follow', 'go on until Ctrl-C')
    .option('-n, --tail <lines>', 'last lines of each container', wholeNumber)
    .option('--since <moment>', 'from then on, as 42m or 2026-01-02T13:23:37Z')
    .option('--until <moment>', 'up to then')
    .option('-t, --timestamps', 'with times')
    .option('--no-log-prefix', 'without names')
    .action(async (services: string[], flags: LogFlags) =>
      end(await (await load()).composeLogs(services, { ...flags, ...all(flags) }, streams)),
    );
  options(compose.command('top [services...]').summary('list the processes of containers')).action(
    async (services: string[], flags: EngineFlags) =>
      end(await (await load()).composeTop(services, { ...flags, ...all(flags) }, streams)),
  );
  options(compose.command('stats [services...]').summary('what containers use')).action(
    async (services: string[], flags: EngineFlags) =>
      end(await (await load()).composeStats(services, { ...flags, ...all(flags) }, streams)),
  );
  options(compose.command('cp <source> <target>').summary('copy files between a container and this machine'))
    .option('--index <number>', 'which container of the service', wholeNumber)
    .option('-L, --follow-link', 'copy what a symbolic link leads to')
    .addHelpText(
      'after',
      '\nOne of the two is SERVICE:PATH; - is an archive on standard input or output.\n\nExamples:\n  kmd compose cp web:/var/log ./logs\n  kmd compose cp ./page.html web:/srv/\n',
    )
    .action(async (source: string, target: string, flags: EngineFlags) =>
      end(await (await load()).composeCopy(source, target, { ...flags, ...all(flags) }, streams)),
    );
  options(compose.command('port <service> <port>').summary('where a port is published'))
    .addOption(new Option('--protocol <protocol>').choices(['tcp', 'udp']))
    .option('--index <number>', 'which container of the service', wholeNumber)
    .action(async (service: string, target: string, flags: EngineFlags) =>
      end(await (await load()).composePort(service, wholeNumber(target), { ...flags, ...all(flags) }, streams)),
    );
  const asked = (command: Command) =>
    options(command)
      .passThroughOptions()
      .option('-u, --user <user>', 'run as this user')
      .option('-w, --workdir <path>', 'run in this folder')
      .option('-e, --env <name=value>', 'set a variable; may be repeated', variables(streams))
      .option('-i, --interactive', 'hand standard input on')
      .option('-T, --no-tty', 'nothing: there never is a terminal');
  asked(compose.command('exec <service> <command> [args...]').summary('run a command in a container'))
    .option('--privileged', 'with all rights')
    .option('--index <number>', 'which container of the service', wholeNumber)
    .action(async (service: string, command: string, args: string[], flags: ExecFlags) =>
      end(await (await load()).composeExec(service, [command, ...args], { ...flags, ...all(flags) }, streams)),
    );
  asked(compose.command('run <service> [command...]').summary('run a one-off container of a service'))
    .option('--rm', 'remove the container afterwards')
    .option('--name <name>', 'name of the container')
    .option('--entrypoint <words>', "in place of the image's")
    .option('-P, --service-ports', "publish the service's ports")
    .option('--no-deps', 'without what the service depends on')
    .action(async (service: string, command: string[], flags: RunFlags) =>
      end(await (await load()).composeRun(service, command, { ...flags, ...all(flags) }, streams)),
    );
  compose
    .command('ls')
    .summary('list projects of the engine')
    .option('-a, --all', 'those that do not run, too')
    .option('-q, --quiet', 'names only')
    .action(async (flags: { all?: boolean; quiet?: boolean }) => end(await (await load()).composeList(flags, streams)));
}
