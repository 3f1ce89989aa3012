import { attachFramework, jsonLogger, type AttachOptions } from '@kmd/cluster';
import { exitCodes } from '../exit-code.js';
import type { Streams } from '../streams.js';

export interface FrameworkArguments extends Omit<
  AttachOptions,
  'environment' | 'signal' | 'logger' | 'onFound' | 'onState' | 'listen'
> {
  listen: { host: string; port: number };
  verbose?: boolean | undefined;
  json?: boolean | undefined;
}

/** Runs until it is interrupted. What happens is told on standard output, a line each; the log is on standard error. */
export async function framework({ verbose, json, ...options }: FrameworkArguments, streams: Streams): Promise<number> {
  const say = (event: object, text: string): void => {
    streams.stdout.write(`${json ? JSON.stringify({ time: new Date().toISOString(), ...event }) : text}\n`);
  };
  await attachFramework({
    ...options,
    environment: streams.environment,
    signal: streams.signal,
    logger: jsonLogger((line) => streams.stderr.write(line), { debug: verbose ?? false }),
    onFound({ mesos, kubernetes, warnings }) {
      say(
        { type: 'found', mesos, kubernetes, warnings },
        [
          `Mesos ${mesos.version} at ${mesos.address}`,
          `Kubernetes ${kubernetes.version} at ${kubernetes.address}`,
          ...warnings.map((warning) => `Warning: ${warning}`),
        ].join('\n'),
      );
    },
    onState(state) {
      switch (state.state) {
        case 'standby':
          say(
            { type: 'state', ...state },
            state.leader === undefined ? 'Standing by' : `Standing by while ${state.leader} leads`,
          );
          break;
        case 'leading': {
          const { frameworkId, subscribed, failure } = state.health;
          say(
            { type: 'state', state: 'leading', frameworkId, subscribed, failure: failure?.message, url: state.url },
            `Leading as framework ${frameworkId ?? '(no id yet)'}${state.url === undefined ? '' : `; health and metrics at ${state.url}`}`,
          );
          break;
        }
        case 'ended':
          say({ type: 'state', state: 'ended', error: state.error.message }, `Begun anew: ${state.error.message}`);
      }
    },
  });
  say({ type: 'state', state: 'stopped' }, 'Stopped; pods run on, and the next instance finds them');
  return exitCodes.ok;
}
