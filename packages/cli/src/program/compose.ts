import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ProjectFlags } from '../commands/compose.js';
import { composeCommands, type ComposeOption, projectOptions } from '../commands/compose-commands.js';
import type { ExecFlags, RunFlags } from '../commands/compose-container.js';
import type { EngineFlags } from '../commands/compose-session.js';
import type { Streams } from '../streams.js';
import { addGroup } from './options.js';
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

const texts = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

function addOptions(command: Command, options: readonly ComposeOption[]): Command {
  for (const [flags, description, value] of options) {
    const option = new Option(flags, description);
    if (typeof value === 'object') option.choices(value);
    else if (value === 'number') option.argParser(wholeNumber);
    else if (value === 'duration') option.argParser(duration);
    else if (value === 'scales') option.argParser(scales);
    else if (value === 'texts') option.argParser(texts);
    command.addOption(option);
  }
  return command;
}

const whichContainer: ComposeOption = ['--index <number>', 'which container of the service', 'number'];

/** `kmd compose …`: the options that say which project is meant may stand before or after the subcommand. */
export function addCompose(program: Command, end: (exitCode: number) => void, streams: Streams): void {
  const compose = addOptions(
    addGroup(program, 'compose', 'Compose projects: read them, and run them on a Docker Engine'),
    projectOptions,
  );
  const all = <F extends ProjectFlags>(own: F): F => {
    const before = compose.opts<ProjectFlags>();
    const joined = (key: 'file' | 'envFile' | 'profile') => [...(before[key] ?? []), ...(own[key] ?? [])];
    return { ...before, ...own, file: joined('file'), envFile: joined('envFile'), profile: joined('profile') };
  };
  const add = (name: string, summary: string, options: readonly ComposeOption[]): Command =>
    addOptions(compose.command(name).summary(summary), [...projectOptions, ...options]);

  for (const { name, alias, takesServices, summary, options, help, run } of composeCommands) {
    const command = add(takesServices ? `${name} [services...]` : name, summary, options);
    if (alias !== undefined) command.alias(alias);
    if (help !== undefined) command.addHelpText('after', help);
    command.action(async () => end(await run(command.args, all(command.opts()), streams)));
  }

  const load = () => import('../commands/compose-container.js');
  add('graph [services...]', 'draw which service waits for which', [])
    .addOption(new Option('--format <format>', 'language').choices(['mermaid', 'dot']).default('mermaid'))
    .addHelpText('after', '\nExample:\n  kmd compose graph --format dot | dot -Tsvg > services.svg\n')
    .action(async (services: string[], flags: ProjectFlags & { format: 'mermaid' | 'dot' }) =>
      end(await (await import('../commands/compose.js')).composeGraph(services, all(flags), streams)),
    );
  add('cp <source> <target>', 'copy files between a container and this machine', [
    whichContainer,
    ['-L, --follow-link', 'copy what a symbolic link leads to'],
  ])
    .addHelpText(
      'after',
      '\nOne of the two is SERVICE:PATH; - is an archive on standard input or output.\n\nExamples:\n  kmd compose cp web:/var/log ./logs\n  kmd compose cp ./page.html web:/srv/\n',
    )
    .action(async (source: string, target: string, flags: EngineFlags) =>
      end(await (await load()).composeCopy(source, target, all(flags), streams)),
    );
  add('port', 'where a port is published', [
    ['--protocol <protocol>', 'of the port (default: tcp)', ['tcp', 'udp']],
    whichContainer,
  ])
    .argument('<service>')
    .argument('<port>', "the container's", wholeNumber)
    .action(async (service: string, target: number, flags: EngineFlags) =>
      end(await (await load()).composePort(service, target, all(flags), streams)),
    );
  const addRunning = (name: string, summary: string, options: readonly ComposeOption[]): Command =>
    add(name, summary, [
      ['-u, --user <user>', 'run as this user'],
      ['-w, --workdir <path>', 'run in this folder'],
      ['-i, --interactive', 'hand standard input on'],
      ['-T, --no-tty', 'nothing: there never is a terminal'],
      ...options,
    ])
      .option('-e, --env <name=value>', 'set a variable; may be repeated', variables(streams))
      .passThroughOptions();
  addRunning('exec <service> <command> [args...]', 'run a command in a container', [
    ['--privileged', 'with all rights'],
    whichContainer,
  ]).action(async (service: string, command: string, args: string[], flags: ExecFlags) =>
    end(await (await load()).composeExec(service, [command, ...args], all(flags), streams)),
  );
  addRunning('run <service> [command...]', 'run a one-off container of a service', [
    ['--rm', 'remove the container afterwards'],
    ['--name <name>', 'name of the container'],
    ['--entrypoint <words>', "in place of the image's"],
    ['-P, --service-ports', "publish the service's ports"],
    ['--no-deps', 'without what the service depends on'],
  ]).action(async (service: string, command: string[], flags: RunFlags) =>
    end(await (await load()).composeRun(service, command, all(flags), streams)),
  );
  compose
    .command('ls')
    .summary('list projects of the engine')
    .option('-a, --all', 'those that do not run, too')
    .option('-q, --quiet', 'names only')
    .action(async (flags: { all?: boolean; quiet?: boolean }) =>
      end(await (await import('../commands/compose-engine.js')).composeList(flags, streams)),
    );
}
