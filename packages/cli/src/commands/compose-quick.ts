import type { Streams } from '../streams.js';
import type { ConfigFlags } from './compose.js';
import type { DownFlags, EngineFlags, UpFlags } from './compose-engine.js';

/** Reads the value of an option; `undefined` for one that the program shall complain of. */
type ReadValue = (text: string) => unknown;

type Switches = Readonly<Record<string, readonly [key: string, value: boolean]>>;
type Values = Readonly<Record<string, readonly [key: string, read: ReadValue]>>;

/** A command whose usual spellings are read here. */
interface QuickCommand {
  readonly takesServices: boolean;
  readonly switches: Switches;
  readonly values: Values;
  /** What is meant by options that are not given. */
  readonly defaults?: Readonly<Record<string, boolean>>;
  run(services: readonly string[], flags: Flags, streams: Streams): Promise<number>;
}

/** As the tables below made them: each key has the type that its command's flags have. */
type Flags = Readonly<Record<string, unknown>>;

const text: ReadValue = (value) => value;
const wholeNumber: ReadValue = (value) => (/^\d{1,9}$/.test(value) ? Number(value) : undefined);
const oneOf =
  (...choices: readonly string[]): ReadValue =>
  (value) =>
    choices.includes(value) ? value : undefined;

const projectLists: Readonly<Record<string, 'file' | 'envFile' | 'profile'>> = {
  '-f': 'file',
  '--file': 'file',
  '--env-file': 'envFile',
  '--profile': 'profile',
};
const projectValues: Values = {
  '-p': ['projectName', text],
  '--project-name': ['projectName', text],
  '--project-directory': ['projectDirectory', text],
};

const quiet: Switches = { '-q': ['quiet', true], '--quiet': ['quiet', true] };
const timeout: Values = { '-t': ['timeout', wholeNumber], '--timeout': ['timeout', wholeNumber] };

const config: QuickCommand = {
  takesServices: true,
  switches: {
    ...quiet,
    '--services': ['services', true],
    '--images': ['images', true],
    '--volumes': ['volumes', true],
    '--networks': ['networks', true],
    '--profiles': ['profiles', true],
    '--variables': ['variables', true],
    '--environment': ['environment', true],
    '--no-interpolate': ['interpolate', false],
    '--no-normalize': ['normalize', false],
    '--no-path-resolution': ['pathResolution', false],
    '--no-consistency': ['consistency', false],
    '--no-env-resolution': ['envResolution', false],
  },
  values: { '-o': ['output', text], '--output': ['output', text], '--format': ['format', oneOf('yaml', 'json')] },
  defaults: { interpolate: true, normalize: true, pathResolution: true, consistency: true, envResolution: true },
  run: async (services, flags, streams) =>
    (await import('./compose.js')).composeConfig(services, flags as unknown as ConfigFlags, streams),
};

const up: QuickCommand = {
  takesServices: true,
  switches: {
    ...quiet,
    '-d': ['detach', true],
    '--detach': ['detach', true],
    '--build': ['build', true],
    '--force-recreate': ['forceRecreate', true],
    '--no-recreate': ['recreate', false],
    '--no-start': ['start', false],
    '--remove-orphans': ['removeOrphans', true],
    '-V': ['renewAnonVolumes', true],
    '--renew-anon-volumes': ['renewAnonVolumes', true],
    '--wait': ['wait', true],
  },
  values: { ...timeout, '--pull': ['pull', oneOf('always', 'missing', 'never')] },
  defaults: { recreate: true, start: true },
  run: async (services, flags, streams) =>
    (await import('./compose-engine.js')).composeUp(services, flags as unknown as UpFlags, streams),
};

const down: QuickCommand = {
  takesServices: false,
  switches: {
    ...quiet,
    '-v': ['volumes', true],
    '--volumes': ['volumes', true],
    '--remove-orphans': ['removeOrphans', true],
  },
  values: { ...timeout, '--rmi': ['rmi', oneOf('local', 'all')] },
  run: async (_services, flags, streams) =>
    (await import('./compose-engine.js')).composeDown(flags as DownFlags, streams),
};

const ps: QuickCommand = {
  takesServices: true,
  switches: { ...quiet, '-a': ['all', true], '--all': ['all', true] },
  values: { '--format': ['format', oneOf('table', 'json')] },
  run: async (services, flags, streams) =>
    (await import('./compose-engine.js')).composePs(services, flags as EngineFlags, streams),
};

const life = (verb: 'start' | 'stop' | 'restart', values: Values): QuickCommand => ({
  takesServices: true,
  switches: quiet,
  values,
  run: async (services, flags, streams) =>
    (await import('./compose-engine.js')).composeLife(verb, services, flags as EngineFlags, streams),
});

/** The commands that are run again and again. */
const commands: ReadonlyMap<string, QuickCommand> = new Map([
  ['config', config],
  ['up', up],
  ['down', down],
  ['ps', ps],
  ['start', life('start', {})],
  ['stop', life('stop', timeout)],
  ['restart', life('restart', timeout)],
]);

export interface QuickRequest {
  readonly command: string;
  readonly services: readonly string[];
  readonly flags: Flags;
}

/** What a command line of `kmd compose` asks for; `undefined` for help, mistakes and rare spellings, which the program itself reads. */
export function readQuickly(args: readonly string[]): QuickRequest | undefined {
  let command: string | undefined;
  let known: QuickCommand | undefined;
  const services: string[] = [];
  const given: Record<string, unknown> = {};
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    if (!word.startsWith('-')) {
      if (known === undefined) {
        command = word;
        known = commands.get(word);
        if (known === undefined) return undefined;
      } else if (known.takesServices) services.push(word);
      else return undefined;
      continue;
    }
    const toggle = known?.switches[word];
    if (toggle !== undefined) {
      given[toggle[0]] = toggle[1];
      continue;
    }
    const value = args[(at += 1)];
    if (value === undefined || (value.startsWith('-') && value !== '-')) return undefined;
    const list = projectLists[word];
    const [key = '', read] = projectValues[word] ?? known?.values[word] ?? [];
    const one = read?.(value);
    if (list !== undefined) given[list] = [...((given[list] as readonly string[] | undefined) ?? []), value];
    else if (one !== undefined) given[key] = one;
    else return undefined;
  }
  if (command === undefined || known === undefined) return undefined;
  return { command, services, flags: { ...known.defaults, ...given } };
}

/**
 * Runs a command of `kmd compose` without the option library, whose loading takes as long as reading a small project.
 * @returns its exit code, or `undefined` when the program shall read the command line
 */
export async function runComposeQuickly(args: readonly string[], streams: Streams): Promise<number | undefined> {
  const request = readQuickly(args);
  return request === undefined
    ? undefined
    : commands.get(request.command)?.run(request.services, request.flags, streams);
}
