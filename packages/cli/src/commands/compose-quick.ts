import type { Streams } from '../streams.js';
import type { ConfigFlags, ProjectFlags } from './compose.js';

const lists: Readonly<Record<string, 'file' | 'envFile' | 'profile'>> = {
  '-f': 'file',
  '--file': 'file',
  '--env-file': 'envFile',
  '--profile': 'profile',
};
const texts: Readonly<Record<string, 'projectName' | 'projectDirectory' | 'output'>> = {
  '-p': 'projectName',
  '--project-name': 'projectName',
  '--project-directory': 'projectDirectory',
  '-o': 'output',
  '--output': 'output',
};
const switches: Readonly<Record<string, readonly [key: keyof ConfigFlags, value: boolean]>> = {
  '-q': ['quiet', true],
  '--quiet': ['quiet', true],
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
};
const projectKeys = new Set<string>(['file', 'envFile', 'profile', 'projectName', 'projectDirectory']);

interface Request {
  readonly services: readonly string[];
  readonly flags: ConfigFlags;
}

/** What `kmd compose … config …` asks for; `undefined` for help, mistakes and rare spellings, which the program itself reads. */
export function readQuickly(args: readonly string[]): Request | undefined {
  const services: string[] = [];
  const given: Record<string, unknown> = {};
  let command = false;
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    if (!word.startsWith('-')) {
      if (command) services.push(word);
      else if (word !== 'config') return undefined;
      command = true;
      continue;
    }
    const toggle = switches[word];
    if (toggle !== undefined) {
      if (!command) return undefined;
      given[toggle[0]] = toggle[1];
      continue;
    }
    const value = args[(at += 1)];
    if (value === undefined || (value.startsWith('-') && value !== '-')) return undefined;
    const list = lists[word];
    const key = texts[word];
    if (list !== undefined) given[list] = [...((given[list] as readonly string[] | undefined) ?? []), value];
    else if (key !== undefined && (command || projectKeys.has(key))) given[key] = value;
    else if (command && word === '--format' && (value === 'yaml' || value === 'json')) given['format'] = value;
    else return undefined;
  }
  if (!command) return undefined;
  const on = { interpolate: true, normalize: true, pathResolution: true, consistency: true, envResolution: true };
  return { services, flags: { ...on, ...(given as ProjectFlags) } };
}

/**
 * `kmd compose config` without the option library, whose loading takes as long as reading a small project.
 * @returns its exit code, or `undefined` when the program shall read the command line
 */
export async function runComposeQuickly(args: readonly string[], streams: Streams): Promise<number | undefined> {
  const request = readQuickly(args);
  if (request === undefined) return undefined;
  const { composeConfig } = await import('./compose.js');
  return composeConfig(request.services, request.flags, streams);
}
