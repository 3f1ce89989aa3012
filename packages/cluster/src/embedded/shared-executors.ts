import type { KubeApi, Logger } from '@kmd/kube-client';
import { chooseRuntime, hollowRuntime, inheritedEnvironment, processRuntime, runExecutor } from '@kmd/km';
import { parseExecutorEnvironment } from '@kmd/mesos-client';
import { type Exit, type Launcher, processLauncher } from '@kmd/mesos-embedded';

export interface SharedExecutorsOptions {
  /** The executor's program, as the scheduler's command names it. */
  program: string;
  /** The API server, asked for when the first executor starts: agents start before it. */
  kube: () => KubeApi;
  logger: Logger;
}

/**
 * Has the Kubernetes executors of all agents run in this process, in place of 62 MiB each; every other command of an agent, and those of
 * process pods, are processes as ever. They speak with their agents as processes do, over HTTP.
 */
export function sharedExecutors({ program, kube, logger }: SharedExecutorsOptions): Launcher {
  return {
    ...processLauncher,
    launch(command, options) {
      if (command.arguments?.[1] !== program) return processLauncher.launch(command, options);
      const stop = new AbortController();
      let killed: NodeJS.Signals | null = null;
      const environment = parseExecutorEnvironment(options.env);
      const shared = { kube: kube(), logger };
      const processes = processRuntime({
        ...shared,
        directory: environment.directory,
        environment: inheritedEnvironment(options.env),
      });
      const run = runExecutor({
        ...shared,
        environment,
        runtime: chooseRuntime([hollowRuntime, processes]),
        signal: stop.signal,
      }).finally(() => processes.close());
      return {
        exited: run.then(
          (): Exit => ({ code: killed === null ? 0 : null, signal: killed }),
          (error: unknown): Exit => {
            logger.error({ err: error }, 'an executor has ended');
            return { code: 1, signal: null };
          },
        ),
        kill: (signal) => {
          killed = signal;
          stop.abort();
        },
      };
    },
  };
}
