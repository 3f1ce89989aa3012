import type { Streams } from '../streams.js';
import type { ConfigFlags } from './compose.js';
import type { DownFlags, LifeFlags, LogFlags, PsFlags, UpFlags } from './compose-engine.js';
import type { EngineFlags } from './compose-session.js';

/** What an option takes: one of some words, a kind of value, any text when nothing is said. */
export type OptionValue = readonly string[] | 'number' | 'duration' | 'scales' | 'texts';

/** An option as commander writes its flags; the key is the long one's, and `--no-…` makes it false. */
export type ComposeOption = readonly [flags: string, description: string, value?: OptionValue];

export type Flags = Readonly<Record<string, unknown>>;

/** A command of `kmd compose` about a project, or some services of it. */
export interface ComposeCommand {
  readonly name: string;
  readonly alias?: string;
  readonly takesServices: boolean;
  readonly summary: string;
  readonly options: readonly ComposeOption[];
  readonly help?: string;
  run(services: readonly string[], flags: Flags, streams: Streams): Promise<number>;
}

/** Which project is meant: before or after the command's name. */
export const projectOptions: readonly ComposeOption[] = [
  ['-f, --file <path>', 'Compose file, `-` for standard input; may be repeated', 'texts'],
  ['--env-file <path>', 'file of variables instead of .env; may be repeated', 'texts'],
  ['--profile <name>', 'profile to activate; may be repeated', 'texts'],
  ['-p, --project-name <name>', 'name of the project'],
  ['--project-directory <path>', 'folder that relative paths refer to'],
];

const quiet: ComposeOption = ['-q, --quiet', 'print errors only'];
const timeout: ComposeOption = ['-t, --timeout <seconds>', 'seconds that containers get to end', 'number'];

interface Description<F> extends Omit<ComposeCommand, 'takesServices' | 'run'> {
  /** True unless said otherwise. */
  readonly takesServices?: boolean;
  /** With the flags that the options make. */
  readonly run: (services: readonly string[], flags: F, streams: Streams) => Promise<number>;
}

/** The one place where the options' keys and values are taken to be those of the command's flags. */
const describe = <F>({ run, takesServices = true, ...rest }: Description<F>): ComposeCommand => ({
  ...rest,
  takesServices,
  run: (services, flags, streams) => run(services, flags as F, streams),
});

const config = describe<ConfigFlags>({
  name: 'config',
  summary: 'print the project in canonical form',
  options: [
    ['--format <format>', 'how to print it', ['yaml', 'json']],
    ['--services', 'names of the services only'],
    ['--images', 'names of the images only'],
    ['--volumes', 'names of the volumes only'],
    ['--networks', 'names of the networks only'],
    ['--profiles', 'names of the profiles only'],
    ['--hash [services]', "configuration hashes, of all services or those named as a,b: docker compose's own"],
    ['--variables', 'variables that the files mention, with their defaults'],
    ['--environment', 'variables that the files are read with'],
    ['-q, --quiet', 'only check the files'],
    ['-o, --output <path>', 'write into a file'],
    ['--no-interpolate', 'leave variables as they are written'],
    ['--no-normalize', 'leave out what the model implies'],
    ['--no-path-resolution', 'leave paths relative'],
    ['--no-consistency', 'leave out the checks between services'],
    ['--no-env-resolution', 'leave env_file as it is'],
  ],
  help: `
Reads what docker compose reads, and files of version 1 (2014); needs no Docker. A wrong file ends with 2 and every error with its line.

Examples:
  kmd compose config -f compose.yaml -f override.yaml --format json
  kmd compose --profile debug config --services
`,
  run: async (...given) => (await import('./compose.js')).composeConfig(...given),
});

const up = describe<UpFlags>({
  name: 'up',
  summary: 'bring a project up on a Docker Engine',
  options: [
    quiet,
    ['-d, --detach', 'in the background'],
    ['--build', 'build images that changed first'],
    ['--pull <policy>', 'when images are pulled', ['always', 'missing', 'never']],
    ['--scale <service=number>', 'number of containers of a service; may be repeated', 'scales'],
    ['--force-recreate', 'make every container anew'],
    ['--no-recreate', 'leave containers that are there'],
    ['--no-start', 'create, and do not start'],
    ['--remove-orphans', 'remove containers of services that are gone'],
    ['-V, --renew-anon-volumes', 'do not take over nameless volumes'],
    ['--wait', 'wait until services run or are healthy; implies -d'],
    ['--wait-timeout <duration>', 'longest wait, as 90s or 5m; implies --wait', 'duration'],
    timeout,
  ],
  help: `
Projects are those of docker compose: each takes over what the other made.

Example:
  kmd compose -f docker-compose.yml up -d
`,
  run: async (...given) => (await import('./compose-engine.js')).composeUp(...given),
});

const down = describe<DownFlags>({
  name: 'down',
  takesServices: false,
  summary: 'take a project away',
  options: [
    quiet,
    ['-v, --volumes', 'its volumes, too'],
    ['--remove-orphans', 'containers of services that are gone, too'],
    ['--rmi <which>', 'images, too', ['local', 'all']],
    timeout,
  ],
  run: async (_, ...given) => (await import('./compose-engine.js')).composeDown(...given),
});

function life(
  verb: 'start' | 'stop' | 'restart' | 'kill' | 'rm' | 'build' | 'pull',
  summary: string,
  options: readonly ComposeOption[] = [],
  alias?: string,
): ComposeCommand {
  return describe<LifeFlags>({
    name: verb,
    ...(alias !== undefined && { alias }),
    summary,
    options: [quiet, ...options],
    run: async (...given) => (await import('./compose-engine.js')).composeLife(verb, ...given),
  });
}

const ps = describe<PsFlags>({
  name: 'ps',
  summary: 'list containers',
  options: [
    ['-a, --all', 'those that do not run, too'],
    ['-q, --quiet', 'ids only'],
    ['--format <format>', 'how to print it', ['table', 'json']],
  ],
  run: async (...given) => (await import('./compose-engine.js')).composePs(...given),
});

const logs = describe<LogFlags>({
  name: 'logs',
  summary: 'print what containers print',
  options: [
    ['--follow', 'go on until Ctrl-C'],
    ['-n, --tail <lines>', 'last lines of each container', 'number'],
    ['--since <moment>', 'from then on, as 42m or 2026-01-02T13:23:37Z'],
    ['--until <moment>', 'up to then'],
    ['-t, --timestamps', 'with times'],
    ['--no-log-prefix', 'without names'],
  ],
  run: async (...given) => (await import('./compose-engine.js')).composeLogs(...given),
});

const top = describe<EngineFlags>({
  name: 'top',
  summary: 'list the processes of containers',
  options: [],
  run: async (...given) => (await import('./compose-engine.js')).composeTop(...given),
});

const stats = describe<EngineFlags>({
  name: 'stats',
  summary: 'what containers use',
  options: [],
  run: async (...given) => (await import('./compose-engine.js')).composeStats(...given),
});

/** By the names and options that users of docker compose know: for the program, and for those who read the usual spellings quickly. */
export const composeCommands: readonly ComposeCommand[] = [
  config,
  up,
  down,
  life('start', 'start containers that were stopped'),
  life('stop', 'stop containers', [timeout]),
  life('restart', 'stop and start containers', [timeout]),
  life('kill', 'send a signal to containers', [['-s, --signal <signal>', 'the signal (default: SIGKILL)']]),
  life(
    'rm',
    'remove containers that do not run',
    [
      ['-s, --stop', 'stop them first'],
      ['-v, --volumes', 'their nameless volumes, too'],
      ['--force', 'nothing: no question is asked'],
    ],
    'remove',
  ),
  life('build', 'build the images of services'),
  life('pull', 'pull the images of services'),
  ps,
  logs,
  top,
  stats,
];
