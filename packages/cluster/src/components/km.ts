import { createLogger } from '../embedded/log.js';
import type { Environment } from '../environment.js';
import { readFlags } from '../flags.js';
import { ambassador } from './ambassador.js';
import { apiserver } from './apiserver.js';
import { type Component, FlagError, Flags } from './component.js';
import { controllerManager } from './controller-manager.js';
import { findBinary, runBinary } from './real-binary.js';
import { scheduler } from './scheduler.js';

const components: readonly Component[] = [apiserver, controllerManager, scheduler, ambassador];

/** Where `km` speaks, and how it learns that it shall end. */
export interface Surroundings {
  print(text: string): void;
  stopped: AbortSignal;
  environment: Environment;
}

/**
 * `km <component> [--flag=value …]`: one server of Kubernetes in this process, until it is told to stop. Where the image holds the real
 * program of that name, it takes this process's place. Resolves to the exit code: 0 ended in order, 1 could not run, 2 wrong arguments.
 */
export async function runComponent(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { print, stopped, environment } = surroundings;
  const [name, ...words] = args;
  if (name === undefined || name === '--help' || name === 'help') {
    print(usage());
    return name === undefined ? 2 : 0;
  }
  const logger = createLogger(print);
  const component = components.find((one) => one.name === name);
  if (!component) {
    print(`km: unknown component ${name}; there are ${components.map((one) => one.name).join(', ')}\n`);
    return 2;
  }
  const values = readFlags(words);
  const binary = findBinary(name, environment);
  if (binary !== undefined) return runBinary(binary, name, values, logger);
  try {
    const stray = words.find((word) => !word.startsWith('--'));
    if (stray !== undefined) throw new FlagError(`km ${name}: ${JSON.stringify(stray)} is no --flag=value`);
    for (const flag of values.keys()) {
      if (!(flag in component.flags) && !component.ignored.includes(flag)) {
        throw new FlagError(`km ${name}: unknown flag --${flag}; km --help lists them`);
      }
    }
    const running = await component.start(new Flags(name, values), { logger, signal: stopped });
    logger.info(running.state);
    if (!stopped.aborted) await new Promise((resolve) => stopped.addEventListener('abort', resolve, { once: true }));
    logger.info('stopping');
    await running.close();
    return 0;
  } catch (error) {
    if (stopped.aborted) return 0;
    if (error instanceof FlagError) {
      print(`${error.message}\n`);
      return 2;
    }
    logger.error({ error }, `km ${name} does not run`);
    return 1;
  }
}

function usage(): string {
  const list = components.map(({ name, summary, flags, ignored }) => {
    const lines = Object.entries(flags).map(([flag, meaning]) => `  --${flag.padEnd(26)} ${meaning}`);
    return `km ${name}: ${summary}\n${lines.join('\n')}\n  taken without effect: ${ignored.map((flag) => `--${flag}`).join(' ')}\n`;
  });
  return `Usage: km COMPONENT [--flag=value ...]\n\n${list.join('\n')}`;
}
